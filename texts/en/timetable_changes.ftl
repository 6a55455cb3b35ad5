# Substitutions, moves, cancelled lessons, days with a timetable of their own. Read by the deputy.

refusal-timetable-clash = { $kind ->
    [teacher] { $day }: { $thing } has two lessons at once: { $first } and { $second }.
    [room] { $day }, room { $thing }: two lessons at once: { $first } and { $second }.
    [class] { $day }, class { $thing }: two lessons at once: { $first } and { $second }.
    [subgroup] { $day }, class { $thing }: a lesson of the whole class and one of its group at once: { $first } and { $second }.
    [group] { $day }, group "{ $thing }": two lessons at once: { $first } and { $second }.
   *[pupil] { $day }: { $thing } has two lessons at once: { $first } and { $second }.
}{ $more ->
    [0] {""}
   *[other] {" "}Other clashes: { $more }.
}
refusal-timetable-nothing-changes = It is so already: no lesson would change. Please check the day and the classes.
refusal-timetable-no-lessons-then = There are no lessons on these days as it is: the timetable has none, or all of them were moved. Please check the days.
refusal-timetable-nobody-meant = Those whom you named have no lessons on these days. Please check the classes, the grades and the shift.
refusal-timetable-own-hours = The timetable gives these lessons hours of their own, and bells do not touch them. For the lessons to go by the bells, bring in the timetable without their start and end: zvonok import timetable.csv
refusal-timetable-not-held = { $day }: this lesson is not held ({ $reason ->
    [weather] weather
    [quarantine] quarantine
    [no-teacher] no teacher
    [short-day] short day
    [event] an event
    [emergency] emergency
   *[other] another reason
}).
refusal-timetable-lesson-held = { $class_title }, lesson { $number }: its roll was called, or it has marks or remarks. Such a lesson can be neither moved nor cancelled.
refusal-timetable-subject-held = { $class_title }, lesson { $number }: its roll was called, or it has marks or remarks. Its teacher and its room may be put right; its subject stays: if the former substitution named it, name it in the new one too.
refusal-timetable-day-over = This day is over: { $day }. A lesson that is still to come is moved to today or to a later day.
refusal-timetable-lesson-gone = The timetable has no such lesson any more.
refusal-timetable-day-closed = { $day }: there are no lessons on this day. Please choose a study day.
refusal-timetable-reason-of-bells = "Short day" follows by itself when shortened bells do not reach to a lesson. Please give another reason.
refusal-timetable-change-unknown = There is no such change of the timetable.
refusal-timetable-subject-unknown = The school has no such subject.
refusal-timetable-class-unknown = There is no such class in this school year.
refusal-timetable-room-unknown = The school has no such room.
refusal-timetable-room-closed = Room { $room } is closed. Please choose another one.
refusal-timetable-act-outside-year = These days reach beyond the school year ({ $first } – { $last }).
refusal-timetable-act-years = Check the year: the journal is kept from { $first } to { $last }.
refusal-timetable-act-too-long = One act covers at most { $longest } { $longest ->
    [one] day
   *[other] days
}. Please check the dates.
refusal-timetable-taught-by-itself = A day cannot be taught by the timetable of { $day }: it is the same day or one of another school year.
refusal-timetable-bells-refused = The bells of this day contradict each other. Mistakes: { $count }.
refusal-timetable-no-bells = The usual bells of the school are not set, so there is nothing to shorten. Please set them first: zvonok year set year.toml
refusal-timetable-minutes = A lesson can last from { $shortest } to { $longest } minutes.
refusal-timetable-day-endless = "{ $name }": with such lessons and breaks the day does not end before midnight.

trace-title-timetable = { $group } · timetable, { $day }
rail-title-timetable-day = timetable, { $day }
rail-action-lesson-substitute = a substitution
rail-action-lesson-move = a lesson moved
rail-action-lesson-cancel = a lesson cancelled
rail-action-timetable-day-act = a special day of the timetable
rail-action-timetable-withdraw = a change of the timetable taken back
reason-not-told-yet = families are not told of this yet

# --- zvonok timetable ---------------------------------------------------------------------------------------

change-lesson = { $day }, lesson { $number }: { $subject }, { $learners }
change-substituted = Substitution recorded. { $lesson }. Given by { $teacher }.
change-moved = Lesson moved. { $lesson }. New place: { $where }.
change-place = { $to }, lesson { $new }
change-cancelled = Lesson cancelled. { $lesson }. Reason: { $reason }.
change-acted = { $what }. Lessons changed: { $lessons }.
change-acted-late = Recorded: { $what }. Its lessons were over and stay as they were: { $held }.
change-acted-held = Lessons that were held already and stay as they were: { $held }.
change-withdrawn = The change was taken back; the timetable is as before.
change-number = Number of the record: { $id }. To take it back: zvonok timetable withdraw { $id }
change-none = No changes of the timetable on these days.
change-no-lesson = { $day }: there is no lesson { $number } for "{ $learners }".
change-several-lessons = { $day }, lesson { $number }: "{ $learners }" has several. Name the group or the subject (--of): { $found }.
change-no-record = "{ $id }": there is no such record. The list: zvonok timetable changes
change-several-records = "{ $id }": there are several such records. Add letters or digits.
change-no-room = "{ $room }": there is no such room. The list: zvonok year rooms list
change-no-subject = "{ $subject }": there is no such subject. The list: zvonok year subjects list
change-hours-shape = "{ $written }": write the time as 14:00-14:45
change-one-effect = Name exactly one: --closed, --short, --distance or --by.
change-line-substitution = { $id } · { $lesson } — given by { $teacher }
change-line-move = { $id } · { $lesson } — moved from { $day } to { $to }, lesson { $number }
change-line-cancellation = { $id } · { $lesson } — cancelled: { $reason }
change-line-act = { $id } · { $days }: { $what } · { $whom }
change-line-gone = a lesson that the timetable has no more
change-line-subject = subject: { $subject }
change-line-room = room { $room }
change-line-hours = { $starts }–{ $ends }
change-line-note = "{ $note }"
change-what-closed = no lessons ({ $reason })
change-what-short = shortened lessons
change-what-distance = at a distance
change-what-taught-by = by the timetable of { $day }
change-whom-all = the whole school
change-whom-shift = shift { $shift }
change-whom-grades = { $count ->
    [one] grade { $grades }
   *[other] grades { $grades }
}
change-whom-classes = { $classes }
