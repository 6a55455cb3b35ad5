# A parent says beforehand that a child will not come. Short, warm, neutral to sex.

## The first menu and the help
parent-button-absence = My child will not come
announce-help =
    "My child will not come": tell the school beforehand of an illness, a journey, anything else. The teacher sees it in the roll call, and no message of absence comes to you. Also there: back sooner, longer, cancel.

announce-unread = Your child will not come? Tell the school by the button below: the teacher will see it.

## Who and why
announce-whom = Who will not come?
announce-why = { $child }. Why not?
announce-said = Announced already:
announce-line = • { $sentence }
announce-why-illness = ill
announce-why-family = family matters
announce-why-other = another reason
announce-button-ill-today = Ill, will not come today
announce-button-illness = Ill, other days
announce-button-family = Family matters
announce-button-other = Something else
announce-button-announced = What is announced

## From which day to which
announce-about = { $child }: { $why }.
announce-since = From which day? Press, or write the date, for example: { $example }
announce-button-today = Today
announce-button-tomorrow = Tomorrow
announce-button-other-day = Another day
announce-button-one = One day
announce-button-friday = Until Friday
announce-button-week = A week
announce-button-unknown = Not known yet
announce-type-end = Write the last day, for example: { $example }. Until then it is as above.

## Days in words
announce-sentence = { $name } will not come { $days }, { $why }.
announce-day = { $day } ({ $when })
announce-days = from { $first } to { $last } ({ $weekdays })
announce-weekdays = { $first } – { $last }
announce-day-of-year = { $day } { $year }
announce-today = today
announce-tomorrow = tomorrow

## The last look
announce-check = Check, and send:
announce-certificate = There will be a certificate.
announce-note = Note: { $note }
announce-unknown = Nobody knows yet for how long: we put down a week, the last day is { $last }. Later you can press "Back sooner" or "Longer".
announce-seen = The class teacher sees the days, the reason and the note.
announce-silent = The roll call begins with it, and no alarm of absence comes.
announce-told = The teacher sees it in the roll call, but the message of absence comes all the same: so it is at this school.
announce-called-already = It does not change lessons whose roll was called already.
announce-type-note = Write the note in one message: the class teacher will read it.
announce-press = This text was not sent to anybody. Press "Send" or "Add a note":
announce-stale = This button is out of date. Nothing has changed. Begin anew: /start
announce-new-day = A new day has begun, so nothing was sent yet. Check the dates and send again.
announce-button-certificate = Certificate
announce-button-note = Add a note
announce-button-no-note = Remove the note
announce-button-send = Send

## What was sent
announce-sent = Sent, thank you! The school knows:
announce-sent-ill = Sent, thank you! Get well soon! The school knows:
announce-sent-toast = Sent
announce-card = You announced:
announce-announced = You announced (press to change or cancel):
announce-none = Nothing is announced now.
announce-button-line = { $days }, { $why }
announce-button-sooner = Back sooner
announce-button-longer = Longer
announce-button-cancel = Cancel
announce-button-anew = Announce other days
announce-ask-sooner = On which day back at school?
announce-ask-longer = Up to and including which day?
announce-changed = Changed. The school knows:
announce-changed-toast = Changed
announce-changed-since = It has changed since, so this button did nothing. This is how it stands now.
announce-ask-cancel = Cancel? If the child is not at a lesson, the usual message of absence comes.
announce-button-cancel-yes = Yes, cancel
announce-button-cancel-no = No, keep it
announce-cancelled = { $child }: cancelled. The school expects the child at lessons as usual.
announce-cancelled-toast = Cancelled

## What is not taken
teacher-absence-no-forward = A forwarded message is not taken. Write the date or the note in your own words.
teacher-absence-no-picture = Photos and files are not taken. Bring the certificate to school, and write in words here.
refusal-announce-day-unclear = The date could not be read. Write the day and the month, for example: { $example }
refusal-announce-end-first = The last day ({ $last }) is before the first ({ $first }). Write another day.
