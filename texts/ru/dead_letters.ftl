# Недоставленные сообщения: что говорит командная строка.
dead-none = Недоставленных сообщений, с которыми ещё можно что-то сделать, нет. Показать и прочие: zvonok dead-letters list --all
dead-none-at-all = Недоставленных сообщений нет.
dead-line = { $number }  { $name } · { $channel } · { $kind }, { $day }
dead-why = {"          "}{ $at }: { $state }
dead-note-told-otherwise = ; сообщили другим путём
dead-note-late = ; сообщать уже поздно
dead-kind-attendance_day = пропуски
dead-kind-mark = отметка
dead-kind-remark = замечание или похвала
dead-kind-homework = домашнее задание
dead-kind-notice = объявление
dead-kind-timetable_day = расписание
dead-kind-control_work = контрольная
dead-kind-school_event = мероприятие
dead-kind-password_link = ссылка на новый пароль
dead-kind-other = другое
dead-then = Подробнее: zvonok dead-letters show { $number }
  Отправить ещё раз: zvonok dead-letters replay { $number } --why "что изменилось"
dead-more = Это не всё. Дальше: zvonok dead-letters list { $words }
dead-until = {"          "}Сообщать имеет смысл до { $until }
dead-told-before = {"          "}Прежнее сообщение дошло, не дошло исправление: у читателя неверные сведения.
dead-replay = {"          "}{ $at } решено отправить ещё раз ({ $by }): { $why }
dead-replay-maybe-told = {"          "}{ $at } решено отправить ещё раз, хотя могло уже дойти ({ $by }): { $why }
dead-would = Можно отправить ещё раз, путь — { $channel }: zvonok dead-letters replay { $number } --why "что изменилось"
dead-would-maybe-told = Может быть, оно уже дошло. Если всё же отправить: zvonok dead-letters replay { $number } --maybe-told --why "почему"
dead-would-not = Отправить ещё раз нельзя: { $why }.
dead-waits = Оно уже ждёт отправки или отправляется.
dead-trace = Весь путь: zvonok trace { $subject }
dead-replayed = { $count ->
    [one] Будет отправлено ещё раз: { $count } сообщение. Тихие часы соблюдаются.
    [few] Будут отправлены ещё раз: { $count } сообщения. Тихие часы соблюдаются.
   *[other] Будут отправлены ещё раз: { $count } сообщений. Тихие часы соблюдаются.
}
dead-under-way = { $count ->
    [one] Уже ждёт отправки: { $count } сообщение.
    [few] Уже ждут отправки: { $count } сообщения.
   *[other] Уже ждут отправки: { $count } сообщений.
}
dead-refused = { $number }  { $name }: не отправлено, { $why }.
dead-refused-many = Не отправлено: { $count } — { $why }.
dead-maybe-told-then = Если отправить и то, что могло уже дойти, добавьте --maybe-told: кому-то придёт дважды.
dead-refusal-told = сообщение дошло
dead-refusal-told-otherwise = сообщили другим путём
dead-refusal-maybe-told = может быть, уже дошло
dead-refusal-nothing-to-tell = сообщать больше не о чем
dead-refusal-time-passed = сообщать уже поздно
dead-number-unknown = «{ $number }»: такого сообщения нет. Номера покажет zvonok dead-letters list
dead-number-doubtful = «{ $number }»: так начинаются номера нескольких сообщений. Напишите номер целиком.
dead-reason-unknown = «{ $reason }»: такой причины нет. Коды причин — в справочнике states.md, например refused или retries-exhausted.
dead-which = Скажите, что отправить: номера сообщений или ключи (--reason, --channel, --since, --school), но не то и другое сразу.
