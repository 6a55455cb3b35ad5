# Движение учеников по приказам, переход на новый год, закрытие года. Читают секретарь, завуч, директор.
movement-kind-arrived = прибытие
movement-kind-transferred = перевод в другой класс
movement-kind-left = выбытие
movement-kind-expelled = отчисление
movement-kind-graduated = окончание школы
movement-kind-moved-up = перевод в следующий класс
movement-kind-repeats = повторное обучение
movement-kind-corrected = исправление, предыдущий приказ не действует
movement-line = { $day } — { $name }: { $what }{ $way }. Приказ № { $number } от { $order_day }.
movement-way = , { $from } → { $to }
movement-way-from = , из { $from }
movement-way-to = , в { $to }
movement-back = ; снова { $from } → { $to }
movement-back-from = ; места в { $from } больше нет
movement-back-to = ; место снова в { $to }
movement-other-school = Другая школа: { $school }.
movement-note = Примечание: { $note }.
movement-void = Не действует: исправлено позже.
movement-born-needed = У нового ученика нужна дата рождения: --born ДД.ММ.ГГГГ
movement-none = Приказов за это время нет.
movement-arrived = { $name }: в { $class } с { $day }. Дальше: запишите взрослых (zvonok people relate) и выдайте им коды (zvonok codes --person).
movement-transferred = { $name }: в { $class } с { $day }. Родителям ничего подключать заново не нужно.
movement-left = { $name }: последний день — { $day }. Новых сообщений родителям не будет, прежние записи дневника семья видит, как раньше.
movement-groups-left = { $count ->
    [one] Вместе с классом кончается { $count } группа.
    [few] Вместе с классом кончаются { $count } группы.
   *[many] Вместе с классом кончаются { $count } групп.
} Новые группы назовите сами.
movement-corrected = { $name }: последний приказ больше не действует. Если нужен другой, запишите его. Проверьте и группы: сами они не возвращаются.
movement-nothing-to-correct = { $name }: действующих приказов нет, исправлять нечего.

refusal-pupil-enrolled = { $names }{ $more ->
    [0] {""}
   *[other] {" "}и ещё { $more }
}: место в классе уже есть, { $title } с { $day }{ $more ->
    [0] {""}
   *[other] {" "}у первого в списке
}. Чтобы сменить класс, нужен приказ о переводе.
refusal-pupil-not-enrolled = { $names }{ $more ->
    [0] {""}
   *[other] {" "}и ещё { $more }
}: на { $day } нет места ни в одном классе. Проверьте день.
refusal-pupil-in-class-already = Место в { $title } на этот день уже есть, переводить не нужно.
refusal-movement-order-needed = Укажите номер приказа, не длиннее { $longest } знаков.
refusal-movement-order-old = Приказ датирован { $day }. Проверьте дату: раньше { $first } приказов в журнале не бывает.
refusal-movement-order-ahead = Приказ датирован { $day }, этот день ещё не наступил.
refusal-movement-words-too-long = Слишком длинно: школу и примечание запишите короче { $longest } знаков.
refusal-movement-other-year = { $title } — класс { $year } учебного года, а { $day } относится к другому.
refusal-movement-across-years = { $former } и { $title } — классы разных учебных лет. Приказ о переводе действует внутри одного года, а на следующий переводят так: zvonok movement next-year
refusal-movement-of-adult = { $name }: в журнале это сотрудник или родитель. Если учиться поступает именно этот человек, повторите с ключом --adult.
refusal-movement-gone = Такого приказа в журнале нет.
refusal-movement-corrected = Этот приказ уже не действует.
refusal-movement-not-last = После этого приказа есть другой. Исправлять нужно с последнего.

# --- Переход на новый год -----------------------------------------------------------------------------------

rollover-head = Из { $year } учебного года в следующий. Первый день — { $day }.
rollover-class = { $title } → { $to }, { $count ->
    [one] { $count } ученик
    [few] { $count } ученика
   *[many] { $count } учеников
}.{ $teacher }
rollover-teacher = {" "}Классный руководитель: { $name }.
rollover-no-teacher = {" "}Классный руководитель ещё не назначен.
rollover-finishes = выпуск
rollover-asked = ?
rollover-questions = Не решено, куда идут: { $classes }. Ответьте на каждый класс или ученика: --set "9А=10А", --set "Иванова Анна=выпуск".
rollover-pupil = {"  "}{ $name } → { $to }
rollover-ready = Всё решено. Выполнить: та же команда с ключами --plan { $plan } --order НОМЕР --order-day ДД.ММ.ГГГГ
rollover-last-day = Для выпускников добавьте --last-day, последний день в школе.
rollover-empty = Переводить некого: с { $day } в классах этого года никто не учится.
rollover-done = Переведены: { $up }. Повторное обучение: { $repeat }. Выпуск: { $graduated }.
rollover-new-classes = Новые классы: { $classes }.
rollover-without-teacher = Без классного руководителя: { $classes }. Назначить: zvonok staff lead 5А "Иванова Анна"
rollover-stays = Связи с родителями, согласия, подключённые мессенджеры и настройки сообщений остались.
rollover-again = Этот переход уже выполнен, второй раз ничего не сделано.
rollover-line-odd = { $place }: нужно «класс = новый класс», «Фамилия Имя = новый класс» или «… = выпуск».
rollover-line-twice = { $place }: для «{ $who }» ответ уже есть.
rollover-line-class = { $place }: название класса не читается. Нужно число от 1 до 11 и, если есть, буква: 6А.
rollover-line-stranger = { $place }: «{ $who }» — такого класса или ученика среди переводимых нет.
rollover-line-namesakes = { $place }: «{ $who }» — таких несколько ({ $count }). Добавьте дату рождения: «Иванова Анна, 05.03.2014 = 10А».
rollover-file-unreadable = Файл с ответами { $path } не читается. Сохраните его как текст в кодировке UTF-8.
rollover-order-needed = Чтобы выполнить переход, назовите приказ: --order и --order-day.

