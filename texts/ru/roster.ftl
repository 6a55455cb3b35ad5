# Файлы школьной канцелярии: сотрудники, ученики, расписание. Читает человек, который ведёт эти таблицы.
# Место ошибки складывается из частей: «ученики.xlsx, лист «5 классы», строка 12, столбец «Дата рождения»: …».

roster-place-sheet = лист «{ $sheet }»
roster-place-line = строка { $line }
roster-place-column = столбец «{ $column }»

# --- Файл целиком -------------------------------------------------------------------------------------------

roster-error-empty-file = файл пустой.
roster-error-file-twice = файл с таким именем уже выбран. Переименуйте один из них.
roster-error-file-too-large = файл больше { $megabytes } МБ. Списки школы столько не занимают: проверьте, тот ли это файл.
roster-error-unpacked-too-large = внутри файла слишком много данных для списков школы. Скопируйте таблицу в новую книгу Excel и сохраните её заново.
roster-error-not-a-table = { $kind ->
        [pdf] это документ PDF, а не таблица.
        [picture] это картинка, а не таблица.
        [word] это документ Word, а не таблица.
        [presentation] это презентация, а не таблица.
        [archive] это архив. Распакуйте его и выберите таблицу.
        [web-page] это веб-страница, даже если её имя оканчивается на .xls.
       *[binary] в файле нет текста таблицы.
    } Нужна таблица: «Книга Excel (.xlsx)» или CSV.
roster-error-old-excel = это старый формат Excel (.xls). Откройте файл и сохраните как «Книга Excel (.xlsx)».
roster-error-encrypted = файл закрыт паролем. Снимите пароль и сохраните файл ещё раз.
roster-error-other-spreadsheet = такой формат таблиц не читается. Сохраните файл как «Книга Excel (.xlsx)» или CSV.
roster-error-damaged = файл повреждён или сохранён не полностью. Откройте его в Excel и сохраните ещё раз.
roster-error-bad-encoding = не удалось прочитать буквы: файл повреждён или сохранён в необычной кодировке. Сохраните его как «CSV UTF-8».
roster-error-nul-bytes = в файле есть нулевые байты, в тексте таблицы их не бывает. Сохраните файл ещё раз как «CSV UTF-8» или «Книга Excel (.xlsx)».

# --- Таблица ------------------------------------------------------------------------------------------------

roster-error-broken-quotes = кавычка открыта и не закрыта, или после закрытой кавычки сразу идёт текст. Кавычки внутри ячейки удваиваются: "5 ""А""".
roster-error-line-too-long = строка слишком длинная для таблицы.
roster-error-too-many-rows = в таблице слишком много строк или ячеек: читается не больше { $most } строк.
roster-error-too-many-columns = слишком много столбцов: читается не больше { $most }.
roster-error-too-many-sheets = слишком много листов: читается не больше { $most }.
roster-error-unknown-table = не понять, что это за таблица. В первой строке видно: { $seen }. Заголовки «Сотрудников», «Учеников» и «Расписания» описаны в справке.
roster-error-missing-column = в таблице «{ $table ->
        [staff] Сотрудники
        [pupils] Ученики
       *[timetable] Расписание
    }» не хватает столбца «{ $wanted }».
roster-error-duplicate-column = этот столбец означает то же, что и столбец «{ $first }». Оставьте один из них.
roster-error-no-rows = под заголовком нет ни одной строки.

# --- Любая ячейка -------------------------------------------------------------------------------------------

roster-error-required = ячейка пустая, а её нужно заполнить.
roster-error-cell-too-long = в ячейке больше { $longest } знаков.
roster-error-control-character = в ячейке невидимый служебный знак ({ $number }). Наберите значение заново.
roster-error-formula = «{ $seen }» начинается как формула. Уберите первый знак.
roster-error-formula-without-value = в ячейке формула без готового значения. Откройте файл в Excel и сохраните ещё раз или впишите значение вместо формулы.
roster-error-excel-error = в ячейке ошибка Excel: { $seen }.
roster-error-date-in-text = Excel превратил текст в дату или время ({ $seen }). Задайте ячейке формат «Текстовый» и наберите значение заново.

# --- Даты ---------------------------------------------------------------------------------------------------

roster-error-bad-date = «{ $seen }» — не дата. Пишите так: 01.09.2026.
roster-error-short-year = «{ $seen }»: напишите год четырьмя цифрами.
roster-error-impossible-date = «{ $seen }»: такой даты нет.
roster-error-date-in-future = { $seen } ещё не наступило (сегодня { $today }).
roster-error-date-too-early = { $seen } слишком давно: ожидается не раньше { $first }.
roster-error-child-age = { $seen }: при такой дате рождения возраст не подходит для этого класса. Проверьте год.
roster-error-adult-age = { $seen }: при такой дате рождения возраст меньше { $youngest } или больше 110 лет. Проверьте год.

# --- Люди ---------------------------------------------------------------------------------------------------

