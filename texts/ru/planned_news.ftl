# Контрольные работы и мероприятия в пути сообщения и в учебной ленте.
trace-title-control-work = { $group } · { $form } · { $lesson }, { $day }
trace-title-school-event = { $group } · мероприятие «{ $title }», { $day }
trace-title-school-event-whole = вся школа · мероприятие «{ $title }», { $day }
rail-title-control-work = работа в графике контрольных · { $subject }, { $day }
rail-title-school-event = мероприятие «{ $name }»

# Изменения в расписании, контрольные и мероприятия: что приходит семьям.
plan-timetable-changed = { $count ->
    [one] Изменение в расписании
   *[other] Изменения в расписании
}
plan-timetable-again = Расписание снова изменилось
plan-timetable-usual = Исправлено: изменений в расписании нет
plan-as-usual = Уроки будут как обычно.
plan-closed-weather = Актированный день: уроков не будет
plan-closed-quarantine = Карантин: уроков не будет
plan-closed-emergency = Уроков не будет: чрезвычайная ситуация
plan-taught-by = Уроки по расписанию другого дня: { $day }
plan-school-says = Школа пишет: { $note }
plan-lesson = { $number }-й урок, { $starts } ({ $subject })
plan-line = { $lesson }: { $what }
plan-under = – { $line }
plan-not-held = урока не будет
plan-not-held-weather = урока не будет, актированный день
plan-not-held-quarantine = урока не будет, карантин
plan-not-held-no-teacher = урока не будет, нет учителя
plan-not-held-short-day = урока не будет, сокращённый день
plan-not-held-event = урока не будет, в школе мероприятие
plan-not-held-emergency = урока не будет, чрезвычайная ситуация
plan-not-held-other = урока не будет
plan-noted = { $what } ({ $note })
plan-left-out = урока не будет у { $classes }
plan-moved-to = урок перенесён, теперь { $day }, { $number }-й урок, { $starts }
plan-moved-here = урок перенесён на этот день, раньше был { $day }
plan-was-number = обычно это { $number }-й урок, { $starts }
plan-was-hours = обычно начало в { $starts }
plan-ends = теперь до { $ends }
plan-instead-of = вместо предмета «{ $subject }»
plan-teacher = ведёт { $teacher }
plan-room = кабинет { $room }
plan-distant = дистанционно, в школу приходить не нужно
plan-distant-classes = дистанционно у { $classes }
plan-letter-changed = Изменения в расписании: { $name }, { $day }
plan-letter-closed = Уроков не будет: { $name }, { $day }
plan-digest = • { $title }, { $day }

plan-work-new = Впереди { $form }
plan-work-changed = Изменилось: { $form }
plan-work-put-off = Урока не будет, откладывается { $form }
plan-work-withdrawn = Отменяется { $form }
plan-work-line = { $subject }: { $topic }
plan-work-line-bare = { $subject }
plan-work-before = Раньше было: { $place }

plan-event-new = Мероприятие «{ $title }»
plan-event-changed = Изменилось мероприятие «{ $title }»
plan-event-withdrawn = Отменено мероприятие «{ $title }»
plan-event-hours = { $day }, { $starts }–{ $ends }
plan-event-days = { $first }, { $starts } — { $last }, { $ends }
plan-event-place = Где: { $place }
