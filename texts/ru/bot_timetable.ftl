# Что изменилось в расписании: замены, переносы, отмены — в списке уроков, на карточке урока и в дневнике.

lesson-cancelled-weather = урока нет: актированный день
lesson-cancelled-quarantine = урока нет: карантин
lesson-cancelled-no-teacher = урока нет: учитель отсутствует
lesson-cancelled-short-day = урока нет: сокращённый день
lesson-cancelled-event = урока нет: школьное мероприятие
lesson-cancelled-emergency = урока нет: чрезвычайная ситуация
lesson-cancelled-other = урока нет
lesson-cancelled-noted = { $why } ({ $note })
lesson-moved = перенесён: по расписанию { $day }
lesson-substituted = замена
lesson-distant = дистанционно
# Кто ведёт урок по расписанию, если сегодня его ведёт другой учитель.
lesson-instead-of = Замена. По расписанию урок ведёт { $teacher }.
lesson-noted = { $line } · { $noted }

parent-diary-week-holiday = На этой неделе занятий нет: каникулы или выходные дни.
parent-diary-day-holiday = Занятий нет: каникулы или выходной день.
refusal-lesson-cancelled = Этот урок ({ $class_title }, { $number }-й) отменён, записать в него ничего нельзя. Если урок всё-таки прошёл, попросите завуча снять отмену.
