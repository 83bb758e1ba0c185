"""How far the children are scored under a version that has come into force."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select, update

from services.scoring.tables import activation as table
from services.scoring.tables import child, merged_child, score_apart, score_due, standing
from shared.storage.upsert import upserting


@dataclass(frozen=True, slots=True)
class Activation:
    """A version has come into force; when its children were through, and how many they were."""

    number: int
    """In the order in which they came; 0: it isn't written down yet."""
    model: str
    version: str
    document_hash: str
    first_day: date
    began_at: datetime
    completed_at: datetime | None = None
    superseded_at: datetime | None = None
    population: int | None = None
    scored: int | None = None
    set_apart: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether children may still have to be scored under it."""
        return self.completed_at is None and self.superseded_at is None


class Counted(NamedTuple):
    """Children, those of them whose score stands under a content, those set apart, those due."""

    population: int
    scored: int
    set_apart: int
    due: int


def begin(connection: Connection, new: Activation) -> bool:
    """Write down that a version has come into force. Returns whether this is news: it was another
    that came last, and no later than this one."""
    last = connection.execute(select(table).order_by(table.c.number.desc()).limit(1)).first()
    if last is not None and (
        last.document_hash == new.document_hash or last.first_day > new.first_day
    ):
        return False
    put = upserting(connection, table).values(
        number=1 if last is None else last.number + 1,
        model=new.model,
        version=new.version,
        document_hash=new.document_hash,
        first_day=new.first_day,
        began_at=new.began_at,
    )
    # Of two workers that see it at once, one writes it down.
    began = connection.scalar(put.on_conflict_do_nothing().returning(table.c.number))
    if began is None:
        return False
    connection.execute(
        update(table)
        .where(
            table.c.number < began,
            table.c.completed_at.is_(None),
            table.c.superseded_at.is_(None),
        )
        .values(superseded_at=new.began_at)
    )
    return True


def one_activation(connection: Connection, model: str, version: str) -> Activation | None:
    """What became of a version since it last came into force; None: it hasn't yet."""
    row = connection.execute(
        select(table)
        .where(table.c.model == model, table.c.version == version)
        .order_by(table.c.number.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Activation(*row)


def break_off(connection: Connection, model: str, version: str, at: datetime) -> None:
    """A version is in force no more: nobody is scored under it any more."""
    connection.execute(
        update(table)
        .where(
            table.c.model == model,
            table.c.version == version,
            table.c.completed_at.is_(None),
            table.c.superseded_at.is_(None),
        )
        .values(superseded_at=at)
    )


def complete(connection: Connection, found: Activation, counted: Counted, at: datetime) -> bool:
    """Write down that nobody is left. Returns whether this is news."""
    done = connection.execute(
        update(table)
        .where(
            table.c.number == found.number,
            table.c.completed_at.is_(None),
            table.c.superseded_at.is_(None),
        )
        .values(
            completed_at=at,
            population=counted.population,
            scored=counted.scored,
            set_apart=counted.set_apart,
        )
    )
    return done.rowcount == 1


def count(connection: Connection, document_hash: str) -> Counted:
    """How far the children are scored under a content. Merged records count with their survivor."""
    merged = select(merged_child.c.child_id)

    def number(of: Table, *where: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(of).where(of.c.child_id.not_in(merged), *where)
        return connection.scalar(query) or 0

    apart = score_apart.c.child_id.not_in(
        select(standing.c.child_id).where(standing.c.document_hash == document_hash)
    )
    return Counted(
        number(child),
        number(standing, standing.c.document_hash == document_hash),
        number(score_apart, score_apart.c.document_hash == document_hash, apart),
        number(score_due),
    )


def set_apart(
    connection: Connection, document_hash: str, errors: Mapping[UUID, str], at: datetime
) -> None:
    """Remember whose score can't be computed, and by which error."""
    if not errors:
        return
    put = upserting(connection, score_apart)
    facts = ("document_hash", "error", "at")
    connection.execute(
        put.on_conflict_do_update(
            index_elements=["child_id"], set_={name: put.excluded[name] for name in facts}
        ),
        [
            {"child_id": child_id, "document_hash": document_hash, "error": error, "at": at}
            for child_id, error in errors.items()
        ],
    )


def no_longer_apart(connection: Connection, child_ids: Collection[UUID]) -> None:
    """Their scores are computed."""
    connection.execute(delete(score_apart).where(score_apart.c.child_id.in_(child_ids)))
