"""The OpenID adapter against a provider that lies: whatever does not hold lets nobody in, and is no traceback."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import ClientSession, DummyCookieJar, web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from core.account.identity_documents import Document
from core.account.identity_provider import Journey, ProviderError
from core.russian import FullName
from core.school_time import MachineClock
from zvonok.openid import LARGEST_ANSWER, OpenIdProvider, OpenIdSettings

NOW = datetime(2026, 11, 24, 3, 40, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
JOURNEY = Journey("state", "nonce", "v" * 43)
BACK = "https://zvonok.school.example/login/provider/back"
KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": kid}) for kid in ("first", "second"))

type Change = Callable[["Liar"], None]


@dataclass
class Liar:
    """A provider that says what it is told to say."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "first"})
    key: RSAKey | OctKey = field(default_factory=lambda: KEY)
    keys: list[RSAKey] = field(default_factory=lambda: [KEY])
    description: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=lambda: {"sub": "person"})
    token: str | None = None
    answers: dict[str, web.Response] = field(default_factory=dict)
    """In place of what would be said at a path."""
    asked: list[str] = field(default_factory=list)
    posted: dict[str, str] = field(default_factory=dict)
    authorization: str = ""

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/.well-known/openid-configuration", self._describe)
        app.router.add_get("/keys", self._keys)
        app.router.add_post("/token", self._token)
        app.router.add_get("/me", self._me)

    def start(self, address: str) -> None:
        self.issuer = address
        self.description = {
            "issuer": address,
            "authorization_endpoint": f"{address}/auth?realm=school",
            "token_endpoint": f"{address}/token",
            "jwks_uri": f"{address}/keys",
            "userinfo_endpoint": f"{address}/me",
        }
        self.claims = {
            "iss": address,
            "aud": "zvonok",
            "sub": "person",
            "nonce": "nonce",
            "iat": SECONDS,
            "exp": SECONDS + 300,
            "family_name": "Ёлкина",
            "given_name": "Яна",
            "birthdate": "28.02.1985",
            "doc": "6505 123456",
        }

    async def _describe(self, request: web.Request) -> web.Response:
        return self._said(request, self.description)

    async def _keys(self, request: web.Request) -> web.Response:
        gost = {"kty": "GOST", "kid": "gost"}
        return self._said(request, {"keys": [gost, *(key.as_dict(private=False) for key in self.keys)]})

    async def _token(self, request: web.Request) -> web.Response:
        self.posted = {name: str(value) for name, value in (await request.post()).items()}
        self.authorization = request.headers.get("Authorization", "")
        token = self.token or jwt.encode(self.header, self.claims, self.key, algorithms=["RS256", "HS256"])
        return self._said(request, {"id_token": token, "access_token": "access"})

    async def _me(self, request: web.Request) -> web.Response:
        return self._said(request, self.userinfo)

    def _said(self, request: web.Request, said: object) -> web.Response:
        self.asked.append(request.path)
        return self.answers.pop(request.path, None) or web.json_response(said)


@dataclass
class Wire:
    liar: Liar
    provider: OpenIdProvider


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    liar, app = Liar(), web.Application()
    liar.add_to(app)
    async with TestServer(app) as server, ClientSession(cookie_jar=DummyCookieJar()) as client:
        liar.start(str(server.make_url("")).rstrip("/"))
        settings = OpenIdSettings(liar.issuer, "zvonok", BACK, "s%:cret", document_claim="doc")
        yield Wire(liar, OpenIdProvider(settings, client, MachineClock(source=lambda: NOW)))


async def failure(wire: Wire, issuer: str | None = None) -> str:
    with pytest.raises(ProviderError) as caught:
        await wire.provider.prove("code", JOURNEY, issuer)
    return caught.value.reason


async def test_whom_the_provider_means_is_read_from_its_signed_word(wire: Wire) -> None:
    wire.liar.userinfo |= {"middle_name": "Юрьевна", "family_name": "Другая"}
    proven = await wire.provider.prove("code", JOURNEY, wire.liar.issuer)
    assert proven.name == FullName("Ёлкина", "Яна", "Юрьевна"), "what is signed goes before what is not"
    assert (proven.birth_date, proven.document) == (date(1985, 2, 28), Document("", "6505 123456"))
    assert (proven.issuer, proven.subject) == (wire.liar.issuer, "person")
    assert wire.liar.posted == {
        "grant_type": "authorization_code",
        "code": "code",
        "redirect_uri": BACK,
        "code_verifier": JOURNEY.verifier,
    }
    assert wire.liar.authorization.startswith("Basic ")
    assert "person" not in repr(proven)


