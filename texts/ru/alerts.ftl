# Сообщения родителям об отсутствии на уроке. Коротко, по-доброму: сначала факт, потом одно дело.
alert-absent-title = { $count ->
    [one] Отсутствие на уроке
   *[other] Отсутствие на уроках
}
alert-corrected-title = Исправлено: отметка об отсутствии снята
alert-cleared-title = Уточнено: причина отсутствия известна
alert-changed-title = Исправлено: отсутствие на уроках
alert-gone-title = Отсутствие посреди учебного дня
alert-came-title = Ребёнок в школе, пропущено уроков: { $count }
alert-late-title = Опоздание на урок
alert-late-changed-title = Исправлено: опоздание на урок
alert-late-withdrawn-title = Исправлено: запись снята
alert-left-title = Уход до конца урока
alert-left-changed-title = Исправлено: уход до конца урока
alert-clear-title = Ребёнок в школе
alert-clear-title-corrected = Отметка об отсутствии снята
alert-clear-came = Присутствие отмечено на { $lesson } уроке.
alert-clear-corrected = { $count ->
    [one] Отметка об отсутствии на { $lessons } уроке снята. Извините за беспокойство.
   *[other] Отметки об отсутствии на { $lessons } уроках сняты. Извините за беспокойство.
}
alert-gone = { $count ->
    [one] На { $seen } уроке отмечено присутствие, на { $missed } — нет.
   *[other] На { $seen } уроках отмечено присутствие, на { $missed } — нет.
}
alert-nth = { $number }-м
alert-and = { $most } и { $last }
alert-pupil = { $name }, { $class_title }
alert-day = { $day }
alert-lesson = • { $number }-й урок, { $starts } ({ $subject }): { $what }
alert-absent = отсутствует
alert-was-absent = отсутствие
alert-ill = отсутствует по болезни
alert-excused = отсутствует по уважительной причине
alert-exempt = освобождение от урока
alert-present = присутствует
alert-late = опоздание { $minutes } мин
alert-left-permission = уход до конца урока с разрешения
alert-left-nurse = уход до конца урока в медицинский кабинет
alert-left-without = уход до конца урока без разрешения
alert-entered-later = { $what } (внесено позже: { $at })
alert-entered-another-day = { $what } (внесено позже: { $day }, { $at })
alert-lesson-present = • { $number }-й урок ({ $subject }): присутствует
alert-lesson-withdrawn = • { $number }-й урок ({ $subject }): запись снята
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
letter-subject-came = Ребёнок в школе: { $name }, { $day }
letter-subject-late = Опоздание или ранний уход: { $name }, { $day }
letter-subject-corrected = Исправлено: { $name }, { $day }
letter-greeting = Здравствуйте!
letter-reply = Знаете причину? Сообщите её классному руководителю. Не знаете, где ребёнок? Не ждите: позвоните ребёнку и сразу в школу.
letter-absence-link = Знаете причину? Ответьте на странице школы по этой ссылке: учитель увидит ответ в перекличке. Не знаете, где ребёнок? Не ждите: позвоните ребёнку и сразу в школу.
letter-absence-link-over = Знаете причину? Ответьте на странице школы по этой ссылке: учитель увидит ответ в перекличке.
letter-absence-label = Ответить об отсутствии
letter-why = Письмо пришло, потому что вы дали школе согласие получать сведения об уроках на этот адрес.
letter-signature = { $school }
