"""The address of the given PostgreSQL: what may stand in it, and how the wire to it is secured.

Beyond this machine the server has to prove by its certificate who it is, unless the school answers for the way there.
In words of libpq (its documentation, «SSL Support»): ``sslmode``, ``sslrootcert``.
"""

import os
import ssl
from enum import StrEnum

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from core.database import AUTHORITIES, MODE, ONLY_SIGNED, SYSTEM, UNVERIFIED, VERIFIED, connect_arguments
from zvonok.protected_hosts import ProtectedHosts, is_here

OPEN_MODES = ("disable", "allow", "prefer")
"""With these somebody on the way may read, or may make both ends speak openly."""
MODES = (*OPEN_MODES, UNVERIFIED, ONLY_SIGNED, VERIFIED)
KNOWN = {"host", "port", MODE, AUTHORITIES}
ELSEWHERE = ("PGHOST", "PGSERVICE")
"""Variables by which the driver finds a server that the address does not name."""

OTHER_NAME = (62, 64)
"""OpenSSL's numbers of a certificate for another name, and for another address (``x509_vfy.h``)."""
NO_TLS = "rejected SSL upgrade"
"""What the driver says of a server without TLS; its error is of no kind of its own."""

_WANTED = "нужен вид postgresql://пользователь:пароль@хост/база"
_WANTED_QUERY = "после «?» можно указать только host, port, sslmode и sslrootcert, каждое один раз"
_WANTED_HOST = "сервер должен быть назван один раз, и один"
_WANTED_MODE = "sslmode бывает verify-full, verify-ca, require, prefer, allow и disable"
_WANTED_AUTHORITIES = "для sslmode=verify-ca нужен sslrootcert: файл с сертификатом вашего центра"
_UNREADABLE = "Файл с сертификатами из sslrootcert не читается."


class Distrust(StrEnum):
    """Why a server that answers gets nothing of ours."""

    NAME = "name"
    """Its certificate is another's."""
    SIGNER = "signer"
    """Nobody whom we trust has signed its certificate."""
    NO_TLS = "no-tls"
    """It cannot encrypt."""


def distrust(error: Exception) -> Distrust | None:
    """Tell by the error of a connection whether it was the wire's security that failed."""
    match error:
        case ssl.SSLCertVerificationError():
            return Distrust.NAME if error.verify_code in OTHER_NAME else Distrust.SIGNER
        case ConnectionError() if NO_TLS in str(error):
            return Distrust.NO_TLS
        case _:
            return None


def read(text: str) -> URL:
    """Read an address. Raises ``ValueError`` with a sentence's end that repeats nothing of it."""
    try:
        url = make_url(text)
        driver = url.drivername.partition("+")[0]
    except (ArgumentError, ValueError):
        # Its words may hold a piece of the password: an unescaped @ makes that the host or the port.
        raise ValueError(_WANTED) from None
    if driver not in {"postgresql", "postgres"}:
        raise ValueError("нужен PostgreSQL: postgresql://пользователь:пароль@хост/база")
    if not url.query.keys() <= KNOWN or not all(isinstance(value, str) for value in url.query.values()):
        raise ValueError(_WANTED_QUERY)
    if (url.host and "host" in url.query) or "," in host_of(url):
        raise ValueError(_WANTED_HOST)
    mode = url.query.get(MODE)
    if mode is not None and mode not in MODES:
        raise ValueError(_WANTED_MODE)
    if mode == ONLY_SIGNED and url.query.get(AUTHORITIES, SYSTEM) == SYSTEM:
        raise ValueError(_WANTED_AUTHORITIES)
    return url.set(drivername="postgresql+asyncpg")


def host_of(url: URL) -> str:
    """Return the host, or the folder of a unix socket; empty if the driver looks for a socket on this machine."""
    named = url.host or str(url.query.get("host", ""))
    return named or next((os.environ[name] for name in ELSEWHERE if os.environ.get(name)), "")


def may_be_open(url: URL) -> bool:
    """Tell whether a wire by a ``secured`` address may go unencrypted, wherever it goes."""
    return url.query.get(MODE) in (None, *OPEN_MODES)


def secured(url: URL, protected: ProtectedHosts) -> URL:
    """Return the address as it is connected to: to another machine with its certificate checked in full.

    What asks for less is heard where the way is safe by itself. Elsewhere open modes stay as they are, for
    ``may_be_open`` to see: whoever connects has looked before (``zvonok.open_wires``).
    """
    mode, host = url.query.get(MODE), host_of(url)
    if is_here(host) or protected.cover(host):
        asked = VERIFIED if mode == UNVERIFIED and url.query.get(AUTHORITIES) == SYSTEM else mode
    else:
        asked = VERIFIED if mode in (None, UNVERIFIED) else mode
    return url if asked is None else url.update_query_dict({MODE: str(asked)})


def check_authorities(url: URL) -> None:
    """Read the file of authorities. Raises ``ValueError`` with a sentence: better now than at the first connection."""
    try:
        connect_arguments(url)
    except (OSError, ssl.SSLError):
        raise ValueError(_UNREADABLE) from None
