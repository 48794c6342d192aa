"""Hand-written SQL beside this file: 0005_careplan.up.sql and 0005_careplan.down.sql."""

from db.migrations.sql import run

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0005_careplan.up.sql")


def downgrade() -> None:
    run("0005_careplan.down.sql")
