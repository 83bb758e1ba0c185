"""kill -9 between two updates: nothing lost, nothing doubled, the chains whole."""

from pathlib import Path
from typing import Any

from services.gateway import tables as gateway_tables
from services.referrals import tables as referrals_tables
from services.scoring import tables as scoring_tables
from shared.storage.chain import faults
from shared.storage.database import open_database, reading
from tests.journeys.test_main_job import a_referral, an_update, days_ago
from tests.support.api import Outside, await_it, fresh_urn
from tests.support.trackers import EmbeddedProcess

JOURNALS = {
    "gateway": gateway_tables.journal,
    "referrals": referrals_tables.journal,
    "scoring": scoring_tables.journal,
}


CANDIDATE = "/v1/models/seraf/versions/2.0/assessments"


def whole(tracker: Outside, place: str) -> dict[str, Any] | None:
    found: dict[str, Any] = tracker.get("weights-approver", place)
    return found if found["status"] == "completed" else None


def push(tracker: Outside, urn: str, ref: str, code: str) -> str:
    body = an_update(urn, ref, code, days_ago(10))
    answer = tracker.call("police-feed", "POST", "/v1/indicator-updates", body)
    result: str = answer.json()["items"][0]["result"]
    return result


def test_a_kill_between_two_updates_loses_and_doubles_nothing(tmp_path: Path) -> None:
    embedded = EmbeddedProcess(tmp_path / "var", "--no-demo")
    tracker, urn = embedded.api, fresh_urn()
    tracker.put_weights_in_force()
    referred = tracker.call("council-case-system", "POST", "/v1/referrals", a_referral(urn))
    child, position = referred.json()["child_id"], referred.headers["Amber-Position"]
    assert push(tracker, urn, "1", "missing_episode") in {"recorded", "held"}
    begun = tracker.call("weights-author", "POST", CANDIDATE, {}).headers["Location"]

    tracker = embedded.kill_and_restart()
    # The feed has no answer in hand, as far as it knows: it sends the first one again.
    assert push(tracker, urn, "1", "missing_episode") == "duplicate"
    assert push(tracker, urn, "2", "cars_of_unknown_adults") in {"recorded", "held"}

    score = tracker.get("social-worker", f"/v1/children/{child}/score", Amber_Min_Position=position)
    assert score["total"] == "10"
    statements = tracker.get("social-worker", f"/v1/children/{child}/observations")["items"]
    assert len(statements) == 2
    referrals = tracker.every("social-worker", "/v1/referrals?limit=200")
    assert [each["child_id"] for each in referrals].count(child) == 1

    assessed = await_it(lambda: whole(tracker, begun), "the assessment to go on")
    assert assessed["scored"] + assessed["set_apart"] == assessed["population"]

    assert embedded.stop() == 0, "Ctrl-C stops it cleanly"
    for name, tables in JOURNALS.items():
        engine = open_database(f"sqlite:///{tmp_path}/var/{name}.db")
        with reading(engine) as connection:
            assert list(faults(connection, tables)) == []
        engine.dispose()
