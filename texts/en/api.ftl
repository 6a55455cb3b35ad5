# The journal's HTTP API: refusals, descriptions of addresses, keys of programs. Read by programmers and administrators.
http-title = API of the school journal Zvonok
http-about = Lessons, rolls, marks, homework, the diary, classes. One enters by a browser's session, or by a program's key that the school hands out. Every refusal is an RFC 9457 document with a code and an explanation.
http-about-key = A program's key, begins with zvk_. It acts in the school's name, within its scopes alone.

# Refusals of the API itself.
http-too-often = Too many requests in a row. Wait as many seconds as Retry-After says.
http-scope-missing = The key lacks the scope { $field }. The school hands it out.
http-person-needed = This is somebody's own: only he himself can open it, having entered the journal. A program's key does not.
http-parameter-wrong = Parameter “{ $field }”: it is missing, unknown, or not written as it has to be. Days are written like 2026-11-24.
http-header-wrong = The header { $field } is not written as it has to be.{ $field ->
    [Idempotency-Key] {" "}From 8 to 128 characters: Latin letters, digits, full stop, hyphen, underscore, colon.
   *[other] {""}
}
http-key-needed = The header { $field } is needed: with it, the same request sent again does nothing twice.
http-version-needed = The header { $field } is needed: the tag (ETag) of what you saw when you decided to change it.
http-changed-since = This has changed since you read it. Nothing was written: read it again and decide anew.
http-json-needed = The body must be JSON: Content-Type: application/json.
http-body-broken = The body is no JSON of the kind that is expected here.
http-body-unreadable = The body cannot be unpacked: it is not packed as Content-Encoding says. Nothing was written.
http-body-wrong = Field { $field }: it is missing, unknown, or not filled in as it has to be.
http-body-too-large = The request is too large. Nothing was written.
http-pupil-twice = The same pupil is named twice: { $field }. Nothing was written.
http-cursor-unknown = Parameter “{ $field }” is not of this list. Begin the list anew.
http-days-too-many = Too many days at once: a year at most. Change the parameter “{ $field }”.
http-day-out-of-reach = There were and will be no lessons on that day. Change the parameter “{ $field }”.
http-foreign-page = Another site's page sent this. Nothing was changed.
http-nothing-here = There is no such address. All addresses: /api/v1/
http-method-unknown = This address is not asked in this way. The header Allow says how it may be.
http-away = This is a fault of ours. Please try again in a few minutes.

# Refusals of the journal in words for programs, where the journal answers in words for a chat.
http-refusal-lesson-unknown = There is no such lesson in the journal. The lessons of a day and their ids: /schools/…/lessons
http-refusal-pupil-not-of-this-class = One of the pupils is not of those who have this lesson ({ $class_title }). Nothing was written.
http-refusal-roll-list-changed = Not the name of the list: that of { $class_title } has changed. Nothing was written: read the roll again.
http-refusal-session-over = Nobody known asks: the header Authorization: Bearer with a program's key is needed, or a browser's session.

# Refusals of the journal.
refusal-api-key-unknown = This key opens nothing: there is none such, it was revoked, or it has expired.
refusal-api-key-gone = There is no such key.
refusal-api-key-made-already = The key was made already, and can be shown only once. Revoke it and make another.
refusal-api-key-no-scope = Name a scope at least: a key without scopes opens nothing.
refusal-api-key-over = The last day of the key is over. Name a day that is not before today.
refusal-repeat-of-another-request = This Idempotency-Key came with another request before. Give a new request another name.

# What a status means.
http-title-200 = Done
http-title-201 = Created
http-title-204 = Done, nothing to show
http-title-304 = Not changed since last time
http-title-400 = The request is not put as it should be
http-title-401 = Nobody known asks
http-title-403 = No right to this
http-title-404 = There is no such thing
http-title-405 = Not asked in this way
http-title-409 = This cannot be done now
http-title-412 = It changed while you were deciding
http-title-413 = The request is too large
http-title-415 = JSON is needed
http-title-422 = The journal cannot make sense of it
http-title-428 = It is not said what you change
http-title-429 = Too often
http-title-500 = A fault of ours
http-title-503 = The journal does not answer now

# Addresses.
http-op-me = Who I am
http-op-classes = Classes of a school
http-op-pupils = Pupils of a class
http-op-control-works = Control works of a class
http-op-diary = A week of a pupil's diary
http-more-diary = The week in which the day lies. Parents and the pupil himself open it; the school sees that it was opened.
http-op-my-lessons = My lessons of a day
http-more-my-lessons = One's own, and those that one gives in another's place.
http-op-school-lessons = Lessons of a school's day
http-op-lesson = A lesson
http-op-roll = The roll of a lesson
http-op-roll-call = Call the roll
http-more-roll-call = Exceptions only: who is absent, who came late, who left early. Whoever is not named was there. Calling the roll again replaces it. roster gives back the tag of the list of the roll that was read, If-Match its ETag.
http-op-roll-correct = Correct the roll
http-more-roll-correct = Only pupils who are named change; an entry without code, minutes and leaving says that the pupil was there after all.
http-op-roll-take-back = Take back the last calling of the roll
http-more-roll-take-back = It stands again as it did before.
http-op-roll-hints = What is known of the pupils' day
http-more-roll-hints = Who was absent from the lesson before, what parents have answered, and whose absence is known beforehand: by an order of the school or from the family. What is known beforehand does not enter the roll by itself. All this is apart from the roll, so that an answer of parents does not hinder writing it.
http-op-marks = Marks of a lesson
http-op-mark-give = Give a mark
http-more-mark-give = To whoever was absent a mark is given only by saying for_missed: for a topic that was missed and passed later.
http-op-marks-give = Give marks to a whole lesson
http-more-marks-give = All together or none: if one of them cannot be given, nothing is written.
http-op-mark = A mark
http-op-mark-correct = Correct a mark
http-op-mark-take-back = Take a mark back
http-op-homework = Homework given at a lesson
http-op-homework-set = Set homework
http-more-homework-set = For the next lesson of the subject. null in place of the text: nothing is set. With If-Match there must be homework already, or the answer is 412. Sent again under the same Idempotency-Key it shows what is set now; if that was taken back since, the answer is 409.
http-op-homework-take-back = Take homework back

