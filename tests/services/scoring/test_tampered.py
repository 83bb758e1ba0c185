"""What somebody changes in the database is found and named, and the rest is still checked."""

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, delete, select, text
from sqlalchemy import update as sql_update

from services.scoring.service.attaching import forget_children
from services.scoring.service.proving import prove_some
from services.scoring.service.weights import Weights
from services.scoring.tables import (
    child_version,
    contest,
    counting,
    feed_turn,
    held_update,
    journal,
    judgement,
    judgement_step,
    observation,
    receipt,
    score,
)
from shared.domain.canonical import canonical_bytes, digest
from tests.services.scoring.test_judgements import WHY, judge, professional, scored
from tests.services.scoring.test_known_time import without_triggers
from tests.services.scoring.test_moved_numbers import COUNCIL, URN, said_of_both
from tests.services.scoring.test_verify_command import database_of
from tests.support.command import amber
from tests.support.scoring import ScoringUnderTest, by_urn, update

CHANGES: list[tuple[dict[str, Any], str]] = [
    ({"cause": "model"}, "row"),
    ({"parts": "[]"}, "row"),
    ({"parts": "["}, "row"),
    ({"model": "other"}, "row"),
    ({"version": "2.0"}, "row"),
    ({"calculated_at": datetime(2020, 1, 1, tzinfo=UTC)}, "row"),
    ({"number": 7}, "number, row"),
    ({"document": "{"}, "document, row"),
    ({"document": '{"total": NaN}'}, ""),
    ({"document_hash": "0" * 64}, "document_hash, row"),
]
STATEMENTS: list[dict[str, Any]] = [
    {"handling": None},
    {"incident_ref": "police:9"},
    {"note_ref": None},
    {"sequence": 9},
    {"observed_until": date(2026, 5, 2)},
    {"agency": "health"},
    {"retracted": True},
    {"content_digest": "0" * 64},
    {"first_result": "held"},
]
JUDGED: list[dict[str, Any]] = [
    {"band": "category_4"},
    {"person_id": "somebody"},
    {"reason": "Other words."},
    {"until_day": date(2027, 1, 1)},
    {"on_day": date(2026, 5, 31)},
    {"at": datetime(2026, 5, 31, tzinfo=UTC)},
    {"floor_band": "category_4"},
    {"needs_second": True},
]
WAITING: list[tuple[dict[str, Any], str]] = [
    ({}, "rows"),
    ({"agency": "health"}, "rows"),
    ({"content_digest": "0" * 64}, "rows"),
    ({"content": '{"code": "out_late"}'}, "content"),
    ({"content": "{"}, "content"),
]


def children_scored_twice(scoring: ScoringUnderTest, number: int) -> list[UUID]:
    children = [scoring.child() for _ in range(number)]
    for code in ("cars_of_unknown_adults", "out_late"):
        scoring.clock.forward(hours=1)
        body = [update(f"{code}-{n}", child, code=code) for n, child in enumerate(children)]
        scoring.police().post("/v1/indicator-updates", json=body)
        scoring.compute_all()
    return children


def corrupt(scoring: ScoringUnderTest, table: Table, child: UUID, change: dict[str, Any]) -> None:
    query = sql_update(table).where(table.c.child_id == child).values(**change)
    if table is score:
        query = query.where(score.c.number == 2)
    with scoring.service.database.engine.begin() as connection:
        assert connection.execute(query).rowcount


def test_each_changed_column_of_a_stored_score_is_named_and_the_others_are_checked(
    scoring: ScoringUnderTest,
) -> None:
    children = children_scored_twice(scoring, len(CHANGES) + 1)
    without_triggers(scoring, "score")
    named = {}
    for child, (change, differs) in zip(children, CHANGES, strict=False):
        named[scoring.score(child)["score_id"]] = differs
        corrupt(scoring, score, child, change)
    found = amber(["scores", "verify"], database_of(scoring))
    assert found.exit_code == 1
    for score_id, differs in named.items():
        assert f"score {score_id} differs in: {differs}" in found.stdout
    whole, wrong = len(children) * 2, len(CHANGES)
    assert f"{whole} stored scores checked, {wrong} do not follow from their inputs" in found.stdout
    prove_some(scoring.service.database, Weights(), scoring.clock)
    proof = scoring.client("models:read").get("/v1/scores/proof").json()
    assert (proof["completed_checked"], proof["mismatches"]) == (whole, wrong)


