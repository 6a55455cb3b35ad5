"""A small school in plain Python: who is whose adult, who agreed to what, who works here, who may enter.

Nothing here asks core. Each command says what core must answer, the code of its refusal included, and keeps what then
stands; persons are called by short names, so that a walk that failed can be read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from core.access import Role
from core.events import ConsentPurpose, RelationKind

type Pair = tuple[str, str]
"""Pupil and adult."""

DAY = timedelta(days=1)
OFFICE = "office"
OF_AGE = 18
TRUSTED = RelationKind.TRUSTED
RELATIONS, CUSTODY, CONSENTS, MERGING = "relations", "custody", "consents", "merging"
OF_SCHOOL = {
    Role.SECRETARY: frozenset({RELATIONS, CUSTODY, CONSENTS, MERGING}),
    Role.DEPUTY: frozenset({CUSTODY, CONSENTS}),
}
OF_CLASS = frozenset({RELATIONS, CONSENTS})
"""What the class teacher and his stand-in may do for pupils of their class."""


@dataclass(frozen=True)
class Verdict:
    """What core must answer: the code of a refusal, or nothing; and whether anything is written."""

    refusal: str | None = None
    changes: bool = True


DONE, NOTHING_NEW = Verdict(), Verdict(changes=False)


def refused(code: str) -> Verdict:
    return Verdict(code, changes=False)


@dataclass(frozen=True)
class Bond:
    """A relation of an adult to a pupil."""

    word: str
    kind: RelationKind
    since: date
    until: date | None = None
    may_see: bool = True
    must_sign: bool = True
    no_contact: bool = False
    barred: bool = False

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def opens(self, day: date) -> bool:
        return self.holds(day) and self.may_see and not self.barred

    def lawful(self, day: date) -> bool:
        return self.opens(day) and self.kind is not TRUSTED

    def goes_on(self, day: date) -> bool:
        return self.until is None or self.until >= day

    def joined(self, other: "Bond") -> "Bond":
        """Make one relation of two: what forbids wins."""
        ends = [day for day in (self.until, other.until) if day is not None]
        return replace(
            self,
            kind=TRUSTED if other.kind is TRUSTED else self.kind,
            since=min(self.since, other.since),
            until=min(ends, default=None),
            may_see=self.may_see and other.may_see,
            must_sign=self.must_sign or other.must_sign,
            no_contact=self.no_contact or other.no_contact,
            barred=self.barred or other.barred,
        )


@dataclass(frozen=True)
class Entry:
    """A line of the register of consents."""

    purpose: ConsentPurpose
    given: bool
    since: date
    until: date | None = None
    electronic: bool = False


@dataclass(frozen=True)
class Post:
    """A role from a day to a day."""

    person: str
    role: Role
    since: date
    until: date | None = None
    school_class: str | None = None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def lasts(self, day: date) -> bool:
        return self.until is None or self.until >= day

    def meets(self, other: "Post") -> bool:
        """Tell whether it is the same role, on one of the same days."""
        same = (self.person, self.role, self.school_class) == (other.person, other.role, other.school_class)
        first = self.until is None or self.until >= other.since
        return same and first and (other.until is None or other.until >= self.since)


@dataclass(frozen=True)
class Job:
    """Work at the school."""

    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and self.lasts(day)

    def lasts(self, day: date) -> bool:
        return self.until is None or self.until >= day


@dataclass
class Code:
    """A one-time code; ``used_by`` is the chat that has shown it."""

    person: str
    used_by: str | None = None


@dataclass
class Model:
    """The school as it must stand."""

    today: date
    born: dict[str, date]
    """Of pupils."""
    classes: dict[str, str]
    """Pupil to class."""
    adults: frozenset[str]
    bonds: dict[Pair, Bond] = field(default_factory=dict)
    parted: set[Pair] = field(default_factory=set)
    """Relations of records that are no more."""
    register: list[tuple[Pair, Entry]] = field(default_factory=list)
    gone: dict[str, str] = field(default_factory=dict)
    """Duplicate to whom he became."""
    asked: dict[str, date] = field(default_factory=dict)
    """Grown pupil to the day from which he is of age."""
    jobs: dict[str, Job] = field(default_factory=dict)
    posts: dict[int, Post] = field(default_factory=dict)
    leads: dict[str, str | None] = field(default_factory=dict)
    codes: dict[int, Code] = field(default_factory=dict)
    chats: dict[str, set[str]] = field(default_factory=dict)
    """Person to the chats through which he acts."""
    addresses: dict[str, str | None] = field(default_factory=dict)
    """Person to the chat that he is told in; None: taken back."""
    logins: dict[str, bool] = field(default_factory=dict)
    """Person to whether his login is open."""

    # What stands.

    @property
    def pupils(self) -> list[str]:
        return [pupil for pupil in self.born if pupil not in self.gone]

    def of_age(self, pupil: str, day: date) -> bool:
        born = self.born[pupil]
        return born.replace(year=born.year + OF_AGE) <= day

    def agreed(self, pair: Pair, purpose: ConsentPurpose, day: date) -> bool:
        last = self.last(pair, purpose)
        return last is not None and last.given and (last.until is None or last.until >= day)

    def last(self, pair: Pair, purpose: ConsentPurpose) -> Entry | None:
        """Return the entry that decides: the newest by its own date, of two of one date the one recorded later."""
        found = [one for whose, one in self.register if whose == pair and one.purpose is purpose]
        return max(reversed(found), key=lambda one: one.since, default=None)

    def bonds_of(self, adult: str) -> Iterator[tuple[str, Bond]]:
        yield from ((pupil, bond) for (pupil, one), bond in self.bonds.items() if one == adult)

    def children(self, adult: str) -> tuple[set[str], set[str]]:
        """Return whom an adult sees, and whose parent he is."""
        bonds = {pupil: bond for pupil, bond in self.bonds_of(adult) if bond.opens(self.today)}
        return set(bonds), {pupil for pupil, bond in bonds.items() if bond.lawful(self.today)}

    def word(self, pair: Pair, purpose: ConsentPurpose) -> str:
        """Say in one word what stands of a purpose."""
        last = self.last(pair, purpose)
        if last is None:
            return "missing"
        if not last.given:
            return "refused"
        return "given" if self.agreed(pair, purpose, self.today) else "expired"

    def told(self, pair: Pair, purpose: ConsentPurpose) -> bool:
        """Tell whether an adult is told today of a pupil what is of this purpose."""
        bond = self.bonds.get(pair)
        if bond is None or not bond.opens(self.today) or bond.no_contact:
            return False
        limited = bond.kind is TRUSTED and purpose is not ConsentPurpose.ATTENDANCE
        return not limited and self.agreed(pair, purpose, self.today)

    def diary(self, pair: Pair) -> str:
        """Return what an adult who opens a pupil's diary gets: all, the timetable, or the code of a refusal."""
        if pair[0] in self.gone:
            return "pupil-unknown"
        bond = self.bonds.get(pair)
        if bond is None or not bond.opens(self.today):
            return "child-not-yours"
        if bond.kind is TRUSTED:
            return "timetable" if self.open_to(pair) else "consent-of-family-needed"
        return "all" if self.agreed(pair, ConsentPurpose.ACHIEVEMENT, self.today) else "consent-needed"

    def open_to(self, pair: Pair) -> set[ConsentPurpose]:
        """Return of which purposes an adult who may see a pupil reads electronically."""
        own = {one for one in ConsentPurpose if self.agreed(pair, one, self.today)}
        if self.bonds[pair].kind is not TRUSTED:
            return own
        return {one for one in own if any(self.agreed(of, one, self.today) for of in self.answering(pair[0]))}

    def answering(self, pupil: str) -> set[Pair]:
        """Return the relations on whose consents rests what the pupil does himself."""
        bonds = {pair: bond for pair, bond in self.bonds.items() if pair[0] == pupil}
        found = {pair for pair, bond in bonds.items() if bond.lawful(self.today)}
        if self.of_age(pupil, self.today):
            eve = self.born[pupil].replace(year=self.born[pupil].year + OF_AGE) - DAY
            found = {pair for pair, bond in bonds.items() if bond.opens(self.today) or bond.lawful(eve)}
        return found

    def signs(self, adult: str, school_class: str) -> tuple[str, set[str]]:
        """Return what an adult who signs a notice to a class gets: done or a code, and for whom he signs."""
        seen = {
            pupil: bond
            for pupil, bond in self.bonds_of(adult)
            if self.classes[pupil] == school_class and bond.lawful(self.today)
        }
        if not seen:
            return "notice-unknown", set()
        open_ones = {one for one in seen if self.agreed((one, adult), ConsentPurpose.ACHIEVEMENT, self.today)}
        seen = {pupil: bond for pupil, bond in seen.items() if pupil in open_ones}
        if not seen:
            return "consent-needed", set()
        signed = {pupil for pupil, bond in seen.items() if bond.must_sign}
        return ("done", signed) if signed else ("notice-asks-otherwise", set())

    def held(self, person: str) -> set[str]:
        """Return the roles that somebody has today."""
        found: set[str] = set()
        job = self.jobs.get(person)
        if job is not None and job.holds(self.today):
            mine = (post for post in self.posts.values() if post.person == person)
            found = {Role.TEACHER.value, *(post.role.value for post in mine if post.holds(self.today))}
        for _, bond in self.bonds_of(person):
            if bond.opens(self.today):
                found.add((Role.TRUSTED_ADULT if bond.kind is TRUSTED else Role.GUARDIAN).value)
        return found

    def leads_class(self, person: str, school_class: str) -> bool:
        job = self.jobs.get(person)
        if job is None or not job.holds(self.today):
            return False
        if self.leads[school_class] == person:
            return True
        mine = (post for post in self.posts.values() if post.person == person and post.school_class == school_class)
        return any(post.holds(self.today) for post in mine)

    def may(self, by: str, what: str, pupil: str | None = None) -> bool:
        """Tell whether somebody who works here may do that for the school, or for this pupil."""
        if by == OFFICE or any(what in OF_SCHOOL.get(Role(role), ()) for role in self.held(by)):
            return True
        return pupil is not None and what in OF_CLASS and self.leads_class(by, self.classes[pupil])

    def shut_out(self, person: str) -> str | None:
        """Say why a person may have no account; None if he may (CONF-21)."""
        if person in self.gone:
            return "nobody"
        job = self.jobs.get(person)
        if job is not None and job.lasts(self.today):
            return None
        families = [pair for pair, bond in self.bonds.items() if person == pair[1] and bond.opens(self.today)]
        families += self.answering(person) if person in self.born else ()
        if any(self.agreed(pair, purpose, self.today) for pair in families for purpose in ConsentPurpose):
            return None
        return "no-consent" if families or person in self.born else "nobody"

    def alone(self) -> set[str]:
        """Return the pupils for whom nobody answers in law."""
        answering = {
            pupil
            for (pupil, _), bond in self.bonds.items()
            if bond.holds(self.today) and not bond.barred and bond.kind is not TRUSTED
        }
        return {pupil for pupil in self.pupils if pupil not in answering and not self.of_age(pupil, self.today)}

    # What is done: relations.

    def relate(self, by: str, pair: Pair, wanted: Bond) -> Verdict:
        known = self.bonds.get(pair)
        refusal = self._touched(by, pair) or self._fit(by, pair, wanted, None, self.today)
        if refusal is not None:
            return refused(refusal)
        if known is not None and known.barred:
            return refused("guardian-barred")
        if known is not None and known.holds(self.today):
            return refused("guardian-already")
        self.bonds[pair] = replace(wanted, since=self.today)
        return DONE

    def change(self, by: str, pair: Pair, wanted: Bond) -> Verdict:
        known = self.bonds.get(pair)
        refusal = self._touched(by, pair) or ("guardian-unknown" if known is None else None)
        if refusal is not None or known is None:
            return refused(refusal or "")
        refusal = self._fit(by, pair, wanted, known, known.since)
        if refusal is not None:
            return refused(refusal)
        new = replace(wanted, since=known.since, barred=known.barred)
        self.bonds[pair] = new
        return DONE if new != known else NOTHING_NEW

    def end(self, by: str, pair: Pair, last_day: date) -> Verdict:
        known = self.bonds.get(pair)
        refusal = self._touched(by, pair) or ("guardian-unknown" if known is None else None)
        if refusal is not None or known is None:
            return refused(refusal or "")
        if last_day < known.since - DAY:
            return refused("relation-ends-before")
        if known.until is not None and known.until < last_day and self.of_age(pair[0], self.today):
            return refused("pupil-of-age")
        self.bonds[pair] = replace(known, until=last_day)
        return DONE if known.until != last_day else NOTHING_NEW

    def set_barred(self, by: str, pair: Pair, *, barred: bool) -> Verdict:
        known = self.bonds.get(pair)
        refusal = self._touched(by, pair)
        if refusal is None and not self.may(by, CUSTODY):
            refusal = "not-allowed"
        if refusal is not None or known is None:
            return refused(refusal or "guardian-unknown")
        self.bonds[pair] = replace(known, barred=barred)
        return DONE if known.barred is not barred else NOTHING_NEW

    def _touched(self, by: str, pair: Pair) -> str | None:
        pupil, adult = pair
        if pupil in self.gone:
            return "pupil-unknown"
        if not (self.may(by, RELATIONS, pupil) or self.may(by, CUSTODY)):
            return "not-allowed"
        return "guardianship-own" if by == adult else None

    def _fit(self, by: str, pair: Pair, wanted: Bond, known: Bond | None, since: date) -> str | None:
        pupil, adult = pair
        if wanted.until is not None and wanted.until < since:
            return "relation-ends-before"
        # What begins anew after its end is compared with what stood then.
        before = known or self.bonds.get(pair)
        stood = (True, False) if before is None else (before.may_see, before.no_contact)
        right = RELATIONS if stood == (wanted.may_see, wanted.no_contact) else CUSTODY
        if not self.may(by, right, pupil):
            return "not-allowed"
        if adult in self.gone:
            return "guardian-unknown"
        return "pupil-of-age" if self.of_age(pupil, self.today) else None

    # Consents.

    def record(self, by: str, pair: Pair, entries: list[Entry]) -> Verdict:
        bond = self.bonds.get(pair)
        if bond is None:
            return refused("guardian-unknown")
        own = by == pair[1] and bond.lawful(self.today)
        electronic = entries[0].electronic
        if not (own if electronic else self.may(by, CONSENTS, pair[0])):
            return refused("consent-not-yours")
        if not electronic and by == pair[1]:
            return refused("consent-own-paper")
        if not electronic and any(one.given and self._withdrew_himself(pair, one) for one in entries):
            return refused("consent-withdrawn-himself")
        new = [one for one in entries if not self._said(pair, one)]
        self.register += [(pair, one) for one in new]
        return DONE if new else NOTHING_NEW

    def _said(self, pair: Pair, entry: Entry) -> bool:
        same = self._of_its_day(pair, entry)
        return bool(same) and same[-1] == entry

    def _withdrew_himself(self, pair: Pair, entry: Entry) -> bool:
        same = self._of_its_day(pair, entry)
        return bool(same) and same[-1].electronic and not same[-1].given

    def _of_its_day(self, pair: Pair, entry: Entry) -> list[Entry]:
        return [
            one
            for whose, one in self.register
            if whose == pair and (one.purpose, one.since) == (entry.purpose, entry.since)
        ]

    # The calendar, and coming of age.

    def next_day(self) -> None:
        """Let a night pass, and do what the journal does by itself in the morning."""
        self.today += DAY
        for pupil in self.pupils:
            if self.of_age(pupil, self.today):
                self._come_of_age(pupil)
        for person, job in self.jobs.items():
            if not job.lasts(self.today):
                self._leave_classes(person)

    def _come_of_age(self, pupil: str) -> None:
        born = self.born[pupil]
        came_on = born.replace(year=born.year + OF_AGE)
        self.asked[pupil] = came_on
        for pair, bond in self.bonds.items():
            named = bond.kind is TRUSTED and bond.since >= came_on
            if pair[0] == pupil and bond.goes_on(self.today) and not named:
                self.bonds[pair] = replace(bond, until=max(bond.since, came_on) - DAY)

    def let_look(self, pupil: str, allowed: frozenset[str]) -> Verdict:
        """Say who of a grown pupil's adults may go on looking."""
        if pupil not in self.asked:
            return refused("majority-not-yet")
        his = {adult: bond for (whose, adult), bond in self.bonds.items() if whose == pupil}
        if not allowed <= his.keys():
            return refused("majority-not-an-adult")
        if any(his[adult].barred for adult in allowed):
            return refused("guardian-barred")
        for adult, bond in his.items():
            goes_on = bond.goes_on(self.today)
            looks = bond.kind is TRUSTED and bond.may_see and goes_on
            if adult in allowed and not looks:
                named = replace(bond, kind=TRUSTED, may_see=True, must_sign=False, since=self.today, until=None)
                self.bonds[pupil, adult] = named
            elif adult not in allowed and goes_on:
                self.bonds[pupil, adult] = replace(bond, until=self.today - DAY)
        return DONE

    # Two records of one person.

    def merge(self, by: str, kept: str, gone: str) -> Verdict:
        if not self.may(by, MERGING):
            return refused("not-allowed")
        if kept in self.gone or self.gone.get(gone, kept) != kept:
            return refused("merge-merged-already")
        self.gone[gone] = kept
        for pair in [pair for pair in self.bonds if gone in pair]:
            bond, his = self.bonds.pop(pair), self._renamed(pair, kept, gone)
            self.parted.add(pair)
            self.bonds[his] = self.bonds[his].joined(bond) if his in self.bonds else bond
        self.register = [(self._renamed(pair, kept, gone), entry) for pair, entry in self.register]
        for code in self.codes.values():
            code.person = kept if code.person == gone else code.person
        self.chats.setdefault(kept, set()).update(self.chats.pop(gone, set()))
        chat = self.addresses.get(gone)
        if chat is not None:
            self.addresses[gone] = None
            self.addresses[kept] = self.addresses.get(kept) or chat
        if gone in self.logins:
            self.logins[kept] = self.logins.pop(gone) or self.logins.get(kept, False)
        return DONE

    def _renamed(self, pair: Pair, kept: str, gone: str) -> Pair:
        pupil, adult = pair
        return kept if pupil == gone else pupil, kept if adult == gone else adult

    # Work and roles.

    def hire(self, person: str, since: date) -> Verdict:
        job = self.jobs[person]
        if job.until is None:
            return refused("staff-already")
        if job.until >= since:
            return refused("staff-until")
        self.jobs[person] = Job(since)
        return DONE

    def dismiss(self, person: str, last_day: date) -> Verdict:
        job = self.jobs[person]
        if job.since is not None and last_day < job.since:
            return refused("staff-before")
        self.jobs[person] = replace(job, until=last_day)
        for number, post in list(self.posts.items()):
            if post.person == person and (post.until is None or post.until > last_day):
                self._cut(number, last_day)
        if last_day < self.today:
            self._leave_classes(person)
        return DONE

    def grant(self, number: int, post: Post) -> Verdict:
        if post.until is not None and post.until < post.since:
            return refused("role-ends-before")
        if not self.jobs[post.person].lasts(post.since):
            return refused("role-not-staff")
        last_day = self.jobs[post.person].until
        if last_day is not None and (post.until is None or post.until > last_day):
            post = replace(post, until=last_day)
        if any(post.meets(other) for other in self.posts.values()):
            return refused("role-already")
        self.posts[number] = post
        return DONE

    def end_role(self, number: int, last_day: date) -> Verdict:
        post = self.posts.get(number)
        if post is None:
            return refused("role-unknown")
        if last_day < post.since - DAY:
            return refused("role-ends-before")
        if post.until is not None and post.until < last_day and not self.jobs[post.person].lasts(last_day):
            return refused("role-not-staff")
        self._cut(number, last_day)
        return DONE

    def lead(self, school_class: str, person: str | None) -> Verdict:
        if person is not None and not self.jobs[person].lasts(self.today):
            return refused("role-not-staff")
        before, self.leads[school_class] = self.leads[school_class], person
        return DONE if before != person else NOTHING_NEW

    def _cut(self, number: int, last_day: date) -> None:
        post = self.posts[number]
        if post.since > last_day:
            del self.posts[number]
        else:
            self.posts[number] = replace(post, until=last_day)

    def _leave_classes(self, person: str) -> None:
        self.leads = {one: None if leader == person else leader for one, leader in self.leads.items()}

    # Codes, chats, logins.

    def hand_out_code(self, number: int, person: str) -> Verdict:
        """Give a code to whoever may have an account; earlier ones that nobody has used are no good any more."""
        self.codes = {one: code for one, code in self.codes.items() if code.person != person or code.used_by}
        if self.shut_out(person) is not None:
            return NOTHING_NEW
        self.codes[number] = Code(person)
        return DONE

    def show_code(self, number: int, chat: str) -> Verdict:
        """Show a code and, where it is asked for, a child's birth date."""
        code = self.codes.get(number)
        if code is None:
            return refused("link-code-unknown")
        if code.used_by is not None:
            return NOTHING_NEW if code.used_by == chat else refused("link-code-used")
        job = self.jobs.get(code.person)
        if job is None or not job.holds(self.today):
            if not any(bond.opens(self.today) for _, bond in self.bonds_of(code.person)):
                return refused("link-no-children")
            if self.shut_out(code.person) is not None:
                return refused("link-no-consent")
        code.used_by = chat
        self.chats.setdefault(code.person, set()).add(chat)
        self.addresses[code.person] = chat
        return DONE

    def issue_login(self, person: str) -> Verdict:
        if self.shut_out(person) is not None:
            return NOTHING_NEW
        self.logins[person] = True
        return DONE

    def close_login(self, person: str) -> Verdict:
        if person not in self.logins:
            return refused("login-unknown")
        was, self.logins[person] = self.logins[person], False
        return DONE if was else NOTHING_NEW
