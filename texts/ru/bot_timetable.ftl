# Что изменилось в расписании: замены, переносы, отмены — в списке уроков, на карточке урока и в дневнике.

lesson-cancelled-weather = урока нет: актированный день
lesson-cancelled-quarantine = урока нет: карантин
lesson-cancelled-no-teacher = урока нет: учитель отсутствует
lesson-cancelled-short-day = урока нет: сокращённый день
lesson-cancelled-event = урока нет: школьное мероприятие
lesson-cancelled-emergency = урока нет: чрезвычайная ситуация
lesson-cancelled-other = урока нет
lesson-cancelled-noted = { $why } ({ $note })
lesson-moved = перенесён (по расписанию { $day })
lesson-substituted = замена
lesson-distant = дистанционно
# Кто ведёт урок по расписанию, если сегодня его ведёт другой учитель.
lesson-instead-of = Замена. По расписанию урок ведёт { $teacher }.
lesson-noted = { $line } · { $noted }

parent-diary-week-holiday = На этой неделе занятий нет: каникулы или выходные дни.
parent-diary-day-holiday = Занятий нет: каникулы или выходной день.
refusal-lesson-cancelled = Этот урок ({ $class_title }, { $number }-й) отменён, записать в него ничего нельзя. Если урок всё-таки прошёл, попросите завуча снять отмену.

# Неделя учителя: урок вместо него ведёт другой; урок он ведёт за другого.
lesson-given-by = замена, ведёт { $teacher }
lesson-given-for = замена, по расписанию ведёт { $teacher }
lesson-planned-as = изменён (по расписанию { $what })
lesson-number = { $number }-й урок
lesson-distant-classes = дистанционно: { $classes }

# Мероприятия рядом с уроками: на неделе учителя и в дневнике.
school-event = Мероприятие: { $what }
school-event-hours = { $starts }–{ $ends }
school-event-from = с { $starts }
school-event-until = до { $ends }
school-event-all-day = весь день

# Неделя учителя.
week-button-open = Неделя
week-button-open-at = Неделя · { $school }
week-button-before = ‹ { $when }
week-button-this = Эта неделя
week-button-after = { $when } ›
week-button-part-before = ‹ Часть { $part }
week-button-part-after = Часть { $part } ›
week-heading = Ваши уроки: { $days }
week-part = Часть { $part } из { $parts }: остальное по кнопкам
week-day-today = { $day } (сегодня)
week-day-no-lessons = Уроков нет.
week-day-before = Записей нет: школа ведёт этот журнал с { $first }.
week-day-unrecorded = Об этом дне в журнале записей нет.
week-before = Об этой неделе записей нет: школа ведёт этот журнал с { $first }.
week-day-not-made = Уроки этого дня ещё не составлены.
week-no-lessons = На этой неделе уроков у вас нет.
week-lesson-moved-away = { $number }. { $class_title } · { $subject } · перенесён, теперь { $day }, { $other }-й урок
refusal-week-out-of-reach = Так далеко недели не листаются. Откройте уроки заново: /start
