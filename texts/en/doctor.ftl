# zvonok doctor: what is well, what is not and what to do. "-do": what to do.
doctor-part-settings = Settings
doctor-part-database = Database
doctor-part-events = Events of the journal
doctor-part-clock = Clock
doctor-part-max = MAX
doctor-part-telegram = Telegram
doctor-part-mail = Mail
doctor-part-disk = Disk
doctor-part-pages = Pages
doctor-verdict = { $wrong ->
    [0] { $warnings ->
        [0] All is well.
       *[other] All works, but look at the lines with "!": { $warnings }.
    }
   *[other] To be mended: { $wrong }.
}
doctor-timed-out = no answer within { $seconds } s.
doctor-timed-out-do = Something hangs: look at the network and the load, and check again.

doctor-settings-read = read, no mistakes. The installation in folder { $folder } is examined.
doctor-not-begun = there is no school of your own in folder { $folder } yet: no database, no bot, no mail.
doctor-demo-beside = a demonstration lies beside, in folder { $folder }, and is not examined here. To examine it: ZVONOK_DATA={ $data } zvonok doctor
doctor-settings-wrong = { $sentence }
doctor-settings-wrong-do = All names and values are in docs/reference/settings.md.
doctor-settings-rest = the rest was not looked at: mend the settings first.
doctor-name-misspelt = { $name }{ $where ->
    [file] { " " }in the file .env
   *[environment] { "" }
} is no setting, and nothing reads it.
doctor-name-misspelt-do = { $right } may have been meant.
doctor-name-unknown = { $name }{ $where ->
    [file] { " " }in the file .env
   *[environment] { "" }
} is no setting, and nothing reads it.
doctor-name-unknown-do = Remove it, or find the right name in docs/reference/settings.md.
doctor-name-bare = the file { $file } has { $name }, but the setting is called { $right }.
doctor-name-bare-do = If it is a setting of Zvonok, add the beginning.
doctor-demo = the folder { $folder } is the demonstration's: it has a bot and mail of its own, as long as make demo runs. The database, events, clocks and the disk are looked at here.
doctor-no-channel = nothing to send by: neither a bot nor mail.
doctor-no-channel-do = Set ZVONOK_MAX_TOKEN or ZVONOK_TELEGRAM_TOKEN, or ZVONOK_MAIL_HOST and ZVONOK_MAIL_FROM.
doctor-sandbox = this is a sandbox: messages do not reach real people.
doctor-sandbox-do = To work in a school remove ZVONOK_SANDBOX.
doctor-secret-in-folder = ZVONOK_SECRET is not set, the secret lies in the file { $file }.
doctor-secret-in-folder-do = Keep a copy of it beside the copies of the database: without it parents' addresses cannot be opened. If the parts run apart, give all of them one ZVONOK_SECRET.

# What would leave this machine openly; a refusal to start says the same lines.
open-wires-refused = Not started: data of children would travel unencrypted.
doctor-wire-database = the wire to the database at { $host } is not encrypted: sslmode forbids encryption or does not demand it.
doctor-wire-database-do = In ZVONOK_DATABASE_URL remove sslmode or write sslmode=verify-full, with the certificate of your own authority in sslrootcert. If the way there is protected otherwise (a VPN), add { $host } to ZVONOK_PROTECTED_HOSTS.
doctor-wire-mail = letters go to { $host } unencrypted.
doctor-wire-mail-do = Set ZVONOK_MAIL_SECURITY=starttls or tls. If the way there is protected otherwise (a VPN), add { $host } to ZVONOK_PROTECTED_HOSTS.
doctor-wire-telegram = messages and the bot's token go to { $host } unencrypted.
doctor-wire-telegram-do = Give ZVONOK_TELEGRAM_BASE_URL an address with https://. If the way there is protected otherwise (a VPN), add { $host } to ZVONOK_PROTECTED_HOSTS.
doctor-wire-proxy = messages and the bot's token go through the proxy { $host } unencrypted.
doctor-wire-proxy-do = Give ZVONOK_TELEGRAM_BASE_URL an address with https://, or remove ZVONOK_TELEGRAM_PROXY. If the way there is protected otherwise (a VPN), add { $host } to ZVONOK_PROTECTED_HOSTS.
doctor-wire-max = messages and the bot's token go to { $host } unencrypted.
doctor-wire-max-do = Give ZVONOK_MAX_BASE_URL an address with https://. If the way there is protected otherwise (a VPN), add { $host } to ZVONOK_PROTECTED_HOSTS.
doctor-wire-max-proxy = messages and the bot's token go through the proxy { $host } unencrypted.
doctor-wire-max-proxy-do = Give ZVONOK_MAX_BASE_URL an address with https://, or remove ZVONOK_MAX_PROXY. If the way there is protected otherwise (a VPN), add { $host } to ZVONOK_PROTECTED_HOSTS.
doctor-wire-pages = the pages' address at { $host } is not protected: anybody on the way may read what is seen and written there.
doctor-wire-pages-do = Put a server with TLS before the pages and give ZVONOK_PUBLIC_URL an address with https://. If the way there is protected otherwise (a VPN), add { $host } to ZVONOK_PROTECTED_HOSTS.
doctor-wire-listening = the pages are open to the whole network at { $host }, and without TLS.
doctor-wire-listening-do = Put the server with TLS on this same machine and remove ZVONOK_WEB_HOST. If that network is protected otherwise (a VPN), add { $host } to ZVONOK_PROTECTED_HOSTS.
doctor-wire-promised = the wire to { $host } is not encrypted; you answer for it (ZVONOK_PROTECTED_HOSTS).
doctor-proxy-password = the password of the proxy { $host } travels unencrypted; the messages themselves are encrypted.
doctor-proxy-password-do = Let this password open nothing else; if the proxy can do TLS, give ZVONOK_TELEGRAM_PROXY an address with https://.
doctor-wire-shut = not looked at: protect the wire first, the settings tell of it.

