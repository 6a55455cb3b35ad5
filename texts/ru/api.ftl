# HTTP API журнала: отказы, описание адресов, ключи программ. Читают программисты и администратор школы.
http-title = API школьного журнала «Звонок»
http-about = Уроки, переклички, оценки, домашние задания, дневник, классы. Входят либо сеансом браузера, либо ключом программы, который выдаёт школа. Каждый отказ — документ RFC 9457 с кодом и пояснением.
http-about-key = Ключ программы, начинается с zvk_. Действует от имени школы и только в пределах своих разрешений.

# Отказы самого API.
http-too-often = Слишком много запросов подряд. Подождите столько секунд, сколько сказано в Retry-After.
http-scope-missing = У ключа нет разрешения { $field }. Его выдаёт школа.
http-person-needed = Это личное: открыть может только сам человек, войдя в журнал. Ключом программы это не открыть.
http-parameter-wrong = Параметр «{ $field }»: его нет, он лишний или записан не так. Дни пишут как 2026-11-24.
http-header-wrong = Заголовок { $field } записан не так.{ $field ->
    [Idempotency-Key] {" "}Годятся от 8 до 128 знаков: латинские буквы, цифры, точка, дефис, подчёркивание, двоеточие.
   *[other] {""}
}
http-key-needed = Нужен заголовок { $field }: с ним повтор того же запроса ничего не сделает дважды.
http-version-needed = Нужен заголовок { $field }: метка (ETag) того, что вы видели, когда решили изменить.
http-changed-since = Это изменилось с тех пор, как вы прочитали. Ничего не записано: прочитайте заново и решите ещё раз.
http-json-needed = Тело запроса должно быть в JSON: Content-Type: application/json.
http-body-broken = Тело запроса — не JSON того вида, который здесь ждут.
http-body-unreadable = Тело запроса не распаковывается: оно упаковано не так, как сказано в Content-Encoding. Ничего не записано.
http-body-wrong = Поле { $field }: его нет, оно лишнее или заполнено не так.
http-body-too-large = Запрос слишком большой. Ничего не записано.
http-pupil-twice = Один и тот же ученик назван дважды: { $field }. Ничего не записано.
http-cursor-unknown = Параметр «{ $field }» — не от этого списка. Начните список сначала.
http-days-too-many = Слишком много дней сразу: не больше года. Измените параметр «{ $field }».
http-day-out-of-reach = В этот день уроков не было и не будет. Измените параметр «{ $field }».
http-foreign-page = Этот запрос отправила другая страница. Ничего не изменено.
http-nothing-here = Такого адреса нет. Все адреса: /api/v1/
http-method-unknown = Так к этому адресу не обращаются. Как можно, сказано в заголовке Allow.
http-away = Это наша неполадка. Попробуйте, пожалуйста, через несколько минут.

# Отказы журнала в словах для программ: там, где журнал отвечает словами для чата.
http-refusal-lesson-unknown = Такого урока в журнале нет. Уроки дня и их номера: /schools/…/lessons
http-refusal-pupil-not-of-this-class = Один из учеников не из тех, у кого этот урок ({ $class_title }). Ничего не записано.
http-refusal-roll-list-changed = Метка списка не та: список { $class_title } изменился. Ничего не записано: прочитайте перекличку заново.
http-refusal-session-over = Непонятно, кто спрашивает: нужен заголовок Authorization: Bearer с ключом программы или сеанс браузера.

# Отказы журнала.
refusal-api-key-unknown = Этот ключ ничего не открывает: такого нет, он отозван или его срок вышел.
refusal-api-key-gone = Такого ключа нет.
refusal-api-key-made-already = Ключ уже создан, а показать его можно только один раз. Отзовите его и создайте новый.
refusal-api-key-no-scope = Назовите хотя бы одно разрешение: ключ без разрешений ничего не откроет.
refusal-api-key-over = Последний день ключа уже прошёл. Назовите день не раньше сегодняшнего.
refusal-repeat-of-another-request = С этим Idempotency-Key уже был другой запрос. Дайте новому запросу другое имя.

