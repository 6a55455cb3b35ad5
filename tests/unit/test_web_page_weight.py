"""What a page weighs with its style: a family opens it on a phone, where the network is slow and paid by the megabyte.

Real templates, real texts, and in a notice the most that a teacher may write, of the sign that HTML makes longest.
"""

from dataclasses import replace

import pytest

from core.events import NoticeAsk
from core.notice.notices import TEXT_LONGEST
from tests.page_gallery import Shown, gallery, notice, of_notice, school_name
from texts.reader import Texts, load
from web.pages import TEMPLATES, Pages

HEAVIEST = 30_000
"""Bytes of a page as it leaves us, not packed."""
PARTS = {"page.html", "page.css", "field.html"}
WITH_SCRIPT = {"app.html", "roll.html", "roll_ways.html"}
"""Weighed with the script and the style that they load, in ``tests/acceptance/test_roll_in_a_browser.py``."""
FOR_PROGRAMMERS = {"api.html"}
"""Grows with every operation and is read at a desk; no link of a letter leads to it."""


@pytest.fixture(params=["ru", "en"])
def texts(request: pytest.FixtureRequest) -> Texts:
    return load(request.param)


def test_every_template_is_weighed_here_or_is_none_that_a_family_opens() -> None:
    shown = {one.template for one in gallery(load("ru"))}
    assert {
        path.name for path in TEMPLATES.iterdir() if path.is_file()
    } == shown | PARTS | WITH_SCRIPT | FOR_PROGRAMMERS


@pytest.mark.parametrize("long", [False, True])
def test_every_page_is_light_in_every_state(texts: Texts, *, long: bool) -> None:
    pages = Pages(texts)
    heavy = {one.name: weight for one in gallery(texts, long=long) if (weight := len(one.html(pages))) > HEAVIEST}
    assert heavy == {}


@pytest.mark.parametrize("ask", NoticeAsk)
def test_the_whole_text_of_the_longest_notice_is_weighed(texts: Texts, ask: NoticeAsk) -> None:
    view, pages = notice(ask, None, long=True), Pages(texts)
    whole, without = (
        len(Shown("", "notice.html", of_notice(texts, one, school_name(long=True))).html(pages))
        for one in (view, replace(view, text=""))
    )
    assert whole - without == TEXT_LONGEST * len("&#34;")
