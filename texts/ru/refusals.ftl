# Отказы журнала: что не так и что делать. Одно предложение, без упрёка.
refusal-school-unknown = Такой школы в журнале нет.
refusal-school-exists = Школа «{ $name }» уже есть в журнале.
refusal-school-name-needed = В журнале несколько школ: укажите, какая нужна.
refusal-school-zone-unknown = Часовой пояс «{ $zone }» неизвестен. Пример: Asia/Yekaterinburg.
refusal-school-setting-invalid = Настройка «{ $setting }»: такого имени или значения не бывает.
refusal-lesson-unknown = Такого урока в журнале нет. Откройте список уроков заново: /start
refusal-lesson-not-yours = Этот урок ведёт другой учитель, поэтому изменить его перекличку нельзя.
refusal-lesson-not-begun = { $number }-й урок в { $class_title } ещё не начался. Отметить отсутствующих можно со звонка.
refusal-pupil-not-of-this-class = В списке есть ученик не из { $class_title }. Ничего не записано. Откройте урок заново: /start
refusal-absence-code-unknown = Отметки об отсутствии «{ $code }» в журнале нет. Ничего не записано.
refusal-roll-not-called = Переклички на этом уроке ещё не было, исправлять нечего.
refusal-roll-changed-since = Эту перекличку уже изменили. Откройте урок заново и посмотрите, что записано.
refusal-child-not-yours = Об этом ребёнке школа рассказывает только его родителям и законным представителям.
refusal-absence-already-corrected = Отметка об отсутствии уже снята, отвечать не нужно.
refusal-office-only = Это делает школьная канцелярия.
refusal-class-unknown = Класса «{ $title }» в журнале нет.
refusal-account-not-linked = Этот чат не связан с журналом. Попросите у классного руководителя код и отправьте его сюда.
refusal-link-code-unknown = Такого кода нет. Проверьте буквы и цифры и отправьте код ещё раз.
refusal-link-code-used = Этот код уже использован. Новый выдаст классный руководитель.
refusal-link-code-expired = Срок этого кода вышел. Новый выдаст классный руководитель.
refusal-link-no-children = По этому коду нет детей, о которых школа могла бы рассказывать. Обратитесь к классному руководителю.
refusal-link-no-offer = Сначала отправьте код, который выдал классный руководитель.
refusal-link-birth-date-wrong = Дата рождения не подошла. { $left ->
    [0] Код больше не действует: новый выдаст классный руководитель.
    [one] Осталась { $left } попытка.
    [few] Осталось { $left } попытки.
   *[many] Осталось { $left } попыток.
}
refusal-link-too-many-attempts = Слишком много попыток подряд. Подождите час и попробуйте снова.
refusal-person-unknown = Человека с именем «{ $name }» в журнале нет.
refusal-roster-refused = Списки противоречат друг другу или журналу. Ничего не загружено.
