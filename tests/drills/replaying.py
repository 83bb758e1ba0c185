"""Old scores, replayed after the weights have changed three times, and the evidence with them."""

from services.scoring.service.verifying import Replayed, verify_all
from services.scoring.service.weights import Weights
from tests.drills.feed import CODES
from tests.support.scoring import ScoringUnderTest, by_urn, update

TURNS = 4
"""The weights that the first scores are under, and three changes."""
WHY = "A drill: the weights change, and what was said before has to follow from its inputs."


def replay_after_changes(scoring: ScoringUnderTest, children: int) -> list[Replayed]:
    """Let so many children be scored under four versions of the weights, with other evidence each
    time; then compute every stored score again. Returns all of them."""
    urns = [f"T/{number:04}" for number in range(children)]
    ids = [scoring.child(("police_urn", urn)) for urn in urns]
    for turn in range(TURNS):
        if turn:
            _change_weights(scoring, turn)
            scoring.clock.forward(days=40)
        _say(scoring, urns, turn)
        if turn == TURNS - 1:
            scoring.child(("police_urn", urns[0]), child_id=ids[0], survivor_id=ids[1])
        scoring.compute_all()
    return list(verify_all(scoring.service.database, Weights()))


def _change_weights(scoring: ScoringUnderTest, turn: int) -> None:
    """SERAF 2.0, then back to 1.0, then back to 2.0."""
    if turn == 1:
        scoring.put_in_force("2.0", since=scoring.clock().date())
        return
    path = f"/v1/models/seraf/versions/{'1.0' if turn == 2 else '2.0'}"
    approver = scoring.client("models:approve", "models:read", person_id="p-approver")
    body = {
        "document_hash": approver.get(path).json()["document_hash"],
        "new_version": f"9.{turn}",
        "reason": WHY,
    }
    answer = approver.post(f"{path}/emergency-return", json=body)
    assert answer.status_code == 201, answer.text


def _say(scoring: ScoringUnderTest, urns: list[str], turn: int) -> None:
    """A statement more about each child, and the one before corrected."""
    items = []
    for urn in urns:
        day = scoring.clock().date().isoformat()
        items.append(update(f"{urn}-{turn}", by_urn(urn), code=CODES[turn], observed_on=day))
        if turn:
            before = {"code": CODES[turn - 1], "revision": 2, "answer": "no"}
            items.append(update(f"{urn}-{turn - 1}", by_urn(urn), observed_on=day, **before))
    for first in range(0, len(items), 1000):
        answer = scoring.police().post("/v1/indicator-updates", json=items[first : first + 1000])
        assert {each["result"] for each in answer.json()["items"]} == {"recorded"}, answer.text
