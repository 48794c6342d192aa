"""Hand-written SQL beside this file: 0040_home_first.up.sql and 0040_home_first.down.sql."""

from db.migrations.sql import run

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0040_home_first.up.sql")


def downgrade() -> None:
    run("0040_home_first.down.sql")
