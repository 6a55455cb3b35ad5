# Организации: регион, муниципалитет, школа, филиал.
refusal-authority-name-needed = Назовите орган управления: от одного до { $longest } знаков.
refusal-authority-exists = «{ $name }» уже есть в журнале.
refusal-municipal-school-under-region = «{ $name }» — муниципальная школа: её место в муниципалитете, а не прямо в регионе.
refusal-school-is-no-branch = «{ $name }» — не филиал, головной организации у неё нет.
refusal-head-is-a-branch = «{ $name }» — филиал и не может быть головной организацией.
organisations-empty = Организаций пока нет.
organisations-region = { $name } — регион
organisations-municipality = { $name } — муниципалитет
organisations-school = { $name } — { $kind }
organisations-branch = { $name } — филиал: { $head }
organisations-outside = Под органами управления не стоят:
organisations-done = Записано.
refusal-authority-unknown = Такого региона или муниципалитета в журнале нет.
