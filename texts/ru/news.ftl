# Сообщения родителям об оценках, замечаниях, похвале, домашних заданиях и объявлениях. Тепло, коротко, без рода.
news-day-of-year = { $day } { $year } года
news-item = • { $line }
news-lesson = { $day }, { $number }-й урок
news-mark-new = Новая оценка
news-mark-changed = Исправлено: оценка
news-mark-withdrawn = Исправлено: оценка снята
news-mark-line = { $subject }: { $value } ({ $work })
news-mark-line-changed = { $subject }: было { $was }, стало { $value } ({ $work })
news-mark-line-withdrawn = { $subject }: оценка снята ({ $work })
news-mark-line-withdrawn-was = { $subject }: оценка { $was } снята ({ $work })
news-remark-new = Замечание учителя
news-remark-withdrawn = Исправлено: замечание снято
news-praise-new = Похвала учителя
news-praise-withdrawn = Исправлено: запись учителя снята
news-quote = «{ $text }»
news-remark-author = { $author }
news-remark-author-lesson = { $author }, { $subject }
news-homework-new = Домашнее задание: { $subject }
news-homework-changed = Изменилось домашнее задание: { $subject }
news-homework-withdrawn = Домашнее задание отменено: { $subject }
news-homework-due = К уроку: { $day }
news-notice-new = Объявление: { $title }
news-notice-withdrawn = Объявление отозвано: { $title }
news-notice-author = { $author }
news-notice-confirm = Пожалуйста, подтвердите, что вы это прочитали.
news-notice-confirm-until = Пожалуйста, подтвердите, что вы это прочитали. Последний день — { $day }.
news-notice-sign = Нужна ваша подпись.
news-notice-sign-until = Нужна ваша подпись. Последний день — { $day }.
news-notice-own-confirmed = Вы подтвердили: прочитано.
news-notice-own-signed = Вы подписали. Спасибо!
news-notice-own-refused = Вы ответили, что не подписываете. Классный руководитель это видит.
news-button-confirm = Прочитано
news-button-sign = Подписать
news-button-refuse = Не подписывать
news-button-change = Изменить ответ

letter-subject-news = Новости из школы: { $name }, { $day }
letter-subject-notice = Объявление школы: { $title }
letter-subject-notice-withdrawn = Объявление отозвано: { $title }
letter-subject-digest = Новости из школы за { $day }: { $names }
letter-notice-teacher = Ответить можно в чате школы или через классного руководителя.
letter-notice-link = Ответить можно на странице школы. Пока вы не нажмёте на ней кнопку, ничего не подписано.
letter-link = Открыть и ответить

digest-title = Новости из школы за { $day }
digest-line = • { $line }, { $day }
digest-absence = • { $title }, { $day }
digest-remark = • { $title }: «{ $text }» ({ $where })
digest-homework = • { $title }. { $due }
digest-notice = • { $title }, { $day }
digest-more = { $count ->
    [one] И ещё { $count } запись: она в дневнике или среди объявлений, /diary и /notices
    [few] И ещё { $count } записи: они в дневнике и среди объявлений, /diary и /notices
   *[many] И ещё { $count } записей: они в дневнике и среди объявлений, /diary и /notices
}
digest-why = Новости собраны в одно письмо: раз в день или раз в неделю, если они есть. Изменить это можно в чате школы: «Что и как присылать». Если чата у вас нет, код для него выдаёт классный руководитель.
