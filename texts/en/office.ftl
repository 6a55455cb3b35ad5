# Answers to the office at the command line.
office-imported = { $school }. New pupils: { $pupils }, staff: { $staff }, guardian relations: { $relations }, addresses: { $addresses }. Lessons in the weekly timetable: { $slots }. Unchanged rows: { $unchanged }.
office-nothing-imported = Nothing was imported: mend the files and try again.
office-more-errors = { $count ->
    [one] And { $count } more error.
   *[other] And { $count } more errors.
}
