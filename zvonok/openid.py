"""A generic OpenID Connect provider: authorization code with PKCE, state and nonce, discovery, signed identity.

Sources: OpenID Connect Core 1.0 §3.1, Discovery 1.0 §4, RFC 6749, RFC 7636 (S256), RFC 9207 (issuer in the answer),
RFC 9700 (current practice). Whatever does not hold is ``ProviderError`` with a word for the log and no data.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, encode_basic_auth
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, ValidationError

from core.account.identity_documents import Document
from core.account.identity_provider import Journey, Proven, ProviderError
from core.russian import FullName
from core.school_time import MachineClock

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures by keys that the provider alone has: never ``none``, never a shared secret."""
LARGEST_ANSWER = 256 * 1024
LEEWAY_SECONDS = 60
KNOWN_FOR = timedelta(hours=1)
"""How long the provider's own description is believed without asking again."""
DATES = ("%Y-%m-%d", "%d.%m.%Y")


@dataclass(frozen=True, slots=True)
class OpenIdSettings:
    """One client at one provider."""

    issuer: str
    client_id: str
    redirect_uri: str
    client_secret: str = field(repr=False)
    scope: str = "openid profile"
    document_claim: str = "identity_document"
    """Where the provider puts the identity document: a number, or ``{"type": …, "series": …, "number": …}``."""
    timeout: timedelta = timedelta(seconds=10)

    def __post_init__(self) -> None:
        """Refuse an address over which secrets would travel in the clear. Raises ``ValueError`` with a sentence."""
        if not is_safe(self.issuer):
            raise ValueError("Нужен адрес поставщика вида https://esia.example.")


class Description(BaseModel):
    """What a provider says of itself (Discovery 1.0 §3)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


def is_safe(address: str) -> bool:
    """Tell whether secrets may travel to an address: over TLS, or inside this machine."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return bool(parts.hostname)
    try:
        return parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


