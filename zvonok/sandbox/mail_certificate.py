"""A certificate for the mail catcher: a little authority of its own, whose certificate clients may be told to trust.

Kept in a folder and used again while it is valid, so that a client which trusts the file goes on doing so after a
restart.
"""

import ipaddress
import os
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_LIFE = timedelta(days=365)
_RENEW_BEFORE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class MailCertificate:
    """Files of the server's certificate and of the authority that signed it."""

    folder: Path

    @property
    def ca_file(self) -> Path:
        """PEM for clients to trust."""
        return self.folder / "ca.pem"

    @property
    def _server_file(self) -> Path:
        return self.folder / "server.pem"

    def server_context(self) -> ssl.SSLContext:
        """Return a context for the server side, making or renewing the certificate if need be."""
        if not self._is_good():
            self._make()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._server_file)
        return context

    def client_context(self) -> ssl.SSLContext:
        """Return a context for clients that trust this authority alone."""
        return ssl.create_default_context(cafile=self.ca_file)

    def _is_good(self) -> bool:
        if not (self.ca_file.exists() and self._server_file.exists()):
            return False
        certificate = x509.load_pem_x509_certificate(self._server_file.read_bytes())
        return certificate.not_valid_after_utc > _now() + _RENEW_BEFORE

    def _make(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        ca_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        ca = _authority(ca_key)
        server = _server(server_key, ca, ca_key)
        key = server_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write(self._server_file, server.public_bytes(Encoding.PEM) + key)
        _write(self.ca_file, ca.public_bytes(Encoding.PEM))


def _now() -> datetime:
    # OpenSSL checks certificates by the machine's clock, so theirs is the one clock here that cannot be a parameter.
    return datetime.now(UTC)


def _write(path: Path, body: bytes) -> None:
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(body)
    part.replace(path)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _draft(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = _now()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LIFE)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = _name("Zvonok sandbox authority")
    draft = _draft(name, name, key.public_key())
    draft = draft.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return draft.add_extension(_usage(authority=True), critical=True).sign(key, hashes.SHA256())


def _server(
    key: ec.EllipticCurvePrivateKey, ca: x509.Certificate, ca_key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    loopback = [x509.IPAddress(ipaddress.ip_address(address)) for address in ("127.0.0.1", "::1")]
    draft = _draft(_name("localhost"), ca.subject, key.public_key())
    draft = draft.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    draft = draft.add_extension(_usage(authority=False), critical=True)
    draft = draft.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    draft = draft.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost"), *loopback]), critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    return draft.add_extension(issuer, critical=False).sign(ca_key, hashes.SHA256())
