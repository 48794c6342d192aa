"""Hand-written SQL beside this file: 0038_stays.up.sql and 0038_stays.down.sql."""

from db.migrations.sql import run

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0038_stays.up.sql")


def downgrade() -> None:
    run("0038_stays.down.sql")
