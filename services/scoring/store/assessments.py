"""Assessments in the database: what each is about, how far it is, what came out, who moves."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, Table, false, func, insert, select, update

from services.scoring.domain.assessment import Moved
from services.scoring.domain.tally import Cell, Tally
from services.scoring.store.merging import merged_at
from services.scoring.tables import assessment as table
from services.scoring.tables import (
    assessment_apart,
    assessment_mover,
    child,
    child_version,
    journal,
)
from shared.access import seen_by
from shared.domain.access import Sight


class Status(StrEnum):
    """How far an assessment is; void: the population was another at the end."""

    RUNNING = "running"
    COMPLETED = "completed"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an assessment is about, and how far it is."""

    assessment_id: UUID
    model: str
    version: str
    document_hash: str
    engine_version: str
    against_version: str | None
    against_hash: str | None
    as_of: date
    known_position: int
    population: int
    person_id: str
    started_at: datetime
    status: Status
    last_child_id: UUID | None
    updated_at: datetime
    scored: int
    set_apart: int
    movers: int
    tally: Tally
    completed_at: datetime | None
    result_hash: str


class MoverRow(NamedTuple):
    """A child who would stand in another band, and what makes it so."""

    child_id: UUID
    band_before: str | None
    band_after: str | None
    total_before: str | None
    total_after: str | None
    because: tuple[Moved, ...]


def add_assessment(connection: Connection, new: Assessment) -> None:
    """Store an assessment that begins."""
    connection.execute(insert(table).values(**_row(new)))


def one_assessment(connection: Connection, assessment_id: UUID) -> Assessment | None:
    """An assessment by its id."""
    return _one(connection, select(table).where(table.c.assessment_id == assessment_id))


def next_running(connection: Connection) -> Assessment | None:
    """The assessment that has waited longest for its next part."""
    running = select(table).where(table.c.status == Status.RUNNING)
    return _one(connection, running.order_by(table.c.assessment_id).limit(1))


def assessments_of(
    connection: Connection, model: str, version: str, before: UUID | None, limit: int
) -> list[Assessment]:
    """The assessments of a version, the latest first, begun before one of them."""
    query = select(table).where(table.c.model == model, table.c.version == version)
    if before is not None:
        query = query.where(table.c.assessment_id < before)
    rows = connection.execute(query.order_by(table.c.assessment_id.desc()).limit(limit))
    return [_assessment(row) for row in rows]


def advance(connection: Connection, before: Assessment, after: Assessment) -> bool:
    """Write down a part, unless another process did so meanwhile. Returns whether it did."""
    row = _row(after)
    progress = (
        "status",
        "last_child_id",
        "updated_at",
        "scored",
        "set_apart",
        "movers",
        "tally",
        "completed_at",
        "result_hash",
    )
    changed = connection.execute(
        update(table)
        .where(
            table.c.assessment_id == before.assessment_id,
            table.c.status == Status.RUNNING,
            table.c.last_child_id.is_not_distinct_from(before.last_child_id),
        )
        .values(**{name: row[name] for name in progress})
    )
    return changed.rowcount == 1


def add_movers(connection: Connection, assessment_id: UUID, movers: Sequence[MoverRow]) -> None:
    """Store who would move."""
    if movers:
        connection.execute(
            insert(assessment_mover),
            [
                {
                    **each._asdict(),
                    "assessment_id": assessment_id,
                    "because": json.dumps([asdict(moved) for moved in each.because]),
                }
                for each in movers
            ],
        )


def add_apart(connection: Connection, assessment_id: UUID, errors: dict[UUID, str]) -> None:
    """Store who can't be scored, and by which error."""
    if errors:
        connection.execute(
            insert(assessment_apart),
            [
                {"assessment_id": assessment_id, "child_id": child_id, "error": error}
                for child_id, error in errors.items()
            ],
        )


