# Что приходит учителям: перекличка не отмечена, семья не согласна с отметкой об отсутствии.
duty-lesson = { $learners }, { $subject }
duty-place = { $day }, { $number }-й урок, начало в { $starts }
duty-entry = { $day }, { $number }-й урок ({ $subject })
duty-roll-late = Перекличка ещё не отмечена
duty-roll-over = Эта перекличка больше не ждёт
duty-roll-ask = { $minutes ->
    [one] С начала урока прошла { $minutes } минута.
    [few] С начала урока прошло { $minutes } минуты.
   *[many] С начала урока прошло { $minutes } минут.
} Отметьте, пожалуйста, кого нет: /start
duty-roll-letter = Перекличка не отмечена: { $lesson }
duty-dispute-open = Семья пишет: ребёнок в школе
duty-dispute-over = Этот вопрос закрыт: ответ семьи или запись изменились
duty-dispute-ask = В журнале на этом уроке стоит отсутствие. Проверьте, пожалуйста, где ребёнок, и исправьте запись, если это ошибка: /start
duty-dispute-letter = Семья не согласна с отметкой об отсутствии, { $day }
duty-why = Сообщение о вашей работе в школе. Оно приходит тем, кто ведёт этот урок или этот класс.
duty-roll-begun = Урок начался
duty-roll-soon = Перекличка ещё не отмечена
duty-roll-ask-by = Отметьте, пожалуйста, кого нет, до { $until }: /start
school-rolls-late = { $count ->
    [one] { $count } урок без переклички
    [few] { $count } урока без переклички
   *[many] { $count } уроков без переклички
}
school-rolls-over = Все переклички отмечены
school-rolls-ask = Что в школе сейчас, покажет бот: /start
school-rolls-letter = Уроки без переклички, { $day }
morning-title = Утро школы, { $time }
morning-there = На местах { $present } из { $enrolled }.
morning-called = Перекличка прошла в классах: { $called } из { $classes }.
morning-late = { $count ->
    [0] Все переклички в срок.
   *[other] Уроков без переклички: { $count }.
}
morning-changed = { $changed ->
    [0] Замен и отменённых уроков нет.
   *[other] Замены: { $substituted }, отменено уроков: { $cancelled }.
}
morning-more = Кто именно и с кем не связались, покажет бот: /start
morning-letter = Утро школы, { $day }
school-duty-why = Сообщение о вашей работе в школе. Оно приходит директору и завучам.
