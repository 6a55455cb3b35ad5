"""What entries of the register of consents come to, and what a list of the office adds to them. Pure.

A guardian consents for each child and for each purpose apart (CONS-02). Of the entries of a relation and a purpose the
newest by its own date decides, of two with one date the one recorded later; a refusal is an entry too (CONS-01). What
was given until a day ends by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from core.consent.consent_texts import TextRef
from core.events import ConsentPurpose, ConsentTerm

BOTH = (ConsentPurpose.ACHIEVEMENT, ConsentPurpose.ATTENDANCE)
"""What one sheet covers unless it says otherwise (CONS-02)."""
NOTHING = ConsentTerm()


class ConsentForm(StrEnum):
    """How a consent was given, refused or withdrawn."""

    PAPER = "paper"
    """Signed in ink; the school keeps the sheet."""
    ELECTRONIC = "electronic"
    """By the guardian's own act in a messenger or on a page."""


class ConsentState(StrEnum):
    """What the register says of one purpose on a day."""

    MISSING = "missing"
    """Nothing was ever registered: somebody must ask (CONS-03)."""
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    """Its last day is over: somebody must ask again."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a guardian decided, as it is handed in to be recorded."""

    given: bool
    """False: a refusal, or the withdrawal of what was given before."""
    since: date
    form: ConsentForm = ConsentForm.PAPER
    purposes: tuple[ConsentPurpose, ...] = BOTH
    until: date | None = None
    """The last day of a consent; None: until it is withdrawn."""
    text: TextRef | None = None
    """What he agreed to. An electronic consent must name it; paper may be of the school's own."""
    paper_ref: str = ""
    """Where the sheet lies: its number, its folder."""


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """One entry of the register: ``given`` False is a refusal or a withdrawal."""

    purpose: ConsentPurpose
    given: bool
    since: date
    form: ConsentForm = ConsentForm.PAPER
    recorded_by: UUID | None = None
    """None: the office, by its lists or at the command line."""
    until: date | None = None
    text: UUID | None = None
    paper_ref: str = ""

    @property
    def by_list(self) -> bool:
        """True for what the office's lists may have said, and may therefore take back: a date and nothing else."""
        bare = (self.recorded_by, self.until, self.text, self.paper_ref) == (None, None, None, "")
        return self.form is ConsentForm.PAPER and bare


@dataclass(frozen=True, slots=True)
class Standing:
    """What the register says of a relation, as listeners know it."""

    achievement: ConsentTerm = NOTHING
    attendance: ConsentTerm = NOTHING

    def term(self, purpose: ConsentPurpose) -> ConsentTerm:
        """Return what stands for a purpose."""
        return self.attendance if purpose is ConsentPurpose.ATTENDANCE else self.achievement

    def in_force(self, today: date) -> bool:
        """Tell whether a consent holds for any purpose: without one there is no account (CONS-04, CONF-21)."""
        return any(self.term(purpose).in_force(today) for purpose in ConsentPurpose)

    def state(self, purpose: ConsentPurpose, today: date) -> ConsentState:
        """Say in one word what stands for a purpose on a day."""
        return state_of(self.term(purpose), today)


def state_of(term: ConsentTerm, today: date) -> ConsentState:
    """Say in one word what stands on a day. What was refused after its term had ended is a refusal."""
    if term.in_force(today):
        return ConsentState.GIVEN
    given, withdrawn = term.given_on, term.withdrawn_on
    if given is None:
        return ConsentState.MISSING if withdrawn is None else ConsentState.REFUSED
    if withdrawn is None or withdrawn < given:
        return ConsentState.EXPIRED
    return ConsentState.REFUSED if term.ended_by(withdrawn) else ConsentState.WITHDRAWN


def stand(entries: Iterable[ConsentEntry]) -> Standing:
    """Return what these entries of one relation, in the order of recording, come to."""
    by_date = sorted(entries, key=lambda one: one.since)
    return Standing(*(_term(entry for entry in by_date if entry.purpose is purpose) for purpose in BOTH))


def _term(by_date: Iterable[ConsentEntry]) -> ConsentTerm:
    given_on: date | None = None
    until: date | None = None
    withdrawn_on: date | None = None
    for entry in by_date:
        if not entry.given:
            withdrawn_on = entry.since
            continue
        given_on, until = entry.since, entry.until
        if withdrawn_on == entry.since:
            withdrawn_on = None
    return ConsentTerm(given_on=given_on, until=until, withdrawn_on=withdrawn_on)


def from_list(entries: Sequence[ConsentEntry], consent_on: date | None) -> tuple[ConsentEntry, ...]:
    """Return what a list of the office adds to these entries; nothing if it says nothing new.

    A list's one date covers both purposes (CONS-02). An empty cell takes back the paper that stood there; what the
    class teacher or the guardian himself entered, and what names its sheet, never stood in a list, and stays. A date
    already in the register adds nothing, so that an old list does not undo a withdrawal; only what a list itself took
    back, a list may state again.
    """
    said = (_from_list([one for one in entries if one.purpose is purpose], purpose, consent_on) for purpose in BOTH)
    return tuple(entry for entry in said if entry is not None)


def _from_list(
    entries: Sequence[ConsentEntry], purpose: ConsentPurpose, consent_on: date | None
) -> ConsentEntry | None:
    if consent_on is None:
        newest = max(reversed(entries), key=lambda entry: entry.since, default=None)
        if newest is None or not newest.given or not newest.by_list:
            return None
        return ConsentEntry(purpose, given=False, since=newest.since)
    last = next((entry for entry in reversed(entries) if entry.since == consent_on), None)
    if last is None or (not last.given and last.by_list):
        return ConsentEntry(purpose, given=True, since=consent_on)
    return None
