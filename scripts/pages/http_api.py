"""``docs/reference/api.md``: every address of the HTTP API, from the declarations that serve it."""

from collections.abc import Sequence

from scripts.pages.source import HEAD, table
from texts.reader import load
from web.api.application import OPERATIONS
from web.api.reference import FieldWords, OperationWords, scope_words, words_of

ABOUT = """\
A running journal shows the same at `/api/v1/`, in Russian, and as an OpenAPI 3.1 document at `/api/v1/openapi.json`.
Every refusal is an `application/problem+json` document (RFC 9457): `type`, `title`, `status`, `detail` in Russian,
`code`, and `field` or `pointer` where it is about one. The codes of the journal's own refusals are in
[errors](errors.md)."""


def page() -> str:
    """Return the page."""
    texts = load("en")
    parts = [
        "# HTTP API",
        f"How to use it is told in [the API for programs](../how-to/api.md). {HEAD}",
        ABOUT,
        "## Scopes of keys",
        table(("scope", "what for"), [(f"`{name}`", words) for name, words in scope_words(texts)]),
        "## Addresses",
        *(_operation(one) for one in words_of(OPERATIONS, texts)),
    ]
    return "\n\n".join(parts) + "\n"


def _operation(one: OperationWords) -> str:
    if one.persons_only:
        whose = "A person's session only."
    elif one.scopes:
        whose = f"A key needs {', '.join(f'`{scope}`' for scope in one.scopes)}."
    else:
        whose = "A key needs no scope."
    statuses = ", ".join(str(status) for status, _ in one.statuses)
    parts = [
        f"### {one.summary}",
        f"`{one.method} {one.address}`",
        " ".join([*([one.more] if one.more else []), whose]),
        *_fields("takes", one.parameters),
        *_fields("body", one.body),
        *_fields("answers", one.answer),
        f"Statuses: {statuses}.",
    ]
    return "\n\n".join(parts)


def _fields(title: str, fields: Sequence[FieldWords]) -> list[str]:
    if not fields:
        return []
    rows = [(f"`{one.name}`", one.kind.replace("|", "or"), "yes" if one.needed else "", one.words) for one in fields]
    return [table((title, "kind", "needed", "meaning"), rows)]
