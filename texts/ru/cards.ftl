# Карты, сверка данных, «мои данные изменились», формы обучения.
card-address = адрес проживания
card-registration = адрес регистрации
card-citizenship = гражданство
card-file_number = номер личного дела
card-enrolment = приказ о зачислении
card-previous_school = откуда прибытие
card-languages = иностранные языки
card-family = состав семьи
card-activities = кружки и секции
card-education = образование
card-speciality = специальность по диплому
card-category = квалификационная категория
card-experience = стаж
card-training = повышение квалификации
card-awards = награды
card-profile = профиль обучения
card-shift = смена
card-room = кабинет класса
card-groups = группы
card-council = актив класса
card-parents_committee = родительский комитет
verification-questionnaires = анкетные данные учеников и родителей
verification-personal-cards = личные карты учеников
verification-class-card = информационная карта класса
verification-monthly = изменения в данных
form-full-time = очно
form-family = семейное образование
form-self = самообразование
form-external = экстернат
form-free = свободное посещение
form-home = обучение на дому
form-hospital = обучение в больнице или санатории
accounting-class-journal = в журнале класса
accounting-separate-sheet = на отдельном листе
accounting-certificate = по справке с места обучения
accounting-assessment-only = только результаты аттестации
missing-parent = нет родителя
missing-name = нет имени родителя
missing-birth-date = нет даты рождения родителя
missing-document = нет документа родителя
refusal-card-section-unknown = В карте нет раздела «{ $section }». Есть: { $sections }.
refusal-card-section-too-long = Раздел «{ $section }» длиннее { $longest } знаков.
refusal-card-changed-since = Карту за это время уже изменили. Откройте её заново и посмотрите, что записано.
refusal-verification-not-asked = Такой сверки в этом учебном году нет.
refusal-personal-cards-unfilled = { $count ->
    [one] Не заполнена { $count } личная карта: { $first }.
    [few] Не заполнены { $count } личные карты, первая в списке: { $first }.
   *[many] Не заполнены { $count } личных карт, первая в списке: { $first }.
}
refusal-class-card-unfilled = В информационной карте класса заполнены не все разделы.
refusal-data-change-unknown = Такого сообщения об изменении данных нет.
refusal-data-change-settled = На это сообщение уже ответили.
refusal-form-order-needed = Укажите приказ: от одного до { $longest } знаков.
refusal-form-day-ahead = День перевода ещё не наступил: запишите его, когда он придёт.
