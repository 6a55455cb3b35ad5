# Movement of pupils by orders, the passing to a new year, the closing of a year. Read by the office and the administration.
movement-kind-arrived = arrival
movement-kind-transferred = transfer to another class
movement-kind-left = leaving
movement-kind-expelled = expulsion
movement-kind-graduated = finishing school
movement-kind-moved-up = moving up to the next class
movement-kind-repeats = repeating the year
movement-kind-corrected = correction, the order before it has no effect
movement-line = { $day } — { $name }: { $what }{ $way }. Order no. { $number } of { $order_day }.
movement-way = , { $from } → { $to }
movement-way-from = , from { $from }
movement-way-to = , to { $to }
movement-back = ; again { $from } → { $to }
movement-back-from = ; no place in { $from } any more
movement-back-to = ; a place in { $to } again
movement-other-school = Other school: { $school }.
movement-note = Note: { $note }.
movement-void = Has no effect: it was corrected later.
movement-born-needed = A new pupil needs a birth date: --born DD.MM.YYYY
movement-none = There are no orders of that time.
movement-arrived = { $name }: in { $class } from { $day }. Next: record the adults (zvonok people relate) and hand them codes (zvonok codes --person).
movement-transferred = { $name }: in { $class } from { $day }. Parents need not connect anything anew.
movement-left = { $name }: the last day is { $day }. There will be no new messages to the parents; what stands in the diary the family sees as before.
movement-groups-left = { $count ->
    [one] { $count } group ends with the class.
   *[other] { $count } groups end with the class.
} Name the new ones yourselves.
movement-corrected = { $name }: the last order has no effect any more. If another one is needed, record it. Check the groups, too: they do not come back by themselves.
movement-nothing-to-correct = { $name }: there is no order in effect, nothing to correct.

refusal-pupil-enrolled = { $names }{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more
}: there is a place in a class already, { $title } from { $day } on{ $more ->
    [0] {""}
   *[other] {" "}for the first of the list
}. To change the class, an order of transfer is needed.
refusal-pupil-not-enrolled = { $names }{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more
}: there is no place in any class on { $day }. Check the day.
refusal-pupil-in-class-already = There is a place in { $title } on that day already, no transfer is needed.
refusal-movement-order-needed = Give the number of the order, no longer than { $longest } characters.
refusal-movement-order-old = The order is dated { $day }. Check the date: the journal has no orders before { $first }.
refusal-movement-order-ahead = The order is dated { $day }, a day that has not come yet.
refusal-movement-words-too-long = Too long: write the school and the note in less than { $longest } characters.
refusal-movement-other-year = { $title } is a class of the school year { $year }, and { $day } belongs to another.
refusal-movement-across-years = { $former } and { $title } are classes of different school years. An order of transfer holds within one year; to the next one pupils pass so: zvonok movement next-year
refusal-movement-of-adult = { $name }: in the journal this is an employee or a parent. If it is this very person who comes to learn, repeat with --adult.
refusal-movement-gone = There is no such order in the journal.
refusal-movement-corrected = That order has no effect already.
refusal-movement-not-last = There is another order after that one. Correct the last one first.

# --- The passing to a new year ------------------------------------------------------------------------------

rollover-head = From the school year { $year } to the next. The first day is { $day }.
rollover-class = { $title } → { $to }, { $count ->
    [one] { $count } pupil
   *[other] { $count } pupils
}.{ $teacher }
rollover-teacher = {" "}Class teacher: { $name }.
rollover-no-teacher = {" "}No class teacher yet.
rollover-finishes = finishes
rollover-asked = ?
rollover-questions = Undecided: { $classes }. Answer for each class or pupil: --set "9А=10А", --set "Иванова Анна=выпуск".
rollover-pupil = {"  "}{ $name } → { $to }
rollover-ready = All is decided. To carry it out: the same command with --plan { $plan } --order NUMBER --order-day DD.MM.YYYY
rollover-last-day = For those who finish add --last-day, their last day at school.
rollover-empty = Nobody is to pass: from { $day } on nobody learns in a class of this year.
rollover-done = Moved up: { $up }. Repeat the year: { $repeat }. Finished: { $graduated }.
rollover-new-classes = New classes: { $classes }.
rollover-without-teacher = Without a class teacher: { $classes }. To appoint one: zvonok staff lead 5А "Иванова Анна"
rollover-stays = Relations with parents, consents, connected messengers and settings of messages have stayed.
rollover-again = This passing was carried out already; nothing was done again.
rollover-line-odd = { $place }: write «class = new class», «Surname Name = new class» or «… = выпуск».
rollover-line-twice = { $place }: there is an answer for «{ $who }» already.
rollover-line-class = { $place }: the title of the class cannot be read. It is a number from 1 to 11 and, if there is one, a letter: 6А.
rollover-line-stranger = { $place }: «{ $who }» is no class and no pupil of those who pass.
rollover-line-namesakes = { $place }: there are several called «{ $who }» ({ $count }). Add the birth date: «Иванова Анна, 05.03.2014 = 10А».
rollover-file-unreadable = The file of answers { $path } cannot be read. Save it as text in UTF-8.
rollover-order-needed = To carry it out, name the order: --order and --order-day.

