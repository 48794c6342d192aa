"""Hand-written SQL beside this file: 0019_forms.up.sql and 0019_forms.down.sql."""

from db.migrations.sql import run

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0019_forms.up.sql")


def downgrade() -> None:
    run("0019_forms.down.sql")
