"""What is said of a fault of the audit trail, on screen and on the command line."""

from __future__ import annotations

from coordination.governance.sealing import Fault, SetBack

FAULTS = {
    "altered": "Entry {entry} is not as it was when seal {seal} was made.",
    "missing": "Entry {entry} of seal {seal} is no longer there.",
    "inserted": "Entry {entry} was put in after seal {seal} was made.",
    "seal_altered": "Seal {seal} was altered, or does not follow the one before it.",
    "seal_missing": "Seal {seal} is no longer there.",
    "not_the_kept_one": "The trail has no seal {seal} like the one that was kept: it was sealed anew since.",
    "ends_before_kept": "The trail ends before seal {seal}, which was kept. In a backup that is older than that seal "
    "it must; anywhere else the latest seals were taken out.",
}


def fault_words(fault: Fault) -> str:
    """A sentence that names the entry and the seal."""
    return FAULTS[fault.kind].format(entry=fault.entry, seal=fault.seal)


def set_back_words(back: SetBack) -> str:
    """Where the clock went backwards. What it means, a person finds out."""
    minutes = max(1, round(back.by.total_seconds() / 60))
    long = f"{minutes:,} minutes" if minutes < 120 else f"{minutes // 60:,} hours"
    return (
        f"Entry {back.entry} of seal {back.seal} is dated {long} before the one in front of it: the clock was set back."
    )
