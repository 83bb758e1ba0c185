"""The scrutiny report over HTTP: a year, the year before beside it, and nobody identified."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from services.referrals.api import examples
from services.referrals.api.report_views import ScrutinyReport
from services.referrals.api.requests import PublishedFigureRequest
from shared.domain.access import Sight
from tests.services.referrals.support import REASON, Referrals, child, counted, urn

FIGURE = {
    "period": "2019-20",
    "type": "cse",
    "referrals": 139,
    "source": "Report to the Scrutiny Committee, 9 February 2022",
    "reason": "The year before this tracker was in use.",
}


def analyst(referrals: Referrals, **facts: Any) -> TestClient:
    return referrals.client("reports:read", "figures:publish", **facts)


def report(client: TestClient, period: str = "2020-21", **query: str) -> dict[str, Any]:
    response = client.get("/v1/reports/scrutiny", params={"period": period, **query})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def lines(found: dict[str, Any], table: str, year: str = "year") -> dict[str | None, Any]:
    """The lines of a table that are not zero."""
    return {line["code"]: line[year] for line in found["tables"][table] if line[year]}


def received(referrals: Referrals, number: int, **changes: Any) -> dict[str, Any]:
    given = {"received_on": "2020-10-05", **changes}
    return referrals.received(**{"child": child(identifiers=[urn(f"14/{number}")]), **given})


def test_a_year_is_counted_by_quarter_age_sex_ethnicity_and_so_on(referrals: Referrals) -> None:
    girl = child(identifiers=[urn("14/1")], date_of_birth="2005-10-06", sex="F", ethnicity="WBRI")
    received(referrals, 1, child=girl, looked_after=True)
    second = received(referrals, 2, received_on="2021-03-31", looked_after=False)
    referrals.move(second["id"], "start_triage")
    referrals.move(second["id"], "signpost")
    received(referrals, 3, received_on="2021-04-01")
    received(referrals, 4, type="both")
    found = report(analyst(referrals), type="cse")
    assert found["year"] == {
        "period": "2020-21",
        "first_day": "2020-04-01",
        "last_day": "2021-03-31",
        "basis": "records",
        "total": 2,
        "published": None,
    }
    assert lines(found, "quarter") == {"Q3": 1, "Q4": 1}
    assert lines(found, "age_band") == {"14-16": 1, "under_10": 1}
    assert lines(found, "sex") == {"F": 1, None: 1}
    assert lines(found, "ethnicity") == {"WBRI": 1, None: 1}
    assert lines(found, "looked_after") == {"yes": 1, "no": 1}
    assert lines(found, "outcome") == {"not_decided": 1, "signposted_cyt": 1}
    assert report(analyst(referrals))["year"]["total"] == 3
    assert report(analyst(referrals), type="both")["year"]["total"] == 1


def test_looked_after_is_counted_as_known_at_the_referral_and_age_by_the_date_as_corrected(
    referrals: Referrals,
) -> None:
    sent = received(referrals, 1, child=child(date_of_birth="2002-01-01"), over_18_reason=REASON)
    editor = referrals.client("children:read", "children:write")
    place = f"/v1/children/{sent['child_id']}"
    period = {"legal_status": "V2", "began_on": "2020-09-01"}
    for path, body in (("", {"date_of_birth": "2012-01-01"}), ("/looked-after-periods", period)):
        send, tag = editor.post if path else editor.patch, editor.get(place).headers["ETag"]
        assert send(place + path, json=body, headers={"If-Match": tag}).is_success
    referrals.received(received_on="2020-10-06")
    found = report(analyst(referrals))
    assert lines(found, "age_band") == {"under_10": 2}
    assert lines(found, "looked_after") == {None: 1, "yes": 1}


def test_the_year_before_stands_beside_it(referrals: Referrals) -> None:
    received(referrals, 1)
    received(referrals, 2, received_on="2021-10-05")
    found = report(analyst(referrals), "2021-22")
    assert (found["year"]["total"], found["year_before"]["total"]) == (1, 1)
    assert lines(found, "quarter", "year_before") == {"Q3": 1}


def test_a_year_without_records_has_the_published_figure_and_no_zeros(
    referrals: Referrals,
) -> None:
    received(referrals, 1)
    entered = analyst(referrals).post("/v1/reports/published-figures", json=FIGURE)
    assert entered.status_code == 201
    assert entered.json() == {
        **FIGURE,
        "revision": 1,
        "entered_by": "p-test",
        "entered_at": "2026-06-01T09:00:00Z",
    }
    found = report(analyst(referrals), type="cse")
    before = found["year_before"]
    assert (before["basis"], before["total"]) == ("published", 139)
    assert before["published"] == {"referrals": 139, "source": FIGURE["source"]}
    for table in found["tables"].values():
        assert {line["year_before"] for line in table} == {"not available"}
    # It was published of one type: of the others nothing is known.
    other = report(analyst(referrals), type="cce")["year_before"]
    assert (other["basis"], other["total"]) == ("none", "not available")
    # Asked for itself, the year says the same.
    itself = report(analyst(referrals), "2019-20", type="cse")
    assert (itself["year"]["total"], itself["year"]["basis"]) == (139, "published")


def test_a_corrected_figure_is_a_new_revision_and_the_first_stays(referrals: Referrals) -> None:
    client = analyst(referrals)
    client.post("/v1/reports/published-figures", json=FIGURE)
    again = client.post("/v1/reports/published-figures", json={**FIGURE, "referrals": 140})
    assert (again.json()["revision"], again.headers["ETag"]) == (2, '"2"')
    # Who read the first one hasn't seen the second.
    outdated = client.post(
        "/v1/reports/published-figures", json=FIGURE, headers={"If-Match": '"1"'}
    )
    assert (outdated.status_code, outdated.json()["code"]) == (412, "changed_meanwhile")
    assert report(client, type="cse")["year_before"]["total"] == 140
    assert counted(referrals, "published_figure") == 2
    assert counted(referrals, "journal", "kind = 'report.figure_published'") == 2
    for statement in ("UPDATE published_figure SET referrals = 0", "DELETE FROM published_figure"):
        with (
            pytest.raises(DBAPIError),
            referrals.service.database.engine.begin() as connection,
        ):
            connection.execute(text(statement))


def test_figures_entered_at_once_are_all_kept_or_their_senders_told(referrals: Referrals) -> None:
    client = analyst(referrals)

    def enter(number: int) -> httpx2.Response:
        body = {**FIGURE, "referrals": number}
        return client.post("/v1/reports/published-figures", json=body)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(enter, range(8)))
    stored = [answer for answer in answers if answer.status_code == 201]
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert counted(referrals, "published_figure") == len(stored) > 0


def test_a_figure_is_entered_by_a_person(referrals: Referrals) -> None:
    machine = analyst(referrals, kind="machine", person_id="p-claimed")
    response = machine.post("/v1/reports/published-figures", json=FIGURE)
    assert (response.status_code, response.json()["code"]) == (403, "person_required")
    assert counted(referrals, "published_figure") == 0


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"period": "2019"}, "/period", "invalid_period"),
        ({"period": "2019-21"}, "/period", "invalid_period"),
        ({"period": None}, "/period", "wrong_type"),
        ({"period": "2027-28"}, "/period", "in_the_future"),
        ({"type": "csa"}, "/type", "unknown_value"),
        ({"referrals": -1}, "/referrals", "too_small"),
        ({"referrals": 10**9}, "/referrals", "too_large"),
        ({"referrals": "139"}, "/referrals", "wrong_type"),
        ({"referrals": 1.5}, "/referrals", "wrong_type"),
        ({"referrals": True}, "/referrals", "wrong_type"),
        ({"source": ""}, "/source", "too_short"),
        ({"source": "x" * 301}, "/source", "too_long"),
        ({"source": "a\nb"}, "/source", "line_break"),
        ({"reason": "x" * 19}, "/reason", "too_short"),
        ({"reason": "x" * 2_001}, "/reason", "too_long"),
        ({"reason": f"{'x' * 20}\x00"}, "/reason", "control_character"),
        ({"entered_by": "p-other"}, "", "unknown_field"),
    ],
)
def test_each_fault_of_a_figure_is_named_where_it_stands(
    referrals: Referrals, change: dict[str, Any], pointer: str, code: str
) -> None:
    body = {**FIGURE, **change}
    response = analyst(referrals).post("/v1/reports/published-figures", json=body)
    assert response.status_code == 422
    assert [(e["pointer"], e["code"]) for e in response.json()["errors"]] == [(pointer, code)]
    assert counted(referrals, "published_figure") == 0


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 422, "missing"),
        ("period=2020", 422, "invalid_period"),
        ("period=2020-22", 422, "invalid_period"),
        ("period=2020-21%00", 422, "invalid_period"),
        ("period=" + "2" * 21, 422, "too_long"),
        ("period=2027-28", 422, "in_the_future"),
        ("period=2020-21&type=csa", 422, "unknown_value"),
        ("period=2020-21&team=north", 400, None),
    ],
)
def test_a_wrong_question_is_refused(
    referrals: Referrals, query: str, status: int, code: str | None
) -> None:
    response = analyst(referrals).get(f"/v1/reports/scrutiny?{query}")
    assert response.status_code == status
    if code is None:
        assert response.json()["code"] == "unknown_parameter"
    else:
        (error,) = response.json()["errors"]
        assert (error["where"], error["code"]) == ("query", code)


@pytest.mark.parametrize(
    ("sight", "total", "every_child"),
    [
        (Sight(teams=frozenset({"north"})), 2, False),
        (Sight(teams=None), 3, False),
        (Sight(teams=None, clearances=frozenset({"restricted"})), 4, False),
        (Sight(teams=None, clearances=frozenset({"restricted", "staff_relative"})), 4, True),
    ],
)
def test_only_children_in_sight_are_counted_and_the_report_says_so(
    referrals: Referrals, sight: Sight, total: int, every_child: bool
) -> None:
    accesses: list[dict[str, Any]] = [
        {},
        {"team": "north"},
        {"team": "south"},
        {"team": "north", "restricted": True},
    ]
    for number, access in enumerate(accesses):
        received(referrals, number, child=child(identifiers=[urn(f"14/{number}")], access=access))
    found = report(analyst(referrals, sight=sight))
    assert (found["year"]["total"], found["every_child_counted"]) == (total, every_child)


def test_nobody_is_identified(referrals: Referrals) -> None:
    answer = received(referrals, 1)
    said = analyst(referrals).get("/v1/reports/scrutiny?period=2020-21").text
    for personal in (answer["id"], answer["child_id"], "14/1", "Example"):
        assert personal not in said


def test_a_report_takes_two_queries_however_many_referrals_there_are(referrals: Referrals) -> None:
    for number in range(5):
        received(referrals, number)
    client, asked = analyst(referrals), list[str]()

    def note(*said: object) -> None:
        asked.append(str(said[2]))

    engine = referrals.service.database.engine
    event.listen(engine, "before_cursor_execute", note)
    assert report(client)["year"]["total"] == 5
    event.remove(engine, "before_cursor_execute", note)
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 2


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.get("/v1/reports/scrutiny?period=2020-21"),
        lambda client: client.post("/v1/reports/published-figures", json=FIGURE),
    ],
)
def test_reports_need_their_scopes(
    referrals: Referrals, ask: Callable[[TestClient], httpx2.Response]
) -> None:
    response = ask(referrals.worker())
    assert (response.status_code, response.json()["code"]) == (403, "insufficient_scope")


def test_the_examples_in_the_api_document_are_of_this_api() -> None:
    PublishedFigureRequest.model_validate(examples.FIGURE_REQUEST)
    ScrutinyReport.model_validate(examples.SCRUTINY_REPORT)
