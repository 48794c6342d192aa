"""Hand-written SQL beside this file: 0039_schemes.up.sql and 0039_schemes.down.sql."""

from db.migrations.sql import run

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0039_schemes.up.sql")


def downgrade() -> None:
    run("0039_schemes.down.sql")
