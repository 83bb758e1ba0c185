"""What practice says of indicators: how often scores are judged otherwise, and comments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, case, func, insert, or_, select

from services.scoring.domain.judgements import Step
from services.scoring.tables import (
    indicator_comment,
    judged_indicator,
    judgement,
    judgement_step,
)


def add_judged_indicators(
    connection: Connection,
    judgement_id: UUID,
    version: tuple[str, str],
    indicators: Iterable[str],
    *,
    otherwise: bool,
) -> None:
    """Remember which indicators gave points to the score that was judged. One statement."""
    model, label = version
    rows = [
        {
            "judgement_id": judgement_id,
            "indicator": indicator,
            "model": model,
            "version": label,
            "otherwise": otherwise,
        }
        for indicator in indicators
    ]
    if rows:
        connection.execute(insert(judged_indicator), rows)


@dataclass(frozen=True, slots=True)
class OverrideCount:
    """Judged scores to which an indicator gave points, and those judged otherwise; each score
    counts once, however many words were said of it."""

    indicator: str
    judged: int
    otherwise: int
    children: int
    """Whose scores they are."""


def override_counts(connection: Connection, model: str, version: str) -> list[OverrideCount]:
    """For each indicator. A judgement that was withdrawn, or that waits for a second person, is no
    word about a score."""
    table, made, step = judged_indicator.c, judgement.c, judgement_step.c

    def followed(what: Step) -> ColumnElement[bool]:
        taken = step.judgement_id == table.judgement_id, step.step == what
        return select(step.judgement_id).where(*taken).exists()

    said = ~followed(Step.WITHDRAWN), or_(~made.needs_second, followed(Step.CONFIRMED))
    rows = connection.execute(
        select(
            table.indicator,
            func.count(made.score_id.distinct()),
            func.count(case((table.otherwise, made.score_id)).distinct()),
            func.count(made.child_id.distinct()),
        )
        .join(judgement, made.judgement_id == table.judgement_id)
        .where(table.model == model, table.version == version, *said)
        .group_by(table.indicator)
        .order_by(table.indicator)
    )
    return [OverrideCount(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Comment:
    """What a practitioner says of an indicator."""

    comment_id: UUID
    model: str
    version: str
    indicator: str
    score_id: UUID | None
    person_id: str
    at: datetime
    comment: str


def add_comment(connection: Connection, new: Comment, entry_id: UUID) -> None:
    """Store a comment."""
    connection.execute(
        insert(indicator_comment).values(
            comment_id=new.comment_id,
            entry_id=entry_id,
            model=new.model,
            version=new.version,
            indicator=new.indicator,
            score_id=new.score_id,
            person_id=new.person_id,
            at=new.at,
            comment=new.comment,
        )
    )


def comments_on(
    connection: Connection, model: str, before: UUID | None, limit: int
) -> list[Comment]:
    """Comments on a model's indicators, the latest first."""
    c = indicator_comment.c
    query = (
        select(
            c.comment_id, c.model, c.version, c.indicator, c.score_id, c.person_id, c.at, c.comment
        )
        .where(c.model == model)
        .order_by(c.comment_id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(c.comment_id < before)
    return [Comment(*row) for row in connection.execute(query)]
