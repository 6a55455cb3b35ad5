# Кому не дойдёт сообщение об отсутствии: экран классного руководителя и команда канцелярии.
unreached-button = Не узнают об отсутствии: { $count }
unreached-title = { $class_title }: о чьём отсутствии никто в семье не узнает
unreached-because = • { $names } — { $reason }
unreached-no-family = в журнале нет взрослых, которым можно сообщить
unreached-not-yet = чат или почта ещё подключаются
unreached-call = Если кого-то из них нет на уроке, сообщение никому не придёт. Позвоните, пожалуйста, семье сами.
unreached-none = Таких нет: о каждом ученике есть кому сообщить.
unreached-office-title = О чьём отсутствии на уроке никто в семье не узнает
unreached-office-line = { $class }, { $name } — { $reason }
unreached-office-none = Таких нет: о каждом ученике есть кому сообщить.
unreached-office-count = Всего: { $count } из { $pupils }
