"""Telegram's HTML as the sandbox reads it; expectations follow TDLib's ``parse_html``."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zvonok.sandbox.refusals import RefusalError
from zvonok.sandbox.text_entities import FormattedText, formatted, parse_html, utf16_length


def bold(offset: int, length: int) -> dict[str, Any]:
    return {"type": "bold", "offset": offset, "length": length}


def shown(source: str, *, html: bool = True, limit: int = 4096) -> FormattedText:
    return formatted(source, "HTML" if html else "", (), limit, "message is too long")


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>Звонок</b>", "Звонок", [bold(0, 6)]),
        ("<STRONG>Звонок</strong >", "Звонок", [bold(0, 6)]),
        ("😀<b>да</b>", "😀да", [bold(2, 2)]),
        ("<b>1<i>2</i></b>", "12", [bold(0, 2), {"type": "italic", "offset": 1, "length": 1}]),
        ("<b></b>пусто", "пусто", []),
        ("1 &lt; 2 &amp;&amp; &quot;&#39;&#x27; &nbsp;&unknown;", "1 < 2 && \"'' &nbsp;&unknown;", []),
        (
            '<a href="https://example.ru/?a=1&amp;b=2">тут</a>',
            "тут",
            [{"type": "text_link", "offset": 0, "length": 3, "url": "https://example.ru/?a=1&b=2"}],
        ),
        (
            "<a href='example.ru'>тут</a>",
            "тут",
            [{"type": "text_link", "offset": 0, "length": 3, "url": "http://example.ru/"}],
        ),
        ('<a href="не адрес">тут</a>', "тут", []),
        ('<span class="tg-spoiler">тс</span>', "тс", [{"type": "spoiler", "offset": 0, "length": 2}]),
        (
            '<pre><code class="language-python">x</code></pre>',
            "x",
            [{"type": "pre", "offset": 0, "length": 1, "language": "python"}],
        ),
        ('<code class="language-python">x</code>', "x", [{"type": "code", "offset": 0, "length": 1}]),
        ("<blockquote expandable>ц</blockquote>", "ц", [{"type": "expandable_blockquote", "offset": 0, "length": 1}]),
        ("<tg-emoji emoji-id='5'>👍</tg-emoji>", "👍", [bold(0, 2) | {"type": "custom_emoji", "custom_emoji_id": "5"}]),
    ],
)
def test_html_becomes_text_and_entities(source: str, text: str, entities: list[dict[str, Any]]) -> None:
    assert parse_html(source) == FormattedText(text, tuple(entities))


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("Иванова <3", "Unclosed start tag at byte offset 15"),
        ("я <p>а</p>", 'Unsupported start tag "p" at byte offset 3'),
        ("<b>а", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>а</i>", 'Unmatched end tag at byte offset 5, expected "</b>", found "</i>"'),
        ("а</b>", "Unexpected end tag at byte offset 2"),
        ("<b>а</b", "Unclosed end tag at byte offset 5"),
        ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
        ("<span>а</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_html_is_refused_in_telegrams_words(source: str, problem: str) -> None:
    with pytest.raises(RefusalError) as refusal:
        parse_html(source)
    assert (refusal.value.code, refusal.value.description) == (400, f"Bad Request: can't parse entities: {problem}")


def test_length_is_counted_after_parsing_in_utf16_units() -> None:
    assert shown("<b>" + "я" * 4096 + "</b>").text == "я" * 4096
    assert shown("😀" * 2048).text == "😀" * 2048
    for source in ("я" * 4097, "😀" * 2048 + "я"):
        with pytest.raises(RefusalError, match="Bad Request: message is too long"):
            shown(source)


def test_white_space_at_both_ends_goes_and_entities_follow() -> None:
    assert shown("\n  <b> Урок</b> 1 \n") == FormattedText("Урок 1", (bold(0, 4),))


def test_telegram_finds_commands_links_and_addresses_by_itself() -> None:
    text = "😀 /start@school_bot https://example.ru/a?b=1, mama@example.ru @school #урок"
    found = [(one["type"], one["offset"], one["length"]) for one in shown(text, html=False).entities]
    assert found == [
        ("bot_command", 3, 17),
        ("url", 21, 24),
        ("email", 47, 15),
        ("mention", 63, 7),
        ("hashtag", 71, 5),
    ]


def test_what_is_marked_is_not_marked_again() -> None:
    assert shown("<b>/start</b>").entities == (bold(0, 6),)


def test_markdown_is_refused_loudly() -> None:
    with pytest.raises(RefusalError, match="Bad Request: unsupported parse_mode"):
        formatted("*а*", "MarkdownV2", (), 4096, "")


def test_given_entities_are_kept_without_a_parse_mode() -> None:
    assert formatted("да", "", [bold(0, 2)], 4096, "").entities == (bold(0, 2),)
    for broken in ("x", {"type": "bold"}, {"offset": 0, "length": 1}):
        with pytest.raises(RefusalError, match="can't parse MessageEntity"):
            formatted("да", "", [broken], 4096, "")


@settings(deadline=None)
@given(st.text(alphabet="<>/ab&;\"'= я😀\n", max_size=40))
def test_any_source_is_parsed_or_refused_and_entities_lie_within_the_text(source: str) -> None:
    try:
        parsed = shown(source)
    except RefusalError:
        return
    end = utf16_length(parsed.text)
    assert all(0 <= one["offset"] < one["offset"] + one["length"] <= end for one in parsed.entities)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(escaped).text == text.replace("\r", "")
