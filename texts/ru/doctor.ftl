# zvonok doctor: что в порядке, что нет и что сделать. «-do» — что сделать.
doctor-part-settings = Настройки
doctor-part-database = База данных
doctor-part-events = События журнала
doctor-part-clock = Часы
doctor-part-max = MAX
doctor-part-telegram = Телеграм
doctor-part-mail = Почта
doctor-part-disk = Диск
doctor-part-pages = Страницы
doctor-verdict = { $wrong ->
    [0] { $warnings ->
        [0] Всё в порядке.
       *[other] Всё работает, но взгляните на строки с «!»: { $warnings }.
    }
   *[other] Нужно исправить: { $wrong }.
}
doctor-timed-out = за { $seconds } с ответа не дождались.
doctor-timed-out-do = Что-то висит: проверьте сеть и нагрузку и запустите проверку ещё раз.

doctor-settings-read = прочитаны, ошибок нет. Проверяется установка в папке { $folder }.
doctor-not-begun = своей школы в папке { $folder } ещё нет: ни базы, ни бота, ни почты.
doctor-demo-beside = рядом, в папке { $folder }, лежит демонстрация, она здесь не проверена. Проверить её: ZVONOK_DATA={ $data } zvonok doctor
doctor-settings-wrong = { $sentence }
doctor-settings-wrong-do = Все имена и значения — на странице docs/reference/settings.md.
doctor-settings-rest = остальное не проверено: сначала исправьте настройки.
doctor-name-misspelt = { $name }{ $where ->
    [file] { " " }в файле .env
   *[environment] { "" }
} — такой настройки нет, и её никто не читает.
doctor-name-misspelt-do = Похоже, имелось в виду { $right }.
doctor-name-unknown = { $name }{ $where ->
    [file] { " " }в файле .env
   *[environment] { "" }
} — такой настройки нет, и её никто не читает.
doctor-name-unknown-do = Уберите её или найдите верное имя на странице docs/reference/settings.md.
doctor-name-bare = в файле { $file } есть { $name }, но настройка называется { $right }.
doctor-name-bare-do = Если это настройка «Звонка», допишите начало.
doctor-demo = папка { $folder } принадлежит демонстрации: бот и почта у неё свои и работают, пока идёт make demo. Здесь проверяются база, события, часы и диск.
doctor-no-channel = отправлять не через что: нет ни бота, ни почты.
doctor-no-channel-do = Задайте ZVONOK_MAX_TOKEN, ZVONOK_TELEGRAM_TOKEN или ZVONOK_MAIL_HOST и ZVONOK_MAIL_FROM.
doctor-sandbox = включена песочница: сообщения идут не настоящим людям.
doctor-sandbox-do = Для работы в школе уберите ZVONOK_SANDBOX.
doctor-secret-in-folder = ZVONOK_SECRET не задан, секрет лежит в файле { $file }.
doctor-secret-in-folder-do = Храните копию файла вместе с копиями базы: без него адреса родителей не открыть. Если частей несколько, задайте всем один ZVONOK_SECRET.

