"""What an import would change, in the words of an office: a table of who, what, from what, to what."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from core.lists.clashing import Clashing, TimetableClash
from core.lists.depending import Because, Reason
from core.lists.difference import Difference, Entry, Gone, GoneWhat, Kind, StaysWhy, What
from core.lists.imports import ImportStands
from core.lists.matching import Doubt
from core.lists.work import GROUPS
from core.roster_file import Place, Weekday
from core.roster_file.rows import WEEKDAY_WORDS
from core.russian import sort_key
from core.year.clashes import describe
from core.year.weekly import Every
from texts.reader import load

SHOWN = 30
"""Lines of one heading, unless all are asked for."""
INDENT = "  "
BOTH = ("attendance", "achievement")
SLOT_PARTS = 5
"""Of the key of a weekly lesson."""
FIELD_OF_SLOT = MappingProxyType({"teacher": "lesson-teacher"})
"""Fields of a lesson that another thing has by the same name."""
_SAY = load("ru").format


def table(difference: Difference, school: str, *, everything: bool) -> list[str]:
    """Return the lines of a dry run."""
    words = _Words(difference)
    quiet = not difference.entries and not difference.doubts
    lines = [_SAY("lists-look-nothing" if quiet else "lists-look", school=school)]
    for name, about in words.headings().items():
        if about:
            lines += ["", _SAY(f"lists-{name}", count=len(about)), *_some(about, everything=everything)]
    addresses, consents = words.of_new_people()
    if addresses or consents:
        lines += ["", _SAY("lists-with-new", addresses=addresses, consents=consents)]
    if difference.doubts:
        lines += ["", *questions(difference)]
    lines += ["", _SAY("lists-unchanged", count=difference.unchanged.people + difference.unchanged.lessons)]
    if difference.entries and not difference.doubts:
        fingerprint = difference.fingerprint
        lines += [_SAY("lists-fingerprint", fingerprint=fingerprint), _SAY("lists-how", fingerprint=fingerprint)]
    return lines


def questions(difference: Difference) -> list[str]:
    """Return the questions about doubtful lines, each with the words that answer it."""
    lines = [_SAY("lists-doubts", count=len(difference.doubts))]
    for doubt in difference.doubts:
        lines += _question(difference, doubt)
    return lines


def reasons(stands: Sequence[Reason], names: Mapping[str, str]) -> list[str]:
    """Return why an import cannot be taken back: one line for each kind of reason, with whom it is about."""
    found: dict[Because, list[str]] = {}
    for one in stands:
        found.setdefault(one.because, []).append(_about(one.key, names))
    lines = []
    for because, who in found.items():
        each = list(dict.fromkeys(who))
        more = [_SAY("lists-more-lines", count=len(each) - SHOWN)] if len(each) > SHOWN else []
        lines.append(INDENT + _SAY(f"lists-because-{because.value}", who="; ".join([*each[:SHOWN], *more])))
    return lines


def clashes(clashing: Clashing, zone: str) -> list[str]:
    """Return a sentence for each clash, with the lines that it is about."""
    return [_clash(one, describe(one.clash, _SAY, clashing.names, zone)) for one in clashing.clashes]


def brought_about(stands: ImportStands, zone: str) -> list[str]:
    """Return the clashes that taking an import back would bring about, under a line that says so."""
    found = [
        " ".join([describe(one.clash, _SAY, stands.clashing.names, zone), *_times(one)])
        for one in stands.clashing.clashes
    ]
    return [INDENT + _SAY("lists-because-clash"), *(INDENT * 2 + line for line in found)] if found else []


def _clash(one: TimetableClash, sentence: str) -> str:
    lines = [_line(place) for place in (one.first, one.second) if place is not None]
    return " ".join(
        [
            _SAY("lists-clash-lines" if len(lines) > 1 else "lists-clash-line", lines="; ".join(lines)),
            sentence,
            *_times(one),
        ]
    )


def _times(one: TimetableClash) -> list[str]:
    return [_SAY("lists-clash-times", times=one.times)] if one.times > 1 else []


def _line(place: Place) -> str:
    sheet = [] if place.sheet is None else [_SAY("roster-place-sheet", sheet=place.sheet)]
    return ", ".join([place.file, *sheet, _SAY("roster-place-line", line=str(place.line))])


def day(value: date | str) -> str:
    """Return a day as people write it."""
    return f"{date.fromisoformat(value) if isinstance(value, str) else value:%d.%m.%Y}"


def _about(key: Sequence[str], names: Mapping[str, str]) -> str:
    """Return what a reason is about: names, or a weekly lesson."""
    said = [names[part] for part in key if part in names]
    if said and len(key) >= SLOT_PARTS:
        return lesson(said[0], key)
    return ", ".join(said) or "—"


def lesson(title: str, key: Sequence[str]) -> str:
    """Name a weekly lesson; in which weeks and since when, if that is not always."""
    _, weekday, number, every, since = key[-SLOT_PARTS:]
    said = _SAY("lists-lesson", **{"class": title}, weekday=WEEKDAY_WORDS[Weekday(int(weekday))], number=number)
    weeks = "" if every == Every.WEEK else _SAY("lists-lesson-weeks", weeks=every)
    begins = _SAY("lists-lesson-since", day=day(since)) if since else ""
    return ", ".join(part for part in (said, weeks, begins) if part)


def _some(lines: Sequence[str], *, everything: bool) -> list[str]:
    if everything or len(lines) <= SHOWN:
        return [INDENT + line for line in lines]
    return [*(INDENT + line for line in lines[:SHOWN]), INDENT + _SAY("lists-more-lines", count=len(lines) - SHOWN)]


def _question(difference: Difference, doubt: Doubt) -> Iterator[str]:
    yield INDENT + _SAY("lists-doubt", mark=doubt.mark, who=_with_birth(doubt.name.in_full(), doubt.born))
    for number, (person, born) in enumerate(zip(doubt.offered, doubt.births, strict=True), 1):
        offered = _with_birth(_called(difference, str(person)), born)
        yield INDENT * 2 + _SAY("lists-doubt-offered", number=number, who=offered)
        answer = doubt.mark if len(doubt.offered) == 1 else f"{doubt.mark}={number}"
        yield INDENT * 3 + _SAY("lists-doubt-same", answer=answer)
    yield INDENT * 2 + _SAY("lists-doubt-other", mark=doubt.mark)


def _with_birth(name: str, born: date | None) -> str:
    return name if born is None else _SAY("lists-born", name=name, born=day(born))


def _called(difference: Difference, person: str) -> str:
    """Return a person's name with what tells him from namesakes."""
    name, known = difference.names[person], difference.known_as.get(person)
    return name if known is None else _SAY("lists-person", name=name, known=known)


