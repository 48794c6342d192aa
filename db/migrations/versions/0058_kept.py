"""Hand-written SQL beside this file: 0058_kept.up.sql and 0058_kept.down.sql."""

from db.migrations.sql import run

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0058_kept.up.sql")


def downgrade() -> None:
    run("0058_kept.down.sql")
