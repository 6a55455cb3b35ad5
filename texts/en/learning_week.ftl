# The week in numbers: averages, missed lessons, what to make up for, what comes next. No comparison with others.
trace-title-learning-week = { $child } · the week in numbers, { $day }
trace-title-roll-overdue = { $group } · roll call, { $lesson }, { $day }
trace-title-school-rolls = Lessons without a roll call, { $day }
trace-title-school-morning = The school's morning, { $day }
trace-title-absence-disputed = { $child } · the family disputes an absence, { $day }
rail-title-learning-week = the week in numbers, { $day }
learning-title = How learning goes
learning-days = { $first } – { $last }
learning-letter = The week in numbers: { $name }, { $first } – { $last }
learning-digest = • { $title }, { $first } – { $last }
learning-averages = Average marks: { $averages }.
learning-averages-since = { $number ->
   *[other] Average marks since { $since }: { $averages }.
}
learning-average = { $subject } { $average }
learning-average-was = { $subject } { $average } (was { $before })
learning-missed = { $count ->
    [0] No lessons missed this week.
    [one] { $count } lesson missed this week.
   *[other] { $count } lessons missed this week.
}
learning-unexplained = { $count ->
    [one] The school does not know the reason for one of them yet.
   *[other] Lessons for which the school does not know the reason yet: { $count }.
}
learning-unexplained-all = { $count ->
    [one] The school does not know the reason yet.
   *[other] The school does not know the reason for these yet.
}
learning-unwritten = Missed, no mark yet: { $works }.
learning-ahead = Coming up: { $works }.
learning-homework = Homework: { $works }.
learning-due = { $subject } by { $day }
learning-work = { $subject }, { $form }, { $day }
