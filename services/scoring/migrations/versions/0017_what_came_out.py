"""What came out of an assessment, and how an activation ended, is never changed.

Revision ID: 0017
"""

from alembic import op

from shared.storage.append_only import forbid

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What runs goes on; what has come to its end stands."""
    connection = op.get_bind()
    forbid(connection, "assessment", "keeps_what_came_out", "UPDATE", "OLD.status <> 'running'")
    ended = "OLD.completed_at IS NOT NULL OR OLD.superseded_at IS NOT NULL"
    forbid(connection, "activation", "keeps_how_it_ended", "UPDATE", ended)
