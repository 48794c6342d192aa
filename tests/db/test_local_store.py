"""The encrypted store on this computer: what it keeps whatever happens to it, and what it lets nobody read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.local.model import CannotKeep, Drop, Entry, Put
from db.local import EncryptedStore, Vault, place_of, wipe
from db.local.log import FRAME_BYTES
from db.local.wraps import Cost

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CHEAP = Cost(n=2**4)
WORDS = "Emmeline Pankhurst of Nelson Street cannot manage the stairs"
ROOT = Path(__file__).resolve().parents[2]


def entry(key: str, words: str = WORDS, kind: str = "contact") -> Entry:
    return Entry(kind, key, {"need": words}, AT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return place_of(tmp_path, "centre", "cora")


@pytest.fixture
def opened(folder: Path) -> Iterator[Callable[..., EncryptedStore]]:
    made: list[EncryptedStore] = []

    def open_it(password: str = "first word", vault: Vault | None = None) -> EncryptedStore:
        made.append(EncryptedStore(folder, password, vault, CHEAP))
        return made[-1]

    yield open_it
    for store in made:
        store.close()


def crash(store: EncryptedStore) -> None:
    """As the end of its process would leave it: the lock is free, nothing is tidied."""
    store._log.close()
    store._lock.release()
    for lock in store._taken.values():
        lock.release()
    store._closed = True


def keys(store: EncryptedStore) -> list[str]:
    return [each.key for each in store.entries()]


def test_what_was_written_is_there_after_a_crash(opened: Callable[..., EncryptedStore]) -> None:
    first = opened()
    first.write([Put(entry("a")), Put(entry("b"))])
    first.write([Drop("contact", "a"), Put(entry("b", "Changed since"))])
    crash(first)
    second = opened()
    assert [(e.key, e.data["need"], e.at) for e in second.entries()] == [("b", "Changed since", AT)]
    found = second.take_in()
    assert (found.recovered, found.under_other_key, found.damaged) == (1, 0, 0)
    assert second.take_in().recovered == 0


def test_kept_over_a_proper_end_too_and_no_file_stays_when_nothing_is_kept(
    opened: Callable[..., EncryptedStore], folder: Path
) -> None:
    first = opened()
    first.write([Put(entry("a"))])
    first.close()
    second = opened()
    assert keys(second) == ["a"]
    second.write([Drop("contact", "a")])
    second.close()
    assert list(folder.iterdir()) == []


def test_nothing_that_was_typed_can_be_read_on_the_disk(opened: Callable[..., EncryptedStore], tmp_path: Path) -> None:
    store = opened()
    store.write([Put(entry("a secret key", kind="outbox"))])
    store.close()
    seen = b""
    for path in tmp_path.rglob("*"):
        seen += str(path).encode() + (path.read_bytes() if path.is_file() else b"")
    for word in (b"Pankhurst", b"Nelson", b"need", b"outbox", b"a secret key", b"first word", b"cora"):
        assert word not in seen, word
    if os.name != "nt":
        assert {path.stat().st_mode & 0o077 for path in tmp_path.rglob("*")} == {0}


def test_two_clients_at_once_see_their_own_until_one_is_gone(opened: Callable[..., EncryptedStore]) -> None:
    one, other = opened(), opened()
    one.write([Put(entry("one"))])
    other.write([Put(entry("other"))])
    assert other.take_in().recovered == 0 and keys(other) == ["other"]
    crash(one)
    found = other.take_in()
    assert [e.key for e in found.entries] == ["one"] and keys(other) == ["other", "one"]
    crash(other)
    assert keys(opened()) == ["other", "one"]


def test_of_two_with_one_name_both_stay(opened: Callable[..., EncryptedStore]) -> None:
    one, other = opened(), opened()
    one.write([Put(Entry("note", "shift", {"need": "earlier"}, AT))])
    other.write([Put(Entry("note", "shift", {"need": "later"}, AT.replace(hour=10)))])
    crash(one)
    other.take_in()
    assert {e.key: e.data["need"] for e in other.entries()} == {"shift": "later", "shift (2)": "earlier"}


def test_a_client_that_ends_while_it_takes_over_leaves_nothing_twice(
    opened: Callable[..., EncryptedStore], folder: Path
) -> None:
    first = opened()
    first.write([Put(entry("a"))])
    crash(first)
    copy = folder.parent / "copy.log"
    shutil.copy(first._log.path, copy)
    second = opened()
    second.write([Drop("contact", "a"), Put(entry("b"))])
    crash(second)
    shutil.move(copy, first._log.path)  # as if it had ended before it had removed what it took over
    assert keys(opened()) == ["b"]


def test_cut_off_at_every_byte_of_the_last_record_only_that_is_missing(
    opened: Callable[..., EncryptedStore], folder: Path
) -> None:
    first = opened()
    first.write([Put(entry("a"))])
    before = first._log.size
    first.write([Put(entry("b")), Drop("contact", "a")])
    crash(first)
    path, content = first._log.path, first._log.path.read_bytes()
    assert len(content) > before + FRAME_BYTES
    for end in range(before, len(content)):
        path.write_bytes(content[:end])
        store = opened()
        assert keys(store) == ["a"], end
        found = store.take_in()
        assert (found.lost, found.damaged) == (0, 0), end
        store.write([Put(entry("c"))])  # and it can be written on
        crash(store)
        store._log.path.unlink()
    path.write_bytes(content)
    assert keys(opened()) == ["b"]


def test_cut_off_in_the_head_it_had_not_begun(opened: Callable[..., EncryptedStore]) -> None:
    first = opened()
    crash(first)
    path, content = first._log.path, first._log.path.read_bytes()
    for end in range(0, len(content), 7):
        path.write_bytes(content[:end])
        store = opened()
        assert store.take_in().damaged == 0
        store.close()


def test_a_changed_byte_anywhere_spoils_one_record_and_is_noticed(
    opened: Callable[..., EncryptedStore], folder: Path
) -> None:
    first = opened()
    starts = []
    for key in "abc":
        starts.append(first._log.size)
        first.write([Put(entry(key, "x"))])
    crash(first)
    path, content = first._log.path, first._log.path.read_bytes()
    starts.append(len(content))
    for at in range(0, len(content), 3):
        spoilt = bytearray(content)
        spoilt[at] ^= 0x41
        path.write_bytes(spoilt)
        store = opened()
        record = next((n for n in range(3) if starts[n] <= at < starts[n + 1]), None)
        expected = [key for n, key in enumerate("abc") if n != record]
        assert keys(store) == expected, at
        found = store.take_in()
        assert found.damaged == (record is not None), at  # the head is there twice
        assert path.with_suffix(".damaged").exists() == (record is not None)
        path.with_suffix(".damaged").unlink(missing_ok=True)
        crash(store)
        store._log.path.unlink()


def test_records_that_change_places_or_go_missing_are_noticed(opened: Callable[..., EncryptedStore]) -> None:
    first = opened()
    starts = []
    for key in "abc":
        starts.append(first._log.size)
        first.write([Put(entry(key, "x"))])
    crash(first)
    path, content = first._log.path, first._log.path.read_bytes()
    head = content[: starts[0]]
    part = dict(zip("abc", (content[a:b] for a, b in pairwise([*starts, len(content)])), strict=True))
    for order, kept in (("ac", ["a", "c"]), ("bc", ["b", "c"]), ("acb", ["a", "c"]), ("aabc", ["a", "b", "c"])):
        path.write_bytes(head + b"".join(part[each] for each in order))
        store = opened()
        assert keys(store) == kept
        assert store.take_in().damaged == (len(kept) < 3)
        path.with_suffix(".damaged").unlink(missing_ok=True)
        crash(store)
        store._log.path.unlink()


def test_a_changed_password_sets_aside_and_the_former_one_brings_it_back(
    opened: Callable[..., EncryptedStore],
) -> None:
    first = opened("former")
    first.write([Put(entry("a"))])
    first.close()
    second = opened("new")
    assert keys(second) == [] and second.take_in().under_other_key == 1
    assert second.take_in("wrong").under_other_key == 1
    assert [e.key for e in second.take_in("former").entries] == ["a"]
    assert second.take_in().under_other_key == 0
    crash(second)
    assert keys(opened("new")) == ["a"]


def test_the_keyring_opens_what_the_new_password_does_not(opened: Callable[..., EncryptedStore]) -> None:
    ring: list[bytes] = []
    vault = Vault(lambda: ring[-1] if ring else None, lambda key: ring.append(key) or True)
    first = opened("former", vault)
    first.write([Put(entry("a"))])
    crash(first)
    second = opened("new", vault)
    assert keys(second) == ["a"] and len(ring) == 1
    crash(second)
    assert keys(opened("new")) == ["a"], "from then on under the new password"


def test_the_password_is_known_again_without_a_database(opened: Callable[..., EncryptedStore]) -> None:
    store = opened("first word")
    assert store.opens_with("first word")
    assert not store.opens_with("another")


def test_a_long_file_is_tidied_and_keeps_what_is_kept(
    opened: Callable[..., EncryptedStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.local.store._TIDY_FROM", 20_000)
    store = opened()
    store.write([Put(entry("kept"))])
    for number in range(300):
        store.write([Put(entry("typed", f"{number} {WORDS}"))])
    assert store._log.size < 30_000
    assert store._log.size == store._log.path.stat().st_size
    crash(store)
    assert {e.key: e.data["need"] for e in opened().entries()} == {"kept": WORDS, "typed": f"299 {WORDS}"}


def test_a_write_that_fails_leaves_the_file_whole(
    opened: Callable[..., EncryptedStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened()
    store.write([Put(entry("a"))])
    real = os.write

    def full(file: int, content: bytes) -> int:
        if len(content) > 50:
            return real(file, content[:50])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("db.local.log.os.write", full)
    with pytest.raises(CannotKeep) as told:
        store.write([Put(entry("b"))])
    assert told.value.trouble == "disk_full"
    monkeypatch.undo()
    assert keys(store) == ["a"]
    store.write([Put(entry("c"))])
    crash(store)
    again = opened()
    assert keys(again) == ["a", "c"] and again.take_in().damaged == 0


def test_wiped_nothing_is_left(opened: Callable[..., EncryptedStore], folder: Path) -> None:
    store = opened()
    store.write([Put(entry("a"))])
    crash(store)
    assert wipe(folder) and not folder.exists()
    assert wipe(folder)
    assert keys(opened()) == []


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CannotKeep):
        EncryptedStore(tmp_path / "file" / "drafts", "word", None, CHEAP)


_WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from coordination.local.model import Entry, Put
from db.local import EncryptedStore
from db.local.wraps import Cost
store = EncryptedStore(Path(sys.argv[1]), "word", None, Cost(n=16))
for number in range(100_000):
    store.write([Put(Entry("contact", "typed", {"n": number, "words": "x" * 400}, datetime.now(UTC)))])
    print(number, flush=True)
"""


