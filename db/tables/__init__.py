"""The tables as the stores use them; a test holds them against the migrated schema."""

from sqlalchemy import MetaData

METADATA = MetaData()