roster-error-latin-letter = в «{ $seen }» есть латинская буква «{ $letter }». Наберите слово русскими буквами.
roster-error-initials = «{ $seen }»: напишите полностью, без сокращений.
roster-error-bad-name = «{ $seen }»: здесь ожидается одно имя, фамилия или отчество русскими буквами, без цифр и скобок.
roster-error-bad-relation = «{ $seen }»: не понять, кем приходится. Можно написать: мать, отец, мачеха, отчим, усыновитель, опекун, попечитель, приёмный родитель, бабушка, дедушка, сестра, брат, тётя, дядя, законный представитель.
roster-error-bad-email = «{ $seen }» — не адрес эл. почты. Нужен один адрес вида name@example.org.
roster-error-cyrillic-in-email = в адресе «{ $seen }» есть русская буква «{ $letter }». Наберите адрес латинскими буквами.
roster-error-verified-without-address = дата подтверждения есть, а адреса эл. почты нет.
roster-error-no-guardian = не записан ни один родитель или законный представитель.
roster-error-guardian-twice = родители 1 и 2 — один и тот же человек.
roster-error-address-differs = { $name }: здесь адрес { $here }, а в другой строке — { $there } ({ $other_file }, строка { $other_line }). У одного человека адрес и дата его подтверждения везде одинаковы.
roster-error-pupil-twice = { $name } уже есть в списке { $school_class } ({ $other_file }, строка { $other_line }) с той же датой рождения.
roster-error-staff-twice = { $name } уже есть в списке сотрудников ({ $other_file }, строка { $other_line }).

# --- Классы и уроки -----------------------------------------------------------------------------------------

roster-error-bad-class = «{ $seen }» — не класс. Пишите так: 5А или 11Б.
roster-error-class-teacher-twice = у { $school_class } уже есть классный руководитель: { $name } ({ $other_file }, строка { $other_line }).
roster-error-class-without-pupils = в списке учеников нет никого из { $school_class }. Проверьте название класса.
roster-error-bad-weekday = «{ $seen }» — не учебный день. Пишите от понедельника до субботы: пн, вт, ср, чт, пт, сб.
roster-error-bad-lesson-number = «{ $seen }» — не номер урока. Нужно число от 0 до { $most }.
roster-error-bad-time = «{ $seen }» — не время. Пишите так: 8:30.
roster-error-ends-before-start = урок заканчивается в { $ends }, а начинается в { $starts }.
roster-error-subject-abbreviated = «{ $seen }»: похоже на сокращение («{ $short }»). Предмет пишется полностью и строчными буквами, как в учебном плане.
roster-error-bad-teacher = «{ $seen }»: напишите фамилию, имя и отчество как в списке сотрудников или фамилию с инициалами.
roster-error-class-busy = у { $school_class } в это время уже есть урок: { $weekday }, урок { $number }, { $time }, { $subject } ({ $other_file }, строка { $other_line }). Если это группы класса, назовите каждую в столбце «Группа».
roster-error-teacher-busy = { $teacher } в это время ведёт урок в { $school_class }: { $weekday }, { $time } ({ $other_file }, строка { $other_line }).

roster-error-teacher-unknown = { $teacher }: в списке сотрудников такого человека нет.
roster-error-teacher-ambiguous = { $teacher }: в списке сотрудников подходит не один человек. Напишите имя и отчество полностью, а если и они одинаковы, добавьте в скобках дату рождения или должность.
roster-error-bad-weeks = «{ $seen }»: не понять, по каким неделям. Пишите: каждая, нечётная, чётная.
roster-error-bad-shift = «{ $seen }» — не смена. Нужно число: 1, 2 или 3.
roster-error-half-hours = время нужно с двух сторон: и начало, и конец. Если урок идёт по звонкам, оставьте обе ячейки пустыми.
roster-error-last-before-first = последний день ({ $last }) раньше первого ({ $first }).
roster-error-bad-group = «{ $seen }»: в названии группы больше { $most } знаков.
roster-error-group-unknown = группы «{ $group }» в этом учебном году нет. Сначала заведите её: zvonok groups import groups.csv
roster-error-group-closed = группа «{ $group }» закрыта, уроков у неё больше нет.
roster-error-group-of-other-class = группа «{ $group }» набрана не из { $school_class }. Исправьте класс или оставьте его пустым.
roster-error-room-closed = кабинет { $room } закрыт. Выберите другой.
roster-error-no-bell = для урока { $number } (смена { $shift }) нет звонка. Впишите начало и конец или задайте звонки: zvonok year set year.toml

roster-errors-more = { $count ->
        [one] И ещё { $count } ошибка.
        [few] И ещё { $count } ошибки.
       *[other] И ещё { $count } ошибок.
    }

# --- Замечания: файлы прочитаны, но об этом стоит знать -------------------------------------------------------

roster-notice-unknown-column = столбец «{ $title }» не читается: такого заголовка мы не знаем.
roster-notice-sheet-skipped = лист не похож ни на одну из таблиц и пропущен.
roster-notice-sheet-hidden = лист скрыт и пропущен.
roster-notice-class-letter-replaced = «{ $seen }» записано латинской буквой, прочитано как { $used } русской.
roster-notice-subject-lowered = предмет прочитан со строчной буквы: «{ $used }».
roster-notice-unusual-age = { $school_class }, дата рождения { $seen }: на 1 сентября { $age ->
        [one] { $age } год
        [few] { $age } года
       *[other] { $age } лет
    }. Так бывает, но проверьте.
roster-notice-email-shared = адрес { $email } записан у двух разных людей. Письма одному увидит и другой.
roster-notice-more = { $count ->
        [one] (И ещё в { $count } строке.)
       *[other] (И ещё в { $count } строках.)
    }
