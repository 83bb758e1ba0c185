"""Versions of the weights in the database."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, insert, select, update

from services.scoring.domain.versions import Version
from services.scoring.tables import model_version as table

_SUMMARY = (
    table.c.model,
    table.c.version,
    table.c.document_hash,
    table.c.rules_hash,
    table.c.effective_from,
    table.c.state,
    table.c.author_person_id,
    table.c.proposed_at,
    table.c.proposal_reason,
    table.c.approver_person_id,
    table.c.approved_at,
    table.c.approval_reason,
    table.c.imported_in_force_from,
)


def all_versions(connection: Connection, model: str | None = None) -> list[Version]:
    """Every version (of one model), without content, in the order of their names."""
    query = select(*_SUMMARY).order_by(table.c.model, table.c.version)
    if model is not None:
        query = query.where(table.c.model == model)
    return [Version(*row) for row in connection.execute(query)]


def one_version(
    connection: Connection, model: str, version: str, *, lock: bool = False
) -> Version | None:
    """A version by its name; with `lock`, nobody else changes it until the end."""
    query = select(*_SUMMARY).where(table.c.model == model, table.c.version == version)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Version(*row)


def text_of(connection: Connection, document_hash: str) -> str:
    """The document of a version, byte for byte as it came."""
    return str(
        connection.execute(
            select(table.c.text).where(table.c.document_hash == document_hash)
        ).scalar_one()
    )


def add_version(connection: Connection, version: Version, text: str) -> None:
    """Store a validated version."""
    connection.execute(
        insert(table).values(
            model=version.model,
            version=version.version,
            text=text,
            document_hash=version.document_hash,
            rules_hash=version.rules_hash,
            effective_from=version.effective_from,
            state=version.state,
        )
    )


def change_version(
    connection: Connection, version: Version, changes: Mapping[str, object | date]
) -> None:
    """Write down who proposed or approved; the content never changes."""
    connection.execute(
        update(table)
        .where(table.c.model == version.model, table.c.version == version.version)
        .values(**changes)
    )
