"""What stewards decided, and the day that a run takes for today."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table of decisions; earlier runs keep an unknown day."""
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("left_keys", sa.JSON, nullable=False),
        sa.Column("right_keys", sa.JSON, nullable=False),
        sa.Column("attribute", sa.String(40)),
        sa.Column("value", sa.Text),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("decided_at", sa.DateTime, nullable=False),
        sa.Column("expires_on", sa.Date),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("withdrawn_at", sa.DateTime),
        sa.Column("withdrawn_by", sa.String(100)),
        sa.Column("withdrawn_why", sa.Text),
    )
    op.add_column("run", sa.Column("as_of", sa.Date))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("run", "as_of")
    op.drop_table("decision")
