# Groups, curriculum plans and load. Read by the deputy head, the class teacher and the operator.

refusal-plan-year-closed = The school year { $year } is closed: nothing in it can be changed.
refusal-plan-classes-of-years = These classes are of different school years. Choose classes of one year.
refusal-plan-subject-unknown = The school has no such subject in its list. Add it first: zvonok year subjects add "русский язык"

# --- Groups -------------------------------------------------------------------------------------------------

refusal-group-unknown = The journal has no such group.
refusal-group-there = There is a group “{ $group }” this year already. Give the other a title of its own.
refusal-group-parts-few = To divide a class, name at least two groups.
refusal-group-divided-already = The class is divided for this subject already. A list can add a group: zvonok groups import groups.csv
refusal-group-division-of-others = “{ $group }”: the other groups of this division are drawn from other classes.
refusal-group-kind-odd = “{ $group }”: this kind does not go with this purpose. Streams and combined classes are drawn from several classes.
refusal-group-subject-needed = “{ $group }”: name the subject. Subgroups, electives and facultatives are for a subject.
refusal-group-classes-needed = “{ $group }”: name at least one class.
refusal-group-classes-few = “{ $group }”: a stream and a combined class are drawn from two classes or more.
refusal-group-shift-odd = “{ $group }”: there is a first, a second and a third shift.
refusal-group-class-in-it = “{ $group }”: somebody of the class that you leave out is or was in the group. Transfer these pupils first.
refusal-group-has-lessons = “{ $group }”: the timetable has lessons of it after { $day }. Take them out first.
refusal-group-goes-on = “{ $group }” goes on for now. It can be closed on { $day } or later. To leave nobody in it after that day: zvonok groups leave
refusal-group-closed = The group “{ $group }” is closed.
refusal-group-without-list = “{ $group }” is a combined class: all pupils of its classes are in it, there is no list.
refusal-group-member-elsewhere = { $pupil }{ $more ->
        [0] {""}
       *[other] {" "}and { $more } more
    }: on { $day } not in the classes from which “{ $group }” is drawn.
refusal-group-member-backwards = { $pupil }, group “{ $group }”: the last day ({ $day }) is before the first.
refusal-group-member-already-in = { $pupil }: already in the group “{ $group }” on { $day }.
refusal-group-member-in-rival = { $pupil }: in the group “{ $group }” on { $day }. Nobody can be in two such groups at once: make it a transfer.
refusal-group-member-not-in = { $pupil }: not in the group “{ $group }” on { $day }.
refusal-group-member-same-group = { $pupil }: a transfer to the same group “{ $group }” changes nothing.

groups-none = There are no groups this school year yet. To bring in a list: zvonok groups import groups.csv
groups-nobody = nobody yet
groups-line = { $group } — { $purpose }{ $subject ->
        [none] {""}
       *[other] , { $subject }
    } ({ $classes }), { $count ->
        [0] nobody
        [one] { $count } pupil
       *[other] { $count } pupils
    }{ $closed ->
        [yes] , closed
       *[no] {""}
    }
groups-joined = “{ $group }”: { $count ->
        [one] { $count } pupil is in it
       *[other] { $count } pupils are in it
    } { $span }.
groups-left = “{ $group }”: { $count ->
        [one] { $count } pupil stays
       *[other] { $count } pupils stay
    } in it up to and including { $day }.
groups-transferred = From “{ $old }” to “{ $new }” from { $day }: { $count ->
        [one] { $count } pupil
       *[other] { $count } pupils
    }.
groups-closed = The group “{ $group }” is closed; its last day is { $day }.
groups-made = New group: { $group }
groups-brought = { $joined ->
        [0] Nobody joined
        [one] { $joined } pupil joined
       *[other] { $joined } pupils joined
    }, { $transferred ->
        [0] nobody was transferred
        [one] { $transferred } was transferred
       *[other] { $transferred } were transferred
    }{ $changed ->
        [0] {""}
       *[other] , another last day: { $changed }
    }, unchanged: { $unchanged }.
groups-stays = In the group “{ $group }” and not in the file: { $pupil }. If this is a mistake, take the pupil out: zvonok groups leave "{ $group }" "{ $pupil }"
groups-in-order = The groups are in order.
groups-problem-small-stream = Stream “{ $group }”: { $count } in it. A stream has more than 30 people; fewer are an ordinary group.
groups-problem-empty = Group “{ $group }”: nobody is in it.
groups-problem-outside = Groups “{ $group }”: outside them { $count ->
        [one] is { $count } pupil
       *[other] are { $count } pupils
    }:
groups-and-more = and { $count } more
groups-no-group = “{ $name }”: there is no such group this school year. All groups: zvonok groups list
groups-no-class = “{ $name }”: there is no such class this school year.
groups-no-subject = “{ $name }”: the school has no such subject. All subjects: zvonok year subjects list

# --- Curriculum plans ---------------------------------------------------------------------------------------

refusal-plan-unknown = The journal has no such plan.
refusal-plan-of-another-kind = There is a plan “{ $plan }”, but of another kind or another pupil. Give the new one another name.
refusal-plan-whose = “{ $plan }”: an individual plan is one pupil's; those of the school and of a profile are classes'.
refusal-plan-without-order = “{ $plan }”: the pupil learns by the plan of the class so far. Record the order for an individual plan first.
refusal-plan-profile-needed = “{ $plan }”: a profile belongs to a profile plan, and to no other.
refusal-plan-empty = “{ $plan }”: there is no subject in the plan.
refusal-plan-line-twice = “{ $plan }”: one subject stands twice in one grade.
refusal-plan-grade-odd = “{ $plan }”: there is no grade { $grade }.
refusal-plan-hours-odd = Nobody has { $hours } hours a week. Hours are from 0.25 to 40, to a quarter of an hour.
refusal-plan-in-use = Classes learn by the plan “{ $plan }”: { $count }. Give them another plan first.
refusal-plan-grade-in-use = “{ $plan }”: { $classes } learn by this plan, and it has no hours for them any more. Give them another plan first.
refusal-plan-not-of-class = The plan “{ $plan }” does not fit { $title }: it is individual, or without this grade.

