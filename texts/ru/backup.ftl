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
backup-ahead = В этой папке есть копии, у которых дата в имени ещё не наступила: { $count }. Часы когда-то ошибались; копии не тронуты, лишние уберите сами.
backup-keep-apart = Без двух секретов из копии ничего не восстановить. Перепишите оба туда, где нет ни этой машины, ни копии (флешка в сейфе, другой сервер):
backup-key = {"  "}ключ копий: { $where }
backup-key-new = {"  "}ключ копий: { $where } (сделан сейчас, прежде его не было)
backup-secret = {"  "}секрет установки: { $where }
backup-in-setting = настройка { $name }
backup-beside = Копия лежит рядом с данными: сломается диск — не станет и её. На другой диск: zvonok backup --to ПАПКА
backup-then = Снимать каждый день: укажите папку в ZVONOK_BACKUP_FOLDER. Проверить, что копия восстановится: zvonok backup drill
backup-key-made = Ключ записан в { $file }. Второй экземпляр храните не на этой машине: без него копии не открыть.
backup-key-set = Чтобы копии снимались с ним, укажите в настройках: ZVONOK_BACKUP_KEY_FILE={ $file }
backup-whole = Копия { $file } цела: снята { $taken }, таблиц { $tables }, строк { $rows }.
drill-done = Копия { $file } от { $taken } восстановлена в пробной базе и сошлась: таблиц { $tables }, строк { $rows }. Пробная база убрана.
drill-chain = { $school }: цепочка действий цела, звеньев { $links }.
drill-chain-broken = { $school }: цепочка действий НЕ цела. Что с ней: zvonok audit verify
restore-done = Копия { $file } от { $taken } восстановлена и сошлась: таблиц { $tables }, строк { $rows }.
restore-then = Всё, что внесли после этого времени, потеряно: попросите учителей проверить свои записи. Войти на страницы всем придётся заново, а пароли действуют те, что были тогда.
restore-heads-aside = Концы цепочек журнала действий, которые хранились до сих пор, отложены в файл { $file }: если усомнитесь в этой копии, по ним видно, чего она лишилась.
restore-heads = Журнал действий теперь кончается там, где копия; так он и записан, с отметкой о восстановлении. Листы с прежними концами замените:
restore-head = {"  "}{ $school }: { $head }
quarantine-none = Задержанных сообщений нет.
quarantine-since = Карантин после восстановления: копия от { $snapshot }, восстановлена { $restored }.
quarantine-papers = Что решили с { $snapshot } до { $restored }, в копию не попало. Пока бумаги не проверены, не уходит и новое: его мог бы получить тот, кому уже нельзя. Проверьте и внесите снова:
quarantine-paper-bars = {"  "}решения суда и запреты: zvonok people bar
quarantine-paper-consents = {"  "}согласия и отказы, прежде всего отзывы: zvonok consent
quarantine-paper-adults = {"  "}перемены среди взрослых ученика: zvonok people
quarantine-paper-staff = {"  "}увольнения и роли: zvonok staff
quarantine-paper-logins = {"  "}закрытые логины и сообщения о чужом доступе: zvonok logins, zvonok breach
quarantine-then-papers = Пока это не проверено, читать журнал могут и те, кому это успели запретить, поэтому лучше проверить бумаги до запуска (zvonok up). Когда всё внесено или вносить нечего: zvonok quarantine checked
quarantine-checked = Бумаги проверены, новое сообщается сразу. Сообщений, которые этого ждали: { $count }. О прежних решите отдельно: zvonok quarantine list
quarantine-not-checked = Сначала проверьте бумаги за потерянное время; какие, скажет zvonok quarantine list — а потом: zvonok quarantine checked
restore-lost = { $school }: из журнала действий пропало записей: { $count }. Столько внесли после копии, а то и больше.
restore-lost-none = { $school }: судя по хранившемуся концу журнала действий, после копии ничего не внесено.
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
quarantine-then = Отправить: zvonok quarantine release — а не отправлять: zvonok quarantine release --discard
quarantine-not-planned = { $count ->
    [one] Шлюз ещё не разобрал { $count } событие прежней жизни, и что из него следует, никто не видел.
    [few] Шлюз ещё не разобрал { $count } события прежней жизни, и что из них следует, никто не видел.
   *[other] Шлюз ещё не разобрал { $count } событий прежней жизни, и что из них следует, никто не видел.
} Запустите шлюз, посмотрите zvonok quarantine list и повторите. Пока карантин не снят, задержанное не уходит.
quarantine-released = Карантин снят, отпущено сообщений: { $count }. Устаревшие не уйдут, тихие часы соблюдаются.
quarantine-discarded = Карантин снят, сообщений отменено: { $count }. Исправления к ним, если будут, уйдут.

doctor-part-backup = Резервные копии
doctor-backup-off = каждый день не снимаются (ZVONOK_BACKUP_FOLDER). Снять сейчас: zvonok backup
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
doctor-backup-none-do = Снимите первую: zvonok backup
doctor-backup-ahead = копии, у которых дата ещё не наступила: { $count }, папка { $folder }.
doctor-backup-ahead-do = Проверьте часы машины; лишние копии уберите сами: они не удаляются.
doctor-backup-old = последней копии { $hours } ч, а должна быть каждый день.
doctor-backup-old-do = Запущен ли zvonok up или zvonok core? Что мешает, скажет команда: zvonok backup