async def test_the_browser_is_sent_with_everything_that_binds_the_way_back(wire: Wire) -> None:
    address = urlsplit(await wire.provider.address(JOURNEY))
    asked = {name: value for name, (value,) in parse_qs(address.query).items()}
    challenge = asked.pop("code_challenge")
    assert len(challenge) == 43
    assert asked == {
        "realm": "school",
        "response_type": "code",
        "client_id": "zvonok",
        "redirect_uri": BACK,
        "scope": "openid profile",
        "state": "state",
        "nonce": "nonce",
        "code_challenge_method": "S256",
    }
    assert JOURNEY.verifier not in address.query


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": ["zvonok", "another"], "azp": "another"},
        {"iss": "https://evil.example"},
        {"exp": SECONDS - 61},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"nbf": SECONDS + 61},
    ],
    ids=str,
)
async def test_a_claim_that_does_not_hold_lets_nobody_in(wire: Wire, wrong: dict[str, Any]) -> None:
    claims = {**wire.liar.claims, **wrong}
    wire.liar.claims = {name: value for name, value in claims.items() if value is not None}
    assert (await failure(wire)).startswith("identity-")


def unsigned(liar: Liar) -> None:
    liar.token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJwZXJzb24ifQ."


def by_secret(liar: Liar) -> None:
    liar.header, liar.key = {"alg": "HS256", "kid": "first"}, OctKey.import_key("s%:cret, which both of us know..")


def by_another_key(liar: Liar) -> None:
    liar.key = OTHER_KEY


def by_an_unknown_key(liar: Liar) -> None:
    liar.header, liar.key = {"alg": "RS256", "kid": "third"}, OTHER_KEY


def nonsense(liar: Liar) -> None:
    liar.token = "nonsense"


@pytest.mark.parametrize("change", [unsigned, by_secret, by_another_key, by_an_unknown_key, nonsense])
async def test_a_signature_that_does_not_hold_lets_nobody_in(wire: Wire, change: Change) -> None:
    change(wire.liar)
    assert (await failure(wire)).startswith("identity-")


async def test_new_keys_of_the_provider_are_asked_for_once(wire: Wire) -> None:
    for _ in range(2):
        await wire.provider.prove("code", JOURNEY, None)
    assert wire.liar.asked.count("/keys") == 1
    wire.liar.keys, wire.liar.key, wire.liar.header = [OTHER_KEY], OTHER_KEY, {"alg": "RS256", "kid": "second"}
    await wire.provider.prove("code", JOURNEY, None)
    assert wire.liar.asked.count("/keys") == 2
    assert wire.liar.asked.count("/.well-known/openid-configuration") == 1


async def test_the_answer_of_another_provider_is_not_taken(wire: Wire) -> None:
    assert await failure(wire, "https://evil.example") == "other-issuer"
    wire.liar.userinfo = {"sub": "another"}
    assert await failure(wire) == "other-subject"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"issuer": "https://evil.example"}, "description-of-another"),
        ({"token_endpoint": "http://evil.example/token"}, "address-not-safe"),
        ({"jwks_uri": 5}, "description-broken"),
        ({"authorization_response_iss_parameter_supported": True}, "other-issuer"),
    ],
)
async def test_a_description_that_does_not_hold_is_not_followed(
    wire: Wire, change: dict[str, Any], reason: str
) -> None:
    wire.liar.description |= change
    assert await failure(wire) == reason
    assert "/token" not in wire.liar.asked


@pytest.mark.parametrize(
    ("path", "answer", "reason"),
    [
        ("/token", {"status": 400, "text": '{"error": "invalid_grant"}'}, "answered-400"),
        ("/token", {"status": 302, "headers": {"Location": "http://127.0.0.1:1/"}}, "answered-302"),
        ("/token", {"text": "not json"}, "answer-no-json"),
        ("/token", {"text": "[]"}, "answer-no-object"),
        ("/token", {"text": "{}"}, "no-id_token"),
        ("/token", {"text": " " * (LARGEST_ANSWER + 1)}, "answered-200"),
        ("/keys", {"text": '{"keys": []}'}, "no-keys"),
        ("/keys", {"text": "{}"}, "no-keys"),
        ("/me", {"status": 401, "text": ""}, "answered-401"),
    ],
)
async def test_an_answer_that_is_none_is_said_in_a_word(
    wire: Wire, path: str, answer: dict[str, Any], reason: str
) -> None:
    wire.liar.answers[path] = web.Response(**answer)
    assert await failure(wire) == reason


async def test_a_provider_that_is_away_is_said_in_a_word() -> None:
    async with ClientSession() as client:
        settings = OpenIdSettings("http://127.0.0.1:1", "zvonok", BACK, "secret")
        with pytest.raises(ProviderError, match="away-"):
            await OpenIdProvider(settings, client, MachineClock(source=lambda: NOW)).address(JOURNEY)


@pytest.mark.parametrize("issuer", ["http://esia.example", "esia.example", "ftp://127.0.0.1", "", "https://"])
def test_secrets_do_not_travel_in_the_clear(issuer: str) -> None:
    with pytest.raises(ValueError, match="адрес поставщика"):
        OpenIdSettings(issuer, "zvonok", BACK, "secret")
