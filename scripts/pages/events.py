"""``docs/reference/events.md``: the contract between the journal and whoever listens, with an example of each event."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, Literal, get_args, get_origin
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from core import events
from core.events import Event, State
from scripts.pages.source import HEAD, meanings, one_line, table

DAY = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 3, 31, tzinfo=UTC)
WORDS: Mapping[str, str] = {
    "author_name": "Королёва Анна Сергеевна",
    "class_title": "5А",
    "browser": "Chrome, Android",
    "code": "н",
    "name": "Журавлёва Алёна",
    "pupil_name": "Журавлёва Алёна",
    "cancelled_note": "мороз",
    "distant": "5А",
    "left_out": "5Б",
    "relation": "мать",
    "room_name": "12",
    "subject_name": "Математика",
    "classes": "5А",
    "form": "контрольная работа",
    "note": "Сменная обувь",
    "place": "Актовый зал",
    "topic": "Обыкновенные дроби",
    "teacher_name": "Королёва Анна Сергеевна",
    "text": "Упражнение 214, письменно.",
    "text_hash": "b8d5f4",
    "title": "Поездка в музей",
    "value": "anna@example.org",
    "work": "ответ на уроке",
    "zone": "Asia/Yekaterinburg",
}
"""Words of the examples, by field: a new field of text needs one here."""
NUMBERS: Mapping[str, int] = {"number": 1, "lesson_number": 2, "missed_lessons": 3, "value": 2} | {
    "undo_window_seconds": 60,
    "digest_hour": 18,
    "hundredths": 425,
    "before": 400,
}
OWN: Mapping[str, Mapping[str, object]] = {
    "SchoolState": {"name": "Школа № 1"},
    "SchoolEventState": {"title": "Ярмарка"},
    "SchoolSettings": {"quiet_until": time(7, 0)},
    "NoticeState": {"text": "В пятницу едем в музей, сбор в 9:00 у входа."},
}
"""Where the same name means another thing."""


def page() -> str:
    """Return the page."""
    models = list(states(State))
    parts = [
        "# Events",
        f"{one_line(events.__doc__)} {HEAD}",
        "`datetime` is RFC 3339 with its zone; `date` and `time` are ISO 8601. An unknown field is refused.",
        "## Envelope",
        _fields(Event),
        *(part for model in models for part in _event(model)),
        "## Parts of states",
        *(part for model in _parts(models) for part in (f"### {model.__name__}", _doc(model), _fields(model))),
        "## Words",
        *(part for kind in _enums(models) for part in (f"### {kind.__name__}", _doc(kind), _members(kind))),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def states(alias: object) -> Iterator[type[BaseModel]]:
    """Return the models of a union, through named unions inside it."""
    if isinstance(alias, type):
        if issubclass(alias, BaseModel):
            yield alias
        return
    for one in get_args(getattr(alias, "__value__", alias)):
        yield from states(one)


def example(model: type[BaseModel]) -> BaseModel:
    """Make an example: every field filled, as its type and name say. Raises ``KeyError`` for a text without words."""
    filled = {name: _value(name, field.annotation) for name, field in model.model_fields.items()}
    return model.model_validate({**filled, **OWN.get(model.__name__, {})})


def _event(model: type[BaseModel]) -> Iterator[str]:
    name = str(get_args(model.model_fields["type"].annotation)[0])
    yield f"## zvonok.{name}"
    yield _doc(model)
    yield _fields(model)
    envelope = Event(
        id=_uuid("id"),
        type=f"zvonok.{name}",
        subject=_SUBJECTS[name],
        time=AT,
        school=_uuid("school"),
        version=1,
        data=example(model),  # type: ignore[arg-type]  # a member of the union, found by looking
    )
    yield f"```json\n{json.dumps(envelope.model_dump(mode='json'), ensure_ascii=False, indent=2)}\n```"


def _doc(of: type) -> str:
    return one_line(of.__doc__)


def _fields(model: type[BaseModel]) -> str:
    texts = meanings(model)
    rows = [(f"`{name}`", _type(field), texts.get(name, "")) for name, field in model.model_fields.items()]
    return table(("field", "type", "meaning"), rows)


def _type(field: FieldInfo) -> str:
    named = _named(field.annotation)
    return (
        named
        if field.is_required() or get_origin(field.annotation) is Literal
        else f"{named}; default `{_plain(field.get_default())}`"
    )


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return json.dumps([str(one) for one in value], ensure_ascii=False)
    return json.dumps(value if isinstance(value, bool | int | str) or value is None else str(value), ensure_ascii=False)


def _named(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return " or ".join(f"`{value}`" for value in get_args(kind))
    if get_origin(kind) is tuple:
        return f"list of {_named(get_args(kind)[0])}"
    if isinstance(kind, type):
        return _JSON.get(kind.__name__, f"[{kind.__name__}](#{kind.__name__.lower()})")
    if hasattr(kind, "__value__"):
        return "the state"
    inside = [_named(one) for one in get_args(kind) if one is not type(None)]
    return f"{' or '.join(inside)} or null"


_JSON = {"UUID": "uuid", "str": "text", "int": "whole number", "bool": "true or false", "AwareDatetime": "datetime"} | {
    kind: kind for kind in ("date", "datetime", "time")
}


def _members(kind: type[StrEnum]) -> str:
    texts = meanings(kind)
    return table(("value", "meaning"), [(f"`{one.value}`", texts.get(one.name, "")) for one in kind])


def _inside(model: type[BaseModel]) -> Iterator[Any]:
    """Return every class that the fields of a model name, models before what stands in them."""
    for field in model.model_fields.values():
        pending = [field.annotation]
        while pending:
            kind: Any = pending.pop()
            pending += get_args(kind) if get_origin(kind) is not Literal else ()
            if isinstance(kind, type):
                yield kind
                if issubclass(kind, BaseModel):
                    yield from _inside(kind)


def _parts(models: list[type[BaseModel]]) -> list[type[BaseModel]]:
    return list(dict.fromkeys(kind for one in models for kind in _inside(one) if issubclass(kind, BaseModel)))


def _enums(models: list[type[BaseModel]]) -> list[type[StrEnum]]:
    return list(dict.fromkeys(kind for one in models for kind in _inside(one) if issubclass(kind, StrEnum)))


def _uuid(name: str) -> UUID:
    """Return the same number for the same name."""
    return UUID(bytes=name.encode().ljust(16, b"\0")[:16], version=4)


def _value(name: str, kind: Any) -> Any:
    if isinstance(kind, type) and get_origin(kind) is None:
        return _of_class(name, kind)
    first = get_args(kind)[0]
    if get_origin(kind) is Literal:
        return first
    return [_value(name, first)] if get_origin(kind) is tuple else _value(name, first)


def _of_class(name: str, kind: type) -> Any:
    if issubclass(kind, BaseModel):
        return example(kind)
    if issubclass(kind, StrEnum):
        return next(iter(kind))
    plain: dict[type, Any] = {
        UUID: _uuid(name),
        date: DAY,
        datetime: AT,
        AwareDatetime: AT,
        time: time(21, 0),
        bool: False,
    }
    if kind in plain:
        return plain[kind]
    return NUMBERS.get(name, 1) if kind is int else WORDS[name]


_PUPIL, _GUARDIAN = _uuid("pupil"), _uuid("guardian")
_SUBJECTS: Mapping[str, str] = {
    "school": events.school_subject(_uuid("school")),
    "guardianship": events.guardianship_subject(_PUPIL, _GUARDIAN),
    "address": events.address_subject(_uuid("person"), events.Channel.TELEGRAM),
    "person_merged": events.merged_subject(_uuid("gone")),
    "attendance_day": events.attendance_subject(_PUPIL, DAY),
    "mark": events.mark_subject(_uuid("mark")),
    "remark": events.remark_subject(_uuid("remark")),
    "homework": events.homework_subject(_uuid("lesson")),
    "timetable_day": events.timetable_subject(_uuid("learners"), DAY),
    "control_work": events.control_work_subject(_uuid("work")),
    "school_event": events.school_event_subject(_uuid("event")),
    "notice": events.notice_subject(_uuid("notice")),
    "learning_week": events.learning_week_subject(_PUPIL, DAY),
    "password_link": events.password_link_subject(_uuid("reset")),
    "mailbox_link": events.mailbox_link_subject(_uuid("claim")),
    "strange_entry": events.strange_entry_subject(_uuid("stay")),
    "roll_overdue": events.roll_subject(_uuid("lesson")),
    "school_rolls": events.school_rolls_subject(_uuid("school"), DAY),
    "school_morning": events.school_morning_subject(_uuid("school"), DAY),
    "absence_disputed": events.dispute_subject(_PUPIL, DAY, _GUARDIAN),
}
