# «Класс сегодня»: кто отсутствует и почему, до кого не дошло, что сказали по телефону.
class-day-button = { $class_title } сегодня
class-day-title = { $class_title } сегодня, { $day }
class-day-count = Сегодня отсутствуют или отсутствовали на уроках: { $absent } из { $enrolled }.
class-day-all = Отсутствующих сегодня не отмечено.
class-day-unknown = Причина неизвестна:
class-day-line = • { $name }, { $lessons }-й урок
class-day-says = { $line }. Семья: { $said }
class-day-silent = { $line }. Семье сообщили, ответа пока нет
class-day-unreached = { $line }. Семье сообщить не вышло: { $why }. Позвоните, пожалуйста
class-day-known = Причина известна:
class-day-code = • { $name }: { $code }
class-day-gone-over = Список проверен в { $at }.
class-day-more-since = Список проверен в { $at }, с тех пор он изменился.
class-day-button-pupil = { $name }
class-day-button-accept-illness = ✓ { $name }: болеет
class-day-button-accept-other-cause = ✓ { $name }: уважительная
class-day-button-other = Другое
class-day-button-gone-over = Список проверен
class-day-button-again = Обновить
class-day-button-illness = Болеет
class-day-button-other-cause = Уважительная причина
class-day-button-back = ‹ { $class_title } сегодня
class-day-pupil = { $name }, { $class_title }
class-day-missed = Отсутствие сегодня: { $lessons }.
class-day-lesson = { $number }-й урок, { $subject } ({ $code })
class-day-relative-said = { $name }: { $said }, ответ в { $at }
class-day-relative-told = { $name }: сообщение отправлено, ответа нет
class-day-relative-waits = { $name }: сообщение ещё в пути
class-day-relative-silent = { $name }: сообщение не уйдёт ({ $why })
class-day-no-family = В журнале нет взрослых, которым можно сообщить.
class-day-ask = Дозвонились? Нажмите, что сказали: причина запишется за все сегодняшние уроки, и вопрос закроется.
class-day-why-family = по ответу семьи
class-day-why-call = по телефону
refusal-class-day-no-code = В правилах школы нет кода для такой причины. Скажите об этом администратору школы.

## Школа сейчас: завучу и директору
school-now-button = Школа сейчас
school-now-title = { $school }: { $day }, { $time }
school-now-there = На местах { $present } из { $enrolled }. Переклички есть в { $called } из { $classes ->
        [one] { $classes } класса
       *[other] { $classes } классов
    }.
school-now-no-lessons = Сегодня никто не учится в школе.
school-now-no-late = Опоздавших перекличек нет.
school-now-late = Переклички ещё нет, а время вышло: { $count }
school-now-roll = • { $class_title }, { $subject }, с { $starts } ({ $teacher })
school-now-no-unknown = Причины всех сегодняшних пропусков известны.
school-now-unknown = Отсутствуют без известной причины: { $count }.
school-now-unreached = Семье сообщить не вышло, нужно позвонить: { $count }
school-now-pupil = • { $name }, { $class_title }
school-now-waiting = Список отсутствующих не проверен: { $classes }.
school-now-class = { $class_title } ({ $absent })
school-now-more = и ещё { $count }
