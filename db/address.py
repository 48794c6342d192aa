"""The address of a shared database, and what a connection to it is held to: TLS, a certificate that fits the name,
SCRAM bound to that certificate. There is no way to say otherwise: not in the address, nor in the environment,
nor in a file.

The embedded server is reached over its own socket, or the loopback of this machine, and never by an address.
"""

from __future__ import annotations

import ipaddress
import os
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from coordination.errors import BadValue

# What an address may say. Anything else that libpq knows could do without one of the promises, or write keys to a file.
_ALLOWED = frozenset({
    "host", "hostaddr", "port", "dbname", "user", "sslmode", "sslrootcert", "sslcrl", "sslcrldir", "sslcert", "sslkey",
    "connect_timeout", "target_session_attrs", "load_balance_hosts", "tcp_user_timeout", "keepalives",
    "keepalives_idle", "keepalives_interval", "keepalives_count",
})  # fmt: skip
_HELD = {
    "sslmode": "verify-full",
    "ssl_min_protocol_version": "TLSv1.2",
    "gssencmode": "disable",
    "require_auth": "scram-sha-256",
    "channel_binding": "require",
}
# What libpq reads where a word was not given: services and their files, other servers, weaker protocols.
_KEPT_OF_ENVIRONMENT = frozenset({"PGDATA", "PGTZ"})


def shared_words(url: str) -> dict[str, Any]:
    """libpq words for the shared database at a ``postgresql://`` address. Raises BadValue('database', …):
    ``not_an_address``, ``password_in_address``, ``address_needs_host``, ``address_not_over_tls``,
    ``address_says_more``."""
    try:
        words: dict[str, Any] = dict(conninfo_to_dict(url))
    except Exception:
        raise BadValue("database", "not_an_address") from None
    if "password" in words:
        raise BadValue("database", "password_in_address")
    if words.get("sslmode", "verify-full") != "verify-full":
        raise BadValue("database", "address_not_over_tls")
    if set(words) - _ALLOWED or any(sign in str(words.get("dbname", "")) for sign in ("=", "://")):
        raise BadValue("database", "address_says_more")
    _check_hosts(words)
    words.pop("user", None)
    words.setdefault("sslrootcert", "system")
    words.setdefault("target_session_attrs", "read-write")  # of several, the one that is no standby
    return {**words, **_HELD}


def forget_environment() -> None:
    """What libpq would take from the environment of this process is gone from it."""
    for name in [name for name in os.environ if name.startswith("PG") and name not in _KEPT_OF_ENVIRONMENT]:
        del os.environ[name]


def _check_hosts(words: dict[str, Any]) -> None:
    """Names in a network only: a socket of this machine knows no TLS, and without a name nothing can be held against
    the certificate."""
    for host in str(words.get("host", "")).split(","):
        if not host or host.startswith(("/", "@", "\\")):
            raise BadValue("database", "address_needs_host")
    for address in str(words.get("hostaddr", "")).split(","):
        if address:
            try:
                ipaddress.ip_address(address)
            except ValueError:
                raise BadValue("database", "not_an_address") from None
