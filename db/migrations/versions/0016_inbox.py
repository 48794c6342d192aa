"""Hand-written SQL beside this file: 0016_inbox.up.sql and 0016_inbox.down.sql."""

from db.migrations.sql import run

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0016_inbox.up.sql")


def downgrade() -> None:
    run("0016_inbox.down.sql")
