# Учебный год: как его задают, показывают и проверяют; кабинеты, предметы, смены. Читает завуч.
plan-part-federal = федеральная часть плана
plan-part-school = компонент школы

refusal-plan-calendar-refused = Календарь противоречит сам себе ({ $count ->
    [one] { $count } ошибка
    [few] { $count } ошибки
   *[many] { $count } ошибок
}). Ничего не изменено.
refusal-plan-bells-refused = Звонки противоречат друг другу ({ $count ->
    [one] { $count } ошибка
    [few] { $count } ошибки
   *[many] { $count } ошибок
}). Ничего не изменено.
refusal-plan-slots-without-bells = В расписании есть уроки, для которых нет звонка: { $learners } и другие, всего { $count }. Ничего не изменено.
refusal-plan-calendar-first = Календаря на { $year } учебный год ещё нет. Сначала задайте его, потом звонки.
refusal-plan-class-without-grade = В календаре нет параллелей, в которых учатся { $classes }. Добавьте их в five_days или six_days.
refusal-room-unknown = Такого кабинета в школе нет.
refusal-room-unknown-name = Кабинета «{ $name }» в школе нет. Все кабинеты: zvonok year rooms list
refusal-room-there = Кабинет «{ $name }» уже есть. Ничего не изменено.
refusal-room-seats = Мест в кабинете может быть от 1 до { $most }.
refusal-room-in-use = Кабинет «{ $name }» закрыть нельзя, в нём ещё есть уроки: в недельном расписании — { $weekly }, на ближайшие дни — { $dated }. Сначала перенесите их.
refusal-subject-unknown = Такого предмета в школе нет.
refusal-subject-unknown-name = Предмета «{ $name }» в школе нет. Все предметы: zvonok year subjects list
refusal-subject-there = Предмет «{ $name }» уже есть. Ничего не изменено.
refusal-subject-name-odd = «{ $name }»: название предмета начинается с буквы или цифры.
refusal-subject-name-short = «{ $name }»: похоже на сокращение («{ $short }»). Предмет пишется полностью, как в учебном плане.
refusal-subject-name-capital = «{ $name }»: предмет пишется со строчной буквы: «{ $used }».
refusal-shift-unknown = Смена — это число от 1 до { $most }.

audit-action-year-calendar = задан календарь учебного года
audit-action-year-bells = заданы звонки
audit-action-room-add = добавлен кабинет
audit-action-room-change = изменён кабинет
audit-action-room-close = закрыт кабинет
audit-action-room-open = открыт кабинет
audit-action-subject-add = добавлен предмет
audit-action-subject-change = изменён предмет
audit-action-class-shift = изменена смена класса

# --- Файл года ----------------------------------------------------------------------------------------------

year-file-none = Файла { $path } нет.
year-file-closed = Файл { $path } не открывается ({ $why }).
year-file-large = Файл слишком велик: год занимает две-три страницы. Тот ли это файл?
year-file-encoding = Файл не в кодировке UTF-8. Сохраните его заново: «Сохранить как», кодировка UTF-8.
year-file-line = Строка { $line }: так в файлах TOML не пишут. Проверьте кавычки, скобки, знак «=» и нет ли такого же ключа выше.
year-file-not-toml = Файл не читается как TOML. Проверьте кавычки и скобки до конца файла.
year-file-nothing-set = Ничего не изменено.
year-file-table = { $name } № { $number }
year-file-key = ключ { $name }
year-file-fault-missing = не хватает, нужно добавить.
year-file-fault-unknown = такого здесь не бывает.
year-file-fault-near = Похоже на { $name }.
year-file-fault-number = нужно целое число без кавычек.
year-file-fault-list = нужен список в квадратных скобках; таблицу, которых бывает несколько, начинают с двойных: [[ ]].
year-file-fault-table = здесь нужна таблица с ключами.
year-file-fault-text = нужны слова в кавычках.
year-file-fault-empty = пусто, а что-то должно быть.
year-file-fault-long = слишком длинно, можно не больше { $longest } знаков.
year-file-fault-many = слишком много, можно не больше { $most }.
year-file-fault-lesson-number = номер урока — число от 0 до 19.
year-file-fault-day = нужна дата: 2026-09-01 без кавычек или "01.09.2026" в кавычках.
year-file-fault-hours = нужно время начала и конца в кавычках: "08:30-09:15".
year-file-fault-hours-backwards = конец не позже начала.
year-file-fault-backwards = последний день (last) раньше первого (first).
year-file-fault-twice = одно и то же записано дважды.
year-file-fault-bound = { $side ->
    [greater] нужно число не меньше { $bound }.
   *[less] нужно число не больше { $bound }.
}
year-file-fault-choice = можно { $choices }.
year-file-fault-grade-in-both = Параллель { $what } записана дважды: и в five_days, и в six_days.
year-file-fault-level-twice = Периоды заданы дважды: { $what }.
year-file-fault-moved-twice = День { $what } записан в таблицах moved дважды.

