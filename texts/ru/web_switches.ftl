# «Оповещение» на странице своего входа: три выключателя. Кнопка говорит, что будет, строка над ней – что есть.
web-switches = Оповещение
web-switches-about = Какие сообщения присылать и как часто, выбирают в чате школы: «Что и как присылать».
web-switch-news-on = Сообщения школы приходят.
web-switch-news-off = Сообщения школы выключены.
web-switch-news-turn-on = Сообщать о новом
web-switch-news-turn-off = Выключить все сообщения и забыть мой выбор
web-switch-letters-on = Письма на почту включены.
web-switch-letters-off = Письма на почту выключены.
web-switch-letters-turn-on = Присылать письма
web-switch-letters-turn-off = Не присылать писем
web-switch-copies-on = То, что приходит в мессенджер, повторяем письмом.
web-switch-copies-off = То, что приходит в мессенджер, на почту не повторяем.
web-switch-copies-turn-on = Повторять сообщения на почту
web-switch-copies-turn-off = Не повторять
