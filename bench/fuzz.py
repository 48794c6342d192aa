"""Throw altered files at a door and see whether anything unforeseen happens.

    python -m bench.fuzz --list
    python -m bench.fuzz --door message --seconds 120 [--seed 7] [--loop]
    python -m bench.fuzz --door all --seconds 600
    python -m bench.fuzz --door message --input FILE       once more, with what was found

With ``atheris`` (extra ``fuzz``; Linux) what to try next follows from which lines ran; without it, or with ``--loop``,
valid examples are edited at random. Each finding is printed with its traceback and written under ``--out``; the exit
code is 1 when there was one. A file whose reading takes longer than ``--slowest`` seconds of CPU is a finding too.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import random
import struct
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from bench.fuzz_door import Door
from bench.fuzz_doors import DOORS, enter
from bench.fuzz_mutate import MOST, Edit, edited, random_edits

_EDIT = struct.Struct("<BIIH")
_MOST_OF_A_KIND = 3  # findings that are told of one place


@dataclass
class Told:
    """What was found so far. Findings of one place in the code are counted together."""

    out: Path
    slowest: float
    tries: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0

    def run(self, door: Door, content: bytes) -> None:
        self.tries += 1
        began = time.thread_time()
        try:
            self.answers[enter(door, content)] += 1
        except Exception as unforeseen:
            last = traceback.extract_tb(unforeseen.__traceback__)[-1]
            self._found(door, content, f"{type(unforeseen).__name__} at {Path(last.filename).name}:{last.lineno}")
        took = time.thread_time() - began
        self.longest = max(self.longest, took)
        if took > self.slowest:
            self._found(door, content, "slow", f"{took:.1f} s of CPU for {len(content):,} bytes")

    def _found(self, door: Door, content: bytes, place: str, words: str = "") -> None:
        self.places[place] += 1
        if self.places[place] > _MOST_OF_A_KIND:
            return
        self.out.mkdir(parents=True, exist_ok=True)
        file = self.out / f"{door.name}-{hashlib.sha256(content).hexdigest()[:12]}"
        file.write_bytes(content)
        print(f"--- {door.name}: {place} {words}\n    {file}")
        if not words:
            traceback.print_exc(limit=-4, file=sys.stdout)
        sys.stdout.flush()

    def line(self, door: Door) -> str:
        answers = ", ".join(f"{name} {count:,}" for name, count in self.answers.most_common())
        found = f"{self.tries:>9,} tries  {len(self.places):>3} findings  longest {self.longest:.2f} s"
        return f"{door.name:<16} {found}  ({answers})"


def one(door: Door, told: Told, dice: random.Random) -> None:
    """One edited example; now and then two that are joined, or noise."""
    examples = door.examples()
    content = dice.choice(examples)
    if dice.random() < 0.02:
        content = dice.randbytes(dice.randrange(2000))
    elif dice.random() < 0.05:
        content += dice.choice(examples)
    told.run(door, edited(content, random_edits(dice)))


def loop(door: Door, told: Told, seconds: float, seed: int) -> None:
    dice = random.Random(f"{door.name} {seed}")
    for example in door.examples():
        told.run(door, example)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        one(door, told, dice)


def with_atheris(door: Door, told: Told, seconds: float, seed: int) -> None:
    """Half of the bytes that atheris makes up are edits of an example, half are the file itself. Ends the process."""
    atheris = import_module("atheris")
    examples = door.examples()
    ends = time.monotonic() + seconds

    def once(made: bytes) -> None:
        if time.monotonic() > ends:  # the fuzzer would end the process without a word
            print(told.line(door), flush=True)
            os._exit(bool(told.places))
        if made[:1] < b"\x80" and len(made) > 2:
            content = edited(examples[made[1] % len(examples)], list(_edits(made[2:62])))
        else:
            content = made[1:]
        told.run(door, content)

    with tempfile.TemporaryDirectory() as corpus:
        for number, example in enumerate(examples):
            Path(corpus, str(number)).write_bytes(b"\xff" + example)
        limits = f"-max_total_time={int(seconds) + 60}", f"-max_len={min(MOST, 65_536)}"
        atheris.Setup([sys.argv[0], *limits, f"-seed={seed or 1}", "-verbosity=0", corpus], once)
        atheris.Fuzz()


def _edits(made: bytes) -> list[Edit]:
    whole = len(made) // _EDIT.size * _EDIT.size
    return [(w, x, y, z) for w, x, y, z in _EDIT.iter_unpack(made[:whole])]


def _fuzz(name: str, options: argparse.Namespace) -> None:
    """One door, in a process of its own: its exit code says whether there was a finding."""
    door, told = DOORS[name], Told(options.out, options.slowest)
    if not options.loop and _has_atheris():
        atheris = import_module("atheris")
        with atheris.instrument_imports(include=["coordination", "db", "ui"], enable_loader_override=False):
            Told(options.out, options.slowest).run(door, door.examples()[0])  # its imports come when it first runs
        with_atheris(door, told, options.seconds, options.seed)
    else:
        loop(door, told, options.seconds, options.seed)
        print(told.line(door), flush=True)
    sys.exit(1 if told.places else 0)


def _has_atheris() -> bool:
    return find_spec("atheris") is not None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__.split("\n")[0])
    parser.add_argument("--list", action="store_true", help="the doors, with the first line of what each is")
    parser.add_argument("--door", default="all", choices=["all", *DOORS], metavar="NAME")
    parser.add_argument("--seconds", type=float, default=60, help="of each door")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--loop", action="store_true", help="without atheris, also where it is there")
    parser.add_argument("--slowest", type=float, default=5.0, metavar="SECONDS", help="of CPU, for one file")
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "centre-fuzz", metavar="DIR")
    parser.add_argument("--input", type=Path, metavar="FILE", help="one file, and its traceback")
    options = parser.parse_args()
    if options.list:
        for door in DOORS.values():
            print(f"{door.name:<16} {(door.enter.__doc__ or '').splitlines()[0]}")
        return 0
    if options.input is not None:
        print(enter(DOORS[options.door], options.input.read_bytes()))
        return 0
    names = list(DOORS) if options.door == "all" else [options.door]
    bad = 0
    for name in names:
        process = multiprocessing.get_context("spawn").Process(target=_fuzz, args=(name, options))
        process.start()
        process.join()
        bad += process.exitcode != 0
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
