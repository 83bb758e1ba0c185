"""Updates that wait: listed, attached and discarded by people, with a reason, and on the record."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from services.scoring.store import receipts
from services.scoring.tables import held_identifier, held_update, journal
from shared.domain.access import Sight
from shared.ids import new_id
from tests.support.scoring import ScoringUnderTest, by_urn, update

WHY = "The school named the same child; the record has the new number now."
PERSON = {"name": "Example Childtest", "date_of_birth": "2012-02-01"}


def hold(scoring: ScoringUnderTest, *items: dict[str, Any]) -> None:
    answer = scoring.police().post("/v1/indicator-updates", json=list(items))
    assert {item["result"] for item in answer.json()["items"]} == {"held"}


def worker(scoring: ScoringUnderTest, **facts: Any) -> Any:
    return scoring.client("held:read", "held:decide", "scores:read", **facts)


def key(source_ref: str, revision: int = 1) -> dict[str, Any]:
    return {"source": "police-feed", "source_ref": source_ref, "revision": revision}


def refs(answer: Any) -> list[str]:
    return [each["source_ref"] for each in answer.json()["items"]]


def entries(scoring: ScoringUnderTest, kind: str) -> list[str]:
    with scoring.service.database.reading() as connection:
        return list(
            connection.scalars(
                select(journal.payloads.c.payload)
                .join(journal.entries, journal.entries.c.position == journal.payloads.c.position)
                .where(journal.entries.c.kind == kind)
            )
        )


def test_what_waits_is_listed_page_by_page_with_what_it_waits_for(
    scoring: ScoringUnderTest,
) -> None:
    hold(scoring, *(update(f"r{n}", by_urn(f"K/{n}")) for n in range(5)))
    hold(scoring, update("named", {}, person=PERSON))
    caller = worker(scoring)
    first = caller.get("/v1/held-updates?limit=4")
    assert refs(first) == ["named", "r0", "r1", "r2"]
    assert refs(caller.get(first.links["next"]["url"])) == ["r3", "r4"]
    named, r0, *_ = first.json()["items"]
    assert (named["person"], named["waits_for"]) == (PERSON, [])
    assert r0["waits_for"] == [{"type": "police_urn", "value": "K/0"}]
    assert (r0["reason"], r0["code"], r0["child_id"]) == ("unknown_child", "missing_episode", None)
    assert refs(caller.get("/v1/held-updates?source=council-case-system")) == []
    assert len(entries(scoring, "update.held")) == 2, "told once a request"


def test_attached_by_hand_it_counts_from_then_on(scoring: ScoringUnderTest) -> None:
    hold(scoring, update("named", {}, person=PERSON))
    child = scoring.child()
    scoring.clock.forward(hours=1)
    before = scoring.clock().isoformat()
    scoring.clock.forward(hours=1)
    body = {**key("named"), "child_id": str(child), "reason": WHY}
    answer = worker(scoring).post("/v1/held-updates/attachments", json=body)
    assert (answer.status_code, answer.json()) == (201, {"child_id": str(child)})
    assert scoring.score(child)["total"] == "5"
    assert scoring.score(child, known_at=before)["total"] == "0"
    assert scoring.compute_all() == 1
    assert refs(worker(scoring).get("/v1/held-updates")) == []
    (entry,) = entries(scoring, "update.attached")
    assert WHY in entry
    assert '"person_id":"p-test"' in entry
    assert "Childtest" not in entry
    again = worker(scoring).post("/v1/held-updates/attachments", json=body)
    assert (again.status_code, again.json()["code"]) == (404, "not_held")
    resent = scoring.police().post("/v1/indicator-updates", json=update("named", {}, person=PERSON))
    assert resent.json()["items"][0]["result"] == "duplicate"


def test_the_same_update_of_another_person_is_a_conflict_and_the_first_one_waits_on(
    scoring: ScoringUnderTest,
) -> None:
    hold(scoring, update("named", {}, person=PERSON))
    younger = PERSON | {"date_of_birth": "2013-02-01"}
    sent = [
        update("named", {}, person=younger),
        update("named", {}, person=PERSON),
        update("other", {}, person=PERSON),
        update("other", {}, person=younger),
        update("named", {}, revision=2, person=younger),
    ]
    answer = scoring.police().post("/v1/indicator-updates", json=sent)
    assert [item["result"] for item in answer.json()["items"]] == [
        "conflict",
        "duplicate",
        "held",
        "conflict",
        "held",
    ]
    listed = worker(scoring).get("/v1/held-updates").json()["items"]
    assert [each["person"] for each in listed] == [PERSON, younger, PERSON]


def test_discarded_it_stays_on_record_without_the_person_and_never_counts(
    scoring: ScoringUnderTest,
) -> None:
    hold(scoring, update("a", by_urn("K/1")), update("named", {}, person=PERSON))
    body = {**key("a"), "reason": "The sender confirms that this was a test message."}
    answer = worker(scoring).post("/v1/held-updates/discards", json=body)
    assert (answer.status_code, answer.json()) == (201, {"discarded": True})
    assert refs(worker(scoring).get("/v1/held-updates")) == ["named"]
    worker(scoring).post("/v1/held-updates/discards", json={**body, "source_ref": "named"})
    child = scoring.child(("police_urn", "K/1"))
    assert scoring.score(child)["total"] == "0"
    with scoring.service.database.reading() as connection:
        rows = connection.execute(select(held_update)).all()
        assert connection.execute(select(held_identifier)).all() == []
    assert {(row.person, row.discarded_by) for row in rows} == {(None, "p-test")}
    assert all("missing_episode" in row.content for row in rows)
    resent = scoring.police().post("/v1/indicator-updates", json=update("a", by_urn("K/1")))
    assert resent.json()["items"][0]["result"] == "duplicate"
    assert worker(scoring).post("/v1/held-updates/discards", json=body).status_code == 404


def test_who_may_not_know_of_a_child_learns_nothing_here_either(
    scoring: ScoringUnderTest,
) -> None:
    hidden = scoring.child(("police_urn", "K/1"), restricted=True, team="north")
    scoring.child(("police_urn", "K/2"), team="north")
    both = {
        "identifiers": [
            {"type": "police_urn", "value": "K/1"},
            {"type": "police_urn", "value": "K/2"},
        ]
    }
    hold(scoring, update("both", both), update("coded", by_urn("K/9"), handling="P"))
    north = worker(scoring, sight=Sight(teams=frozenset({"north"})))
    shown = north.get("/v1/held-updates").json()["items"]
    assert [each["withheld"] for each in shown] == [True, True]
    assert not any("K/" in str(each) or each["source_ref"] for each in shown)
    for ref in ("both", "coded"):
        body = {**key(ref), "reason": WHY}
        assert north.post("/v1/held-updates/discards", json=body).status_code == 404
    body = {**key("both"), "child_id": str(hidden), "reason": WHY}
    refused = north.post("/v1/held-updates/attachments", json=body)
    assert (refused.status_code, refused.json()["code"]) == (404, "unknown_child")
    everything = worker(scoring).get("/v1/held-updates").json()["items"]
    assert [each["reason"] for each in everything if not each["withheld"]] == ["ambiguous"]


def test_a_handling_code_of_the_last_revision_withholds_the_ones_that_wait_before_it(
    scoring: ScoringUnderTest,
) -> None:
    child = scoring.child()
    waiting, coded = [update(ref, by_urn("K/9")) for ref in "ab"], {"revision": 2, "handling": "P"}
    hold(scoring, *waiting, update("a", by_urn("K/9"), **coded))
    scoring.police().post("/v1/indicator-updates", json=update("b", child, **coded))
    shown = worker(scoring).get("/v1/held-updates").json()["items"]
    assert [each["withheld"] for each in shown] == [True, True, True]
    body = {**key("a"), "reason": WHY}
    assert worker(scoring).post("/v1/held-updates/discards", json=body).status_code == 404
    cleared = worker(scoring, sight=Sight(clearances=frozenset({"handling:P"})))
    read = cleared.get("/v1/held-updates").json()["items"]
    assert [(each["source_ref"], each["revision"]) for each in read] == [
        ("a", 1),
        ("a", 2),
        ("b", 1),
    ]
    assert cleared.post("/v1/held-updates/discards", json=body).status_code == 201


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"reason": "short"}, 422),
        ({"source_ref": "nobody-sent-this"}, 404),
        ({"revision": 2}, 404),
        ({"child_id": str(new_id())}, 404),
        ({"child_id": "x"}, 422),
        ({"because": "x"}, 422),
    ],
)
def test_what_is_wrong_with_an_attachment_changes_nothing(
    scoring: ScoringUnderTest, change: dict[str, Any], status: int
) -> None:
    hold(scoring, update("a", by_urn("K/1")))
    child: UUID = scoring.child()
    body = {**key("a"), "child_id": str(child), "reason": WHY, **change}
    assert worker(scoring).post("/v1/held-updates/attachments", json=body).status_code == status
    machine = worker(scoring, kind="machine", person_id=None)
    right = {**key("a"), "child_id": str(child), "reason": WHY}
    assert machine.post("/v1/held-updates/attachments", json=right).status_code == 403
    assert refs(worker(scoring).get("/v1/held-updates")) == ["a"]
    with scoring.service.database.reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM observation")) == 0


def test_any_number_of_updates_may_wait_for_one_number(
    scoring: ScoringUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "AT_ONCE", 2)  # so many go into a statement: else thousands
    items = [update(f"w{n}", by_urn("T/9"), observed_on=f"2026-04-{n + 1:02}") for n in range(5)]
    scoring.police().post("/v1/indicator-updates", json=items)
    child = scoring.child(("police_urn", "T/9"))
    reader = scoring.practitioner()
    assert len(reader.get(f"/v1/children/{child}/observations").json()["items"]) == 5
    assert scoring.client("held:read").get("/v1/held-updates").json()["items"] == []
    heard = scoring.client("held:read", "events:read", person_id="p")
    kinds = [each["kind"] for each in heard.get("/internal/consumer-events").json()["events"]]
    assert kinds == ["update.held", "update.attached"]
