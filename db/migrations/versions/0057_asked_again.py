"""Hand-written SQL beside this file: 0057_asked_again.up.sql and 0057_asked_again.down.sql."""

from db.migrations.sql import run

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0057_asked_again.up.sql")


def downgrade() -> None:
    run("0057_asked_again.down.sql")
