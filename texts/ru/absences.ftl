# Пропуски, о которых предупредили заранее, и перекличка мероприятия. Читают родители, классный руководитель, завуч.
refusal-absence-announced-unknown = Такой записи о пропуске нет. Откройте список заново.
refusal-absence-announced-already = Об этом уже сообщено: с { $first } по { $last }, та же причина. Если дней стало больше или меньше, измените последний день.
refusal-absence-announced-long = За один раз можно предупредить не больше чем о { $days } { $days ->
    [one] дне
   *[other] днях
}. Если ребёнок не придёт дольше, скажите об этом школе.
refusal-absence-announced-far = Предупредить можно о днях с { $first } по { $last }. Проверьте даты.
refusal-absence-announced-not-learning = С { $first } по { $last } этого ученика нет ни в одном классе. Проверьте даты.
refusal-absence-announced-withdrawn = Эта запись о пропуске уже отменена. Сообщите о пропуске заново.
refusal-absence-announced-over = Эти дни давно прошли (последний — { $day }), запись больше не меняется.

refusal-event-class-not-yours = Перекличку на мероприятии проводят классный руководитель в своём классе и администрация школы.
refusal-event-pupil-elsewhere = В списке есть ученик, которого нет в классах этого мероприятия. Ничего не записано. Откройте перекличку заново.
refusal-event-roll-early = Мероприятие начинается { $day }. Отметить отсутствующих можно с этого дня.
refusal-event-roll-locked = Прошло больше { $days ->
    [one] { $days } дня
   *[other] { $days } дней
}: перекличку мероприятия { $day } уже не исправляют. Кто может исправить её: { $names ->
    [none] администрация школы
   *[other] { $names }
}{ $more ->
    [0] .
    [one] { " " }и ещё { $more } человек.
    [few] { " " }и ещё { $more } человека.
   *[many] { " " }и ещё { $more } человек.
}
refusal-event-roll-not-called = Переклички этого мероприятия ещё не было ({ $classes }), исправлять нечего.
refusal-event-roll-changed = Мероприятие или его перекличку тем временем изменили. Ничего не записано. Откройте перекличку заново.

audit-action-absence-announce = сообщено о пропуске заранее
audit-action-absence-announce-change = изменён последний день пропуска
audit-action-absence-announce-withdraw = сообщение о пропуске отменено
audit-action-event-roll = проведена перекличка на мероприятии
audit-action-event-absence = записано присутствие на мероприятии
rail-action-absence-announce = о пропуске сообщено заранее
rail-action-absence-announce-change = изменён последний день пропуска
rail-action-absence-announce-withdraw = сообщение о пропуске отменено
rail-action-event-roll = перекличка на мероприятии
rail-action-event-absence = отметка на мероприятии

absence-reason-illness = болезнь
absence-reason-family = семейные обстоятельства
absence-reason-other = другая причина

# --- zvonok absences ----------------------------------------------------------------------------------------

absences-announced = Записано: { $name }, { $days }, { $reason }. Номер записи — { $id }.
absences-changed = Записано: { $name }, { $days }. Номер записи прежний — { $id }.
absences-withdrawn = Запись { $id } отменена.
absences-title = Сообщено о пропусках, { $first } – { $last }
absences-none = На эти дни никто ни о чём не предупреждал.
absences-line = { $days }  { $name }, { $class }: { $reason } ({ $id })
absences-certificate = справка
absences-by = записано: { $name }, { $at }
absences-office = канцелярия
absences-one-of = Назовите что-нибудь одно: --class или --pupil.
absences-number-unknown = «{ $number }»: такого номера нет. Номера показывает список.
absences-number-doubtful = «{ $number }»: таких номеров несколько. Напишите его целиком.
