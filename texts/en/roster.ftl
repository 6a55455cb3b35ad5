# The files of a school office: staff, pupils, timetable.

roster-place-sheet = sheet “{ $sheet }”
roster-place-line = row { $line }
roster-place-column = column “{ $column }”

# --- The file -----------------------------------------------------------------------------------------------

roster-error-empty-file = the file is empty.
roster-error-file-twice = a file of this name was chosen already. Rename one of them.
roster-error-file-too-large = the file is larger than { $megabytes } MB. A school's lists are not: check that it is the right file.
roster-error-unpacked-too-large = there is too much inside the file for a school's lists. Copy the table into a new workbook and save it again.
roster-error-not-a-table = { $kind ->
        [pdf] this is a PDF document, not a table.
        [picture] this is a picture, not a table.
        [word] this is a Word document, not a table.
        [presentation] this is a presentation, not a table.
        [archive] this is an archive. Unpack it and choose the table.
        [web-page] this is a web page, even if its name ends in .xls.
       *[binary] there is no text of a table in the file.
    } A table is needed: an Excel workbook (.xlsx) or CSV.
roster-error-old-excel = this is the old Excel format (.xls). Open the file and save it as an Excel workbook (.xlsx).
roster-error-encrypted = the file is protected by a password. Remove it and save the file again.
roster-error-other-spreadsheet = this kind of spreadsheet is not read. Save it as an Excel workbook (.xlsx) or CSV.
roster-error-damaged = the file is damaged or was not saved completely. Open it in Excel and save it again.
roster-error-bad-encoding = the letters could not be read: the file is damaged or in an unusual encoding. Save it as “CSV UTF-8”.
roster-error-nul-bytes = the file has zero bytes, which no table's text has. Save it again as “CSV UTF-8” or an Excel workbook (.xlsx).

# --- The table ----------------------------------------------------------------------------------------------

roster-error-broken-quotes = a quotation mark is not closed, or text follows a closed one. Inside a cell quotation marks are doubled: "5 ""А""".
roster-error-line-too-long = the row is too long for a table.
roster-error-too-many-rows = too many rows or cells: at most { $most } rows are read.
roster-error-too-many-columns = too many columns: at most { $most } are read.
roster-error-too-many-sheets = too many sheets: at most { $most } are read.
roster-error-unknown-table = nobody can tell which table this is. The first row says: { $seen }. The headers of the three tables are described in the guide.
roster-error-missing-column = table “{ $table ->
        [staff] Сотрудники
        [pupils] Ученики
       *[timetable] Расписание
    }” lacks the column “{ $wanted }”.
roster-error-duplicate-column = this column means the same as the column “{ $first }”. Leave one of them.
roster-error-no-rows = there is no row below the header.

# --- Any cell -----------------------------------------------------------------------------------------------

roster-error-required = the cell is empty and must be filled in.
roster-error-cell-too-long = the cell has more than { $longest } characters.
roster-error-control-character = the cell has an invisible control character ({ $number }). Type the value anew.
roster-error-formula = “{ $seen }” begins like a formula. Remove the first character.
roster-error-formula-without-value = the cell has a formula without a value. Open the file in Excel and save it again, or type the value instead.
roster-error-excel-error = the cell has an Excel error: { $seen }.
roster-error-date-in-text = Excel has turned the text into a date or a time ({ $seen }). Give the cell the format “Text” and type the value anew.

# --- Dates --------------------------------------------------------------------------------------------------

roster-error-bad-date = “{ $seen }” is no date. Write 01.09.2026.
roster-error-short-year = “{ $seen }”: write the year with four digits.
roster-error-impossible-date = “{ $seen }”: there is no such date.
roster-error-date-in-future = { $seen } is yet to come (today is { $today }).
roster-error-date-too-early = { $seen } is too long ago: not before { $first } is expected.
roster-error-child-age = { $seen }: nobody born then is in this class. Check the year.
roster-error-adult-age = { $seen }: anybody born then is under { $youngest } or over 110. Check the year.

# --- People -------------------------------------------------------------------------------------------------

