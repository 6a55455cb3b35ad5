# The school year: periods, holidays, bells, timetable, substitutions, groups. Read by the deputy.
school-level-primary = Grades 1–4
school-level-basic = Grades 5–9
school-level-secondary = Grades 10–11
period-kind-quarter = quarters
period-kind-trimester = trimesters
period-kind-half-year = half-years
period-kind-own = periods of the school's own
service-basic = lessons
service-extra-curricular = extra-curricular activity
service-additional = additional education

refusal-year-span-backwards = The last day ({ $last }) is before the first ({ $first }).
refusal-year-hours-backwards = The end ({ $ends }) is not after the beginning ({ $starts }).
refusal-year-grade-unknown = The school's calendar has no grade { $grade }: add it or check the number.
refusal-year-slot-without-bell = { $learners }: the timetable has lesson { $number } in shift { $shift }, and there is no bell for it.

# --- The calendar -------------------------------------------------------------------------------------------

calendar-problem-year-bounds = The school year { $year } is set from { $first } to { $last }. It begins in the autumn of that year and ends in the summer of the next.
calendar-problem-no-grades = It is not said which grades the school has and how many days a week they learn.
calendar-problem-no-periods = { $level }: no study periods are set.
calendar-problem-period-count = { $level }: there should be { $wanted } periods, and { $count } are set.
calendar-problem-period-numbers = { $level }: the numbers of the periods do not run from 1 without gaps.
calendar-problem-period-outside = { $level }: “{ $name }” ({ $first } – { $last }) reaches beyond the school year.
calendar-problem-periods-overlap = { $level }: “{ $one }” and “{ $other }” overlap, { $day } is in both.
calendar-problem-periods-gap = { $level }: from { $first } to { $last } there are study days that lie in no period. Are they holidays?
calendar-problem-holiday-outside = The holidays “{ $name }” ({ $first } – { $last }) reach beyond the school year.
calendar-problem-holiday-of-nobody = The holidays “{ $name }” are those of no grade of the school.
calendar-problem-day-off-outside = The day off { $day } is not in the school year.
calendar-problem-moved-outside = { $day } (by the timetable of { $by }) is not in the school year.
calendar-problem-moved-to-day-off = { $day } is set both as a study day (by the timetable of { $by }) and as a day off.
calendar-problem-moved-to-holiday = { $day } is set as a study day (by the timetable of { $by }), but everybody has holidays then.
calendar-problem-moved-by-itself = { $day } is set as a study day by its own timetable ({ $by }). Name another day.
calendar-problem-moved-by-moved = { $day } is taught by the timetable of { $by }, which is itself taught by another day's. Name the original day.
calendar-problem-moved-by-sunday = { $day } is taught by the timetable of { $by }, but that is a Sunday: there is no timetable for it.

# --- Bells --------------------------------------------------------------------------------------------------

bell-problem-no-bells = “{ $name }”: there is not one bell.
bell-problem-number-twice = “{ $name }”: lesson { $number } stands there twice.
bell-problem-bells-overlap = “{ $name }”: lesson { $other } begins before lesson { $one } ends.
bell-problem-schedule-hidden = “{ $name }” never holds: “{ $earlier }” stands before it for the same grades and days.

# --- Who is in a group --------------------------------------------------------------------------------------

membership-refused-backwards = { $pupil }, group “{ $group }”: the last day ({ $day }) is before the first.
membership-refused-already-in = { $pupil }: already in the group “{ $group }” on { $day }.
membership-refused-in-rival = { $pupil }: in the group “{ $group }” on { $day }. Nobody can be in two such groups at once: make it a transfer.
membership-refused-not-in = { $pupil }: not in the group “{ $group }” on { $day }.
membership-refused-same-group = { $pupil }: a transfer to the same group “{ $group }” changes nothing.

# --- Cancelled lessons --------------------------------------------------------------------------------------

cancel-reason-weather = closed for the weather
cancel-reason-quarantine = quarantine
cancel-reason-no-teacher = no teacher
cancel-reason-short-day = shortened day
cancel-reason-event = an event
cancel-reason-emergency = emergency
cancel-reason-other = another reason

# --- Clashes of the timetable -----------------------------------------------------------------------------

clash-lesson = { $subject }, { $learners } ({ $starts }–{ $ends })
clash-teacher = { $day }: { $thing } has two lessons at once: { $first } and { $second }.
clash-room = { $day }, room { $thing }: two lessons at once: { $first } and { $second }.
clash-class = { $day }, class { $thing }: two lessons at once: { $first } and { $second }.
clash-subgroup = { $day }, class { $thing }: a lesson of the whole class and one of its group at once: { $first } and { $second }.
clash-group = { $day }, group “{ $thing }”: two lessons at once: { $first } and { $second }.
clash-pupil = { $day }: { $thing } has two lessons at once: { $first } and { $second }.{ $more ->
    [0] {""}
   *[other] {" "}Other pupils in both groups: { $more }.
}