refusal-rollover-changed = Something has changed in the classes while you looked. Look at the passing again: nothing was written.
refusal-rollover-unanswered = Undecided: { $classes }. Nothing was written.
refusal-rollover-stranger = The answers name a class or a pupil who is not in this passing. Nothing was written.
refusal-rollover-last-day-needed = Name the last day of those who finish.
refusal-rollover-last-day-odd = { $day } cannot be the last day of those who finish: it is not in this school year.
refusal-rollover-finishes-early = { $name }, { $title }: school is finished after grade 9 or 11. Leaving from another class is an order of leaving.
refusal-rollover-title-odd = { $name }: the title of the new class cannot be read. It is a number from 1 to 11 and, if there is one, a letter: 6А.
refusal-rollover-wrong-grade = { $name }: from { $title } to { $to } is no way of passing, only a grade up or the same again. The rest is an order of transfer.

# --- Closing the year ---------------------------------------------------------------------------------------

closing-open = The school year { $year } is open.
closing-proposed = { $name } proposed to close the school year { $year }, on { $day }. The director or a deputy has to confirm it now.
closing-closed = The school year { $year } is closed: { $name }, { $day }.
closing-left-year-goes-on = The year goes on: the last day of lessons is { $day }. It cannot be closed.
closing-left-rolls = { $count ->
    [one] No roll was called at { $count } lesson
   *[other] No roll was called at { $count } lessons
}: { $classes }.
closing-left-pupils = { $count ->
    [one] { $count } pupil stays in a class of this year
   *[other] { $count } pupils stay in classes of this year
}: { $classes }. The passing to the new year: zvonok movement next-year
closing-not-looked-at = Marks and final marks are not looked at here.
closing-nothing-left = Nothing unfinished is seen.
closing-reopened = The school year { $year } is open again.
closing-no-role-propose = { $name }: only the administrator of the system may propose to close a year. That is a role, a position is not enough. To grant it: zvonok staff grant "{ $name }" administrator --order "приказ № 1"
closing-no-role-confirm = { $name }: only the director or a deputy may confirm the closing of a year. That is a role, a position is not enough. To grant it: zvonok staff grant "{ $name }" deputy --order "приказ № 1"
closing-one-of = Choose one: --propose, --confirm or --reopen.

refusal-year-closed = { $day } is a day of a closed school year: its records do not change any more.
refusal-year-not-set = The calendar of the school year { $year } is not set, there is nothing to close. To set it: zvonok year set year.toml
refusal-year-goes-on = The school year { $year } goes on, the last day of lessons is { $day }.
refusal-year-closed-already = The school year { $year } is closed already.
refusal-year-not-closed = The school year { $year } is not closed.
refusal-year-close-not-proposed = Nobody has proposed to close the school year { $year } yet. The system's administrator does that.
refusal-year-close-two = Whoever proposes to close a year does not confirm it himself.
refusal-year-close-by-name = Two people close a year. Say in whose name this is done.
refusal-year-reopen-why = Write why the year is opened again, in no more than { $longest } characters.

audit-action-pupil-move = order on where a pupil learns
audit-action-class-open = class opened
audit-action-year-close-propose = closing of the school year proposed
audit-action-year-close = school year closed
audit-action-year-reopen = school year opened again

# --- Taking lists back --------------------------------------------------------------------------------------

lists-because-moved = an order moved them since: { $who }
