"""Another version comes into force: every child is scored again, and it can be seen how far."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from services.scoring.service.verifying import verify_all
from services.scoring.service.weights import Weights
from tests.domain.scoring.small import SMALL
from tests.support.databases import Databases
from tests.support.scoring import update as indicator_update
from tests.support.service import SettableClock
from tests.support.weights import HEAVIER, MODEL, Governed, heavier_on

PATH = f"{MODEL}/versions/1.1"


@pytest.fixture
def scoring(databases: Databases, clock: SettableClock) -> Iterator[Governed]:
    """The small model in force, and a heavier version of it submitted."""
    under_test = heavier_on(databases, clock)
    yield under_test
    under_test.service.database.engine.dispose()


def activation(scoring: Governed, version: str) -> Any:
    team = scoring.client("models:read", "models:assess", person_id="p-author")
    answer = team.get(f"{MODEL}/versions/{version}/activation")
    return answer.json() if answer.status_code == 200 else answer.json()["code"]


def progress(scoring: Governed, version: str) -> tuple[Any, ...]:
    found = activation(scoring, version)
    return found["population"], found["scored"], found["set_apart"], found["percent"]


def causes(scoring: Governed, child: object) -> list[tuple[str, str | None]]:
    """The stored scores of a child, the latest first: version and cause."""
    items = scoring.practitioner().get(f"/v1/children/{child}/scores").json()["items"]
    return [(each["version"], each["cause"]) for each in items]


def test_progress_can_be_read_and_it_is_complete_only_once_nobody_is_left(
    scoring: Governed, clock: SettableClock
) -> None:
    children = [scoring.child() for _ in range(5)]
    missing = [indicator_update(str(child), child) for child in children[:2]]
    scoring.police().post("/v1/indicator-updates", json=missing)
    scoring.compute_all()
    assert activation(scoring, "1.0")["completed_at"] is not None
    assert activation(scoring, "1.1") == "not_activated"

    assert scoring.sign("1.1").status_code == 201
    worker = scoring.worker()
    clock.forward(seconds=10)
    assert worker.work(limit=2) == 2
    clock.forward(seconds=10)
    half = activation(scoring, "1.1")
    assert progress(scoring, "1.1") == (5, 2, 0, 40)
    assert (half["completed_at"], half["due"], half["per_second"]) == (None, 3, 0.2)
    assert half["seconds_left"] == 15
    # A kill here costs nothing: another process goes on. Live news meanwhile is under 1.1 at once.
    late = {**indicator_update("late", children[4]), "code": "hurt"}
    scoring.social_care().post("/v1/indicator-updates", json=late)
    assert scoring.score(children[4])["version"] == "1.1"
    scoring.child()  # becomes known meanwhile
    scoring.compute_all()
    assert progress(scoring, "1.1") == (6, 6, 0, 100)
    assert activation(scoring, "1.1")["completed_at"] is not None
    assert {causes(scoring, child)[0] for child in children[:4]} == {("1.1", "model")}
    kinds = heard(scoring, "model.")
    assert kinds[-2:] == ["model.activated", "model.activation_completed"]
    for child in children[:2]:
        (told,) = [each for each in events(scoring, "rating.") if each["child_id"] == str(child)][
            -1:
        ]
        assert told["ids"]["cause"] == "model"
    replayed = list(verify_all(scoring.service.database, Weights()))
    assert len(replayed) == 5 + 6
    assert all(each.equal for each in replayed)


def heard(scoring: Governed, beginning: str) -> list[str]:
    return [each["kind"] for each in events(scoring, beginning)]


def events(scoring: Governed, beginning: str) -> list[dict[str, Any]]:
    client = scoring.client("events:read", "models:read", "scores:read")
    found = client.get("/internal/consumer-events").json()["events"]
    return [each for each in found if each["kind"].startswith(beginning)]


def test_who_cannot_be_scored_is_set_apart_and_does_not_hold_it_up(scoring: Governed) -> None:
    bad, _ = scoring.child(), scoring.child()
    scoring.police().post("/v1/indicator-updates", json=indicator_update("a", bad))
    with scoring.service.database.engine.begin() as connection:
        on = " ON observation" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER observation_refuses_update{on}"))
        # Intake would refuse such a date: the day after it does not exist.
        connection.execute(text("UPDATE observation SET observed_until = '9999-12-31'"))
    scoring.compute_all()
    assert progress(scoring, "1.0") == (2, 1, 1, 100)
    assert activation(scoring, "1.0")["completed_at"] is not None
    told = scoring.client("models:read").get(f"{MODEL}/versions/1.0/activation").json()
    assert (told["population"], told["percent"]) == (2, 100)
    assert (told["scored"], told["set_apart"], told["due"]) == (None, None, None)


def test_a_version_that_another_follows_too_soon_is_never_called_complete(
    scoring: Governed, clock: SettableClock
) -> None:
    children = [scoring.child() for _ in range(3)]
    scoring.compute_all()
    scoring.sign("1.1")
    scoring.worker().work(limit=1)
    clock.forward(seconds=5)
    scoring.approved("1.2", SMALL.replace("A small model", "Another"))
    scoring.compute_all()
    first = activation(scoring, "1.1")
    assert (first["completed_at"], first["scored"]) == (None, 0)
    assert first["superseded_at"] is not None
    assert progress(scoring, "1.2") == (3, 3, 0, 100)
    assert {causes(scoring, child)[0] for child in children} == {("1.2", "model")}


def test_it_begins_at_midnight_in_london_on_the_day_the_clocks_go_back(
    scoring: Governed, clock: SettableClock
) -> None:
    child = scoring.child()
    scoring.compute_all()
    on_the_day = HEAVIER.replace("2026-01-01\ndecimals", "2026-10-25\ndecimals")
    scoring.approved("1.2", on_the_day.replace("A small model", "From October on"))
    # In London it is still summer: midnight comes at 23:00 UTC.
    clock.now = datetime(2026, 10, 24, 22, 59, 59, tzinfo=UTC)
    scoring.compute_all()
    assert activation(scoring, "1.2") == "not_activated"
    clock.now = datetime(2026, 10, 24, 23, 0, 0, tzinfo=UTC)
    scoring.compute_all()
    assert activation(scoring, "1.2")["in_force_from"] == "2026-10-25"
    assert scoring.score(child)["version"] == "1.2"


# A version that asks about another silence

CAREFUL = SMALL.replace(
    "golden:", "completeness: {min_known: 1, otherwise: incomplete}\ngolden:", 1
)
LEANING = CAREFUL.replace(
    "    answer: flag\n    windows:",
    "    answer: flag\n    absence: {means: no, while_fresh: police}\n    windows:",
)


def test_that_a_version_asks_about_another_silence_is_no_new_evidence(scoring: Governed) -> None:
    scoring.approved("1.2", LEANING)
    child = scoring.child()
    scoring.compute_all()
    assert scoring.score(child)["band"] is None, "the police were never heard"

    scoring.approved("1.3", CAREFUL)
    scoring.compute_all()

    latest = scoring.practitioner().get(f"/v1/children/{child}/scores").json()["items"][0]
    assert (latest["version"], latest["cause"]) == ("1.3", "model")
    assert {each["band_after"] for each in latest["parts"]} == {None}


# Bands that are called otherwise

SEVERE = (
    SMALL.replace("{id: high", "{id: severe")
    .replace("band: high", "band: severe")
    .replace("[low, high]", "[low, severe]")
    .replace("kind: new,", "kind: correction,")
)


def judged_high(scoring: Governed) -> tuple[Any, str]:
    """A child whom a professional judges to be at high risk, and the judgement's id."""
    child = scoring.child()
    scoring.compute_all()
    client = scoring.client("judgements:write", person_id="p-professional")
    answer = client.post(
        f"/v1/children/{child}/judgements",
        json={
            "score_id": scoring.score(child)["score_id"],
            "band": "high",
            "reason_code": "other_information",
            "reason": "The family describes a week without any contact.",
            "until": "2026-07-01",
        },
    )
    assert answer.status_code == 201, answer.text
    return child, answer.json()["id"]


@pytest.mark.parametrize("renames", [True, False])
def test_a_judgement_follows_its_band_to_another_name_or_has_to_be_made_anew(
    scoring: Governed, *, renames: bool
) -> None:
    child, judgement_id = judged_high(scoring)
    assert scoring.score(child)["band_in_force"] == "high"
    renamed = SEVERE.replace("decimals: 1", "decimals: 1\nband_map: {high: severe}")
    scoring.approved("1.2", renamed if renames else SEVERE)
    scoring.compute_all()
    found = scoring.score(child)
    reopened = [
        each["ids"]["judgement_id"]
        for each in events(scoring, "judgement.")
        if each["kind"] == "judgement.reopened"
    ]
    if renames:
        assert (found["band"], found["band_in_force"]) == ("low", "severe")
        assert (found["judgement"]["band"], reopened) == ("high", [])
    else:
        assert (found["band_in_force"], found["judgement"]) == ("low", None)
        assert reopened == [judgement_id]
    # Back under the old names it stands as it was made.
    assert scoring.score(child, version="1.0")["band_in_force"] == "high"
