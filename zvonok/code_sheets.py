"""Sheets with one-time codes for a class or the staff, as a PDF to print, cut and hand out (AUTH-07, NOTIF-11).

A square leads a phone's camera into the chat with the code in it; whoever has no camera types the code. Sources:
core.telegram.org/bots/features#deep-linking (64 signs), dev.max.ru/docs (``start``, 128 signs).
"""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import segno
import typst

from core.account.accounts import IssuedCode
from core.events import Channel
from core.russian import sort_key
from core.school.schools import SchoolCard
from texts.reader import Texts
from zvonok.settings import Settings
from zvonok.trouble import OfficeError

TEMPLATE = Path(__file__).parent / "sheets" / "code_sheet.typ"
ENDING = ".pdf"
CODE_GROUP = 5
"""A code is printed in groups of so many letters, since people copy it from paper."""
START: Mapping[Channel, str] = MappingProxyType(
    {Channel.MAX: "https://max.ru/{bot}?start={code}", Channel.TELEGRAM: "https://t.me/{bot}?start={code}"}
)
"""Addresses that open a chat with a code; in the order in which they stand on a sheet."""


def check_target(texts: Texts, path: Path) -> None:
    """Look whether sheets may be written there. Raises ``OfficeError``."""
    if path.suffix.casefold() != ENDING:
        raise OfficeError(texts.format("letter-codes-ending", path=str(path)))
    if path.exists():
        raise OfficeError(texts.format("letter-codes-there", path=str(path)))
    if not path.absolute().parent.is_dir():
        raise OfficeError(texts.format("export-no-folder", folder=str(path.absolute().parent)))


def bot_names(settings: Settings) -> dict[Channel, str]:
    """Return what people call the bots that are named."""
    named = {Channel.MAX: settings.max_bot_name, Channel.TELEGRAM: settings.telegram_bot_name}
    return {channel: name for channel, name in named.items() if name is not None}


def usable(texts: Texts, school: SchoolCard, bots: Mapping[Channel, str]) -> dict[Channel, str]:
    """Return the bots that may stand on a sheet of this school. Raises ``OfficeError`` if there is none."""
    found = {way: bots[way] for way in START if way in bots and way in school.settings.allowed_channels}
    if not found:
        raise OfficeError(texts.format("letter-codes-no-bot"))
    return found


def make(texts: Texts, school: SchoolCard, bots: Mapping[Channel, str], codes: Sequence[IssuedCode]) -> bytes:
    """Return the PDF: two sheets to a page, in the order of the alphabet, those of one child together."""
    ordered = sorted(codes, key=lambda one: ([sort_key(child) for child in one.children], one.name.sort_key()))
    said = [_sheet(texts, school, bots, one) for one in ordered]
    made = typst.compile(
        TEMPLATE,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"sheets": json.dumps(said, ensure_ascii=False)},
    )
    if not isinstance(made, bytes):
        raise TypeError("one PDF is one file")
    return made


def grouped(code: str) -> str:
    """Return a code as it is printed."""
    return "-".join(code[start : start + CODE_GROUP] for start in range(0, len(code), CODE_GROUP))


def _sheet(texts: Texts, school: SchoolCard, bots: Mapping[Channel, str], one: IssuedCode) -> dict[str, Any]:
    say, kind = texts.format, "" if one.children else "-staff"
    steps = ["step-scan", *(["step-birth"] if one.children else []), f"step-choose{kind}"]
    otherwise = "otherwise-mail" if Channel.MAIL in school.settings.allowed_channels else "otherwise"
    return {
        "school": school.name,
        "title": say(f"letter-code-title{kind}"),
        "whom": [
            say("letter-code-for", name=one.name.in_full()),
            *(say("letter-code-child", child=child) for child in one.children),
        ],
        "about": say(f"letter-code-about{kind}"),
        "steps": [say(f"letter-code-{step}") for step in steps],
        "typed": say("letter-code-typed"),
        "code": grouped(one.code),
        "squares": [
            {
                "svg": _square(START[way].format(bot=bot, code=one.code)),
                "bot": say(f"letter-code-bot-{way}", bot=f"@{bot}"),
            }
            for way, bot in bots.items()
        ],
        "until": say("letter-code-until", until=f"{one.expires_at:%d.%m.%Y}"),
        "last": [say(f"letter-code-{otherwise}"), say("letter-code-foreign")],
    }


def _square(address: str) -> str:
    """Return a QR code (ISO/IEC 18004) that survives a crease: a quarter of it may be lost."""
    found = io.BytesIO()
    segno.make(address, error="q", micro=False).save(found, kind="svg", xmldecl=False, border=4)
    return found.getvalue().decode()
