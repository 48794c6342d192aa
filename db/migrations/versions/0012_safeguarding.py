"""Hand-written SQL beside this file: 0012_safeguarding.up.sql and 0012_safeguarding.down.sql."""

from db.migrations.sql import run

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0012_safeguarding.up.sql")


def downgrade() -> None:
    run("0012_safeguarding.down.sql")
