# Правила школы: сроки, коды, пороги. Строка правила называет его для людей.
rules-profile-region-2020 = «Регламент региона, 2020»
rules-profile-school-2023 = «Положение школы, 2023»
rules-head = { $school }: { $profile }. { $own ->
    [0] Своих правил нет.
    [one] Своё правило: { $own } (отмечено *).
    [few] Своих правил: { $own } (отмечены *).
   *[many] Своих правил: { $own } (отмечены *).
}
rules-changed = Записано.
rules-group-attendance = Посещаемость
rules-group-marks = Отметки
rules-group-lessons = Тема урока и домашнее задание
rules-group-finals = Итоговые отметки и исправления
rules-group-year = Сроки учебного года
rules-group-families = Семьи
rules-group-archive = Архив
rules-group-access = Доступ и согласия
rules-group-monitoring = Мониторинг
rules-group-organisation = Организация (программа напоминает, но не проверяет)
rule-absence_minutes = срок, за который отмечают отсутствующих (от начала урока)
rule-roll_bell_reminder = напоминать учителю о перекличке в начале урока
rule-roll_reminder_minutes = через сколько минут урока напомнить о перекличке, если она пуста
rule-roll_reminders_a_day = сколько напоминаний о перекличке одному человеку в день, не больше
rule-morning_at = когда рассказать директору и завучам, как прошло утро
rule-absence_recheck = классный руководитель перепроверяет список отсутствующих за день
rule-absence_codes = коды отсутствия
rule-class_teacher_sets_absence = классный руководитель может отмечать отсутствие и его причину
rule-absence_told = кто сообщает семье об отсутствии
rule-missed_lessons_summed = как часто подводят итог пропусков
rule-lesson_marks_by = отметки за урок выставлены в тот же день до
rule-control_work_days = срок отметок за контрольную работу (ВШК)
rule-written_work_days = срок отметок за письменную работу
rule-next_lesson_grades = классы, где работу проверяют к следующему уроку
rule-senior_work_days = срок отметок за работы в 5–11 классах
rule-creative_work_days = срок отметок за творческие письменные работы в 5–11 классах
rule-instead_of_mark = что может стоять вместо итоговой отметки
rule-topic_by = тема урока записана в тот же день до
rule-homework_minutes = срок записи домашнего задания (после последнего урока класса)
rule-homework_by = домашнее задание записано в тот же день до
rule-homework_after_today = задание задают только на урок после сегодняшнего дня
rule-nothing_set_from_grade = с какого класса обязательно «Не задано»
rule-homework_way = способ выдачи домашнего задания
rule-substitution_at_once = замену указывают вместе с записью урока
rule-finals_open = когда можно выставлять итоговые отметки
rule-finals_close = до какого дня выставляют итоговые отметки
rule-results_shown_hours = срок показа итогов и результатов экзаменов
rule-lock_after_finals = после итоговых отметок журнал периода закрыт
rule-lock_after_days = сколько можно исправлять без разрешения администрации (от урока)
rule-late_first_mark = первая отметка за письменную работу проходит и после этого срока
rule-sections_by = разделы учебного года заполнены до
rule-timetable_by = расписание передано администратору до
rule-teaching_load_by = нагрузка передана администратору до
rule-tariff_list_on = тарификация на
rule-verification_by = данные сверены, карты заполнены до
rule-data_check_every = как часто проверяют, не изменились ли данные
rule-achievement_notices_every = электронные уведомления об успеваемости не реже
rule-paper_notices_every = распечатки семьям без доступа не реже
rule-weekly_letter_on = день еженедельного письма
rule-changes_told = когда сообщают о заменах и переносах
rule-address_given_in = где родитель указывает почту
rule-reply_days = срок ответа на личное сообщение
rule-journal_told_at = когда родителям рассказывают о журнале
rule-print_by = журнал и ведомости распечатаны и заверены до
rule-sheet_to_archive = год не закрыть, пока сводная ведомость не в архиве
rule-journal_years = хранение журналов
rule-sheet_years = хранение сводных ведомостей
rule-breach_staff_hours = срок, за который сотрудник или ученик сообщает о чужом входе
rule-breach_parent_days = срок, за который родитель сообщает о чужом входе (рабочие дни)
rule-breach_counted_from = откуда считают этот срок
rule-login_staff = как входят сотрудники
rule-login_pupils = как входят ученики
rule-login_parents = как входят родители
rule-no_consent = что получает семья без согласия
rule-optimal_percent = оптимальным считают уровень от
rule-low_percent = низким считают уровень ниже
rule-success_of = от чего считают успеваемость класса
rule-quality_from = качество считают с отметки
rule-ungraded_succeed = безотметочное обучение считают успешным
rule-averages = какие средние показывают по группе школ
rule-monitoring_export = когда делают отчёт мониторинга
rule-transition_reports_every = отчёты о переходе на электронный журнал
rule-duties_warned_months = за сколько предупреждают сотрудников о новых обязанностях
rule-support_hours = часы поддержки
rule-platform_address = адрес платформы региона
rules-group-forms = Формы обучения
rule-accounting_family = где записаны успехи при семейном образовании
rule-accounting_self = где записаны успехи при самообразовании
rule-accounting_external = где записаны успехи при экстернате
rule-accounting_free = где записаны успехи при свободном посещении
rule-accounting_home = где записаны успехи при обучении на дому
rule-accounting_hospital = где записаны успехи при обучении в больнице или санатории
rule-unit-minutes = { $count ->
    [one] { $count } минута
    [few] { $count } минуты
   *[many] { $count } минут
}
rule-unit-hours = { $count ->
    [one] { $count } час
    [few] { $count } часа
   *[many] { $count } часов
}
rule-unit-days = { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[many] { $count } дней
}
rule-unit-months = { $count ->
    [one] { $count } месяц
    [few] { $count } месяца
   *[many] { $count } месяцев
}
rule-unit-years = { $count ->
    [one] { $count } год
    [few] { $count } года
   *[many] { $count } лет
}
rule-unit-percent = { $count } %
rule-value-week = раз в неделю
rule-value-month = раз в месяц
rule-value-quarter = раз в четверть
rule-value-year = раз в год
rule-value-automatic = журнал сам
rule-value-teacher = учитель
rule-value-given-at-lesson = у урока, на котором задано
rule-value-due-at-lesson = у урока, к которому задано
rule-value-last-week = с последней недели
rule-value-last-lesson = с последнего урока
rule-value-any-time = в любой день
rule-value-before-holidays = до каникул
rule-value-next-working-day = до следующего рабочего дня
rule-value-at-once = сразу
rule-value-daily = раз в день
rule-value-monday = понедельник
rule-value-tuesday = вторник
rule-value-wednesday = среда
rule-value-thursday = четверг
rule-value-friday = пятница
rule-value-saturday = суббота
rule-value-sunday = воскресенье
rule-value-profile = в личных данных
rule-value-settings = в настройках
rule-value-found = когда это заметили
rule-value-news = когда об этом сообщили
rule-value-password = логин и пароль
rule-value-provider = Госуслуги или другой внешний вход
rule-value-paper = распечатки
rule-value-paper-on-request = распечатки по просьбе
rule-value-subject = от отметок по предмету
rule-value-pupil = от числа учеников без двоек
rule-value-both = простые и взвешенные
rule-value-unweighted = простые
rule-value-weighted = взвешенные
rule-value-on-request = по запросу
rule-value-monthly = каждый месяц
rule-value-quarterly = каждую четверть
rule-value-class-journal = журнал класса
rule-value-separate-sheet = отдельная ведомость
rule-value-certificate = справка с места обучения
rule-value-assessment-only = только результаты аттестации
rule-may-be-number = целое число от { $lowest } до { $highest }.
rule-may-be-switch = «да» или «нет».
rule-may-be-clock = время, например 21:00.
rule-may-be-day = день и месяц, например 05.09.
rule-may-be-choice = одно из: { $choices }.
rule-may-be-choices = через запятую: { $choices }.
rule-may-be-grades = классы от и до, например 2-4.
rule-may-be-codes = строка «код:вид:признаки:что значит», через точку с запятой; виды — unexcused, illness, excused, exempt, признаки — missed (урок пропущен), told (семье сообщают).
rule-may-be-text = одна строка своими словами.
rule-may-be-off = Или «нет»: тогда правила нет.
rules-how = Изменить правило — имя в скобках, знак «=» и новое значение: zvonok school rules { $example }
rules-about-one = Что значит правило и каким может быть: zvonok school rules { $name }
rules-source = Все правила взяты из документов; откуда каждое и каковы оба готовых набора — на странице docs/reference/school-rules.md.
rules-one-may-be = Каким может быть: { $choices }
rules-one-source = Откуда: { $source }.
rules-document-000 = записка о журнале в ГИС «Образование в Челябинской области»
rules-document-001 = приказ № 287 от 28.02.2020 (образование ХМАО — Югры)
rules-document-002 = положение одной школы о журнале от 31.08.2023
rules-document-003 = письмо регионального оператора (Челябинск) от 10.07.2024
rules-document-004 = положение одной школы о журнале от 29.08.2019
rules-part-ord = сам приказ
rules-part-r1 = общая часть регламента
rules-part-r2 = план перехода на журнал
rules-part-r3 = регламент ведения журнала
rules-part-r4 = регламент дневника
rules-part-r5 = обязанности сотрудников
rules-part-a1 = приложение 1
rules-part-a2 = приложение 2
rules-part-a2-hd = приложение 2 (директор)
rules-part-a2-dp = приложение 2 (заместитель)
rules-part-a2-ct = приложение 2 (классный руководитель)
rules-part-a2-st = приложение 2 (учитель)
rules-part-a2-ad = приложение 2 (администратор)
rules-part-a3 = приложение 3
rules-part-a4 = приложение 4
rules-clause-point = п. { $number }
rules-clause-lines = строки { $number }
rules-clause-line = строка { $number }
rules-clause-tables = таблицы
rules-whence = Откуда набор: { $document }.
rules-never-chosen = С ним заводится каждая школа, сама она набора ещё не выбирала. Выбрать другой: zvonok school rules --profile { $other }
rules-chosen = Выбран { $day }, кем: { $who }.
rules-chosen-office = канцелярия, командой zvonok
rules-profile-document-region-2020 = приказ № 287 от 28.02.2020 (образование ХМАО — Югры)
rules-profile-document-school-2023 = положение одной школы о журнале от 31.08.2023
rules-one-example = Изменить, например: zvonok school rules { $example }
rules-one-back = Вернуть, как в наборе: zvonok school rules { $name }=
rules-mixed = Спросить о правиле и изменить другое за один раз нельзя: у «{ $name }» нет «=значение».
refusal-rule-unknown = Правила «{ $name }» нет. Список правил: zvonok school rules
refusal-rule-switch = Правило «{ $name }»: напишите «да» или «нет».
refusal-rule-number = Правило «{ $name }»: нужно целое число от { $lowest } до { $highest }.
refusal-rule-clock = Правило «{ $name }»: нужно время, например 21:00.
refusal-rule-day = Правило «{ $name }»: нужны день и месяц, например 05.09.
refusal-rule-choice = Правило «{ $name }»: можно { $choices }.
refusal-rule-grades = Правило «{ $name }»: нужны классы от и до, например 2-4.
refusal-rule-codes = Правило «{ $name }»: нужны разные коды в виде «н:unexcused:missed+told:без причины; б:illness:missed:болезнь».
refusal-rule-text = Правило «{ $name }»: нужна одна строка, не длиннее { $longest } знаков.
refusal-rule-low-above-optimal = Правило «low_percent» не может быть больше, чем «optimal_percent».
refusal-rule-profile-unknown = Набора правил «{ $profile }» нет. Можно: { $choices }.
