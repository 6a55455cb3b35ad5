"""Hosts to which data may travel unencrypted: this machine, and those of which the school says who protects the way."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

LOCALHOST = "localhost"
"""Always this machine (RFC 6761 §6.3)."""
HOST = re.compile(r"(?!-)[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
"""A name or an IPv4 address; a Cyrillic one in the form that starts with ``xn--``. Compose names hold ``_``."""
SHARED = IPv4Network("100.64.0.0/10")
"""Some private networks number themselves by these (RFC 6598); Python calls them neither private nor global."""
WANTED = "нужны имена, адреса или сети через запятую, например db.school.lan,10.8.0.0/24"
TOO_WIDE = "сеть из чужих адресов защищённой не бывает: назовите серверы по одному"

type Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class ProtectedHosts:
    """What ``ZVONOK_PROTECTED_HOSTS`` names; names are compared as they are written, nothing is looked up."""

    names: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def read(cls, text: str) -> "ProtectedHosts":
        """Read names, addresses and networks with commas between. Raises ``ValueError`` with a sentence's end."""
        words = [word for word in (piece.strip().lower() for piece in text.split(",")) if word]
        networks = {word: _network(word) for word in words}
        found = tuple(network for network in networks.values() if network is not None)
        return cls(frozenset(word.rstrip(".") for word, network in networks.items() if network is None), found)

    def cover(self, host: str) -> bool:
        """Tell whether the school answers for the way to a host."""
        address = _address(host)
        if address is None:
            return host.lower().rstrip(".") in self.names
        return any(address in network for network in self.networks)


def is_here(host: str) -> bool:
    """Tell whether a host is this machine: loopback, a unix socket's folder, or nothing said."""
    address = _address(host)
    if address is None:
        return host == "" or host.startswith("/") or host.lower().rstrip(".") == LOCALHOST
    return address.is_loopback


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def _network(word: str) -> Network | None:
    """Read an address or a network; None for a name. Raises ``ValueError`` for what is neither, or is too wide."""
    try:
        network = ip_network(word.strip("[]"))
    except ValueError:
        if HOST.fullmatch(word) is None:
            raise ValueError(WANTED) from None
        return None
    own = network.is_private or (isinstance(network, IPv4Network) and network.subnet_of(SHARED))
    if network.num_addresses > 1 and not own:
        raise ValueError(TOO_WIDE)
    return network