roster-error-latin-letter = “{ $seen }” has the Latin letter “{ $letter }”. Type the word with Russian letters.
roster-error-initials = “{ $seen }”: write it in full.
roster-error-bad-name = “{ $seen }”: a name in Russian letters is expected, without digits and brackets.
roster-error-bad-relation = “{ $seen }”: this relation is not known. Write one of: мать, отец, мачеха, отчим, усыновитель, опекун, попечитель, приёмный родитель, бабушка, дедушка, сестра, брат, тётя, дядя, законный представитель.
roster-error-bad-email = “{ $seen }” is no e-mail address. One address like name@example.org is needed.
roster-error-cyrillic-in-email = the address “{ $seen }” has the Russian letter “{ $letter }”. Type it with Latin letters.
roster-error-verified-without-address = there is a date of verification but no e-mail address.
roster-error-no-guardian = not one parent or legal representative is recorded.
roster-error-guardian-twice = parents 1 and 2 are the same person.
roster-error-address-differs = { $name }: the address is { $here } here and { $there } in another row ({ $other_file }, row { $other_line }). One person's address and the date of its verification are the same everywhere.
roster-error-pupil-twice = { $name } is already listed in { $school_class } ({ $other_file }, row { $other_line }) with the same birth date.
roster-error-staff-twice = { $name } is already listed among the staff ({ $other_file }, row { $other_line }).

# --- Classes and lessons ------------------------------------------------------------------------------------

roster-error-bad-class = “{ $seen }” is no class. Write 5А or 11Б.
roster-error-class-teacher-twice = { $school_class } already has a class teacher: { $name } ({ $other_file }, row { $other_line }).
roster-error-class-without-pupils = the list of pupils has nobody in { $school_class }. Check the title of the class.
roster-error-bad-weekday = “{ $seen }” is no school day. Write пн, вт, ср, чт, пт, сб.
roster-error-bad-lesson-number = “{ $seen }” is no lesson number. A number from 0 to { $most } is needed.
roster-error-bad-time = “{ $seen }” is no time. Write 8:30.
roster-error-ends-before-start = the lesson ends at { $ends } and begins at { $starts }.
roster-error-subject-abbreviated = “{ $seen }” looks abbreviated (“{ $short }”). Subjects are written in full and in lower case, as in the curriculum plan.
roster-error-bad-teacher = “{ $seen }”: write the full name as in the list of staff, or the surname with initials.
roster-error-class-busy = { $school_class } already has a lesson then: { $weekday }, lesson { $number }, { $time }, { $subject } ({ $other_file }, row { $other_line }). If these are groups of the class, name each in the column «Группа».
roster-error-teacher-busy = { $teacher } teaches { $school_class } at that time: { $weekday }, { $time } ({ $other_file }, row { $other_line }).

roster-error-teacher-unknown = { $teacher }: nobody of this name is in the list of staff.
roster-error-teacher-ambiguous = { $teacher }: more than one person in the list of staff fits. Write the name in full; if that is the same, add the birth date or the position in brackets.
roster-error-bad-weeks = “{ $seen }” does not say which weeks. Write каждая, нечётная or чётная.
roster-error-bad-shift = “{ $seen }” is no shift. A number is needed: 1, 2 or 3.
roster-error-half-hours = a time needs both its start and its end. If the lesson goes by the bells, leave both cells empty.
roster-error-last-before-first = the last day ({ $last }) comes before the first ({ $first }).
roster-error-bad-group = “{ $seen }”: the title of a group has more than { $most } letters.
roster-error-group-unknown = there is no group “{ $group }” this school year. Make it first: zvonok groups import groups.csv
roster-error-group-closed = the group “{ $group }” is closed and has no lessons any more.
roster-error-group-of-other-class = the group “{ $group }” is not drawn from { $school_class }. Correct the class or leave it empty.
roster-error-room-closed = the room { $room } is closed. Choose another.
roster-error-no-bell = lesson { $number } (shift { $shift }) has no bell. Write its start and end, or set the bells: zvonok year set year.toml

roster-errors-more = { $count ->
        [one] And { $count } more error.
       *[other] And { $count } more errors.
    }

# --- Notices: the files were read, but this is worth knowing ---------------------------------------------------

roster-notice-unknown-column = the column “{ $title }” is not read: we do not know such a header.
roster-notice-sheet-skipped = the sheet is like none of the tables and was skipped.
roster-notice-sheet-hidden = the sheet is hidden and was skipped.
roster-notice-class-letter-replaced = “{ $seen }” has a Latin letter and was read as { $used } with a Russian one.
roster-notice-subject-lowered = the subject was read with a small first letter: “{ $used }”.
roster-notice-unusual-age = { $school_class }, born { $seen }: { $age } years old on 1 September. It happens, but check it.
roster-notice-email-shared = the address { $email } belongs to two different people. Each will see the other's letters.
roster-notice-more = { $count ->
        [one] (And in { $count } more row.)
       *[other] (And in { $count } more rows.)
    }
