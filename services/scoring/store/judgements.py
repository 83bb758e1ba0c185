"""Judgements, what followed them, and which of them stand."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

import orjson
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    delete,
    func,
    insert,
    or_,
    select,
    union,
)

from services.scoring.domain.judgements import (
    NONE_KNOWN,
    Harm,
    Judgement,
    Step,
    StepTaken,
    harm_in,
)
from services.scoring.store.merging import records_behind, records_now, records_of
from services.scoring.tables import (
    journal,
    judgement,
    judgement_standing,
    judgement_step,
    merged_child,
    score,
)
from shared.storage.upsert import upserting


@dataclass(frozen=True, slots=True)
class Recorded:
    """A judgement with all that is on record of it."""

    judgement: Judgement
    child_id: UUID
    score_id: UUID
    computed_band: str | None
    reason_code: str
    reason: str
    at: datetime
    steps: tuple["RecordedStep", ...] = ()
    withheld: bool = False
    """It was said of more than the reader may see: only that it stands, its band and its end."""

    @property
    def steps_taken(self) -> tuple[StepTaken, ...]:
        """What followed, in the terms of the rules."""
        return tuple(each.taken for each in self.steps)


@dataclass(frozen=True, slots=True)
class RecordedStep:
    """A confirmation or withdrawal with who, why and when."""

    taken: StepTaken
    person_id: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """The judgement that stands for a child beside a model's scores."""

    child_id: UUID
    model: str
    judgement_id: UUID
    band: str
    until: date
    harm: Harm = NONE_KNOWN
    """What spoke of harm in the score it was made beside; read where it counts."""

    @classmethod
    def of(cls, child_id: UUID, made: Judgement) -> Self:
        """A judgement that stands for a child."""
        return cls(child_id, made.model, made.judgement_id, made.band, made.until, made.harm)


def add_judgement(
    connection: Connection, new: Recorded, floor_band: str | None, entry_id: UUID
) -> None:
    """Store a judgement, with the highest band of a floor that had fired."""
    made = new.judgement
    connection.execute(
        insert(judgement).values(
            judgement_id=made.judgement_id,
            entry_id=entry_id,
            child_id=new.child_id,
            score_id=new.score_id,
            model=made.model,
            computed_band=new.computed_band,
            band=made.band,
            reason_code=new.reason_code,
            reason=new.reason,
            person_id=made.author,
            at=new.at,
            on_day=made.on,
            until_day=made.until,
            needs_second=made.needs_second,
            floor_band=floor_band,
        )
    )


def add_step(connection: Connection, made: Judgement, new: RecordedStep, entry_id: UUID) -> None:
    """Store what followed a judgement."""
    connection.execute(
        insert(judgement_step).values(
            judgement_id=made.judgement_id,
            step=new.taken.step,
            entry_id=entry_id,
            author_person_id=made.author,
            person_id=new.person_id,
            reason=new.reason,
            at=new.at,
            on_day=new.taken.on,
        )
    )


def put_standing(connection: Connection, child_id: UUID, made: Judgement) -> None:
    """This judgement stands for the child, beside its model's scores, from now on."""
    facts = {
        "judgement_id": made.judgement_id,
        "band": made.band,
        "until_day": made.until,
    }
    connection.execute(
        upserting(connection, judgement_standing)
        .values(child_id=child_id, model=made.model, **facts)
        .on_conflict_do_update(index_elements=["child_id", "model"], set_=facts)
    )


def forget_standing(connection: Connection, child_ids: Collection[UUID]) -> None:
    """No judgement stands for these records any more."""
    connection.execute(
        delete(judgement_standing).where(judgement_standing.c.child_id.in_(child_ids))
    )


def end_standing(connection: Connection, child_id: UUID, judgement_id: UUID) -> bool:
    """It stands no longer. Returns whether it did: another may have replaced it."""
    ended = connection.execute(
        delete(judgement_standing)
        .where(
            judgement_standing.c.child_id == child_id,
            judgement_standing.c.judgement_id == judgement_id,
        )
        .returning(judgement_standing.c.child_id)
    )
    return ended.first() is not None


def standing_of(
    connection: Connection, child_ids: Collection[UUID]
) -> dict[tuple[UUID, str], Standing]:
    """The judgements that stand for some children, by child and model. One query."""
    found = _standing(connection, judgement_standing.c.child_id.in_(child_ids))
    return {(each.child_id, each.model): each for each in found}


def expired_by(connection: Connection, today: date) -> list[Standing]:
    """Judgements that still stand and are over by today: found by their day."""
    return _standing(connection, judgement_standing.c.until_day <= today)


def _standing(connection: Connection, which: ColumnElement[bool]) -> list[Standing]:
    """With what spoke of harm when they were made."""
    rows = connection.execute(
        select(judgement_standing, score.c.document)
        .join(judgement, judgement.c.judgement_id == judgement_standing.c.judgement_id)
        .join(score, score.c.score_id == judgement.c.score_id)
        .where(which)
        .order_by(judgement_standing.c.child_id)
    )
    return [replace(Standing(*facts), harm=_harm(document)) for *facts, document in rows]