# Что значит статус.
http-title-200 = Готово
http-title-201 = Создано
http-title-204 = Готово, показывать нечего
http-title-304 = Не изменилось с прошлого раза
http-title-400 = Запрос составлен неверно
http-title-401 = Непонятно, кто спрашивает
http-title-403 = На это нет прав
http-title-404 = Такого нет
http-title-405 = Так сюда не обращаются
http-title-409 = Сейчас этого сделать нельзя
http-title-412 = Изменилось, пока вы решали
http-title-413 = Слишком большой запрос
http-title-415 = Нужен JSON
http-title-422 = Смысл запроса не сходится с журналом
http-title-428 = Не сказано, что именно вы меняете
http-title-429 = Слишком часто
http-title-500 = Наша неполадка
http-title-503 = Журнал сейчас не отвечает

# Адреса.
http-op-me = Кто я
http-op-classes = Классы школы
http-op-pupils = Ученики класса
http-op-control-works = Контрольные работы класса
http-op-diary = Неделя дневника ученика
http-more-diary = Неделя, в которую входит день. Открывают родители и сам ученик; школа видит, что дневник открывали.
http-op-my-lessons = Мои уроки за день
http-more-my-lessons = Свои уроки и те, что вы ведёте за другого.
http-op-school-lessons = Уроки школы за день
http-op-lesson = Урок
http-op-roll = Перекличка урока
http-op-roll-call = Провести перекличку
http-more-roll-call = Называют только исключения: отсутствие, опоздание, уход раньше конца. Остальные были на уроке. Повторная перекличка заменяет прежнюю. В roster возвращают метку списка из прочитанной переклички, в If-Match — её ETag.
http-op-roll-correct = Исправить перекличку
http-more-roll-correct = Меняются только названные ученики; запись без кода, минут и ухода значит: всё-таки на уроке.
http-op-roll-take-back = Отменить последнюю перекличку
http-more-roll-take-back = Возвращает то, что было до неё.
http-op-roll-hints = Что известно о дне учеников
http-more-roll-hints = Отсутствие на предыдущем уроке, ответы родителей, отсутствие, о котором известно заранее: по приказу школы или со слов семьи. Заранее известное в перекличку само не попадает. Всё это отдельно от переклички, чтобы ответ родителей не мешал её записать.
http-op-marks = Оценки урока
http-op-mark-give = Поставить оценку
http-more-mark-give = Отсутствующему оценку ставят, только сказав for_missed: за тему, которую пропустили и сдали позже.
http-op-marks-give = Поставить оценки всему уроку
http-more-marks-give = Все вместе или ни одной: если хоть одну поставить нельзя, не записывается ничего.
http-op-mark = Оценка
http-op-mark-correct = Исправить оценку
http-op-mark-take-back = Снять оценку
http-op-homework = Домашнее задание, данное на уроке
http-op-homework-set = Задать на дом
http-more-homework-set = К следующему уроку этого предмета. Вместо текста null: ничего не задано. С If-Match задание должно быть уже дано, иначе 412. Повтор с тем же Idempotency-Key показывает, что задано теперь; если задание с тех пор сняли, ответ 409.
http-op-homework-take-back = Снять домашнее задание

