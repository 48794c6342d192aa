"""Hand-written SQL beside this file: 0023_answers.up.sql and 0023_answers.down.sql."""

from db.migrations.sql import run

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0023_answers.up.sql")


def downgrade() -> None:
    run("0023_answers.down.sql")
