"""Every way round verified TLS that libpq knows: refused, or overridden."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import pq
from psycopg.conninfo import make_conninfo

from coordination.errors import BadValue
from db.address import shared_words
from ui import root

HOST = "postgresql://centre-db.example/centre"
HELD = {
    "sslmode": "verify-full", "sslrootcert": "system", "gssencmode": "disable", "channel_binding": "require",
    "require_auth": "scram-sha-256", "ssl_min_protocol_version": "TLSv1.2",
}  # fmt: skip


def reason(url: str) -> str:
    with pytest.raises(BadValue) as refusal:
        root.open_shared(url)
    assert refusal.value.field == "database" and "secret" not in str(refusal.value)
    return refusal.value.reason


@pytest.mark.parametrize(
    ("said", "why"),
    [
        *(
            (f"?sslmode={mode}", "address_not_over_tls")
            for mode in ("disable", "allow", "prefer", "require", "verify-ca")
        ),
        ("?sslmode=verify-full&sslmode=disable", "address_not_over_tls"),
        ("?gssencmode=require", "address_says_more"),
        ("?channel_binding=disable", "address_says_more"),
        ("?require_auth=password", "address_says_more"),
        ("?ssl_min_protocol_version=TLSv1", "address_says_more"),
        ("?service=elsewhere", "address_says_more"),
        ("?passfile=/tmp/pgpass", "address_says_more"),
        ("?options=-csession_authorization%3Dx", "address_says_more"),
        ("?sslkeylogfile=/tmp/keys", "address_says_more"),
        ("?application_name=x", "address_says_more"),
        ("?hostaddr=/tmp", "not_an_address"),
        ("%20sslmode%3Ddisable", "address_says_more"),
        ("?dbname=host%3Dother%20sslmode%3Ddisable", "address_says_more"),
        ("?host=/var/run/postgresql", "address_needs_host"),
        ("?host=@abstract", "address_needs_host"),
        ("?host=centre-db.example,/tmp", "address_needs_host"),
        ("?host=centre-db.example,", "address_needs_host"),
    ],
)
def test_an_address_cannot_say_otherwise(said: str, why: str) -> None:
    assert reason(HOST + said) == why


def test_addresses_without_a_name_a_password_or_sense() -> None:
    for url in (
        "postgresql:///centre",
        "dbname=centre",
        "postgresql:///centre?hostaddr=10.0.0.1",
        "postgresql://%2Ftmp/c",
    ):
        assert reason(url) == "address_needs_host", url
    assert reason("postgresql://a:secret@host/name") == "password_in_address"
    assert reason("postgresql://[") == "not_an_address"


@pytest.mark.parametrize(
    "url",
    [HOST, "postgresql://localhost/centre", "postgresql://127.0.0.1:5433/centre", "postgresql://[::1]/centre",
     "postgresql://ada@a.example,b.example:5433/centre?target_session_attrs=read-write&hostaddr=10.0.0.1,10.0.0.2",
     f"{HOST}?sslmode=verify-full"],
)  # fmt: skip
def test_what_may_be_said_is_held_to_tls_on_this_machine_too(url: str) -> None:
    words = root.open_shared(url).words
    assert words.items() >= HELD.items() and "user" not in words


@given(st.dictionaries(st.sampled_from([o.keyword.decode() for o in pq.Conninfo.get_defaults()]), st.text(max_size=20)))
def test_whatever_an_address_says_it_is_refused_or_held(said: dict[str, str]) -> None:
    try:
        url = make_conninfo(**{"host": "centre-db.example", **said})
        words = shared_words(url)
    except (BadValue, psycopg.Error, UnicodeError):
        return
    assert words.items() >= {**HELD, "sslrootcert": words["sslrootcert"]}.items()
    assert all(host and host[0] not in "/@\\" for host in words["host"].split(","))
    assert "=" not in words.get("dbname", "")


def test_neither_the_environment_nor_a_service_file_weakens_it(monkeypatch: Any, tmp_path: Path) -> None:
    services = tmp_path / "services"
    services.write_text("[weak]\nsslmode=disable\nhost=/tmp\ngssencmode=prefer\nsslkeylogfile=/tmp/keys\n", "utf-8")
    said = {
        "PGSERVICE": "weak", "PGSERVICEFILE": str(services), "PGSSLMODE": "disable", "PGGSSENCMODE": "require",
        "PGHOSTADDR": "10.1.1.1", "PGCHANNELBINDING": "disable", "PGREQUIREAUTH": "password", "PGREQUIRESSL": "0",
        "PGSSLROOTCERT": "/tmp/mine.pem", "PGSSLMINPROTOCOLVERSION": "TLSv1", "PGOPTIONS": "-c row_security=off",
        "PGPASSFILE": "/tmp/pass", "PGHOST": "/tmp", "PGSSLNEGOTIATION": "postgres",
    }  # fmt: skip
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    words = root.open_shared(HOST).words
    assert not set(said) & set(os.environ)
    seen = {o.keyword.decode(): (o.val or b"").decode() for o in pq.Conninfo.get_defaults()}
    assert seen["sslmode"] != "disable" and not seen.get("service") and not seen["hostaddr"]
    assert words.items() >= HELD.items()
