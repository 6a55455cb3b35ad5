# Pupils let go from lessons by an order: an olympiad, a competition, a duty. Read by the deputy head and the secretary.
refusal-release-unknown = There is no such order of release in the journal.
refusal-release-changed = This order was changed meanwhile. Nothing was written. Open it again.
refusal-release-withdrawn = This order was withdrawn already. Write a new one.
refusal-release-order-day = The order is dated { $day }. Check the date: it can be neither after { $today } nor before the year 2000.
refusal-release-far = Pupils may be let go for days from { $first } to { $last }. Check the dates.
refusal-release-too-long = One order lets pupils go for at most { $days ->
    [one] { $days } day
   *[other] { $days } days
}. Check the dates.
refusal-release-lessons-odd = Numbers of lessons are from 0 to { $last }, at least one. To let pupils go from all lessons, leave the numbers out.
refusal-release-pupils-needed = Say who is let go: pupils or a class.
refusal-release-pupils-elsewhere = Not learning at the school on these days: { $names }{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more
}. Nothing was recorded.

audit-action-release-order = an order of release from lessons was recorded
audit-action-release-change = an order of release from lessons was changed
audit-action-release-withdraw = an order of release from lessons was withdrawn
rail-action-release-order = order of release from lessons
rail-action-release-change = order of release changed
rail-action-release-withdraw = order of release withdrawn

release-kind-olympiad = olympiad
release-kind-competition = competition
release-kind-duty = duty
release-kind-event = event
release-kind-other = other

# --- zvonok releases ----------------------------------------------------------------------------------------

releases-ordered = Recorded: order No. { $number } of { $day }. { $days }: { $count ->
    [one] { $count } pupil is let go
   *[other] { $count } pupils are let go
}. Its number here is { $id }.
releases-withdrawn = Order { $id } is withdrawn: nobody is let go by it any more.
releases-title = Let go from lessons, { $first } – { $last }
releases-none = There are no orders of release for these days.
releases-line = { $days }{ $lessons }: { $kind } — { $title }. Order No. { $number } of { $day } ({ $id })
releases-lessons = , lessons { $numbers }
releases-pupil = { $name }, { $class }
