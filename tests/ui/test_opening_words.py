"""Everything that opening a database can say has a sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coordination.errors import CannotOpen
from db.embedded import FolderBusy, FolderUnusable, OwnerUnknown, ProgramsMissing, ServerWontStart, TooNew, TooOld
from db.revision import SchemaDiffers
from ui.sentences import sentence, sentences

FOLDER = Path("/data")
REASONS = re.findall(r"``(\w+)``", FolderUnusable.__doc__ or "")


@pytest.mark.parametrize(
    "error",
    [
        FolderBusy(FOLDER, 240.0),
        ServerWontStart("start", 1, FOLDER / "log"),
        OwnerUnknown(2),
        TooOld(17, 18),
        TooNew(19, 18),
        ProgramsMissing("initdb"),
        SchemaDiffers("0003", "0008"),
        SchemaDiffers("0009", "0008"),
        *(FolderUnusable(FOLDER, reason, "EIO") for reason in REASONS if reason not in ("reason", "detail")),
    ],
    ids=str,
)
def test_it_is_said_in_words(error: CannotOpen) -> None:
    assert error.obstacle.code in sentences()
    assert "{" not in sentence(error)
