"""Hand-written SQL beside this file: 0032_settled.up.sql and 0032_settled.down.sql."""

from db.migrations.sql import run

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0032_settled.up.sql")


def downgrade() -> None:
    run("0032_settled.down.sql")
