"""Hand-written SQL beside this file: 0047_sign_in.up.sql and 0047_sign_in.down.sql."""

from db.migrations.sql import run

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0047_sign_in.up.sql")


def downgrade() -> None:
    run("0047_sign_in.down.sql")
