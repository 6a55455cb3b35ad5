# Учителю в мессенджере: оценки, замечания и похвала, домашнее задание, объявления классу. Имена не склоняются.

## Кнопки
teacher-button-marks = Оценки
teacher-button-remarks = Замечание / похвала
teacher-button-homework = Домашнее задание
teacher-button-lesson = К уроку
teacher-button-class-list = К списку класса
teacher-button-class-notices = Объявления · { $class_title }
teacher-button-notices = К объявлениям
teacher-button-write-to-class = Написать классу
teacher-button-classes = К классам
teacher-button-send = Отправить
teacher-button-record = Записать
teacher-button-rephrase = Другие слова
teacher-button-reword = Написать заново
teacher-button-more = Написать ещё
teacher-chosen = ✓ { $label }

## Общее
teacher-quote = «{ $text }»
teacher-retype = Хотите иначе? Отправьте текст ещё раз: прежний заменится.
teacher-sent = Отправлено.
teacher-sent-toast = Отправлено
teacher-sent-already = Это уже отправлено. Второй раз ничего не уйдёт.
teacher-view-old = Текст с тех пор изменился, поэтому ничего не отправлено. Вот каким он стал.
teacher-silent-until = До { $clock } можно нажать «{ $button }», и никому ничего не придёт. Позже исправление получат те, кому уже сообщили.
teacher-told-at-once = Если семья дала согласие, она узнает, как выбрала: сразу, вечером или сама из дневника. Ошиблись? Нажмите «{ $button }»: исправление получат те, кому уже сообщили.
teacher-notice-told-at-once = Сообщение семьям уже уходит. Если это ошибка, нажмите «{ $button }».

## Текст, о котором никто не спрашивал
teacher-unasked = Этот текст нигде не записан и никому не отправлен.
teacher-unasked-how = Нажмите, что вы хотите написать, и отправьте текст ещё раз.
teacher-unasked-lesson =
    Урок: { $lesson }
    Если нужен другой, нажмите «К урокам».
teacher-unasked-no-lesson = Задание, замечание и похвалу пишут к уроку, который уже начался: «К урокам».

## Без уроков
teacher-lessons-administration = Объявление можно написать семьям любого класса: «Написать классу».
teacher-lessons-never = В расписании ваших уроков нет. Объявления семьям пишут классные руководители и администрация школы.
teacher-classes-choose = Какому классу? Откроются его объявления, там же можно написать новое.
teacher-classes-none = Классов в журнале пока нет: их вносит канцелярия вместе со списками.
teacher-classes-of-school = { $class_title } · { $school }
teacher-classes-before = ‹ Младшие
teacher-classes-after = Старшие ›

## Подсказка
teacher-help =
    После переклички под ней есть «Оценки», «Замечание / похвала» и «Домашнее задание». Оценка — два нажатия: фамилия и цифра. Остальное видно перед отправкой.
    Расписание на неделю, с заменами, переносами и мероприятиями, — «К урокам», «Неделя».
    Классному руководителю. «К урокам», затем «Объявления»: можно написать семьям класса и увидеть, кто подписал, а до кого не дошло. Администрации школы — «К урокам», «Написать классу»: любой класс.

## Оценки
teacher-mark-work = Вид работы: { $work }.
teacher-mark-whom = Кому поставить оценку?
teacher-mark-which = Какая оценка? Она запишется сразу.
teacher-mark-which-missed = Какая оценка? Прежде чем записать её, бот переспросит.
teacher-mark-missed-ask = { $name } отсутствует на этом уроке. Поставить оценку за пропущенную тему?
teacher-mark-missed-kept = Оценка: { $mark }. Отсутствие останется в журнале.
teacher-mark-missed-yes = Да, поставить { $value }
teacher-mark-missed-back = ‹ Назад
teacher-mark-said = { $value } ({ $work })
teacher-mark-stands = Стоит: { $marks }
teacher-mark-absent = Отсутствует на этом уроке.
teacher-mark-button-absent = н · { $name }
teacher-mark-button-marked = { $name } · { $marks }
teacher-mark-open = Изменить { $mark }
teacher-mark-change = Какую оценку поставить вместо { $mark }?
teacher-mark-take-back = Снять оценку
teacher-mark-restore = Вернуть { $value }
teacher-mark-given = Записано: { $name } — { $mark }.
teacher-mark-given-missed = Это оценка за пропущенную тему, отсутствие на уроке осталось в журнале.
teacher-mark-given-once = По этой кнопке оценка уже ставилась, и потом её сняли. Чтобы поставить новую, выберите фамилию ещё раз.
teacher-mark-corrected = Исправлено: { $name } — было { $before }, стало { $mark }.
teacher-mark-same = Так и было: { $name } — { $mark }.
teacher-mark-taken-back = Снято: { $name } — { $mark }.
teacher-mark-taken-back-told = Если родителям об этой оценке уже сообщили, придёт исправление.
teacher-mark-corrected-told = Если родителям об этой оценке уже сообщили, придёт исправление.

