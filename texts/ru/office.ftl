# Ответы канцелярии в командной строке.
office-imported = { $school }. Новых учеников: { $pupils }, сотрудников: { $staff }, связей с родителями: { $relations }, адресов: { $addresses }. Уроков в недельном расписании: { $slots }. Без изменений строк: { $unchanged }.
office-nothing-imported = Ничего не загружено: исправьте файлы и повторите.
office-more-errors = { $count ->
    [one] И ещё { $count } ошибка.
    [few] И ещё { $count } ошибки.
   *[many] И ещё { $count } ошибок.
}
