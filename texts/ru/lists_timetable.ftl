# Недельное расписание в списках: группы, кабинеты, недели; что держит загрузку.
lists-new-rooms = Новые кабинеты: { $count }
lists-lesson-weeks = { $weeks ->
    [odd] по нечётным неделям
   *[even] по чётным неделям
}
lists-lesson-since = с { $day }
lists-change-since = { $change } с { $day }
lists-by-bells = по звонкам
lists-field-shift = смена
lists-field-until = последний день
lists-stays-left = В списке есть, но выбытие оформлено приказом: { $count } (список его не отменяет)
refusal-import-of-former-timetable = Эту загрузку отменить нельзя: её расписание записано, когда журнал ещё не знал групп и недель. Загрузите прежнее расписание заново.

lists-clash-lines = { $lines }:
lists-clash-line = { $lines } и урок, который уже есть в журнале:
lists-clash-times = Таких дней в году: { $times }.
lists-leaves-groups = { $change }; больше не в группах: { $groups }
lists-because-clash = без неё в одно время стояли бы уроки, которые вместе не провести:
lists-because-closed = после неё закрыты кабинет или группа урока либо нет такого звонка: { $who }
lists-because-groups = после неё изменён состав групп: { $who }

lists-stage = Загрузка, шаг { $number } из { $of }: { $stage ->
    [files] чтение файлов
    [journal] чтение журнала
    [comparing] сравнение
    [timetable] проверка расписания на весь год
    [writing] запись
   *[lessons] уроки по новому расписанию
}…
lists-stage-long = Загрузка идёт: большие списки занимают до нескольких минут.