def standing_beyond(connection: Connection, model: str, bands: Collection[str]) -> list[Standing]:
    """Judgements that stand beside another model's scores, or whose band is none of these."""
    other = or_(judgement_standing.c.model != model, judgement_standing.c.band.not_in(bands))
    rows = connection.execute(
        select(judgement_standing)
        .where(other)
        .order_by(judgement_standing.c.child_id, judgement_standing.c.model)
    )
    return [Standing(*row) for row in rows]


def judgements_of(
    connection: Connection,
    child_id: UUID,
    position: int | None = None,
    before: UUID | None = None,
    limit: int | None = None,
) -> list[Recorded]:
    """A child's judgements, the latest first, each with what followed. Two queries.

    Those made on a record that counts for the child's (at a position of the journal; None: now)
    are judgements of the same child.
    """
    entries = journal.entries
    record = records_of([child_id], position).subquery("record")
    query = (
        select(*judgement.c, entries.c.position, score.c.document)
        .join(entries, entries.c.entry_id == judgement.c.entry_id)
        .join(record, record.c.child_id == judgement.c.child_id)
        .join(score, score.c.score_id == judgement.c.score_id)
        .order_by(judgement.c.judgement_id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(judgement.c.judgement_id < before)
    rows = connection.execute(query).all()
    if not rows:
        return []
    steps = _steps(connection, [row.judgement_id for row in rows])
    return [_recorded(row, steps.get(row.judgement_id, ())) for row in rows]


def judgements_beside(
    connection: Connection, score_ids: Collection[UUID]
) -> dict[UUID, list[Recorded]]:
    """The judgements, the latest first, on the records that stored scores were computed from: those
    that stood then, and those made since. Two queries."""
    return _of_records(connection, records_behind(score_ids)) if score_ids else {}


def judgements_about(
    connection: Connection, child_ids: Collection[UUID]
) -> dict[UUID, list[Recorded]]:
    """As `judgements_of` now, of several children. Two queries."""
    return _of_records(connection, records_now(child_ids)) if child_ids else {}


def judged_children(connection: Connection, behind: UUID | None, limit: int) -> list[UUID]:
    """Children whose judgements there are, or for whom one stands, in the order of their ids."""
    judged = union(
        select(func.coalesce(merged_child.c.counts_for, judgement.c.child_id).label("child_id"))
        .select_from(judgement)
        .outerjoin(merged_child, merged_child.c.child_id == judgement.c.child_id),
        select(judgement_standing.c.child_id),
    ).subquery("judged")
    query = select(judged.c.child_id).order_by(judged.c.child_id).limit(limit)
    if behind is not None:
        query = query.where(judged.c.child_id > behind)
    return list(connection.scalars(query))


def _of_records(connection: Connection, records: CompoundSelect[Any]) -> dict[UUID, list[Recorded]]:
    entries = journal.entries
    record = records.subquery("record")
    rows = connection.execute(
        select(record.c.key, *judgement.c, entries.c.position, score.c.document)
        .join(entries, entries.c.entry_id == judgement.c.entry_id)
        .join(record, record.c.child_id == judgement.c.child_id)
        .join(score, score.c.score_id == judgement.c.score_id)
        .order_by(judgement.c.judgement_id.desc())
    ).all()
    steps = _steps(connection, {row.judgement_id for row in rows}) if rows else {}
    found: dict[UUID, list[Recorded]] = {}
    for row in rows:
        recorded = _recorded(row, steps.get(row.judgement_id, ()))
        found.setdefault(row.key, []).append(recorded)
    return found


def _steps(
    connection: Connection, judgement_ids: Collection[UUID]
) -> dict[UUID, tuple[RecordedStep, ...]]:
    entries = journal.entries
    found: dict[UUID, tuple[RecordedStep, ...]] = {}
    for row in connection.execute(
        select(*judgement_step.c, entries.c.position)
        .join(entries, entries.c.entry_id == judgement_step.c.entry_id)
        .where(judgement_step.c.judgement_id.in_(judgement_ids))
        .order_by(entries.c.position)
    ):
        taken = StepTaken(row.judgement_id, Step(row.step), row.on_day, row.position)
        step = RecordedStep(taken, row.person_id, row.reason, row.at)
        found[row.judgement_id] = (*found.get(row.judgement_id, ()), step)
    return found


def _recorded(row: Any, steps: tuple[RecordedStep, ...]) -> Recorded:  # noqa: ANN401  # a row of those columns
    made = Judgement(
        row.judgement_id,
        row.model,
        row.band,
        row.on_day,
        row.until_day,
        row.needs_second,
        row.person_id,
        row.position,
        _harm(row.document),
    )
    return Recorded(
        made,
        row.child_id,
        row.score_id,
        row.computed_band,
        row.reason_code,
        row.reason,
        row.at,
        steps,
    )


def _harm(document: str) -> Harm:
    """Of a text that somebody has broken nothing is taken for known."""
    try:
        return harm_in(orjson.loads(document))
    except (ValueError, TypeError, KeyError, AttributeError):
        return NONE_KNOWN
