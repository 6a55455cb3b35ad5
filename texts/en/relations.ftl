# Adults of a pupil, coming of age, roles, hiring and dismissal: refusals and words of the command line.
reason-no-contact = this adult is not to be contacted
reason-limited-view = a trusted adult is told of absences only

refusal-person-gone = There is no such person in the journal.
refusal-guardian-self = A pupil cannot be his or her own guardian.
refusal-guardian-minor = Only an adult can be a guardian or a trusted adult. Check the birth date.
refusal-guardian-institution = An organisation can only be a guardian of the kind “institution”, and a person one of any other kind.
refusal-guardian-already = This adult is already recorded for the pupil. Change the record, or end it first.
refusal-guardian-barred = A court has barred this adult. First lift the bar by the new decision.
refusal-guardianship-own = Nobody changes their own relation to a pupil: ask another employee.
refusal-pupil-of-age = The pupil is 18: whom to tell is the pupil’s own decision.
refusal-relation-priority = The order of calling is a whole number from { $first } to { $last }.
refusal-relation-ends-before = The last day cannot be earlier than the beginning ({ $since }).
refusal-trusted-signs-nothing = A trusted adult signs nothing: signing is for the parents.
refusal-custody-basis-needed = Name the basis: which document, its number and date.
refusal-majority-not-yet = The pupil is not 18 yet: too early to ask.
refusal-majority-not-an-adult = The answer names somebody who was no guardian of this pupil. Nothing was written.

refusal-birth-date-impossible = There is no such birth date. Check the year.
refusal-person-name-needed = Give the surname and the first name.
refusal-person-name-odd = The name holds digits or is too long. Check what is written.
refusal-person-there = The school already has a person called “{ $name }”. If this is a namesake, say so.
refusal-institution-there = The organisation “{ $name }” is already recorded.

refusal-role-unknown = There is no such role.
refusal-above-you = This person’s rights are wider than yours. The system administrator does this.
refusal-day-odd = { $day }: check the year.
refusal-role-own = Nobody gives a role to themselves or takes it back: ask another employee.
refusal-role-not-given = This role is not given separately: it follows from work, a class or a relation to a pupil.
refusal-role-already = This role has already been given for these days.
refusal-role-not-staff = Only an employee who works at the school on that day can have this role.
refusal-role-ends-before = The last day of a role cannot be earlier than its beginning ({ $since }).
refusal-role-order-needed = Name the order: its number and date.
refusal-role-right-impossible = This role cannot have such a right. Nothing was changed.
refusal-own-role-code = The role code “{ $role }” does not fit: use small Latin letters, digits and hyphens, and no built-in name.

refusal-staff-unknown = The school has no such employee.
refusal-staff-already = This person already works at the school.
refusal-staff-until = This person still works by the earlier order until { $until }.
refusal-staff-before = The day of dismissal cannot be earlier than the day of hiring ({ $since }).
refusal-staff-own = Another employee records one’s own hiring and dismissal.

people-relation-needed = Who is the adult to the pupil? Give --relation: мать, отец, бабушка…
people-answer-needed = Give --allow ADULT (whom the pupil lets look on) or --nobody.
people-nobody = No adults are recorded for this pupil.
people-institution-done = { $name }: recorded.
people-kind-parent = parent
people-kind-adoptive = adoptive parent
people-kind-guardian = guardian
people-kind-trustee = trustee
people-kind-foster = foster parent
people-kind-institution = institution
people-kind-trusted = trusted adult
people-barred = barred by a court
people-hidden = does not see the child in the journal
people-no-contact = not to be contacted
people-no-sign = no signature needed
people-turn = called as number { $number }
people-span = { $until ->
    [none] since { $since }
   *[other] from { $since } to { $until }
}
people-over = not in force now
people-lack-nobody = no adults recorded
people-lack-ended = every relation has ended
people-lack-barred = barred by a court
people-lack-only-trusted = trusted adults only
people-alone = { $count ->
    [0] Every pupil has a guardian.
    [one] { $count } pupil without a guardian:
   *[other] { $count } pupils without a guardian:
}
people-alone-after-import = { $count ->
    [one] { $count } pupil has no guardian. Who: zvonok people alone
   *[other] { $count } pupils have no guardian. Who: zvonok people alone
}
people-grown = { $count ->
    [0] Every grown pupil has answered.
    [one] { $count } grown pupil has not answered yet:
   *[other] { $count } grown pupils have not answered yet:
}
people-answered = answered
people-not-answered = not answered
people-allowed = allowed
people-not-allowed = not allowed

staff-nobody = There is no staff in the journal.
staff-until = works until { $until }
staff-role-due = waits to be given: { $name } ({ $role }), by the position
staff-hired = { $name }: hired.
staff-dismissed = { $name }: the last day of work is { $day }.
staff-leaves-class = Class { $title } will have no class teacher: appoint another one.
staff-leaves-lessons = { $count ->
    [one] { $count } lesson of this teacher is left in the weekly timetable: give it to another one.
   *[other] { $count } lessons of this teacher are left in the weekly timetable: give them to another one.
}
staff-no-such-role = { $name }: no role { $role } on these days.
staff-no-roles = No roles are left.
staff-leads = Class { $title }, class teacher: { $name }.
staff-role-named = Role { $role }: “{ $name }”. It may do nothing yet: decide that with zvonok staff rights
staff-own-role = Own role { $role }: “{ $name }”.
staff-rights-usual = The school has decided nothing otherwise than usual.
staff-no-such-right = There is no right “{ $right }”. All rights are listed in docs/reference/rights.csv.
staff-no-such-reach = There is no reach “{ $reach }”. Possible: { $known }.
role-director = director
role-deputy = deputy director
role-class-teacher = class teacher
role-stand-in = stands in for the class teacher
role-teacher = teacher
role-further-education-teacher = further-education teacher
role-substitute = substitutes at a lesson
role-administrator = system administrator
role-assistant = administrator’s assistant
role-secretary = academic-office secretary
role-hr = HR specialist
role-clerk = clerk
role-support = technical support
role-municipal-officer = municipal officer
role-regional-officer = regional officer
role-pupil = pupil
role-guardian = parent, guardian
role-trusted-adult = trusted adult
