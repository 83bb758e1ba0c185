"""Scores: computed on reading, stored after a change, seen by who may see the child."""

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from services.scoring.api.score_view import ScoreView
from shared.domain.access import Sight
from tests.support.scoring import ScoringUnderTest, by_urn, update


def test_reading_writes_nothing_and_names_the_stored_score_once_it_is_there(
    scoring: ScoringUnderTest,
) -> None:
    child = scoring.child()
    scoring.police().post("/v1/indicator-updates", json=update("a", child))
    assert scoring.score(child)["score_id"] is None
    assert scoring.practitioner().get(f"/v1/children/{child}/scores").json()["items"] == []
    scoring.compute_all()
    stored = scoring.practitioner().get(f"/v1/children/{child}/scores").json()["items"]
    assert [(one["number"], one["total"], one["band"]) for one in stored] == [
        (1, "5", "category_1")
    ]
    assert scoring.score(child)["score_id"] == stored[0]["score_id"]


def test_a_change_is_stored_beside_what_was_and_no_change_is_not(
    scoring: ScoringUnderTest,
) -> None:
    child = scoring.child()
    police = scoring.police()
    for ref, code in (("a", "missing_episode"), ("b", "unexplained_injury")):
        police.post("/v1/indicator-updates", json=update(ref, child, code=code))
        scoring.compute_all()
    police.post("/v1/indicator-updates", json=update("a", child))  # a duplicate
    scoring.compute_all()
    stored = scoring.practitioner().get(f"/v1/children/{child}/scores").json()["items"]
    assert [(one["number"], one["total"]) for one in stored] == [(2, "10"), (1, "5")]


@pytest.mark.parametrize(
    ("as_of", "total"),
    [
        ("2026-04-30", "0"),
        ("2026-05-01", "5"),
        ("2026-06-01", "5"),
    ],
)
def test_as_of_an_earlier_day_only_what_was_true_by_then_counts(
    scoring: ScoringUnderTest, as_of: str, total: str
) -> None:
    child = scoring.child()
    scoring.police().post("/v1/indicator-updates", json=update("a", child))
    assert scoring.score(child, as_of=as_of)["total"] == total


