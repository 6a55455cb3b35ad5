"""The link to a new password in words: what to press, until when, and what to do if somebody else has asked."""

from core.events import PasswordLinkState
from gateway.content import PasswordLinkContent
from gateway.wording.words import Telling, Words, clock
from texts.reader import Texts

type PasswordLinkTelling = Telling[PasswordLinkState, PasswordLinkContent]


def password_link_words(texts: Texts, telling: PasswordLinkTelling) -> Words:
    """Put a link to a new password into words. Raises ``ValueError`` where there are no pages that it could open."""
    if telling.link is None:
        raise ValueError("no pages")
    until = clock(texts, telling.state.expires_at, telling.school.zone)
    return Words(
        title=texts.format("password-link-title"),
        about=(),
        body=(texts.format("password-link-press", until=until),),
        closing=(texts.format("password-link-not-you"),),
        subject=texts.format("letter-subject-password-link"),
        item=(),
        own=(telling.link,),
        calm=True,
        private=True,
        link=telling.link,
        link_label=texts.format("password-link-button"),
        why=texts.format("letter-why-password-link"),
    )
