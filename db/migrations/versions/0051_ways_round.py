"""Hand-written SQL beside this file: 0051_ways_round.up.sql and 0051_ways_round.down.sql."""

from db.migrations.sql import run

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0051_ways_round.up.sql")


def downgrade() -> None:
    run("0051_ways_round.down.sql")
