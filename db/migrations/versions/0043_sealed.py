"""Hand-written SQL beside this file: 0043_sealed.up.sql and 0043_sealed.down.sql."""

from db.migrations.sql import run

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0043_sealed.up.sql")


def downgrade() -> None:
    run("0043_sealed.down.sql")
