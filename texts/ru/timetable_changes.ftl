# Замены, переносы, отмены уроков, дни по особому расписанию. Читает завуч.

refusal-timetable-clash = { $kind ->
    [teacher] { $day }: { $thing } — два урока одновременно: { $first } и { $second }.
    [room] { $day }, кабинет { $thing }: два урока одновременно: { $first } и { $second }.
    [class] { $day }, класс { $thing }: два урока одновременно: { $first } и { $second }.
    [subgroup] { $day }, класс { $thing }: урок всего класса и урок его группы одновременно: { $first } и { $second }.
    [group] { $day }, группа «{ $thing }»: два урока одновременно: { $first } и { $second }.
   *[pupil] { $day }: { $thing } — два урока одновременно: { $first } и { $second }.
}{ $more ->
    [0] {""}
   *[other] {" "}Других накладок: { $more }.
}
refusal-timetable-nothing-changes = Так уже и есть: ни один урок от этого не изменится. Проверьте день и классы.
refusal-timetable-no-lessons-then = В эти дни уроков и так нет: их нет в расписании или все они перенесены. Проверьте дни.
refusal-timetable-nobody-meant = В эти дни у тех, кого вы назвали, уроков нет. Проверьте классы, параллели и смену.
refusal-timetable-own-hours = У этих уроков в расписании свои часы, и звонки на них не действуют. Чтобы уроки шли по звонкам, загрузите расписание без начала и конца у них: zvonok import timetable.csv
refusal-timetable-not-held = { $day }: этот урок не проводится ({ $reason ->
    [weather] актированный день
    [quarantine] карантин
    [no-teacher] нет учителя
    [short-day] сокращённый день
    [event] мероприятие
    [emergency] чрезвычайная ситуация
   *[other] другая причина
}).
refusal-timetable-lesson-held = { $class_title }, урок { $number }: на нём уже отмечены отсутствующие, есть оценки или замечания. Такой урок нельзя ни перенести, ни отменить.
refusal-timetable-subject-held = { $class_title }, урок { $number }: на нём уже отмечены отсутствующие, есть оценки или замечания. Учителя и кабинет исправить можно, а предмет остаётся прежним: если его назвала прежняя замена, назовите его и в новой.
refusal-timetable-day-over = Этот день уже прошёл: { $day }. Урок, которого ещё не было, переносят на сегодня или на более поздний день.
refusal-timetable-lesson-gone = В расписании такого урока больше нет.
refusal-timetable-day-closed = { $day }: уроков в этот день нет. Выберите учебный день.
refusal-timetable-reason-of-bells = «Сокращённый день» получается сам, когда урок не входит в сокращённые звонки. Назовите другую причину.
refusal-timetable-change-unknown = Такой записи в изменениях расписания нет.
refusal-timetable-subject-unknown = Такого предмета в школе нет.
refusal-timetable-class-unknown = Такого класса в этом учебном году нет.
refusal-timetable-room-unknown = Такого кабинета в школе нет.
refusal-timetable-room-closed = Кабинет { $room } закрыт. Выберите другой.
refusal-timetable-act-outside-year = Эти дни выходят за границы учебного года ({ $first } – { $last }).
refusal-timetable-act-years = Проверьте год: журнал ведут с { $first } по { $last }.
refusal-timetable-act-too-long = Один акт — не больше { $longest } { $longest ->
    [one] дня
   *[other] дней
}. Проверьте даты.
refusal-timetable-taught-by-itself = По расписанию { $day } учиться нельзя: это тот же самый день или день другого учебного года.
refusal-timetable-bells-refused = Звонки этого дня противоречат друг другу. Ошибок: { $count }.
refusal-timetable-no-bells = Обычные звонки школы не заданы, и сокращать нечего. Сначала задайте их: zvonok year set year.toml
refusal-timetable-minutes = Урок может длиться от { $shortest } до { $longest } минут.
refusal-timetable-day-endless = «{ $name }»: с такими уроками и переменами день не кончается до полуночи.

trace-title-timetable = { $group } · расписание, { $day }
rail-title-timetable-day = расписание, { $day }
rail-action-lesson-substitute = замена учителя
rail-action-lesson-move = перенос урока
rail-action-lesson-cancel = отмена урока
rail-action-timetable-day-act = особый день в расписании
rail-action-timetable-withdraw = изменение расписания снято
reason-not-told-yet = семьям об этом пока не рассказываем

# --- zvonok timetable ---------------------------------------------------------------------------------------

change-lesson = { $day }, урок { $number }: { $subject }, { $learners }
change-substituted = Записана замена. { $lesson }. Ведёт { $teacher }.
change-moved = Урок перенесён. { $lesson }. Новое место: { $where }.
change-place = { $to }, урок { $new }
change-cancelled = Урок отменён. { $lesson }. Причина: { $reason }.
change-acted = { $what }. Изменилось уроков: { $lessons }.
change-acted-late = Записано — { $what }. Эти уроки уже прошли и остались как были: { $held }.
change-acted-held = Уроков, которые уже прошли и остались как были: { $held }.
change-withdrawn = Изменение отменено, расписание снова прежнее.
change-number = Номер записи: { $id }. Отменить её: zvonok timetable withdraw { $id }
change-none = Изменений расписания в эти дни нет.
change-no-lesson = { $day }: урока { $number } для «{ $learners }» нет.
change-several-lessons = { $day }, урок { $number }: у «{ $learners }» их несколько. Назовите группу или предмет (--of): { $found }.
change-no-record = «{ $id }»: такой записи нет. Список: zvonok timetable changes
change-several-records = «{ $id }»: таких записей несколько. Добавьте букв или цифр.
change-no-room = «{ $room }»: такого кабинета нет. Список: zvonok year rooms list
change-no-subject = «{ $subject }»: такого предмета нет. Список: zvonok year subjects list
change-hours-shape = «{ $written }»: напишите время так: 14:00-14:45
change-one-effect = Назовите что-нибудь одно: --closed, --short, --distance или --by.
change-line-substitution = { $id } · { $lesson } — ведёт { $teacher }
change-line-move = { $id } · { $lesson } — перенесён с { $day } на { $to }, урок { $number }
change-line-cancellation = { $id } · { $lesson } — отменён: { $reason }
change-line-act = { $id } · { $days }: { $what } · { $whom }
change-line-gone = урок, которого в расписании больше нет
change-line-subject = предмет: { $subject }
change-line-room = кабинет { $room }
change-line-hours = { $starts }–{ $ends }
change-line-note = «{ $note }»
change-what-closed = уроков нет ({ $reason })
change-what-short = сокращённые уроки
change-what-distance = дистанционно
change-what-taught-by = по расписанию { $day }
change-whom-all = вся школа
change-whom-shift = смена { $shift }
change-whom-grades = { $count ->
    [one] { $grades } класс
   *[other] { $grades } классы
}
change-whom-classes = { $classes }
