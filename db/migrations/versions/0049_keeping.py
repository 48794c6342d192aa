"""Hand-written SQL beside this file: 0049_keeping.up.sql and 0049_keeping.down.sql."""

from db.migrations.sql import run

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0049_keeping.up.sql")


def downgrade() -> None:
    run("0049_keeping.down.sql")
