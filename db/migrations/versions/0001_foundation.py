"""Hand-written SQL beside this file: 0001_foundation.up.sql and 0001_foundation.down.sql."""

from db.migrations.sql import run

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0001_foundation.up.sql")


def downgrade() -> None:
    run("0001_foundation.down.sql")
