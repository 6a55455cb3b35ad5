# The school's lists written into a file.
export-list-pupils = Pupils
export-list-staff = Staff
export-list-classes = Classes
export-list-parents = Parents
export-list-groups = Groups
export-list-timetable = Timetable
export-list-load = Load
export-list-movement = Movement
export-written = “{ $list }”: { $rows } rows written to { $path }. The file holds personal data: keep it where no strangers look.
export-left-out = Adults for whom a pupil's row has no room (it takes two): { $count }. All adults are in the list parents.
export-ending = { $path }: a .csv or .xlsx file is needed.
export-there = The file { $path } is there already. Name another one, or add --overwrite.
export-no-folder = There is no folder { $folder }.
export-shut = The file { $path } cannot be written ({ $error }).
audit-action-roster-export = a list was taken out
