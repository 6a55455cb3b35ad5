# Связи ученика со взрослыми, совершеннолетие, роли, приём на работу и увольнение: отказы и слова командной строки.
reason-no-contact = этому взрослому не сообщают
reason-limited-view = доверенному лицу сообщают только об отсутствии на уроках

refusal-person-gone = Такого человека в журнале нет.
refusal-guardian-self = Ученик не может быть представителем самому себе.
refusal-guardian-minor = Представителем или доверенным лицом может быть только совершеннолетний. Проверьте дату рождения.
refusal-guardian-institution = Организация бывает только представителем вида «организация», а человек — любого другого вида.
refusal-guardian-already = Этот взрослый уже записан у ученика. Измените запись или сначала завершите её.
refusal-guardian-barred = Этому взрослому суд запретил доступ. Сначала снимите запрет по новому решению.
refusal-guardianship-own = Свою собственную связь с учеником никто не меняет сам: попросите другого сотрудника.
refusal-pupil-of-age = Ученику исполнилось 18 лет: кому рассказывать о нём, решает он сам.
refusal-relation-priority = Очередь звонка — целое число от { $first } до { $last }.
refusal-relation-ends-before = Последний день не может быть раньше начала ({ $since }).
refusal-trusted-signs-nothing = Доверенное лицо ничего не подписывает: подпись остаётся за родителями.
refusal-custody-basis-needed = Укажите основание: какой документ, его номер и дату.
refusal-majority-not-yet = Ученику ещё нет 18 лет, спрашивать его рано.
refusal-majority-not-an-adult = В ответе назван человек, который не был представителем этого ученика. Ничего не записано.

refusal-birth-date-impossible = Такой даты рождения не бывает. Проверьте год.
refusal-person-name-needed = Укажите фамилию и имя.
refusal-person-name-odd = В имени есть цифры, или оно слишком длинное. Проверьте, что записано.
refusal-person-there = В школе уже записан человек «{ $name }». Если это тёзка, так и скажите.
refusal-institution-there = Организация «{ $name }» уже записана.

refusal-role-unknown = Такой роли нет.
refusal-above-you = У этого человека права шире ваших. Это делает администратор системы.
refusal-day-odd = { $day }: проверьте год.
refusal-role-own = Роль самому себе не назначают и не снимают: попросите другого сотрудника.
refusal-role-not-given = Эту роль не назначают отдельно: она следует из работы, класса или связи с учеником.
refusal-role-already = Эта роль на эти дни уже назначена.
refusal-role-not-staff = Эту роль может получить только сотрудник школы, который работает в этот день.
refusal-role-ends-before = Последний день роли не может быть раньше её начала ({ $since }).
refusal-role-order-needed = Укажите приказ: номер и дату.
refusal-role-right-impossible = Такого права у этой роли быть не может. Ничего не изменено.
refusal-own-role-code = Код роли «{ $role }» не подходит: нужны строчные латинские буквы, цифры и дефис, и не имя готовой роли.

refusal-staff-unknown = Такого сотрудника в школе нет.
refusal-staff-already = Этот человек уже работает в школе.
refusal-staff-until = Этот человек ещё работает по прежнему приказу до { $until }.
refusal-staff-before = День увольнения не может быть раньше дня приёма ({ $since }).
refusal-staff-own = Приём и увольнение самого себя оформляет другой сотрудник.

people-relation-needed = Кем взрослый приходится ученику? Укажите --relation: мать, отец, бабушка…
people-answer-needed = Укажите --allow ВЗРОСЛЫЙ (кому ученик разрешил) или --nobody (никому).
people-nobody = Взрослых у этого ученика не записано.
people-institution-done = { $name }: записано.
people-kind-parent = родитель
people-kind-adoptive = усыновитель
people-kind-guardian = опекун
people-kind-trustee = попечитель
people-kind-foster = приёмный родитель
people-kind-institution = организация
people-kind-trusted = доверенное лицо
people-barred = доступ закрыт судом
people-hidden = не видит ребёнка в журнале
people-no-contact = не сообщать
people-no-sign = подпись не нужна
people-turn = очередь звонка — { $number }
people-span = { $until ->
    [none] с { $since }
   *[other] с { $since } по { $until }
}
people-over = сейчас не действует
people-lack-nobody = взрослых не записано
people-lack-ended = все связи завершены
people-lack-barred = доступ закрыт судом
people-lack-only-trusted = только доверенные лица
people-alone = { $count ->
    [0] У каждого ученика есть законный представитель.
    [one] Без законного представителя — { $count } ученик:
    [few] Без законного представителя — { $count } ученика:
   *[many] Без законного представителя — { $count } учеников:
}
people-alone-after-import = { $count ->
    [one] У { $count } ученика нет законного представителя. Кто это: zvonok people alone
   *[many] У { $count } учеников нет законного представителя. Кто это: zvonok people alone
}
people-grown = { $count ->
    [0] Все совершеннолетние ученики ответили.
    [one] Ещё не ответил { $count } совершеннолетний ученик:
    [few] Ещё не ответили { $count } совершеннолетних ученика:
   *[many] Ещё не ответили { $count } совершеннолетних учеников:
}
people-answered = ответ есть
people-not-answered = ответа нет
people-allowed = можно
people-not-allowed = нельзя

staff-nobody = Сотрудников в журнале нет.
staff-until = работает до { $until }
staff-role-due = ждёт назначения: { $name } ({ $role }), по должности
staff-hired = { $name }: приём записан.
staff-dismissed = { $name }: последний рабочий день — { $day }.
staff-leaves-class = Класс { $title } останется без руководителя: назначьте другого.
staff-leaves-lessons = { $count ->
    [one] В недельном расписании остался { $count } урок этого учителя: поставьте другого.
    [few] В недельном расписании осталось { $count } урока этого учителя: поставьте другого.
   *[many] В недельном расписании осталось { $count } уроков этого учителя: поставьте другого.
}
staff-no-such-role = { $name }: роли { $role } на эти дни нет.
staff-no-roles = Назначенных ролей больше нет.
staff-leads = Класс { $title }, классный руководитель: { $name }.
staff-role-named = Роль { $role }: «{ $name }». Пока ей ничего не разрешено: решите это командой zvonok staff rights
staff-own-role = Своя роль { $role }: «{ $name }».
staff-rights-usual = Школа ничего не решала иначе, чем обычно.
staff-no-such-right = Права «{ $right }» нет. Все права перечислены в docs/reference/rights.csv.
staff-no-such-reach = Охвата «{ $reach }» нет. Можно: { $known }.
role-director = директор
role-deputy = заместитель директора
role-class-teacher = классный руководитель
role-stand-in = замещает классного руководителя
role-teacher = учитель
role-further-education-teacher = педагог дополнительного образования
role-substitute = замещает на уроке
role-administrator = администратор системы
role-assistant = помощник администратора
role-secretary = секретарь учебной части
role-hr = специалист по кадрам
role-clerk = делопроизводитель
role-support = техническая поддержка
role-municipal-officer = сотрудник муниципального органа
role-regional-officer = сотрудник регионального органа
role-pupil = ученик
role-guardian = родитель, законный представитель
role-trusted-adult = доверенное лицо
