"""Payloads of a parent's buttons; the rules of ``bot/payloads.py`` hold here too.

Two ids and what was shown must fit 64 bytes, so that notices are named in base64. A payload names a person or a pupil,
never a right: whose they are is checked at every press.
"""

import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date
from typing import assert_never
from uuid import UUID

from core.events import Channel, NoticeAct
from gateway.categories import Category
from gateway.profiles import OFF, Choice, Mode

PARENT_PREFIX = "p1:"
"""A parent's buttons, first shape."""
SHOWN_SIGNS = 14
"""As much of the hash of a notice's text as fits a payload beside two ids: 84 bits."""

_HEX = "[0-9a-f]{32}"
_ID = "[A-Za-z0-9_-]{22}"
_DATE = r"20\d{6}"
_WEEK = re.compile(rf"w:({_HEX}):({_DATE})")
_DAY = re.compile(rf"d:({_HEX}):({_DATE}):(\d{{1,2}})")
_TODAY = re.compile(rf"t:({_HEX}):([01])")
_PROFILE = re.compile(rf"([srvqzl]):({_HEX})")
_CATEGORY = re.compile(rf"g:({_HEX}):([a-z_]{{1,16}})")
_CHOOSE = re.compile(rf"o:({_HEX}):([a-z_]{{1,16}}):([a-z0-9.]{{1,24}})")
_NOTICES = re.compile(r"a:(\d{1,2})")
_NOTICE = re.compile(rf"([nixy]):({_ID})({_ID})")
_SIGN = re.compile(rf"([kf]):({_ID})({_ID})?:([A-Za-z0-9_-]{{{SHOWN_SIGNS}}})")
_BACK = "b"
_HOME = "h"
_CHILDREN = "c"
_PROFILES = "s"


@dataclass(frozen=True, slots=True)
class Children:
    """Choose whose diary to open."""


@dataclass(frozen=True, slots=True)
class Week:
    """Open the diary at the week of a day."""

    pupil: UUID
    day: date


@dataclass(frozen=True, slots=True)
class Day:
    """Open the diary at one day, told in full; a day that fits no message has several parts."""

    pupil: UUID
    day: date
    part: int = 0


@dataclass(frozen=True, slots=True)
class Today:
    """Open the diary at the day, or the week, that it is when the button is pressed."""

    pupil: UUID
    whole_week: bool


@dataclass(frozen=True, slots=True)
class Profiles:
    """Show what is sent to whoever acts."""


@dataclass(frozen=True, slots=True)
class OfProfile:
    """Do something with the whole of one person's subscriptions."""

    person: UUID
    what: str
    """One of the letters below."""


SHOW, ADVISED, ADVISED_SURE, ASK_SILENCE, SILENCE, LATER = "s", "r", "v", "q", "z", "l"


@dataclass(frozen=True, slots=True)
class OfCategory:
    """Show the choices of one category."""

    person: UUID
    category: Category


@dataclass(frozen=True, slots=True)
class Choose:
    """Choose how to be told of one category."""

    person: UUID
    category: Category
    choice: Choice


@dataclass(frozen=True, slots=True)
class Notices:
    """List the notices, a page at a time."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """The notice behind a message of the gateway; whoever got the message answers."""

    delivery: UUID


@dataclass(frozen=True, slots=True)
class Listed:
    """A notice opened from the list, as one of the persons behind the account."""

    person: UUID
    notice: UUID


type NoticeSource = Told | Listed


@dataclass(frozen=True, slots=True)
class Open:
    """Show a notice from the list."""

    notice: Listed


@dataclass(frozen=True, slots=True)
class Confirm:
    """Say of a notice from the list that it was read: this counts at once."""

    notice: Listed


@dataclass(frozen=True, slots=True)
class AskToSign:
    """Show the exact text of a notice from the list once more, to be signed."""

    notice: Listed


@dataclass(frozen=True, slots=True)
class AskToRefuse:
    """Show it once more, to ask whether it is really not to be signed."""

    notice: Listed


@dataclass(frozen=True, slots=True)
class Sign:
    """Sign a text that has just been shown, or refuse to."""

    source: NoticeSource
    act: NoticeAct
    shown: str
    """What ``shown_signs`` makes of the text that was shown, and of the answer that stood then."""


@dataclass(frozen=True, slots=True)
class Back:
    """Leave a notice as it is; drawn by earlier versions, and chats hold it still."""


@dataclass(frozen=True, slots=True)
class Home:
    """Show the first screen."""


type DiaryPress = Children | Week | Day | Today
type SubscriptionPress = Profiles | OfProfile | OfCategory | Choose
type NoticePress = Notices | Open | Confirm | AskToSign | AskToRefuse | Sign | Back
type ParentPress = DiaryPress | SubscriptionPress | NoticePress | Home

_ON_LISTED: dict[str, type[Open | Confirm | AskToSign | AskToRefuse]] = {
    "n": Open,
    "i": Confirm,
    "x": AskToSign,
    "y": AskToRefuse,
}
_SIGNED = {"k": NoticeAct.SIGNED, "f": NoticeAct.REFUSED}


def shown_signs(text_hash: str, said: str = "") -> str:
    """Return what a button remembers of the hash (hexadecimal) of the text that it stands under.

    ``said`` names the answer that stood when the button was drawn, so that a button of before answers nothing after.
    """
    shown = bytes.fromhex(text_hash)
    if said:
        shown = hashlib.sha256(shown + said.encode()).digest()
    return urlsafe_b64encode(shown).decode()[:SHOWN_SIGNS]


def pack_parent(press: ParentPress) -> str:
    """Return the payload of a parent's button."""
    match press:
        case Children() | Week() | Day() | Today():
            return PARENT_PREFIX + _pack_diary(press)
        case Profiles() | OfProfile() | OfCategory() | Choose():
            return PARENT_PREFIX + _pack_subscription(press)
        case Notices() | Open() | Confirm() | AskToSign() | AskToRefuse() | Sign() | Back():
            return PARENT_PREFIX + _pack_notice(press)
        case Home():
            return PARENT_PREFIX + _HOME
        case _:
            assert_never(press)


