# Answers to the office at the command line.
office-imported = { $school }. New pupils: { $pupils }, staff: { $staff }, guardian relations: { $relations }, addresses: { $addresses }. Lessons in the weekly timetable: { $slots }. Unchanged rows: { $unchanged }.
office-nothing-imported = Nothing was imported: mend the files and try again.
office-more-errors = { $count ->
    [one] And { $count } more error.
   *[other] And { $count } more errors.
}
office-zone-stays = { $school }: the school is there already; its time zone is { $zone }, not "{ $given }". Lists do not change it: leave out --zone.
office-kind-stays = { $school }: the school is there already; its kind is { $kind }, not { $given }. Lists do not change it: leave out --kind.
