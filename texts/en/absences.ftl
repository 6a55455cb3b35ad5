# Absences told beforehand, and the roll of an event. Read by parents, the class teacher, the deputy head.
refusal-absence-announced-unknown = There is no such announced absence. Open the list again.
refusal-absence-announced-already = This was announced already: from { $first } to { $last }, for the same reason. If there are more days or fewer, change the last day.
refusal-absence-announced-long = At most { $days ->
    [one] { $days } day
   *[other] { $days } days
} may be announced at a time. If the child stays away longer, tell the school.
refusal-absence-announced-far = Absences may be announced for days from { $first } to { $last }. Check the dates.
refusal-absence-announced-not-learning = From { $first } to { $last } this pupil is in no class. Check the dates.
refusal-absence-announced-withdrawn = This announced absence was withdrawn already. Announce it anew.
refusal-absence-announced-over = These days are long over (the last was { $day }); what was announced does not change any more.

refusal-event-class-not-yours = The class teacher calls the roll of the own class at an event, and so does the administration.
refusal-event-pupil-elsewhere = The list has a pupil who is in none of the event's classes. Nothing was recorded. Open the roll again.
refusal-event-roll-early = The event begins on { $day }. The roll can be called from that day on.
refusal-event-roll-locked = More than { $days ->
    [one] { $days } day
   *[other] { $days } days
} have passed: the roll of the event of { $day } may no longer be changed. Who can change it: { $names ->
    [none] the administration of the school
   *[other] { $names }
}{ $more ->
    [0] .
   *[other] { " " }and { $more } more.
}
refusal-event-roll-not-called = The roll of this event was not called yet ({ $classes }), so there is nothing to correct.
refusal-event-roll-changed = The event or its roll was changed meanwhile. Nothing was recorded. Open the roll again.

audit-action-absence-announce = an absence was announced
audit-action-absence-announce-change = the last day of an announced absence was changed
audit-action-absence-announce-withdraw = an announced absence was withdrawn
audit-action-event-roll = the roll of an event was called
audit-action-event-absence = a pupil's attendance at an event was recorded
rail-action-absence-announce = an absence was announced
rail-action-absence-announce-change = last day of an announced absence changed
rail-action-absence-announce-withdraw = announced absence withdrawn
rail-action-event-roll = roll call of an event
rail-action-event-absence = entry in the roll of an event

absence-reason-illness = illness
absence-reason-family = family matters
absence-reason-other = another reason

# --- zvonok absences ----------------------------------------------------------------------------------------

absences-announced = Recorded: { $name }, { $days }, { $reason }. Its number is { $id }.
absences-changed = Recorded: { $name }, { $days }. The number stays { $id }.
absences-withdrawn = { $id } is withdrawn.
absences-title = Absences announced, { $first } – { $last }
absences-none = Nobody announced anything for these days.
absences-line = { $days }  { $name }, { $class }: { $reason } ({ $id })
absences-certificate = certificate
absences-by = recorded by: { $name }, { $at }
absences-office = the office
absences-one-of = Name one of these: --class or --pupil.
absences-number-unknown = “{ $number }”: there is no such number. The list shows them.
absences-number-doubtful = “{ $number }”: several numbers begin so. Write it in full.
