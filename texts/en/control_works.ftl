# Control works, events beside lessons, the timetable of a week, the journal of substituted lessons. Read by deputies and teachers.
refusal-control-work-unknown = There is no such work in the schedule.
refusal-control-work-withdrawn = This work has been taken off the schedule. Plan it anew.
refusal-control-work-lesson-over = This lesson ({ $day }) is over. Choose one that has not ended yet.
refusal-control-work-written = The work of { $day } has been written: there are marks or a roll at its lesson. It can be neither moved nor taken off the schedule.
refusal-control-work-just-moved = This work has just been moved. Look at the schedule and, if need be, do it again.
refusal-control-work-there = A work is planned for this lesson already: { $form }.
refusal-control-work-other-lesson = A work may be moved to a lesson of the same learners in the same subject: { $learners }, { $subject_name }.
refusal-control-work-day-full = { $learners }, { $day }: there is a work on this day already: { $others }. No more than one a day.
refusal-control-work-week-full = { $learners }, week { $first } – { $last }: there are already { $others }. No more than { $limit ->
    [one] { $limit } work
   *[other] { $limit } works
} a week.

refusal-event-unknown = There is no such event in the journal.
refusal-event-withdrawn = This event has been called off. Plan it anew.
refusal-event-ends-before = An event has to end after it begins.
refusal-event-too-long = The event lasts more than { $days ->
    [one] { $days } day
   *[other] { $days } days
}: check the dates.
refusal-event-classes-needed = Name classes, or leave the event to the whole school.

audit-action-control-work-plan = control work planned
audit-action-control-work-change = control work changed
audit-action-control-work-move = control work moved
audit-action-control-work-withdraw = control work taken off the schedule
audit-action-school-event-plan = event planned
audit-action-school-event-change = event changed
audit-action-school-event-withdraw = event called off

# --- The timetable ------------------------------------------------------------------------------------------

timetable-weekday-1 = Monday
timetable-weekday-2 = Tuesday
timetable-weekday-3 = Wednesday
timetable-weekday-4 = Thursday
timetable-weekday-5 = Friday
timetable-weekday-6 = Saturday
timetable-weekday-7 = Sunday
timetable-week = { $title }, week { $first } – { $last }
timetable-day = { $weekday }, { $day }
timetable-no-lessons = no lessons
timetable-day-before = nothing is recorded: the school has kept this journal since { $first }
timetable-day-unrecorded = the journal has nothing of this day
timetable-day-not-made = the lessons of this day are not made yet
timetable-not-made = Lessons are made a day ahead until the calendar of the year is set: zvonok year set
timetable-room = room { $name }
timetable-own-teacher = substitution; by the timetable { $name }
timetable-own-subject = by the timetable { $name }
timetable-own-room = by the timetable room { $name }
timetable-own-hours = by the timetable { $starts }–{ $ends }
timetable-moved-from = moved from { $day }, lesson { $number }
timetable-moved-to = { $number }. { $subject }, { $learners }: moved to { $day }, lesson { $to }
timetable-distant = at a distance
timetable-distant-some = at a distance: { $classes }
timetable-cancelled = cancelled: { $reason }
timetable-cancelled-note = cancelled: { $reason } ({ $note })
timetable-event = { $hours } { $title }
timetable-event-whole = the whole school
timetable-what-needed = Name one: --class 5А, --teacher "Surname Name", --room 12 or --day DD.MM.YYYY.
timetable-number-unknown = “{ $number }”: there is no such number in the schedule. The list shows the numbers.
timetable-number-doubtful = “{ $number }”: there are several such numbers. Write it whole.

# --- Journal of substituted lessons -------------------------------------------------------------------------

substituted-title = Journal of substituted lessons, { $first } – { $last }
substituted-none = No lessons were substituted.
substituted-line = { $day }, lesson { $number }: { $learners }, { $subject }, { $name }; by the timetable { $own }
substituted-why = reason: { $why }
substituted-signed = entered in the journal by { $name }, { $at }
substituted-office = the office
substituted-unsigned = the roll has not been called yet
substituted-counts = Lessons by the timetable: { $planned }. Substituted: { $substituted }. Cancelled: { $cancelled }.
substituted-counts-reason = { $reason }: { $count }

# --- Schedule of control works ------------------------------------------------------------------------------

control-title = Summary schedule of control works, { $first } – { $last }
control-none = No works are planned for these days.
control-line = { $learners }, lesson { $number }: { $subject }, { $form }, “{ $topic }”; { $name }
control-monitoring = internal monitoring
control-lesson-cancelled = the lesson is cancelled, the work has to be moved
control-crowded-day = { $learners }, { $day }: more works on one day than there may be ({ $limit }). Move what is too many.
control-crowded-week = { $learners }, week { $first } – { $last }: more works than there may be in a week ({ $limit }). Move what is too many.
control-planned = Planned: { $learners }, { $subject }, { $day }, lesson { $number }. The number of the work is { $id }.
control-moved = Moved: { $learners }, { $subject }, { $day }, lesson { $number }.
control-withdrawn = Work { $id } is off the schedule.
control-written = The schedule is in { $path }. Works in it: { $count }.
control-sheet = Control works
control-csv-day = day
control-csv-weekday = weekday
control-csv-number = lesson
control-csv-learners = class or group
control-csv-subject = subject
control-csv-teacher = teacher
control-csv-form = form of control
control-csv-topic = topic
control-csv-monitoring = internal monitoring
control-csv-cancelled = lesson cancelled
control-yes = yes

# --- Events -------------------------------------------------------------------------------------------------

events-title = Events, { $first } – { $last }
events-none = No events on these days.
events-planned = Planned: { $title }. The number of the event is { $id }.
events-withdrawn = Event { $id } is called off.