# Параметры и поля.
http-field-school = Школа
http-field-school-class = Класс
http-field-lesson = Урок
http-field-pupil = Ученик
http-field-mark = Оценка
http-field-day = День, ГГГГ-ММ-ДД
http-field-first = Первый день
http-field-last = Последний день
http-field-limit = Сколько строк на странице
http-field-after = Слово next с прошлой страницы
http-field-next = С чем просить следующую страницу; null: это последняя
http-field-if-match = ETag того, что вы прочитали перед изменением
http-field-idempotency-key = Своё имя для запроса: повтор с тем же именем ничего не сделает дважды и показывает, что стоит теперь; если сделанное с тех пор сняли, ответ говорит об этом
http-field-kind = Вид
http-field-scopes = Разрешения ключа
http-field-items = Строки
http-field-version = Сколько раз это меняли
http-field-roster = Метка списка учеников
http-field-called = Перекличка проведена
http-field-exceptions = Отсутствие, опоздание, уход раньше конца
http-field-entries = Исправленные записи
http-field-code = Код пропуска, например н; null: пропуска нет
http-field-late-minutes = На сколько минут опоздание
http-field-left-early = Уход раньше: с разрешения (permission), в медпункт (nurse), без разрешения (without)
http-field-absent-before = Не было на предыдущем уроке
http-field-answers = Что ответили родители
http-field-expected = Отсутствие, о котором известно заранее; null: ничего не известно
http-field-by = Откуда известно: приказ школы (released), сообщение семьи (announced)
http-field-reason = Причина. Семья: болезнь (illness), семейные обстоятельства (family), другое (other); приказ: олимпиада (olympiad), соревнования (competition), дежурство (duty), мероприятие (event), другое (other)
http-field-order = О чём приказ; null: это сказала семья
http-field-until = Последний день
http-field-suggested-code = Код, которым это отметить; null: такого в таблице школы нет
http-field-value = Оценка, от 1 до 5
http-field-work = За какую работу
http-field-for-missed = За пропущенную тему
http-field-learners = Чей урок: класс, группа или ученик
http-field-subject = Предмет
http-field-number = Номер по порядку
http-field-starts-at = Начало
http-field-ends-at = Конец
http-field-instead-of = Кого замещают
http-field-cancelled = Почему урока нет; null: он есть
http-field-roll-called = Перекличка проведена; null: неизвестно
http-field-text = Текст
http-field-nothing-set = Ничего не задано
http-field-set-on = Когда задано
http-field-due-on = К какому дню
http-field-due-lesson = К какому уроку
http-field-whole = Дневник целиком; иначе только расписание
http-field-empty = Почему в этот день нет уроков
http-field-field = Параметр или заголовок, в котором дело
http-field-pointer = Место в теле запроса (JSON Pointer)
http-field-detail = Что случилось и что делать
http-field-type = Вид отказа, всегда urn:zvonok:problem: и код
http-field-status = Статус ответа
http-field-title = Название
http-field-id = Имя для программ
http-field-name = Фамилия, имя, отчество
http-field-grade = Параллель
http-field-year = Учебный год, по его сентябрю
http-field-class-teacher = Классное руководство
http-field-pupils = Ученики по списку класса
http-field-form = Вид работы
http-field-topic = Тема
http-field-for-control = Для внутришкольного контроля
http-field-room = Кабинет
http-field-class-title = Класс
http-field-monday = Понедельник недели
http-field-days = Дни
http-field-lessons = Уроки
http-field-remarks = Замечания и похвала
http-field-events = Что ещё в этот день
http-field-teacher = Кто ведёт
http-field-homework = Что задано к этому уроку
http-field-marks = Оценки
http-field-substituted = Замена
http-field-distant = Дистанционно
http-field-author = Кто написал
http-field-place = Где

# Разрешения ключей.
http-scope-journal-read = Читать страницы уроков: переклички, оценки, задания
http-scope-timetable-read = Читать расписание, список классов, контрольные работы
http-scope-pupils-read = Читать списки учеников
http-scope-attendance-write = Записывать переклички
http-scope-marks-write = Ставить, исправлять и снимать оценки
http-scope-homework-write = Задавать на дом

# Страница для людей.
http-page-keys = Командой zvonok api-keys make школа выдаёт программе ключ. Его показывают в заголовке Authorization: Bearer zvk_… . Ключ действует от имени школы, только в пределах разрешений; в журнале действий видно, каким ключом что сделано.
http-page-repeat = Если ответа нет, повторите запрос с тем же Idempotency-Key: сделанное не повторится.
http-page-versions = Каждый ответ несёт ETag. Чтобы изменить перекличку, верните его в If-Match: если её тем временем изменили, вы узнаете об этом, и ничего не потеряется.
http-page-contents = Что умеет
http-page-details = Что принимает и чем отвечает
http-page-document = Описание для программ: OpenAPI 3.1
http-page-scopes = Разрешения
http-page-takes = Принимает
http-page-body = Тело запроса
http-page-shows = Отвечает
http-page-statuses = Статусы
http-page-needed = обязательно
http-page-person = Только для вошедшего человека.
http-page-by-key = Ключу нужно: { $scopes }
http-page-by-any-key = Ключу разрешения не нужны.

# Командная строка.
office-api-key-made = Ключ «{ $title }» создан. Вот он, и больше его не увидеть:
office-api-key-care = Передайте его так, чтобы не увидел никто другой. Потеряли — отзовите и создайте новый.
office-api-key-line = { $id }  { $title }  [{ $scopes }]  создан { $made }, { $until }, { $used }
office-api-key-until = до { $day }
office-api-key-endless = без срока
office-api-key-revoked = отозван { $day }
office-api-key-used = последний раз { $day }
office-api-key-unused = ещё не пользовались
office-api-keys-none = Ключей нет.
office-api-key-gone = Ключ отозван: он больше ничего не откроет.
audit-action-api-key-make = создан ключ программы
audit-action-api-key-revoke = отозван ключ программы
