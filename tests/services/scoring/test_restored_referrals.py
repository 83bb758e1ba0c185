"""Referrals was restored from a backup: scoring shows only what referrals tells again."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import anyio
import httpx

from services.scoring.service.attaching import forget_children, take_child
from shared.contracts.events import ChildChanged, Event
from shared.domain.access import Sight
from shared.events.consumer import FeedConsumer
from shared.ids import new_id
from shared.peers import Credentials, Peer
from shared.storage.writing import Writing
from tests.support.scoring import ScoringUnderTest, by_urn, update


def take_children(scoring: ScoringUnderTest, transaction: Writing, events: Sequence[Event]) -> None:
    """As the service takes what referrals tells."""
    for event in events:
        changed = ChildChanged.model_validate(event.data)
        take_child(transaction, scoring.app.state.weights, changed)


def told(scoring: ScoringUnderTest, epoch: str, *children: tuple[UUID, str]) -> None:
    """Have referrals tell of children with a police URN each (its whole feed); read it all."""
    events: list[dict[str, Any]] = [
        {
            "position": position,
            "recorded_at": "2026-06-01T09:00:00Z",
            "type": "child.changed",
            "data": {
                "child_id": str(child_id),
                "date_of_birth": date(2012, 1, 1).isoformat(),
                "date_of_birth_estimated": False,
                "identifiers": [{"type": "police_urn", "value": urn}],
                "team": None,
                "restricted": False,
                "staff_relative": False,
            },
        }
        for position, (child_id, urn) in enumerate(children, start=1)
    ]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth2/token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 300})
        after = int(request.url.params["after"])
        page: dict[str, Any] = {
            "epoch": epoch,
            "next": len(events),
            "events": [each for each in events if each["position"] > after],
        }
        return httpx.Response(200, json=page)

    def apply(transaction: Writing, events: Sequence[Event]) -> None:
        take_children(scoring, transaction, events)

    def forget(transaction: Writing) -> None:
        forget_children(transaction, scoring.app.state.weights)

    def connect(name: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url=f"http://{name}")

    peer = Peer("referrals", connect, Credentials("scoring", "-"), scoring.clock)
    feed = FeedConsumer("referrals", peer, scoring.service.database, scoring.clock, apply, forget)

    async def read() -> None:
        while await feed.step():
            pass
        await peer.close()

    anyio.run(read)


def score_status(scoring: ScoringUnderTest, child_id: UUID) -> int:
    """What a practitioner without clearances gets for a child's score."""
    reader = scoring.practitioner(sight=Sight(teams=None))
    return reader.get(f"/v1/children/{child_id}/score").status_code


def test_a_child_that_a_restored_referrals_lost_is_hidden_and_no_number_leads_to_it(
    scoring: ScoringUnderTest,
) -> None:
    kept, lost = (new_id(), "T/0001"), (new_id(), "T/0002")
    told(scoring, "e1", kept, lost)
    assert [score_status(scoring, child_id) for child_id, _ in (kept, lost)] == [200, 200]
    told(scoring, "e2", kept)
    assert [score_status(scoring, child_id) for child_id, _ in (kept, lost)] == [200, 404]
    sent = [update(urn, by_urn(urn)) for _, urn in (kept, lost)]
    receipt = scoring.police().post("/v1/indicator-updates", json=sent).json()
    assert [each["result"] for each in receipt["items"]] == ["recorded", "held"]
