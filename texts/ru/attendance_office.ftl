# Закрытые уроки, проверка отсутствующих, счёт по головам, пропуски без причины. Читают учитель, классный руководитель, завуч.
refusal-journal-locked-days = Урок { $day } закрыт: прошло больше { $days ->
    [one] { $days } дня
   *[other] { $days } дней
}, и его отметки и пропуски уже не исправляют. Кто может открыть этот урок, назвав причину: { $names ->
    [none] администрация школы
   *[other] { $names }
}{ $more ->
    [0] .
    [one] {" "}и ещё { $more } человек.
    [few] {" "}и ещё { $more } человека.
   *[many] {" "}и ещё { $more } человек.
}
refusal-journal-locked-finals = Урок { $day } закрыт: итоговые отметки за этот период уже выставлены. Кто может открыть этот урок, назвав причину: { $names ->
    [none] администрация школы
   *[other] { $names }
}{ $more ->
    [0] .
    [one] {" "}и ещё { $more } человек.
    [few] {" "}и ещё { $more } человека.
   *[many] {" "}и ещё { $more } человек.
}
refusal-journal-unlock-until = Урок открывают не дольше чем на { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
} вперёд. Выберите другой срок.
refusal-journal-unlock-why = Нужна причина, не длиннее { $longest ->
    [one] { $longest } знака
   *[other] { $longest } знаков
}: она останется в журнале действий.
refusal-absence-recheck-ahead = { $day } ещё не наступило: проверять пока нечего.
refusal-absence-code-no-cause = Код «{ $code }» причины не называет. Выберите код болезни или уважительной причины.
refusal-absence-all-explained = В этот день нет пропусков без причины. Посмотрите список ещё раз: возможно, причину уже записали.
refusal-absence-nothing-said = Семья об этом дне ещё ничего не сказала, отклонять нечего.
refusal-absence-refuse-why = Напишите, почему причина не принята, не длиннее { $longest ->
    [one] { $longest } знака
   *[other] { $longest } знаков
}.
refusal-absence-confirm-why = Эти уроки уже закрыты. Чтобы записать причину пропуска, назовите основание: например, справку и её дату.

audit-action-journal-unlock = урок открыт для правки
audit-action-journal-lock-again = урок снова закрыт
audit-action-journal-lock-finals = период закрыт: выставлены итоговые отметки
audit-action-journal-lift-finals = период с итоговыми отметками открыт для правки
audit-action-absence-recheck = проверен список отсутствующих
audit-action-absence-confirm = принята причина пропуска
audit-action-absence-refuse = причина пропуска не принята

# --- Команды канцелярии -------------------------------------------------------------------------------------

attendance-overdue-title = Перекличек нет дольше { $minutes ->
    [one] { $minutes } минуты
   *[other] { $minutes } минут
} от звонка: { $count }
attendance-overdue-none = Все переклички, которым пора быть, проведены.
attendance-overdue-line = { $starts }, урок { $number }: { $learners }, { $subject } — { $teacher }
attendance-waiting-title = { $day }: отсутствующих ещё не проверили. Список класса покажет zvonok attendance recheck КЛАСС
attendance-waiting-none = { $day }: списки отсутствующих проверены во всех классах, где они есть.
attendance-waiting-line = { $class }: { $absent } — { $teacher }
attendance-waiting-again = { $class }: { $absent } — { $teacher }; проверяли в { $at }, потом отмечены ещё
attendance-no-leader = классного руководителя нет
attendance-list-title = { $class }, { $day }. Отсутствующих: { $count }.
attendance-list-none = { $class }, { $day }: отсутствующих нет.
attendance-list-line = { $name }: { $lessons }
attendance-list-lesson = { $number } ({ $subject }) — { $code }
attendance-list-answer = { $guardian }: { $reason ->
    [ill] болеет
    [family] по семейным обстоятельствам
    [late] опаздывает
    [unaware] не знает, где ребёнок
   *[at-school] ребёнок в школе, это ошибка
}
attendance-list-released = по приказу: { $title }, до { $until }
attendance-list-announced = семья предупредила: { $reason ->
    [illness] болезнь
    [family] семейные обстоятельства
   *[other] другая причина
}, до { $until }
attendance-list-refused = причина не принята { $at }
attendance-list-done = Список проверен { $at }.
attendance-list-stale = Список проверен { $at }, но потом отмечены ещё отсутствующие.
attendance-list-not-done = Список ещё не проверен. Отметить проверку: zvonok attendance recheck { $class } --done
attendance-rechecked = { $class }, { $day }: список отсутствующих проверен.
attendance-heads-title = { $day }, { $at }: сколько учеников в школе
attendance-heads-none = { $day }: уроков нет, считать некого.
attendance-heads-line = { $class }: { $present } из { $enrolled }
attendance-heads-absent = нет по перекличке: { $count }
attendance-heads-announced = предупредили или освобождены: { $count }
attendance-heads-uncalled = переклички ещё не было
attendance-heads-distant = учатся дистанционно
attendance-heads-total = Всего в школе: { $present } из { $enrolled }.
attendance-unexplained-title = Пропуски без известной причины, { $first } – { $last }
attendance-unexplained-none = Пропусков без известной причины в эти дни нет.
attendance-unexplained-line = { $class }, { $name }: { $counted }
attendance-unexplained-days = { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
}
attendance-unexplained-lessons = { $lessons ->
    [one] { $lessons } урок в другие дни
    [few] { $lessons } урока в другие дни
   *[many] { $lessons } уроков в другие дни
}
attendance-unexplained-over = пора рассмотреть на комиссии
attendance-unlocked = Урок открыт до конца дня { $until }: { $learners }, { $subject }, { $day }, урок { $number }.
attendance-locked = Урок снова закрыт: { $learners }, { $subject }, { $day }, урок { $number }.
attendance-confirmed = Причина записана ({ $code }): { $lessons ->
    [one] { $lessons } урок
    [few] { $lessons } урока
   *[many] { $lessons } уроков
}.
attendance-refused = Записано: причина не принята, пропуски { $day } остаются без причины.
attendance-confirm-one = Назовите одно: код причины (--code б) или отказ (--refuse).
attendance-clock = «{ $written }»: нужно время, например 11:20.
