# Группы, учебные планы и нагрузка. Читают завуч, классный руководитель и оператор.

refusal-plan-year-closed = Учебный год { $year } закрыт: менять в нём ничего нельзя.
refusal-plan-classes-of-years = Названы классы разных учебных лет. Выберите классы одного года.
refusal-plan-subject-unknown = Такого предмета в списке школы нет. Сначала добавьте его: zvonok year subjects add "русский язык"

# --- Группы -------------------------------------------------------------------------------------------------

refusal-group-unknown = Такой группы в журнале нет.
refusal-group-there = Группа «{ $group }» в этом году уже есть. Дайте другой название, чтобы их не путать.
refusal-group-parts-few = Чтобы разделить класс, назовите хотя бы две группы.
refusal-group-divided-already = Класс по этому предмету уже разделён. Новую группу можно добавить списком: zvonok groups import groups.csv
refusal-group-division-of-others = «{ $group }»: остальные группы этого деления набраны из других классов.
refusal-group-kind-odd = «{ $group }»: такой вид с таким назначением не сочетается. Поток и класс-комплект набирают из нескольких классов.
refusal-group-subject-needed = «{ $group }»: назовите предмет. Подгруппу, электив и факультатив набирают по предмету.
refusal-group-classes-needed = «{ $group }»: назовите хотя бы один класс.
refusal-group-classes-few = «{ $group }»: поток и класс-комплект набирают из двух классов или больше.
refusal-group-shift-odd = «{ $group }»: смена бывает первая, вторая или третья.
refusal-group-class-in-it = «{ $group }»: из класса, который вы убираете, в группе кто-то есть или был. Сначала переведите этих учеников.
refusal-group-has-lessons = «{ $group }»: в расписании есть уроки после { $day }. Сначала уберите их из расписания.
refusal-group-goes-on = «{ $group }» пока занимается. Закрыть группу можно { $day } или позже. Чтобы после этого дня в ней никого не осталось: zvonok groups leave
refusal-group-closed = Группа «{ $group }» закрыта.
refusal-group-without-list = «{ $group }» — класс-комплект: в нём все ученики его классов, отдельного списка нет.
refusal-group-member-elsewhere = { $pupil }{ $more ->
        [0] {""}
       *[other] {" "}и ещё { $more }
    }: на { $day } не в тех классах, из которых набрана группа «{ $group }».
refusal-group-member-backwards = { $pupil }, группа «{ $group }»: последний день ({ $day }) раньше первого.
refusal-group-member-already-in = { $pupil }: на { $day } уже в группе «{ $group }».
refusal-group-member-in-rival = { $pupil }: на { $day } уже в группе «{ $group }». В двух таких группах сразу быть нельзя: оформите перевод.
refusal-group-member-not-in = { $pupil }: на { $day } не в группе «{ $group }».
refusal-group-member-same-group = { $pupil }: перевод в ту же группу «{ $group }» ничего не меняет.

groups-none = Групп в этом учебном году пока нет. Загрузить список: zvonok groups import groups.csv
groups-nobody = пока никого
groups-line = { $group } — { $purpose }{ $subject ->
        [none] {""}
       *[other] , { $subject }
    } ({ $classes }), { $count ->
        [0] никого
        [one] { $count } ученик
        [few] { $count } ученика
       *[other] { $count } учеников
    }{ $closed ->
        [yes] , закрыта
       *[no] {""}
    }
groups-joined = «{ $group }»: { $count ->
        [one] записан { $count } ученик
        [few] записаны { $count } ученика
       *[other] записано { $count } учеников
    } { $span }.
groups-left = «{ $group }»: { $count ->
        [one] { $count } ученик остаётся
        [few] { $count } ученика остаются
       *[other] { $count } учеников остаются
    } в группе по { $day } включительно.
groups-transferred = Из «{ $old }» в «{ $new }» с { $day }: { $count ->
        [one] { $count } ученик
        [few] { $count } ученика
       *[other] { $count } учеников
    }.
