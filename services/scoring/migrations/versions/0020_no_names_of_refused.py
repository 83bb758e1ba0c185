"""What is kept of updates that were rejected no longer holds whom they named.

Revision ID: 0020
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

AT_ONCE = 1000
KEPT = {
    "source",
    "source_ref",
    "revision",
    "child",
    "child_id",
    "identifiers",
    "type",
    "value",
    "code",
    "answer",
    "observed_on",
    "observed_until",
    "incident_ref",
    "sequence",
    "note_ref",
    "handling",
    "retracted",
}
rejected = sa.table(
    "rejected_update",
    sa.column("receipt_id", sa.Uuid()),
    sa.column("place", sa.Integer()),
    sa.column("content", sa.Text()),
)


def upgrade() -> None:
    """The journal holds no digest of these contents."""
    connection = op.get_bind()
    of_key = (
        rejected.c.receipt_id == sa.bindparam("of_receipt"),
        rejected.c.place == sa.bindparam("of_place"),
    )
    shorten = sa.update(rejected).where(*of_key).values(content=sa.bindparam("shorter"))
    # Read to the end before anything is written: rows that are being walked aren't changed.
    changed = [
        {"of_receipt": row.receipt_id, "of_place": row.place, "shorter": shorter}
        for row in connection.execute(sa.select(rejected))
        if (shorter := _shorter(row.content)) != row.content
    ]
    for first in range(0, len(changed), AT_ONCE):
        connection.execute(shorten, changed[first : first + AT_ONCE])


def _shorter(content: str) -> str:
    sent = json.loads(content)
    return json.dumps(_kept(sent) if isinstance(sent, dict) else None)


def _kept(sent: object) -> object:
    if isinstance(sent, dict):
        return {name: _kept(value) for name, value in sent.items() if name in KEPT}
    if isinstance(sent, list):
        return [_kept(each) for each in sent]
    return sent
