# Что и как присылать: когда уходит письмо, какие оценки считать плохими, о каких предметах и о ком из детей.
parent-when-lessons = после уроков
parent-when-hour = в { $hour }:00
parent-when-day-1 = по понедельникам { $when }
parent-when-day-2 = по вторникам { $when }
parent-when-day-3 = по средам { $when }
parent-when-day-4 = по четвергам { $when }
parent-when-day-5 = по пятницам { $when }
parent-when-day-6 = по субботам { $when }
parent-when-day-7 = по воскресеньям { $when }
parent-way-weekly-mail = Раз в неделю, { $when }, на почту
parent-way-weekly-telegram = Раз в неделю, { $when }, в мессенджер
parent-way-weekly-max = Раз в неделю, { $when }, в MAX
parent-button-weekly-mail = Раз в неделю, на почту
parent-button-weekly-telegram = Раз в неделю, в мессенджер
parent-button-weekly-max = Раз в неделю, в MAX
parent-button-after-lessons = После уроков
parent-button-day-1 = Пн
parent-button-day-2 = Вт
parent-button-day-3 = Ср
parent-button-day-4 = Чт
parent-button-day-5 = Пт
parent-button-day-6 = Сб
parent-button-day-7 = Вс
parent-subs-after-lessons = «После уроков» – это { $minutes ->
        [0] сразу после последнего урока
        [one] через { $minutes } минуту после последнего урока
        [few] через { $minutes } минуты после последнего урока
       *[many] через { $minutes } минут после последнего урока
    }, не раньше { $earliest } и не позже { $latest }. Если уроков нет – в { $usual }:00.

## Оценки
parent-subs-bad-mark = { $below ->
        [2] Оценка 1
        [3] Оценки 1 и 2
        [4] Оценки 1, 2 и 3
        [5] Оценки от 1 до 4
       *[6] Все оценки
    }
parent-subs-about-bad-mark = { $below ->
        [2] оценку 1
        [3] оценки 1 и 2
        [4] оценки 1, 2 и 3
        [5] оценки от 1 до 4
       *[6] оценки
    }
parent-subs-about-mark = { $below ->
        [2] оценки от 2 до 5
        [3] оценки 3, 4 и 5
        [4] оценки 4 и 5
       *[5] оценку 5
    }
parent-subs-below = Цифры внизу: о каких оценках сообщать так. Об остальных решаете отдельно, в «Остальных оценках».
parent-button-below = { $below ->
        [2] 1
        [3] 1–2
        [4] 1–3
        [5] 1–4
       *[6] Все
    }

## Предметы
parent-subs-of-subjects = { $category } ({ $subjects })
parent-subs-only = Только предметы: { $subjects }.
parent-subs-subjects = О каких предметах присылать
parent-subs-subjects-tap = Отметьте предметы, которые важны. Пока не отмечен ни один, присылаем обо всех.
parent-subs-subjects-none = В расписании пока нет уроков, выбирать не из чего. Присылаем обо всех предметах.
parent-button-subjects = { $count ->
        [0] Предметы: все
       *[other] Предметы: выбрано { $count }
    }
parent-button-subjects-every = Все предметы

## Дети
parent-subs-apart = Отдельно настроено: { $children }.
parent-subs-tap-child = Здесь выбор – только для этого ребёнка. Нажмите на то, что хотите изменить.
parent-button-child = Отдельно: { $child }
parent-button-every-child = ‹ Для всех детей
parent-button-like-others = Вернуть общие настройки

## Что ещё присылается
parent-subs-late = Опоздания
parent-subs-schedule = Изменения в расписании
parent-subs-test = Контрольные работы
parent-subs-event = События школы
parent-subs-digest = Итоги учёбы
parent-subs-about-late = опоздания и уход до конца урока
parent-subs-about-schedule = изменения в расписании: отмены, замены, другое время
parent-subs-about-test = даты контрольных работ
parent-subs-about-event = события школы и класса
parent-subs-about-digest = итоги учёбы: средние оценки, пропуски, что впереди

## На чём школа настаивает
parent-subs-kept = Исключение – то, о чём школа сообщает всегда: { $categories }.
parent-subs-insisted = Об этом школа сообщает всегда, отключить это здесь нельзя. Отказаться совсем можно так: от писем – в «Мои данные и оповещения» или по ссылке внизу любого письма, от сообщений сюда – остановив бота.
parent-subs-left-mail = Письма на почту выключены. Включить их можно здесь же: «Мои данные и оповещения».
parent-subs-evening = Сейчас об отсутствии вы узнаёте не сразу, а раз в день, когда уроки уже прошли. Если это важно знать сразу, выберите «Сразу».

## Тихие часы
parent-button-hours = Тихие часы
parent-hours-title = Когда вас не беспокоить
parent-hours-now = Тихие часы: { $hours }.
parent-hours-zone = Часовой пояс: { $zone }.
parent-hours-sunday = По воскресеньям тоже не беспокоим.
parent-hours-urgent = В тихие часы приходит только срочное: ребёнка нет на уроке или школа закрыта. Остальное подождёт.
parent-hours = с { $begins } до { $ends }
parent-hours-none = нет
parent-button-hours-school = Как в школе: { $hours }
parent-button-hours-none = Без тихих часов
parent-button-zone-school = Часовой пояс: как в школе
parent-button-sunday = Не беспокоить в воскресенье
parent-zone-0 = Как в школе
parent-zone-1 = Калининград
parent-zone-2 = Москва
parent-zone-3 = Самара
parent-zone-4 = Екатеринбург
parent-zone-5 = Омск
parent-zone-6 = Красноярск
parent-zone-7 = Иркутск
parent-zone-8 = Якутск
parent-zone-9 = Владивосток
parent-zone-10 = Магадан
parent-zone-11 = Камчатка

refusal-hours-not-offered = Этого варианта больше нет. Откройте «Тихие часы» ещё раз.
refusal-subject-not-taught = Этого предмета больше нет в расписании. Откройте список ещё раз.
