# Messages to parents about an absence from a lesson. Short and kind: the fact first, then one thing to do.
alert-absent-title = { $count ->
    [one] Absent from a lesson
   *[other] Absent from lessons
}
alert-corrected-title = Corrected: the absence was taken back
alert-cleared-title = Updated: the reason for the absence is known
alert-changed-title = Corrected: absent from lessons
alert-gone-title = Absent in the middle of the school day
alert-came-title = The child is at school; lessons missed: { $count }
alert-late-title = Late for a lesson
alert-late-changed-title = Corrected: late for a lesson
alert-late-withdrawn-title = Corrected: an entry was taken back
alert-left-title = Left before the end of a lesson
alert-left-changed-title = Corrected: left before the end of a lesson
alert-clear-title = The child is at school
alert-clear-title-corrected = The absence was taken back
alert-clear-came = Marked present at lesson { $lesson }.
alert-clear-corrected = { $count ->
    [one] The absence from lesson { $lessons } was taken back. We are sorry to have troubled you.
   *[other] The absences from lessons { $lessons } were taken back. We are sorry to have troubled you.
}
alert-gone = { $count ->
    [one] Marked present at lesson { $seen }, but not at lesson { $missed }.
   *[other] Marked present at lessons { $seen }, but not at lesson { $missed }.
}
alert-nth = { $number }
alert-and = { $most } and { $last }
alert-pupil = { $name }, { $class_title }
alert-day = { $day }
alert-lesson = • Lesson { $number }, { $starts } ({ $subject }): { $what }
alert-absent = absent
alert-was-absent = was absent
alert-ill = absent, ill
alert-excused = absent for a valid reason
alert-exempt = released from the lesson
alert-present = present
alert-late = { $minutes } min late
alert-left-permission = left before its end with permission
alert-left-nurse = left before its end for the nurse
alert-left-without = left before its end without permission
alert-entered-later = { $what } (entered later: { $at })
alert-entered-another-day = { $what } (entered later: { $day }, { $at })
alert-lesson-present = • Lesson { $number } ({ $subject }): present
alert-lesson-withdrawn = • Lesson { $number } ({ $subject }): the entry was taken back
alert-sorry = We are sorry to have troubled you.
alert-since = { $number ->
   *[other] since { $day }
}
alert-total = { $count ->
    [one] { $count } lesson missed { $since }.
   *[other] { $count } lessons missed { $since }.
}
alert-ask = Do you know the reason? Press a button: the teacher will see your answer in the roll call.
alert-acknowledged = You marked: got it.
alert-answer-ill = Your answer: ill. Thank you! The teacher will see it in the roll call.
alert-answer-family = Your answer: family reasons. Thank you! The teacher will see it in the roll call.
alert-answer-late = Your answer: on the way, late. Thank you! The teacher will see it in the roll call.
alert-answer-unaware = Your answer: I don't know where my child is. The teacher will see your answer when the roll call is opened. Please do not wait: call the school at once.
alert-answer-at-school = Your answer: the child is at school, this is a mistake. The teacher will see your answer in the roll and can check the entry. If in doubt, call the school at once.
alert-button-ok = Got it
alert-button-ill = Ill
alert-button-family = Family reasons
alert-button-late = Late
alert-button-unaware = I don't know where my child is
alert-button-at-school = The child is at school, this is a mistake
alert-button-chosen = ✓ { $label }

letter-subject-absent = Absent from a lesson: { $name }, { $day }
letter-subject-came = The child is at school: { $name }, { $day }
letter-subject-late = Late or left early: { $name }, { $day }
letter-subject-corrected = Corrected: { $name }, { $day }
letter-greeting = Hello!
letter-reply = Do you know the reason? Please tell the class teacher. You do not know where the child is? Do not wait: call the child, and the school at once.
letter-absence-link = Do you know the reason? Answer on the school's page by this link: the teacher will see your answer in the roll call. You do not know where the child is? Do not wait: call the child, and the school at once.
letter-absence-link-over = Do you know the reason? Answer on the school's page by this link: the teacher will see your answer in the roll call.
letter-absence-label = Answer about the absence
letter-why = You receive this letter because you agreed to get information about lessons at this address.
letter-signature = { $school }