# Что ушло бы с этого компьютера открыто; те же строки говорит и отказ запускаться.
open-wires-refused = Не запущено: данные детей пошли бы по сети незашифрованными.
doctor-wire-database = связь с базой на { $host } не зашифрована: sslmode запрещает шифрование или не требует его.
doctor-wire-database-do = В ZVONOK_DATABASE_URL уберите sslmode или напишите sslmode=verify-full, сертификат своего центра — в sslrootcert. Если дорога туда защищена иначе (VPN), допишите { $host } в ZVONOK_PROTECTED_HOSTS.
doctor-wire-mail = письма уходят на { $host } незашифрованными.
doctor-wire-mail-do = Задайте ZVONOK_MAIL_SECURITY=starttls или tls. Если дорога туда защищена иначе (VPN), допишите { $host } в ZVONOK_PROTECTED_HOSTS.
doctor-wire-telegram = сообщения и токен бота уходят на { $host } незашифрованными.
doctor-wire-telegram-do = Укажите в ZVONOK_TELEGRAM_BASE_URL адрес с https://. Если дорога туда защищена иначе (VPN), допишите { $host } в ZVONOK_PROTECTED_HOSTS.
doctor-wire-proxy = сообщения и токен бота уходят через прокси { $host } незашифрованными.
doctor-wire-proxy-do = Укажите в ZVONOK_TELEGRAM_BASE_URL адрес с https:// или уберите ZVONOK_TELEGRAM_PROXY. Если дорога туда защищена иначе (VPN), допишите { $host } в ZVONOK_PROTECTED_HOSTS.
doctor-wire-max = сообщения и токен бота уходят на { $host } незашифрованными.
doctor-wire-max-do = Укажите в ZVONOK_MAX_BASE_URL адрес с https://. Если дорога туда защищена иначе (VPN), допишите { $host } в ZVONOK_PROTECTED_HOSTS.
doctor-wire-max-proxy = сообщения и токен бота уходят через прокси { $host } незашифрованными.
doctor-wire-max-proxy-do = Укажите в ZVONOK_MAX_BASE_URL адрес с https:// или уберите ZVONOK_MAX_PROXY. Если дорога туда защищена иначе (VPN), допишите { $host } в ZVONOK_PROTECTED_HOSTS.
doctor-wire-pages = адрес страниц на { $host } не защищён: всё, что на них видят и пишут, по дороге может прочесть кто угодно.
doctor-wire-pages-do = Поставьте перед страницами сервер с TLS и укажите в ZVONOK_PUBLIC_URL адрес с https://. Если дорога туда защищена иначе (VPN), допишите { $host } в ZVONOK_PROTECTED_HOSTS.
doctor-wire-listening = страницы открыты всей сети на { $host }, и без TLS.
doctor-wire-listening-do = Поставьте сервер с TLS на этот же компьютер и уберите ZVONOK_WEB_HOST. Если эта сеть защищена иначе (VPN), допишите { $host } в ZVONOK_PROTECTED_HOSTS.
doctor-wire-promised = связь с { $host } не зашифрована; за неё отвечаете вы (ZVONOK_PROTECTED_HOSTS).
doctor-proxy-password = пароль к прокси { $host } идёт по сети незашифрованным; сами сообщения зашифрованы.
doctor-proxy-password-do = Пусть этот пароль больше ничего не открывает; если прокси умеет TLS, укажите в ZVONOK_TELEGRAM_PROXY адрес с https://.
doctor-wire-shut = не проверено: сначала защитите связь, о ней сказано в настройках.

