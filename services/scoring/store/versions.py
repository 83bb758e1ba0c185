"""Versions of the weights in the database, the drafts they come from, and their steps."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select, update

from services.scoring.domain.lifecycle import Command, State
from services.scoring.domain.versions import Version
from services.scoring.tables import model_draft, model_step, standing
from services.scoring.tables import model_version as table
from shared.storage.upsert import upserting

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
    table.c.approved_assessment_id,
    table.c.approved_engine_version,
    table.c.imported_in_force_from,
    table.c.returns_to,
    table.c.ended_at,
    table.c.ended_by_person_id,
    table.c.end_reason,
    table.c.ended_affected,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What an author is writing."""

    model: str
    version: str
    text: str
    author_person_id: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """A step in the life of a version: who, when, why, which content."""

    model: str
    version: str
    at: datetime
    command: Command
    from_state: State | None
    to_state: State
    person_id: str | None
    reason: str | None
    document_hash: str
    affected: int | None = None


def all_versions(connection: Connection, model: str | None = None) -> list[Version]:
    """Every version (of one model), without content, in the order of their names."""
    query = select(*_SUMMARY).order_by(table.c.model, table.c.version)
    if model is not None:
        query = query.where(table.c.model == model)
    return [_version(row) for row in connection.execute(query)]


def one_version(connection: Connection, model: str, version: str) -> Version | None:
    """A version by its name."""
    query = select(*_SUMMARY).where(table.c.model == model, table.c.version == version)
    row = connection.execute(query).one_or_none()
    return None if row is None else _version(row)


def text_of(connection: Connection, document_hash: str) -> str:
    """The document of a version, byte for byte as it came."""
    return str(
        connection.execute(
            select(table.c.text).where(table.c.document_hash == document_hash)
        ).scalar_one()
    )


def add_version(connection: Connection, version: Version, text: str) -> None:
    """Store a version whose content is sound."""
    connection.execute(
        insert(table).values(
            model=version.model,
            version=version.version,
            text=text,
            document_hash=version.document_hash,
            rules_hash=version.rules_hash,
            effective_from=version.effective_from,
            state=version.state,
            author_person_id=version.author_person_id,
            proposed_at=version.proposed_at,
            proposal_reason=version.proposal_reason,
            approver_person_id=version.approver_person_id,
            approved_at=version.approved_at,
            approval_reason=version.approval_reason,
            approved_hash=None if version.approved_at is None else version.document_hash,
            returns_to=version.returns_to,
        )
    )


def change_version(
    connection: Connection, version: Version, changes: Mapping[str, object | date]
) -> None:
    """Write down who proposed, approved or ended it; the content never changes."""
    connection.execute(
        update(table)
        .where(table.c.model == version.model, table.c.version == version.version)
        .values(**changes)
    )


def children_under(connection: Connection, document_hash: str) -> int:
    """How many children's scores stand under a content."""
    return (
        connection.scalar(
            select(func.count())
            .select_from(standing)
            .where(standing.c.document_hash == document_hash)
        )
        or 0
    )


def children_scored(connection: Connection) -> int:
    """How many children have a score."""
    return connection.scalar(select(func.count()).select_from(standing)) or 0


def add_step(connection: Connection, step: Step, entry_id: UUID) -> None:
    """Write down a step, with the journal entry that tells of it."""
    connection.execute(
        insert(model_step).values(
            entry_id=entry_id,
            model=step.model,
            version=step.version,
            at=step.at,
            command=step.command,
            from_state=step.from_state,
            to_state=step.to_state,
            person_id=step.person_id,
            reason=step.reason,
            document_hash=step.document_hash,
            affected=step.affected,
        )
    )


def steps_of(connection: Connection, model: str, version: str) -> list[Step]:
    """Every step of a version, in the order in which they were taken."""
    columns = [column for column in model_step.c if column.name != "entry_id"]
    rows = connection.execute(
        select(*columns)
        .where(model_step.c.model == model, model_step.c.version == version)
        .order_by(model_step.c.entry_id)
    )
    return [_step(row) for row in rows]


def one_draft(
    connection: Connection, model: str, version: str, *, lock: bool = False
) -> Draft | None:
    """A draft by its name; with `lock`, nobody else changes it until the end."""
    query = select(model_draft).where(
        model_draft.c.model == model, model_draft.c.version == version
    )
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Draft(*row)


class DraftSaved(NamedTuple):
    """Which draft there is, whose, and when it was last saved."""

    model: str
    version: str
    author_person_id: str
    saved_at: datetime


def drafts_of(
    connection: Connection, model: str, after: str | None, limit: int
) -> list[DraftSaved]:
    """The drafts of a model by name, without their text, behind one of them."""
    columns = [model_draft.c[name] for name in DraftSaved._fields]
    query = select(*columns).where(model_draft.c.model == model)
    if after is not None:
        query = query.where(model_draft.c.version > after)
    rows = connection.execute(query.order_by(model_draft.c.version).limit(limit))
    return [DraftSaved(*row) for row in rows]


def put_draft(connection: Connection, draft: Draft, *, is_new: bool) -> bool:
    """Save a draft: a new one, unless there is one of that name by now, or the one that the caller
    has locked. Returns whether it was saved."""
    if is_new:
        put = upserting(connection, model_draft).values(**asdict(draft)).on_conflict_do_nothing()
        return connection.scalar(put.returning(model_draft.c.version)) is not None
    written = update(model_draft).where(
        model_draft.c.model == draft.model, model_draft.c.version == draft.version
    )
    connection.execute(written.values(text=draft.text, saved_at=draft.saved_at))
    return True


def drop_draft(connection: Connection, draft: Draft) -> None:
    """It has been submitted: the version holds its text now."""
    connection.execute(
        delete(model_draft).where(
            model_draft.c.model == draft.model, model_draft.c.version == draft.version
        )
    )


def _version(row: Any) -> Version:  # noqa: ANN401  # a row of these columns
    fields = row._mapping  # SQLAlchemy's public name for the columns
    return Version(**{**fields, "state": State(row.state)})


def _step(row: Any) -> Step:  # noqa: ANN401  # a row of these columns
    fields = row._mapping  # SQLAlchemy's public name for the columns
    return Step(
        **{
            **fields,
            "command": Command(row.command),
            "from_state": row.from_state and State(row.from_state),
            "to_state": State(row.to_state),
        }
    )
