"""The run ledger: runs, their steps, and the pulls of each source."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the three tables of the ledger."""
    op.create_table(
        "run",
        sa.Column("run_id", sa.String(40), primary_key=True),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.Column("finished_at", sa.DateTime),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("config_digest", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer),
        sa.Column("message", sa.Text),
    )
    op.create_table(
        "step_run",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.String(40), sa.ForeignKey("run.run_id"), nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.Column("finished_at", sa.DateTime),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("counts", sa.JSON),
        sa.Column("message", sa.Text),
    )
    op.create_index("step_run_by_run", "step_run", ["run_id", "step"])
    op.create_table(
        "source_pull",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("run_id", sa.String(40), nullable=False),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.Column("finished_at", sa.DateTime),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("rows", sa.Integer),
        sa.Column("error", sa.String(40)),
        sa.Column("message", sa.Text),
    )
    op.create_index("source_pull_by_source", "source_pull", ["source", "started_at"])


def downgrade() -> None:
    """Drop them."""
    for table in ("source_pull", "step_run", "run"):
        op.drop_table(table)
