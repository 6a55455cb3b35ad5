# What is sent, and how: when a letter leaves, which marks are bad, of which subjects and of which child.
parent-when-lessons = after lessons
parent-when-hour = at { $hour }:00
parent-when-day-1 = on Mondays { $when }
parent-when-day-2 = on Tuesdays { $when }
parent-when-day-3 = on Wednesdays { $when }
parent-when-day-4 = on Thursdays { $when }
parent-when-day-5 = on Fridays { $when }
parent-when-day-6 = on Saturdays { $when }
parent-when-day-7 = on Sundays { $when }
parent-way-weekly-mail = Once a week, { $when }, by e-mail
parent-way-weekly-telegram = Once a week, { $when }, to the messenger
parent-way-weekly-max = Once a week, { $when }, to MAX
parent-button-weekly-mail = Once a week, by e-mail
parent-button-weekly-telegram = Weekly, to the messenger
parent-button-weekly-max = Weekly, to MAX
parent-button-after-lessons = After lessons
parent-button-day-1 = Mo
parent-button-day-2 = Tu
parent-button-day-3 = We
parent-button-day-4 = Th
parent-button-day-5 = Fr
parent-button-day-6 = Sa
parent-button-day-7 = Su
parent-subs-after-lessons = "After lessons" means { $minutes ->
        [0] right after the last lesson
        [one] { $minutes } minute after the last lesson
       *[other] { $minutes } minutes after the last lesson
    }, not before { $earliest } and not after { $latest }. When there are no lessons: at { $usual }:00.

## Marks
parent-subs-bad-mark = { $below ->
        [2] Mark 1
        [3] Marks 1 and 2
        [4] Marks 1, 2 and 3
        [5] Marks from 1 to 4
       *[6] All marks
    }
parent-subs-about-bad-mark = { $below ->
        [2] mark 1
        [3] marks 1 and 2
        [4] marks 1, 2 and 3
        [5] marks from 1 to 4
       *[6] marks
    }
parent-subs-about-mark = { $below ->
        [2] marks from 2 to 5
        [3] marks 3, 4 and 5
        [4] marks 4 and 5
       *[5] mark 5
    }
parent-subs-below = The figures below: of which marks you are told this way. The rest is chosen under "Other marks".
parent-button-below = { $below ->
        [2] 1
        [3] 1–2
        [4] 1–3
        [5] 1–4
       *[6] All
    }

## Subjects
parent-subs-of-subjects = { $category } ({ $subjects })
parent-subs-only = Only these subjects: { $subjects }.
parent-subs-subjects = Of which subjects you are told
parent-subs-subjects-tap = Mark the subjects that matter to you. As long as none is marked, all of them count.
parent-subs-subjects-none = There are no lessons in the timetable yet, so there is nothing to choose from. All subjects count.
parent-button-subjects = { $count ->
        [0] Subjects: all
       *[other] Subjects: { $count } chosen
    }
parent-button-subjects-every = All subjects

## Children
parent-subs-apart = Chosen separately: { $children }.
parent-subs-tap-child = What you choose here counts for this child only. Tap what you want to change.
parent-button-child = Separately: { $child }
parent-button-every-child = ‹ For all children
parent-button-like-others = Same as for the others

## What else is sent
parent-subs-late = Lateness
parent-subs-schedule = Timetable changes
parent-subs-test = Control works
parent-subs-event = School events
parent-subs-digest = How learning goes
parent-subs-about-late = coming late and leaving before the end of a lesson
parent-subs-about-schedule = timetable changes: cancelled, replaced or moved lessons
parent-subs-about-test = dates of control works
parent-subs-about-event = events of the school and the class
parent-subs-about-digest = how learning goes: averages, missed lessons, what is ahead

## What the school insists on
parent-subs-kept = The exception is what the school always tells you of: { $categories }.
parent-subs-insisted = The school always tells you of this; it cannot be switched off here. You can refuse altogether: letters in “My data and messages” or by the link at the end of any letter, messages here by stopping the bot.
parent-subs-left-mail = Letters to the mailbox are switched off. They can be switched on here: “My data and messages”.
parent-subs-evening = As it stands, you learn of an absence once a day, when the lessons are over, not at once. If you want to know at once, choose "At once".

## Quiet hours
parent-button-hours = Quiet hours
parent-hours-title = When you are left alone
parent-hours-now = Quiet hours: { $hours }.
parent-hours-zone = Time zone: { $zone }.
parent-hours-sunday = On Sundays you are left alone as well.
parent-hours-urgent = In quiet hours only what is urgent comes: a child is missing, or the school is closed. The rest waits.
parent-hours = from { $begins } to { $ends }
parent-hours-none = none
parent-button-hours-school = As the school: { $hours }
parent-button-hours-none = No quiet hours
parent-button-zone-school = Time zone: as at the school
parent-button-sunday = Not on Sundays
parent-zone-0 = As at the school
parent-zone-1 = Kaliningrad
parent-zone-2 = Moscow
parent-zone-3 = Samara
parent-zone-4 = Yekaterinburg
parent-zone-5 = Omsk
parent-zone-6 = Krasnoyarsk
parent-zone-7 = Irkutsk
parent-zone-8 = Yakutsk
parent-zone-9 = Vladivostok
parent-zone-10 = Magadan
parent-zone-11 = Kamchatka

refusal-hours-not-offered = This is not offered any more. Please open "Quiet hours" again.
refusal-subject-not-taught = This subject is no longer in the timetable. Please open the list again.