## Замечание и похвала
teacher-remark-kind = Замечание
teacher-praise-kind = Похвала
teacher-remark-whom = О ком замечание?
teacher-praise-whom = Кого похвалить?
teacher-remark-heading = Замечание · { $class_title }, { $name }
teacher-praise-heading = Похвала · { $class_title }, { $name }
teacher-remark-words = Выберите готовую фразу или напишите свою одним сообщением. Перед отправкой её можно будет проверить.
teacher-remark-phrase-1 = Нет домашнего задания
teacher-remark-phrase-2 = Нет тетради или учебника
teacher-remark-phrase-3 = Отвлекается на уроке
teacher-remark-phrase-4 = Мешает вести урок
teacher-remark-phrase-5 = Телефон на уроке
teacher-remark-phrase-6 = Опоздание на урок
teacher-praise-phrase-1 = Отличная работа на уроке
teacher-praise-phrase-2 = Активное участие, интересные ответы
teacher-praise-phrase-3 = Заметный успех, так держать!
teacher-praise-phrase-4 = Старательно выполненное задание
teacher-praise-phrase-5 = Помощь одноклассникам
teacher-praise-phrase-6 = Творческая и самостоятельная работа
teacher-remark-readers = { $count ->
    [0] В журнале нет взрослых, которым можно об этом сообщить. Запись останется в дневнике.
   *[other] Увидят родители и представители, записанные в журнале: { $count }.
}
teacher-remark-when = { $seconds ->
    [0] После «Отправить» семья, если дала согласие, узнает, как выбрала: сразу, вечером или сама из дневника.
   *[other] После «Отправить» запись подождёт { $seconds } с на случай ошибки. Потом семья, если дала согласие, узнает, как выбрала: сразу, вечером или сама из дневника.
}
teacher-remark-take-back = Убрать из дневника
teacher-remark-told-at-once = Если семья дала согласие, она узнает, как выбрала: сразу, вечером или сама из дневника. Ошиблись? Нажмите «{ $button }»: исправление получат те, кому уже сообщили.
teacher-remark-as-sent = Слова отправленной записи изменить нельзя: уберите её и напишите заново.
teacher-remark-withdrawn = Запись убрана из дневника. Если о ней уже сообщили, придёт исправление.
teacher-remark-no-picture = Фото и файлы в дневник не попадут. Напишите словами или выберите фразу кнопкой.
teacher-remark-no-forward = Пересланное сообщение не принимаю. Напишите своими словами или выберите фразу кнопкой.

## Домашнее задание
teacher-homework-heading = Домашнее задание · { $class_title } · { $subject }
teacher-homework-stands = На этом уроке задано:
teacher-homework-due = К уроку: { $day }
teacher-homework-due-never = В расписании нет следующего урока, к которому можно задать.
teacher-homework-ask = Напишите задание одним сообщением или нажмите «Не задано».
teacher-homework-again = Чтобы заменить его, напишите новое одним сообщением.
teacher-homework-nothing = Не задано
teacher-homework-replaces = Заменит то, что было задано на этом уроке раньше.
teacher-homework-drop = Убрать задание
teacher-homework-dropped = Задание убрано: об этом уроке снова ничего не сказано. Если о нём уже сообщили, придёт исправление.
teacher-homework-told = Сообщение о задании получат семьи: { $how }.
teacher-reach-now = сразу — { $count }
teacher-reach-daily = раз в день, вечером — { $count }
teacher-homework-others = Остальные семьи ({ $count }) увидят задание, когда откроют дневник.
teacher-homework-untold = Сообщение о задании никому не придёт: сейчас никто из семей класса его не получает. Задание видно в дневнике.
teacher-homework-reach-unknown = Задание видно в дневнике. Сообщение о нём придёт только тем семьям, которые это выбрали.
teacher-homework-mistake = Ошиблись? Нажмите «{ $button }» или «Исправить»: исправление получат те, кому уже сообщили.
teacher-homework-no-picture = Фото в задание не попадёт. Напишите словами: параграф, страницы, номера.
teacher-homework-no-forward = Пересланное сообщение не принимаю. Скопируйте из него текст и отправьте от себя.

## Объявления классу
teacher-notices = Объявления · { $class_title }
teacher-notices-none = Пока ни одного. Семьи получат объявление каждая в свой чат или письмом, а ответы соберутся на доске.
teacher-notice-new = Объявление классу
teacher-notice-to = Объявление · { $class_title }
teacher-notice-what = Что нужно от семей?
teacher-notice-ask-read = Прочитать
teacher-notice-ask-confirm = Подтвердить, что прочитали
teacher-notice-ask-sign = Подписать
teacher-notice-asks-read = Семьи прочитают, ответа не нужно.
teacher-notice-asks-read-until = Семьи прочитают, ответа не нужно. Важно до: { $day }.
teacher-notice-asks-confirm = Семьи подтвердят, что прочитали.
teacher-notice-asks-confirm-until = Семьи подтвердят, что прочитали. Последний день: { $day }.
teacher-notice-asks-sign = Семьи подпишут или откажутся.
teacher-notice-asks-sign-until = Семьи подпишут или откажутся. Последний день: { $day }.
teacher-notice-words =
    Напишите объявление одним сообщением. Первая строка — заголовок, до { $longest } знаков, дальше сам текст.

    Перед отправкой всё можно будет проверить.
