# Locked lessons, going over the absent, head-counts, absences without a cause. For teachers, class teachers, deputies.
refusal-journal-locked-days = The lesson of { $day } is locked: more than { $days ->
    [one] { $days } day has
   *[other] { $days } days have
} passed, and its marks and absences are not changed any more. Who can open this lesson, giving a reason: { $names ->
    [none] the administration of the school
   *[other] { $names }
}{ $more ->
    [0] .
   *[other] {" "}and { $more } more.
}
refusal-journal-locked-finals = The lesson of { $day } is locked: final marks of this period have been given. Who can open this lesson, giving a reason: { $names ->
    [none] the administration of the school
   *[other] { $names }
}{ $more ->
    [0] .
   *[other] {" "}and { $more } more.
}
refusal-journal-unlock-until = A lesson is opened for no longer than { $days ->
    [one] { $days } day
   *[other] { $days } days
}. Choose another time.
refusal-journal-unlock-why = A reason is needed, of no more than { $longest ->
    [one] { $longest } character
   *[other] { $longest } characters
}: it stays in the audit.
refusal-absence-recheck-ahead = { $day } has not come yet: there is nothing to go over.
refusal-absence-code-no-cause = The code “{ $code }” names no cause. Choose one of illness or of a valid reason.
refusal-absence-all-explained = Nothing missed that day is without a cause. Look at the list again: perhaps it was entered already.
refusal-absence-nothing-said = The family has said nothing about that day yet; there is nothing to refuse.
refusal-absence-refuse-why = Write why the reason is not accepted, in no more than { $longest ->
    [one] { $longest } character
   *[other] { $longest } characters
}.
refusal-absence-confirm-why = These lessons are locked. To enter the cause, name what it rests on: a certificate and its date, for example.

audit-action-journal-unlock = a lesson was opened for changes
audit-action-journal-lock-again = a lesson was locked again
audit-action-journal-lock-finals = a period was locked: final marks were given
audit-action-journal-lift-finals = a period with final marks was opened for changes
audit-action-absence-recheck = the list of the absent was gone over
audit-action-absence-confirm = the cause of an absence was accepted
audit-action-absence-refuse = the cause of an absence was not accepted

# --- Commands of the office ---------------------------------------------------------------------------------

attendance-overdue-title = Rolls that nobody has called within { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
} of the bell: { $count }
attendance-overdue-none = All rolls that should have been called by now have been.
attendance-overdue-line = { $starts }, lesson { $number }: { $learners }, { $subject } — { $teacher }
attendance-waiting-title = { $day }: the absent have not been gone over yet. The list of a class: zvonok attendance recheck CLASS
attendance-waiting-none = { $day }: the absent have been gone over in every class that has any.
attendance-waiting-line = { $class }: { $absent } — { $teacher }
attendance-waiting-again = { $class }: { $absent } — { $teacher }; gone over at { $at }, others were marked since
attendance-no-leader = no class teacher
attendance-list-title = { $class }, { $day }. Absent: { $count }.
attendance-list-none = { $class }, { $day }: nobody is absent.
attendance-list-line = { $name }: { $lessons }
attendance-list-lesson = { $number } ({ $subject }) — { $code }
attendance-list-answer = { $guardian }: { $reason ->
    [ill] is ill
    [family] family reasons
    [late] is late
    [unaware] does not know where the child is
   *[at-school] the child is at school, it is a mistake
}
attendance-list-released = by an order: { $title }, until { $until }
attendance-list-announced = announced by the family: { $reason ->
    [illness] illness
    [family] family reasons
   *[other] another reason
}, until { $until }
attendance-list-refused = the reason was not accepted, { $at }
attendance-list-done = The list was gone over, { $at }.
attendance-list-stale = The list was gone over, { $at }, but others were marked absent since.
attendance-list-not-done = The list has not been gone over yet. To say that it was: zvonok attendance recheck { $class } --done
attendance-rechecked = { $class }, { $day }: the list of the absent was gone over.
attendance-heads-title = { $day }, { $at }: how many pupils are at school
attendance-heads-none = { $day }: there are no lessons, and nobody to count.
attendance-heads-line = { $class }: { $present } of { $enrolled }
attendance-heads-absent = absent by the roll: { $count }
attendance-heads-announced = announced or released: { $count }
attendance-heads-uncalled = no roll was called yet
attendance-heads-distant = learn at a distance
attendance-heads-total = At school in all: { $present } of { $enrolled }.
attendance-unexplained-title = Absences without a known cause, { $first } – { $last }
attendance-unexplained-none = There are no absences without a known cause on these days.
attendance-unexplained-line = { $class }, { $name }: { $counted }
attendance-unexplained-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}
attendance-unexplained-lessons = { $lessons ->
    [one] { $lessons } lesson of other days
   *[other] { $lessons } lessons of other days
}
attendance-unexplained-over = time for the commission
attendance-unlocked = The lesson is open until the end of { $until }: { $learners }, { $subject }, { $day }, lesson { $number }.
attendance-locked = The lesson is locked again: { $learners }, { $subject }, { $day }, lesson { $number }.
attendance-confirmed = The cause was entered ({ $code }): { $lessons ->
    [one] { $lessons } lesson
   *[other] { $lessons } lessons
}.
attendance-refused = Entered: the reason was not accepted, absences of { $day } stay without a cause.
attendance-confirm-one = Name one: a code of the cause (--code б) or a refusal (--refuse).
attendance-clock = “{ $written }”: a time is needed, 11:20 for example.