def test_another_model_is_asked_without_its_score_being_stored(scoring: ScoringUnderTest) -> None:
    child = scoring.child()
    scoring.police().post("/v1/indicator-updates", json=[update("a", child)])
    scoring.compute_all()
    asked = scoring.score(child, model="child-exploitation", version="0.1")
    assert (asked["model"], asked["version"]) == ("child-exploitation", "0.1")
    assert (asked["score_id"], asked["judgement"]) == (None, None)
    reader = scoring.practitioner()
    place = f"/v1/children/{child}/score"
    assert reader.get(place, params={"model": "child-exploitation"}).status_code == 409
    unknown = reader.get(place, params={"model": "no-such-model"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_version")


def test_a_day_to_come_cannot_be_asked_for(scoring: ScoringUnderTest) -> None:
    child = scoring.child()
    answer = scoring.practitioner().get(f"/v1/children/{child}/score?as_of=2026-06-02")
    assert answer.status_code == 422
    assert answer.json()["errors"][0] == {
        "where": "query",
        "pointer": "/as_of",
        "code": "in_future",
        "message": "Ask for today or an earlier day.",
    }


def test_every_answer_has_exactly_the_described_form(scoring: ScoringUnderTest) -> None:
    child = scoring.child()
    ScoreView.model_validate(scoring.score(child))


READS = ("score", "scores", "observations")


@pytest.mark.parametrize("read", READS)
def test_a_child_out_of_sight_is_answered_like_one_that_does_not_exist(
    scoring: ScoringUnderTest, read: str
) -> None:
    north = Sight(teams=frozenset({"north"}))
    seen = [
        scoring.child(),
        scoring.child(team="north"),
    ]
    hidden = [
        scoring.child(team="south"),
        scoring.child(team="north", restricted=True),
        scoring.child(staff_relative=True),
        uuid4(),
    ]
    reader = scoring.practitioner(sight=north)
    for child in seen:
        assert reader.get(f"/v1/children/{child}/{read}").status_code == 200
    answers = [reader.get(f"/v1/children/{child}/{read}") for child in hidden]
    assert {(a.status_code, a.json()["code"], a.json()["detail"]) for a in answers} == {
        (404, "unknown_child", "No child of that id, or none that you may see.")
    }


def test_what_came_under_a_handling_code_is_withheld_and_still_counts(
    scoring: ScoringUnderTest,
) -> None:
    child = scoring.child()
    secret = update("secret", child, handling="P", observed_on="2026-05-07")
    body = [secret, update("open", child, code="out_late")]
    scoring.police().post("/v1/indicator-updates", json=body)
    cleared = Sight(teams=None, clearances=frozenset({"handling:P"}))
    for reader, shown in (
        (scoring.practitioner(), False),
        (scoring.practitioner(sight=cleared), True),
    ):
        answer = reader.get(f"/v1/children/{child}/score")
        assert answer.json()["total"] == "6"
        assert ("secret" in answer.text) is shown
        assert ("2026-05-07" in answer.text, "7 May" in answer.text) == (shown, shown)
        statements = reader.get(f"/v1/children/{child}/observations")
        assert ("secret" in statements.text) is shown
        assert len(statements.json()["items"]) == 2


P, Q, BOTH, NEITHER = (
    Sight(teams=None, clearances=frozenset(f"handling:{code}" for code in codes))
    for codes in ("P", "Q", "PQ", "")
)


@pytest.mark.parametrize(
    ("codes", "sight", "read"),
    [
        ((None, "P"), NEITHER, []),
        ((None, "P"), P, [1, 2]),
        (("P", None), NEITHER, [2]),
        ((None, "P", None), NEITHER, [1, 3]),
        (("P", "Q"), P, []),
        (("P", "Q"), Q, [2]),
        (("P", "Q"), BOTH, [1, 2]),
    ],
)
def test_a_handling_code_on_the_last_revision_is_on_those_before_it_too(
    scoring: ScoringUnderTest, codes: tuple[str | None, ...], sight: Sight, read: list[int]
) -> None:
    child = scoring.child()
    items = [
        update("ref", child, revision=revision, handling=code)
        for revision, code in enumerate(codes, start=1)
    ]
    scoring.police().post("/v1/indicator-updates", json=[*items, update("open", child)])
    items = (
        scoring.practitioner(sight=sight).get(f"/v1/children/{child}/observations").json()["items"]
    )
    assert len(items) == len(codes) + 1
    readable = [each["revision"] for each in items if each["source_ref"] == "ref"]
    assert sorted(readable) == read
    assert [each["revision"] for each in items if each["source_ref"] == "open"] == [1]


def test_a_handling_code_that_came_later_withholds_what_was_known_before(
    scoring: ScoringUnderTest,
) -> None:
    child, another = scoring.child(), scoring.child()
    sent = [
        update(f"ref-{to}", child, observed_on="2026-05-07") for to in ("child", "else", "wait")
    ]
    scoring.police().post("/v1/indicator-updates", json=sent)
    scoring.clock.forward(minutes=5)
    before = scoring.clock().isoformat()
    scoring.clock.forward(minutes=5)
    coded = {"revision": 2, "handling": "P", "observed_on": "2026-05-07"}
    corrections = [
        update("ref-child", child, **coded),
        update("ref-else", another, **coded),
        update("ref-wait", by_urn("N/1"), **coded),
    ]
    scoring.police().post("/v1/indicator-updates", json=corrections)
    for path in ("observations", "score", f"score?known_at={before.replace('+', '%2B')}"):
        answer = scoring.practitioner().get(f"/v1/children/{child}/{path}")
        hidden = not any(word in answer.text for word in ("ref-", "2026-05-07", "7 May"))
        assert (answer.status_code, hidden) == (200, True), path
        cleared = scoring.practitioner(sight=P).get(f"/v1/children/{child}/{path}")
        assert "ref-" in cleared.text, path


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({"as_of": "0001-01-01", "version": "1.0", "forecast": "true"}, "too_early"),
        ({"as_of": "1899-12-31"}, "too_early"),
        ({"as_of": "9999-12-31"}, "in_future"),
        ({"known_at": "0001-01-01T00:00:00+14:00"}, "out_of_range"),
        ({"known_at": "9999-12-31T23:59:59-14:00"}, "out_of_range"),
        ({"known_at": "9998-12-31T23:59:59-14:00"}, "in_future"),
        ({"known_at": "2026-06-01T09:00:01Z"}, "in_future"),
    ],
)
def test_a_question_about_no_day_of_ours_is_refused(
    scoring: ScoringUnderTest, question: dict[str, str], code: str
) -> None:
    path = f"/v1/children/{scoring.child()}/score"
    answer = scoring.practitioner().get(path, params=question)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


