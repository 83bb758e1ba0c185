"""Every database that the code of an earlier revision filled comes to the schema of today, whole,
and the service of today works over it."""

from importlib import import_module
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Column, select

from services.gateway import tables as gateway_tables
from services.referrals import tables as referrals_tables
from services.scoring import tables as scoring_tables
from services.scoring.domain.engine.score import ENGINE_VERSION
from services.scoring.service.comparing.rows import compare_all
from services.scoring.service.verifying import verify_all
from shared.storage.chain import faults
from shared.storage.database import reading
from tests.services.referrals.support import Referrals
from tests.support.databases import SqliteDatabases
from tests.support.gateway import GatewayUnderTest, ledger_entries, ledger_faults
from tests.support.scoring import ScoringUnderTest, update
from tests.upgrades.dumps import path_of, read_dump, write_dump
from tests.upgrades.filling.gateway import CHILD as LOOKED_AT
from tests.upgrades.filling.scoring import CARS, CHILD, PRIMARY
from tests.upgrades.upgraded import SERVICES, Upgraded, revisions_of

EMPTY = {
    "score_mismatch",  # of a score that was tampered with
    "assessment_apart",  # of a child whose score can't be computed
    "score_apart",  # the same
}
SCORING_SCOPES = (
    "scores:read",
    "observations:read",
    "held:read",
    "models:read",
    "feeds:read",
    "codes:read",
)
REFERRALS_SCOPES = (
    "referrals:read",
    "referrals:write",
    "children:read",
    "cases:read",
    "health:read",
    "risk:read",
    "reports:read",
    "training:read",
)
LISTED = (
    "referrals?limit=200",
    "referral-drafts",
    "cases",
    "risk-list?limit=200",
    "risk-list/counts",
    "training-sessions",
    "reports/scrutiny?period=2026-27",
)
OF_A_REFERRAL = ("", "/history", "/transitions", "/screenings")
OF_A_CHILD = ("", "/merges", "/reviews")
OF_A_CASE = ("", "/history", "/records", "/health")


def of(*services: str) -> pytest.MarkDecorator:
    """Run a test on every earlier revision of services, on both databases."""
    found = [
        pytest.param((kind, service, each.name), id=f"{service}-{each.name}-{kind}")
        for service in services
        for each in revisions_of(service)[:-1]
        for kind in ("sqlite", "postgresql")
    ]
    return pytest.mark.parametrize("upgraded", found, indirect=True)


def read_all(caller: TestClient, *paths: str) -> None:
    """Read under these paths, each of which must be there; in one loop, a third of the time."""
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(caller.app),
        base_url="http://service",
        headers=dict(caller.headers),
        follow_redirects=True,
    )
    wrong: dict[str, str] = {}

    async def read() -> None:
        async with client:
            for path in paths:
                answer = await client.get(path)
                if answer.status_code != 200:
                    wrong[path] = answer.text

    anyio.run(read)
    assert wrong == {}


def ids(upgraded: Upgraded, column: Column[Any]) -> list[str]:
    """What stands in a column, once each."""
    with reading(upgraded.engine) as connection:
        return [str(each) for each in connection.scalars(select(column).distinct())]


@pytest.mark.parametrize("service", SERVICES)
def test_what_the_code_of_each_earlier_revision_wrote_is_kept(service: str) -> None:
    names = [each.name for each in revisions_of(service)[:-1]]
    missing = [name for name in names if not path_of(service, name).exists()]
    assert missing == [], "run `python -m tests.upgrades.dump`, and commit what it makes"


@pytest.mark.parametrize("service", SERVICES)
def test_what_will_be_kept_of_the_newest_revision_has_a_row_in_every_table(
    service: str, sqlite_databases: SqliteDatabases, tmp_path: Path
) -> None:
    url, file = sqlite_databases.empty(), tmp_path / "dump"
    import_module(f"tests.upgrades.filling.{service}").fill(url)
    write_dump(file, url, service)
    empty = {each.table for each in read_dump(file) if not each.rows}
    assert empty <= EMPTY, f"let tests/upgrades/filling/{service}.py write there"


@of(*SERVICES)
def test_no_row_is_lost_and_nothing_in_it(upgraded: Upgraded) -> None:
    assert upgraded.lost == []


