# Whom no message of an absence reaches: a class teacher's screen, and a command of the office.
unreached-button = Not told of absences: { $count }
unreached-title = { $class_title }: whose family is told of an absence by no way at all
unreached-because = • { $names } — { $reason }
unreached-no-family = the journal knows no adult who may be told
unreached-not-yet = the chat or the mailbox is still being connected
unreached-call = If one of them misses a lesson, no message comes to anybody. Please telephone the family yourself.
unreached-none = There are none: there is somebody to be told of every pupil.
unreached-office-title = Of whom nobody is told when the pupil misses a lesson
unreached-office-line = { $class }, { $name } — { $reason }
unreached-office-none = There are none: there is somebody to be told of every pupil.
unreached-office-count = In all: { $count } of { $pupils }
