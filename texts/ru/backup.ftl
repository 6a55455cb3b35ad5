# Копии, восстановление, карантин: что говорит командная строка.
backup-made = Копия готова и проверена чтением: { $file } ({ $tables ->
    [one] { $tables } таблица
    [few] { $tables } таблицы
   *[other] { $tables } таблиц
}, { $rows ->
    [one] { $rows } строка
    [few] { $rows } строки
   *[other] { $rows } строк
}, { $size } КБ).
backup-removed = Старых копий убрано: { $count }.
backup-keep-apart = Отдельно от копии храните ключ копий и секрет установки: без любого из них восстановить нельзя.
backup-whole = Копия { $file } цела: снята { $taken }, таблиц { $tables }, строк { $rows }.
drill-done = Копия { $file } от { $taken } восстановлена в пробной базе и сошлась: таблиц { $tables }, строк { $rows }. Пробная база убрана.
drill-chain = { $school }: цепочка действий цела, звеньев { $links }.
drill-chain-broken = { $school }: цепочка действий НЕ цела. Что с ней, скажет zvonok audit verify.
restore-done = Копия { $file } от { $taken } восстановлена и сошлась: таблиц { $tables }, строк { $rows }.
restore-then = Всё, что внесли после этого времени, потеряно: попросите учителей проверить свои записи. Войти на страницы всем придётся заново, а пароли действуют те, что были тогда.
quarantine-none = Задержанных сообщений нет.
quarantine-since = Карантин после восстановления: копия от { $snapshot }, восстановлена { $restored }.
quarantine-count = { $count ->
    [0] Задержанных сообщений нет.
    [one] Ждёт решения { $count } сообщение.
    [few] Ждут решения { $count } сообщения.
   *[other] Ждут решения { $count } сообщений.
}
quarantine-late = { $count ->
    [one] Из них { $count } уже не новость: уйти не сможет.
   *[other] Из них { $count } уже не новость: уйти не смогут.
}
quarantine-unread = { $count ->
    [one] Шлюз ещё не разобрал { $count } событие прежней жизни: запустите его, и список пополнится.
    [few] Шлюз ещё не разобрал { $count } события прежней жизни: запустите его, и список пополнится.
   *[other] Шлюз ещё не разобрал { $count } событий прежней жизни: запустите его, и список пополнится.
}
quarantine-reader = {"  "}{ $name } · { $channel }: { $kinds }
quarantine-kind-attendance_day = пропуски — { $count }
quarantine-kind-mark = отметки — { $count }
quarantine-kind-remark = замечания и похвалы — { $count }
quarantine-kind-homework = домашние задания — { $count }
quarantine-kind-notice = объявления — { $count }
quarantine-kind-other = другое — { $count }
quarantine-then = Отправить: zvonok quarantine release. Не отправлять: zvonok quarantine release --discard.
quarantine-not-planned = { $count ->
    [one] Шлюз ещё не разобрал { $count } событие прежней жизни, и что из него следует, никто не видел.
    [few] Шлюз ещё не разобрал { $count } события прежней жизни, и что из них следует, никто не видел.
   *[other] Шлюз ещё не разобрал { $count } событий прежней жизни, и что из них следует, никто не видел.
} Запустите шлюз, посмотрите zvonok quarantine list и повторите. Пока карантин не снят, задержанное не уходит.
quarantine-released = Карантин снят, отпущено сообщений: { $count }. Устаревшие не уйдут, тихие часы соблюдаются.
quarantine-discarded = Карантин снят, сообщений отменено: { $count }. Исправления к ним, если будут, уйдут.

doctor-part-backup = Резервные копии
doctor-backup-off = не настроены (ZVONOK_BACKUP_FOLDER).
doctor-backup-well = { $hours ->
    [0] последняя снята меньше часа назад.
    [one] последняя снята { $hours } час назад.
    [few] последняя снята { $hours } часа назад.
   *[other] последняя снята { $hours } часов назад.
}
doctor-backup-key = ключ не годится. { $said }
doctor-backup-key-do = Поправьте настройку: без ключа копии не снимаются.
doctor-backup-folder = папка { $folder } недоступна.
doctor-backup-folder-do = Создайте её; если она на другом диске, подключите его.
doctor-backup-none = в папке { $folder } ни одной копии.
doctor-backup-none-do = Снимите первую: zvonok backup.
doctor-backup-old = последней копии { $hours } ч, а должна быть каждый день.
doctor-backup-old-do = Запущен ли zvonok up или zvonok core? Что мешает, скажет zvonok backup.
