"""Text as Telegram sees it: HTML turned into entities, offsets and lengths in UTF-16 code units.

Rules and wordings follow the public source of TDLib (``parse_html`` in ``td/telegram/MessageEntity.cpp``) and
https://core.telegram.org/bots/api#html-style. Length is counted in UTF-16 code units after parsing.
Not emulated: Markdown, custom emoji lookups, mentions by ``tg://user``, telephone and card numbers found in text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zvonok.sandbox.refusals import bad_request

MAX_TEXT = 4096
MAX_CAPTION = 1024

type EntityJson = dict[str, Any]

_TAGS = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
# Telegram knows these four names only; "&nbsp;" stays as it is written.
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_CHARACTER = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]{1,6})|#(?P<dec>[0-9]{1,7})|(?P<name>[A-Za-z]+));?")
_MAX_CODE_POINT = 0x10FFFF
_ATTRIBUTE = re.compile(r"""\s+([^\s=>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[A-Za-z0-9.\-]+)(?=[\s>]))?""")
_TAG_NAME_END = re.compile(r"[\s>]")
_END_TAG = re.compile(r"</([^\s>]*)\s*>")
_FOUND_IN_TEXT = (
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?\b")),
    ("url", re.compile(r"\bhttps?://[^\s<>\"]+[^\s<>\".,:;!?)]")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")),
    ("mention", re.compile(r"(?<![\w@./])@[A-Za-z]\w{3,31}\b")),
    ("hashtag", re.compile(r"(?<!\w)#\w*[^\W\d]\w*")),
)


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, Telegram's measure of text."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True, slots=True)
class FormattedText:
    """Plain text and what is marked in it."""

    text: str
    entities: tuple[EntityJson, ...] = ()


def formatted(text: str, parse_mode: str, entities: Sequence[Any], limit: int, too_long: str) -> FormattedText:
    """Parse, trim and measure a text; refuses with Telegram's wording.

    ``entities`` count only without a parse mode. ``too_long`` is the refusal for more than ``limit`` UTF-16 units.
    """
    mode = parse_mode.lower()
    if mode in ("", "none"):
        marked = FormattedText(text.replace("\r", ""), tuple(_given(entity) for entity in entities))
    elif mode == "html":
        marked = parse_html(text)
    else:
        # The sandbox reads no Markdown: better a loud refusal than stars shown to a parent.
        raise bad_request("unsupported parse_mode")
    marked = _trimmed(marked)
    if utf16_length(marked.text) > limit:
        raise bad_request(too_long)
    return FormattedText(marked.text, _with_found(marked))


def _given(entity: Any) -> EntityJson:
    if not isinstance(entity, Mapping):
        raise bad_request("can't parse MessageEntity: expected an Object")
    if not all(isinstance(entity.get(name), int) for name in ("offset", "length")):
        raise bad_request('can\'t parse MessageEntity: field "offset" must be of type Number')
    if not isinstance(entity.get("type"), str):
        raise bad_request("can't parse MessageEntity: Type is not specified")
    return dict(entity)


def parse_html(source: str) -> FormattedText:
    """Turn Telegram's HTML into text and entities; refuses as Telegram does, with the offset in bytes of UTF-8."""
    return _HtmlReader(source.replace("\r", "")).read()


@dataclass(frozen=True, slots=True)
class _OpenTag:
    name: str
    attributes: Mapping[str, str]
    text_index: int
    offset: int


