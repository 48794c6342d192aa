"""Backups of a whole database: taken while desks work, encrypted, and proved by restoring them."""

from db.backup.contents import Difference, Manifest
from db.backup.folders import prove, restore_into
from db.backup.restoring import read_manifest, restore
from db.backup.taking import take

__all__ = ["Difference", "Manifest", "prove", "read_manifest", "restore", "restore_into", "take"]
