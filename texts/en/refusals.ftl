# Refusals of the journal: what is wrong and what to do. One sentence, no reproach.
refusal-school-unknown = There is no such school in the journal.
refusal-school-exists = The school "{ $name }" is in the journal already.
refusal-school-name-needed = There are several schools in the journal: say which one.
refusal-school-zone-unknown = The time zone "{ $zone }" is unknown. Example: Asia/Yekaterinburg.
refusal-school-setting-invalid = Setting "{ $setting }": there is no such name or value.
refusal-lesson-unknown = There is no such lesson in the journal. Open the list of lessons again: /start
refusal-lesson-not-yours = Another teacher gives this lesson, so you cannot change its roll.
refusal-lesson-not-begun = Lesson { $number } in { $class_title } has not begun. The roll can be called from the bell on.
refusal-pupil-not-of-this-class = The list has a pupil who is not in { $class_title }. Nothing was recorded. Open the lesson again: /start
refusal-absence-code-unknown = The journal has no code "{ $code }". Nothing was recorded.
refusal-roll-not-called = The roll of this lesson was not called yet, so there is nothing to correct.
refusal-roll-changed-since = This roll was changed since. Open the lesson again to see what is recorded.
refusal-roll-list-changed = The list of { $class_title } has changed meanwhile. Open the lesson again and call the roll once more.
refusal-absent-and-there = Nobody can be absent and late at once: choose one. Nothing was recorded.
refusal-late-minutes = Lateness is given in minutes, from 1 to { $most }. Nothing was recorded.
refusal-child-not-yours = The school speaks about this child only with the child's parents and legal guardians.
refusal-absence-already-corrected = The absence was already taken back; no answer is needed.
refusal-not-allowed = You have no right to do this. If you need it for your work, please ask the school's system administrator.
refusal-substitute-not-staff = Only somebody who works at this school can take a lesson over.
refusal-office-only = This is done by the school's office.
refusal-class-unknown = There is no class "{ $title }" in the journal.
refusal-account-not-linked = This chat is not linked to the journal. Send the code from your slip: parents get one from the class teacher, staff from the school's administrator.
refusal-link-code-unknown = There is no such code. Check the letters and digits and send it again.
refusal-link-code-used = This code was used already. The class teacher will give you a new one, or, if you work here, the school's administrator.
refusal-link-code-expired = This code has expired. The class teacher will give you a new one, or, if you work here, the school's administrator.
refusal-link-no-children = This code leads to no child the school could speak about. Please ask the class teacher.
refusal-link-no-offer = First send the code that the school gave you.
refusal-link-birth-date-wrong = This birth date does not match. { $left ->
    [0] The code is no longer valid: the class teacher will give you a new one.
    [one] { $left } try is left.
   *[other] { $left } tries are left.
}
refusal-link-too-many-attempts = Too many tries in a row. Please wait an hour and try again.
refusal-person-unknown = There is nobody named "{ $name }" in the journal.
refusal-roster-refused = The lists contradict each other or the journal. Nothing was imported.
