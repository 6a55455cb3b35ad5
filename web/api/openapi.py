"""The description of the API for programs: an OpenAPI 3.1 document, made from the declarations that serve it.

Source: OpenAPI Specification 3.1.1; JSON Schema 2020-12, which pydantic writes.
"""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from texts.reader import Texts
from web.api.declared import AnyOperation, Wish
from web.api.problems import PROBLEM_JSON, Problem
from web.api.reading import KEY_PATTERN
from web.json_api import JSON

VERSION = "1.0"
BASE = "/api/v1"
_SCHEMAS = "#/components/schemas/{model}"
_TAG = {"type": "string"}
type Json = dict[str, Any]


def document(operations: Sequence[AnyOperation], texts: Texts, cookie: str) -> Json:
    """Describe the operations in the language of the texts; ``cookie`` is the name of a session's."""
    models: set[tuple[type[BaseModel], JsonSchemaMode]] = {(Problem, "serialization")}
    for one in operations:
        models |= {(one.body, "validation")} if one.body is not None else set()
        models |= {(one.answer, "serialization")} if one.answer is not None else set()
    ordered = sorted(models, key=lambda pair: (pair[0].__name__, pair[1]))
    _, schemas = models_json_schema(ordered, ref_template=_SCHEMAS)
    named = {name: _described(schema, texts) for name, schema in sorted(schemas["$defs"].items())}
    paths: Json = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, texts)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": texts.format("http-title"),
            "version": VERSION,
            "description": texts.format("http-about"),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": BASE}],
        "paths": paths,
        "components": {
            "schemas": named,
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": cookie},
                "key": {"type": "http", "scheme": "bearer", "description": texts.format("http-about-key")},
            },
        },
    }


def parameters(operation: AnyOperation, texts: Texts) -> tuple[Json, ...]:
    """List what an operation takes besides a body: places of the path, the query, headers."""
    schema = operation.params.model_json_schema()
    needed = {*schema.get("required", ()), *operation.places}
    found = [
        {
            "name": name,
            "in": "path" if name in operation.places else "query",
            "required": name in needed,
            "schema": _plain(one),
            "description": texts.format(f"http-field-{name.replace('_', '-')}"),
        }
        for name, one in schema.get("properties", {}).items()
    ]
    found.sort(key=lambda one: one["in"] != "path")
    return (*found, *_headers(operation, texts))


def _headers(operation: AnyOperation, texts: Texts) -> Iterable[Json]:
    wishes = (
        ("If-Match", operation.match, {"type": "string"}, "if-match"),
        ("Idempotency-Key", operation.key, {"type": "string", "pattern": KEY_PATTERN}, "idempotency-key"),
    )
    for name, wish, schema, words in wishes:
        if wish is not Wish.NONE:
            yield {
                "name": name,
                "in": "header",
                "required": wish is Wish.NEEDED,
                "schema": schema,
                "description": texts.format(f"http-field-{words}"),
            }


def _operation(operation: AnyOperation, texts: Texts) -> Json:
    say = texts.format
    by_key: list[Json] = [] if operation.persons_only else [{"key": [scope.value for scope in operation.scopes]}]
    said: Json = {
        "operationId": operation.name,
        "summary": say(f"http-op-{operation.name}"),
        "security": [{"session": []}, *by_key],
        "parameters": list(parameters(operation, texts)),
        "responses": _responses(operation, texts),
    }
    if texts.has(f"http-more-{operation.name}"):
        said["description"] = say(f"http-more-{operation.name}")
    if operation.body is not None:
        said["requestBody"] = {"required": True, "content": {JSON: {"schema": _ref(operation.body)}}}
    return said


def _responses(operation: AnyOperation, texts: Texts) -> Json:
    good: Json = {"description": texts.format(f"http-title-{operation.status.value}")}
    if operation.answer is not None:
        good["content"] = {JSON: {"schema": _ref(operation.answer)}}
        good["headers"] = {"ETag": {"required": True, "schema": _TAG}}
    if operation.status is HTTPStatus.CREATED:
        good["headers"]["Location"] = {"required": True, "schema": {"type": "string", "format": "uri-reference"}}
    found: Json = {str(operation.status.value): good}
    if operation.method == "GET":
        found["304"] = {
            "description": texts.format("http-title-304"),
            "headers": {"ETag": {"required": True, "schema": _TAG}},
        }
    for status in operation.refused_with:
        found[str(status.value)] = _refusal(status, texts)
    return found


def _refusal(status: HTTPStatus, texts: Texts) -> Json:
    said: Json = {
        "description": texts.format(f"http-title-{status.value}"),
        "content": {PROBLEM_JSON: {"schema": _ref(Problem)}},
    }
    if status is HTTPStatus.TOO_MANY_REQUESTS:
        said["headers"] = {"Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 1}}}
    if status is HTTPStatus.UNAUTHORIZED:
        said["headers"] = {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}
    return said


def _ref(model: type[BaseModel]) -> Json:
    return {"$ref": _SCHEMAS.format(model=model.__name__)}


def _plain(schema: Mapping[str, Any]) -> Json:
    """Return the schema of a parameter: one that is left out is not sent as null."""
    kinds = schema.get("anyOf", ())
    chosen = next((one for one in kinds if one.get("type") != "null"), schema)
    return {
        name: value
        for name, value in {**chosen, **schema}.items()
        if name not in {"anyOf", "title"} and not (name == "default" and value is None)
    }


def _described(schema: Mapping[str, Any], texts: Texts) -> Json:
    """Return the schema of a model with its fields in words, and without the names that pydantic makes up for them."""
    said = {name: value for name, value in schema.items() if name not in {"title", "description"}}
    if "properties" in said:
        said["properties"] = {name: _field(name, one, texts) for name, one in said["properties"].items()}
    return said


def _field(name: str, schema: Mapping[str, Any], texts: Texts) -> Json:
    said = {key: value for key, value in schema.items() if key != "title"}
    words = f"http-field-{name.replace('_', '-')}"
    return {**said, "description": texts.format(words)} if texts.has(words) else said
