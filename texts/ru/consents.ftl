# Согласия на обработку персональных данных: отказы журнала, ответы канцелярии, бланк.
refusal-consent-purpose-needed = Укажите, на что согласие: успеваемость, посещаемость или то и другое.
refusal-consent-date-not-today = Электронное согласие действует с сегодняшнего дня. Откройте его заново и ответьте ещё раз.
refusal-consent-until-of-refusal = У отказа нет последнего дня: он действует, пока не дано новое согласие.
refusal-consent-until-before-since = Последний день согласия раньше первого. Исправьте даты.
refusal-consent-paper-ref-too-long = Слишком длинно: место бумаги опишите в { $longest } знаках.
refusal-consent-paper-ref-needed = Укажите, где лежит подписанная бумага: её номер или папку. Без неё согласие не внести.
refusal-consent-own-paper = Своё согласие на бумаге внести нельзя: попросите канцелярию или администрацию.
refusal-consent-withdrawn-himself = В этот же день согласие отозвано в электронном виде самим родителем. Если потом подписана новая бумага, внесите её завтрашним числом.
refusal-consent-text-needed = Электронное согласие даётся на опубликованный текст. Школа его ещё не показала: дайте согласие на бумаге.
refusal-consent-text-unknown = Версии { $version } текста согласия у школы нет.
refusal-consent-text-changed = Текст согласия изменился. Прочитайте его ещё раз и ответьте снова.
refusal-consent-text-empty = В файле нет текста согласия.
refusal-consent-text-too-long = Текст согласия слишком длинный: знаков { $seen }, а можно до { $longest }.
refusal-consent-needed = Вашего согласия на обработку персональных данных сейчас нет, поэтому здесь ничего не видно. Школа даст всё на бумаге. Обратитесь к классному руководителю: согласие подписывают у него.
refusal-consent-of-family-needed = Согласия семьи на обработку персональных данных сейчас нет, поэтому здесь ничего не видно. Всё нужное школа даст на бумаге: спросите, пожалуйста, у классного руководителя.
refusal-link-no-consent = Согласия на обработку персональных данных нет, поэтому чат не подключить. Подпишите согласие у классного руководителя.

office-left-out-no-consent = Без кода, потому что нет согласия на обработку персональных данных:
office-left-out-nobody = Без кода, потому что в школе не работают и детей в ней больше нет:
office-left-out-login-closed = Без кода, потому что школа закрыла логин (открыть может администратор):
office-left-out-meanwhile = Код в эту же минуту выдаёт кто-то другой; возьмите его или выдайте ещё раз:

consent-purpose-achievement = успеваемость
consent-purpose-attendance = посещаемость
consent-state-missing = не спрошено
consent-state-given = согласие
consent-state-refused = отказ
consent-state-withdrawn = отозвано
consent-state-expired = срок вышел
consent-since = с { $since }
consent-until = по { $until }

parent-subs-unsigned-achievement = Без вашего согласия на сведения об успеваемости не приходят оценки, замечания, домашние задания и объявления. Подписать его можно у классного руководителя. О ком речь: { $children }.
parent-subs-unsigned-attendance = Без вашего согласия на сведения о посещаемости не приходят сообщения об отсутствии на уроках. Подписать его можно у классного руководителя. О ком речь: { $children }.

consent-class = { $title }: нет ответа у { $silent } из { $all }
consent-nobody = Взрослых у учеников в журнале пока нет.
consent-all-answered = Все взрослые этого класса ответили: печатать нечего.
consent-whose-unknown = Ученика «{ $child }» со взрослым «{ $parent }» в журнале нет. Проверьте имена: zvonok consent list --all
consent-whose-several = Подходят { $count ->
    [one] { $count } запись.
    [few] { $count } записи.
   *[many] { $count } записей.
} Добавьте отчества или --class.
consent-text-none = Текста согласия у школы ещё нет. Опубликуйте его: zvonok consent text файл.txt
consent-text-version = Версия { $version } от { $day }, SHA-256 { $hash }
consent-text-damaged = Версия { $version } от { $day }: ТЕКСТ ИЗМЕНЁН МИМО ЖУРНАЛА, он не совпадает с SHA-256 { $hash }
consent-text-unreadable = Файл { $file } — не текст в UTF-8. Сохраните его как обычный текст.
consent-text-not-opened = Файл { $file } не открывается ({ $why }).

consent-form-blank = ______________________________________
consent-form-heading = СОГЛАСИЕ НА ОБРАБОТКУ ПЕРСОНАЛЬНЫХ ДАННЫХ В ЭЛЕКТРОННОМ ЖУРНАЛЕ
consent-form-parent = Родитель или законный представитель: { $parent }
consent-form-child = Ученик, класс: { $child }
consent-form-choose = Отметьте в каждой строке одно:
consent-form-achievement = ☐ даю согласие   ☐ не даю   Успеваемость: оценки, замечания и похвала, домашние задания, дневник, объявления
consent-form-attendance = ☐ даю согласие   ☐ не даю   Посещаемость: пропуски уроков и их причины
consent-form-until = Согласие действует:  ☐ до отзыва   ☐ по «____» ______________ 20____ г.
consent-form-sign = Дата «____» ______________ 20____ г.        Подпись ______________
consent-form-text = Текст: версия { $version }, SHA-256 { $hash }