def read_parent(payload: str) -> ParentPress | None:
    """Read the payload of a parent's button; None if it is none of ours."""
    body = payload.removeprefix(PARENT_PREFIX)
    if body == payload:
        return None
    for read in (_read_bare, _read_diary, _read_subscription, _read_notice):
        press = read(body)
        if press is not None:
            return press
    return None


def _pack_diary(press: DiaryPress) -> str:
    match press:
        case Children():
            return _CHILDREN
        case Week(pupil, day):
            return f"w:{pupil.hex}:{day:%Y%m%d}"
        case Day(pupil, day, part):
            return f"d:{pupil.hex}:{day:%Y%m%d}:{part}"
        case Today(pupil, whole_week):
            return f"t:{pupil.hex}:{int(whole_week)}"


def _pack_subscription(press: SubscriptionPress) -> str:
    match press:
        case Profiles():
            return _PROFILES
        case OfProfile(person, what):
            return f"{what}:{person.hex}"
        case OfCategory(person, category):
            return f"g:{person.hex}:{category}"
        case Choose(person, category, choice):
            return f"o:{person.hex}:{category}:{_pack_choice(choice)}"


def _pack_notice(press: NoticePress) -> str:
    match press:
        case Notices(page):
            return f"a:{page}"
        case Open(notice) | Confirm(notice) | AskToSign(notice) | AskToRefuse(notice):
            letter = next(letter for letter, kind in _ON_LISTED.items() if kind is type(press))
            return f"{letter}:{_pack_source(notice)}"
        case Sign(source, act, shown):
            letter = next(letter for letter, meant in _SIGNED.items() if meant is act)
            return f"{letter}:{_pack_source(source)}:{shown}"
        case Back():
            return _BACK


def _pack_source(source: NoticeSource) -> str:
    match source:
        case Told(delivery):
            return _short(delivery)
        case Listed(person, notice):
            return _short(person) + _short(notice)


def _pack_choice(choice: Choice) -> str:
    return ".".join(str(part) for part in (choice.mode, choice.channel, choice.hour) if part is not None)


def _read_bare(body: str) -> ParentPress | None:
    bare: dict[str, ParentPress] = {_CHILDREN: Children(), _PROFILES: Profiles(), _BACK: Back(), _HOME: Home()}
    return bare.get(body)


def _read_diary(body: str) -> DiaryPress | None:
    if found := _TODAY.fullmatch(body):
        return Today(UUID(found[1]), found[2] == "1")
    found = _WEEK.fullmatch(body) or _DAY.fullmatch(body)
    day = None if found is None else _read_date(found[2])
    if found is None or day is None:
        return None
    pupil = UUID(found[1])
    return Week(pupil, day) if found.re is _WEEK else Day(pupil, day, int(found[3]))


def _read_date(digits: str) -> date | None:
    try:
        return date.fromisoformat(digits)
    except ValueError:
        return None


def _read_subscription(body: str) -> SubscriptionPress | None:
    if found := _PROFILE.fullmatch(body):
        return OfProfile(UUID(found[2]), found[1])
    found = _CATEGORY.fullmatch(body) or _CHOOSE.fullmatch(body)
    if found is None or found[2] not in set(Category):
        return None
    person, category = UUID(found[1]), Category(found[2])
    if found.re is _CATEGORY:
        return OfCategory(person, category)
    choice = _read_choice(found[3])
    return None if choice is None else Choose(person, category, choice)


def _read_choice(packed: str) -> Choice | None:
    if packed == Mode.OFF:
        return OFF
    mode, _, rest = packed.partition(".")
    channel, _, hour = rest.partition(".")
    if mode not in set(Mode) or channel not in set(Channel) or not (hour.isdecimal() or not hour):
        return None
    try:
        return Choice(Mode(mode), Channel(channel), int(hour) if hour else None)
    except ValueError:
        return None


def _read_notice(body: str) -> NoticePress | None:
    if found := _NOTICES.fullmatch(body):
        return Notices(int(found[1]))
    if found := _NOTICE.fullmatch(body):
        return _ON_LISTED[found[1]](Listed(_long(found[2]), _long(found[3])))
    if found := _SIGN.fullmatch(body):
        first = _long(found[2])
        source = Told(first) if found[3] is None else Listed(first, _long(found[3]))
        return Sign(source, _SIGNED[found[1]], found[4])
    return None


def _short(one: UUID) -> str:
    return urlsafe_b64encode(one.bytes).decode().rstrip("=")


def _long(short: str) -> UUID:
    return UUID(bytes=urlsafe_b64decode(short + "=="))
