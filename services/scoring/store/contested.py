"""Whether the numbers of an observation led to another child or several: a condition of queries."""

from sqlalchemy import ColumnElement, and_, exists, or_

from services.scoring.tables import contest, journal, observation


def is_contested(until: ColumnElement[int] | int | None) -> ColumnElement[bool]:
    """Whether an observation was contested at a position of the journal; None: is now."""
    same = and_(
        *(contest.c[name] == observation.c[name] for name in ("source", "source_ref", "revision"))
    )
    if until is None:
        return exists().where(same, contest.c.ended_entry_id.is_(None))
    began, ended = journal.entries.alias(), journal.entries.alias()
    rows = contest.join(began, began.c.entry_id == contest.c.entry_id).outerjoin(
        ended, ended.c.entry_id == contest.c.ended_entry_id
    )
    return (
        exists()
        .select_from(rows)
        .where(
            same,
            began.c.position <= until,
            or_(ended.c.position.is_(None), ended.c.position > until),
        )
    )