refusal-rollover-changed = Пока вы смотрели, в классах что-то изменилось. Посмотрите переход ещё раз: ничего не записано.
refusal-rollover-unanswered = Не решено, куда идут: { $classes }. Ничего не записано.
refusal-rollover-stranger = В ответах есть класс или ученик не из этого перехода. Ничего не записано.
refusal-rollover-last-day-needed = Назовите последний день выпускников.
refusal-rollover-last-day-odd = { $day } не может быть последним днём выпускников: он не в этом учебном году.
refusal-rollover-finishes-early = { $name }, { $title }: школу оканчивают после 9 или 11 класса. Уход из других классов — приказ о выбытии.
refusal-rollover-title-odd = { $name }: название нового класса не читается. Нужно число от 1 до 11 и, если есть, буква: 6А.
refusal-rollover-wrong-grade = { $name }: из { $title } в { $to } при переходе нельзя, только на год выше или повторно. Остальное — отдельный приказ о переводе.

# --- Закрытие года ------------------------------------------------------------------------------------------

closing-open = { $year } учебный год открыт.
closing-proposed = Закрыть { $year } учебный год предложено: { $name }, { $day }. Теперь подтвердить должен директор или заместитель.
closing-closed = { $year } учебный год закрыт: { $name }, { $day }.
closing-left-year-goes-on = Год ещё идёт: последний день занятий — { $day }. Закрыть нельзя.
closing-left-rolls = { $count ->
    [one] Нет переклички на { $count } уроке
    [few] Нет переклички на { $count } уроках
   *[many] Нет переклички на { $count } уроках
}: { $classes }.
closing-left-pupils = { $count ->
    [one] { $count } ученик остаётся в классе этого года
    [few] { $count } ученика остаются в классах этого года
   *[many] { $count } учеников остаются в классах этого года
}: { $classes }. Переход на новый год: zvonok movement next-year
closing-not-looked-at = Отметки и итоги здесь не проверяются.
closing-nothing-left = Незавершённого не видно.
closing-reopened = { $year } учебный год снова открыт.
closing-no-role-propose = { $name }: предложить закрытие года может только администратор системы. Это роль, и должности для неё мало. Назначить: zvonok staff grant "{ $name }" administrator --order "приказ № 1"
closing-no-role-confirm = { $name }: подтвердить закрытие года может только директор или заместитель. Это роль, и должности для неё мало. Назначить: zvonok staff grant "{ $name }" deputy --order "приказ № 1"
closing-one-of = Выберите одно: --propose, --confirm или --reopen.

refusal-year-closed = { $day } — день закрытого учебного года, записи в нём больше не меняются.
refusal-year-not-set = Календарь { $year } учебного года не задан, закрывать нечего. Задать: zvonok year set year.toml
refusal-year-goes-on = { $year } учебный год ещё идёт, последний день занятий — { $day }.
refusal-year-closed-already = { $year } учебный год уже закрыт.
refusal-year-not-closed = { $year } учебный год не закрыт.
refusal-year-close-not-proposed = Закрыть { $year } учебный год ещё никто не предложил. Это делает администратор системы.
refusal-year-close-two = Предлагает и подтверждает закрытие года не один и тот же человек.
refusal-year-close-by-name = Год закрывают два человека. Назовите, от чьего имени это сделано.
refusal-year-reopen-why = Напишите, почему год открывают снова, не длиннее { $longest } знаков.

audit-action-pupil-move = приказ о движении ученика
audit-action-class-open = открыт класс
audit-action-year-close-propose = предложено закрыть учебный год
audit-action-year-close = закрыт учебный год
audit-action-year-reopen = учебный год открыт снова

# --- Отмена списков -----------------------------------------------------------------------------------------

lists-because-moved = после неё есть приказ о движении: { $who }