doctor-database-answers = отвечает, PostgreSQL { $version }, соединение прямое.
doctor-database-to-be-made = встроенный PostgreSQL { $version } запускается; база появится в папке { $folder } при первом запуске.
doctor-database-embedded = встроенная база не поднялась. { $said }
doctor-database-embedded-do = Исправьте и проверьте ещё раз.
doctor-database-missing = сервер отвечает, но такой базы на нём нет.
doctor-database-missing-do = Создайте её (CREATE DATABASE) или исправьте имя в ZVONOK_DATABASE_URL.
doctor-database-login = сервер не пускает: имя или пароль не подходят.
doctor-database-login-do = Проверьте ZVONOK_DATABASE_URL и правила входа (pg_hba.conf).
doctor-database-full = у сервера не осталось свободных соединений.
doctor-database-full-do = Увеличьте max_connections или закройте лишние программы.
doctor-database-host = сервера с таким именем нет.
doctor-database-host-do = Проверьте имя в ZVONOK_DATABASE_URL.
doctor-database-away = сервер не отвечает.
doctor-database-away-do = Проверьте, что PostgreSQL запущен, и адрес с портом в ZVONOK_DATABASE_URL.
doctor-database-certificate = { $kind ->
    [name] сертификат сервера выдан на другое имя.
   *[signer] сертификату сервера не от кого верить.
}
doctor-database-certificate-do = { $kind ->
    [name] Напишите в ZVONOK_DATABASE_URL то имя сервера, которое стоит в сертификате.
   *[signer] Возьмите у хозяина базы сертификат его центра и укажите файл: ZVONOK_DATABASE_URL=…?sslrootcert=/путь/ca.pem. Проверьте и часы компьютера.
}
doctor-database-no-tls = сервер не умеет шифровать связь, а без этого данные на другой компьютер не уйдут.
doctor-database-no-tls-do = Включите на сервере TLS (ssl = on и сертификат). Если дорога туда защищена иначе (VPN), допишите сервер в ZVONOK_PROTECTED_HOSTS.
doctor-database-refuses = сервер отказал ({ $kind }).
doctor-database-refuses-do = Если между программой и PostgreSQL стоит pgbouncer или другой посредник, укажите адрес самого PostgreSQL; подробности — в журнале сервера.
doctor-database-version = PostgreSQL { $major } не подходит.
doctor-database-version-do = Нужна версия { $oldest }–{ $newest }.
doctor-database-pooler = между программой и PostgreSQL стоит посредник (pgbouncer или подобный), а нужно прямое соединение.
doctor-database-pooler-do = Укажите в ZVONOK_DATABASE_URL адрес самого PostgreSQL.
doctor-database-migrated = таблицы этой версии программы, миграция { $number }.
doctor-database-older = таблицы старее программы: миграция { $stands }, а нужна { $newest }.
doctor-database-older-do = Выполните: zvonok migrate
doctor-database-newer = таблицы новее программы: миграция { $stands }, а программа знает { $newest }.
doctor-database-newer-do = Обновите программу.
doctor-database-roles = роли журнала, шлюза и бота на месте.
doctor-database-role-refused = не даёт стать ролью: { $roles }.
doctor-database-role-refused-do = Войдите под тем именем, под которым делалась миграция, или выдайте роль: GRANT <роль> TO <имя>.
doctor-database-clock-fits = часы базы и этого компьютера идут одинаково.
doctor-database-clock = часы базы и этого компьютера расходятся на { $seconds } с.
doctor-database-clock-do = Включите на обоих синхронизацию времени (NTP).
doctor-outbox-unseen = базы пока нет, или она не отвечает: разбирать нечего.
doctor-outbox-read = все разобраны.
doctor-outbox-unread = никто не разбирает: { $count }, самое старое ждёт { $minutes } мин.
doctor-outbox-unread-do = Если шлюз запущен, посмотрите его журнал, а если нет, запустите: zvonok up или zvonok gateway
doctor-quarantine = после восстановления из копии задержано сообщений: { $count }.
doctor-quarantine-do = Посмотрите и решите: zvonok quarantine list

doctor-zones-well = данные о часовых поясах на месте и свежие.
doctor-zones-old = данные о часовых поясах устарели ({ $zone }).
doctor-zones-old-do = Обновите в системе пакет tzdata.
doctor-zone-missing = о часовом поясе { $zone } на этом компьютере ничего не известно.
doctor-zone-missing-do = Обновите в системе пакет tzdata или исправьте пояс школы.
doctor-clock-demo = у демонстрации свои часы: у школы сейчас { $now }.
doctor-clock-moved = часы школы переведены: сейчас на них { $now } по Москве, у школы в другом поясе — своё время.
doctor-clock-moved-do = Так бывает только в песочнице: ZVONOK_SCHOOL_CLOCK_OFFSET_SECONDS.

