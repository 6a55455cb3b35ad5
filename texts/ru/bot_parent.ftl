# Разговор с родителем: дневник, объявления, что и как присылать. Коротко, тепло, без рода и без склонения имён.

## Команды меню
bot-command-diary = Дневник ребёнка
bot-command-notices = Объявления школы
bot-command-subscriptions = Что и как присылать

## Первое меню
parent-button-diary = Дневник
parent-button-notices = Объявления
parent-button-subscriptions = Что и как присылать
parent-button-back = ‹ Назад
parent-button-home = ‹ В начало
parent-button-chosen = ✓ { $label }

## Дневник
parent-diary-whose = Чей дневник открыть?
parent-button-child-of-school = { $child } · { $school }
parent-button-children = Другой ребёнок
parent-button-today = Сегодня
parent-button-before = ‹ { $when }
parent-button-after = { $when } ›
parent-button-by-day = Подробно, по дням
parent-button-week = Вся неделя
parent-button-week-before = « Неделя
parent-button-week-after = Неделя »
parent-diary-heading = Дневник: { $name }, { $class_title }
parent-diary-week = Неделя: { $days }
parent-diary-days = { $first }–{ $last }
parent-diary-days-of-months = { $first } – { $last }
parent-diary-week-not-planned = На этой неделе по расписанию уроков нет.
parent-diary-week-before = Об этой неделе записей нет: школа ведёт этот журнал с { $first }.
parent-diary-week-unrecorded = Об этой неделе в журнале записей нет.
parent-diary-week-no-timetable = Расписания на эту неделю пока нет.
parent-diary-never-begun = Записей нет: уроки в этом журнале ещё не начались.
parent-diary-day-today = { $day } (сегодня)
parent-diary-day-not-planned = По расписанию уроков нет.
parent-diary-day-before = Записей нет: школа ведёт этот журнал с { $first }.
parent-diary-day-unrecorded = Об этом дне в журнале записей нет.
parent-diary-day-no-timetable = Расписания на этот день пока нет.
parent-diary-part = Часть { $part } из { $parts }: продолжение по кнопкам
parent-diary-lesson = { $number }. { $subject }
parent-diary-lesson-noted = { $line }: { $noted }
parent-diary-homework = ✎ { $text }
parent-diary-bells = { $starts }–{ $ends }
parent-diary-room = каб. { $room }
parent-diary-mark = Оценка: { $value } ({ $work })
parent-diary-absence = Посещение: { $words }
parent-diary-absent-unexplained = отсутствует
parent-diary-absent-illness = отсутствует по болезни
parent-diary-absent-excused = отсутствует по уважительной причине
parent-diary-absent-exempt = освобождение от урока
parent-diary-said-ill = болеет (по вашему сообщению)
parent-diary-said-family = по семейным обстоятельствам (по вашему сообщению)
parent-diary-said-late = опаздывает (по вашему сообщению)
parent-diary-said-unaware = вы ответили, что не знаете, где ребёнок
parent-diary-said-at-school = вы ответили, что ребёнок в школе
parent-diary-remark = Замечание: { $text }
parent-diary-remark-lesson = Замечание ({ $subject }): { $text }
parent-diary-praise = Похвала: { $text }
parent-diary-praise-lesson = Похвала ({ $subject }): { $text }
parent-diary-author = { $author }

## Что и как присылать
parent-subs-whose = О ком решаем, что и как присылать?
parent-subs-of = { $school }: { $children }
parent-subs-offer = Что присылать? Вот как советует школа:
parent-subs-offer-on = Всё это уже включено, можно ничего не нажимать. «Оставить так» — запомним это как ваш выбор: он не изменится, даже если школа станет советовать другое. «Настроить» — выбрать иначе. «Ничего не присылать» — отключить всё; сначала переспросим.
parent-subs-offer-off = Пока ничего не присылаем: решаете вы. «Подключить» включит всё сразу, «Настроить» покажет другие варианты.
parent-subs-offer-unsigned = Выбрать можно уже сейчас: «Подключить» или «Настроить». Присылать начнём, когда у школы будет ваше согласие.
parent-subs-signed = Ваше согласие у школы есть.
parent-subs-heading = Что и как вам присылать
parent-subs-tap = Нажмите на то, что хотите изменить.
parent-subs-change = Изменить можно в любой день: /subscriptions
parent-subs-by-school = Так советует школа. Сами вы пока ничего не меняли.
parent-subs-nowhere = Сейчас ни одно сообщение не дойдёт: у школы нет проверенной почты или чата, куда вам можно писать. Обратитесь к классному руководителю.
parent-subs-unsigned = Пока без вашего согласия ничего не приходит. Подписать его можно у классного руководителя. О ком речь: { $children }.
parent-subs-line = { $way }: { $categories }
parent-subs-now = Сейчас: { $way }.
parent-subs-done-advised = Готово! Запомнили ваш выбор.
parent-subs-done-silent = Хорошо, больше ничего не присылаем.
parent-subs-later = Хорошо, пока ничего не присылаем. Когда понадобится: /subscriptions
parent-subs-asking = Объявления, которые ждут вашего ответа, приходят сразу.
parent-subs-asking-off = Не придут и те объявления, которые ждут вашего ответа или подписи. Посмотреть их можно самим: /notices
parent-subs-chosen = Сохранено
parent-subs-advised-ask = Сейчас у вас свой выбор. Заменить его тем, что советует школа? Вот что она советует:
parent-subs-silence = Если всё отключить, школа не сможет сообщить вам:
parent-subs-missed = • { $what }
parent-subs-silence-ask = Дневник и объявления можно будет открывать здесь же самим. Отключить всё?
parent-subs-absence = Отсутствие на уроке
parent-subs-notice = Объявления
parent-subs-remark = Замечания
parent-subs-mark = Остальные оценки
parent-subs-praise = Похвала
parent-subs-homework = Домашние задания
parent-subs-about-absence = если ребёнка нет на уроке (лучше знать сразу)
parent-subs-about-notice = объявления класса, среди них те, что ждут вашей подписи
parent-subs-about-remark = замечания учителей
parent-subs-about-praise = похвалу учителей
parent-subs-about-homework = домашние задания
parent-way-now-telegram = Сразу, в мессенджер
parent-way-now-max = Сразу, в MAX
parent-way-now-mail = Сразу, на почту
parent-way-daily-mail = Раз в день, { $when }, на почту
parent-way-daily-telegram = Раз в день, { $when }, в мессенджер
parent-way-daily-max = Раз в день, { $when }, в MAX
parent-way-off = Не присылаем
parent-button-now-telegram = Сразу, в мессенджер
parent-button-now-max = Сразу, в MAX
parent-button-now-mail = Сразу, на почту
parent-button-daily-mail = Раз в день, на почту
parent-button-daily-telegram = Раз в день, в мессенджер
parent-button-daily-max = Раз в день, в MAX
parent-button-off = Не присылать
parent-button-hour = { $hour }:00
parent-button-take = Подключить
parent-button-keep = Оставить так
parent-button-adjust = Настроить
parent-button-later = Пока не надо
parent-button-advised = Как советуют
parent-button-silence = Ничего не присылать
parent-button-advised-yes = Да, как советует школа
parent-button-silence-yes = Да, ничего не присылать
parent-button-silence-no = Нет, оставить как есть