doctor-database-answers = answers, PostgreSQL { $version }, a direct connection.
doctor-database-to-be-made = the embedded PostgreSQL { $version } runs; the database will be made in { $folder } at the first start.
doctor-database-embedded = the embedded database did not come up. { $said }
doctor-database-embedded-do = Mend it and check again.
doctor-database-missing = the server answers, but has no such database.
doctor-database-missing-do = Create it (CREATE DATABASE), or mend the name in ZVONOK_DATABASE_URL.
doctor-database-login = the server does not let us in: wrong name or password.
doctor-database-login-do = Look at ZVONOK_DATABASE_URL and at the rules of access (pg_hba.conf).
doctor-database-full = the server has no free connections left.
doctor-database-full-do = Raise max_connections or close other programs.
doctor-database-host = there is no server of this name.
doctor-database-host-do = Look at the name in ZVONOK_DATABASE_URL.
doctor-database-away = the server does not answer.
doctor-database-away-do = See that PostgreSQL runs, and the address and port in ZVONOK_DATABASE_URL.
doctor-database-certificate = { $kind ->
    [name] the server's certificate is for another name.
   *[signer] nobody trusted has signed the server's certificate.
}
doctor-database-certificate-do = { $kind ->
    [name] Write the server's name in ZVONOK_DATABASE_URL as it stands in the certificate.
   *[signer] Ask the database's owner for the certificate of its authority and name the file: ZVONOK_DATABASE_URL=…?sslrootcert=/path/ca.pem. Check the machine's clock, too.
}
doctor-database-no-tls = the server cannot encrypt the wire, and without that no data go to another machine.
doctor-database-no-tls-do = Turn TLS on at the server (ssl = on and a certificate). If the way there is protected otherwise (a VPN), add the server to ZVONOK_PROTECTED_HOSTS.
doctor-database-refuses = the server refused ({ $kind }).
doctor-database-refuses-do = If pgbouncer or another pooler stands between, give the address of PostgreSQL itself; the server's log knows more.
doctor-database-version = PostgreSQL { $major } will not do.
doctor-database-version-do = Versions { $oldest }–{ $newest } will.
doctor-database-pooler = a pooler (pgbouncer or the like) stands between the program and PostgreSQL; a direct connection is needed.
doctor-database-pooler-do = Give the address of PostgreSQL itself in ZVONOK_DATABASE_URL.
doctor-database-migrated = the tables are of this version, migration { $number }.
doctor-database-older = the tables are older than the program: migration { $stands }, needed { $newest }.
doctor-database-older-do = Run: zvonok migrate
doctor-database-newer = the tables are newer than the program: migration { $stands }, known { $newest }.
doctor-database-newer-do = Update the program.
doctor-database-roles = the roles of journal, gateway and bot are there.
doctor-database-role-refused = cannot become the role: { $roles }.
doctor-database-role-refused-do = Log in by the name under which the migration was made, or grant the role: GRANT <role> TO <name>.
doctor-database-clock-fits = the clocks of the database and of this machine agree.
doctor-database-clock = the clocks of the database and of this machine are { $seconds } s apart.
doctor-database-clock-do = Switch on time synchronisation (NTP) on both.
doctor-outbox-unseen = there is no database yet, or it does not answer: nothing to take.
doctor-outbox-read = all have been taken.
doctor-outbox-unread = nobody takes them: { $count }, the oldest waits for { $minutes } min.
doctor-outbox-unread-do = If the gateway runs, read its log, and if not, start it: zvonok up or zvonok gateway
doctor-quarantine = messages held after a restore from a backup: { $count }.
doctor-quarantine-do = Look and decide: zvonok quarantine list

