"""The API in words, from the declarations that serve it: for the page ``/api/v1/`` and for the reference pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.account.api_keys import Scope
from texts.reader import Texts
from web.api.declared import AnyOperation
from web.api.openapi import BASE, document, parameters
from web.cookies import SESSION


@dataclass(frozen=True, slots=True)
class FieldWords:
    """A parameter or a field."""

    name: str
    kind: str
    needed: bool
    words: str


@dataclass(frozen=True, slots=True)
class OperationWords:
    """One method of one address."""

    name: str
    method: str
    address: str
    summary: str
    more: str
    scopes: tuple[str, ...]
    persons_only: bool
    parameters: tuple[FieldWords, ...]
    body: tuple[FieldWords, ...]
    answer: tuple[FieldWords, ...]
    statuses: tuple[tuple[int, str], ...]


def page_of(operations: Sequence[AnyOperation], texts: Texts) -> dict[str, Any]:
    """Return what the page shows."""
    return {
        "operations": words_of(operations, texts),
        "scopes": scope_words(texts),
    }


def scope_words(texts: Texts) -> tuple[tuple[str, str], ...]:
    """Return every scope with what it is for."""
    return tuple((scope.value, texts.format(f"http-scope-{scope.value.replace(':', '-')}")) for scope in Scope)


def words_of(operations: Sequence[AnyOperation], texts: Texts) -> tuple[OperationWords, ...]:
    """Return the operations in words."""
    schemas = document(operations, texts, SESSION)["components"]["schemas"]
    return tuple(_operation(one, schemas, texts) for one in operations)


def _operation(operation: AnyOperation, schemas: dict[str, Any], texts: Texts) -> OperationWords:
    more = f"http-more-{operation.name}"
    good = (operation.status.value, texts.format(f"http-title-{operation.status.value}"))
    bad = ((status.value, texts.format(f"http-title-{status.value}")) for status in operation.refused_with)
    return OperationWords(
        name=operation.name,
        method=operation.method,
        address=f"{BASE}{operation.path}",
        summary=texts.format(f"http-op-{operation.name}"),
        more=texts.format(more) if texts.has(more) else "",
        scopes=tuple(scope.value for scope in operation.scopes),
        persons_only=operation.persons_only,
        parameters=tuple(
            FieldWords(one["name"], _kind(one["schema"]), one["required"], one["description"])
            for one in parameters(operation, texts)
        ),
        body=_fields(operation.body, schemas),
        answer=_fields(operation.answer, schemas),
        statuses=(good, *bad),
    )


def _fields(model: type | None, schemas: dict[str, Any], inside: str = "") -> tuple[FieldWords, ...]:
    """List the fields of a model, those of what it holds behind theirs."""
    return () if model is None else tuple(_of_schema(schemas[model.__name__], schemas, inside))


def _of_schema(schema: dict[str, Any], schemas: dict[str, Any], inside: str) -> list[FieldWords]:
    found = []
    for name, one in schema.get("properties", {}).items():
        place = f"{inside}{name}"
        found.append(FieldWords(place, _kind(one), name in schema.get("required", ()), one.get("description", "")))
        for held, step in _held(one):
            if "properties" in schemas[held]:
                found += _of_schema(schemas[held], schemas, f"{place}{step}.")
    return found


def _held(schema: dict[str, Any], step: str = "") -> Iterable[tuple[str, str]]:
    """Return the names of the models that a field holds, one or a list of them, each with the step to its fields."""
    if "$ref" in schema:
        yield str(schema["$ref"]).rpartition("/")[2], step
    if "items" in schema:
        yield from _held(schema["items"], f"{step}[]")
    for one in schema.get("anyOf", ()):
        yield from _held(one, step)


def _kind(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " | ".join(_kind(one) for one in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type") or "string")
