"""Judgements and what followed them, compared with what the journal told."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date
from uuid import UUID

from services.scoring.service.comparing.compared import Compared, columns_apart
from services.scoring.service.standing import latest_by_model
from services.scoring.store.judgements import (
    Recorded,
    judged_children,
    judgements_about,
    standing_of,
)
from services.scoring.store.told import Row, Told
from shared.clock import Clock
from shared.domain.london import london_date
from shared.storage.writing import Database

AT_ONCE = 200


def judgement_apart(told: Told, rows: Sequence[Row]) -> list[str]:
    """The columns in which a judgement differs from what its entry tells."""
    stored = [
        {**_as_told(row), "until": row["until_day"].isoformat(), "floor": row["floor_band"]}
        for row in rows
    ]
    return columns_apart([told.payload], stored)


def followed_apart(told: Told, rows: Sequence[Row]) -> list[str]:
    """The same of a confirmation or a withdrawal."""
    said = {**told.payload, "step": told.kind.rpartition(".")[2]}
    of_judgement = {"child_id": told.payload["child_id"]}  # a column of the judgement alone
    return columns_apart([said], [{**_as_told(row), **of_judgement} for row in rows])


def compare_standing_judgements(database: Database, clock: Clock) -> Iterator[Compared]:
    """Which judgement stands for each child, some at a time, beside what follows from all that
    were made. One whose day has come is no fault: a worker ends it in its first turn."""
    behind: UUID | None = None
    while True:
        with database.reading() as connection:
            today = london_date(clock())
            children = judged_children(connection, behind, AT_ONCE)
            made, stands = judgements_about(connection, children), standing_of(connection, children)
        for child_id in children:
            does = {
                model: (each.judgement_id, each.band, each.until)
                for (whose, model), each in stands.items()
                if whose == child_id and each.until > today
            }
            differs = does != _should_stand(made.get(child_id, ()), today)
            about = f"child {child_id}"
            yield Compared("judgement_standing", about, None, ("rows",) if differs else ())
        if not children:
            return
        behind = children[-1]


def _should_stand(made: Sequence[Recorded], today: date) -> dict[str, tuple[UUID, str, date]]:
    return {
        model: (each.judgement.judgement_id, each.judgement.band, each.judgement.until)
        for model, each in latest_by_model(made, today).items()
    }


def _as_told(row: Row) -> Row:
    """A row in the words of the journal. (Entries from before don't say on which day, nor when.)"""
    said = {
        name: str(row[name]) for name in ("judgement_id", "child_id", "score_id") if name in row
    }
    at = row["at"].astimezone(UTC).isoformat()
    return {**row, **said, "on": row["on_day"].isoformat(), "at": at}