doctor-zones-well = the data of time zones are there and fresh.
doctor-zones-old = the data of time zones are old ({ $zone }).
doctor-zones-old-do = Update the system's tzdata package.
doctor-zone-missing = this machine knows nothing of the time zone { $zone }.
doctor-zone-missing-do = Update the system's tzdata package, or mend the school's zone.
doctor-clock-demo = the demonstration has a clock of its own: it is { $now } at school.
doctor-clock-moved = the school's clock is moved: it shows { $now } by Moscow's time, a school in another zone has its own.
doctor-clock-moved-do = Only a sandbox does that: ZVONOK_SCHOOL_CLOCK_OFFSET_SECONDS.

doctor-max-off = not set up, there will be no messages in MAX.
doctor-max-well = the bot @{ $username } answers.
doctor-max = { $host }: { $why }.
doctor-max-do = { $reason ->
    [credential-refused] Take the token from MAX's cabinet for partners and set ZVONOK_MAX_TOKEN, without the word Bearer.
    [proxy-failed] Look at ZVONOK_MAX_PROXY.
    [tls-failed] { $root ->
        [none] Name in ZVONOK_MAX_CA_FILE a file with the ministry's root certificate: without it MAX's server cannot be known.
       *[named] Look at the machine's clock, and whether the file of ZVONOK_MAX_CA_FILE holds the right certificate.
    }
    [undecodable-answer] { $address ->
        [given] What answers at ZVONOK_MAX_BASE_URL is not MAX.
       *[usual] Somebody else answers instead of MAX: look at the network.
    }
    [server-error] The trouble is on the other side: wait and check again.
   *[other] { $address ->
        [given] Look at the network and at ZVONOK_MAX_BASE_URL.
       *[usual] See whether this machine is on the internet.
    }
}
doctor-max-webhook = the bot of MAX has a subscription (a webhook): while it stands, what is new goes there, not here.
doctor-max-webhook-do = Remove the subscription (DELETE /subscriptions), or take a bot of the school's own.
doctor-max-webhook-unseen = could not learn whether the bot of MAX has a subscription: { $why }.
doctor-max-webhook-unseen-do = Check again.
doctor-max-hook-unset = the webhook is not set yet: the bot sets it when it starts.
doctor-max-hook-unset-do = Start the bot: zvonok up or zvonok bot
doctor-max-polls = the bot fetches from MAX what is new: that is for trials, a school needs a webhook.
doctor-max-polls-do = Set ZVONOK_MAX_HOOK=true and ZVONOK_PUBLIC_URL.