teacher-notice-title-taken =
    Заголовок: { $title }

    Теперь напишите сам текст.
teacher-notice-until-when = До какого дня ждать ответа? Нажмите или напишите свою дату, например: { $figures }
teacher-notice-tomorrow = Завтра, { $day }
teacher-notice-three = Через три дня, { $day }
teacher-notice-week = Через неделю, { $day }
teacher-notice-whenever = Без срока
teacher-notice-other-day = Другой день
teacher-notice-type-day = Напишите последний день для ответа, например: { $figures } или { $words }
teacher-notice-families = Объявление для семей: { $count }. До кого не дойдёт, покажет доска «Кто ответил».
teacher-notice-alone = Без взрослых в журнале (им никто не прочитает): { $count }.
teacher-notice-other-year = Это уже { $year } год. Если вы имели в виду другой день, нажмите «Другой день».
teacher-notice-check = Проверьте и нажмите «Отправить».
teacher-notice-press = Объявление ещё не отправлено, и текст в нём прежний. Нажмите «Отправить» или «Написать заново».
teacher-notice-drop = Не отправлять
teacher-notice-dropped = Объявление не отправлено. Никто ничего не получил.
teacher-notice-sent = Отправлено. Семей: { $count }. До кого не дойдёт, покажет «Кто ответил».
teacher-notice-board = Кто ответил
teacher-notice-withdraw = Отозвать
teacher-notice-withdraw-really = Отозвать объявление «{ $title }»? Отвечать на него больше не смогут, а кто его получил, увидит, что оно отозвано.
teacher-notice-withdraw-yes = Да, отозвать
teacher-notice-withdraw-no = Нет, оставить
teacher-notice-withdrawn-toast = Объявление отозвано
teacher-notice-line-withdrawn = отозвано
teacher-notice-line-read = для сведения
teacher-notice-line-answered = ответили { $answered } из { $pupils }
teacher-notice-line-until = последний день: { $day }
teacher-notice-no-picture = Фото и файлы к объявлению не прикладываются. Напишите его словами.
teacher-notice-no-forward = Пересланное сообщение не принимаю. Скопируйте из него текст и отправьте от себя.

## Доска объявления
teacher-board-title = { $class_title } · { $title }
teacher-board-published = Опубликовано: { $day }, { $clock }
teacher-board-withdrawn = Объявление отозвано, отвечать на него больше нельзя.
teacher-board-refresh = Обновить
teacher-board-at = Доска на { $clock }, { $day }. Новые ответы появятся, когда вы нажмёте «{ $button }».
teacher-board-read = Отправлено: { $told } из { $pupils }.
teacher-board-confirm = Подтвердили { $answered } из { $pupils }.
teacher-board-sign = Подписали { $answered } из { $pupils }.
teacher-board-names-read = Ответили ({ $count }): { $names }
teacher-board-names-confirm = Подтвердили ({ $count }): { $names }
teacher-board-names-sign = Подписали ({ $count }): { $names }
teacher-board-names-seen = Нажали «Понятно» ({ $count }): { $names }
teacher-board-names-told = Отправлено ({ $count }): { $names }
teacher-board-names-not-yet = Отправлено, ответа пока нет ({ $count }): { $names }
teacher-board-names-waiting = Отправляется ({ $count }): { $names }
teacher-board-names-unsure = Возможно, дошло, но подтверждения нет — на всякий случай спросите ({ $count }): { $names }
teacher-board-split = Взрослые ответили по-разному ({ $count }):
teacher-board-split-by = { $name }: подписано — { $signed }, отказ — { $refused }
teacher-board-refused = Не подписывают ({ $count }):
teacher-board-refused-by = { $name }: { $adults }
teacher-board-unreached = Не дошло ({ $count }):
teacher-board-unreached-because = { $reason }: { $names }
teacher-board-no-family = в журнале нет взрослых, которым можно сообщить
teacher-board-unknown = ещё не отправлялось

## Отказы
refusal-classes-not-yours = Писать любому классу может администрация школы. Объявления своего класса открываются под уроками: /start
refusal-notice-first-line-long = Первая строка — это заголовок. Знаков в ней { $seen }, а можно до { $longest }. Начните с короткой строки, остальное напишите с новой.
refusal-last-day-unclear = Не получилось прочитать дату. Напишите день и месяц, например: { $figures } или { $words }.
refusal-last-day-gone = { $day } — этот день уже прошёл. Напишите сегодняшний или более поздний, не позже: { $farthest }.
refusal-last-day-far = Получается { $day } — это уже за концом учебного года. Напишите другой день, не позже: { $farthest }.