class OpenIdProvider:
    """Implements ``core.account.identity_provider.IdentityProvider``."""

    def __init__(self, settings: OpenIdSettings, client: ClientSession, clock: MachineClock) -> None:
        self._settings = settings
        self._client = client
        self._clock = clock
        self._described: tuple[datetime, Description] | None = None
        self._keys: KeySet | None = None

    async def address(self, journey: Journey) -> str:
        """Return where the browser is sent. Raises ``ProviderError``."""
        described = await self._description()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(journey.verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._settings.redirect_uri,
            "scope": self._settings.scope,
            "state": journey.state,
            "nonce": journey.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        separator = "&" if urlsplit(described.authorization_endpoint).query else "?"
        return f"{described.authorization_endpoint}{separator}{urlencode(asked)}"

    async def prove(self, code: str, journey: Journey, issuer: str | None) -> Proven:
        """Exchange a code for the provider's signed word. Raises ``ProviderError``."""
        described = await self._description()
        if issuer != described.issuer and (issuer or described.authorization_response_iss_parameter_supported):
            raise ProviderError("other-issuer")
        tokens = await self._tokens(described, code, journey)
        claims = await self._identity(described, _text(tokens, "id_token"), journey.nonce)
        if described.userinfo_endpoint is not None:
            told = await self._ask(
                described.userinfo_endpoint, {"Authorization": f"Bearer {_text(tokens, 'access_token')}"}
            )
            if told.get("sub") != claims["sub"]:
                raise ProviderError("other-subject")
            claims = {**told, **claims}
        return self._proven(described, claims)

    async def _description(self) -> Description:
        now = self._clock.now()
        if self._described is not None and now - self._described[0] < KNOWN_FOR:
            return self._described[1]
        told = await self._ask(f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration")
        try:
            described = Description.model_validate(told)
        except ValidationError:
            raise ProviderError("description-broken") from None
        if described.issuer != self._settings.issuer:
            raise ProviderError("description-of-another")
        ends = (described.authorization_endpoint, described.token_endpoint, described.jwks_uri)
        if not all(is_safe(end) for end in (*ends, described.userinfo_endpoint or described.issuer)):
            raise ProviderError("address-not-safe")
        self._described = now, described
        return described

    async def _tokens(self, described: Description, code: str, journey: Journey) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.redirect_uri,
            "code_verifier": journey.verifier,
        }
        headers = {}
        if "client_secret_basic" in described.token_endpoint_auth_methods_supported:
            # Both parts are form-encoded first (RFC 6749 §2.3.1).
            known_by = (quote(part, safe="") for part in (self._settings.client_id, self._settings.client_secret))
            headers["Authorization"] = encode_basic_auth(*known_by)
        else:
            form |= {"client_id": self._settings.client_id, "client_secret": self._settings.client_secret}
        return await self._fetch("POST", described.token_endpoint, data=form, headers=headers)

    async def _identity(self, described: Description, token: str, nonce: str) -> dict[str, Any]:
        """Return what the signed token says, once every claim about itself holds (Core §3.1.3.7)."""
        try:
            decoded = await self._decoded(described, token)
            registry = jwt.JWTClaimsRegistry(
                now=int(self._clock.now().timestamp()),
                leeway=LEEWAY_SECONDS,
                iss={"essential": True, "value": described.issuer},
                aud={"essential": True, "value": self._settings.client_id},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
                nonce={"essential": True, "value": nonce},
            )
            registry.validate(decoded.claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ProviderError(f"identity-{type(error).__name__}") from None
        claims = dict(decoded.claims)
        if "azp" in claims and claims["azp"] != self._settings.client_id:
            raise ProviderError("identity-for-another")
        return claims

    async def _decoded(self, described: Description, token: str) -> jwt.Token:
        """Check the signature; with a key that we do not know, ask for the provider's keys once more."""
        if self._keys is not None:
            try:
                return jwt.decode(token, self._keys, algorithms=ALGORITHMS)
            except (JoseError, ValueError):
                self._keys = None
        self._keys = KeySet.import_key_set({"keys": _usable(await self._ask(described.jwks_uri))})
        return jwt.decode(token, self._keys, algorithms=ALGORITHMS)

    def _proven(self, described: Description, claims: Mapping[str, Any]) -> Proven:
        names = [str(claims.get(name) or "").strip() for name in ("family_name", "given_name", "middle_name")]
        return Proven(
            issuer=described.issuer,
            subject=str(claims["sub"]),
            name=FullName(*names),
            birth_date=_date(claims.get("birthdate")),
            document=_document(claims.get(self._settings.document_claim)),
        )

    async def _ask(self, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        return await self._fetch("GET", address, headers=headers)

    async def _fetch(self, method: str, address: str, **sent: Any) -> dict[str, Any]:
        timeout = ClientTimeout(total=self._settings.timeout.total_seconds())
        try:
            async with self._client.request(
                method, address, allow_redirects=False, timeout=timeout, **sent
            ) as response:
                body = await response.content.read(LARGEST_ANSWER + 1)
                while len(body) <= LARGEST_ANSWER and (more := await response.content.read(LARGEST_ANSWER)):
                    body += more
        except (ClientError, TimeoutError, OSError) as error:
            raise ProviderError(f"away-{type(error).__name__}") from None
        if response.status != 200 or len(body) > LARGEST_ANSWER:  # noqa: PLR2004 - HTTP's own number
            raise ProviderError(f"answered-{response.status}")
        try:
            told = json.loads(body)
        except ValueError:
            raise ProviderError("answer-no-json") from None
        if not isinstance(told, dict):
            raise ProviderError("answer-no-object")
        return told


def _usable(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the public keys that we can check by; a provider may have others, such as GOST."""
    keys = told.get("keys")
    kinds = {"RSA", "EC", "OKP"}
    found = [key for key in keys if isinstance(key, dict) and key.get("kty") in kinds] if isinstance(keys, list) else []
    if not found:
        raise ProviderError("no-keys")
    return found


def _text(tokens: Mapping[str, Any], name: str) -> str:
    value = tokens.get(name)
    if not isinstance(value, str):
        raise ProviderError(f"no-{name}")
    return value


def _date(told: Any) -> date | None:
    for form in DATES:
        try:
            return datetime.strptime(str(told), form).date()  # noqa: DTZ007 - a birth date has no zone
        except ValueError:
            continue
    return None


def _document(told: Any) -> Document | None:
    if isinstance(told, Mapping):
        number = f"{told.get('series') or ''}{told.get('number') or ''}"
        return Document(str(told.get("type") or ""), number) if number else None
    return Document("", str(told)) if told else None