doctor-telegram-off = not set up, there will be no messages in Telegram.
doctor-telegram-well = the bot @{ $username } answers.
doctor-telegram = { $host }: { $why }.
doctor-telegram-do = { $reason ->
    [credential-refused] Take the token from @BotFather and set ZVONOK_TELEGRAM_TOKEN.{ $address ->
        [given] {" "}Look at ZVONOK_TELEGRAM_BASE_URL too.
       *[usual] {""}
    }
    [proxy-failed] Look at ZVONOK_TELEGRAM_PROXY.
    [dns-failed] { $address ->
        [given] Look at ZVONOK_TELEGRAM_BASE_URL and the network.
       *[usual] See whether this machine is on the internet. Where Telegram is closed, a proxy helps: ZVONOK_TELEGRAM_PROXY.
    }
    [tls-failed] { $address ->
        [given] Look at the machine's clock and at ZVONOK_TELEGRAM_BASE_URL.
       *[usual] Look at the machine's clock.
    }
    [undecodable-answer] { $address ->
        [given] What answers at ZVONOK_TELEGRAM_BASE_URL is not the Bot API.
       *[usual] Somebody else answers instead of Telegram: look at the network.
    }
    [server-error] The trouble is on the other side: wait and check again.
   *[other] { $address ->
        [phone] If this is the phone for trials, start it in another window: zvonok phone
        [given] Look at the network and at ZVONOK_TELEGRAM_BASE_URL.
       *[usual] Look at the network. Where Telegram is closed, a proxy helps: ZVONOK_TELEGRAM_PROXY.
    }
}
doctor-telegram-clock = the clocks of this machine and of Telegram are { $seconds } s apart.
doctor-telegram-clock-do = Switch on time synchronisation (NTP).
doctor-telegram-webhook = the bot has a webhook: while it stands, not one message comes to the bot.
doctor-telegram-webhook-do = Remove it by deleteWebhook, or take a bot of the school's own.
doctor-telegram-webhook-unseen = could not learn whether there is a webhook: { $why }.
doctor-telegram-webhook-unseen-do = Check again.
doctor-telegram-hook-unset = the webhook is not set yet: the bot sets it when it starts.
doctor-telegram-hook-unset-do = Start the bot: zvonok up or zvonok bot
doctor-telegram-waiting = people write to the bot and it does not read: { $count } wait.
doctor-telegram-waiting-do = Start the bot: zvonok up or zvonok bot

doctor-mail-off = not set up, there will be no letters.
doctor-mail-well = the server { $host }:{ $port } ({ $security }) accepts{ $login ->
    [yes] { " " }name, password and
   *[no] { "" }
} the sender's address.
doctor-mail-connection-well = the server { $host }:{ $port } ({ $security }) answers.
doctor-mail-connection = the server { $host }:{ $port }: { $why }.
doctor-mail-connection-do = { $reason ->
    [credential-refused] Look at ZVONOK_MAIL_USER and ZVONOK_MAIL_PASSWORD; many mail services want a separate password for programs.
    [no-tls-offered] Try ZVONOK_MAIL_SECURITY=tls.
    [no-auth-offered] The server asks for no password: look at the port, or remove ZVONOK_MAIL_USER and ZVONOK_MAIL_PASSWORD.
    [tls-failed] Look at ZVONOK_MAIL_SECURITY and the port; an authority of your own is named by ZVONOK_MAIL_CA_FILE.
    [dns-failed] Look at the name in ZVONOK_MAIL_HOST.
    [policy] The server takes no mail from this address of the network: ask its administrator.
    [garbled-reply] What answers there is no mail server: look at ZVONOK_MAIL_HOST and ZVONOK_MAIL_PORT.
   *[other] { $trial ->
        [yes] If this is the mailbox for trials, start it in another window: zvonok mailbox
       *[no] Look at ZVONOK_MAIL_HOST, ZVONOK_MAIL_PORT and the network.
    }
}
doctor-mail-sender = the sender's address was not accepted: { $why }.
doctor-mail-sender-do = { $reason ->
    [sender-refused] Set ZVONOK_MAIL_FROM to an address that this account owns.
    [policy] Set ZVONOK_MAIL_FROM and, if the server asks for a password, ZVONOK_MAIL_USER and ZVONOK_MAIL_PASSWORD.
   *[other] Wait and check again; if that does not help, ask the mail's administrator.
}

doctor-disk-well = folder { $folder }: can be written, { $free } GB free.
doctor-disk-full = folder { $folder }: { $free } MB left.
doctor-disk-full-do = Make room: on a full disk the database stops.
doctor-disk-closed = nothing can be written to the folder { $folder }.
doctor-disk-closed-do = Mend its modes, or set another folder in ZVONOK_DATA.
doctor-disk-not-a-folder = { $folder } is no folder.
doctor-disk-not-a-folder-do = Set a folder in ZVONOK_DATA.
doctor-secret-open = others may read the file { $file }, which holds secrets.
doctor-secret-open-do = Close it: chmod 600 { $file }
doctor-secret-closed = the file { $file } cannot be read.
doctor-secret-closed-do = Run as its owner.

doctor-pages-off = not set up, letters will hold no links (ZVONOK_PUBLIC_URL).
doctor-port-free = port { $port } on { $host } is free.
doctor-port-taken = port { $port } on { $host } is taken.
doctor-port-taken-do = If Zvonok runs already, that is right; otherwise free the port or set another in ZVONOK_WEB_PORT.
