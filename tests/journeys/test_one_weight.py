"""The life of one change of the weights, from outside: the author's first line, two people, exactly
those who move, midnight in London on the day the clocks go back, the way back, and every score of
before, between and after computed again.

Where the tracker runs elsewhere (`TRACKER_URL`) its clock can't be set, and its primary model is
left alone: there the change counts from its approval on, scores are asked for with `model=`, and
what is stored, with midnight, can't be shown.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from shared.clock import system_clock
from shared.domain.london import london_date
from tests.domain.scoring.small import SMALL
from tests.journeys.conftest import CREDENTIALS, RUNNING
from tests.journeys.test_main_job import a_referral, an_update
from tests.support.api import Outside, await_it, fresh_urn, read_credentials
from tests.support.clocked import FileClock
from tests.support.trackers import in_process, three_processes
from tests.support.weights import HEAVIER

AUTUMN = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)
# In London the clocks go back on 25 October; its midnight comes while it is still summer time.
JUST_BEFORE = datetime(2026, 10, 24, 22, 59, 59, 999999, tzinfo=UTC)
MIDNIGHT = datetime(2026, 10, 24, 23, 0, 0, tzinfo=UTC)
AUTHOR, APPROVER, WORKER = "weights-author", "weights-approver", "social-worker"
WHY = "Missing episodes weigh more, as MACE asked in May."
# Days ago on which each child was missing, and whether somebody hurt them.
CHILDREN: list[tuple[list[int], bool]] = [
    ([20], False),  # 5 points, and 6 by the change: this one moves
    ([20, 250], False),  # high already
    ([300], False),
    ([20], True),  # high by the floor
]
MOVING = [True, False, False, False]

Bands = dict[str, str | None]


@dataclass
class Change:
    """A tracker, its clock (None: it runs elsewhere), and the names of this run."""

    tracker: Outside
    clock: FileClock | None
    run: str

    @property
    def model(self) -> str:
        """Where the small model's versions are."""
        return "/v1/models/small/versions"

    def name(self, number: int) -> str:
        """A version's name that no other run has used."""
        return f"{self.run}.{number}"

    def now(self) -> datetime:
        """What time it is there."""
        return system_clock() if self.clock is None else self.clock()

    def stand(self, at: datetime) -> None:
        """Let it be this time; tokens that were fetched before may be over."""
        assert self.clock is not None
        self.clock.stand(at)
        self.tracker.tokens.clear()

    def say(self, who: str, path: str, body: dict[str, Any], method: str = "POST") -> Any:
        """A write that must succeed: its answer."""
        answer = self.tracker.call(who, method, path, body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def submitted(self, number: int, text: str, first_day: str) -> None:
        """The author writes a version and submits it."""
        text = text.replace("A small model", f"A small model {self.run}")
        text = text.replace("effective_from: 2026-01-01", f"effective_from: {first_day}")
        draft = f"/v1/models/small/drafts/{self.name(number)}"
        assert self.say(AUTHOR, draft, {"document": text}, "PUT")["problems"] == []
        self.say(AUTHOR, f"{draft}/submission", {"reason": WHY})

    def signed(self, number: int) -> dict[str, Any]:
        """It is assessed, and another person approves it. Returns the assessment."""
        name = self.name(number)
        signed = {**self.tracker.assessed("small", name), "reason": WHY}
        place = f"{self.model}/{name}"
        own = self.tracker.call(AUTHOR, "POST", f"{place}/approval", signed)
        assert own.status_code == 403, "nobody approves what they proposed"
        self.say(APPROVER, f"{place}/approval", signed)
        return signed

    def bands(self, children: list[str], **question: str) -> Bands:
        """The bands of children, each as the pure engine says it on reading."""
        asked = {"model": "small", **question}
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        path = "/v1/children/{}/score?" + query.replace("+00:00", "Z")
        return {each: self.tracker.get(WORKER, path.format(each))["band"] for each in children}

    def movers(self, number: int, signed: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
        """Who would move, and from where to where, as the approver reads it."""
        place = f"{self.model}/{self.name(number)}/assessments/{signed['assessment_id']}/movers"
        items = self.tracker.every(APPROVER, f"{place}?limit=200")
        return {each["child_id"]: (each["band_before"], each["band_after"]) for each in items}

    def whole(self, number: int) -> dict[str, Any]:
        """The activation of a version, once nobody is left."""
        place = f"{self.model}/{self.name(number)}/activation"

        def ask() -> dict[str, Any] | None:
            answer = self.tracker.call(AUTHOR, "GET", place)
            if answer.status_code == 404 or answer.json()["completed_at"] is None:
                return None
            found: dict[str, Any] = answer.json()
            return found

        return await_it(ask, f"every child to be scored under {self.name(number)}")


@pytest.fixture(params=["running"] if RUNNING else ["in process", "three processes on PostgreSQL"])
def change(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Change]:
    run = uuid4().hex[:6]
    if request.param == "running":
        with closing(Outside(str(RUNNING), read_credentials(Path(CREDENTIALS)))) as tracker:
            yield Change(tracker, None, run)
        return
    clock = FileClock(tmp_path / "clock")
    clock.stand(AUTUMN)
    if request.param == "in process":
        with in_process(tmp_path / "var", clock) as tracker:
            yield Change(tracker, clock, run)
        return
    databases = request.getfixturevalue("postgresql_databases")
    with three_processes(databases, tmp_path, migrate=False, clock=clock) as tracker:
        yield Change(tracker, clock, run)


def a_population(change: Change) -> list[str]:
    """Children who were referred, and what is known of each."""
    children, updates, today = [], [], london_date(change.now())
    for missing, hurt in CHILDREN:
        urn = fresh_urn()
        referral = {**a_referral(urn), "received_on": today.isoformat()}
        children.append(change.say("council-case-system", "/v1/referrals", referral)["child_id"])
        codes = [("missing_episode", days) for days in missing] + [("hurt", 30)] * hurt
        updates += [
            an_update(urn, str(place), code, (today - timedelta(days=days)).isoformat())
            for place, (code, days) in enumerate(codes)
        ]
    change.say("police-feed", "/v1/indicator-updates", updates)  # type: ignore[arg-type]  # a list

    def arrived() -> bool | None:
        seen = [f"/v1/children/{each}/observations" for each in children]
        found = [change.tracker.call(WORKER, "GET", path) for path in seen]
        if any(each.status_code != 200 for each in found):
            return None
        return sum(len(each.json()["items"]) for each in found) == len(updates) or None

    await_it(arrived, "what was sent to reach the children")
    return children


def made_primary(change: Change) -> None:
    """Two people make the small model primary."""
    today = london_date(change.now()).isoformat()
    wish = {"model": "small", "effective_from": today, "reason": WHY}
    proposed = change.tracker.call(AUTHOR, "POST", "/v1/primary-model/proposals", wish)
    assert proposed.status_code == 201, proposed.text
    change.say(APPROVER, f"{proposed.headers['Location']}/confirmation", {"reason": WHY})


def differing(before: Bands, after: Bands) -> dict[str, tuple[Any, Any]]:
    return {
        child: (before[child], after[child]) for child in before if before[child] != after[child]
    }


def back(change: Change) -> None:
    """The author proposes the rules of the first version again."""
    document_hash = change.tracker.get(AUTHOR, f"{change.model}/{change.name(0)}")["document_hash"]
    body = {"document_hash": document_hash, "new_version": change.name(2), "reason": WHY}
    change.say(AUTHOR, f"{change.model}/{change.name(0)}/rollback", body)


def test_one_weight_changes_for_exactly_those_who_were_named_and_back(change: Change) -> None:
    change.submitted(0, SMALL, "2026-01-01")
    change.signed(0)
    if change.clock:
        made_primary(change)
        change.stand(AUTUMN + timedelta(minutes=1))
    children = a_population(change)
    at_first = change.bands(children)
    if change.clock:
        await_it(lambda: all_stored(change, children), "every first score to be stored")
        change.stand(AUTUMN + timedelta(minutes=2))
    before = change.now()

    # One weight is another: two people, and exactly those move of whom the pure engine says so.
    first_day = "2026-10-25" if change.clock else london_date(change.now()).isoformat()
    change.submitted(1, HEAVIER, first_day)
    changed = change.tracker.get(AUTHOR, f"{change.model}/{change.name(1)}/diff")["items"]
    weights = [each for each in changed if each["path"][0] == "indicators"]
    assert [(each["before"], each["after"]) for each in weights] == [("5", "6")]
    signed = change.signed(1)
    expected = differing(at_first, change.bands(children, version=change.name(1)))
    assert [child in expected for child in children] == MOVING
    movers = change.movers(1, signed)
    assert {each: movers[each] for each in movers if each in children} == expected
    if change.clock:
        assert movers == expected, "and nobody else"
        # Nothing moves before midnight in London, and everybody does then.
        change.stand(JUST_BEFORE)
        late = change.bands(children)
        assert versions(change, children) == {change.name(0)}
        change.stand(MIDNIGHT)
        assert versions(change, children) == {change.name(1)}, "read before it is stored"
        activation = change.whole(1)
        assert (activation["in_force_from"], activation["scored"]) == ("2026-10-25", len(children))
        assert differing(late, change.bands(children)).keys() == expected.keys()
        change.stand(MIDNIGHT + timedelta(hours=34))
    after = change.bands(children)
    between = change.now()
    if change.clock:
        change.stand(between + timedelta(hours=1))

    # Back: proposed by one, assessed, approved by another, and in force at once.
    back(change)
    returned = change.movers(2, change.signed(2))
    now_bands = change.bands(children)
    assert differing(after, now_bands) == {
        each: returned[each] for each in returned if each in children
    }
    assert now_bands == change.bands(children, version=change.name(0))

    # What was said before, between and after can be asked for again, and follows from its inputs.
    days = [london_date(at).isoformat() for at in (before, between)]
    assert change.bands(children, known_at=before.isoformat(), as_of=days[0]) == at_first
    assert change.bands(children, known_at=between.isoformat(), as_of=days[1]) == after
    if change.clock:
        change.whole(2)
        for child in children:
            assert_replayed(change, child)


def versions(change: Change, children: list[str]) -> set[str]:
    return {
        change.tracker.get(WORKER, f"/v1/children/{each}/score")["version"] for each in children
    }


def all_stored(change: Change, children: list[str]) -> bool | None:
    scores = [change.tracker.get(WORKER, f"/v1/children/{each}/score") for each in children]
    return all(each["score_id"] for each in scores) or None


def assert_replayed(change: Change, child: str) -> None:
    """Each stored score of a child, under three versions, computed again."""
    stored = change.tracker.every(WORKER, f"/v1/children/{child}/scores")
    found = [each["version"] for each in stored]
    assert list(dict.fromkeys(found)) == [change.name(2), change.name(1), change.name(0)]
    for each in stored:
        replay = change.tracker.get(WORKER, f"/v1/scores/{each['score_id']}/replay")
        assert (replay["equal"], replay["differences"]) == (True, [])
