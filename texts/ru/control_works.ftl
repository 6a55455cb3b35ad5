# Контрольные работы, мероприятия рядом с уроками, расписание на неделю и журнал замещения. Читают завуч и учитель.
refusal-control-work-unknown = Такой работы в графике нет.
refusal-control-work-withdrawn = Эта работа уже снята с графика. Запланируйте её заново.
refusal-control-work-lesson-over = Этот урок ({ $day }) уже позади. Выберите урок, который ещё не закончился.
refusal-control-work-written = Работа { $day } уже написана: на уроке есть оценки или отмечены отсутствующие. Ни перенести её, ни снять с графика нельзя.
refusal-control-work-just-moved = Эту работу только что перенесли. Посмотрите график и, если нужно, повторите.
refusal-control-work-there = На этот урок уже запланирована работа: { $form }.
refusal-control-work-other-lesson = Перенести работу можно на урок тех же учеников по тому же предмету: { $learners }, { $subject_name }.
refusal-control-work-day-full = { $learners }, { $day }: работа на этот день уже есть — { $others }. Больше одной в день нельзя.
refusal-control-work-week-full = { $learners }, неделя { $first } – { $last }: уже есть { $others }. За неделю можно не больше { $limit ->
    [one] { $limit } работы
   *[other] { $limit } работ
}.

refusal-event-unknown = Такого мероприятия в журнале нет.
refusal-event-withdrawn = Это мероприятие уже отменено. Запланируйте его заново.
refusal-event-ends-before = Мероприятие должно кончаться позже, чем начинается.
refusal-event-too-long = Мероприятие длится больше { $days ->
    [one] { $days } дня
   *[other] { $days } дней
}: проверьте даты.
refusal-event-classes-needed = Назовите классы или оставьте мероприятие для всей школы.

audit-action-control-work-plan = запланирована контрольная работа
audit-action-control-work-change = изменена контрольная работа
audit-action-control-work-move = перенесена контрольная работа
audit-action-control-work-withdraw = контрольная работа снята с графика
audit-action-school-event-plan = запланировано мероприятие
audit-action-school-event-change = изменено мероприятие
audit-action-school-event-withdraw = отменено мероприятие

# --- Расписание ---------------------------------------------------------------------------------------------

timetable-weekday-1 = понедельник
timetable-weekday-2 = вторник
timetable-weekday-3 = среда
timetable-weekday-4 = четверг
timetable-weekday-5 = пятница
timetable-weekday-6 = суббота
timetable-weekday-7 = воскресенье
timetable-week = { $title }, неделя { $first } – { $last }
timetable-day = { $weekday }, { $day }
timetable-no-lessons = уроков нет
timetable-day-before = записей нет: школа ведёт этот журнал с { $first }
timetable-day-unrecorded = записей об этом дне нет
timetable-day-not-made = уроки этого дня ещё не составлены
timetable-not-made = Уроки составляются на день вперёд, пока не задан календарь года: zvonok year set
timetable-room = кабинет { $name }
timetable-own-teacher = замена; по расписанию — { $name }
timetable-own-subject = по расписанию — { $name }
timetable-own-room = по расписанию — кабинет { $name }
timetable-own-hours = по расписанию — { $starts }–{ $ends }
timetable-moved-from = перенос с { $day }, урок { $number }
timetable-moved-to = { $number }. { $subject }, { $learners }: перенос на { $day }, урок { $to }
timetable-distant = дистанционно
timetable-distant-some = дистанционно: { $classes }
timetable-cancelled = отмена: { $reason }
timetable-cancelled-note = отмена: { $reason } ({ $note })
timetable-event = { $hours } { $title }
timetable-event-whole = вся школа
timetable-what-needed = Назовите одно: --class 5А, --teacher «Фамилия Имя», --room 12 или --day ДД.ММ.ГГГГ.
timetable-number-unknown = «{ $number }»: такого номера в графике нет. Номера показывает список.
timetable-number-doubtful = «{ $number }»: таких номеров несколько. Напишите его целиком.

# --- Журнал замещения ---------------------------------------------------------------------------------------

substituted-title = Журнал замещения уроков, { $first } – { $last }
substituted-none = Замещённых уроков нет.
substituted-line = { $day }, урок { $number }: { $learners }, { $subject } — { $name }; по расписанию — { $own }
substituted-why = причина: { $why }
substituted-signed = записи в журнале: { $name }, { $at }
substituted-office = канцелярия
substituted-unsigned = переклички ещё нет
substituted-counts = Уроков по расписанию: { $planned }. Замещено: { $substituted }. Отменено: { $cancelled }.
substituted-counts-reason = { $reason } — { $count }

# --- График контрольных работ -------------------------------------------------------------------------------

control-title = Сводный график контрольных работ, { $first } – { $last }
control-none = Работ на эти дни не запланировано.
control-line = { $learners }, урок { $number }: { $subject } — { $form }, «{ $topic }»; { $name }
control-monitoring = ВШК
control-lesson-cancelled = урок отменён, работу нужно перенести
control-crowded-day = { $learners }, { $day }: работ в один день больше, чем можно ({ $limit }). Перенесите лишнее.
control-crowded-week = { $learners }, неделя { $first } – { $last }: работ больше, чем можно за неделю ({ $limit }). Перенесите лишнее.
control-planned = Запланировано: { $learners }, { $subject }, { $day }, урок { $number }. Номер работы — { $id }.
control-moved = Перенесено: { $learners }, { $subject }, { $day }, урок { $number }.
control-withdrawn = Работа { $id } снята с графика.
control-written = График записан в { $path }. Работ в нём: { $count }.
control-sheet = Контрольные работы
control-csv-day = день
control-csv-weekday = день недели
control-csv-number = урок
control-csv-learners = класс или группа
control-csv-subject = предмет
control-csv-teacher = учитель
control-csv-form = форма контроля
control-csv-topic = тема
control-csv-monitoring = ВШК
control-csv-cancelled = урок отменён
control-yes = да

# --- Мероприятия --------------------------------------------------------------------------------------------

events-title = Мероприятия, { $first } – { $last }
events-none = Мероприятий на эти дни нет.
events-planned = Запланировано: { $title }. Номер мероприятия — { $id }.
events-withdrawn = Мероприятие { $id } отменено.