groups-closed = Группа «{ $group }» закрыта, последний день — { $day }.
groups-made = Новая группа: { $group }
groups-brought = { $joined ->
        [0] Никто не добавлен
        [one] Добавлен { $joined } ученик
        [few] Добавлены { $joined } ученика
       *[other] Добавлено { $joined } учеников
    }, { $transferred ->
        [0] никто не переведён
        [one] переведён { $transferred }
        [few] переведены { $transferred }
       *[other] переведено { $transferred }
    }{ $changed ->
        [0] {""}
       *[other] , изменён последний день: { $changed }
    }, без изменений: { $unchanged }.
groups-stays = В группе «{ $group }», но не в файле: { $pupil }. Если это ошибка, отчислите: zvonok groups leave "{ $group }" "{ $pupil }"
groups-in-order = С группами всё в порядке.
groups-problem-small-stream = Поток «{ $group }»: учеников { $count }. Поток — это больше 30 человек; меньше — обычная группа.
groups-problem-empty = Группа «{ $group }»: в ней никого.
groups-problem-outside = Группы «{ $group }»: вне их { $count ->
        [one] { $count } ученик
        [few] { $count } ученика
       *[other] { $count } учеников
    }:
groups-and-more = и ещё { $count }
groups-no-group = «{ $name }»: такой группы в этом учебном году нет. Все группы: zvonok groups list
groups-no-class = Класса «{ $name }» в журнале нет.
groups-no-subject = «{ $name }»: такого предмета в списке школы нет. Все предметы: zvonok year subjects list

# --- Учебные планы ------------------------------------------------------------------------------------------

refusal-plan-unknown = Такого учебного плана в журнале нет.
refusal-plan-of-another-kind = План «{ $plan }» уже есть, но он другого вида или другого ученика. Дайте новому плану другое название.
refusal-plan-whose = «{ $plan }»: индивидуальный план бывает у одного ученика, а школьный и профильный — у классов.
refusal-plan-without-order = «{ $plan }»: ученик пока учится по плану класса. Сначала запишите приказ об индивидуальном плане.
refusal-plan-profile-needed = «{ $plan }»: профиль указывают у профильного плана, и только у него.
refusal-plan-empty = «{ $plan }»: в плане нет ни одного предмета.
refusal-plan-line-twice = «{ $plan }»: один предмет в одной параллели записан дважды.
refusal-plan-grade-odd = «{ $plan }»: параллели { $grade } не бывает.
refusal-plan-hours-odd = { $hours } ч в неделю не бывает. Часы — от 0,25 до 40, с точностью до четверти часа.
refusal-plan-in-use = По плану «{ $plan }» учатся классы, всего { $count }. Сначала назначьте им другой план.
refusal-plan-grade-in-use = «{ $plan }»: по этому плану учатся { $classes }, а часов для них в нём больше нет. Сначала назначьте им другой план.
refusal-plan-not-of-class = План «{ $plan }» для { $title } не годится: он индивидуальный или без этой параллели.

plans-none = Учебных планов в этом году пока нет. Загрузить: zvonok plan import plan.csv
plans-line = { $plan } — { $kind }, { $service }{ $profile ->
        [none] {""}
       *[other] , профиль: { $profile }
    }{ $pupil ->
        [none] {""}
       *[other] , { $pupil }
    }{ $classes ->
        [none] {""}
       *[other] ; классы: { $classes }
    }
plans-grade = Параллель { $grade }: { $hours } ч в неделю
plans-classes-without = Без учебного плана: { $classes }
plans-pupil-without = Приказ об индивидуальном плане есть, самого плана нет: { $pupil }
plans-removed = План «{ $plan }» вычеркнут.
plans-no-plan = «{ $name }»: такого плана в этом году нет. Все планы: zvonok plan list
plans-brought = Планы: новых { $new }, изменено { $changed }, без изменений { $unchanged }, не названо в файле и осталось { $stays }.

# --- Нагрузка -----------------------------------------------------------------------------------------------

refusal-load-unknown = Такой строки нагрузки в журнале нет.
refusal-load-whom = Нагрузку дают классу, группе или ученику: назовите кого-то одного.
refusal-load-whom-unknown = Такого класса, группы или ученика в этом учебном году нет.
refusal-load-not-staff = Нагрузку дают тем, кто работает в школе. Проверьте список сотрудников.
refusal-load-twice = Одна и та же нагрузка названа дважды. Сложите часы в одну строку.

