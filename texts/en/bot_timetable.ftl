# What has changed in the timetable: in the list of lessons, on a lesson's card and in the diary.

lesson-cancelled-weather = no lesson: the weather
lesson-cancelled-quarantine = no lesson: quarantine
lesson-cancelled-no-teacher = no lesson: the teacher is away
lesson-cancelled-short-day = no lesson: a short day
lesson-cancelled-event = no lesson: a school event
lesson-cancelled-emergency = no lesson: an emergency
lesson-cancelled-other = no lesson
lesson-cancelled-noted = { $why } ({ $note })
lesson-moved = moved (by the timetable { $day })
lesson-substituted = substitution
lesson-distant = at a distance
# Who gives the lesson by the timetable, if somebody else gives it today.
lesson-instead-of = Substitution. By the timetable { $teacher } gives this lesson.
lesson-noted = { $line } · { $noted }

parent-diary-week-holiday = No lessons this week: holidays or days off.
parent-diary-day-holiday = No lessons: holidays or a day off.
refusal-lesson-cancelled = This lesson ({ $class_title }, number { $number }) is cancelled; nothing can be written of it. If it was held after all, ask the deputy head to lift the cancellation.

# A teacher's week: somebody else gives his lesson; he gives the lesson of somebody else.
lesson-given-by = substitution, given by { $teacher }
lesson-given-for = substitution, { $teacher } gives it by the timetable
lesson-planned-as = changed (by the timetable { $what })
lesson-number = number { $number }
lesson-distant-classes = at a distance: { $classes }

# Events beside lessons: in a teacher's week and in the diary.
school-event = Event: { $what }
school-event-hours = { $starts }–{ $ends }
school-event-from = from { $starts }
school-event-until = until { $ends }
school-event-all-day = all day

# A teacher's week.
week-button-open = Week
week-button-open-at = Week · { $school }
week-button-before = ‹ { $when }
week-button-this = This week
week-button-after = { $when } ›
week-button-part-before = ‹ Part { $part }
week-button-part-after = Part { $part } ›
week-heading = Your lessons: { $days }
week-part = Part { $part } of { $parts }: the rest by the buttons
week-day-today = { $day } (today)
week-day-no-lessons = No lessons.
week-day-before = Nothing is recorded: the school has kept this journal since { $first }.
week-day-unrecorded = The journal has nothing of this day.
week-before = Nothing is recorded of this week: the school has kept this journal since { $first }.
week-day-not-made = The lessons of this day have not been made yet.
week-no-lessons = You have no lessons this week.
week-lesson-moved-away = { $number }. { $class_title } · { $subject } · moved, now on { $day }, number { $other }
refusal-week-out-of-reach = The weeks do not go so far. Open your lessons anew: /start
