"""Hand-written SQL beside this file: 0045_glass.up.sql and 0045_glass.down.sql."""

from db.migrations.sql import run

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0045_glass.up.sql")


def downgrade() -> None:
    run("0045_glass.down.sql")
