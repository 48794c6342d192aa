"""Hand-written SQL beside this file: 0046_looked.up.sql and 0046_looked.down.sql."""

from db.migrations.sql import run

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0046_looked.up.sql")


def downgrade() -> None:
    run("0046_looked.down.sql")