@of("scoring")
def test_a_stored_score_follows_from_what_is_stored_or_is_computed_again(
    upgraded: Upgraded, scoring: ScoringUnderTest
) -> None:
    due = set(ids(upgraded, scoring_tables.score_due.c.child_id))
    stored = follow(scoring)
    assert stored
    assert [wrong for child, wrong in stored if wrong and child not in due] == []
    scoring.compute_all()
    assert [wrong for _, wrong in follow(scoring) if wrong] == []
    standing, merged = scoring_tables.standing, scoring_tables.merged_child
    with reading(upgraded.engine) as connection:
        stands = select(standing.c.engine_version).distinct()
        under = connection.scalars(
            stands.where(standing.c.child_id.not_in(select(merged.c.child_id)))
        ).all()
    assert under == [ENGINE_VERSION]


def follow(scoring: ScoringUnderTest) -> list[tuple[str, tuple[str, ...]]]:
    """Of every stored score, in order: whose it is, and where it does not follow."""
    replayed = verify_all(scoring.service.database, scoring.app.state.weights)
    return [(str(one.stored.child_id), one.differences) for one in replayed]


@of("scoring")
def test_scoring_answers_and_goes_on(upgraded: Upgraded, scoring: ScoringUnderTest) -> None:
    told = [one for one in compare_all(scoring.service.database) if one.differences]
    assert [one for one in told if one.table.startswith(("model", "assess"))] == []
    children = ids(upgraded, scoring_tables.standing.c.child_id)
    receipt = scoring_tables.receipt
    with reading(upgraded.engine) as connection:
        sent_by_police = receipt.c.client_id == "police-feed"
        receipt_id = connection.scalars(select(receipt.c.receipt_id).where(sent_by_police)).first()
    version = f"/v1/models/{PRIMARY}/versions/0.1"
    read_all(
        scoring.client(*SCORING_SCOPES),
        *(f"/v1/children/{each}/score" for each in children),
        *(f"/v1/children/{CHILD}/{part}" for part in ("scores", "observations", "judgements")),
        *("/v1/feeds", "/v1/codes", "/v1/models", "/v1/scores/proof", "/v1/held-updates"),
        *(version, f"{version}/document", f"{version}/history", f"/v1/models/{PRIMARY}/comments"),
    )
    read_all(scoring.police(), f"/v1/indicator-updates/{receipt_id}", "/v1/feeds/police-feed")

    before = scoring.score(CHILD)
    sent = scoring.police().post("/v1/indicator-updates", json=update("new", CHILD, code=CARS))
    assert [each["result"] for each in sent.json()["items"]] == ["recorded"]
    assert scoring.compute_all() >= 1
    assert scoring.score(CHILD)["score_id"] != before["score_id"]
    with reading(upgraded.engine) as connection:
        assert list(faults(connection, scoring_tables.journal)) == []


@of("referrals")
def test_referrals_answers_and_goes_on(upgraded: Upgraded, referrals: Referrals) -> None:
    with reading(upgraded.engine) as connection:
        found = connection.execute(select(referrals_tables.referral)).all()
    longest = max(found, key=lambda each: each.revision)
    caller = referrals.client(*REFERRALS_SCOPES)
    read_all(
        caller,
        *(f"/v1/{each}" for each in LISTED),
        *(f"/v1/referrals/{longest.referral_id}{part}" for part in OF_A_REFERRAL),
        *(f"/v1/children/{longest.child_id}{part}" for part in OF_A_CHILD),
        *(
            f"/v1/cases/{each}{part}"
            for each in ids(upgraded, referrals_tables.child_case.c.case_id)
            for part in OF_A_CASE
        ),
    )
    listed = caller.get("/v1/referrals?limit=200").json()["items"]
    assert {each["id"] for each in listed} == {str(each.referral_id) for each in found}

    (waiting, *_) = [each for each in found if each.status == "received"]
    moved = referrals.move(str(waiting.referral_id), "start_triage")
    assert moved.json()["status"] == "in_triage", moved.text
    known = {str(each.child_id) for each in found}
    assert referrals.received()["child_id"] in known, "found by the number, as before"
    with reading(upgraded.engine) as connection:
        assert list(faults(connection, referrals_tables.journal)) == []


@of("gateway")
def test_the_gateway_records_on(upgraded: Upgraded, gateway: GatewayUnderTest) -> None:
    before = ledger_entries(gateway)
    gateway.services.answers = lambda _: httpx.Response(200, json={"total": "5", "band": "low"})
    read_all(gateway.client("social-worker"), f"/v1/children/{LOOKED_AT}/score")
    assert ledger_entries(gateway)[:-1] == before
    assert ledger_faults(gateway) == []
    assert gateway.fetch_token("analyst").status_code == 401, "suspended before, and still"
    with reading(upgraded.engine) as connection:
        assert list(faults(connection, gateway_tables.journal)) == []
