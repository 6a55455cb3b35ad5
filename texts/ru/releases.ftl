# Освобождение от уроков по приказу: олимпиада, соревнования, дежурство. Читают завуч и секретарь.
refusal-release-unknown = Такого приказа об освобождении в журнале нет.
refusal-release-changed = Этот приказ тем временем изменили. Ничего не записано. Откройте его заново.
refusal-release-withdrawn = Этот приказ уже отменён. Запишите новый.
refusal-release-order-day = Приказ датирован { $day }. Проверьте дату: она не может быть позже { $today } или раньше 2000 года.
refusal-release-far = Освободить можно на дни с { $first } по { $last }. Проверьте даты.
refusal-release-too-long = Один приказ освобождает не больше чем на { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[other] { $days } дней
}. Проверьте даты.
refusal-release-lessons-odd = Номера уроков — от 0 до { $last }, хотя бы один. Если освобождают от всех уроков, номера не нужны.
refusal-release-pupils-needed = Назовите, кого освобождают: учеников или класс.
refusal-release-pupils-elsewhere = В эти дни не учатся в школе: { $names }{ $more ->
    [0] {""}
   *[other] {" "}и ещё { $more }
}. Ничего не записано.

audit-action-release-order = записан приказ об освобождении от уроков
audit-action-release-change = изменён приказ об освобождении от уроков
audit-action-release-withdraw = отменён приказ об освобождении от уроков
rail-action-release-order = приказ об освобождении от уроков
rail-action-release-change = приказ об освобождении изменён
rail-action-release-withdraw = приказ об освобождении отменён

release-kind-olympiad = олимпиада
release-kind-competition = соревнования
release-kind-duty = дежурство
release-kind-event = мероприятие
release-kind-other = другое

# --- zvonok releases ----------------------------------------------------------------------------------------

releases-ordered = Записано: приказ № { $number } от { $day }. { $days }: { $count ->
    [one] освобождён { $count } ученик
    [few] освобождены { $count } ученика
   *[other] освобождено { $count } учеников
}. Номер записи — { $id }.
releases-withdrawn = Приказ { $id } отменён: освобождения больше нет.
releases-title = Освобождены от уроков, { $first } – { $last }
releases-none = На эти дни приказов об освобождении нет.
releases-line = { $days }{ $lessons }: { $kind } — { $title }. Приказ № { $number } от { $day } ({ $id })
releases-lessons = , уроки { $numbers }
releases-pupil = { $name }, { $class }