def test_the_earliest_day_can_be_asked_about_and_so_can_this_moment(
    scoring: ScoringUnderTest,
) -> None:
    child = scoring.child()
    first = scoring.score(child, as_of="1900-01-01", version="1.0", forecast="true")
    assert first["status"] == "not_applicable"
    now = scoring.clock().isoformat()
    assert scoring.score(child, known_at=now)["status"] == "provisional"


@pytest.mark.parametrize("many", ["scores", "observations"])
def test_the_links_lead_through_everything_once(scoring: ScoringUnderTest, many: str) -> None:
    child, police = scoring.child(), scoring.police()
    for n in range(5):
        same_day = {"observed_on": "2026-05-04"} if n < 3 else {}
        code = ("missing_episode", "out_late", "drugs", "alcohol", "unexplained_injury")[n]
        police.post("/v1/indicator-updates", json=update(f"r{n}", child, code=code, **same_day))
        scoring.compute_all()
    reader, found = scoring.practitioner(), list[Any]()
    path: str | None = f"/v1/children/{child}/{many}?limit=2"
    while path is not None:
        answer = reader.get(path)
        found += [one.get("number") or one["source_ref"] for one in answer.json()["items"]]
        link = answer.headers.get("Link")
        path = link and link.removeprefix("<").removesuffix('>; rel="next"')
    assert found == ([5, 4, 3, 2, 1] if many == "scores" else ["r0", "r1", "r2", "r3", "r4"])
    other = {"scores": "observations", "observations": "scores"}[many]
    foreign = cursor_of(reader.get(f"/v1/children/{child}/{other}?limit=2"))
    # The parts of a key as they are: [7], [1e999] and a day with an object for a reference.
    plain = ("W10", "Wzdd", "WzFlOTk5XQ", "WyIyMDI2LTA1LTAxIix7ImEiOjF9LCJiIiwxXQ")
    for cursor in ("x", "%00", foreign, *plain):
        answer = reader.get(f"/v1/children/{child}/{many}?after={cursor}")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "invalid_cursor")


def test_a_link_tells_nothing_of_a_statement_that_is_withheld(scoring: ScoringUnderTest) -> None:
    child = scoring.child()
    waiting = update("secret-2", by_urn("N/1"), handling="P")
    body = [
        update("secret-1", child, handling="P"),
        update("open", child, observed_on="2026-04-01"),
        waiting,
        update("waits", by_urn("N/2")),
    ]
    scoring.police().post("/v1/indicator-updates", json=body)
    reader = scoring.practitioner()
    held = scoring.client("held:read", person_id="p-one")
    for caller, path in (
        (reader, f"/v1/children/{child}/observations"),
        (held, "/v1/held-updates"),
    ):
        first = caller.get(f"{path}?limit=1")
        assert first.json()["items"][0]["withheld"]
        cursor = cursor_of(first)
        assert b"secret" not in base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        second = caller.get(f"{path}?limit=1&after={cursor}")
        assert [one["source_ref"] for one in second.json()["items"]] in (["open"], ["waits"])


def cursor_of(answer: Any) -> str:
    """The cursor in the link of a page."""
    (query,) = re.findall(r"after=([^>&]+)", answer.headers["Link"])
    return str(query)


@contextmanager
def counted(scoring: ScoringUnderTest) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    statements: list[str] = []
    engine = scoring.service.database.engine

    def count(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", count)
    yield statements
    event.remove(engine, "before_cursor_execute", count)


def test_a_score_takes_the_same_few_queries_however_much_is_stored(
    scoring: ScoringUnderTest,
) -> None:
    child = scoring.child()
    counts = []
    for size in (1, 60):
        days = [f"2026-0{1 + n % 5}-0{1 + n % 9}" for n in range(size)]
        body = [update(f"s{size}-{n}", child, observed_on=day) for n, day in enumerate(days)]
        scoring.police().post("/v1/indicator-updates", json=body)
        with counted(scoring) as statements:
            scoring.score(child)
        counts.append(len([text for text in statements if text.startswith("SELECT")]))
    assert counts[0] == counts[1] <= 10


def test_a_batch_takes_the_same_few_statements_however_many_updates_it_has(
    scoring: ScoringUnderTest,
) -> None:
    children = [scoring.child() for _ in range(50)]
    police = scoring.police()
    police.post("/v1/indicator-updates", json=update("warm", children[0]))
    counts = []
    for size in (2, 50):
        body = [update(f"n{size}-{n}", child) for n, child in enumerate(children[:size])]
        with counted(scoring) as statements:
            police.post("/v1/indicator-updates", json=body)
        counts.append(len(statements))
    assert counts[0] == counts[1]
