"""How the names of children sound, for searching.

Revision ID: child_name_keys
"""

import sqlalchemy as sa
from alembic import op

from services.referrals.domain.child_names import keys_of

revision = "child_name_keys"
down_revision = "referral_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every child who has a name is found by it."""
    keys = op.create_table(
        "child_name_key",
        sa.Column("key", sa.String(length=8), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.child_id"]),
        sa.PrimaryKeyConstraint("key", "child_id"),
    )
    op.create_index("ix_child_name_key_child_id", "child_name_key", ["child_id"], unique=False)
    child = sa.table(
        "child",
        sa.column("child_id", sa.Uuid()),
        sa.column("given_name", sa.String()),
        sa.column("family_name", sa.String()),
    )
    connection = op.get_bind()
    for children in connection.execute(sa.select(child)).partitions(1000):
        rows = [
            {"key": key, "child_id": child_id}
            for child_id, given_name, family_name in children
            for key in sorted(keys_of((given_name, family_name)))
        ]
        if rows:
            connection.execute(sa.insert(keys), rows)
