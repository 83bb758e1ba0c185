"""Lists, single reads, the risk list and searches with 1,000 referrals stored and with 200,000.

The referrals are copies of one that came in through the API and was decided on, spread over fifteen
years, four teams, names and every band; so the rows are what the service writes, whatever its
columns. As many are open and late in both: what waits doesn't grow with the years.
"""

import statistics
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from fastapi.testclient import TestClient
from sqlalchemy import Connection, Table, insert, select, update

from bench.showing import progress, show, timed
from services.referrals import tables
from services.referrals.domain.child_names import keys_of
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
OPEN = 100
"""So many referrals wait for a decision, and so many children for a review, all late; and the band
of so many children changed on that day."""
DAY = SettableClock().now
ROUNDS, AT_ONCE = 15, 2_000
FAMILIES = tuple(
    "".join(parts)
    for parts in product(
        ("Bram", "Dol", "Fen", "Gar", "Kel", "Lor", "Mar", "Nor", "Tam"),
        ("", "el", "im", "or", "ad", "ep", "is", "ic", "uf"),
        ("bet", "dock", "fer", "gill", "ket", "len", "mond", "ner", "sil", "ton"),
    )
)
GIVEN = tuple(
    "".join(parts)
    for parts in product(
        ("Ad", "Bel", "Cor", "Del", "El", "Fal", "Jor", "Mil", "Ro", "Sab"),
        ("a", "bi", "di", "ga", "le", "mi", "ri", "sa", "ta", "vi"),
        ("", "na", "ra"),
    )
)
"""About as many as are common: one in 800 children has such a family name, one in 300 such a first
one."""

QUESTIONS = {
    "list page": "/v1/referrals",
    "list, status": "/v1/referrals?status=in_triage",
    "list, type": "/v1/referrals?type=both",
    "list, source": "/v1/referrals?source=5A",
    "list, a rare source": "/v1/referrals?source=9",
    "list, team": "/v1/referrals?team=north",
    "list, worker": "/v1/referrals?worker=p-0007",
    "list, received_from and received_to": (
        "/v1/referrals?received_from=2019-01-01&received_to=2019-12-31"
    ),
    "list, overdue": "/v1/referrals?overdue=true",
    "list, updated_since, a hundred changes": "/v1/referrals?updated_since={since}",
    "list, updated_since, everything": "/v1/referrals?updated_since=beginning",
    "single read": "/v1/referrals/{referral}",
    "its history": "/v1/referrals/{referral}/history",
    "risk list": "/v1/risk-list",
    "risk list of a band": "/v1/risk-list?band=category_4",
    "risk list of a team": "/v1/risk-list?team=north",
    "risk list, overdue": "/v1/risk-list?overdue=true",
    "risk list, changed_since, all": "/v1/risk-list?changed_since=2026-04-30",
    "risk list, changed_since, few": "/v1/risk-list?changed_since=2026-05-31",
    "risk list, not_reviewed_since, all": "/v1/risk-list?not_reviewed_since=2026-06-01",
    "risk list, not_reviewed_since, few": "/v1/risk-list?not_reviewed_since=2026-05-01",
}
"""What people and systems ask."""
OF_ONE_TEAM = (
    "list page",
    "list, status",
    "risk list",
    "risk list of a band",
    "risk list, overdue",
)
"""What is asked again by somebody who sees one team alone, as most people do."""
EVERY_TEAM = Sight(teams=None)
SEARCHES = {
    "both names and date of birth": ("given_name", "family_name", "date_of_birth"),
    "both names": ("given_name", "family_name"),
    "family name and date of birth": ("family_name", "date_of_birth"),
}
WAITING = {
    "status": "in_triage",
    "waits_for": "decision",
    "due_on": date(2026, 5, 29),
    "outcome": None,
}
ENDED = (
    {"status": "signposted", "waits_for": None, "due_on": None, "outcome": "engaged"},
    {"status": "no_further_action", "waits_for": None, "due_on": None, "outcome": None},
)

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
            tables.child_name_key,
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
                report(
                    f"{databases.kind} | {question}", *(reads(each, path) for each in (few, many))
                )
            for question in OF_ONE_TEAM:
                path, sight = QUESTIONS[question], Sight(teams=frozenset({"north"}))
                asked = (reads(each, path, sight) for each in (few, many))
                report(f"{databases.kind} | {question}, to who sees one team", *asked)
            for question, known in SEARCHES.items():
                asking = (searches(each, known) for each in (few, many))
                report(f"{databases.kind} | child search by {question}", *asking)
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
            journalled(connection, rows[tables.referral_history])
        progress(f"{databases.kind}: {first + AT_ONCE - 1:,} of {number:,}")
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    return service


