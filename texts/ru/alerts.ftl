# Сообщения родителям об отсутствии на уроке. Коротко, по-доброму: сначала факт, потом одно дело.
alert-absent-title = { $count ->
    [one] Отсутствие на уроке
   *[other] Отсутствие на уроках
}
alert-corrected-title = Исправлено: отметка об отсутствии снята
alert-cleared-title = Уточнено: причина отсутствия известна
alert-changed-title = Исправлено: отсутствие на уроках
alert-pupil = { $name }, { $class_title }
alert-day = { $day }
alert-lesson-absent = • { $number }-й урок, { $starts } ({ $subject }): отсутствует
alert-lesson-ill = • { $number }-й урок, { $starts } ({ $subject }): отсутствует по болезни
alert-lesson-excused = • { $number }-й урок, { $starts } ({ $subject }): отсутствует по уважительной причине
alert-lesson-exempt = • { $number }-й урок, { $starts } ({ $subject }): освобождение от урока
alert-lesson-present = • { $number }-й урок ({ $subject }): присутствует
alert-sorry = Извините за беспокойство.
alert-since = { $number ->
    [2] Со { $day }
   *[other] С { $day }
}
alert-total = { $count ->
    [one] { $since } пропущен { $count } урок.
    [few] { $since } пропущено { $count } урока.
   *[many] { $since } пропущено { $count } уроков.
}
alert-ask = Знаете причину? Нажмите кнопку: учитель увидит ответ в перекличке.
alert-acknowledged = Вы отметили: понятно.
alert-answer-ill = Ваш ответ: болеет. Спасибо! Учитель увидит это в перекличке.
alert-answer-family = Ваш ответ: по семейным обстоятельствам. Спасибо! Учитель увидит это в перекличке.
alert-answer-late = Ваш ответ: опаздывает. Спасибо! Учитель увидит это в перекличке.
alert-answer-unaware = Ваш ответ: не знаю, где ребёнок. Учитель увидит ваш ответ, когда откроет перекличку. Пожалуйста, не ждите: сразу позвоните в школу.
alert-answer-at-school = Ваш ответ: ребёнок в школе, это ошибка. Учитель увидит ваш ответ, когда откроет перекличку, и сможет проверить отметку. Если сомневаетесь, сразу позвоните в школу.
alert-button-ok = Понятно
alert-button-ill = Болеет
alert-button-family = Семейные причины
alert-button-late = Опаздывает
alert-button-unaware = Не знаю, где ребёнок
alert-button-at-school = Ребёнок в школе, это ошибка
alert-button-chosen = ✓ { $label }

letter-subject-absent = Отсутствие на уроке: { $name }, { $day }
letter-subject-corrected = Исправлено: { $name }, { $day }
letter-greeting = Здравствуйте!
letter-reply = Знаете причину? Сообщите её классному руководителю.
letter-why = Письмо пришло, потому что вы дали школе согласие получать сведения об уроках на этот адрес.
letter-signature = { $school }
