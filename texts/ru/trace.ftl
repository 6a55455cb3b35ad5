# Путь сообщения: что случилось, кому и как пытались сказать, чем кончилось.
trace-nothing = Ничего не найдено: событий не было, или ни событие, ни предмет, ни ученик так не называется.
trace-event = { $day } · { $subject } · версия { $version } · событие { $event } · { $at }
trace-absences = { $count ->
    [0] Сейчас отсутствий нет.
    [one] Сейчас отсутствует на { $count } уроке.
   *[other] Сейчас отсутствует на { $count } уроках.
}
trace-about-mark = Оценка.
trace-about-remark = Замечание или похвала.
trace-about-homework = Домашнее задание.
trace-about-notice = Объявление.
trace-followers = Взрослых, которых это касается: { $count }.
trace-thread = { $name } · { $channel } · { $purpose }: { $state }, сказана версия { $told } из { $want }
trace-thread-reason = { $name } · { $channel } · { $purpose }: { $state } ({ $reason }), сказана версия { $told } из { $want }
trace-attempt = { $at } · { $act }, версия { $version }: { $outcome }
trace-attempt-reason = { $at } · { $act }, версия { $version }: { $outcome } ({ $reason })
trace-receipt = { $at } · ответ читателя: { $kind }
trace-receipt-detail = { $at } · ответ читателя: { $kind } ({ $detail })
trace-act-send = отправка
trace-act-edit = исправление
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
trace-purpose-alert = первый путь
trace-purpose-fallback = запасной путь
trace-channel-telegram = Телеграм
trace-channel-mail = почта
trace-channel-none = никакого пути
trace-kind-read = прочитано
trace-kind-acknowledged = понятно
trace-kind-explained = причина
trace-detail-ill = болеет
trace-detail-family = по семейным обстоятельствам
trace-detail-late = опаздывает
trace-detail-unaware = не знаю, где ребёнок
trace-detail-confirmed = прочитано
trace-detail-signed = подписано
trace-detail-refused = отказ подписать
