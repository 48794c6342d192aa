"""Hand-written SQL beside this file: 0055_names_and_turns.up.sql and 0055_names_and_turns.down.sql."""

from db.migrations.sql import run

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0055_names_and_turns.up.sql")


def downgrade() -> None:
    run("0055_names_and_turns.down.sql")
