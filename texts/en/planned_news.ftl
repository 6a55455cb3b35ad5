# Control works and school events in the way of a message and in the rail of the sandbox.
trace-title-control-work = { $group } · { $form } · { $lesson }, { $day }
trace-title-school-event = { $group } · event "{ $title }", { $day }
trace-title-school-event-whole = the whole school · event "{ $title }", { $day }
rail-title-control-work = planned control work · { $subject }, { $day }
rail-title-school-event = event "{ $name }"

# Changed timetables, control works and events: what families get.
plan-timetable-changed = { $count ->
    [one] Timetable change
   *[other] Timetable changes
}
plan-timetable-again = The timetable has changed again
plan-timetable-usual = Corrected: no timetable changes
plan-as-usual = Lessons are as usual.
plan-closed-weather = No lessons: severe weather
plan-closed-quarantine = No lessons: quarantine
plan-closed-emergency = No lessons: emergency
plan-taught-by = Lessons by the timetable of another day: { $day }
plan-school-says = The school writes: { $note }
plan-lesson = lesson { $number }, { $starts } ({ $subject })
plan-line = { $lesson }: { $what }
plan-under = – { $line }
plan-not-held = not held
plan-not-held-weather = not held, severe weather
plan-not-held-quarantine = not held, quarantine
plan-not-held-no-teacher = not held, no teacher
plan-not-held-short-day = not held, short day
plan-not-held-event = not held, there is a school event
plan-not-held-emergency = not held, emergency
plan-not-held-other = not held
plan-noted = { $what } ({ $note })
plan-left-out = not held for { $classes }
plan-moved-to = moved, now { $day }, lesson { $number }, { $starts }
plan-moved-here = moved to this day from { $day }
plan-was-number = usually lesson { $number }, { $starts }
plan-was-hours = usually begins at { $starts }
plan-ends = now until { $ends }
plan-instead-of = instead of "{ $subject }"
plan-teacher = taught by { $teacher }
plan-room = room { $room }
plan-distant = online, no need to come to school
plan-distant-classes = online for { $classes }
plan-letter-changed = Timetable changes: { $name }, { $day }
plan-letter-closed = No lessons: { $name }, { $day }
plan-digest = • { $title }, { $day }

plan-work-new = Coming up: { $form }
plan-work-changed = Changed: { $form }
plan-work-put-off = The lesson is not held, put off: { $form }
plan-work-withdrawn = Cancelled: { $form }
plan-work-line = { $subject }: { $topic }
plan-work-line-bare = { $subject }
plan-work-before = It was: { $place }

plan-event-new = Event "{ $title }"
plan-event-changed = The event "{ $title }" has changed
plan-event-withdrawn = The event "{ $title }" is cancelled
plan-event-hours = { $day }, { $starts }–{ $ends }
plan-event-days = { $first }, { $starts } — { $last }, { $ends }
plan-event-place = Where: { $place }
