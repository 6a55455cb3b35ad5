# The weekly timetable in lists: groups, rooms, weeks; what keeps an import.
lists-new-rooms = New rooms: { $count }
lists-lesson-weeks = { $weeks ->
    [odd] odd weeks
   *[even] even weeks
}
lists-lesson-since = from { $day }
lists-change-since = { $change } from { $day }
lists-by-bells = by the bells
lists-field-shift = shift
lists-field-until = last day
lists-stays-left = In the list, but gone by an order: { $count } (a list does not take it back)
refusal-import-of-former-timetable = This import cannot be taken back: its timetable was written before the journal knew groups and weeks. Bring the former timetable in anew.

roster-error-bad-weeks = “{ $seen }” does not say which weeks. Write каждая, нечётная or чётная.
roster-error-bad-shift = “{ $seen }” is no shift. A number is needed: 1, 2 or 3.
roster-error-half-hours = a time needs both its start and its end. If the lesson goes by the bells, leave both cells empty.
roster-error-last-before-first = the last day ({ $last }) comes before the first ({ $first }).
roster-error-bad-group = “{ $seen }”: the title of a group has more than { $most } letters.
roster-error-group-unknown = there is no group “{ $group }” this school year. Make it first: zvonok groups import.
roster-error-group-closed = the group “{ $group }” is closed and has no lessons any more.
roster-error-group-of-other-class = the group “{ $group }” is not drawn from { $school_class }. Correct the class or leave it empty.
roster-error-room-closed = the room { $room } is closed. Choose another.
roster-error-no-bell = lesson { $number } (shift { $shift }) has no bell. Write its start and end, or set the bells: zvonok year set.

lists-clash-lines = { $lines }:
lists-clash-line = { $lines } and a lesson that the journal has already:
lists-clash-times = Such days in the year: { $times }.
lists-leaves-groups = { $change }; no longer in the groups: { $groups }
lists-because-groups = has come into a group since: { $who }

lists-stage = Import, step { $number } of { $of }: { $stage ->
    [files] reading the files
    [journal] reading the journal
    [comparing] comparing
    [timetable] checking the timetable of the whole year
    [writing] writing
   *[lessons] lessons by the new timetable
}…
lists-stage-long = The import goes on: large lists take up to some minutes.
