# What has changed in the timetable: in the list of lessons, on a lesson's card and in the diary.

lesson-cancelled-weather = no lesson: the weather
lesson-cancelled-quarantine = no lesson: quarantine
lesson-cancelled-no-teacher = no lesson: the teacher is away
lesson-cancelled-short-day = no lesson: a short day
lesson-cancelled-event = no lesson: a school event
lesson-cancelled-emergency = no lesson: an emergency
lesson-cancelled-other = no lesson
lesson-cancelled-noted = { $why } ({ $note })
lesson-moved = moved: the timetable has it on { $day }
lesson-substituted = substitution
lesson-distant = at a distance
# Who gives the lesson by the timetable, if somebody else gives it today.
lesson-instead-of = Substitution. By the timetable { $teacher } gives this lesson.
lesson-noted = { $line } · { $noted }

parent-diary-week-holiday = No lessons this week: holidays or days off.
parent-diary-day-holiday = No lessons: holidays or a day off.
refusal-lesson-cancelled = This lesson ({ $class_title }, number { $number }) is cancelled; nothing can be written of it. If it was held after all, ask the deputy head to lift the cancellation.
