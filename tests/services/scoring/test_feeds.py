"""Feeds that speak, fall silent and come back; and what of them never arrived."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy import update as sql_update

from services.scoring.service.feeds import Silence, watch
from services.scoring.service.verifying import verify_all
from services.scoring.service.weights import Weights
from services.scoring.tables import feed_turn, journal, score_due
from tests.support.command import amber
from tests.support.scoring import ScoringUnderTest, results, update

DAYS_3 = Silence(72)


def push(scoring: ScoringUnderTest, *items: dict[str, Any]) -> None:
    answer = scoring.police().post("/v1/indicator-updates", json=list(items))
    assert {item["result"] for item in answer.json()["items"]} == {"recorded"}


def feed(scoring: ScoringUnderTest) -> dict[str, Any]:
    answer = scoring.police().get("/v1/feeds/police-feed")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def told(scoring: ScoringUnderTest) -> list[str]:
    """What the journal says of feeds, in order."""
    with scoring.service.database.reading() as connection:
        kinds = connection.scalars(
            select(journal.entries.c.kind)
            .where(journal.entries.c.kind.like("feed.%"))
            .order_by(journal.entries.c.position)
        )
        return list(kinds)


def stale(scoring: ScoringUnderTest, child: UUID, **question: str) -> list[str]:
    return [each["agency"] for each in scoring.score(child, **question)["staleness"]]


def look(scoring: ScoringUnderTest) -> list[str]:
    return watch(scoring.service.database, DAYS_3, scoring.clock)


def beat(scoring: ScoringUnderTest, **body: Any) -> int:
    answer = scoring.police().post("/v1/feeds/police-feed/heartbeats", json=body)
    return answer.status_code


def test_a_silent_feed_is_told_once_and_so_is_its_return(scoring: ScoringUnderTest) -> None:
    child = scoring.child()
    push(scoring, update("a", child))
    assert (look(scoring), feed(scoring)["state"]) == ([], "fresh")
    scoring.clock.forward(hours=71, minutes=59)
    assert look(scoring) == []
    scoring.clock.forward(minutes=1)
    assert look(scoring) == ["police-feed"]
    assert (look(scoring), feed(scoring)["state"]) == ([], "silent")
    assert beat(scoring) == 200
    assert beat(scoring) == 200
    assert feed(scoring)["state"] == "fresh"
    assert told(scoring) == ["feed.started", "feed.silent", "feed.recovered"]
    # 2026-06-01 09:00 UTC and three days later.
    assert [(turn["state"], turn["on"]) for turn in feed(scoring)["turns"]] == [
        ("fresh", "2026-06-04"),
        ("silent", "2026-06-04"),
        ("fresh", "2026-06-01"),
    ]


def test_a_silence_that_is_over_before_anybody_looked_is_told_with_the_next_word(
    scoring: ScoringUnderTest,
) -> None:
    child = scoring.child()
    push(scoring, update("a", child))
    scoring.clock.forward(days=10)
    push(scoring, update("b", child))
    scoring.clock.forward(hours=72)
    assert beat(scoring) == 200
    assert [(turn["state"], turn["on"]) for turn in feed(scoring)["turns"]] == [
        ("fresh", "2026-06-14"),
        ("silent", "2026-06-14"),
        ("fresh", "2026-06-11"),
        ("silent", "2026-06-04"),
        ("fresh", "2026-06-01"),
    ]
    assert told(scoring) == ["feed.started", *("feed.silent", "feed.recovered") * 2]
    assert look(scoring) == []
    scoring.compute_all()
    assert stale(scoring, child, as_of="2026-06-10") == ["police"]
    assert stale(scoring, child, as_of="2026-06-11") == []


def test_scores_that_lean_on_a_silent_feed_say_so_and_are_computed_again(
    scoring: ScoringUnderTest,
) -> None:
    children = [scoring.child() for _ in range(3)]
    push(scoring, *(update(f"r{n}", child) for n, child in enumerate(children)))
    scoring.compute_all()
    before = (scoring.clock() + timedelta(minutes=1)).isoformat()
    assert stale(scoring, children[0]) == []

    scoring.clock.forward(days=5)
    look(scoring)
    assert scoring.compute_all() == 3
    assert stale(scoring, children[0]) == ["police"]
    history = scoring.practitioner().get(f"/v1/children/{children[0]}/scores").json()["items"]
    assert [each["number"] for each in history] == [2, 1]
    with scoring.service.database.reading() as connection:
        assert connection.scalars(select(score_due.c.child_id)).all() == []

    # Three days ago it wasn't silent; and then nobody knew that it would be.
    assert stale(scoring, children[0], as_of="2026-06-03") == []
    assert stale(scoring, children[0], as_of="2026-06-04") == ["police"]
    assert stale(scoring, children[0], known_at=before, as_of="2026-06-04") == []

    scoring.clock.forward(days=1)
    push(scoring, update("later", children[1], code="cars_of_unknown_adults"))
    assert scoring.compute_all() == 3
    assert stale(scoring, children[0]) == []
    assert stale(scoring, children[0], as_of="2026-06-05") == ["police"]
    replayed = list(verify_all(scoring.service.database, Weights()))
    assert [one.equal for one in replayed] == [True] * 9


def test_a_feed_interval_that_was_tampered_with_is_found(scoring: ScoringUnderTest) -> None:
    child = scoring.child()
    push(scoring, update("a", child))
    scoring.clock.forward(days=5)
    look(scoring)
    scoring.compute_all()
    with scoring.service.database.engine.begin() as connection:
        on = " ON feed_turn" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER feed_turn_refuses_update{on}"))
        connection.execute(
            sql_update(feed_turn).where(feed_turn.c.state == "silent").values(state="fresh")
        )
    url = scoring.service.database.engine.url.render_as_string(hide_password=False)
    found = amber(["scores", "verify"], {"AMBER_DATABASE_URL": url})
    assert found.exit_code == 1
    assert "differs in: staleness" in found.output


def test_what_was_numbered_and_never_arrived_is_a_gap(scoring: ScoringUnderTest) -> None:
    child = scoring.child()
    numbered = [update(f"r{n}", child, sequence=n) for n in (1, 2, 5, 6, 9)]
    push(scoring, *numbered)
    found = feed(scoring)
    assert (found["last_sequence"], found["missing"]) == (9, 4)
    assert found["gaps"] == [{"first": 3, "last": 4}, {"first": 7, "last": 8}]
    push(scoring, *(update(f"r{n}", child, sequence=n) for n in (8, 3, 4)))
    assert feed(scoring)["gaps"] == [{"first": 7, "last": 7}]
    assert beat(scoring, sent_up_to=12) == 200
    found = feed(scoring)
    assert (found["sent_up_to"], found["missing"]) == (12, 4)
    assert found["gaps"] == [{"first": 7, "last": 7}, {"first": 10, "last": 12}]
    assert (found["last_observed_on"], found["lag_days"]) == ("2026-05-01", 31)
    assert beat(scoring, sent_up_to=10) == 200
    assert feed(scoring)["sent_up_to"] == 12, "a late heartbeat takes nothing back"


@pytest.mark.parametrize(("left_out", "listed"), [(99, 99), (100, 100), (101, 100)])
def test_every_missing_number_is_counted_and_the_latest_gaps_are_listed(
    scoring: ScoringUnderTest, left_out: int, listed: int
) -> None:
    child = scoring.child()
    # From 2 on: 1 is the first that never arrived.
    push(scoring, *(update(f"r{n}", child, sequence=2 * n) for n in range(1, left_out + 1)))
    found = feed(scoring)
    assert (found["missing"], len(found["gaps"])) == (left_out, listed)
    assert found["gaps"][-1] == {"first": 2 * left_out - 1, "last": 2 * left_out - 1}
    assert found["earlier_gaps"] is (left_out > listed)
    assert beat(scoring, sent_up_to=2 * left_out + 5) == 200
    found = feed(scoring)
    assert (found["missing"], len(found["gaps"])) == (left_out + 5, min(left_out + 1, 100))
    assert found["earlier_gaps"] is (left_out > 99)


def test_a_feed_sees_and_speaks_for_its_own_sources_alone(scoring: ScoringUnderTest) -> None:
    child = scoring.child()
    push(scoring, update("a", child))
    care, analyst = scoring.social_care(), scoring.client("feeds:read")
    assert care.get("/v1/feeds/police-feed").status_code == 404
    assert care.get("/v1/feeds").json() == {"items": []}
    assert [each["source"] for each in analyst.get("/v1/feeds").json()["items"]] == ["police-feed"]
    assert analyst.get("/v1/feeds/nobody").status_code == 404
    refused = care.post("/v1/feeds/police-feed/heartbeats", json={})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


def test_a_source_has_one_agency(scoring: ScoringUnderTest) -> None:
    push(scoring, update("a", scoring.child()))
    facts = {"kind": "machine", "person_id": None, "agency": "health", "sources": ("police-feed",)}
    health = scoring.client("updates:write", **facts)
    place = "/v1/feeds/police-feed/heartbeats"
    sent = health.post("/v1/indicator-updates", json=update("b", scoring.child()))
    for refused in (sent, health.post(place, json={})):
        assert (refused.status_code, refused.json()["code"]) == (403, "other_agency")
    assert feed(scoring)["heartbeat_at"] is None


def test_an_agency_is_fresh_only_once_each_of_its_sources_has_spoken(
    scoring: ScoringUnderTest,
) -> None:
    child = scoring.child()
    push(scoring, update("before", child))
    scoring.compute_all()
    before = (scoring.clock() + timedelta(minutes=1)).isoformat()
    assert stale(scoring, child) == []

    scoring.clock.forward(hours=1)
    both = scoring.police("police-custody", "police-feed")
    sent = update("a", child, source="police-feed", code="cars_of_unknown_adults")
    assert results(both.post("/v1/indicator-updates", json=sent)) == ["recorded"]
    silent, heard = both.get("/v1/feeds").json()["items"]
    assert (silent["source"], silent["state"]) == ("police-custody", "silent")
    assert (silent["last_heard_at"], heard["state"]) == (None, "fresh")
    assert look(scoring) == []
    scoring.compute_all()
    assert stale(scoring, child) == ["police"]
    assert stale(scoring, child, known_at=before) == []
    again = {**sent, "source_ref": "b"}
    assert results(both.post("/v1/indicator-updates", json=again)) == ["recorded"]
    assert told(scoring) == ["feed.started", "feed.silent"]

    assert both.post("/v1/feeds/police-custody/heartbeats", json={}).status_code == 200
    scoring.compute_all()
    assert stale(scoring, child) == []
    assert told(scoring) == ["feed.started", "feed.silent", "feed.started"]
    replayed = list(verify_all(scoring.service.database, Weights()))
    assert [one.equal for one in replayed] == [True] * 3


def test_a_feed_that_only_sends_what_is_rejected_falls_silent(scoring: ScoringUnderTest) -> None:
    assert beat(scoring) == 200
    heard = feed(scoring)["last_heard_at"]
    scoring.clock.forward(hours=72)
    refused = update("a", scoring.child(), code="nonsense")
    assert results(scoring.police().post("/v1/indicator-updates", json=refused)) == ["rejected"]
    assert look(scoring) == ["police-feed"]
    assert (feed(scoring)["state"], feed(scoring)["last_heard_at"]) == ("silent", heard)


def test_a_heartbeat_of_one_source_makes_the_others_known_as_silent(
    scoring: ScoringUnderTest,
) -> None:
    both = scoring.police("police-custody", "police-feed")
    assert both.post("/v1/feeds/police-feed/heartbeats", json={}).status_code == 200
    assert [each["state"] for each in both.get("/v1/feeds").json()["items"]] == ["silent", "fresh"]
    refused = update("a", scoring.child(), source="police-custody", code="nonsense")
    assert results(both.post("/v1/indicator-updates", json=refused)) == ["rejected"]
    assert both.get("/v1/feeds/police-custody").json()["state"] == "silent"
    assert told(scoring) == ["feed.silent", "feed.started"]


def test_consumers_hear_of_sources_but_not_of_what_one_service_reads_of_another(
    scoring: ScoringUnderTest,
) -> None:
    assert beat(scoring) == 200
    with scoring.service.database.writing(scoring.clock) as transaction:
        transaction.record("feed.restarted", {"source": "referrals"})
    assert told(scoring) == ["feed.started", "feed.restarted"]
    consumer = scoring.client("events:read", "feeds:read")
    heard = consumer.get("/internal/consumer-events").json()["events"]
    assert [each["kind"] for each in heard] == ["feed.started"]


@pytest.mark.parametrize("body", [{"sent_up_to": -1}, {"sent_up_to": "9"}, {"up_to": 3}])
def test_a_heartbeat_that_says_something_else_is_refused(
    scoring: ScoringUnderTest, body: dict[str, Any]
) -> None:
    assert beat(scoring, **body) == 422
    assert told(scoring) == []
