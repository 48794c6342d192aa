"""The encrypted store on this computer, for drafts and the outbox. Opened by the composition root after sign-in."""

from db.local.folder import place_of, wipe
from db.local.store import EncryptedStore
from db.local.wraps import Vault

__all__ = ["EncryptedStore", "Vault", "place_of", "wipe"]
