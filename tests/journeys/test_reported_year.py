"""The year of the published report, out of the API: the figures are typed from its text."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from services.cli.demo import awkward, reported_year
from services.cli.demo.consumers import Consumers
from services.cli.demo.loading import Loaded, load
from services.embedded import DEMO_CREDENTIALS
from tests.journeys.conftest import CREDENTIALS, RUNNING
from tests.support.api import Outside, read_credentials
from tests.support.trackers import in_process

# Loading takes some 15 s on an idle machine, and CI's are not idle.
pytestmark = pytest.mark.timeout(300)

REPORT = "/v1/reports/scrutiny?period=2020-21"


@dataclass(frozen=True)
class Year:
    """A tracker with the demonstration data in it."""

    tracker: Outside
    credentials: Path
    first: Loaded


def loaded_into(tracker: Outside, credentials: Path) -> Loaded:
    """A running tracker gets the whole demonstration; one of our own what is looked at here."""
    stories = () if RUNNING else (*reported_year.stories(), *awkward.stories())
    with closing(Consumers(tracker.url, credentials)) as consumers:
        return load(consumers, Console(file=StringIO()), stories)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """An embedded tracker, or one that runs already."""
    if RUNNING:
        credentials = Path(CREDENTIALS)
        with closing(Outside(str(RUNNING), read_credentials(credentials))) as tracker:
            yield Year(tracker, credentials, loaded_into(tracker, credentials))
    else:
        folder = tmp_path_factory.mktemp("year")
        credentials = folder / DEMO_CREDENTIALS
        with in_process(folder) as tracker:
            yield Year(tracker, credentials, loaded_into(tracker, credentials))


@pytest.fixture
def tracker(year: Year) -> Outside:
    return year.tracker


def lines(report: dict[str, Any], table: str) -> dict[str | None, int]:
    """The lines of a table that are not zero."""
    return {line["code"]: line["year"] for line in report["tables"][table] if line["year"]}


def every_referral(tracker: Outside) -> list[dict[str, Any]]:
    """All that a social worker may see."""
    return tracker.every("social-worker", "/v1/referrals?limit=200")


def test_the_figures_are_those_of_the_report(tracker: Outside) -> None:
    report = tracker.get("analyst", f"{REPORT}&type=cse")
    assert (report["year"]["basis"], report["year"]["total"]) == ("records", 29)
    assert lines(report, "quarter") == {"Q1": 2, "Q2": 2, "Q3": 7, "Q4": 18}
    assert lines(report, "age_band") == {"10-13": 2, "14-16": 23, "17-19": 4}
    assert lines(report, "sex") == {"F": 29}
    assert lines(report, "ethnicity") == {"WBRI": 23, None: 6}
    assert lines(report, "looked_after") == {"yes": 6, "no": 23}
    assert lines(report, "outcome") == {"allocated": 20, "signposted_cyt": 9}
    assert report["every_child_counted"] is True


def test_the_year_before_is_its_published_total_and_nothing_else(tracker: Outside) -> None:
    report = tracker.get("analyst", f"{REPORT}&type=cse")
    before = report["year_before"]
    assert (before["period"], before["basis"], before["total"]) == ("2019-20", "published", 139)
    assert "Scrutiny Committee" in before["published"]["source"]
    for table in report["tables"].values():
        assert {line["year_before"] for line in table} == {"not available"}


def test_most_referrals_of_the_year_were_about_criminal_exploitation(tracker: Outside) -> None:
    totals = {
        kind: tracker.get("mace-chair", f"{REPORT}&type={kind}")["year"]["total"]
        for kind in ("cse", "cce", "both", "all")
    }
    assert totals["cce"] + totals["both"] > totals["cse"] == 29
    assert totals["all"] == totals["cse"] + totals["cce"] + totals["both"]


def test_a_referral_before_august_2020_has_no_score_and_one_after_it_has(
    tracker: Outside,
) -> None:
    referrals = every_referral(tracker)
    early = [each for each in referrals if each["received_on"] < "2020-08-01"]
    late = [each for each in referrals if "2020-08-01" <= each["received_on"] < "2021-04-01"]
    assert len([each for each in early if each["type"] == "cse"]) == 3
    for referral, status in ((early[0], 409), (late[0], 200)):
        path = f"/v1/children/{referral['child_id']}/score?as_of={referral['received_on']}"
        answer = tracker.call("social-worker", "GET", path)
        assert answer.status_code == status
    # Their decisions say that no score was looked at.
    assert {each["decision"]["score_id"] for each in early} == {None}


def test_decisions_lie_in_the_past_and_are_recorded_now(tracker: Outside) -> None:
    (first,) = (each for each in every_referral(tracker) if each["source_ref"] == "DEMO-CSE-01")
    place = f"/v1/referrals/{first['id']}/history"
    moves = tracker.get("social-worker", place)["items"]
    assert [move["to"] for move in moves] == ["received", "in_triage", "accepted", "allocated"]
    assert [move["decided_on"] for move in moves] == [
        "2020-04-21",
        "2020-04-22",
        "2020-04-24",
        "2020-04-27",
    ]
    assert all(move["at"] > "2026" for move in moves)
    assert first["decision"]["worker"]
    assert first["age_at_referral"] == 15


def test_a_report_says_nothing_about_anybody(tracker: Outside) -> None:
    said = json.dumps(tracker.get("analyst", REPORT))
    ids = {each["child_id"] for each in every_referral(tracker)}
    assert not [child for child in ids if child in said]
    looked = tracker.call("analyst", "GET", "/v1/referrals")
    assert (looked.status_code, looked.json()["code"]) == (403, "insufficient_scope")
    asked = tracker.call("social-worker", "GET", REPORT)
    assert (asked.status_code, asked.json()["code"]) == (403, "insufficient_scope")


def test_loading_again_changes_nothing_and_leads_to_the_same_child(year: Year) -> None:
    before = len(every_referral(year.tracker))
    again = loaded_into(year.tracker, year.credentials)
    assert (again.child_id, again.before) == (year.first.child_id, True)
    assert len(every_referral(year.tracker)) == before


def test_the_child_to_look_at_has_a_score_with_reasons(year: Year) -> None:
    path = f"/v1/children/{year.first.child_id}/score?as_of=2026-09-30"
    score = year.tracker.get("social-worker", path)
    # Missing 5 and 1, money 5, family 1, out of education 1.
    assert (score["total"], score["version"]) == ("13", "1.0")
    assert [each for each in score["contributions"] if each["points"] != "0"]
