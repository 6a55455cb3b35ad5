# Rolls from paper, entered later and for many lessons at once. For deputies and the office.
refusal-late-roll-called = The roll of this lesson is in the journal already, and not as in the file. Entries differ: { $names }{ $more ->
    [0] .
   *[other] {" "}and { $more } more.
} The journal stays as it is. Take the lines of this lesson out of the file; if the paper is right, correct the entry in the lesson itself.
refusal-late-roll-taken-back = This file has entered the roll before, and then it was taken back. It will not enter it again: if it is needed after all, call it in the lesson itself, and take its lines out of the file.

late-roll-name = "{ $seen }": write "Surname Given", of namesakes with the birth date: "Surname Given, 05.03.2014". If everybody was there: «все на месте».
late-roll-whose = there is an entry, but no pupil. Say whose it is.
late-roll-nothing = it does not say what to enter. One of these is needed: a code of absence, minutes of lateness, or an early leave.
late-roll-absent-and-there = one line says both absent and late or left early. Keep one of them.
late-roll-minutes = "{ $seen }" is no number of minutes. It goes from 1 to { $most }.
late-roll-code = the school has no code "{ $code }". What can be written: { $known }.
late-roll-several-lessons = { $day }, lesson { $number }: "{ $learners }" has several ({ $found }). Name the group in place of the class, or add a column «Предмет».
late-roll-other-subject = { $day }, lesson { $number }: "{ $learners }" has another subject ({ $found }).
late-roll-pupil-unknown = { $name }: no such name on the list of this lesson ({ $learners }). Check the lesson and the name: the surname first, then the given name in full.
late-roll-namesakes = { $name }: there is more than one on the list of this lesson ({ $learners }). Add the patronymic or the birth date: "{ $name }, 05.03.2014". There are: { $known }.
late-roll-twice = { $name }: a line above has an entry of this lesson already.
late-roll-nobody-and-somebody = by this line everybody was at the lesson ({ $learners }), and another line has an entry. Keep one of them.

late-rolls-which = Name the file of rolls. A file to begin with: zvonok attendance enter --template
late-rolls-entered = Rolls entered: { $rolls ->
    [one] { $rolls } lesson
   *[other] { $rolls } lessons
}, { $entries ->
    [one] { $entries } entry
   *[other] { $entries } entries
}.
late-rolls-would = Rolls that will be entered: { $rolls ->
    [one] { $rolls } lesson
   *[other] { $rolls } lessons
}, { $entries ->
    [one] { $entries } entry
   *[other] { $entries } entries
}.
late-rolls-there = In the journal already, and as in the file: { $rolls ->
    [one] { $rolls } lesson
   *[other] { $rolls } lessons
}.
late-rolls-refused = While the file was being entered, something changed with these lessons, and they are not entered:
