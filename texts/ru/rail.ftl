# Путь события на странице песочницы: кто что сделал, кому решили сказать, чем кончилось.
rail-act = { $who }: { $what }
rail-event = Записано в журнал
rail-event-changed = Изменение записано в журнал
rail-event-waits = Записано в журнал, шлюз ещё не прочитал
rail-plan = Решено, кому сообщать: взрослых — { $readers } (следят за ребёнком: { $followers })
rail-plan-nobody = Сообщать некому: за ребёнком никто из взрослых не следит
rail-plan-class = Решено, кому сообщать: взрослых — { $readers } (следят за детьми класса: { $followers })
rail-plan-class-nobody = Сообщать некому: за детьми класса никто из взрослых не следит
rail-flies = в пути
rail-waits = ждёт до { $at }
rail-waits-letter = ждёт вечернего письма, { $at }
rail-leg = { $way }: { $text }
rail-leg-before = раньше — { $way }: { $text }
rail-way-telegram = Телеграм
rail-way-max = MAX
rail-way-mail = письмо
rail-way-letter = вечернее письмо
rail-accepted-telegram = сообщение принято
rail-accepted-max = сообщение принято
rail-accepted-mail = принято сервером

rail-head-told = { $due ->
    [1] сказано
   *[other] сказано всем: { $due }
}
rail-head-some-wait = сказано { $told } из { $due }
rail-head-not-all = сказано не всем: { $told } из { $due }
rail-head-missed = { $due ->
    [1] не сказано
   *[other] не сказано никому
}
rail-head-forbidden = говорить не положено
rail-head-unneeded = говорить не нужно
rail-head-nobody = говорить некому
rail-count-told = сказано { $count }
rail-count-waits = { $what } — { $count }
rail-count-missed = не сказано { $count }
rail-count-forbidden = не положено { $count }
rail-count-unneeded = не нужно { $count }

rail-send = отправка
rail-edit = исправление сообщения
rail-lesson = { $title }, { $number }-й урок

rail-receipt-read = прочитано
rail-receipt-acknowledged = ответ: понятно
rail-receipt-explained = ответ
rail-receipt-confirmed = ответ: прочитано и подтверждено
rail-receipt-signed = ответ: подпись поставлена
rail-receipt-refused = ответ: не подписывает
rail-receipt-other = ответ: { $kind }

rail-title-attendance-day = посещаемость, { $day }
rail-title-mark = оценка { $value } · { $subject }, { $day }
rail-title-mark-taken-back = оценка снята · { $subject }, { $day }
rail-title-remark = { $kind ->
    [praise] похвала, { $day }
   *[other] замечание, { $day }
}
rail-title-homework = домашнее задание · { $subject }, на { $day }
rail-title-notice = объявление «{ $name }»

rail-action-attendance-record = отметка «{ $after }» в перекличке
rail-action-attendance-record-undone = отметка в перекличке снята
rail-action-attendance-roll = перекличка, отсутствуют: { $after }
rail-action-attendance-roll-undone = перекличка отменена
rail-action-attendance-answer = ответ родителя: { $after }
rail-action-account-link = телефон подключён по коду
rail-action-mark-give = оценка { $after }
rail-action-mark-correct = оценка исправлена: было { $before }, стало { $after }
rail-action-mark-take-back = оценка снята
rail-action-remark-write = запись в дневник: { $after }
rail-action-remark-withdraw = запись в дневнике снята
rail-action-homework-set = домашнее задание
rail-action-homework-take-back = домашнее задание снято
rail-action-notice-publish = объявление опубликовано
rail-action-notice-answer = ответ на объявление: { $after }
rail-action-notice-withdraw = объявление отозвано
rail-action-consent-record = согласие записано
rail-action-diary-open = открыт дневник: { $after }
rail-action-other = запись «{ $action }»

rail-value-confirmed = прочитано и подтверждено
rail-value-signed = подписано
rail-value-refused = не подписывает
rail-value-remark = замечание
rail-value-praise = похвала