def movers_of(
    connection: Connection, sight: Sight, assessment_id: UUID, after: UUID | None, limit: int
) -> list[MoverRow]:
    """Who would move, of those whom the caller may see, in the order of their ids."""
    columns = [column for column in assessment_mover.c if column.name != "assessment_id"]
    query = (
        select(*columns)
        .join(child, child.c.child_id == assessment_mover.c.child_id)
        .where(assessment_mover.c.assessment_id == assessment_id, seen_by(sight, child))
        .order_by(assessment_mover.c.child_id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(assessment_mover.c.child_id > after)
    return [_mover(row) for row in connection.execute(query)]


def movers_among(
    connection: Connection, assessment_id: UUID, child_ids: Sequence[UUID]
) -> list[MoverRow]:
    """Who of some children would move, in the order of their ids."""
    columns = [column for column in assessment_mover.c if column.name != "assessment_id"]
    query = (
        select(*columns)
        .where(_of_some(assessment_mover, assessment_id, child_ids))
        .order_by(assessment_mover.c.child_id)
    )
    return [_mover(row) for row in connection.execute(query)]


def apart_among(
    connection: Connection, assessment_id: UUID, child_ids: Sequence[UUID]
) -> dict[UUID, str]:
    """Who of some children can't be scored, in the order of their ids, and by which error."""
    query = (
        select(assessment_apart.c.child_id, assessment_apart.c.error)
        .where(_of_some(assessment_apart, assessment_id, child_ids))
        .order_by(assessment_apart.c.child_id)
    )
    return {row.child_id: row.error for row in connection.execute(query)}


def kept_of(connection: Connection, assessment_id: UUID) -> tuple[int, int]:
    """How many movers, and how many who were set apart, are stored."""
    movers, apart = (
        connection.scalar(
            select(func.count()).select_from(kept).where(kept.c.assessment_id == assessment_id)
        )
        or 0
        for kept in (assessment_mover, assessment_apart)
    )
    return movers, apart


def all_assessments(connection: Connection) -> list[tuple[Assessment, str]]:
    """Every assessment, with its figures as they are stored, to the letter."""
    return [(_assessment(row), row.tally) for row in connection.execute(select(table))]


def movers_out_of_sight(connection: Connection, sight: Sight, assessment_id: UUID) -> int:
    """How many would move whom the caller may not see."""
    return (
        connection.scalar(
            select(func.count())
            .select_from(assessment_mover)
            .join(child, child.c.child_id == assessment_mover.c.child_id)
            .where(assessment_mover.c.assessment_id == assessment_id, ~seen_by(sight, child))
        )
        or 0
    )


def population_at(connection: Connection, position: int) -> int:
    """How many children were known once the journal had reached `position`."""
    return connection.scalar(select(func.count()).select_from(_known(position).subquery())) or 0


def children_after(
    connection: Connection, position: int, after: UUID | None, limit: int
) -> list[UUID]:
    """Children known at `position`, in the order of their ids, behind one of them."""
    query = _known(position).order_by(child.c.child_id).limit(limit)
    if after is not None:
        query = query.where(child.c.child_id > after)
    return list(connection.execute(query).scalars())


def _known(position: int) -> Select[Any]:
    entries = journal.entries
    first = (
        select(child_version.c.child_id)
        .join(entries, entries.c.entry_id == child_version.c.entry_id)
        .where(child_version.c.child_id == child.c.child_id, entries.c.position <= position)
    )
    return select(child.c.child_id).where(
        first.exists(), child.c.child_id.not_in(merged_at(position))
    )


def _of_some(kept: Table, assessment_id: UUID, child_ids: Sequence[UUID]) -> ColumnElement[bool]:
    """Rows about children from the first to the last of some in the order of their ids."""
    among = kept.c.child_id.between(child_ids[0], child_ids[-1]) if child_ids else false()
    return (kept.c.assessment_id == assessment_id) & among


def _mover(row: Any) -> MoverRow:  # noqa: ANN401  # a row of the table
    return MoverRow(
        row.child_id,
        row.band_before,
        row.band_after,
        row.total_before,
        row.total_after,
        tuple(Moved(**each) for each in json.loads(row.because)),
    )


def _one(connection: Connection, query: Select[Any]) -> Assessment | None:
    row = connection.execute(query).one_or_none()
    return None if row is None else _assessment(row)


def _assessment(row: Any) -> Assessment:  # noqa: ANN401  # a row of the table
    said = json.loads(row.tally)
    tally = Tally(
        said["scored"],
        {Cell(*cell): number for *cell, number in said["cells"]},
        said["near"],
        said["present"],
    )
    facts = row._mapping  # SQLAlchemy's public name for the columns
    return Assessment(**{**facts, "status": Status(row.status), "tally": tally})


def _row(one: Assessment) -> dict[str, Any]:
    said = {each.name: getattr(one, each.name) for each in fields(one)}
    return {**said, "tally": tally_text(one.tally)}


def tally_text(tally: Tally) -> str:
    """The figures as they are stored."""
    return json.dumps(
        {
            "scored": tally.scored,
            "cells": [[*cell, number] for cell, number in tally.cells.items()],
            "near": dict(tally.near),
            "present": dict(tally.present),
        }
    )