def test_a_stored_score_that_was_deleted_is_missed_by_the_one_after_it(
    scoring: ScoringUnderTest,
) -> None:
    (child,) = children_scored_twice(scoring, 1)
    with scoring.service.database.engine.begin() as connection:
        on = " ON score" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER score_refuses_delete{on}"))
        connection.execute(score.delete().where(score.c.number == 1))
    assert prove_some(scoring.service.database, Weights(), scoring.clock) == 1
    found = amber(["scores", "verify"], database_of(scoring))
    assert f"score {scoring.score(child)['score_id']} differs in: number" in found.stdout


def verified(scoring: ScoringUnderTest) -> list[str]:
    found = amber(["scores", "verify"], database_of(scoring))
    assert found.exit_code in {0, 1}, found.output
    return found.stdout.splitlines()


def test_each_changed_column_of_what_scores_follow_from_is_found(
    scoring: ScoringUnderTest,
) -> None:
    children = [scoring.child() for _ in STATEMENTS]
    for n, child in enumerate(children):
        scoring.clock.forward(seconds=1)
        said = update(f"s{n}", child, handling="P", incident_ref="police:1", note_ref="n:1")
        scoring.police().post("/v1/indicator-updates", json=said)
    born, merged, survivor = scoring.child(), scoring.child(), scoring.child()
    scoring.child(child_id=merged, survivor_id=survivor)
    with scoring.service.database.writing(scoring.clock) as transaction:
        forget_children(transaction, scoring.app.state.weights)  # parts what was merged
    assert verified(scoring)[0].endswith(" 0 differ from the stored rows")
    for table in ("observation", "child_version", "counting", "feed_turn", "receipt"):
        without_triggers(scoring, table)
    for child, change in zip(children, STATEMENTS, strict=True):
        corrupt(scoring, observation, child, change)
    corrupt(scoring, child_version, born, {"date_of_birth": date(2012, 1, 2)})
    corrupt(scoring, counting, merged, {"counts_for": merged})
    with scoring.service.database.engine.begin() as connection:
        connection.execute(sql_update(feed_turn).values(on_day=date(2026, 5, 1)))
        last = select(receipt.c.receipt_id).order_by(receipt.c.received_at.desc()).limit(1)
        changed = sql_update(receipt).where(receipt.c.receipt_id == last.scalar_subquery())
        connection.execute(changed.values(client_id="somebody"))
    found = [line.split(" of ")[0] + line.rpartition(":")[2] for line in verified(scoring)[:-3]]
    assert [line for line in found if line.startswith("observation")] == ["observation rows"] * len(
        STATEMENTS
    )
    assert {
        "child_version date_of_birth",
        "counting counts_for",
        "feed_turn on",
        "receipt client_id",
    } <= set(found)


@pytest.mark.parametrize(
    ("change", "differs"), [({"source_ref": "b"}, "source_ref"), ({"ended_entry_id": None}, "rows")]
)
def test_a_changed_contest_is_found(
    scoring: ScoringUnderTest, change: dict[str, Any], differs: str
) -> None:
    scoring.child(URN)
    said_of_both(scoring)
    other = scoring.child(COUNCIL)
    scoring.child(child_id=other)
    assert verified(scoring)[0].endswith(" 0 differ from the stored rows")
    without_triggers(scoring, "contest")
    with scoring.service.database.engine.begin() as connection:
        assert connection.execute(sql_update(contest).values(**change)).rowcount == 1
    found = verified(scoring)[:-3]
    assert {line.partition(" ")[0] for line in found} == {"contest"}
    assert {line.rpartition(": ")[2] for line in found} == {differs}


