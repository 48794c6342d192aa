"""What is understood of a server's log: its own words, and never those of whoever tries."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.governance.lock_out import Lock, Try
from db.lock_out import NOBODY, rules_of
from db.sign_in_log import LOGIN, LONGEST_LINE, NoLog, Place, read, understood

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def entry(login: str = "ada.admin", number: int = 1, **other: Any) -> dict[str, Any]:
    """As PostgreSQL 18 writes it."""
    return {
        "timestamp": "2026-11-23 06:31:55.164 UTC", "user": login, "dbname": "centre", "pid": 12077,
        "remote_host": "10.20.0.9", "remote_port": 51260, "session_id": f"6b03dddb.{number:x}", "line_num": 1,
        "ps": "authentication", "session_start": "2026-11-23 06:31:55 UTC", "vxid": "1/1", "txid": 0,
        "error_severity": "FATAL", "state_code": "28P01",
        "message": f'password authentication failed for user "{login}"',
        "detail": 'Connection matched file "/data/pg_hba.conf" line 2: "hostssl all all 10.20.0.0/16 scram-sha-256"',
        "backend_type": "client backend", "query_id": 0, **other,
    }  # fmt: skip


def written(of: dict[str, Any]) -> bytes:
    return json.dumps(of, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def fitted(login: str = "ada.admin") -> dict[str, Any]:
    words = f'connection authenticated: identity="{login}" method=scram-sha-256 (/data/pg_hba.conf:2)'
    made = entry(login, error_severity="LOG", message=words)
    del made["state_code"], made["detail"]
    return made


def test_a_refusal_a_success_and_a_login_that_is_not_there() -> None:
    at = datetime(2026, 11, 23, 6, 31, 55, 164_000, UTC)
    assert understood(written(entry())) == Try("6b03dddb.1.1", at, "ada.admin", "10.20.0.9")
    assert understood(written(fitted())) == Try("6b03dddb.1.1", at, "ada.admin", "10.20.0.9", fitted=True)
    absent = understood(written(entry("no.one", detail='Role "no.one" does not exist.\nConnection matched')))
    assert absent is not None and not absent.known


@pytest.mark.parametrize(
    ("said", "hour"),
    [("06:31:55.164 GMT", 6), ("06:31:55.164 BST", 5), ("06:31:55.164 +03", 3), ("06:31:55.164 -0330", 10)],
)
def test_the_time_is_that_of_the_zone_that_is_named(said: str, hour: int) -> None:
    found = understood(written(entry(timestamp=f"2026-11-23 {said}")))
    assert found is not None and found.at.hour == hour and found.at.utcoffset() == timedelta()


@pytest.mark.parametrize(
    "other",
    [
        {"message": "connection authenticated: of mine", "error_severity": "ERROR"},
        {"state_code": "28000"}, {"error_severity": "ERROR"}, {"error_severity": "LOG"}, {"remote_host": "[local]"},
        {"remote_host": "desk-9.example"}, {"remote_host": None}, {"remote_host": 7}, {"timestamp": "yesterday"},
        {"timestamp": "2026-11-23 06:31:55.164 CEST"}, {"timestamp": "9999-12-31 23:59:59 -12"}, {"user": None},
        {"user": ["all"]}, {"message": {}}, {"detail": 9}, {"timestamp": "2026-11-23 06:31:55 +99"},
    ],
)  # fmt: skip
def test_what_is_about_something_else_or_makes_no_sense_is_passed_over(other: dict[str, Any]) -> None:
    assert understood(written(entry(**other))) is None


def test_a_session_does_not_write_refusals_of_others() -> None:
    """Whoever is signed in can have the server log words of their own, under their own name and in their own line."""
    theirs = written(entry("ben"))[:-1].decode()
    raised = entry("cora", error_severity="LOG", message=theirs, context="28P01 connection authenticated:")
    assert understood(written(raised)) is None


@given(st.text())
def test_a_name_reaches_the_rules_only_as_a_login_between_quotation_marks(login: str) -> None:
    found = understood(written(entry(login)))
    if found is None:  # half of a surrogate pair
        return
    assert found.address == "10.20.0.9" and (found.known == (LOGIN.fullmatch(login) is not None))
    rules = rules_of([Lock(found.login, found.address, NOW), Lock(login, found.address, NOW)]).decode("ascii")
    lines = [line.split("#")[0].split() for line in rules.splitlines() if not line.startswith("#")]
    assert lines[0][2:6] == [*f'"{NOBODY}"'.split(), "0.0.0.0/32"]
    for line in lines[1:]:
        if login:
            assert line == ["host", "all,replication", f'"{login}"', "10.20.0.9/32", "reject"]


@pytest.mark.parametrize("login", ["all", "replication", "sameuser"])
def test_words_that_mean_something_stand_between_quotation_marks(login: str) -> None:
    assert f' "{login}"  10.0.0.1/32  reject' in rules_of([Lock(login, "10.0.0.1", NOW)]).decode()


@pytest.mark.parametrize("login", ["+ada", "/x", "@f", 'a"b', "a\nb", "a b", "a#b", "ł", "a" * 64, "a\n", "\0"])
def test_names_with_anything_else_in_them_are_never_written(login: str) -> None:
    assert rules_of([Lock(login, "10.0.0.1", NOW)]) == rules_of([])


@given(st.ip_addresses())
def test_one_address_and_no_network_is_shut_out(address: Any) -> None:
    found = understood(written(entry(remote_host=str(address))))
    assert found is not None
    rule = rules_of([Lock("ada", found.address, NOW)]).decode().splitlines()[-1].split()[3]
    network, bits = rule.split("/")
    assert ip_address(network) == address and int(bits) == address.max_prefixlen


@given(st.binary())
def test_noise_is_passed_over(noise: bytes) -> None:
    understood(b"28P01" + noise)
    understood(noise + written(entry()))


# ---------------------------------------------------------------- files


class Log:
    """A data folder with nothing but a log in it."""

    def __init__(self, data: Path) -> None:
        self.data, self.places, self.count = data, dict[str, Place](), 0
        self.folder = data / "log"
        self.folder.mkdir()
        self.rotate("monday.json")

    def rotate(self, name: str) -> None:
        self.file = self.folder / name
        (self.data / "current_logfiles").write_text(f"stderr log/{name[:-5]}.log\njsonlog log/{name}\n")

    def add(self, *parts: bytes) -> None:
        with self.file.open("ab") as file:
            file.writelines(parts)

    def line(self) -> bytes:
        self.count += 1
        return written(entry(number=self.count))

    def new(self) -> int:
        return len(list(read(self.data, self.places, LONG_AGO)))


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path)


def test_each_line_is_read_once_and_one_that_is_not_whole_yet_waits(log: Log) -> None:
    log.add(log.line(), b"\n", written({"message": "something else"}), log.line()[:100])
    assert (log.new(), log.new()) == (1, 0)
    log.add(written(entry(number=2))[100:], log.line())
    assert (log.new(), log.new()) == (2, 0)
    found = log.file.stat()
    assert log.places == {"monday.json": Place(found.st_ino, found.st_size)}


def test_rotation_is_followed_and_what_was_written_before_it_is_not_missed(log: Log) -> None:
    log.add(log.line())
    assert log.new() == 1
    log.add(log.line())
    log.rotate("tuesday.json")
    log.add(log.line())
    log.rotate("wednesday.json")
    log.add(log.line(), log.line())
    assert (log.new(), log.new()) == (4, 0)


def test_a_name_that_is_used_again_begins_anew(log: Log) -> None:
    log.add(log.line(), log.line())
    assert log.new() == 2
    log.file.write_bytes(log.line())
    assert log.new() == 1
    log.file.rename(log.folder / "monday.json.1")
    log.add(log.line(), log.line(), log.line())
    assert log.new() == 3


def test_files_that_nobody_has_written_to_lately_are_left_out(log: Log) -> None:
    log.add(log.line())
    os.utime(log.file, (0, 0))
    assert list(read(log.data, log.places, LONG_AGO)) == [] and log.places == {}


def test_garbage_and_endless_lines_cost_themselves_only(log: Log) -> None:
    endless = b'{"message":"28P01' + b"x" * LONGEST_LINE * 3
    log.add(log.line(), b"\xff\xfe28P01\0\n", b"[" * 9000 + b"28P01\n", endless)
    assert log.new() == 1
    assert log.places["monday.json"].offset > LONGEST_LINE * 3, "nobody reads it again and again"
    log.add(b"x" * 10, b'"}\n', log.line(), b"{}28P01\n", log.line())
    assert (log.new(), log.new()) == (2, 0)


@given(inner=st.text(alphabet='{}[]",:\\ax\n28P01'), cut=st.integers(0, 400))
def test_what_is_left_of_a_line_that_was_cut_off_is_never_taken_for_one(inner: str, cut: int) -> None:
    """However somebody chose their words, so that the rest of a line would look like a line."""
    chosen = inner + written(entry("ben"))[:-1].decode() + inner
    whole = written(entry("cora", message=chosen))
    found = understood(whole[1 + cut :])
    assert found is None or found.login == "cora"


def test_a_server_that_writes_no_such_log_says_so(log: Log) -> None:
    (log.data / "current_logfiles").write_text("stderr log/monday.log\n")
    with pytest.raises(NoLog):
        log.new()
    (log.data / "current_logfiles").unlink()
    with pytest.raises(NoLog):
        log.new()
