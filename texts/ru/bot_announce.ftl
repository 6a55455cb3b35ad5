# Родитель предупреждает заранее: ребёнок не придёт. Коротко, тепло, без рода и без склонения имён.

## Первое меню и подсказка
parent-button-absence = Ребёнок не придёт
announce-help =
    «Ребёнок не придёт» — предупредить школу заранее: болезнь, поездка, другие дела. Учитель увидит это в перекличке, и сообщение о пропуске вам не придёт. Там же: вернётся раньше, продлить, отменить.
announce-unread = Ребёнок не придёт? Предупредите школу кнопкой ниже: это увидит учитель.

## О ком и почему
announce-whom = Кто не придёт?
announce-why = { $child }. Почему не придёт?
announce-said = Уже сообщено:
announce-line = • { $sentence }
announce-why-illness = болеет
announce-why-family = по семейным обстоятельствам
announce-why-other = по другой причине
announce-button-ill-today = Болеет, сегодня не придёт
announce-button-illness = Болеет, другие дни
announce-button-family = Семейные обстоятельства
announce-button-other = Другое
announce-button-announced = Что уже сообщено

## С какого дня и по какой
announce-about = { $child }: { $why }.
announce-since = С какого дня? Нажмите или напишите дату, например: { $example }
announce-button-today = Сегодня
announce-button-tomorrow = Завтра
announce-button-other-day = Другой день
announce-button-one = Один день
announce-button-friday = До пятницы
announce-button-week = Неделя
announce-button-unknown = Пока не знаю
announce-type-end = Напишите последний день, например: { $example }. Пока считаем так, как выше.

## Дни словами
announce-sentence = { $name }: не придёт { $days }, { $why }.
announce-day = { $day } ({ $when })
announce-days = с { $first } по { $last } ({ $weekdays })
announce-weekdays = { $first } – { $last }
announce-day-of-year = { $day } { $year } года
announce-today = сегодня
announce-tomorrow = завтра

## Последний взгляд
announce-check = Проверьте и отправьте:
announce-certificate = Справка будет.
announce-note = Записка: { $note }
announce-unknown = Сколько дней, пока не знаем: записываем неделю, последний день — { $last }. Потом можно нажать «Вернётся раньше» или «Продлить».
announce-seen = Классный руководитель увидит дни, причину и записку.
announce-silent = В перекличке это будет отмечено заранее, и тревожное сообщение о пропуске не придёт.
announce-told = Учитель увидит это в перекличке, но сообщение о пропуске придёт: так принято в этой школе.
announce-called-already = Уроки, на которых перекличка уже прошла, это не меняет.
announce-type-note = Напишите записку одним сообщением: её прочитает классный руководитель.
announce-press = Этот текст никуда не отправлен. Нажмите «Отправить» или «Добавить записку»:
announce-stale = Эта кнопка устарела. Ничего не изменилось. Начните заново: /start
announce-new-day = Наступил новый день, поэтому пока ничего не отправлено. Проверьте даты и отправьте ещё раз.
announce-button-certificate = Справка будет
announce-button-note = Добавить записку
announce-button-no-note = Убрать записку
announce-button-send = Отправить

## Что отправлено
announce-sent = Отправлено, спасибо! Школа знает:
announce-sent-ill = Отправлено, спасибо! Скорейшего выздоровления! Школа знает:
announce-sent-toast = Отправлено
announce-card = Вы сообщили:
announce-announced = Вы сообщили (нажмите, чтобы изменить или отменить):
announce-none = Сейчас ничего не сообщено.
announce-button-line = { $days }, { $why }
announce-button-sooner = Вернётся раньше
announce-button-longer = Продлить
announce-button-cancel = Отменить
announce-button-anew = Сообщить о других днях
announce-ask-sooner = В какой день снова в школу?
announce-ask-longer = По какой день, включительно?
announce-changed = Изменено. Школа знает:
announce-changed-toast = Изменено
announce-changed-since = С тех пор всё уже изменилось, поэтому эта кнопка ничего не поменяла. Вот что записано сейчас.
announce-ask-cancel = Отменить? Если ребёнка не будет на уроке, придёт обычное сообщение о пропуске.
announce-button-cancel-yes = Да, отменить
announce-button-cancel-no = Нет, оставить
announce-cancelled = { $child }: отменено. Школа снова ждёт на уроках, как обычно.
announce-cancelled-toast = Отменено

## Что не принимается
teacher-absence-no-forward = Пересланное сообщение не принимаю. Напишите дату или записку своими словами.
teacher-absence-no-picture = Фото и файлы не принимаю. Справку принесите в школу, а здесь напишите словами.
refusal-announce-day-unclear = Не получилось прочитать дату. Напишите день и месяц, например: { $example }
refusal-announce-end-first = Последний день ({ $last }) раньше первого ({ $first }). Напишите другой день.
