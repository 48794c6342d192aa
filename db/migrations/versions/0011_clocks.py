"""Hand-written SQL beside this file: 0011_clocks.up.sql and 0011_clocks.down.sql."""

from db.migrations.sql import run

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0011_clocks.up.sql")


def downgrade() -> None:
    run("0011_clocks.down.sql")
