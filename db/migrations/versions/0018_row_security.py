"""Hand-written SQL beside this file: 0018_row_security.up.sql and 0018_row_security.down.sql."""

from db.migrations.sql import run

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0018_row_security.up.sql")


def downgrade() -> None:
    run("0018_row_security.down.sql")