def journalled(connection: Connection, moves: Rows) -> None:
    """Entries of the journal for moves of referrals; only their hashes are made up."""
    head = tables.journal.head
    position = connection.scalars(select(head.c.position)).one()
    rows = [
        {
            "position": position + number,
            "entry_id": move["entry_id"],
            "kind": f"referral.{move['command']}",
            "child_id": None,
            "recorded_at": move["at"],
            **{name: uuid4().hex * 2 for name in ("digest", "previous_hash", "hash")},
        }
        for number, move in enumerate(moves, start=1)
    ]
    connection.execute(insert(tables.journal.entries), rows)
    connection.execute(update(head).values(position=position + len(rows)))


def copies(template: Template, numbers: Sequence[int], of: int) -> dict[Table, Rows]:
    """Rows for further referrals: the template's, with ids, days, teams and bands of their own."""
    rows: dict[Table, Rows] = {table: [] for table in template.rows}
    for number in numbers:
        own: dict[str, Any] = {
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
            "review_due_on": date(2026, 5, 29) if number > of - OPEN else date(2026, 7, 1),
            "reviewed_on": date(2026, 4, 1) if number > of - OPEN else date(2026, 5, 31),
            "rating_changed_at": DAY if number > of - OPEN else DAY - timedelta(days=30),
            "type": ("cse", "cce", "both")[number % 3],
            "source": ("2A", "5A", "6", "3E", "1A")[number % 5],
            "given_name": GIVEN[number * 7 % len(GIVEN)],
            "family_name": FAMILIES[number * 11 % len(FAMILIES)],
            "date_of_birth": date(2008, 1, 1) + timedelta(days=number * 31 % 6_000),
            **(WAITING if number > of - OPEN else ENDED[number % 2]),
        }
        for table, some in template.rows.items():
            if table is tables.child_name_key:
                keys = sorted(keys_of([own["given_name"], own["family_name"]]))
                rows[table] += [{**_copy(table, some[0], own), "key": key} for key in keys]
            else:
                rows[table] += [_copy(table, row, own) for row in some]
    return rows


def _copy(table: Table, row: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    changes = {name: value for name, value in own.items() if name in row}
    if table is not tables.child:
        changes.pop("team", None)  # a history's is that of an allocation
    if table is not tables.referral:
        for name in ("status", "due_on", "outcome"):  # a rating's status is how much is known
            changes.pop(name, None)
    if "entry_id" in row:
        changes["entry_id"] = new_id()
    return {**row, **changes}


def report(name: str, few: Iterator[None], many: Iterator[None]) -> None:
    """Ask both in turns, so that the machine's moods hit both alike."""
    asking = (few, many)
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


def reads(service: Referrals, path: str, sight: Sight = EVERY_TEAM) -> Iterator[None]:
    """The same question, about another referral each time."""
    caller = caller_of(service, sight)
    with service.service.database.reading() as connection:
        head = connection.execute(select(tables.journal.head)).one()
        ids = list(connection.scalars(select(tables.referral.c.referral_id).limit(ROUNDS + 5)))
    since = f"{head.epoch}:{head.position - 100}"
    for each in ids:
        asked = path.format(referral=each, since=since)
        answer = caller.get(asked)
        assert answer.status_code == 200, answer.text
        yield


def searches(service: Referrals, known: Sequence[str]) -> Iterator[None]:
    """A search for another child each time, by some of what is known of the child."""
    caller = caller_of(service, EVERY_TEAM)
    query = select(tables.child).order_by(tables.child.c.child_id).offset(1).limit(ROUNDS + 5)
    with service.service.database.reading() as connection:
        children = [dict(row) for row in connection.execute(query).mappings()]
    for child in children:
        body = {name: str(child[name]) for name in known}
        answer = caller.post("/v1/children/search", json=body)
        assert answer.json()["items"], answer.text
        yield


def caller_of(service: Referrals, sight: Sight) -> TestClient:
    """Somebody who reads and searches."""
    scopes = ("referrals:read", "children:read", "children:search", "risk:read")
    return service.client(*scopes, sight=sight)


if __name__ == "__main__":
    main()
