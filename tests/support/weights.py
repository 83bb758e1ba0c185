"""A small model under governance: its texts, and the people who write and approve versions."""

from datetime import UTC, datetime
from typing import Any

from services.scoring.app import create_app
from services.scoring.domain.primary import Decision, Outcome, Proposal
from services.scoring.store.primary import add_decision, add_proposal
from shared.ids import new_id
from tests.domain.scoring.small import SMALL
from tests.support.databases import Databases
from tests.support.scoring import (
    REASON,
    ScoringUnderTest,
    scoring_settings,
    shipped_weights,
)
from tests.support.service import SettableClock

MODEL = "/v1/models/small"

HEAVIER = (
    SMALL.replace('to: P6M, points: "5"', 'to: P6M, points: "6"')
    .replace("kind: new,", "kind: recalibration,")
    .replace(
        """given: [{code: missing_episode, answer: yes, observed_on: 2026-05-01}]
    expect: {total: "5", band: low, band_range: [low, high]}""",
        """given:
      - {code: missing_episode, answer: yes, observed_on: 2025-10-01}
      - {code: hurt, answer: yes, observed_on: 2026-05-01}
    expect: {total: "3.5", band: high}""",
    )
    .replace(
        """      - {code: missing_episode, answer: yes, observed_on: 2025-10-01}
    expect: {total: "6", interval: ["6", "8.5"], band: high}""",
        """    expect: {total: "6", interval: ["6", "8.5"], band: high}""",
    )
)
"""A missing episode of the last six months counts 6 instead of 5: by itself it makes `high`."""


class Governed(ScoringUnderTest):
    """Scoring under the small model, none of whose versions is approved yet."""

    def author(self, person_id: str = "p-author", **facts: Any) -> Any:
        """Somebody who writes the weights."""
        return self.client("models:read", "models:propose", person_id=person_id, **facts)

    def approver(self, person_id: str = "p-approver", **facts: Any) -> Any:
        """Somebody who approves them."""
        return self.client("models:read", "models:approve", person_id=person_id, **facts)

    def submitted(self, version: str, text: str) -> dict[str, Any]:
        """Let the author write and submit a version."""
        author, draft = self.author(), f"{MODEL}/drafts/{version}"
        assert author.put(draft, json={"document": text}).status_code == 200
        answer = author.post(f"{draft}/submission", json={"reason": REASON})
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def approved(self, version: str, text: str) -> dict[str, Any]:
        """Let two people put a version in force."""
        self.submitted(version, text)
        answer = self.sign(version)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def sign(self, version: str, person_id: str = "p-approver", **changes: Any) -> Any:
        """Have a version assessed, and let a person approve it."""
        path = f"{MODEL}/versions/{version}"
        signed = {**self.assessed(path), "reason": REASON, **changes}
        return self.approver(person_id).post(f"{path}/approval", json=signed)

    def end(self, how: str, version: str, **changes: Any) -> Any:
        """Withdraw or retire a version."""
        path = f"{MODEL}/versions/{version}"
        client = self.author() if how == "withdrawal" else self.approver()
        document_hash = client.get(path).json()["document_hash"]
        body = {"document_hash": document_hash, "reason": REASON, **changes}
        return client.post(f"{path}/{how}", json=body)

    def back(self, how: str, version: str, new_version: str, person_id: str, **changes: Any) -> Any:
        """Go back to the rules of a version: `rollback`, or `emergency-return`."""
        path = f"{MODEL}/versions/{version}"
        client = self.client("models:read", "models:propose", "models:approve", person_id=person_id)
        document_hash = client.get(path).json()["document_hash"]
        body = {
            "document_hash": document_hash,
            "new_version": new_version,
            "reason": REASON,
            **changes,
        }
        return client.post(f"{path}/{how}", json=body)


def refusal(answer: Any) -> tuple[int, str]:
    """How a request was refused: status and code."""
    return answer.status_code, answer.json()["code"]


def governed_on(databases: Databases, clock: SettableClock) -> Governed:
    """Scoring for the small model, none of whose versions exists yet."""
    return _opened(databases.fresh("scoring", small_primary), clock)


def small_primary(url: str) -> None:
    """Store the shipped weights in a database, and that two people made the small model primary
    long ago, so that a test begins with its first version."""
    shipped_weights(url)
    found, at = _opened(url, SettableClock()), datetime(2020, 8, 1, 9, tzinfo=UTC)
    with found.service.database.writing(lambda: at) as transaction:
        proposal = Proposal(new_id(), "small", at.date(), "p-author", REASON, at)
        decision = Decision(Outcome.CONFIRMED, "p-approver", REASON, at, 0)
        entries = [transaction.record(f"model.primary_{each}", {}) for each in ("a", "b")]
        add_proposal(transaction.connection, proposal, entries[0])
        add_decision(transaction.connection, proposal, decision, entries[1])
    found.service.database.engine.dispose()


def heavier_on(databases: Databases, clock: SettableClock) -> Governed:
    """Scoring with the small model in force, and a heavier version of it submitted."""
    return _opened(databases.fresh("scoring", heavier_submitted), clock)


def heavier_submitted(url: str) -> None:
    """Put 1.0 of the small model in force in a database, and submit a heavier 1.1."""
    small_primary(url)
    found = _opened(url, SettableClock())
    found.approved("1.0", SMALL)
    found.submitted("1.1", HEAVIER)
    found.service.database.engine.dispose()


def _opened(url: str, clock: SettableClock) -> Governed:
    settings = scoring_settings(url, demo=True)
    return Governed(create_app(settings, clock=clock), clock)