# --- Год, как его показывают --------------------------------------------------------------------------------

year-not-set = Календаря на { $years } учебный год ещё нет. Задать его: zvonok year set year.toml
year-was-set = { $years } учебный год записан. Что изменилось:
year-same = Всё уже так и записано, ничего не изменилось.
year-lessons-on-day-off = Внимание: { $day } по этому календарю — выходной, а в расписании на этот день есть уроки: { $learners }. Они останутся в расписании, но проводиться не будут.
year-lessons-own-hours = Часы расписания важнее звонков. Уроков, у которых они другие: { $count }. Чтобы такой урок шёл по звонкам, загрузите расписание без начала и конца у него: zvonok import timetable.csv
year-only-looked = Это только просмотр, ничего не записано.
year-closed-on = Год закрыт { $day }.
year-head = { $years } учебный год: { $span }
year-week = { $days ->
    [5] Пятидневная неделя
   *[6] Шестидневная неделя
}, параллели: { $grades }
year-terms = { $level }, { $kind }:
year-period-quarter = { $number } четверть
year-period-trimester = { $number } триместр
year-period-half-year = { $number } полугодие
year-period-own = { $number } период
year-holidays = Каникулы:
year-holiday = { $name }: { $span } ({ $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
}){ $whose }
year-holiday-grades = , параллели: { $grades }
year-days-off = Выходные: { $days }
year-moved = { $day } учимся по расписанию { $by }
year-bells = Звонки «{ $name }», смена { $shift }{ $whose }:
year-bells-grades = параллели: { $grades }
year-bells-weekdays = дни: { $days }
year-weekday-1 = понедельник
year-weekday-2 = вторник
year-weekday-3 = среда
year-weekday-4 = четверг
year-weekday-5 = пятница
year-weekday-6 = суббота
year-weekday-7 = воскресенье
year-shift-set = Смена { $shift }: { $classes }.

# --- Кабинеты и предметы ------------------------------------------------------------------------------------

rooms-none = Кабинетов в журнале ещё нет. Добавить: zvonok year rooms add 12 14
rooms-added = { $count ->
    [one] Добавлен { $count } кабинет.
    [few] Добавлены { $count } кабинета.
   *[many] Добавлено { $count } кабинетов.
}
room-seats-line = { $count ->
    [one] { $count } место
    [few] { $count } места
   *[many] { $count } мест
}
room-shared = несколько уроков сразу
room-closed = закрыт
subjects-none = Предметов в журнале ещё нет. Добавить: zvonok year subjects add "русский язык" математика
subjects-head = { $service }, { $part }:
subjects-added = { $count ->
    [one] Добавлен { $count } предмет.
    [few] Добавлены { $count } предмета.
   *[many] Добавлено { $count } предметов.
}
subject-line = { $name }: { $service }, { $part }

# --- Готовность года ----------------------------------------------------------------------------------------

