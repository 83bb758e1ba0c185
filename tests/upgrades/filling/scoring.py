"""A database of scoring in which every table has a row, written through the service itself."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import anyio

from services.scoring.app import create_app, prepare
from services.scoring.service.feeds import Silence, watch
from services.scoring.service.proving import prove_some
from shared.ids import new_id
from tests.domain.scoring.small import SMALL
from tests.services.referrals.support import scoring_says
from tests.support.scoring import by_urn, scoring_settings, update
from tests.support.service import SettableClock
from tests.support.weights import HEAVIER, Governed
from tests.upgrades.filling.calls import post

PRIMARY = "child-exploitation"
CHILD, OTHER, HIDDEN, MERGED, PARTED = (
    UUID(f"01890000-0000-7000-8000-00000000000{number}") for number in range(1, 6)
)
SCREENING = UUID("01890000-0000-7000-8000-0000000000aa")
WHY = "The school and the family describe a week without any contact."
PERSON = {"name": "Example Childtest", "date_of_birth": "2012-02-01"}
MONEY, CARS, PARTNER = (
    "unexplained_money_or_goods",
    "cars_of_unknown_adults",
    "older_controlling_partner",
)


@dataclass
class Filling:
    """The service, and what referrals has told it so far."""

    url: str
    clock: SettableClock = field(default_factory=SettableClock)
    said: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        settings = scoring_settings(self.url, demo=True)
        prepare(settings, self.clock)
        app = create_app(settings, connect=scoring_says(self.said), clock=self.clock)
        self.scoring = Governed(app, self.clock)

    def hear(self, kind: str, **data: Any) -> None:
        """Have referrals say one thing more, and read it."""
        position, at = len(self.said) + 1, self.clock().isoformat()
        self.said.append({"position": position, "recorded_at": at, "type": kind, "data": data})
        anyio.run(self.scoring.app.state.background.loops["feed"])

    def child(self, child_id: UUID, urn: str, **changes: Any) -> None:
        """Have referrals tell of a child."""
        known = {
            "child_id": str(child_id),
            "date_of_birth": "2012-01-01",
            "date_of_birth_estimated": False,
            "identifiers": [{"type": "police_urn", "value": urn}],
            "team": "north",
            "restricted": False,
            "staff_relative": False,
        }
        self.hear("child.changed", **{**known, **changes})

    def push(self, *items: dict[str, Any]) -> list[str]:
        """Send updates as the police. Returns what became of them."""
        key = {"Idempotency-Key": str(new_id())}
        sent = post(self.scoring.police(), "/v1/indicator-updates", list(items), key)
        return [each["result"] for each in sent["items"]]


def fill(url: str) -> None:
    """Fill a new database."""
    filling = Filling(url)
    for step in STEPS:
        step(filling)
        filling.clock.forward(hours=1)
    filling.scoring.service.database.engine.dispose()


def _children(filling: Filling) -> None:
    filling.child(CHILD, "T/0001")
    filling.child(OTHER, "T/0002", date_of_birth=None, team=None)
    filling.child(HIDDEN, "T/0003", date_of_birth_estimated=True, restricted=True)
    filling.child(MERGED, "T/0004")
    filling.child(PARTED, "T/0005")


def _updates(filling: Filling) -> None:
    filling.scoring.put_in_force()
    seen = update("seen", CHILD, sequence=1, incident_ref="police:I1", note_ref="N-1")
    results = filling.push(
        seen,
        update("ended", by_urn("T/0001"), code=CARS, sequence=2, handling="G4"),
        update("moved", OTHER, code=MONEY, sequence=5, observed_until="2026-05-20"),
        update("hidden", HIDDEN, code=PARTNER, observed_on="2025-08-01"),
        update("merged", MERGED, code=CARS),
        update("waits", by_urn("T/0009")),
        update("named", {}, person=PERSON),
        update("nobody", {}, person=PERSON),
        update("unknown", CHILD, code="no_such_code"),
    )
    assert [results.count(each) for each in ("recorded", "held", "rejected")] == [5, 3, 1]
    filling.scoring.compute_all()
    filling.clock.forward(days=1)
    again = [seen, {**seen, "answer": "no"}, update("seen", CHILD, revision=3, answer="no")]
    corrected = update("ended", by_urn("T/0001"), revision=2, retracted=True)
    late = update("seen", CHILD, revision=2)
    found = filling.push(*again, corrected, late)
    assert found == ["duplicate", "conflict", "recorded", "recorded", "superseded"]
    filling.scoring.compute_all()


def _a_feed_that_falls_silent(filling: Filling) -> None:
    beat = "/v1/feeds/police-feed/heartbeats"
    post(filling.scoring.police(), beat, {"sent_up_to": 9})
    filling.clock.forward(days=4)
    watch(filling.scoring.service.database, Silence(72), filling.clock)
    filling.scoring.compute_all()
    post(filling.scoring.police(), beat, {})


def _held(filling: Filling) -> None:
    worker = filling.scoring.client("held:read", "held:decide", "scores:read")
    key = {"source": "police-feed", "revision": 1, "reason": WHY}
    attached = {**key, "source_ref": "named", "child_id": str(OTHER)}
    post(worker, "/v1/held-updates/attachments", attached)
    post(worker, "/v1/held-updates/discards", {**key, "source_ref": "nobody"})


def _a_contest(filling: Filling) -> None:
    numbers = [{"type": "police_urn", "value": urn} for urn in ("T/0001", "T/0010")]
    assert filling.push(update("two", {"identifiers": numbers}, code=PARTNER)) == ["recorded"]
    others = [{"type": "police_urn", "value": urn} for urn in ("T/0002", "T/0010")]
    filling.child(OTHER, "T/0002", date_of_birth=None, team=None, identifiers=others)
    filling.scoring.compute_all()


def _screening(filling: Filling) -> None:
    said = {"screening_id": str(SCREENING), "child_id": str(CHILD), "observed_on": "2026-05-02"}
    for revision, answers in enumerate(({CARS: "yes", MONEY: "yes"}, {MONEY: "no"}), start=1):
        given = [{"code": code, "answer": answer} for code, answer in answers.items()]
        filling.hear("screening.answered", **said, revision=revision, answers=given)
    filling.scoring.compute_all()


def _another_model(filling: Filling) -> None:
    """The council counts by another model from now on, in which harm lifts the band."""
    filling.scoring.put_in_force("0.1", date(2026, 1, 1), PRIMARY)
    filling.scoring.make_primary(PRIMARY)
    filling.push(update("harm", HIDDEN, code="exploitation_disclosed"))
    filling.scoring.compute_all()


def _judgements(filling: Filling) -> None:
    made = {who: _judged(filling, who, band) for who, band in _JUDGED.items()}
    second = filling.scoring.client("judgements:write", person_id="p-two")
    for whose, step in ((HIDDEN, "confirmation"), (OTHER, "withdrawal")):
        post(second, f"/v1/children/{whose}/judgements/{made[whose]}/{step}", {"reason": WHY})
    filling.scoring.compute_all()
    place = f"/v1/models/{PRIMARY}/versions/0.1/indicators/{MONEY}/comments"
    post(second, place, {"score_id": None, "comment": "Counts a gift like a debt."})


_JUDGED = {CHILD: "high", OTHER: "medium", HIDDEN: "medium"}


def _judged(filling: Filling, child: UUID, band: str) -> str:
    body = {
        "score_id": filling.scoring.score(child)["score_id"],
        "band": band,
        "reason_code": "other_information",
        "reason": WHY,
        "until": "2026-08-01",
    }
    person = filling.scoring.client("scores:read", "judgements:write", person_id="p-one")
    return str(post(person, f"/v1/children/{child}/judgements", body)["id"])


def _merges(filling: Filling) -> None:
    filling.child(PARTED, "T/0005", survivor_id=str(CHILD))
    filling.child(PARTED, "T/0005")
    filling.child(MERGED, "T/0004", survivor_id=str(CHILD))
    filling.scoring.compute_all()


def _versions(filling: Filling) -> None:
    """One of each end that a version can come to, and one that is still being written."""
    scoring = filling.scoring
    scoring.approved("1.0", SMALL)
    scoring.approved("1.1", HEAVIER)
    assert scoring.back("emergency-return", "1.0", "1.2", "p-alone").status_code == 201
    assert scoring.end("retirement", "1.1").status_code == 201
    later = SMALL.replace("effective_from: 2026-01-01", "effective_from: 2026-12-01")
    scoring.submitted("2.0", later)
    assert scoring.end("withdrawal", "2.0").status_code == 201
    draft = {"document": SMALL.replace("A small model", "A smaller model")}
    answer = scoring.author().put("/v1/models/small/drafts/3.0", json=draft)
    assert answer.status_code == 200, answer.text


def _a_proof_and_a_score_that_is_due(filling: Filling) -> None:
    scoring = filling.scoring
    scoring.compute_all()
    assert prove_some(scoring.service.database, scoring.app.state.weights, filling.clock) == 0
    filling.push(update("last", OTHER, code=PARTNER, observed_on="2026-06-02"))


STEPS = (
    _children,
    _updates,
    _a_feed_that_falls_silent,
    _held,
    _a_contest,
    _screening,
    _another_model,
    _judgements,
    _merges,
    _versions,
    _a_proof_and_a_score_that_is_due,
)