doctor-max-off = не настроен, сообщений в MAX не будет.
doctor-max-well = бот @{ $username } отвечает.
doctor-max = { $host }: { $why }.
doctor-max-do = { $reason ->
    [credential-refused] Возьмите токен в кабинете MAX для партнёров и задайте ZVONOK_MAX_TOKEN, без слова Bearer.
    [proxy-failed] Проверьте ZVONOK_MAX_PROXY.
    [tls-failed] { $root ->
        [none] Задайте в ZVONOK_MAX_CA_FILE файл с корневым сертификатом Минцифры: без него сервер MAX не узнать.
       *[named] Проверьте часы компьютера и тот ли сертификат в файле ZVONOK_MAX_CA_FILE.
    }
    [undecodable-answer] { $address ->
        [given] По адресу ZVONOK_MAX_BASE_URL отвечает не MAX.
       *[usual] Вместо MAX отвечает кто-то другой: проверьте сеть.
    }
    [server-error] Это неполадка на той стороне: подождите и проверьте ещё раз.
   *[other] { $address ->
        [given] Проверьте сеть и ZVONOK_MAX_BASE_URL.
       *[usual] Проверьте, есть ли на этой машине интернет.
    }
}
doctor-max-webhook = у бота MAX есть подписка (вебхук): пока она есть, новое уходит туда, а не сюда.
doctor-max-webhook-do = Удалите подписку (DELETE /subscriptions) или возьмите для школы отдельного бота.
doctor-max-webhook-unseen = не удалось узнать, нет ли у бота MAX подписки: { $why }.
doctor-max-webhook-unseen-do = Запустите проверку ещё раз.
doctor-max-hook-unset = вебхук ещё не поставлен: бот его ставит при запуске.
doctor-max-hook-unset-do = Запустите бота: zvonok up или zvonok bot
doctor-max-polls = бот сам спрашивает MAX о новом: это способ для проб, школе нужен вебхук.
doctor-max-polls-do = Задайте ZVONOK_MAX_HOOK=true и ZVONOK_PUBLIC_URL.

doctor-telegram-off = не настроен, сообщений в Телеграм не будет.
doctor-telegram-well = бот @{ $username } отвечает.
doctor-telegram = { $host }: { $why }.
doctor-telegram-do = { $reason ->
    [credential-refused] Возьмите токен у @BotFather и задайте ZVONOK_TELEGRAM_TOKEN.{ $address ->
        [given] {" "}Проверьте и ZVONOK_TELEGRAM_BASE_URL.
       *[usual] {""}
    }
    [proxy-failed] Проверьте ZVONOK_TELEGRAM_PROXY.
    [dns-failed] { $address ->
        [given] Проверьте ZVONOK_TELEGRAM_BASE_URL и сеть.
       *[usual] Проверьте, есть ли на этой машине интернет. Если Телеграм у вас закрыт, поможет прокси: ZVONOK_TELEGRAM_PROXY.
    }
    [tls-failed] { $address ->
        [given] Проверьте часы компьютера и ZVONOK_TELEGRAM_BASE_URL.
       *[usual] Проверьте часы компьютера.
    }
    [undecodable-answer] { $address ->
        [given] По адресу ZVONOK_TELEGRAM_BASE_URL отвечает не Bot API.
       *[usual] Вместо Телеграма отвечает кто-то другой: проверьте сеть.
    }
    [server-error] Это неполадка на той стороне: подождите и проверьте ещё раз.
   *[other] { $address ->
        [phone] Если это телефон для проб, запустите его в другом окне: zvonok phone
        [given] Проверьте сеть и ZVONOK_TELEGRAM_BASE_URL.
       *[usual] Проверьте сеть. Если Телеграм у вас закрыт, поможет прокси: ZVONOK_TELEGRAM_PROXY.
    }
}
doctor-telegram-clock = часы компьютера и Телеграма расходятся на { $seconds } с.
doctor-telegram-clock-do = Включите синхронизацию времени (NTP).
doctor-telegram-webhook = за ботом числится вебхук: пока он есть, бот не получит ни одного сообщения.
doctor-telegram-webhook-do = Снимите его вызовом deleteWebhook или возьмите для школы отдельного бота.
doctor-telegram-webhook-unseen = не удалось узнать, нет ли вебхука: { $why }.
doctor-telegram-webhook-unseen-do = Запустите проверку ещё раз.
doctor-telegram-hook-unset = вебхук ещё не поставлен: бот его ставит при запуске.
doctor-telegram-hook-unset-do = Запустите бота: zvonok up или zvonok bot
doctor-telegram-waiting = боту написали, а он не читает: ждут { $count }.
doctor-telegram-waiting-do = Запустите бота: zvonok up или zvonok bot

