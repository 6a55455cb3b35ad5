# Conversation with a parent: diary, notices, what is sent and how. Short, warm, neutral to sex.

## Menu commands
bot-command-diary = The child's diary
bot-command-notices = Notices of the school
bot-command-subscriptions = What is sent, and how

## The first menu
parent-button-diary = Diary
parent-button-notices = Notices
parent-button-subscriptions = What is sent, and how
parent-button-back = ‹ Back
parent-button-home = ‹ To the start
parent-button-chosen = ✓ { $label }

## Diary
parent-diary-whose = Whose diary shall I open?
parent-button-child-of-school = { $child } · { $school }
parent-button-children = Another child
parent-button-today = Today
parent-button-before = ‹ { $when }
parent-button-after = { $when } ›
parent-button-by-day = In full, day by day
parent-button-week = Whole week
parent-button-week-before = « Week
parent-button-week-after = Week »
parent-diary-heading = Diary: { $name }, { $class_title }
parent-diary-week = Week: { $days }
parent-diary-days = { $first }–{ $last }
parent-diary-days-of-months = { $first } – { $last }
parent-diary-week-not-planned = The timetable has no lessons this week.
parent-diary-week-before = Nothing is recorded of this week: the school has kept this journal since { $first }.
parent-diary-week-unrecorded = The journal has nothing of this week.
parent-diary-week-no-timetable = There is no timetable for this week yet.
parent-diary-never-begun = Nothing is recorded: lessons have not begun in this journal.
parent-diary-day-today = { $day } (today)
parent-diary-day-not-planned = The timetable has no lessons.
parent-diary-day-before = Nothing is recorded: the school has kept this journal since { $first }.
parent-diary-day-unrecorded = The journal has nothing of this day.
parent-diary-day-no-timetable = There is no timetable for this day yet.
parent-diary-part = Part { $part } of { $parts }: go on with the buttons
parent-diary-lesson = { $number }. { $subject }
parent-diary-lesson-noted = { $line }: { $noted }
parent-diary-homework = ✎ { $text }
parent-diary-bells = { $starts }–{ $ends }
parent-diary-room = room { $room }
parent-diary-mark = Mark: { $value } ({ $work })
parent-diary-absence = Attendance: { $words }
parent-diary-absent-unexplained = absent
parent-diary-absent-illness = absent, ill
parent-diary-absent-excused = absent, excused
parent-diary-absent-exempt = released from the lesson
parent-diary-said-ill = ill (as you said)
parent-diary-said-family = family reasons (as you said)
parent-diary-said-late = running late (as you said)
parent-diary-said-unaware = you answered that you do not know where the child is
parent-diary-said-at-school = you answered that the child is at school
parent-diary-remark = Remark: { $text }
parent-diary-remark-lesson = Remark ({ $subject }): { $text }
parent-diary-praise = Praise: { $text }
parent-diary-praise-lesson = Praise ({ $subject }): { $text }
parent-diary-author = { $author }

## What is sent, and how
parent-subs-whose = About whom shall we decide what is sent?
parent-subs-of = { $school }: { $children }
parent-subs-offer = What shall we send? This is what the school advises:
parent-subs-offer-on = All this is on already; you need not press anything. "Keep it so" makes it your own choice: it stays even if the school advises something else. "Adjust" – choose otherwise. "Send nothing" – switch it all off; we ask first.
parent-subs-offer-off = Nothing is sent yet: you decide. "Connect" switches it all on at once, "Adjust" shows other ways.
parent-subs-offer-unsigned = You may choose now: "Connect" or "Adjust". Messages begin when the school has your consent.
parent-subs-signed = The school has your consent.
parent-subs-heading = What is sent to you, and how
parent-subs-tap = Tap what you want to change.
parent-subs-change = You can change this any day: /subscriptions
parent-subs-by-school = This is what the school advises. You have not changed anything yet.
parent-subs-nowhere = No message can reach you now: the school has no verified mailbox or chat of yours. Please ask the class teacher.
parent-subs-unsigned = Nothing comes as long as you have not given consent. You can sign it at the class teacher's. It is about: { $children }.
parent-subs-line = { $way }: { $categories }
parent-subs-now = Now: { $way }.
parent-subs-done-advised = Done! We keep this as your choice.
parent-subs-done-silent = All right, nothing more will be sent.
parent-subs-later = All right, nothing is sent for now. Whenever you need it: /subscriptions
parent-subs-asking = Notices that wait for your answer come at once.
parent-subs-asking-off = Notices that wait for your answer or signature do not come either. You can look at them yourself: /notices
parent-subs-chosen = Saved
parent-subs-advised-ask = You have made your own choice. Replace it with what the school advises? This is what it advises:
parent-subs-silence = If everything is switched off, the school cannot tell you of:
parent-subs-missed = • { $what }
parent-subs-silence-ask = You will still be able to open the diary and the notices here. Switch everything off?
parent-subs-absence = Absence from a lesson
parent-subs-notice = Notices
parent-subs-remark = Remarks
parent-subs-mark = Other marks
parent-subs-praise = Praise
parent-subs-homework = Homework
parent-subs-about-absence = the child missing a lesson (better known at once)
parent-subs-about-notice = notices to the class, also those that wait for your signature
parent-subs-about-remark = teachers' remarks
parent-subs-about-praise = teachers' praise
parent-subs-about-homework = homework
parent-way-now-telegram = At once, to the messenger
parent-way-now-max = At once, to MAX
parent-way-now-mail = At once, by e-mail
parent-way-daily-mail = Once a day, { $when }, by e-mail
parent-way-daily-telegram = Once a day, { $when }, to the messenger
parent-way-daily-max = Once a day, { $when }, to MAX
parent-way-off = Not sent
parent-button-now-telegram = At once, to the messenger
parent-button-now-max = At once, to MAX
parent-button-now-mail = At once, by e-mail
parent-button-daily-mail = Once a day, by e-mail
parent-button-daily-telegram = Once a day, to the messenger
parent-button-daily-max = Once a day, to MAX
parent-button-off = Do not send
parent-button-hour = { $hour }:00
parent-button-take = Connect
parent-button-keep = Keep it so
parent-button-adjust = Adjust
parent-button-later = Not now
parent-button-advised = As advised
parent-button-silence = Send nothing
parent-button-advised-yes = Yes, as the school advises
parent-button-silence-yes = Yes, send nothing
parent-button-silence-no = No, leave it as it is

