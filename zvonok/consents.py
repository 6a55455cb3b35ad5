"""What the office does with consents at the command line: enters sheets, lists the unanswered, publishes and prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.consent import consent_sheets, consent_texts, consents
from core.consent.consent_entries import BOTH, ConsentState, Decision
from core.consent.consent_sheets import ClassSheet, SheetLine
from core.consent.consent_texts import LONGEST, TextVersion
from core.events import ConsentPurpose
from core.person import people
from core.school import schools
from core.school.schools import SchoolCard
from core.school_time import school_date
from texts.reader import load
from zvonok.installation import Installation
from zvonok.trouble import OfficeError

PAGE = "\f"
"""Between forms: a printer begins a new sheet."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of paper as the office reads it aloud."""

    child: str
    parent: str
    given: bool
    since: date | None
    """None: today."""
    until: date | None
    purposes: tuple[ConsentPurpose, ...]
    paper_ref: str
    version: int | None
    """Of the school's text that stands on the sheet."""
    class_title: str | None = None


async def enter(here: Installation, school_name: str | None, sheet: Sheet) -> list[str]:
    """Enter a consent, a refusal or a withdrawal on paper. Raises ``OfficeError`` if it is not clear whose it is."""
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        now = here.school_clock.now()
        line, title = await _whose(session, here, school, sheet)
        text = None
        if sheet.version is not None:
            text = (await consent_texts.numbered(session, school.id, sheet.version)).ref
        decision = Decision(
            given=sheet.given,
            since=sheet.since or school_date(now, school.zone),
            purposes=sheet.purposes or BOTH,
            until=sheet.until,
            text=text,
            paper_ref=sheet.paper_ref,
        )
        act = Act(OFFICE, now, f"consent:{uuid4()}")
        await consents.record(session, act, line.pupil, line.guardian, decision)
        found = await consent_sheets.of_school(session, OFFICE, school.id, now)
    (entered,) = (one for sheet in found for one in sheet.lines if _key(one) == _key(line))
    return [f"{title}, {_told(entered)}"]


async def listing(
    here: Installation, school_name: str | None, class_title: str | None, *, everybody: bool
) -> list[str]:
    """List by classes those whom somebody must ask (CONS-03), or everybody with what he answered."""
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        sheets = await _sheets(session, here, school, class_title)
    lines = []
    for sheet in sheets:
        shown = sheet.lines if everybody else sheet.unanswered
        counts = {"silent": len(sheet.unanswered), "all": len(sheet.lines)}
        lines += [_say("consent-class", title=sheet.title, **counts), *(f"  {_told(line)}" for line in shown)]
    return lines or [_say("consent-nobody")]


async def texts(here: Installation, school_name: str | None, path: Path | None) -> list[str]:
    """Publish the text of a file as the next version; without one, show the versions and the text in force."""
    words = None if path is None else _read(path)
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        if words is not None:
            act = Act(OFFICE, here.school_clock.now(), f"consent-text:{uuid4()}")
            await consent_texts.publish(session, act, school.id, words)
        versions = await consent_texts.versions(session, school.id)
    if not versions:
        raise OfficeError(_say("consent-text-none"))
    if words is not None:
        return [_version(versions[0])]
    return [*map(_version, versions), "", *versions[0].text.splitlines()]


async def forms(here: Installation, school_name: str | None, class_title: str | None, *, everybody: bool) -> list[str]:
    """Return forms to print: a blank one, or one for each adult of a class whom somebody must ask, or for all."""
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        text = await consent_texts.newest(session, school.id)
        if text is None:
            raise OfficeError(_say("consent-text-none"))
        if class_title is None:
            return _form(school, text)
        sheets = await _sheets(session, here, school, class_title)
    lines: list[str] = []
    for sheet in sheets:
        for line in sheet.lines if everybody else sheet.unanswered:
            lines += [*([PAGE] if lines else []), *_form(school, text, line, sheet.title)]
    return lines or [_say("consent-all-answered")]


