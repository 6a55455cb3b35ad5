"""The question to the holder of a mailbox in words: somebody gave it as his; no name, of a parent or of a child."""

from zoneinfo import ZoneInfo

from core.events import MailboxLinkState
from gateway.mailbox_content import MailboxLinkContent
from gateway.wording.words import Telling, Words, clock
from texts.reader import Texts

type MailboxLinkTelling = Telling[MailboxLinkState, MailboxLinkContent]


def mailbox_link_words(texts: Texts, telling: MailboxLinkTelling) -> Words:
    """Put the question into words. Raises ``ValueError`` where there are no pages that its link could open."""
    if telling.link is None:
        raise ValueError("no pages")
    ends, zone = telling.state.expires_at, telling.school.zone
    until = {"until": clock(texts, ends, zone), "day": f"{ends.astimezone(ZoneInfo(zone)):%d.%m.%Y}"}
    return Words(
        title=texts.format("mailbox-link-title"),
        about=(),
        body=(texts.format("mailbox-link-press", **until),),
        closing=(texts.format("mailbox-link-not-you"),),
        subject=texts.format("letter-subject-mailbox-link"),
        item=(),
        own=(telling.link,),
        calm=True,
        private=True,
        link=telling.link,
        link_label=texts.format("mailbox-link-button"),
        why=texts.format("letter-why-mailbox-link"),
    )
