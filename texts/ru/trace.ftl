# Путь сообщения: что случилось, кому и как пытались сказать, чем кончилось.
trace-unknown = «{ $what }»: ни ученика, ни события с таким именем или номером нет.
  Можно дать:
    фамилию ученика, имя или и то и другое: zvonok trace "Иванова Анна"
    тёзкам — ещё класс или дату рождения: zvonok trace "Иванова Анна, 7Б"
    то, что печатает последней строкой сама эта команда: zvonok trace mark/…
trace-unknown-day = «{ $what }»: в этот день такого события не было. Спросите без --day.
trace-no-day = «{ $day }» — не день. Напишите так: 24.11.2026
trace-several = «{ $what }»: таких учеников { $count }. О ком из них рассказать?
trace-adult = «{ $what }»: это взрослый, а сообщения ищут по ученику. О ком рассказать?
trace-choice = {"  "}{ $number }. { $pupil }: zvonok trace "{ $words }"
trace-choice-more = {"  "}…и ещё { $count }. Добавьте имя или класс.
trace-quiet = { $pupil }: событий, о которых сообщают взрослым, ещё не было.
trace-quiet-day = { $pupil }: за { $day } событий, о которых сообщают взрослым, нет.
trace-title-attendance = { $child } · пропуски, { $day }
trace-title-mark = { $child } · оценка { $value } · { $lesson }, { $day }
trace-title-mark-taken-back = { $child } · оценка снята · { $lesson }, { $day }
trace-title-remark = { $kind ->
    [praise] { $child } · похвала, { $day }
   *[remark] { $child } · замечание, { $day }
}
trace-title-homework = { $group } · домашнее задание · { $lesson }, на { $day }
trace-title-notice = { $group } · объявление «{ $title }», { $day }
trace-title-password-link = { $name } · ссылка на новый пароль, { $day }
trace-recorded = Записано { $day } в { $clock } (запись № { $version }).
trace-ids = Спросить об этом снова: zvonok trace { $subject } (номер события { $event })
trace-absences = { $count ->
    [0] Сейчас отсутствий нет.
    [one] Сейчас отсутствует на { $count } уроке.
   *[other] Сейчас отсутствует на { $count } уроках.
}
trace-followers = Взрослых, которых это касается: { $count }.
trace-nothing-to-tell = Сообщать им не о чем.
trace-not-read = Шлюз до этой записи ещё не дошёл.
trace-thread-untold = { $name } · сообщения нет: { $reason }
trace-thread = { $name } · { $channel }: { $state }, { $told }
trace-thread-reason = { $name } · { $channel }: { $state } ({ $reason }), { $told }
trace-channel-all-clear = { $channel } · отбой тревоги
trace-channel-copy = { $channel } · повтор на почту
trace-channel-second = { $channel } · запасной путь
trace-told-nothing = ничего не сказано
trace-told-all = сказано всё
trace-told-part = сказана запись № { $told }, последняя — № { $want }
trace-attempt = { $at } · { $act } (запись № { $version }): { $outcome }
trace-attempt-reason = { $at } · { $act } (запись № { $version }): { $outcome } ({ $reason })
trace-receipt = { $at } · ответ читателя: { $answer }
trace-act-send = отправка
trace-act-edit = исправление
trace-act-redraw = обновление после ответа
trace-outcome-open = исход ещё неизвестен
trace-outcome-accepted = принято
trace-outcome-deferred = отложено
trace-outcome-rejected = отказано
trace-outcome-unknown = неизвестно, дошло ли
trace-state-pending = ждёт
trace-state-pending-until = ждёт до { $day }, { $clock }
trace-state-claimed = взято к отправке
trace-state-sending = отправляется
trace-state-accepted = принято
trace-state-delivered = доставлено
trace-state-bounced = вернулось
trace-state-unknown = неизвестно, дошло ли
trace-state-failed = не отправлено
trace-state-suppressed = не нужно отправлять
trace-state-expired = устарело
trace-channel-telegram = Телеграм
trace-channel-max = MAX
trace-channel-mail = почта
trace-channel-none = никакого пути
trace-kind-read = прочитано
trace-kind-acknowledged = понятно
trace-kind-explained = причина
trace-detail-ill = болеет
trace-detail-family = по семейным обстоятельствам
trace-detail-late = опаздывает
trace-detail-unaware = не знаю, где ребёнок
trace-detail-at-school = ребёнок в школе, это ошибка
trace-detail-confirmed = прочитано
trace-detail-signed = подписано
trace-detail-refused = отказ подписать
