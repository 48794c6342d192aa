"""Hand-written SQL beside this file: 0044_access.up.sql and 0044_access.down.sql."""

from db.migrations.sql import run

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0044_access.up.sql")


def downgrade() -> None:
    run("0044_access.down.sql")
