"""Whose child: the database and the rule say the same of every child to every caller."""

from itertools import chain, combinations, product

from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, insert, select

from shared.access import seen_by
from shared.domain.access import RESTRICTED, STAFF_RELATIVE, AccessFacts, Sight, may_see
from shared.storage.database import open_database
from tests.support.databases import Databases

TEAMS = ("north", "south")
EVERY_CHILD = [
    AccessFacts(team, restricted, staff_relative)
    for team, restricted, staff_relative in product(
        (None, *TEAMS, "elsewhere"), (False, True), (False, True)
    )
]


def _subsets(of: tuple[str, ...]) -> list[frozenset[str]]:
    return [
        frozenset(chosen)
        for chosen in chain.from_iterable(combinations(of, n) for n in range(len(of) + 1))
    ]


EVERY_SIGHT = [
    Sight(teams, clearances)
    for teams, clearances in product(
        (None, *_subsets(TEAMS)), _subsets((RESTRICTED, STAFF_RELATIVE))
    )
]


def test_the_condition_finds_exactly_the_children_that_the_caller_may_see(
    databases: Databases,
) -> None:
    metadata = MetaData()
    child = Table(
        "child",
        metadata,
        Column("number", Integer, primary_key=True),
        Column("team", String(60)),
        Column("restricted", Boolean, nullable=False),
        Column("staff_relative", Boolean, nullable=False),
    )
    engine = open_database(databases.empty())
    with engine.begin() as connection:
        metadata.create_all(connection)
        connection.execute(
            insert(child),
            [
                {
                    "number": number,
                    "team": facts.team,
                    "restricted": facts.restricted,
                    "staff_relative": facts.staff_relative,
                }
                for number, facts in enumerate(EVERY_CHILD)
            ],
        )
        for sight in EVERY_SIGHT:
            found = connection.execute(select(child.c.number).where(seen_by(sight, child)))
            assert set(found.scalars()) == {
                number for number, facts in enumerate(EVERY_CHILD) if may_see(sight, facts)
            }
    engine.dispose()
