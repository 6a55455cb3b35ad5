# Отказы об оценках, замечаниях, домашнем задании и дневнике: что не так и что делать.
refusal-lesson-of-another-teacher = Эту страницу журнала ведут учитель урока и администрация школы.
refusal-class-of-another-teacher = Писать семьям этого класса могут классный руководитель и администрация школы.
refusal-lesson-ahead = { $number }-й урок в { $class_title } ещё не начался. Записывать можно со звонка.
refusal-pupil-of-another-class = Этого ученика нет в списке { $class_title }. Ничего не записано. Откройте урок заново: /start
refusal-pupil-unknown = Такого ученика в журнале нет. Откройте список заново: /start
refusal-mark-unusual = Оценки бывают от { $lowest } до { $highest }. Ничего не записано.
refusal-work-unknown = Вида работы «{ $work }» в журнале нет. Ничего не записано.
refusal-first-grade-unmarked = В первых классах оценок не ставят. Ничего не записано.
refusal-pupil-absent-from-lesson = У этого ученика на уроке стоит отсутствие. Ничего не записано. Если тема сдана позже, поставьте оценку ещё раз и подтвердите, что она за пропущенную тему.
refusal-mark-unknown = Такой оценки в журнале нет. Откройте урок заново: /start
refusal-mark-taken-back = Эта оценка уже снята. Поставить новую можно в журнале урока.
refusal-text-needed = Текста нет. Напишите его словами и отправьте ещё раз.
refusal-text-too-long = В тексте { $seen ->
    [one] { $seen } знак
    [few] { $seen } знака
   *[many] { $seen } знаков
}, а помещается { $longest }. Сократите его и отправьте ещё раз.
refusal-remark-pupil-gone = Сегодня этого ученика нет в списках школы. Ничего не записано.
refusal-remark-unknown = Такой записи в дневнике нет.
refusal-remark-taken-back = Эта запись уже убрана из дневника.
refusal-remark-of-another-teacher = Убрать запись из дневника могут её автор и администрация школы.
refusal-homework-no-lesson-ahead = В расписании { $class_title } больше нет уроков предмета «{ $subject_name }», задавать не к чему.
refusal-homework-too-late = Следующий урок предмета «{ $subject_name }» в { $class_title } сегодня или уже прошёл, к нему задать нельзя. Откройте последний урок и задайте там.
refusal-homework-unknown = К этому уроку ничего не задано, убирать нечего.
refusal-homework-taken-back = Это задание уже убрано.
refusal-diary-out-of-reach = Так далеко дневник не листается. Откройте его заново: /start
