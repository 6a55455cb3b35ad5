# Итоги недели: средние оценки, пропуски, что догнать, что впереди. Без сравнения с другими.
trace-title-learning-week = { $child } · итоги недели, { $day }
trace-title-roll-overdue = { $group } · перекличка, { $lesson }, { $day }
trace-title-school-rolls = Уроки без переклички, { $day }
trace-title-school-morning = Утро школы, { $day }
trace-title-absence-disputed = { $child } · семья не согласна с отсутствием, { $day }
rail-title-learning-week = итоги недели, { $day }
learning-title = Как идёт учёба
learning-days = { $first } — { $last }
learning-letter = Итоги недели: { $name }, { $first } — { $last }
learning-digest = • { $title }, { $first } — { $last }
learning-averages = Средние оценки: { $averages }.
learning-averages-since = { $number ->
    [2] Средние оценки со { $since }: { $averages }.
   *[other] Средние оценки с { $since }: { $averages }.
}
learning-average = { $subject } { $average }
learning-average-was = { $subject } { $average } (было { $before })
learning-missed = { $count ->
    [0] Пропущенных уроков за неделю нет.
    [one] За неделю пропущен { $count } урок.
    [few] За неделю пропущено { $count } урока.
   *[many] За неделю пропущено { $count } уроков.
}
learning-unexplained = { $count ->
    [one] Причину одного из них школа пока не знает.
   *[other] Уроков, о которых школа пока не знает причины: { $count }.
}
learning-unexplained-all = { $count ->
    [one] Причину школа пока не знает.
   *[other] Причину этих пропусков школа пока не знает.
}
learning-unwritten = Пропущены, и оценки пока нет: { $works }.
learning-ahead = Впереди: { $works }.
learning-homework = Задано: { $works }.
learning-due = { $subject } к { $day }
learning-work = { $subject }, { $form }, { $day }
