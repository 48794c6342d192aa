"""Hand-written SQL beside this file: 0014_merging.up.sql and 0014_merging.down.sql."""

from db.migrations.sql import run

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0014_merging.up.sql")


def downgrade() -> None:
    run("0014_merging.down.sql")
