# Кому не дойдёт сообщение об отсутствии: экран классного руководителя и команда канцелярии.
unreached-button = Не узнают об отсутствии: { $count }
unreached-title = { $class_title }: кто из семьи никак не узнает об отсутствии
unreached-because = • { $names } — { $reason }
unreached-no-family = в журнале нет взрослых, которым можно сообщить
unreached-not-yet = чат или почта ещё подключаются
unreached-call = Если кого-то из них нет на уроке, сообщение никому не придёт. Позвоните, пожалуйста, семье сами.
unreached-none = Таких нет: о каждом ученике есть кому сообщить.
unreached-office-title = О ком никто не узнает, если ученика нет на уроке
unreached-office-line = { $class }, { $name } — { $reason }
unreached-office-none = Таких нет: о каждом ученике есть кому сообщить.
unreached-office-count = Всего: { $count } из { $pupils }
