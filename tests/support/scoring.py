"""The scoring service under test: children made known as referrals would, its worker in hand."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient
from pydantic import SecretStr

from services.scoring.app import create_app, prepare
from services.scoring.service.assessor import Assessor
from services.scoring.service.attaching import take_child
from services.scoring.service.storing import Worker
from services.scoring.settings import Settings
from shared.contracts.events import ChildChanged, Identifier
from shared.domain.london import london_date
from shared.ids import new_id
from tests.support.databases import Databases
from tests.support.service import NOWHERE, SERVICE_SECRET, ServiceUnderTest, SettableClock

REASON = "Read against the published form; every case agrees."


class ScoringUnderTest(ServiceUnderTest):
    """Scoring with the shipped weights stored, none of them approved yet."""

    def police(self, *sources: str) -> TestClient:
        """The police feed, with one source unless others are named."""
        return self.client(
            "updates:write",
            "updates:read",
            "feeds:read",
            client_id="police-feed",
            kind="machine",
            person_id=None,
            agency="police",
            sources=sources or ("police-feed",),
        )

    def social_care(self) -> TestClient:
        """The council's case system as a feed."""
        return self.client(
            "updates:write",
            "updates:read",
            "feeds:read",
            client_id="council-case-system",
            kind="machine",
            person_id=None,
            agency="social_care",
            sources=("council-case-system",),
        )

    def practitioner(self, **facts: Any) -> TestClient:
        """Somebody who reads scores."""
        return self.client("scores:read", "observations:read", "models:read", "codes:read", **facts)

    def child(
        self,
        *identifiers: tuple[str, str],
        child_id: UUID | None = None,
        date_of_birth: date | None = date(2012, 1, 1),
        **access: Any,
    ) -> UUID:
        """Make a child known, as an event from referrals does."""
        event = child_changed(identifiers, child_id or new_id(), date_of_birth, **access)
        self.children([event])
        return event.child_id

    def children(self, events: Iterable[ChildChanged]) -> None:
        """Take a page of events from referrals."""
        with self.service.database.writing(self.clock) as transaction:
            for event in events:
                take_child(transaction, self.app.state.weights, event)

    def put_in_force(
        self, version: str = "1.0", since: date | None = date(2020, 8, 1), model: str = "seraf"
    ) -> None:
        """Two people approve a version of a model."""
        path = f"/v1/models/{model}/versions/{version}"
        author = self.client("models:propose", "models:read", person_id="p-author")
        assert author.post(f"{path}/proposal", json={"reason": REASON}).status_code == 201
        approval = {
            **self.assessed(path),
            "reason": REASON,
            "imported_in_force_from": since and since.isoformat(),
        }
        approver = self.client("models:approve", person_id="p-approver")
        answer = approver.post(f"{path}/approval", json=approval)
        assert answer.status_code == 201, answer.text

    def make_primary(self, model: str, since: date | None = None) -> None:
        """Two people make a model primary, from today on unless another day is named."""
        path, first_day = "/v1/primary-model/proposals", since or london_date(self.clock())
        wish = {"model": model, "effective_from": first_day.isoformat(), "reason": REASON}
        proposed = self.client("models:propose", person_id="p-author").post(path, json=wish)
        assert proposed.status_code == 201, proposed.text
        place = f"{proposed.headers['Location']}/confirmation"
        approver = self.client("models:approve", person_id="p-approver")
        answer = approver.post(place, json={"reason": REASON})
        assert answer.status_code == 201, answer.text

    def assessed(self, path: str) -> dict[str, Any]:
        """Have a version assessed. Returns what an approval of it names."""
        client = self.client("models:assess", "models:read", person_id="p-author")
        begun = client.post(f"{path}/assessments", json={})
        assert begun.status_code == 201, begun.text
        while self.assessor().work():
            pass
        names = ("document_hash", "assessment_id", "engine_version")
        return {name: begun.json()[name] for name in names}

    def assessor(self) -> Assessor:
        """A worker that assesses versions, as the service runs one."""
        return Assessor(self.service.database, self.app.state.weights, self.clock)

    def worker(self) -> Worker:
        """A worker as the service runs one."""
        return Worker(self.service.database, self.app.state.weights, self.clock)

    def compute_all(self) -> int:
        """Let a worker compute every score that is due. Returns how many."""
        worker, done = self.worker(), 0
        while some := worker.work():
            done += some
        return done

    def score(self, child_id: UUID, **question: str) -> dict[str, Any]:
        """A child's score, as a practitioner reads it."""
        answer = self.practitioner().get(f"/v1/children/{child_id}/score", params=question)
        assert answer.status_code == 200, answer.text
        document: dict[str, Any] = answer.json()
        return document


def child_changed(
    identifiers: Iterable[tuple[str, str]],
    child_id: UUID,
    date_of_birth: date | None = date(2012, 1, 1),
    **access: Any,
) -> ChildChanged:
    """What referrals says of a child, whom everybody may see unless `access` says otherwise."""
    return ChildChanged(
        child_id=child_id,
        date_of_birth=date_of_birth,
        date_of_birth_estimated=False,
        identifiers=tuple(Identifier(type=kind, value=value) for kind, value in identifiers),
        **{"team": None, "restricted": False, "staff_relative": False, **access},
    )


def scoring_settings(database_url: str, *, demo: bool = False) -> Settings:
    """What scoring is told when it runs alone over a database."""
    return Settings(
        database_url=database_url,
        client_secret=SecretStr(SERVICE_SECRET),
        urls=dict(NOWHERE),
        demo=demo,
    )


def scoring_on(databases: Databases, clock: SettableClock) -> ScoringUnderTest:
    """Scoring on a fresh database, no weights approved yet."""
    return _opened(databases.fresh("scoring", shipped_weights), clock)


def scoring_in_force(databases: Databases, clock: SettableClock) -> ScoringUnderTest:
    """Scoring on a fresh database, with SERAF 1.0 in force since August 2020."""
    return _opened(databases.fresh("scoring", seraf_in_force), clock)


def shipped_weights(url: str) -> None:
    """Store the shipped weights in a database."""
    prepare(scoring_settings(url, demo=True), SettableClock())


def seraf_in_force(url: str) -> None:
    """Store the shipped weights in a database, and let two people approve SERAF 1.0."""
    shipped_weights(url)
    scoring = _opened(url, SettableClock())
    scoring.put_in_force()
    scoring.service.database.engine.dispose()


def _opened(url: str, clock: SettableClock) -> ScoringUnderTest:
    settings = scoring_settings(url, demo=True)
    return ScoringUnderTest(create_app(settings, clock=clock), clock)


def update(source_ref: str, child: dict[str, Any] | UUID, **changes: Any) -> dict[str, Any]:
    """An indicator update: a missing episode on 1 May 2026, unless `changes` say otherwise."""
    whom = {"child_id": str(child)} if isinstance(child, UUID) else child
    return {
        "source_ref": source_ref,
        "revision": 1,
        "child": whom,
        "code": "missing_episode",
        "answer": "yes",
        "observed_on": "2026-05-01",
        **changes,
    }


def by_urn(urn: str) -> dict[str, Any]:
    """A child named by a police URN."""
    return {"identifiers": [{"type": "police_urn", "value": urn}]}


def results(answer: Any) -> list[str]:
    """What became of the items of a push."""
    assert answer.status_code == 200, answer.text
    return [item["result"] for item in answer.json()["items"]]
