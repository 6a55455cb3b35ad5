# The school year: how it is set, shown and checked; rooms, subjects, shifts. Read by the deputy.
plan-part-federal = federal part of the plan
plan-part-school = the school's own component

refusal-plan-calendar-refused = The calendar contradicts itself ({ $count ->
    [one] { $count } fault
   *[other] { $count } faults
}). Nothing was changed.
refusal-plan-bells-refused = The bells contradict each other ({ $count ->
    [one] { $count } fault
   *[other] { $count } faults
}). Nothing was changed.
refusal-plan-slots-without-bells = The timetable has lessons for which there is no bell: { $learners } and others, { $count } in all. Nothing was changed.
refusal-plan-calendar-first = There is no calendar for { $year } yet. Set it first, then the bells.
refusal-plan-class-without-grade = The calendar has no grades for { $classes }. Add them to five_days or six_days.
refusal-room-unknown = The school has no such room.
refusal-room-unknown-name = The school has no room “{ $name }”. All rooms: zvonok year rooms list
refusal-room-there = The room “{ $name }” is there already. Nothing is changed.
refusal-room-seats = A room has from 1 to { $most } seats.
refusal-room-in-use = The room “{ $name }” cannot be closed, there are lessons in it: { $weekly } in the weekly timetable, { $dated } on the coming days. Move them first.
refusal-subject-unknown = The school has no such subject.
refusal-subject-unknown-name = The school has no subject “{ $name }”. All subjects: zvonok year subjects list
refusal-subject-there = The subject “{ $name }” is there already. Nothing is changed.
refusal-subject-name-odd = “{ $name }”: the name of a subject begins with a letter or a digit.
refusal-subject-name-short = “{ $name }”: this looks shortened (“{ $short }”). A subject is written in full, as in the curriculum plan.
refusal-subject-name-capital = “{ $name }”: a subject begins with a lower-case letter: “{ $used }”.
refusal-shift-unknown = A shift is a number from 1 to { $most }.

audit-action-year-calendar = calendar of the school year set
audit-action-year-bells = bells set
audit-action-room-add = room added
audit-action-room-change = room changed
audit-action-room-close = room closed
audit-action-room-open = room opened
audit-action-subject-add = subject added
audit-action-subject-change = subject changed
audit-action-class-shift = shift of a class changed

# --- The file of the year -----------------------------------------------------------------------------------

year-file-none = There is no file { $path }.
year-file-closed = The file { $path } cannot be opened ({ $why }).
year-file-large = The file is too large: a year takes two or three pages. Is it the right one?
year-file-encoding = The file is not in UTF-8. Save it again: “Save as”, encoding UTF-8.
year-file-line = Line { $line }: this is not how TOML is written. Check quotes, brackets, the sign “=”, and whether the same key stands above.
year-file-not-toml = The file cannot be read as TOML. Check quotes and brackets to the end of the file.
year-file-nothing-set = Nothing was changed.
year-file-table = { $name } no. { $number }
year-file-key = key { $name }
year-file-fault-missing = is missing and has to be added.
year-file-fault-unknown = there is no such thing here.
year-file-fault-near = Perhaps { $name }.
year-file-fault-number = a whole number without quotes is needed.
year-file-fault-list = a list in square brackets is needed; a table of which there may be several begins with two: [[ ]].
year-file-fault-table = a table with keys is needed here.
year-file-fault-text = words in quotes are needed.
year-file-fault-empty = it is empty, and something has to be there.
year-file-fault-long = too long, { $longest } characters at most.
year-file-fault-many = too many, at most { $most } can be there.
year-file-fault-lesson-number = the number of a lesson is one from 0 to 19.
year-file-fault-day = a day is needed: 2026-09-01 without quotes or "01.09.2026" in quotes.
year-file-fault-hours = beginning and end are needed in quotes: "08:30-09:15".
year-file-fault-hours-backwards = the end is not after the beginning.
year-file-fault-backwards = the last day (last) is before the first (first).
year-file-fault-twice = the same stands there twice.
year-file-fault-bound = { $side ->
    [greater] a number not below { $bound } is needed.
   *[less] a number not above { $bound } is needed.
}
year-file-fault-choice = it may be { $choices }.
year-file-fault-grade-in-both = Grade { $what } stands twice: in five_days and in six_days.
year-file-fault-level-twice = Periods are set twice: { $what }.
year-file-fault-moved-twice = The day { $what } stands in the tables moved twice.

# --- The year as it is shown --------------------------------------------------------------------------------