load-none = Нагрузки в этом году пока нет. Загрузить: zvonok load import load.csv
load-teacher = { $teacher }: { $hours } ч в неделю
load-given = { $teacher } → { $whom }: { $hours } ч в неделю.
load-taken = { $teacher } → { $whom }: часы сняты.
load-has-none = { $teacher } → { $whom }: таких часов в нагрузке нет. Вся нагрузка: zvonok load list
load-no-whom = «{ $name }»: такого класса, группы или ученика в этом учебном году нет. При тёзках добавьте дату рождения.
load-in-order = Нагрузка сходится с учебными планами и с расписанием.
load-brought = Нагрузка: новых строк { $new }, изменено { $changed }, без изменений { $unchanged }, не названо в файле и осталось { $stays }.
load-difference-below-plan = { $learners }, { $subject }: по плану { $wanted } ч, в нагрузке { $found } ч.
load-difference-above-plan = { $learners }, { $subject }: в нагрузке { $found } ч, это больше плана ({ $wanted } ч).
load-difference-below-load = { $learners }, { $subject }, { $teacher }: в нагрузке { $wanted } ч, в расписании { $found } ч.
load-difference-above-load = { $learners }, { $subject }, { $teacher }: в расписании { $found } ч, это больше нагрузки ({ $wanted } ч).

# --- Списки -------------------------------------------------------------------------------------------------

plan-dry = Проба: так изменится журнал. Пока ничего не записано.
plan-nothing-written = Ничего не записано. Исправьте файл и загрузите его ещё раз.
plan-file-missing = Файла { $path } нет.
plan-file-folder = { $path } — это папка, а нужен файл.
plan-file-shut = Файл { $path } не открывается ({ $error }).
plan-list-unknown = не понять, что это за таблица. Нужны столбцы: { $wanted }.
plan-list-missing-column = нет столбца «{ $wanted }».
plan-list-word = «{ $seen }»: такого слова здесь не ждали. Можно написать: { $known }.
plan-list-backwards = последний день ({ $until }) раньше первого ({ $since }).
plan-list-hours = «{ $seen }» — не часы. Пишите число: 2 или 1,5.
plan-list-grade = «{ $seen }» — не параллель. Нужно число от 1 до 11.
plan-list-class-unknown = класса { $title } в этом учебном году нет.
plan-list-subject-unknown = предмета «{ $subject }» в списке школы нет. Сначала добавьте его: zvonok year subjects add "{ $subject }"
plan-list-group-unknown = группы «{ $group }» в этом учебном году нет. Сначала заведите её: zvonok groups import groups.csv
plan-list-pupil-unknown = { $name }: среди учеников такого имени нет. Проверьте класс и имя.
plan-list-pupil-ambiguous = { $name }: подходит не один ученик. Добавьте отчество или дату рождения.
plan-list-group-differs = группа «{ $group }» в другой строке записана с другим предметом или видом.
plan-list-group-other-subject = группа «{ $group }» уже есть, и предмет у неё другой. Список предмет группы не меняет.
plan-list-group-other-purpose = группа «{ $group }» уже есть, и вид у неё другой. Список вид группы не меняет.
plan-list-group-other-class = группа «{ $group }» уже есть, и набрана она не из { $title }. Список классов группы не меняет.
plan-list-without-list = «{ $group }» — класс-комплект: в нём все ученики его классов, имена не нужны.
plan-list-twice = { $name } уже есть в группе «{ $group }» строкой выше.
plan-list-load-whom = назовите, кому эта нагрузка: классу, группе или ученику, кому-то одному.
plan-list-load-twice = { $teacher }, { $subject }: эта нагрузка уже есть строкой выше. Сложите часы в одну строку.
plan-list-plan-differs = план «{ $plan }» в другой строке записан с другим видом, профилем или учеником.
plan-list-subject-twice = { $subject }, параллель { $grade }: уже есть в этом плане строкой выше.

# --- Журнал действий ----------------------------------------------------------------------------------------

audit-action-group-create = заведена группа
audit-action-group-change = изменена группа
audit-action-group-close = закрыта группа
audit-action-group-member = изменились группы ученика
audit-action-plan-put = записан учебный план
audit-action-plan-remove = вычеркнут учебный план
audit-action-plan-attach = классу назначены учебные планы
audit-action-load-give = назначена нагрузка
audit-action-load-take = снята нагрузка