plans-none = There are no plans this year yet. To bring them in: zvonok plan import plan.csv
plans-line = { $plan } — { $kind }, { $service }{ $profile ->
        [none] {""}
       *[other] , profile: { $profile }
    }{ $pupil ->
        [none] {""}
       *[other] , { $pupil }
    }{ $classes ->
        [none] {""}
       *[other] ; classes: { $classes }
    }
plans-grade = Grade { $grade }: { $hours } hours a week
plans-classes-without = Without a plan: { $classes }
plans-pupil-without = There is an order for an individual plan, and no plan: { $pupil }
plans-removed = The plan “{ $plan }” is struck out.
plans-no-plan = “{ $name }”: there is no such plan this year. All plans: zvonok plan list
plans-brought = Plans: { $new } new, { $changed } changed, { $unchanged } unchanged; { $stays } not in the file stay.

# --- Load ---------------------------------------------------------------------------------------------------

refusal-load-unknown = The journal has no such line of load.
refusal-load-whom = Load is given to a class, a group or a pupil: name one of them.
refusal-load-whom-unknown = There is no such class, group or pupil this school year.
refusal-load-not-staff = Load is given to people who work at the school. Look at the list of staff.
refusal-load-twice = The same load is named twice. Add the hours up in one line.

load-none = There is no load this year yet. To bring it in: zvonok load import load.csv
load-teacher = { $teacher }: { $hours } hours a week
load-given = { $teacher } → { $whom }: { $hours } hours a week.
load-taken = { $teacher } → { $whom }: the hours are taken.
load-has-none = { $teacher } → { $whom }: there are no such hours. All load: zvonok load list
load-no-whom = “{ $name }”: there is no such class, group or pupil this school year. Add the birth date for namesakes.
load-in-order = The load agrees with the plans and with the timetable.
load-brought = Load: { $new } new lines, { $changed } changed, { $unchanged } unchanged; { $stays } not in the file stay.
load-difference-below-plan = { $learners }, { $subject }: { $wanted } hours by the plan, { $found } by the load.
load-difference-above-plan = { $learners }, { $subject }: { $found } hours by the load, more than by the plan ({ $wanted }).
load-difference-below-load = { $learners }, { $subject }, { $teacher }: { $wanted } hours by the load, { $found } in the timetable.
load-difference-above-load = { $learners }, { $subject }, { $teacher }: { $found } hours in the timetable, more than by the load ({ $wanted }).

# --- Lists --------------------------------------------------------------------------------------------------

plan-dry = A trial: this is how the journal would change. Nothing is written yet.
plan-nothing-written = Nothing was written. Mend the file and bring it in again.
plan-file-missing = There is no file { $path }.
plan-file-folder = { $path } is a folder; a file is needed.
plan-file-shut = The file { $path } cannot be opened ({ $error }).
plan-list-unknown = this is no table that we know. Columns needed: { $wanted }.
plan-list-missing-column = the column “{ $wanted }” is missing.
plan-list-word = “{ $seen }” was not expected here. You can write: { $known }.
plan-list-backwards = the last day ({ $until }) is before the first ({ $since }).
plan-list-hours = “{ $seen }” are no hours. Write a number: 2 or 1,5.
plan-list-grade = “{ $seen }” is no grade. A number from 1 to 11 is needed.
plan-list-class-unknown = there is no class { $title } this school year.
plan-list-subject-unknown = the school has no subject “{ $subject }”. Add it first: zvonok year subjects add "{ $subject }"
plan-list-group-unknown = there is no group “{ $group }” this school year. Make it first: zvonok groups import groups.csv
plan-list-pupil-unknown = { $name }: no pupil has this name. Look at the class and the name.
plan-list-pupil-ambiguous = { $name }: more than one pupil fits. Add the patronymic or the birth date.
plan-list-group-differs = another line gives the group “{ $group }” another subject or kind.
plan-list-group-other-subject = the group “{ $group }” is there, with another subject. A list does not change the subject of a group.
plan-list-group-other-purpose = the group “{ $group }” is there, and is of another kind. A list does not change the kind of a group.
plan-list-group-other-class = the group “{ $group }” is there, and is not drawn from { $title }. A list does not change the classes of a group.
plan-list-without-list = “{ $group }” is a combined class: all pupils of its classes are in it, no names are needed.
plan-list-twice = { $name } stands in the group “{ $group }” further up already.
plan-list-load-whom = say to whom this load is given: a class, a group or a pupil, one of them.
plan-list-load-twice = { $teacher }, { $subject }: this load stands further up already. Add the hours up in one line.
plan-list-plan-differs = another line gives the plan “{ $plan }” another kind, profile or pupil.
plan-list-subject-twice = { $subject }, grade { $grade }: stands in this plan further up already.

# --- Log of actions -----------------------------------------------------------------------------------------

audit-action-group-create = a group was made
audit-action-group-change = a group was changed
audit-action-group-close = a group was closed
audit-action-group-member = a pupil's groups changed
audit-action-plan-put = a curriculum plan was written
audit-action-plan-remove = a curriculum plan was struck out
audit-action-plan-attach = a class was given curriculum plans
audit-action-load-give = load was given
audit-action-load-take = load was taken
