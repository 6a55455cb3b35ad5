# Выгрузка списков школы в файл.
export-list-pupils = Ученики
export-list-staff = Сотрудники
export-list-classes = Классы
export-list-parents = Родители
export-list-groups = Группы
export-list-timetable = Расписание
export-list-load = Нагрузка
export-list-movement = Движение
export-written = «{ $list }»: строк — { $rows }. Записано в { $path }. В файле личные данные: храните его там, где не увидят чужие.
export-left-out = Взрослых, которым не хватило места в строке ученика (в ней их двое): { $count }. Все взрослые — в списке parents.
export-ending = { $path }: нужен файл .csv или .xlsx.
export-there = Файл { $path } уже есть. Назовите другой или добавьте --overwrite.
export-no-folder = Папки { $folder } нет.
export-shut = Файл { $path } не записать ({ $error }).
audit-action-roster-export = выгружен список
