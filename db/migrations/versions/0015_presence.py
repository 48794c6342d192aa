"""Hand-written SQL beside this file: 0015_presence.up.sql and 0015_presence.down.sql."""

from db.migrations.sql import run

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0015_presence.up.sql")


def downgrade() -> None:
    run("0015_presence.down.sql")