class _HtmlReader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._position = 0
        self._text = ""
        self._length = 0
        self._open: list[_OpenTag] = []
        self._entities: list[EntityJson] = []

    def read(self) -> FormattedText:
        while self._position < len(self._source):
            if self._source.startswith("</", self._position):
                self._close_tag()
            elif self._source[self._position] == "<":
                self._open_tag()
            else:
                self._plain()
        if self._open:
            raise self._refusal(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        for entity in self._entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        order = {name: number for number, name in enumerate(_TAGS.values())}
        self._entities.sort(key=lambda entity: (entity["offset"], -entity["length"], order.get(entity["type"], 0)))
        return FormattedText(self._text, tuple(self._entities))

    def _refusal(self, problem: str) -> Exception:
        return bad_request(f"can't parse entities: {problem}")

    def _byte_offset(self, position: int) -> int:
        return len(self._source[:position].encode())

    def _add(self, text: str) -> None:
        self._text += text
        self._length += utf16_length(text)

    def _plain(self) -> None:
        next_tag = self._source.find("<", self._position)
        end = len(self._source) if next_tag < 0 else next_tag
        self._add(_decoded(self._source[self._position : end]))
        self._position = end

    def _open_tag(self) -> None:
        begin = self._position
        name_end = _TAG_NAME_END.search(self._source, begin + 1)
        if name_end is None:
            raise self._refusal(f"Unclosed start tag at byte offset {self._byte_offset(begin)}")
        name = self._source[begin + 1 : name_end.start()].lower()
        if name not in _TAGS:
            raise self._refusal(f'Unsupported start tag "{name}" at byte offset {self._byte_offset(begin)}')
        self._position = name_end.start()
        attributes = self._attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            place = self._byte_offset(begin)
            raise self._refusal(f'Tag "span" must have class "tg-spoiler" at byte offset {place}')
        self._open.append(_OpenTag(name, attributes, len(self._text), self._length))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while match := _ATTRIBUTE.match(self._source, self._position):
            value = match[2] or ""
            attributes[match[1].lower()] = _decoded(value[1:-1] if value[:1] in "\"'" else value.lower())
            self._position = match.end()
        while self._source[self._position : self._position + 1].isspace():
            self._position += 1
        if self._source[self._position : self._position + 1] != ">":
            raise self._refusal(f'Unclosed start tag "{tag}" at byte offset {self._byte_offset(begin)}')
        self._position += 1
        return attributes

    def _close_tag(self) -> None:
        begin = self._position
        place = self._byte_offset(begin)
        if not self._open:
            raise self._refusal(f"Unexpected end tag at byte offset {place}")
        match = _END_TAG.match(self._source, begin)
        if match is None:
            raise self._refusal(f"Unclosed end tag at byte offset {place}")
        name, opened = match[1].lower(), self._open.pop()
        if name not in ("", opened.name):
            problem = f'Unmatched end tag at byte offset {place}, expected "</{opened.name}>", found "</{name}>"'
            raise self._refusal(problem)
        self._position = match.end()
        if self._length > opened.offset:
            self._mark(opened)

    def _mark(self, tag: _OpenTag) -> None:
        entity: EntityJson = {"type": _TAGS[tag.name], "offset": tag.offset, "length": self._length - tag.offset}
        if tag.name == "a":
            url = _checked_link(tag.attributes.get("href") or self._text[tag.text_index :])
            if url is None:
                return
            entity["url"] = url
        elif tag.name == "tg-emoji":
            entity["custom_emoji_id"] = tag.attributes.get("emoji-id", "")
        elif tag.name == "blockquote" and "expandable" in tag.attributes:
            entity["type"] = "expandable_blockquote"
        elif tag.name == "code" and (language := tag.attributes.get("class", "").partition("language-")[2]):
            entity["language"] = language
        elif tag.name == "pre" and self._language_inside(entity):
            return
        self._entities.append(entity)

    def _language_inside(self, pre: EntityJson) -> bool:
        """``<pre><code class="language-…">`` is one entity with a language."""
        inner = self._entities[-1] if self._entities else {}
        if "language" not in inner or any(inner[name] != pre[name] for name in ("offset", "length")):
            return False
        inner["type"] = "pre"
        return True


def _decoded(text: str) -> str:
    return _CHARACTER.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    if name := match["name"]:
        return _NAMED.get(name, match[0])
    code = int(match["hex"], 16) if match["hex"] else int(match["dec"])
    if code == 0 or code > _MAX_CODE_POINT or "\ud800" <= chr(code) <= "\udfff":
        return match[0]
    return chr(code)


def _checked_link(url: str) -> str | None:
    """Telegram drops the link, not the text, if the address is none; it adds a scheme and a path where they lack."""
    if re.fullmatch(r"(?:tg|mailto|tel):\S+", url):
        return url
    match = re.fullmatch(r"(?:(https?)://)?([\w-]+(?:\.[\w-]+)+|localhost)(:\d+)?([/?#]\S*)?", url, re.IGNORECASE)
    if match is None:
        return None
    path = match[4] or "/"
    return f"{(match[1] or 'http').lower()}://{match[2]}{match[3] or ''}{path if path.startswith('/') else '/' + path}"


def _trimmed(marked: FormattedText) -> FormattedText:
    """Telegram shows no white space at either end of a message."""
    text = marked.text.strip()
    lead = utf16_length(marked.text) - utf16_length(marked.text.lstrip())
    length = utf16_length(text)
    entities = []
    for entity in marked.entities:
        begin = min(max(entity["offset"] - lead, 0), length)
        end = min(max(entity["offset"] + entity["length"] - lead, 0), length)
        if end > begin:
            entities.append(entity | {"offset": begin, "length": end - begin})
    return FormattedText(text, tuple(entities))


def _with_found(marked: FormattedText) -> tuple[EntityJson, ...]:
    """Add what Telegram finds by itself (commands, links, addresses), where nothing else is marked."""
    taken = [(entity["offset"], entity["offset"] + entity["length"]) for entity in marked.entities]
    found: list[EntityJson] = []
    for kind, pattern in _FOUND_IN_TEXT:
        for match in pattern.finditer(marked.text):
            begin = utf16_length(marked.text[: match.start()])
            end = begin + utf16_length(match[0])
            if all(end <= other_begin or begin >= other_end for other_begin, other_end in taken):
                taken.append((begin, end))
                found.append({"type": kind, "offset": begin, "length": end - begin})
    return tuple(sorted((*marked.entities, *found), key=lambda entity: (entity["offset"], -entity["length"])))