year-not-set = There is no calendar for { $years } yet. To set it: zvonok year set year.toml
year-was-set = The school year { $years } is set. What has changed:
year-same = It is set like this already, nothing has changed.
year-lessons-on-day-off = Mind: by this calendar { $day } is a day off, and the timetable has lessons on it: { $learners }. They stay in the timetable, but are not held.
year-lessons-own-hours = The hours of the timetable prevail over the bells. Lessons that have others: { $count }. For such a lesson to go by the bells, bring in the timetable without its start and end: zvonok import timetable.csv
year-only-looked = This was only a look, nothing was written.
year-closed-on = The year was closed on { $day }.
year-head = School year { $years }: { $span }
year-week = { $days ->
    [5] Five-day week
   *[6] Six-day week
}, grades: { $grades }
year-terms = { $level }, { $kind }:
year-period-quarter = quarter { $number }
year-period-trimester = trimester { $number }
year-period-half-year = half-year { $number }
year-period-own = period { $number }
year-holidays = Holidays:
year-holiday = { $name }: { $span } ({ $days ->
    [one] { $days } day
   *[other] { $days } days
}){ $whose }
year-holiday-grades = , grades: { $grades }
year-days-off = Days off: { $days }
year-moved = { $day } is taught by the timetable of { $by }
year-bells = Bells “{ $name }”, shift { $shift }{ $whose }:
year-bells-grades = grades: { $grades }
year-bells-weekdays = days: { $days }
year-weekday-1 = Monday
year-weekday-2 = Tuesday
year-weekday-3 = Wednesday
year-weekday-4 = Thursday
year-weekday-5 = Friday
year-weekday-6 = Saturday
year-weekday-7 = Sunday
year-shift-set = Shift { $shift }: { $classes }.

# --- Rooms and subjects -------------------------------------------------------------------------------------

rooms-none = There are no rooms in the journal yet. To add some: zvonok year rooms add 12 14
rooms-added = { $count ->
    [one] { $count } room added.
   *[other] { $count } rooms added.
}
room-seats-line = { $count ->
    [one] { $count } seat
   *[other] { $count } seats
}
room-shared = several lessons at once
room-closed = closed
subjects-none = There are no subjects in the journal yet. To add some: zvonok year subjects add "русский язык" математика
subjects-head = { $service }, { $part }:
subjects-added = { $count ->
    [one] { $count } subject added.
   *[other] { $count } subjects added.
}
subject-line = { $name }: { $service }, { $part }

# --- Readiness of the year ----------------------------------------------------------------------------------

ready-head = School year { $years }: { $done } of { $all } are ready.
ready-all = Everything is ready.
ready-left = { $days ->
    [0] The last day is today, { $day }.
    [one] { $days } day is left until { $day }.
   *[other] { $days } days are left until { $day }.
}
ready-overdue = { $days ->
    [one] The last day was { $day }: { $days } day overdue.
   *[other] The last day was { $day }: { $days } days overdue.
}
ready-done = ready: { $what }{ $due }
ready-missing = missing: { $what }{ $due }
ready-not-needed = not needed: { $what }{ $due }
ready-elsewhere = not in Zvonok yet: { $what }{ $due }
ready-due = , by { $day }
ready-item-year-03 = study periods (levels of school: { $count })
ready-item-year-04 = holidays ({ $count })
ready-item-year-05 = subjects ({ $count })
ready-item-year-06 = curriculum plans ({ $count })
ready-item-year-07 = rooms ({ $count })
ready-item-year-08 = staff ({ $count })
ready-item-year-09 = classes and class teachers ({ $count })
ready-item-year-10 = groups and combined classes ({ $count })
ready-item-year-11 = streams ({ $count })
ready-item-year-12 = pupils on individual plans ({ $count })
ready-item-year-13 = contingent (pupils in classes: { $count })
ready-item-year-14 = working regime (bell schedules: { $count })
ready-item-year-15 = teaching load (classes that have it: { $count })
ready-item-tt-01 = weekly timetable (lessons: { $count })
ready-item-tt-02 = timetables by kind of service (kinds: { $count })
ready-item-tt-04 = substitutions and moved lessons (recorded: { $count })
ready-item-tt-12 = schedule of control works (works: { $count })
ready-item-ktp-01 = calendar-thematic planning
ready-gap-no-calendar = The calendar of the year is not set: zvonok year set year.toml
ready-gap-classes-outside-calendar = The calendar has no grades of these classes: { $names }
ready-gap-no-holidays = No holidays are set.
ready-gap-no-subjects = There is not one subject: zvonok year subjects add "русский язык"
ready-gap-subject-names = Named otherwise than in the curriculum plan (in full, in lower case): { $names }
ready-gap-no-plans = There is not one curriculum plan: zvonok plan import plan.csv
ready-gap-grades-without-plan = No plan of lessons for grades: { $names }
ready-gap-no-extra-plan = There is no plan of extra-curricular activity.
ready-gap-no-rooms = There is not one room: zvonok year rooms add 12 14
ready-gap-no-staff = There is not one employee: zvonok import staff.csv
ready-gap-no-classes = There is not one class this year: zvonok import pupils.csv
ready-gap-classes-without-teacher = Without a class teacher: { $names }
ready-gap-groups-empty = Groups with nobody in them: { $names }
ready-gap-streams-small = A stream has more than 30 people, and these have fewer: { $names }
ready-gap-pupils-without-plan = There are pupils on an individual plan, and the plan is not there: { $names }
ready-gap-classes-without-pupils = Classes without pupils: { $names }
ready-gap-no-bells = No bells are set.
ready-gap-without-bells = No bells for the whole week: { $names }
ready-gap-classes-without-load = The teaching load is not distributed: { $names }
ready-gap-classes-without-lessons = Classes without a timetable: { $names }
ready-gap-groups-without-lessons = Groups without a timetable: { $names }
ready-gap-services-without-lessons = There is a plan, and no timetable: { $names }
ready-gap-no-control-works = No control work is planned.