class _Words:
    """Puts one difference into lines."""

    def __init__(self, difference: Difference) -> None:
        self._it = difference
        self._names = difference.names
        self._new = {entry.key[0] for entry in difference.of(What.PERSON, Kind.NEW)}

    def headings(self) -> dict[str, list[str]]:
        """Return the lines by heading, in the order of reading."""
        found = {
            "new-rooms": sorted(
                (self._names[entry.key[0]] for entry in self._it.of(What.ROOM, Kind.NEW)), key=sort_key
            ),
            "new-classes": [self._names[entry.key[0]] for entry in self._it.of(What.CLASS, Kind.NEW)],
            "new-staff": self._sorted(self._it.of(What.STAFF, Kind.NEW), self._new_employee),
            "new-pupils": self._sorted(self._it.of(What.PUPIL, Kind.NEW), self._new_pupil),
            "new-adults": self._sorted(self._it.of(What.RELATION, Kind.NEW), self._new_adult),
            "changed": sorted(self._changes(), key=sort_key),
            "changed-lessons": [line for one in self._it.of(What.SLOT, Kind.CHANGED) for line in self._lesson(one)],
        }
        found["new-lessons"] = [self._lesson_title(entry) for entry in self._it.of(What.SLOT, Kind.NEW)]
        for what in GoneWhat:
            found[f"gone-{what.value}"] = [self._gone(one) for one in self._it.gone if one.what is what]
        for why in StaysWhy:
            about = [one for one in self._it.stays if one.why is why]
            found[f"stays-{why.value}"] = [_called(self._it, one.key[-1]) for one in about]
        return found

    def of_new_people(self) -> tuple[int, int]:
        """Count addresses and consents of people who are new themselves: no line is spent on these."""
        addresses = [entry for entry in self._it.of(What.ADDRESS) if entry.key[0] in self._new]
        consents = [entry for entry in self._it.of(What.CONSENT) if entry.key[1] in self._new]
        return len(addresses), len(consents)

    def _sorted(self, entries: Sequence[Entry], line: Any) -> list[str]:
        return sorted((line(entry) for entry in entries), key=sort_key)

    def _new_employee(self, entry: Entry) -> str:
        position = (entry.after or {})["position"]
        return _SAY("lists-person", name=self._names[entry.key[0]], known=position)

    def _new_pupil(self, entry: Entry) -> str:
        title = self._names[(entry.after or {})["class"]]
        return f"{title}  {self._names[entry.key[0]]}"

    def _new_adult(self, entry: Entry) -> str:
        pupil, adult = entry.key
        relation = (entry.after or {})["relation"]
        return _SAY("lists-adult", child=_called(self._it, pupil), relation=relation, name=self._names[adult])

    def _changes(self) -> Iterator[str]:
        for entry in self._it.entries:
            if entry.what in {What.SLOT, What.SUBJECT, What.ROOM} or not self._has_line(entry):
                continue
            head = self._names[entry.key[0]] if entry.what is What.CLASS else _called(self._it, entry.key[-1])
            for text in self._texts(entry):
                yield _SAY("lists-line", head=head, text=text)

    def _has_line(self, entry: Entry) -> bool:
        if entry.what is What.CONSENT:
            return entry.key[1] not in self._new
        if entry.what is What.ADDRESS:
            return entry.key[0] not in self._new
        return entry.what is What.ROLE or entry.kind is Kind.CHANGED

    def _texts(self, entry: Entry) -> Iterator[str]:
        if entry.what is What.ADDRESS:
            yield self._change("address", _address(entry.before), _address(entry.after))
        elif entry.what is What.CONSENT:
            yield from self._consent(entry)
        else:
            for name, before, after in entry.fields:
                if entry.what is not What.PUPIL or name == "class":
                    change = self._change(name, self._value(name, before), self._value(name, after))
                    yield self._since(entry, change) if entry.what is What.PUPIL else change

    def _since(self, entry: Entry, change: str) -> str:
        text = _SAY("lists-change-since", change=change, day=day((entry.after or {})["since"]))
        left = [self._names[group] for group, _, _ in (entry.before or {}).get(GROUPS, ())]
        return _SAY("lists-leaves-groups", change=text, groups=", ".join(left)) if left else text

    def _consent(self, entry: Entry) -> Iterator[str]:
        before, after = entry.before or {}, entry.after or {}
        changed = [name for name in BOTH if before.get(name, {}) != after.get(name)]
        if not changed:
            since = max(one["since"] for one in after["added"])
            yield f"{_SAY('lists-field-consent')}: {_SAY('lists-consent-added', day=day(since))}"
            return
        said = {name: (_term(before.get(name, {})), _term(after[name])) for name in changed}
        if len(changed) == len(BOTH) and len(set(said.values())) == 1:
            yield self._change("consent", *said[BOTH[0]])
            return
        for name, (was, is_now) in said.items():
            yield self._change(name, was, is_now)

    def _lesson(self, entry: Entry) -> Iterator[str]:
        for name, before, after in entry.fields:
            field = FIELD_OF_SLOT.get(name, name)
            text = self._change(field, self._value(name, before), self._value(name, after))
            yield _SAY("lists-line", head=self._lesson_title(entry), text=text)

    def _lesson_title(self, one: Entry | Gone) -> str:
        return lesson(self._names[one.key[0]], one.key)

    def _gone(self, one: Gone) -> str:
        return self._lesson_title(one) if one.what is GoneWhat.SLOT else _called(self._it, one.key[-1])

    def _change(self, field: str, before: str, after: str) -> str:
        return _SAY("lists-change", field=_SAY(f"lists-field-{field}"), before=before, after=after)

    def _value(self, field: str, value: Any) -> str:
        if value is None and field in {"starts", "ends"}:
            return _SAY("lists-by-bells")
        if value is None or value == "":
            return _SAY("lists-none")
        if field in {"born", "until"}:
            return day(value)
        if field == "role":
            return _SAY(f"lists-role-{value}")
        return self._names.get(value, str(value))


def _address(values: Mapping[str, Any] | None) -> str:
    if values is None:
        return _SAY("lists-none")
    if values["verified_on"] is None:
        return _SAY("lists-address-unverified", value=values["value"])
    return _SAY("lists-address-verified", value=values["value"], day=day(values["verified_on"]))


def _term(values: Mapping[str, Any]) -> str:
    """Say what stands of a consent; one that was withdrawn on its own day or later does not hold."""
    given_on, withdrawn_on = values.get("given_on"), values.get("withdrawn_on")
    if withdrawn_on is not None and (given_on is None or withdrawn_on >= given_on):
        return _SAY("lists-consent-withdrawn", day=day(withdrawn_on))
    return _SAY("lists-none") if given_on is None else _SAY("lists-consent-given", day=day(given_on))