## Объявления
parent-notices-none = Объявлений пока нет. Когда школа что-нибудь объявит, оно появится здесь.
parent-notices-closed = Без вашего согласия на обработку персональных данных объявления здесь не видны. Их можно получить на бумаге у классного руководителя, там же подписывают и согласие. О ком речь: { $children }.
parent-notices = { $waiting ->
    [0] Объявления. Отвечать сейчас не на что.
    [one] Объявления. Ждёт ответа: { $waiting }.
   *[other] Объявления. Ждут ответа: { $waiting }.
}
parent-notice-for = { $class_title }: { $children }
parent-notice-author = { $author }, { $day }
parent-notice-ask-read = Отвечать не нужно.
parent-notice-ask-confirm = Ждёт ответа: подтвердите, что прочитали.
parent-notice-ask-confirm-until = Ждёт ответа: подтвердите, что прочитали. Последний день — { $day }.
parent-notice-ask-sign = Ждёт вашей подписи.
parent-notice-ask-sign-until = Ждёт вашей подписи. Последний день — { $day }.
parent-notice-late = Последний день для ответа прошёл: { $day }.
parent-notice-withdrawn = Школа отозвала это объявление, отвечать не нужно.
parent-notice-own-confirmed = ✓ Вы подтвердили, что прочитали: { $day }, { $clock }.
parent-notice-own-signed = ✓ Вы подписали: { $day }, { $clock }.
parent-notice-own-refused = Вы ответили, что не подписываете: { $day }, { $clock }.
parent-notice-question = Вот точный текст. Прочитайте его ещё раз:
parent-notice-question-anew = Новый ответ заменит этот: классный руководитель увидит новый. Прежний останется в истории журнала.
parent-notice-changeable = Пока ответы принимаются, его можно изменить.
parent-notice-changeable-until = Изменить ответ можно по этот день включительно: { $day }.
parent-notice-question-signed = Подписываете? Ответ запишется от вашего имени вместе с этим текстом. Пока ответы принимаются, его можно изменить.
parent-notice-question-refused = Точно не подписывать? Ответ запишется от вашего имени вместе с этим текстом. Пока ответы принимаются, его можно изменить.
parent-notice-left = Ничего не изменилось.
parent-notice-card-old = Вы с тех пор уже ответили, поэтому эта кнопка ничего не изменила. Вот что записано сейчас.
parent-notice-answered-so = Вы уже так и ответили.
parent-notice-thanks-confirmed = Спасибо! Школа видит, что вы прочитали.
parent-notice-thanks-signed = Подписано. Спасибо!
parent-notice-thanks-refused = Записано: вы не подписываете. Классный руководитель это видит.
parent-button-confirm = Прочитано
parent-button-sign = Подписать
parent-button-refuse = Не подписывать
parent-button-signed = Подписываю
parent-button-refused = Не подписываю
parent-button-change = Изменить ответ
parent-button-notice = Текст объявления
parent-button-page-before = ‹ Новее
parent-button-page-after = Старше ›

## Подсказка
parent-help =
    «Дневник» (/diary) — уроки, оценки, домашние задания и замечания по неделям.
    «Объявления» (/notices) — всё, что объявила школа, и что ещё ждёт вашего ответа. Подпись ставится только вторым нажатием, под точным текстом.
    «Что и как присылать» (/subscriptions) — сразу, раз в день или раз в неделю, в мессенджер или на почту, или не присылать совсем.
    «Мои данные» (/me) — почта, письма и повтор сообщений на почту.

## Отказы
refusal-no-children-here = За этим чатом сейчас не записан ни один ученик. Если это ошибка, напишите классному руководителю.
refusal-channel-not-yours = Этот способ связи сейчас не работает. Ничего не изменилось. Откройте выбор заново: /subscriptions
refusal-link-not-told-yet = Чат ещё подключается, это меньше минуты. Нажмите ещё раз чуть позже.
parent-diary-limited = Вам открыто расписание. Оценки, задания и замечания видят родители.