async def _whose(session: AsyncSession, here: Installation, school: SchoolCard, sheet: Sheet) -> tuple[SheetLine, str]:
    """Find the one adult of the one child that a sheet names."""
    pupils = await people.by_name(session, school, sheet.child)
    adults = await people.by_name(session, school, sheet.parent)
    found = [
        (line, one.title)
        for one in await _sheets(session, here, school, sheet.class_title)
        for line in one.lines
        if line.pupil in pupils and line.guardian in adults
    ]
    if not found:
        raise OfficeError(_say("consent-whose-unknown", child=sheet.child, parent=sheet.parent))
    if len(found) > 1:
        raise OfficeError(_say("consent-whose-several", count=len(found)))
    return found[0]


async def _sheets(
    session: AsyncSession, here: Installation, school: SchoolCard, class_title: str | None
) -> Sequence[ClassSheet]:
    found = await consent_sheets.of_school(session, OFFICE, school.id, here.school_clock.now())
    if class_title is None:
        return found
    chosen = [sheet for sheet in found if sheet.title.casefold() == class_title.casefold()]
    if not chosen:
        raise OfficeError(_say("refusal-class-unknown", title=class_title))
    return chosen


def _read(path: Path) -> str:
    try:
        # No longer than may be published, in letters of two bytes, and one more.
        with path.open("rb") as file:
            return file.read(4 * LONGEST + 1).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise OfficeError(_say("consent-text-unreadable", file=str(path))) from None
    except OSError as error:
        raise OfficeError(_say("consent-text-not-opened", file=str(path), why=type(error).__name__)) from None


def _say(text: str, /, **told: str | int) -> str:
    return load("ru").format(text, **told)


def _key(line: SheetLine) -> consents.Relation:
    return line.pupil, line.guardian


def _told(line: SheetLine) -> str:
    """Say of one adult what stands for each purpose."""
    stands = (
        f"{_say(f'consent-purpose-{purpose}')} — {_state(line, purpose, state)}"
        for purpose, state in zip(BOTH, line.states, strict=True)
    )
    who = f"{line.pupil_name.in_lists()} — {line.guardian_name.in_full()} ({line.relation})"
    return f"{who}: {', '.join(stands)}"


def _state(line: SheetLine, purpose: ConsentPurpose, state: ConsentState) -> str:
    term = line.standing.term(purpose)
    begins = term.withdrawn_on if state in (ConsentState.REFUSED, ConsentState.WITHDRAWN) else term.given_on
    since = "" if begins is None or state is ConsentState.EXPIRED else _say("consent-since", since=f"{begins:%d.%m.%Y}")
    ended = state in (ConsentState.GIVEN, ConsentState.EXPIRED)
    until = "" if term.until is None or not ended else _say("consent-until", until=f"{term.until:%d.%m.%Y}")
    return " ".join(part for part in (_say(f"consent-state-{state}"), since, until) if part)


def _version(text: TextVersion) -> str:
    stands = "consent-text-version" if text.intact else "consent-text-damaged"
    return _say(stands, version=text.version, day=f"{text.published_at:%d.%m.%Y}", hash=text.text_hash)


def _form(school: SchoolCard, text: TextVersion, line: SheetLine | None = None, title: str = "") -> list[str]:
    blank = _say("consent-form-blank")
    parent = blank if line is None else line.guardian_name.in_full()
    child = blank if line is None else f"{line.pupil_name.in_full()}, {title}"
    return [
        school.name,
        "",
        _say("consent-form-heading"),
        "",
        _say("consent-form-parent", parent=parent),
        _say("consent-form-child", child=child),
        "",
        *text.text.splitlines(),
        "",
        _say("consent-form-choose"),
        *(_say(f"consent-form-{purpose}") for purpose in BOTH),
        "",
        _say("consent-form-until"),
        _say("consent-form-sign"),
        "",
        _say("consent-form-text", version=text.version, hash=text.text_hash),
    ]
