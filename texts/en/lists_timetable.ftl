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

lists-clash-lines = { $lines }:
lists-clash-line = { $lines } and a lesson that the journal has already:
lists-clash-times = Such days in the year: { $times }.
lists-leaves-groups = { $change }; no longer in the groups: { $groups }
lists-because-clash = without it lessons would clash in the timetable:
lists-because-closed = the room or the group of the lesson was closed since, or its bell is gone: { $who }
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
