"""Going back to earlier weights: by two people, or in an emergency by one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.scoring.domain.lifecycle import State
from services.scoring.domain.loading import load_again
from services.scoring.domain.versions import Version
from services.scoring.service.weights import checked
from services.scoring.store.versions import add_version
from services.scoring.tables import model_step, model_version
from tests.domain.scoring.small import SMALL
from tests.support.databases import Databases
from tests.support.scoring import REASON
from tests.support.scoring import update as indicator_update
from tests.support.service import SettableClock
from tests.support.weights import HEAVIER, MODEL, Governed, governed_on, refusal

NEVER = """\
  - id: never
    band: high
    reason: Refused since; nobody minded when it was approved
    when: {all: [{code: missing_episode, is: yes}, {code: missing_episode, is: no}]}
golden:
"""
LATER = "effective_from: 2027-05-01"


@pytest.fixture
def scoring(databases: Databases, clock: SettableClock) -> Iterator[Governed]:
    """Scoring under the small model, none of whose versions exists yet."""
    under_test = governed_on(databases, clock)
    yield under_test
    under_test.service.database.engine.dispose()


def test_a_rollback_is_a_new_version_with_the_same_rules_for_another_person_to_approve(
    scoring: Governed, clock: SettableClock
) -> None:
    first = scoring.approved("1.0", SMALL)
    clock.forward(days=1)
    scoring.approved("1.1", HEAVIER)
    clock.forward(days=1)
    why = "Ada Example (a practitioner) saw it go wrong."
    proposed = scoring.back("rollback", "1.0", "1.2", "p-author", reason=why)
    register = scoring.author().get("/v1/models").json()["items"]
    told = next(each for each in register if each["version"] == "1.2")
    assert (told["change"], told["change_reason"]) == ("rollback", None)
    assert "Ada" not in scoring.author().get(f"{MODEL}/versions/1.2/card").text
    steps = scoring.author().get(f"{MODEL}/versions/1.2/history").json()["items"]
    assert [each["reason"] for each in steps] == [why]
    assert proposed.status_code == 201, proposed.text
    version = proposed.json()
    assert (version["state"], version["rules_hash"]) == ("validated", first["rules_hash"])
    assert version["document_hash"] != first["document_hash"]
    assert refusal(scoring.sign("1.2", "p-author")) == (403, "same_person")
    assert scoring.sign("1.2").status_code == 201
    assert scoring.author().get("/v1/models").json()["in_force"]["small"] == "1.2"
    taken = scoring.back("rollback", "1.1", "1.2", "p-author")
    assert refusal(taken) == (409, "name_taken")


def test_in_an_emergency_one_person_goes_back_to_what_two_approved_and_to_nothing_else(
    scoring: Governed, clock: SettableClock
) -> None:
    scoring.approved("1.0", SMALL)
    child = scoring.child()
    scoring.police().post("/v1/indicator-updates", json=indicator_update("R1", child))
    clock.forward(days=1)
    scoring.approved("1.1", HEAVIER)
    assert scoring.score(child)["band"] == "high"
    never = scoring.submitted("2.0", HEAVIER.replace("A small model", "Never approved"))
    assert never["state"] == "validated"
    assert refusal(scoring.back("emergency-return", "2.0", "1.2", "p-1")) == (
        409,
        "illegal_transition",
    )
    assert refusal(scoring.back("emergency-return", "1.1", "1.2", "p-1")) == (
        409,
        "already_in_force",
    )
    back = scoring.back("emergency-return", "1.0", "1.2", "p-author")
    assert back.status_code == 201, back.text
    assert back.json()["returns_to"] == "1.0"
    assert (scoring.score(child)["version"], scoring.score(child)["band"]) == ("1.2", "low")
    steps = scoring.author().get(f"{MODEL}/versions/1.2/history").json()["items"]
    assert [each["command"] for each in steps] == ["return"]
    scoring.approved("1.3", HEAVIER.replace("A small model", "A small model, again"))
    assert refusal(scoring.back("emergency-return", "1.2", "1.4", "p-1")) == (
        409,
        "not_approved_by_two",
    )


def test_nobody_goes_back_to_a_version_that_was_never_in_force(scoring: Governed) -> None:
    scoring.approved("1.0", SMALL)
    scoring.approved("1.1", HEAVIER.replace("2026-01-01\ndecimals", "2026-12-01\ndecimals"))
    for how in ("emergency-return", "rollback"):
        assert refusal(scoring.back(how, "1.1", "1.2", "p-1")) == (409, "not_yet_in_force")
    early = HEAVIER.replace("kind: recalibration", "kind: rollback")
    answer = scoring.author().put(f"{MODEL}/drafts/1.2", json={"document": early}).json()
    assert "not_a_rollback" in [each["code"] for each in answer["problems"]]


def test_what_was_retired_is_brought_back_by_two(scoring: Governed, clock: SettableClock) -> None:
    scoring.approved("1.0", SMALL)
    clock.forward(days=1)
    scoring.end("retirement", "1.0")
    alone = scoring.back("emergency-return", "1.0", "1.1", "p-approver")
    assert refusal(alone) == (409, "rules_retired")
    assert scoring.back("rollback", "1.0", "1.1", "p-author").status_code == 201
    assert scoring.sign("1.1").status_code == 201


def test_an_emergency_return_counts_the_children_and_withdraws_what_waits(
    scoring: Governed, clock: SettableClock
) -> None:
    scoring.approved("1.0", SMALL)
    scoring.child()
    clock.forward(days=1)
    scoring.approved("1.1", HEAVIER)
    while scoring.compute_all():
        pass
    clock.forward(days=1)
    waiting = HEAVIER.replace("effective_from: 2026-01-01", LATER)
    assert scoring.approved("1.2", waiting)["state"] == "approved"
    # A rollback that was proposed, for the same reason, on the same day, is in nobody's way.
    assert scoring.back("rollback", "1.0", "1.3", "p-author").status_code == 201
    assert scoring.back("emergency-return", "1.0", "1.4", "p-alone").status_code == 201

    author = scoring.author()
    (step,) = author.get(f"{MODEL}/versions/1.4/history").json()["items"]
    assert step["command"] == "return"
    withdrawn = author.get(f"{MODEL}/versions/1.2").json()
    assert withdrawn["state"] == "withdrawn"
    last = author.get(f"{MODEL}/versions/1.2/history").json()["items"][-1]
    assert (last["command"], last["person_id"]) == ("withdraw", "p-alone")
    assert "1.4" in last["reason"]
    team = scoring.client("models:read", "models:assess", person_id="p-team")
    assert team.get(f"{MODEL}/versions/1.4/history").json()["items"][0]["affected"] == 1


def test_an_approval_at_the_same_moment_does_not_undo_an_emergency_return(
    scoring: Governed, clock: SettableClock
) -> None:
    scoring.approved("1.0", SMALL)
    clock.forward(days=1)
    scoring.approved("1.1", HEAVIER)
    clock.forward(days=1)
    scoring.submitted("1.2", HEAVIER.replace("A small model", "A small model, again"))
    path = f"{MODEL}/versions/1.2"
    signed = {**scoring.assessed(path), "reason": REASON}
    approver = scoring.approver()
    with ThreadPoolExecutor(2) as pool:
        approving = pool.submit(approver.post, f"{path}/approval", json=signed)
        returning = pool.submit(scoring.back, "emergency-return", "1.0", "1.3", "p-alone")
    assert returning.result().status_code == 201
    assert approving.result().status_code in {201, 409}
    assert scoring.author().get("/v1/models").json()["in_force"]["small"] == "1.3"


def test_the_database_itself_refuses_to_go_back_to_other_rules(scoring: Governed) -> None:
    scoring.approved("1.0", SMALL)
    scoring.submitted("1.1", HEAVIER)
    database = scoring.service.database
    with database.reading() as connection:
        row = connection.execute(
            select(model_version).where(
                model_version.c.model == "small", model_version.c.version == "1.0"
            )
        ).one()
    forged = {
        **row._mapping,
        "version": "1.2",
        "document_hash": "a" * 64,
        "approved_hash": "a" * 64,
        "rules_hash": "b" * 64,
        "approver_person_id": row.author_person_id,
    }
    for change in ({"returns_to": "1.0"}, {"returns_to": None}):
        with pytest.raises(IntegrityError), database.engine.begin() as connection:
            connection.execute(insert(model_version).values(**{**forged, **change}))
    for table, change in (
        (model_version, {"text": "other"}),
        (model_version, {"returns_to": "1.0"}),
        (model_step, {"reason": "another"}),
    ):
        with pytest.raises(DBAPIError), database.engine.begin() as connection:
            connection.execute(update(table).values(**change))


def test_what_two_people_approved_counts_and_comes_back_though_it_would_be_refused_today(
    scoring: Governed, clock: SettableClock
) -> None:
    text, child = SMALL.replace("golden:\n", NEVER), scoring.child()
    assert checked(text, "today").problems
    content = load_again(text, "stored.yaml")
    before = Version(
        model="small",
        version="0.9",
        document_hash=content.document_hash,
        rules_hash=content.rules_hash,
        effective_from=content.model.effective_from,
        state=State.VALIDATED,
        author_person_id="p-author",
        proposed_at=clock(),
    )
    with scoring.service.database.engine.begin() as connection:
        add_version(connection, before, text)
    assert scoring.sign("0.9").status_code == 201
    scoring.police().post("/v1/indicator-updates", json=indicator_update("R1", child))
    assert scoring.score(child)["version"] == "0.9"
    clock.forward(days=1)
    scoring.approved("1.0", HEAVIER)
    back = scoring.back("emergency-return", "0.9", "1.1", "p-1")
    assert back.status_code == 201, back.text
    assert (scoring.score(child)["version"], scoring.score(child)["band"]) == ("1.1", "low")
