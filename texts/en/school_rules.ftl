# Rules of a school: deadlines, codes, thresholds. A rule's line names it for people.
rules-profile-region-2020 = “Regulation of the region, 2020”
rules-profile-school-2023 = “Regulation of a school, 2023”
rules-head = { $school }: { $profile }. { $own ->
    [0] No rules of its own.
    [one] { $own } rule of its own (marked *).
   *[other] { $own } rules of its own (marked *).
}
rules-changed = Written down.
rules-group-attendance = Attendance
rules-group-marks = Marks
rules-group-lessons = Topic of the lesson and homework
rules-group-finals = Final marks and corrections
rules-group-year = Dates of the school year
rules-group-families = Families
rules-group-archive = Archive
rules-group-access = Access and consents
rules-group-monitoring = Monitoring
rules-group-organisation = Organisation (the program reminds, and does not check)
rule-absence_minutes = absent pupils marked, from the beginning of the lesson, within
rule-roll_bell_reminder = teachers are reminded of the roll when a lesson begins
rule-roll_reminder_minutes = minutes of a lesson after which a teacher whose roll is empty is reminded
rule-roll_reminders_a_day = reminders of rolls to one person in a day, at most
rule-morning_at = when director and deputies are told of the school's morning
rule-absence_recheck = class teacher looks through the day's absent again
rule-absence_codes = codes of absence
rule-class_teacher_sets_absence = class teacher may enter absences and their causes
rule-absence_told = who tells the family of an absence
rule-missed_lessons_summed = how often missed lessons are summed up
rule-lesson_marks_by = marks of a lesson set the same day until
rule-control_work_days = marks of a control work (internal monitoring) within
rule-written_work_days = marks of a written work within
rule-next_lesson_grades = grades where a work is marked by the next lesson
rule-senior_work_days = marks of works in grades 5–11 within
rule-creative_work_days = marks of creative written works in grades 5–11 within
rule-instead_of_mark = what may stand in a final mark's place
rule-topic_by = topic of a lesson entered the same day until
rule-homework_minutes = homework entered, after the class's last lesson, within
rule-homework_by = homework entered the same day until
rule-homework_after_today = homework is due only at lessons after today
rule-nothing_set_from_grade = from which grade “nothing set” is obligatory
rule-homework_way = way of giving homework
rule-substitution_at_once = a substitution is stated with the record of the lesson
rule-finals_open = when final marks may be set
rule-finals_close = until when final marks are set
rule-results_shown_hours = final and exam results shown within
rule-lock_after_finals = after final marks the journal of the period is closed
rule-lock_after_days = corrections without the administration's leave, from the lesson, for
rule-late_first_mark = the first mark of a written work passes after that, too
rule-sections_by = sections of the school year filled until
rule-timetable_by = timetable given to the administrator until
rule-teaching_load_by = teaching load given to the administrator until
rule-tariff_list_on = tariff list as of
rule-verification_by = data verified and cards filled until
rule-data_check_every = how often changed data are looked for
rule-achievement_notices_every = electronic notices of achievement at least every
rule-paper_notices_every = print-outs for families without access at least every
rule-weekly_letter_on = day of the weekly letter
rule-changes_told = when substitutions and moved lessons are told
rule-address_given_in = where a parent states the mailbox
rule-reply_days = answer to a personal message within
rule-journal_told_at = when parents are told of the journal
rule-print_by = journal and summary sheets printed and certified until
rule-sheet_to_archive = the year is not closed before its summary sheet is in the archive
rule-journal_years = journals kept for
rule-sheet_years = summary sheets kept for
rule-breach_staff_hours = employee or pupil reports a stranger's login within
rule-breach_parent_days = parent reports a stranger's login, in working days, within
rule-breach_counted_from = from what moment that time runs
rule-login_staff = how employees log in
rule-login_pupils = how pupils log in
rule-login_parents = how parents log in
rule-no_consent = what a family without a consent gets
rule-optimal_percent = optimal level, from
rule-low_percent = low level, below
rule-success_of = of what the success rate of a class is the share
rule-quality_from = quality counts from the mark
rule-ungraded_succeed = teaching without marks counts as success
rule-averages = which averages of a group of schools are shown
rule-monitoring_export = when the monitoring report is made
rule-transition_reports_every = reports on passing to the electronic journal
rule-duties_warned_months = employees warned of new duties ahead by
rule-support_hours = hours of support
rule-platform_address = address of the region's platform
rules-group-forms = Forms of education
rule-accounting_family = where achievement in family education is recorded
rule-accounting_self = where achievement in self-education is recorded
rule-accounting_external = where achievement of external study is recorded
rule-accounting_free = where achievement under free attendance is recorded
rule-accounting_home = where achievement of whoever is taught at home is recorded
rule-accounting_hospital = where achievement of whoever is taught in a hospital or sanatorium is recorded
rule-unit-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
rule-unit-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
rule-unit-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
rule-unit-months = { $count ->
    [one] { $count } month
   *[other] { $count } months
}
rule-unit-years = { $count ->
    [one] { $count } year
   *[other] { $count } years
}
rule-unit-percent = { $count } %
rule-value-week = once a week
rule-value-month = once a month
rule-value-quarter = once a quarter
rule-value-year = once a year
rule-value-automatic = the journal itself
rule-value-teacher = the teacher
rule-value-given-at-lesson = at the lesson where it is given
rule-value-due-at-lesson = at the lesson for which it is due
rule-value-last-week = from the last week on
rule-value-last-lesson = from the last lesson on
rule-value-any-time = on any day
rule-value-before-holidays = until the holidays
rule-value-next-working-day = until the next working day
rule-value-at-once = at once
rule-value-daily = once a day
rule-value-monday = Monday
rule-value-tuesday = Tuesday
rule-value-wednesday = Wednesday
rule-value-thursday = Thursday
rule-value-friday = Friday
rule-value-saturday = Saturday
rule-value-sunday = Sunday
rule-value-profile = in the personal data
rule-value-settings = in the settings
rule-value-found = when it was noticed
rule-value-news = when it was reported
rule-value-password = login and password
rule-value-provider = Gosuslugi or another provider
rule-value-paper = print-outs
rule-value-paper-on-request = print-outs on request
rule-value-subject = of marks in a subject
rule-value-pupil = of pupils without a mark below 3
rule-value-both = plain and weighted
rule-value-unweighted = plain
rule-value-weighted = weighted
rule-value-on-request = on request
rule-value-monthly = every month
rule-value-quarterly = every quarter
rule-value-class-journal = the class's journal
rule-value-separate-sheet = a sheet of its own
rule-value-certificate = a certificate from where the pupil learns
rule-value-assessment-only = results of assessment only
rule-may-be-number = a whole number from { $lowest } to { $highest }.
rule-may-be-switch = «да» or «нет».
rule-may-be-clock = a time, such as 21:00.
rule-may-be-day = day and month, such as 05.09.
rule-may-be-choice = one of: { $choices }.
rule-may-be-choices = with commas between: { $choices }.
rule-may-be-grades = grades from and to, such as 2-4.
rule-may-be-codes = a line “code:kind:flags:meaning”, with semicolons between; kinds are unexcused, illness, excused, exempt, flags are missed (the lesson is), told (the family is).
rule-may-be-text = one line in your own words.
rule-may-be-off = Or «нет»: then there is no such rule.
rules-how = To change a rule, give the name in brackets, “=” and the new value: zvonok school rules { $example }
rules-about-one = What a rule means and may be: zvonok school rules { $name }
rules-source = All rules are taken from documents; where each comes from, and both ready sets: docs/reference/school-rules.md.
rules-one-may-be = It may be: { $choices }
rules-one-source = From: { $source }.
rules-document-000 = a note on the journal in ГИС «Образование в Челябинской области»
rules-document-001 = order no. 287 of 28.02.2020 (education, ХМАО — Югра)
rules-document-002 = one school's regulation of its journal of 31.08.2023
rules-document-003 = letter of the regional operator (Chelyabinsk) of 10.07.2024
rules-document-004 = one school's regulation of its journal of 29.08.2019
rules-part-ord = the order itself
rules-part-r1 = general part of the regulation
rules-part-r2 = plan of the passage to the journal
rules-part-r3 = regulation of keeping the journal
rules-part-r4 = regulation of the diary
rules-part-r5 = duties of staff
rules-part-a1 = appendix 1
rules-part-a2 = appendix 2
rules-part-a2-hd = appendix 2 (head)
rules-part-a2-dp = appendix 2 (deputy)
rules-part-a2-ct = appendix 2 (class teacher)
rules-part-a2-st = appendix 2 (teacher)
rules-part-a2-ad = appendix 2 (administrator)
rules-part-a3 = appendix 3
rules-part-a4 = appendix 4
rules-clause-point = clause { $number }
rules-clause-lines = lines { $number }
rules-clause-line = line { $number }
rules-clause-tables = tables
rules-whence = Where the set comes from: { $document }.
rules-never-chosen = Every school begins with it; this one has not chosen a set itself. To choose another: zvonok school rules --profile { $other }
rules-chosen = Chosen on { $day } by { $who }.
rules-chosen-office = the office, at the command line
rules-profile-document-region-2020 = order no. 287 of 28.02.2020 (education, ХМАО — Югра)
rules-profile-document-school-2023 = one school's regulation of its journal of 31.08.2023
rules-one-example = To change it, for instance: zvonok school rules { $example }
rules-one-back = To take the set's own value again: zvonok school rules { $name }=
rules-mixed = One cannot ask about a rule and change another at once: “{ $name }” has no “=value”.
refusal-rule-unknown = There is no rule “{ $name }”. All rules: zvonok school rules
refusal-rule-switch = Rule “{ $name }”: write «да» or «нет».
refusal-rule-number = Rule “{ $name }”: a whole number from { $lowest } to { $highest } is wanted.
refusal-rule-clock = Rule “{ $name }”: a time is wanted, such as 21:00.
refusal-rule-day = Rule “{ $name }”: day and month are wanted, such as 05.09.
refusal-rule-choice = Rule “{ $name }”: it may be { $choices }.
refusal-rule-grades = Rule “{ $name }”: grades from and to are wanted, such as 2-4.
refusal-rule-codes = Rule “{ $name }”: different codes are wanted, such as «н:unexcused:missed+told:без причины; б:illness:missed:болезнь».
refusal-rule-text = Rule “{ $name }”: one line is wanted, no longer than { $longest } characters.
refusal-rule-low-above-optimal = Rule “low_percent” cannot be above “optimal_percent”.
refusal-rule-profile-unknown = There is no set of rules “{ $profile }”. It may be: { $choices }.
