"""A list page, a single read and the risk list with 1,000 referrals stored and with 200,000.

The referrals are copies of one that came in through the API and was decided on, spread over fifteen
years, four teams and every band; so the rows are what the service writes, whatever its columns.
"""

import statistics
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, insert, select

from bench.showing import show, timed
from services.referrals import tables
from shared.domain.access import Sight
from shared.ids import new_id
from shared.storage.database import write_transaction
from tests.services.referrals.support import Referrals, assembled, rating_changed
from tests.support.databases import Databases, PostgresqlDatabases, SqliteDatabases
from tests.support.postgresql import running_postgresql
from tests.support.service import SettableClock

FEW, MANY = 1_000, 200_000
YEARS = 15
TEAMS = ("north", "south", "east", "west")
ROUNDS, AT_ONCE = 15, 2_000

QUESTIONS = {
    "list page": "/v1/referrals",
    "single read": "/v1/referrals/{}",
    "its history": "/v1/referrals/{}/history",
    "risk list": "/v1/risk-list",
    "risk list of a band": "/v1/risk-list?band=category_4",
    "risk list of a team": "/v1/risk-list?team=north",
}
"""What people ask. `{}` is the id of a referral."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Template:
    """What the service wrote for one referral: its rows, by table."""

    rows: dict[Table, Rows]

    @classmethod
    def of(cls, connection: Connection, child_id: UUID, referral_id: UUID) -> "Template":
        """The rows that name the child or the referral."""
        found = {}
        for table in (
            tables.child,
            tables.current_rating,
            tables.known_score,
            tables.referral,
            tables.referral_history,
        ):
            of = table.c.child_id if "child_id" in table.c else table.c.referral_id
            wanted = child_id if "child_id" in table.c else referral_id
            found[table] = [
                dict(row)
                for row in connection.execute(select(table).where(of == wanted)).mappings()
            ]
        return cls(found)


def main() -> None:
    """Print a row for each question and database: medians, and how much slower many are."""
    show(f"| database | question | {FEW:,} | {MANY:,} | ratio | spread of the ratio |")
    show("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, running_postgresql() as cluster:
        for databases in (SqliteDatabases(Path(folder)), PostgresqlDatabases(cluster)):
            few, many = (filled(databases, number) for number in (FEW, MANY))
            for question, path in QUESTIONS.items():
                report(f"{databases.kind} | {question}", few, many, path)
            for service in (few, many):
                service.close()


def filled(databases: Databases, number: int) -> Referrals:
    """The service with so many referrals, each of another child."""
    service = assembled(databases.fresh("referrals"), SettableClock())
    one = service.received()
    service.told(rating_changed(one["child_id"]))
    service.move(one["id"], "start_triage")
    service.move(one["id"], "signpost", to="cyt", score_id=None)
    engine = service.service.database.engine
    with engine.connect() as connection:
        template = Template.of(connection, UUID(one["child_id"]), UUID(one["id"]))
    for first in range(1, number, AT_ONCE):
        rows = copies(template, range(first, min(first + AT_ONCE, number)), number)
        with write_transaction(engine) as connection:
            for table, some in rows.items():
                connection.execute(insert(table), some)
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    return service


def copies(template: Template, numbers: Sequence[int], of: int) -> dict[Table, Rows]:
    """Rows for further referrals: the template's, with ids, days, teams and bands of their own."""
    rows: dict[Table, Rows] = {table: [] for table in template.rows}
    for number in numbers:
        own = {
            "child_id": new_id(),
            "referral_id": new_id(),
            "score_id": new_id(),
            "reference": f"CE-{number:011}",
            "source_ref": None,
            "received_on": date(2011, 6, 1) + timedelta(days=number * 365 * YEARS // of),
            "team": TEAMS[number % 4],
            "risk_place": number % 5,
            "risk_band": f"category_{number % 4 + 1}",
            "band": f"category_{number % 4 + 1}",
            "status": ("signposted", "no_further_action")[number % 2],
        }
        for table, some in template.rows.items():
            rows[table] += [_copy(table, row, own) for row in some]
    return rows


def _copy(table: Table, row: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    changes = {name: value for name, value in own.items() if name in row}
    if table is not tables.child:
        changes.pop("team", None)  # a history's is that of an allocation
    if table is not tables.referral:
        changes.pop("status", None)  # a rating's is how much is known
    if "entry_id" in row:
        changes["entry_id"] = new_id()
    return {**row, **changes}


def report(name: str, few: Referrals, many: Referrals, path: str) -> None:
    """Ask both in turns, so that the machine's moods hit both alike."""
    asking = [ask(service, path) for service in (few, many)]
    for each in asking:
        next(each)
    pairs = [
        (timed(lambda: next(asking[0])), timed(lambda: next(asking[1]))) for _ in range(ROUNDS)
    ]
    ratios = sorted(more / less for less, more in pairs)
    medians = [statistics.median(each) * 1000 for each in zip(*pairs, strict=True)]
    show(
        f"| {name} | {medians[0]:.1f} ms | {medians[1]:.1f} ms | {statistics.median(ratios):.2f}"
        f" | {ratios[0]:.2f} to {ratios[-1]:.2f} |"
    )


def ask(service: Referrals, path: str) -> Iterator[None]:
    """The same question, about another referral each time."""
    caller = service.client("referrals:read", "children:read", "risk:read", sight=Sight(teams=None))
    engine = service.service.database.engine
    with engine.connect() as connection:
        ids = list(connection.scalars(select(tables.referral.c.referral_id).limit(ROUNDS + 5)))
    for referral_id in ids:
        answer = caller.get(path.format(referral_id))
        assert answer.status_code == 200, answer.text
        yield


if __name__ == "__main__":
    main()