doctor-mail-off = не настроена, писем не будет.
doctor-mail-well = сервер { $host }:{ $port } ({ $security }) принимает{ $login ->
    [yes] { " " }имя и пароль и
   *[no] { "" }
} адрес отправителя.
doctor-mail-connection-well = сервер { $host }:{ $port } ({ $security }) отвечает.
doctor-mail-connection = сервер { $host }:{ $port }: { $why }.
doctor-mail-connection-do = { $reason ->
    [credential-refused] Проверьте ZVONOK_MAIL_USER и ZVONOK_MAIL_PASSWORD; многим почтам нужен отдельный пароль для программ.
    [no-tls-offered] Попробуйте ZVONOK_MAIL_SECURITY=tls.
    [no-auth-offered] Сервер не спрашивает пароль: проверьте порт или уберите ZVONOK_MAIL_USER и ZVONOK_MAIL_PASSWORD.
    [tls-failed] Проверьте ZVONOK_MAIL_SECURITY и порт; свой центр сертификатов указывает ZVONOK_MAIL_CA_FILE.
    [dns-failed] Проверьте имя в ZVONOK_MAIL_HOST.
    [policy] Сервер не принимает почту с этого адреса в сети: спросите его администратора.
    [garbled-reply] По этому адресу отвечает не почтовый сервер: проверьте ZVONOK_MAIL_HOST и ZVONOK_MAIL_PORT.
   *[other] { $trial ->
        [yes] Если это почтовый ящик для проб, запустите его в другом окне: zvonok mailbox
       *[no] Проверьте ZVONOK_MAIL_HOST, ZVONOK_MAIL_PORT и сеть.
    }
}
doctor-mail-sender = адрес отправителя не принят: { $why }.
doctor-mail-sender-do = { $reason ->
    [sender-refused] Задайте в ZVONOK_MAIL_FROM адрес, которым владеет этот ящик.
    [policy] Задайте ZVONOK_MAIL_FROM и, если сервер спрашивает пароль, ZVONOK_MAIL_USER и ZVONOK_MAIL_PASSWORD.
   *[other] Подождите и проверьте ещё раз; не поможет — спросите администратора почты.
}

doctor-disk-well = папка { $folder }: запись есть, свободно { $free } ГБ.
doctor-disk-full = в папке { $folder } осталось { $free } МБ.
doctor-disk-full-do = Освободите место: на полном диске база остановится.
doctor-disk-closed = в папку { $folder } нельзя писать.
doctor-disk-closed-do = Исправьте права или задайте другую папку в ZVONOK_DATA.
doctor-disk-not-a-folder = { $folder } — не папка.
doctor-disk-not-a-folder-do = Задайте папку в ZVONOK_DATA.
doctor-secret-open = файл { $file } с секретами могут читать посторонние.
doctor-secret-open-do = Закройте его: chmod 600 { $file }
doctor-secret-closed = файл { $file } не читается.
doctor-secret-closed-do = Запускайте от имени его владельца.

doctor-pages-off = не настроены, ссылок в письмах не будет (ZVONOK_PUBLIC_URL).
doctor-port-free = порт { $port } на { $host } свободен.
doctor-port-taken = порт { $port } на { $host } занят.
doctor-port-taken-do = Если «Звонок» уже запущен, так и должно быть; иначе освободите порт или задайте другой в ZVONOK_WEB_PORT.