def test_each_changed_column_of_what_waits_or_was_discarded_is_found(
    scoring: ScoringUnderTest,
) -> None:
    for ref in ("attached", "discarded", *(str(n) for n in range(len(WAITING)))):
        scoring.police().post("/v1/indicator-updates", json=update(ref, by_urn(ref)))
    scoring.child(("police_urn", "attached"))
    discard = {"source": "police-feed", "source_ref": "discarded", "revision": 1, "reason": WHY}
    decides = scoring.client("held:decide", person_id="p-one")
    assert decides.post("/v1/held-updates/discards", json=discard).status_code == 201
    assert verified(scoring)[0].endswith(" 0 differ from the stored rows")
    without_triggers(scoring, "held_update")
    with scoring.service.database.engine.begin() as connection:
        for n, (change, _) in enumerate(WAITING):
            own = held_update.c.source_ref == str(n)
            rewritten = sql_update(held_update).where(own).values(**change)
            connection.execute(rewritten if change else delete(held_update).where(own))
        own = held_update.c.source_ref == "discarded"
        connection.execute(sql_update(held_update).where(own).values(discarded_by="somebody"))
    found = verified(scoring)[:-3]
    assert {line.partition(" of ")[0] for line in found} == {"held_update"}
    differs = [line.rpartition(": ")[2] for line in found]
    assert differs == [*(named for _, named in WAITING), "discarded_by"]


def test_each_changed_column_of_a_judgement_and_of_what_followed_is_found(
    scoring: ScoringUnderTest,
) -> None:
    made = [judge(scoring, scored(scoring)) for _ in JUDGED]
    last = made[-1]
    path = f"/v1/children/{last['child_id']}/judgements/{last['id']}/withdrawal"
    assert professional(scoring).post(path, json={"reason": WHY}).status_code == 201
    assert verified(scoring)[0].endswith(" 0 differ from the stored rows")
    without_triggers(scoring, "judgement")
    without_triggers(scoring, "judgement_step")
    for each, change in zip(made, JUDGED, strict=True):
        corrupt(scoring, judgement, UUID(each["child_id"]), change)
    with scoring.service.database.engine.begin() as connection:
        connection.execute(sql_update(judgement_step).values(person_id="somebody"))
    lines = verified(scoring)[:-3]
    found = [line for line in lines if not line.startswith("judgement_standing")]
    assert [line.partition(" of ")[0] for line in found] == ["judgement"] * len(made) + [
        "judgement_step"
    ]
    named = {
        name.removesuffix("_day").removesuffix("_band") for change in JUDGED for name in change
    }
    assert {line.rpartition(": ")[2] for line in found} == {*named, "person_id"}


def test_entries_from_before_they_told_of_rows_are_passed_over(scoring: ScoringUnderTest) -> None:
    children_scored_twice(scoring, 1)
    payloads = journal.payloads
    with scoring.service.database.engine.begin() as connection:
        for row in connection.execute(select(payloads.c.position, payloads.c.payload)).all():
            said = json.loads(row.payload)
            for name in ("row", "observations", "waiting", "at"):
                said.pop(name, None)
            if "receipt" in said:
                del said["receipt"]
                kept = receipt.c.receipt_id == UUID(said["receipt_id"])
                results = connection.scalar(select(receipt.c.results).where(kept))
                said["results"] = digest(canonical_bytes(json.loads(str(results))))
            changed = sql_update(payloads).where(payloads.c.position == row.position)
            connection.execute(changed.values(payload=json.dumps(said)))
    found = [line.partition(",")[2] for line in verified(scoring)]
    assert found == [
        " 0 differ from the stored rows",
        " 0 are not what follows now",
        " 0 do not follow from their inputs",
    ]


def test_a_row_that_is_gone_or_that_no_entry_told_of_is_found(scoring: ScoringUnderTest) -> None:
    held = {"identifiers": [{"type": "police_urn", "value": "G/1"}]}
    scoring.police().post("/v1/indicator-updates", json=update("a", held))
    child = scoring.child(("police_urn", "G/1"))
    scoring.compute_all()
    without_triggers(scoring, "observation")
    with scoring.service.database.engine.begin() as connection:
        connection.execute(sql_update(observation).values(entry_id=child))
    found = verified(scoring)
    assert f"observation of entry {child} differs in: entry_id" in found
    assert [line for line in found if "(child.taken) differs in: rows" in line]
