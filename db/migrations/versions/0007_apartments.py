"""Hand-written SQL beside this file: 0007_apartments.up.sql and 0007_apartments.down.sql."""

from db.migrations.sql import run

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0007_apartments.up.sql")


def downgrade() -> None:
    run("0007_apartments.down.sql")
