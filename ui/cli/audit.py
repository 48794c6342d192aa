"""``centre admin …`` for the audit trail: seal it, and see whether it is as it was sealed (R4)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from coordination.governance.sealing import KeptSeal, Verdict
from ui.cli.opened import Opened
from ui.governance.sealing_words import fault_words, set_back_words

_SHOWN = 20
_LONGEST_SEAL = 10_000  # bytes


def add_parser(admin: Any) -> None:
    seal = admin.add_parser("seal-audit", help="seal the audit trail, and write its latest seal to keep elsewhere")
    seal.add_argument("--out", type=Path, metavar="FILE", help="where the latest seal is written; default: printed")
    seal.set_defaults(run=seal_audit)

    verify = admin.add_parser("verify-audit", help="name every entry that was altered, taken out or put in")
    verify.add_argument("--seal", type=Path, metavar="FILE", help="a seal that was kept elsewhere")
    verify.set_defaults(run=verify_audit)


def _short(path: Path) -> str:
    """Raises OSError, ValueError."""
    if not path.is_file() or path.stat().st_size > _LONGEST_SEAL:
        raise OSError("no file of a seal")
    return path.read_text(encoding="utf-8")


def seal_audit(options: argparse.Namespace, opened: Opened) -> int:
    """0 when the trail is sealed; the latest seal holds all those before it."""
    governance = opened.sign_in("ig_lead").services.governance
    governance.seal_up()
    latest = governance.latest_seal()
    if latest is None:
        print("There is nothing to seal yet.")
        return 0
    if options.out is None:
        print(latest.as_json(), end="")
    else:
        options.out.write_text(latest.as_json(), encoding="utf-8")
        print(f"Seal {latest.number} is in {options.out}. Keep it away from the database.")
    return 0


def verify_audit(options: argparse.Namespace, opened: Opened) -> int:
    """0 when the trail is as it was sealed, 1 with each fault named, 2 when the kept seal cannot be read."""
    kept = None
    if options.seal is not None:
        try:
            kept = KeptSeal.from_json(_short(options.seal))
        except (OSError, ValueError):
            print(f"{options.seal} is not a seal that can be read. Nothing was looked at.", file=sys.stderr)
            return 2
    verdict = opened.sign_in("ig_lead").services.governance.verify_audit(kept)
    print("\n".join(in_words(verdict)))
    return 0 if verdict.sound else 1


def in_words(verdict: Verdict) -> list[str]:
    """Every line that is printed about it."""
    lines = [fault_words(fault) for fault in verdict.faults[:_SHOWN]]
    if len(verdict.faults) > _SHOWN:
        lines.append(f"And {len(verdict.faults) - _SHOWN} more.")
    lines += [set_back_words(back) for back in verdict.set_back[:_SHOWN]]
    if len(verdict.set_back) > _SHOWN:
        lines.append(f"And the clock was set back {len(verdict.set_back) - _SHOWN} times more.")
    counted = f"{verdict.entries:,} entries under {verdict.seals:,} seals; {verdict.unsealed:,} since the latest seal."
    if verdict.latest is not None:
        counted += f" Latest seal: {verdict.latest.number}, {verdict.latest.digest.hex()}."
    many = len(verdict.faults)
    found = "The trail is as it was sealed." if verdict.sound else f"{many:,} {'fault' if many == 1 else 'faults'}."
    return [*lines, counted, found]
