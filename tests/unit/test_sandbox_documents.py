"""The sandbox's page says what the code does."""

import re

from aiohttp import web

from tests.unit.house.tree import ROOT
from zvonok.sandbox import mail_faults, max_methods
from zvonok.sandbox.bot_api import BotApiEmulator
from zvonok.sandbox.bot_api_methods import METHODS
from zvonok.sandbox.control import Control
from zvonok.sandbox.faults import Effect
from zvonok.sandbox.mail_faults import MailEffect, RefuseMail, RefuseRecipient
from zvonok.sandbox.troubles import Trouble

PAGE = (ROOT / "docs" / "reference" / "sandbox.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    return PAGE.split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]


def first_cells(text: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)


def test_every_method_is_on_the_page() -> None:
    assert sorted(first_cells(section("## The Bot API").split("\n### ", 1)[0])) == sorted([*METHODS, "getUpdates"])


def test_every_method_of_max_is_on_the_page() -> None:
    known = [f"{verb} {path}" for verb, path in (*max_methods.METHODS, ("GET", "/updates"))]
    assert sorted(first_cells(section("## MAX").split("\n### ", 1)[0])) == sorted(known)


def test_every_order_is_on_the_page() -> None:
    emulator = BotApiEmulator()
    app = web.Application()
    Control(emulator.world, emulator.log, emulator.faults, emulator.limits).add_routes(app)
    orders = {f"{route.method} {route.resource.canonical}" for route in app.router.routes() if route.resource}
    assert set(first_cells(section("## Orders over HTTP"))) == orders


def test_every_effect_is_on_the_page() -> None:
    named = set(re.findall(r"^\| `\w+` \| `(\w+)`", section("## Trouble"), re.MULTILINE))
    assert named == {effect.__name__ for effect in Effect.__value__.__args__}


def test_every_effect_of_mail_is_on_the_page() -> None:
    text = section("## Mail")
    assert set(first_cells(text)) == {effect.__name__ for effect in MailEffect.__value__.__args__}
    ready = {
        name: value for name, value in vars(mail_faults).items() if isinstance(value, RefuseRecipient | RefuseMail)
    }
    codes = {name: " ".join(value.reply.split()[:2]) for name, value in ready.items()}
    assert dict(re.findall(r"`([A-Z_]+)` (\d{3} \d\.\d\.\d)", text)) == codes


def test_every_trouble_is_on_the_page_and_in_the_browser() -> None:
    assert first_cells(section("## The page")) == [trouble.value for trouble in Trouble]
    script = (ROOT / "zvonok" / "sandbox" / "page" / "static" / "troubles.js").read_text(encoding="utf-8")
    listed = script.split("const TROUBLES = [", 1)[1].split("];", 1)[0]
    assert re.findall(r'\["([\w-]+)"', listed) == [trouble.value for trouble in Trouble]
