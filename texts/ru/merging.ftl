# Соединение двойников: две записи об одном человеке становятся одной.
refusal-merge-same-person = Это одна и та же запись: соединять нечего.
refusal-merge-across-schools = Это люди из разных школ. Записи соединяют только внутри одной школы.
refusal-merge-reason-needed = Напишите, почему это один и тот же человек.
refusal-merge-merged-already = Одна из этих записей уже соединена с другой. Откройте список заново.
refusal-record-unknown = Записи с таким номером в журнале нет. Номера показывает zvonok people twins.
refusal-merge-relatives = Одна из этих записей — родитель другой. Сначала исправьте родство.
twins-none = Записей, похожих на одного человека, нет.
twins-how = Соединить: zvonok people merge ОСТАВИТЬ ДУБЛЬ --why «почему это один человек»
twins-merged = Записи соединены. Перенесено строк: { $rows }.
twins-no-birth-date = дата рождения неизвестна
twins-pupil = ученик { $class_title }
twins-adult-of = взрослый у детей: { $children }