## Notices
parent-notices-none = There are no notices yet. What the school announces will appear here.
parent-notices-closed = Without your consent to the processing of personal data notices are not shown here. You can have them on paper from the class teacher, where the consent is signed too. This is about: { $children }.
parent-notices = { $waiting ->
    [0] Notices. None waits for your answer.
    [one] Notices. Waiting for your answer: { $waiting }.
   *[other] Notices. Waiting for your answer: { $waiting }.
}
parent-notice-for = { $class_title }: { $children }
parent-notice-author = { $author }, { $day }
parent-notice-ask-read = No answer is needed.
parent-notice-ask-confirm = Waiting for you: please confirm that you have read it.
parent-notice-ask-confirm-until = Waiting for you: please confirm that you have read it. The last day is { $day }.
parent-notice-ask-sign = Waiting for your signature.
parent-notice-ask-sign-until = Waiting for your signature. The last day is { $day }.
parent-notice-late = The last day for an answer has passed: { $day }.
parent-notice-withdrawn = The school has withdrawn this notice; no answer is needed.
parent-notice-own-confirmed = ✓ You confirmed that you have read it: { $day }, { $clock }.
parent-notice-own-signed = ✓ You signed: { $day }, { $clock }.
parent-notice-own-refused = You answered that you do not sign: { $day }, { $clock }.
parent-notice-question = This is the exact text. Please read it once more:
parent-notice-question-anew = A new answer takes the place of this one: the class teacher sees the new one. The old one stays in the journal's history.
parent-notice-changeable = As long as answers are taken, you can change it.
parent-notice-changeable-until = You can change your answer up to and including: { $day }.
parent-notice-question-signed = Do you sign? Your answer is recorded in your name together with this text. You can change it as long as answers are taken.
parent-notice-question-refused = Do you really not sign? Your answer is recorded in your name together with this text. You can change it as long as answers are taken.
parent-notice-left = Nothing was changed.
parent-notice-card-old = You have answered since, so that this button changed nothing. This is how it stands now.
parent-notice-answered-so = This is what you have answered already.
parent-notice-thanks-confirmed = Thank you! The school sees that you have read it.
parent-notice-thanks-signed = Signed. Thank you!
parent-notice-thanks-refused = Recorded: you do not sign. The class teacher sees it.
parent-button-confirm = I have read it
parent-button-sign = Sign
parent-button-refuse = Do not sign
parent-button-signed = I sign
parent-button-refused = I do not sign
parent-button-change = Change the answer
parent-button-notice = Text of the notice
parent-button-page-before = ‹ Newer
parent-button-page-after = Older ›

## Help
parent-help =
    "Diary" (/diary): lessons, marks, homework and remarks, week by week.
    "Notices" (/notices): all that the school announced, and what still waits for your answer. Only the second press, under the exact text, signs.
    "What is sent, and how" (/subscriptions): at once, once a day or once a week, to the messenger or by e-mail, or not at all.
    "My data" (/me): your mailbox, letters, and whether messages are repeated to the mailbox.

## Refusals
refusal-no-children-here = No pupil is recorded for this chat now. If this is a mistake, please write to the class teacher.
refusal-channel-not-yours = This way does not work now. Nothing has changed. Open the choices again: /subscriptions
refusal-link-not-told-yet = The chat is still being linked; it takes less than a minute. Please press again a little later.
parent-diary-limited = The timetable is open to you. Marks, homework and remarks are seen by the parents.
