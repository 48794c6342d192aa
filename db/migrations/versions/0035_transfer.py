"""Hand-written SQL beside this file: 0035_transfer.up.sql and 0035_transfer.down.sql."""

from db.migrations.sql import run

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0035_transfer.up.sql")


def downgrade() -> None:
    run("0035_transfer.down.sql")
