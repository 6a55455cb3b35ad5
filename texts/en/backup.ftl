# Backups, restore, quarantine: what the command line says.
backup-made = The backup is ready and was read back: { $file } ({ $tables ->
    [one] { $tables } table
   *[other] { $tables } tables
}, { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
}, { $size } KB).
backup-removed = Old backups removed: { $count }.
backup-ahead = Backups in this folder whose name has a date yet to come: { $count }. The clock was wrong once; they are left alone, remove what is not needed yourself.
backup-keep-apart = Without two secrets nothing can be restored from it. Write both down where neither this machine nor the backup is (a flash drive in a safe, another server):
backup-key = {"  "}key of backups: { $where }
backup-key-new = {"  "}key of backups: { $where } (made now, there was none)
backup-secret = {"  "}secret of the installation: { $where }
backup-in-setting = setting { $name }
backup-beside = The backup lies beside the data: if the disk breaks, it goes with them. To another disk: zvonok backup --to FOLDER
backup-then = To make one every day: set a folder in ZVONOK_BACKUP_FOLDER. To see that the copy can be restored: zvonok backup drill
backup-key-made = The key is written to { $file }. Keep a second one away from this machine: without it no backup can be opened.
backup-key-set = For backups to be made with it, set ZVONOK_BACKUP_KEY_FILE={ $file }
backup-whole = The backup { $file } is whole: taken { $taken }, tables { $tables }, rows { $rows }.
drill-done = The backup { $file } of { $taken } was restored into a scratch database and agrees: tables { $tables }, rows { $rows }. The scratch database is gone.
drill-chain = { $school }: the chain of acts is whole, links { $links }.
drill-chain-broken = { $school }: the chain of acts is NOT whole. See: zvonok audit verify
restore-done = The backup { $file } of { $taken } is restored and agrees: tables { $tables }, rows { $rows }.
restore-then = Whatever was entered after that moment is lost: ask the teachers to look at their entries. Everybody has to log in anew, with the passwords of that time.
restore-heads-aside = The heads of the audit's chains kept until now are set aside in { $file }: should you doubt this backup, they show what it lacks.
restore-heads = The audit now ends where the backup does; so it is kept, with an entry about the restore. Replace sheets with the former heads:
restore-head = {"  "}{ $school }: { $head }
quarantine-none = No messages are held.
quarantine-since = Quarantine after a restore: backup of { $snapshot }, restored { $restored }.
quarantine-papers = What was decided from { $snapshot } to { $restored } is not in the backup. Until the papers are checked news waits too: somebody might get it who may not any more. Check, and enter again:
quarantine-paper-bars = {"  "}court orders and bars: zvonok people bar
quarantine-paper-consents = {"  "}consents and refusals, above all withdrawals: zvonok consent
quarantine-paper-adults = {"  "}changes among the adults of a pupil: zvonok people
quarantine-paper-staff = {"  "}dismissals and roles: zvonok staff
quarantine-paper-logins = {"  "}closed logins and notices of somebody else in an account: zvonok logins, zvonok breach
quarantine-then-papers = Until this is checked the journal can be read by those to whom it was forbidden meanwhile, so it is best to check the papers before the start (zvonok up). When all is entered, or there was nothing: zvonok quarantine checked
quarantine-checked = The papers are checked, news is told at once. Messages that waited for that: { $count }. Decide about the older ones: zvonok quarantine list
quarantine-not-checked = First check the papers of the lost time; zvonok quarantine list says which. Then: zvonok quarantine checked
restore-lost = { $school }: entries gone from the audit: { $count }. So many were entered after the backup, or more.
restore-lost-none = { $school }: by the head of the audit that was kept, nothing was entered after the backup.
quarantine-count = { $count ->
    [0] No messages are held.
    [one] { $count } message waits for your decision.
   *[other] { $count } messages wait for your decision.
}
quarantine-late = Of these { $count } are no news any more and cannot leave.
quarantine-unread = { $count ->
    [one] The gateway has not planned { $count } event of the old life yet: start it, and the list will grow.
   *[other] The gateway has not planned { $count } events of the old life yet: start it, and the list will grow.
}
quarantine-reader = {"  "}{ $name } · { $channel }: { $kinds }
quarantine-kind-attendance_day = absences — { $count }
quarantine-kind-mark = marks — { $count }
quarantine-kind-remark = remarks and praise — { $count }
quarantine-kind-homework = homework — { $count }
quarantine-kind-notice = notices — { $count }
quarantine-kind-other = other — { $count }
quarantine-then = To send: zvonok quarantine release — and not to send: zvonok quarantine release --discard
quarantine-not-planned = { $count ->
    [one] The gateway has not planned { $count } event of the old life yet, so nobody has seen what follows from it.
   *[other] The gateway has not planned { $count } events of the old life yet, so nobody has seen what follows from them.
} Start the gateway, look at zvonok quarantine list and repeat. Until the quarantine ends, what is held does not leave.
quarantine-released = The quarantine is over, messages released: { $count }. What is no news any more does not leave; quiet hours are kept.
quarantine-discarded = The quarantine is over, messages discarded: { $count }. Corrections to them, if any, will leave.

doctor-part-backup = Backups
doctor-backup-off = not made every day (ZVONOK_BACKUP_FOLDER). To make one now: zvonok backup
doctor-backup-well = { $hours ->
    [0] the last one was made less than an hour ago.
    [one] the last one was made { $hours } hour ago.
   *[other] the last one was made { $hours } hours ago.
}
doctor-backup-key = the key is no good. { $said }
doctor-backup-key-do = Mend the setting: without a key there are no backups.
doctor-backup-folder = the folder { $folder } is out of reach.
doctor-backup-folder-do = Make it; if it is on another disk, connect that.
doctor-backup-none = not one backup in { $folder }.
doctor-backup-none-do = Make the first: zvonok backup
doctor-backup-ahead = backups dated in the time to come: { $count }, folder { $folder }.
doctor-backup-ahead-do = Check the machine's clock; remove what is not needed yourself: it is never deleted.
doctor-backup-old = the last backup is { $hours } h old, and there should be one every day.
doctor-backup-old-do = Does zvonok up or zvonok core run? zvonok backup will say what is in the way.
