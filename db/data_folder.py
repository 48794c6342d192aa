"""What stands beside the embedded server in a data folder: what its database was last prepared for, whether it is for
training, and the folder for messages. In files, because asking the database needs a login and none is kept on disk.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Literal

from filelock import FileLock

import resources
from coordination.messages.inbox import DEFAULT_FOLDER
from db import migrations

City = Literal["wanted", "loaded", "none"]
"""the training city: to be loaded, there, or not to come because the folder is for something else"""
_RESOURCES = Path(resources.__file__).parent


class DataFolder:
    """One folder of one computer."""

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self._prepared, self._city = folder / "prepared-for", folder / "training-city"
        self._restoring = folder / "restoring"

    def one_at_a_time(self) -> FileLock:
        """Two desks that open one new data folder: the second waits until the first has prepared it."""
        return FileLock(self.path / "prepare.lock", timeout=600)

    def is_prepared(self) -> bool:
        """Whether the database was prepared for this program, with the reference data and forms of today."""
        return self._prepared.exists() and self._prepared.read_text(encoding="ascii") == self._expected

    def mark_prepared(self) -> None:
        self._prepared.write_text(self._expected, encoding="ascii")

    def wants_city(self) -> bool:
        """Whether the training city is still to be loaded."""
        return self._city.exists() and self._city.read_text(encoding="ascii") == "wanted"

    def mark_city(self, state: City) -> None:
        self._city.write_text(state, encoding="ascii")

    def is_restoring(self) -> bool:
        """Whether a backup was being put back here when its program was killed: what is there is no database yet."""
        return self._restoring.exists()

    def mark_restoring(self) -> None:
        self._restoring.touch(mode=0o600)

    def mark_restored(self) -> None:
        self._restoring.unlink(missing_ok=True)

    def make_inbox(self) -> None:
        """The folder that the database's own inbox watches."""
        (self.path / DEFAULT_FOLDER).mkdir(mode=0o700, exist_ok=True)

    @cached_property
    def _expected(self) -> str:
        """What a prepared database holds: the revision, and the reference data and forms as they stand in the files."""
        content = hashlib.sha256()
        for file in sorted((*(_RESOURCES / "reference").glob("*.toml"), *(_RESOURCES / "forms").glob("*.toml"))):
            content.update(file.name.encode() + b"\0" + file.read_bytes())
        return f"{migrations.head()} {content.hexdigest()}"
