"""A notice in words: the very text, what is asked, until when, and what this reader did."""

from core.events import NoticeAct, NoticeAsk, NoticeState
from gateway.content import NoticeContent
from gateway.wording.words import Key, Telling, Words, children_line, day_and_year, short_day, understood
from texts.reader import Texts

type NoticeTelling = Telling[NoticeState, NoticeContent]

_OTHER = {NoticeAct.SIGNED: "refuse", NoticeAct.REFUSED: "sign"}


def notice_words(texts: Texts, telling: NoticeTelling) -> Words:
    """Put a notice into words. Opening a link answers nothing: the page asks first."""
    state, content = telling.state, telling.content
    open_still = not content.withdrawn and content.answer is None
    title = texts.format(f"news-notice-{'withdrawn' if content.withdrawn else 'new'}", title=state.title)
    asked = _asked(texts, telling) if open_still else ()
    return Words(
        title=title,
        about=(children_line(texts, telling.children, state.class_title),),
        body=() if content.withdrawn else (state.text,),
        closing=(texts.format("news-notice-author", author=state.author_name), *asked),
        subject=texts.format(
            "letter-subject-notice-withdrawn" if content.withdrawn else "letter-subject-notice",
            title=state.title,
            name=", ".join(telling.children),
        ),
        item=(texts.format("digest-notice", title=title, day=short_day(texts, state.published_on)), state.text),
        own=_own(texts, content),
        reply=_how_to_answer(texts, telling) if open_still else None,
        keys=_keys(texts, content) if open_still else _change(texts, content),
        calm=True,
        link=telling.link if open_still and content.ask is not NoticeAsk.READ else None,
    )


def _asked(texts: Texts, telling: NoticeTelling) -> tuple[str, ...]:
    ask, until = telling.content.ask, telling.state.reply_by
    if ask is NoticeAsk.READ:
        return ()
    if until is None:
        return (texts.format(f"news-notice-{ask}"),)
    return (texts.format(f"news-notice-{ask}-until", day=day_and_year(texts, until, telling.state.published_on)),)


def _how_to_answer(texts: Texts, telling: NoticeTelling) -> str | None:
    if telling.content.ask is NoticeAsk.READ:
        return None
    return texts.format("letter-notice-teacher" if telling.link is None else "letter-notice-link")


def _own(texts: Texts, content: NoticeContent) -> tuple[str, ...]:
    if content.answer is not None:
        return (texts.format(f"news-notice-own-{content.answer}"),)
    # Where an answer is asked for, «понятно» would be taken for one.
    read = content.ask is NoticeAsk.READ and content.acknowledged
    return (texts.format("alert-acknowledged"),) if read else ()


def _change(texts: Texts, content: NoticeContent) -> tuple[tuple[Key, ...], ...]:
    """Return the button that asks for the other answer under the exact text; a confirmation has no other."""
    if content.withdrawn or content.ask is not NoticeAsk.SIGN or content.answer not in _OTHER:
        return ()
    return ((Key(texts.format("news-button-change"), _OTHER[content.answer]),),)


def _keys(texts: Texts, content: NoticeContent) -> tuple[tuple[Key, ...], ...]:
    match content.ask:
        case NoticeAsk.READ:
            return understood(texts, done=content.acknowledged)
        case NoticeAsk.CONFIRM:
            return ((Key(texts.format("news-button-confirm"), "confirm"),),)
        case NoticeAsk.SIGN:
            return (
                (Key(texts.format("news-button-sign"), "sign"),),
                (Key(texts.format("news-button-refuse"), "refuse"),),
            )
