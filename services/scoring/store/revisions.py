"""What is known of a source's statements: which revisions came, and what they said."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    Connection,
    FromClause,
    Select,
    String,
    Table,
    bindparam,
    func,
    select,
    true,
)

from services.scoring.domain.evidence import Observation
from services.scoring.domain.intake import Result
from services.scoring.store.merging import counted_as
from services.scoring.store.observations import HAS_NEWER, OBSERVATION
from services.scoring.tables import held_update, merged_child, observation


class Known(NamedTuple):
    """A revision that is known already, and for whom it counts (nobody yet, while it is held)."""

    digest: str
    first_result: Result
    counts_for: UUID | None
    waits: bool = False
    person: Mapping[str, str] | None = None
    """Of whom one speaks that waits without a number."""


def known_revisions(
    connection: Connection, name: str, refs: Collection[str]
) -> dict[str, dict[int, Known]]:
    """What is known of some statements of a source: reference -> revision -> what it was.

    Two queries, whatever the number.
    """
    found: dict[str, dict[int, Known]] = defaultdict(dict)
    recorded, waiting = _known_queries(connection.dialect.name)
    asked = {"name": name, "refs": list(refs)}
    for ref, revision, content, first_result, counts_for in connection.execute(recorded, asked):
        found[ref][revision] = Known(content, Result(first_result), counts_for)
    for ref, revision, content, waits, person in connection.execute(waiting, asked):
        of_whom = person and json.loads(person)
        found[ref][revision] = Known(content, Result.HELD, None, waits, of_whom)
    return found


@cache
def _known_queries(dialect: str) -> tuple[Select[Any], Select[Any]]:
    """What is recorded of the `refs` of the source `name`, and what was held. Put together once:
    that takes longer than to answer them."""
    said = _said(dialect, observation, "content_digest", "first_result", "child_id")
    recorded = select(
        said.c.source_ref,
        said.c.revision,
        said.c.content_digest,
        said.c.first_result,
        counted_as(said.c.child_id),
    ).outerjoin_from(said, merged_child, merged_child.c.child_id == said.c.child_id)
    held = _said(dialect, held_update, "content_digest", "discarded_entry_id", "person")
    waiting = select(
        held.c.source_ref,
        held.c.revision,
        held.c.content_digest,
        held.c.discarded_entry_id.is_(None),
        held.c.person,
    )
    return recorded, waiting


def _said(dialect: str, statements: Table, *names: str) -> FromClause:
    """The statements asked for, each looked for by itself: PostgreSQL, left to choose, may walk
    through all that the source ever said, until it has counted what it stores."""
    refs = bindparam("refs", type_=ARRAY(String).with_variant(JSON(), "sqlite"))
    one = select(*(statements.c[name] for name in ("source_ref", "revision", *names))).where(
        statements.c.source == bindparam("name")
    )
    if dialect != "postgresql":
        each = func.json_each(refs).table_valued("value")
        return one.where(statements.c.source_ref.in_(select(each.c.value))).subquery()
    asked = func.unnest(refs).table_valued("ref").render_derived()
    # OFFSET 0: what PostgreSQL doesn't look behind.
    looked_for = one.where(statements.c.source_ref == asked.c.ref).offset(0).lateral()
    return select(looked_for).select_from(asked.join(looked_for, true())).subquery()


def said_under(connection: Connection, name: str, references: Collection[str]) -> list[Observation]:
    """The current statements of a source under some references, in their order."""
    rows = connection.execute(
        select(*OBSERVATION)
        .where(
            observation.c.source == name,
            observation.c.source_ref.in_(references),
            observation.c.retracted.is_(False),
            ~HAS_NEWER,
        )
        .order_by(observation.c.source_ref)
    )
    return [Observation(*row) for row in rows]
