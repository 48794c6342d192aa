"""Hand-written SQL beside this file: 0024_entry.up.sql and 0024_entry.down.sql."""

from db.migrations.sql import run

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0024_entry.up.sql")


def downgrade() -> None:
    run("0024_entry.down.sql")