ready-head = { $years } учебный год: готово { $done } из { $all }.
ready-all = Всё готово.
ready-left = { $days ->
    [0] Срок — сегодня, { $day }.
    [one] До срока ({ $day }) остался { $days } день.
    [few] До срока ({ $day }) осталось { $days } дня.
   *[many] До срока ({ $day }) осталось { $days } дней.
}
ready-overdue = { $days ->
    [one] Срок был { $day }: просрочен { $days } день.
    [few] Срок был { $day }: просрочено { $days } дня.
   *[many] Срок был { $day }: просрочено { $days } дней.
}
ready-done = готово: { $what }{ $due }
ready-missing = не готово: { $what }{ $due }
ready-not-needed = не требуется: { $what }{ $due }
ready-elsewhere = пока вне «Звонка»: { $what }{ $due }
ready-due = , срок { $day }
ready-item-year-03 = учебные периоды (уровней школы: { $count })
ready-item-year-04 = каникулы ({ $count })
ready-item-year-05 = предметы ({ $count })
ready-item-year-06 = учебные планы ({ $count })
ready-item-year-07 = кабинеты ({ $count })
ready-item-year-08 = сотрудники ({ $count })
ready-item-year-09 = классы и классные руководители ({ $count })
ready-item-year-10 = группы и классы-комплекты ({ $count })
ready-item-year-11 = потоки ({ $count })
ready-item-year-12 = ученики на индивидуальных планах ({ $count })
ready-item-year-13 = контингент (учеников в классах: { $count })
ready-item-year-14 = режим работы (расписаний звонков: { $count })
ready-item-year-15 = нагрузка учителей (классов с нагрузкой: { $count })
ready-item-tt-01 = недельное расписание (уроков: { $count })
ready-item-tt-02 = расписания по видам занятий (видов: { $count })
ready-item-tt-04 = замены и переносы (записано: { $count })
ready-item-tt-12 = график контрольных работ (работ: { $count })
ready-item-ktp-01 = календарно-тематическое планирование
ready-gap-no-calendar = Календарь года не задан: zvonok year set year.toml
ready-gap-classes-outside-calendar = В календаре нет параллелей этих классов: { $names }
ready-gap-no-holidays = Каникулы не заданы.
ready-gap-no-subjects = Нет ни одного предмета: zvonok year subjects add "русский язык"
ready-gap-subject-names = Названия не так, как в учебном плане (полностью, со строчной буквы): { $names }
ready-gap-no-plans = Нет ни одного учебного плана: zvonok plan import plan.csv
ready-gap-grades-without-plan = Нет плана уроков для параллелей: { $names }
ready-gap-no-extra-plan = Нет плана внеурочной деятельности.
ready-gap-no-rooms = Нет ни одного кабинета: zvonok year rooms add 12 14
ready-gap-no-staff = Нет ни одного сотрудника: zvonok import staff.csv
ready-gap-no-classes = В этом году нет ни одного класса: zvonok import pupils.csv
ready-gap-classes-without-teacher = Без классного руководителя: { $names }
ready-gap-groups-empty = Группы, в которых никого нет: { $names }
ready-gap-streams-small = В потоке должно быть больше 30 человек, а здесь меньше: { $names }
ready-gap-pupils-without-plan = Есть ученики на индивидуальном плане, а самого плана нет: { $names }
ready-gap-classes-without-pupils = Классы без учеников: { $names }
ready-gap-no-bells = Звонки не заданы.
ready-gap-without-bells = Нет звонков на всю неделю: { $names }
ready-gap-classes-without-load = Нагрузка не распределена: { $names }
ready-gap-classes-without-lessons = Нет расписания у классов: { $names }
ready-gap-groups-without-lessons = Нет расписания у групп: { $names }
ready-gap-services-without-lessons = План есть, а расписания нет: { $names }
ready-gap-no-control-works = Ни одной контрольной работы не запланировано.
