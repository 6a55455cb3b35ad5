"""Entering from a browser that was not known, in words: when, from what, and what to press if it was a stranger."""

from zoneinfo import ZoneInfo

from core.events import StrangeEntryState
from gateway.strange_entry_content import StrangeEntryContent
from gateway.wording.words import Telling, Words, clock, short_day
from texts.reader import Texts

type StrangeEntryTelling = Telling[StrangeEntryState, StrangeEntryContent]


def strange_entry_words(texts: Texts, telling: StrangeEntryTelling) -> Words:
    """Put it into words. Raises ``ValueError`` where there are no pages that the link could open."""
    if telling.link is None:
        raise ValueError("no pages")
    at, zone = telling.state.at, telling.school.zone
    when = {"day": short_day(texts, at.astimezone(ZoneInfo(zone)).date()), "time": clock(texts, at, zone)}
    browser = telling.state.browser or texts.format("strange-entry-browser-unknown")
    return Words(
        title=texts.format("strange-entry-title"),
        about=(),
        body=(texts.format("strange-entry-when", browser=browser, **when), texts.format("strange-entry-you")),
        closing=(texts.format("strange-entry-not-you"),),
        subject=texts.format("letter-subject-strange-entry"),
        item=(),
        own=(telling.link,),
        calm=True,
        private=True,
        link=telling.link,
        link_label=texts.format("strange-entry-button"),
        why=texts.format("letter-why-strange-entry"),
    )