def test_killed_while_it_writes_every_word_that_was_acknowledged_is_there(folder: Path) -> None:
    for heard in (1, 17, 60):
        child = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert child.stdout
        last = [int(child.stdout.readline()) for _ in range(heard)][-1]
        child.kill()
        child.wait(30)
        rest = child.stdout.read().split()
        child.stdout.close()
        last = int(rest[-1]) if rest else last
        store = EncryptedStore(folder, "word", None, CHEAP)
        (kept,) = store.entries()
        assert kept.data["n"] in (last, last + 1)
        store.write([Drop("contact", "typed")])
        store.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    written=st.lists(st.tuples(st.sampled_from("abcd"), st.text(max_size=20)), min_size=1, max_size=8),
    garbage=st.binary(max_size=60),
    at=st.integers(0, 10_000),
)
def test_whatever_happens_to_the_file_it_opens_and_invents_nothing(
    tmp_path: Path, written: list[tuple[str, str]], garbage: bytes, at: int
) -> None:
    folder = place_of(tmp_path, "centre", "hypothesis")
    store = EncryptedStore(folder, "word", None, CHEAP)
    for key, words in written:
        store.write([Put(entry(key, words))])
    crash(store)
    content = store._log.path.read_bytes()
    at %= len(content)
    store._log.path.write_bytes(content[:at] + garbage + content[at + len(garbage) :])
    again = EncryptedStore(folder, "word", None, CHEAP)
    try:
        assert {(e.key, e.data["need"]) for e in again.entries()} <= set(written)
    finally:
        crash(again)
        wipe(folder)
