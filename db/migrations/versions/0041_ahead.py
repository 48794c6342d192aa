"""Hand-written SQL beside this file: 0041_ahead.up.sql and 0041_ahead.down.sql."""

from db.migrations.sql import run

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0041_ahead.up.sql")


def downgrade() -> None:
    run("0041_ahead.down.sql")
