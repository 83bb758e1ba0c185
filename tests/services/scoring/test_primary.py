"""Which model is primary is decided by two people, and every child is scored under it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.scoring.service.verifying import verify_all
from services.scoring.service.weights import Weights
from services.scoring.tables import primary_at_first, primary_decision, primary_proposal
from shared.ids import new_id
from tests.domain.scoring.small import SMALL
from tests.support.databases import Databases
from tests.support.scoring import REASON, scoring_in_force
from tests.support.scoring import update as indicator_update
from tests.support.service import SettableClock
from tests.support.weights import Governed, refusal

PLACE = "/v1/primary-model/proposals"


@pytest.fixture
def scoring(databases: Databases, clock: SettableClock) -> Iterator[Governed]:
    """SERAF in force and primary, as shipped, and a small model approved beside it."""
    under_test = Governed(scoring_in_force(databases, clock).app, clock)
    under_test.approved("1.0", SMALL)
    yield under_test
    under_test.service.database.engine.dispose()


def propose(scoring: Governed, person_id: str = "p-author", **changes: Any) -> Any:
    wish = {"model": "small", "effective_from": "2026-06-01", "reason": REASON, **changes}
    return scoring.author(person_id).post(PLACE, json=wish)


def decide(scoring: Governed, proposed: Any, how: str, person_id: str, **facts: Any) -> Any:
    scopes = ("models:read", "models:propose", "models:approve")
    client = scoring.client(*scopes, person_id=person_id, **facts)
    return client.post(f"{proposed.headers['Location']}/{how}", json={"reason": REASON})


def primary(scoring: Governed, **question: str) -> tuple[str, str | None]:
    found = scoring.practitioner().get("/v1/primary-model", params=question).json()
    return found["model"], found["since"]


def events(scoring: Governed) -> list[str]:
    client = scoring.client("events:read", "models:read", "scores:read")
    return [each["kind"] for each in client.get("/internal/consumer-events").json()["events"]]


def test_another_model_is_primary_from_its_day_on_and_what_was_before_can_be_asked(
    scoring: Governed, clock: SettableClock
) -> None:
    child = scoring.child()
    scoring.police().post("/v1/indicator-updates", json=indicator_update("R1", child))
    scoring.compute_all()
    before = clock().isoformat().replace("+00:00", "Z")
    clock.forward(hours=1)
    assert primary(scoring) == ("seraf", None)

    proposed = propose(scoring, effective_from="2026-06-03")
    assert proposed.status_code == 201
    assert primary(scoring, on="2026-06-03") == ("seraf", None), "one person changes nothing"
    confirmed = decide(scoring, proposed, "confirmation", "p-approver")
    assert confirmed.status_code == 201, confirmed.text
    found = confirmed.json()
    assert (found["primary_from"], found["decision"]["affected"]) == ("2026-06-03", 1)
    assert primary(scoring, on="2026-06-03") == ("small", "2026-06-03")
    assert primary(scoring, on="2026-06-03", known_at=before) == ("seraf", None)
    assert scoring.score(child)["model"] == "seraf"

    clock.forward(days=2)
    assert scoring.score(child)["model"] == "small", "read before it is stored"
    assert scoring.practitioner().get("/v1/models").json()["primary"] == "small"
    scoring.compute_all()
    now = scoring.score(child)
    assert (now["model"], now["score_id"] is None) == ("small", False)
    assert scoring.score(child, as_of="2026-06-02")["model"] == "seraf"
    assert scoring.score(child, as_of="2026-06-03", known_at=before)["model"] == "seraf"
    assert scoring.score(child, model="seraf")["model"] == "seraf", "on request"
    items = scoring.practitioner().get(f"/v1/children/{child}/scores").json()["items"]
    assert [(each["model"], each["cause"]) for each in items] == [
        ("small", "model"),
        ("seraf", None),
    ]
    activation = scoring.practitioner().get("/v1/models/small/versions/1.0/activation").json()
    assert (activation["in_force_from"], activation["scored"]) == ("2026-06-03", 1)
    assert activation["completed_at"] is not None
    assert all(each.equal for each in verify_all(scoring.service.database, Weights()))
    told = [each for each in events(scoring) if each.startswith("model.")]
    assert told[-4:] == [
        "model.primary_proposed",
        "model.primary_confirmed",
        "model.activated",
        "model.activation_completed",
    ]


def test_back_under_the_former_model_its_version_comes_into_force_again(
    scoring: Governed, clock: SettableClock
) -> None:
    child = scoring.child()
    scoring.compute_all()
    scoring.make_primary("small")
    scoring.compute_all()
    clock.forward(days=1)
    scoring.make_primary("seraf")
    path = "/v1/models/{}/versions/1.0/activation"
    assert scoring.worker().work() == 1
    scoring.compute_all()
    back = scoring.practitioner().get(path.format("seraf")).json()
    assert back["in_force_from"] == "2026-06-02"
    assert back["completed_at"] is not None
    assert (back["scored"], back["population"]) == (1, 1)
    assert scoring.score(child)["model"] == "seraf"
    assert events(scoring).count("model.activated") == 3


def test_one_person_alone_machines_and_what_is_decided_are_refused(scoring: Governed) -> None:
    machine = scoring.author(kind="machine").post(
        PLACE, json={"model": "small", "effective_from": "2026-06-01", "reason": REASON}
    )
    assert refusal(machine) == (403, "person_required")
    assert refusal(propose(scoring, model="none")) == (404, "unknown_version")
    wrong: list[dict[str, Any]] = [{"reason": "short"}, {"dry_run": True}, {"model": []}]
    for change in wrong:
        assert propose(scoring, **change).status_code == 422
    proposed = propose(scoring)
    # A second credential of the same person is the same person.
    own = decide(scoring, proposed, "confirmation", "p-author", client_id="other-client")
    assert refusal(own) == (403, "same_person")
    by_machine = decide(scoring, proposed, "confirmation", "p-approver", kind="machine")
    assert refusal(by_machine) == (403, "person_required")
    assert decide(scoring, proposed, "withdrawal", "p-author").status_code == 201
    late = decide(scoring, proposed, "confirmation", "p-approver")
    assert refusal(late) == (409, "already_decided")
    same = decide(scoring, propose(scoring, model="seraf"), "confirmation", "p-approver")
    assert refusal(same) == (409, "already_primary")
    nothing = propose(scoring, model="child-exploitation")
    assert refusal(decide(scoring, nothing, "confirmation", "p-approver")) == (
        409,
        "nothing_in_force",
    )
    assert primary(scoring) == ("seraf", None)
    unknown = scoring.approver().post(f"{PLACE}/{new_id()}/confirmation", json={"reason": REASON})
    assert refusal(unknown) == (404, "unknown_proposal")


def test_of_two_confirmations_at_once_one_counts(scoring: Governed) -> None:
    proposed = propose(scoring)
    with ThreadPoolExecutor(2) as both:
        answers = list(
            both.map(
                lambda who: decide(scoring, proposed, "confirmation", who), ("p-two", "p-three")
            )
        )
    assert sorted(answer.status_code for answer in answers) == [201, 409]


def test_the_database_itself_refuses_one_person_and_any_change(scoring: Governed) -> None:
    proposal_id = propose(scoring).json()["proposal_id"]
    row = {
        "proposal_id": UUID(proposal_id),
        "entry_id": new_id(),
        "decision": "confirmed",
        "author_person_id": "p-author",
        "person_id": "p-author",
        "reason": REASON,
        "at": scoring.clock(),
        "affected": 0,
    }
    engine = scoring.service.database.engine
    for change in ({}, {"author_person_id": "p-somebody"}, {"decision": "assumed"}):
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(insert(primary_decision).values(**{**row, **change}))
    scoring.make_primary("small")
    for statement in (
        update(primary_at_first).values(model="small"),
        update(primary_proposal).values(model="other"),
        update(primary_decision).values(person_id="p-other"),
        delete(primary_decision),
    ):
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(statement)


def test_a_judgement_stands_beside_the_scores_of_its_own_model_alone(
    scoring: Governed, clock: SettableClock
) -> None:
    child = scoring.child()
    scoring.compute_all()
    judged = {
        "score_id": scoring.score(child)["score_id"],
        "band": "high",
        "reason_code": "other_information",
        "reason": "The family describes a week without any contact.",
        "until": "2026-07-01",
    }
    scoring.make_primary("small")
    scoring.compute_all()
    client = scoring.client("judgements:write", person_id="p-professional")
    judged["score_id"] = scoring.score(child)["score_id"]
    answer = client.post(f"/v1/children/{child}/judgements", json=judged)
    assert answer.status_code == 201, answer.text
    assert scoring.score(child)["band_in_force"] == "high"
    clock.forward(days=1)
    scoring.make_primary("seraf")
    scoring.compute_all()
    assert scoring.score(child)["judgement"] is None
    assert events(scoring).count("judgement.reopened") == 1
    clock.forward(days=1)
    scoring.make_primary("small")
    scoring.compute_all()
    assert scoring.score(child)["band_in_force"] == "high", "until its day"


def test_proposals_are_listed_a_page_at_a_time(scoring: Governed) -> None:
    made = [propose(scoring).json()["proposal_id"] for _ in range(3)]
    reader = scoring.practitioner()
    first = reader.get(f"{PLACE}?limit=2")
    last = reader.get(first.links["next"]["url"])
    items = [*first.json()["items"], *last.json()["items"]]
    assert [each["proposal_id"] for each in items] == made[::-1]
    assert last.links == {}
    assert reader.get(f"{PLACE}/{made[0]}").json() == items[-1]
