# Учебный год: периоды, каникулы, звонки, расписание, замены, группы. Читает завуч.
school-level-primary = 1–4 классы
school-level-basic = 5–9 классы
school-level-secondary = 10–11 классы
period-kind-quarter = четверти
period-kind-trimester = триместры
period-kind-half-year = полугодия
period-kind-own = свои периоды
service-basic = уроки
service-extra-curricular = внеурочная деятельность
service-additional = дополнительное образование

refusal-year-span-backwards = Последний день ({ $last }) раньше первого ({ $first }).
refusal-year-hours-backwards = Конец ({ $ends }) не позже начала ({ $starts }).
refusal-year-grade-unknown = В календаре школы нет класса { $grade }: добавьте его или проверьте номер.
refusal-year-slot-without-bell = { $learners }: в расписании есть урок { $number }, смена { $shift }, а звонка для него нет.

# --- Календарь года -----------------------------------------------------------------------------------------

calendar-problem-year-bounds = Учебный год { $year } записан с { $first } по { $last }. Он начинается осенью этого года и кончается летом следующего.
calendar-problem-no-grades = Не указано, какие классы есть в школе и сколько дней в неделю они учатся.
calendar-problem-no-periods = { $level }: не заданы учебные периоды.
calendar-problem-period-count = { $level }: периодов должно быть { $wanted }, а задано { $count }.
calendar-problem-period-numbers = { $level }: номера периодов не идут подряд от 1.
calendar-problem-period-outside = { $level }: «{ $name }» ({ $first } – { $last }) выходит за границы учебного года.
calendar-problem-periods-overlap = { $level }: «{ $one }» и «{ $other }» накладываются, день { $day } есть в обоих.
calendar-problem-periods-gap = { $level }: с { $first } по { $last } есть учебные дни, которые не входят ни в один период. Это каникулы?
calendar-problem-holiday-outside = Каникулы «{ $name }» ({ $first } – { $last }) выходят за границы учебного года.
calendar-problem-holiday-of-nobody = Каникулы «{ $name }» не относятся ни к одному классу школы.
calendar-problem-day-off-outside = Выходной { $day } не входит в учебный год.
calendar-problem-moved-outside = День { $day } (по расписанию { $by }) не входит в учебный год.
calendar-problem-moved-to-day-off = День { $day } записан и учебным (по расписанию { $by }), и выходным.
calendar-problem-moved-to-holiday = День { $day } записан учебным (по расписанию { $by }), но у всех в это время каникулы.
calendar-problem-moved-by-itself = День { $day } записан учебным по своему же расписанию ({ $by }). Назовите другой день.
calendar-problem-moved-by-moved = День { $day } учится по расписанию { $by }, а тот сам учится по расписанию другого дня. Назовите исходный день.
calendar-problem-moved-by-sunday = День { $day } учится по расписанию { $by }, но это воскресенье: расписания на него нет.

# --- Звонки -------------------------------------------------------------------------------------------------

bell-problem-no-bells = «{ $name }»: нет ни одного звонка.
bell-problem-number-twice = «{ $name }»: урок { $number } записан дважды.
bell-problem-bells-overlap = «{ $name }»: урок { $other } начинается раньше, чем кончается урок { $one }.
bell-problem-schedule-hidden = «{ $name }» никогда не действует: раньше в списке стоит «{ $earlier }» для тех же классов и дней.

# --- Состав групп -------------------------------------------------------------------------------------------

membership-refused-backwards = { $pupil }, группа «{ $group }»: последний день ({ $day }) раньше первого.
membership-refused-already-in = { $pupil }: на { $day } уже в группе «{ $group }».
membership-refused-in-rival = { $pupil }: на { $day } уже в группе «{ $group }». В двух таких группах сразу быть нельзя: оформите перевод.
membership-refused-not-in = { $pupil }: на { $day } не в группе «{ $group }».
membership-refused-same-group = { $pupil }: перевод в ту же группу «{ $group }» ничего не меняет.

# --- Отменённые уроки ---------------------------------------------------------------------------------------

cancel-reason-weather = актированный день
cancel-reason-quarantine = карантин
cancel-reason-no-teacher = нет учителя
cancel-reason-short-day = сокращённый день
cancel-reason-event = мероприятие
cancel-reason-emergency = чрезвычайная ситуация
cancel-reason-other = другая причина

# --- Накладки расписания ------------------------------------------------------------------------------------

clash-lesson = { $subject }, { $learners } ({ $starts }–{ $ends })
clash-teacher = { $day }: { $thing } — два урока одновременно: { $first } и { $second }.
clash-room = { $day }, кабинет { $thing }: два урока одновременно: { $first } и { $second }.
clash-class = { $day }, класс { $thing }: два урока одновременно: { $first } и { $second }.
clash-subgroup = { $day }, класс { $thing }: урок всего класса и урок его группы одновременно: { $first } и { $second }.
clash-group = { $day }, группа «{ $thing }»: два урока одновременно: { $first } и { $second }.
clash-pupil = { $day }: { $thing } — два урока одновременно: { $first } и { $second }.{ $more ->
    [0] {""}
   *[other] {" "}Ещё учеников в обеих группах: { $more }.
}