# Parameters and fields.
http-field-school = School
http-field-school-class = Class
http-field-lesson = Lesson
http-field-pupil = Pupil
http-field-mark = Mark
http-field-day = Day, YYYY-MM-DD
http-field-first = First day
http-field-last = Last day
http-field-limit = Lines on a page
http-field-after = The word next of the page before
http-field-next = What to ask the next page with; null: this is the last
http-field-if-match = ETag of what you read before changing it
http-field-idempotency-key = Your own name of the request: sent again under the same name it does nothing twice and shows what stands now; if what was done was taken back since, the answer says so
http-field-kind = Kind
http-field-scopes = Scopes of the key
http-field-items = Lines
http-field-version = How often it was changed
http-field-roster = Tag of the list of pupils
http-field-called = The roll was called
http-field-exceptions = Who was not there, or not all the time
http-field-entries = Corrected entries
http-field-code = Code of absence, such as н; null: was there
http-field-late-minutes = How many minutes late
http-field-left-early = Left early: with permission (permission), to the nurse (nurse), without leave (without)
http-field-absent-before = Absent from the lesson before
http-field-answers = What parents answered
http-field-expected = Absence that is known beforehand; null: nothing is known
http-field-by = How it is known: by an order of the school (released), from the family (announced)
http-field-reason = Why. A family: illness, family, other; an order: olympiad, competition, duty, event, other
http-field-order = What the order is about; null: the family said it
http-field-until = The last day
http-field-suggested-code = The code to enter it by; null: the school's table has none for it
http-field-value = Mark, from 1 to 5
http-field-work = For which work
http-field-for-missed = For a topic that was missed
http-field-learners = Whose lesson: a class, a group or a pupil
http-field-subject = Subject
http-field-number = Number in order
http-field-starts-at = Beginning
http-field-ends-at = End
http-field-instead-of = Who is replaced
http-field-cancelled = Why it is not held; null: it is
http-field-roll-called = The roll was called; null: not known
http-field-text = Text
http-field-nothing-set = Nothing is set
http-field-set-on = Set on
http-field-due-on = Due on
http-field-due-lesson = Due at the lesson
http-field-whole = The whole diary; else the timetable alone
http-field-empty = Why there are no lessons on this day
http-field-field = Parameter or header that it is about
http-field-pointer = Place in the body (JSON Pointer)
http-field-detail = What happened and what to do
http-field-type = Kind of refusal, always urn:zvonok:problem: and the code
http-field-status = Status of the answer
http-field-title = Title
http-field-id = Name for programs
http-field-name = Full name
http-field-grade = Grade
http-field-year = School year, by its September
http-field-class-teacher = Class teacher
http-field-pupils = Pupils in the order of the class list
http-field-form = Kind of work
http-field-topic = Topic
http-field-for-control = For the school's internal monitoring
http-field-room = Room
http-field-class-title = Class
http-field-monday = Monday of the week
http-field-days = Days
http-field-lessons = Lessons
http-field-remarks = Remarks and praise
http-field-events = What else is on that day
http-field-teacher = Who gives it
http-field-homework = What is to be done for this lesson
http-field-marks = Marks
http-field-substituted = A substitution
http-field-distant = At a distance
http-field-author = Who wrote it
http-field-place = Where

# Scopes of keys.
http-scope-journal-read = Read pages of lessons: rolls, marks, homework
http-scope-timetable-read = Read the timetable, the list of classes, control works
http-scope-pupils-read = Read lists of pupils
http-scope-attendance-write = Write rolls
http-scope-marks-write = Give, correct and take back marks
http-scope-homework-write = Set homework

# The page for people.
http-page-keys = By zvonok api-keys make the school hands out a key to a program. It is shown in the header Authorization: Bearer zvk_… . It acts in the school's name, within its scopes alone; the audit says by which key what was done.
http-page-repeat = If no answer came, send the request again with the same Idempotency-Key: what was done is not done twice.
http-page-versions = Every answer carries an ETag. To change a roll, give it back in If-Match: if it was changed meanwhile you will know, and nothing is lost.
http-page-contents = What it can do
http-page-details = What it takes and answers
http-page-document = The description for programs: OpenAPI 3.1
http-page-scopes = Scopes
http-page-takes = Takes
http-page-body = Body
http-page-shows = Answers
http-page-statuses = Statuses
http-page-needed = needed
http-page-person = Only for a person who has entered.
http-page-by-key = A key needs: { $scopes }
http-page-by-any-key = A key needs no scopes.

# The command line.
office-api-key-made = The key “{ $title }” is made. Here it is, and never again:
office-api-key-care = Hand it over so that nobody else sees it. If it is lost, revoke it and make another.
office-api-key-line = { $id }  { $title }  [{ $scopes }]  made { $made }, { $until }, { $used }
office-api-key-until = until { $day }
office-api-key-endless = without an end
office-api-key-revoked = revoked { $day }
office-api-key-used = last used { $day }
office-api-key-unused = not used yet
office-api-keys-none = There are no keys.
office-api-key-gone = The key is revoked: it opens nothing any more.
audit-action-api-key-make = a program's key was made
audit-action-api-key-revoke = a program's key was revoked
