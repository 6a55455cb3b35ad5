# Ответы канцелярии в командной строке.
office-imported = { $school }. Новых учеников: { $pupils }, сотрудников: { $staff }, связей с родителями: { $relations }, адресов: { $addresses }. Уроков в недельном расписании: { $slots }. Без изменений строк: { $unchanged }.
office-nothing-imported = Ничего не загружено: исправьте файлы и повторите.
office-more-errors = { $count ->
    [one] И ещё { $count } ошибка.
    [few] И ещё { $count } ошибки.
   *[many] И ещё { $count } ошибок.
}
office-zone-stays = { $school }: школа уже заведена, её часовой пояс — { $zone }, а не «{ $given }». Загрузка списков его не меняет: уберите --zone.
office-kind-stays = { $school }: школа уже заведена, её вид — { $kind }, а не { $given }. Загрузка списков его не меняет: уберите --kind.
