"""Speaking with the referrals service: its callers, its requests, scoring's side of the feed."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import anyio
import httpx
import httpx2
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import text

from services.referrals.app import create_app
from services.referrals.service.ratings import forget, take
from services.referrals.settings import Settings
from shared.events.consumer import FeedConsumer
from shared.ids import new_id
from shared.peers import Connect, Credentials, Peer
from tests.support.service import NOWHERE, SERVICE_SECRET, ServiceUnderTest, SettableClock

NHS_NUMBER = "9990000018"
REASON = "Talked through with the youth worker who knows the family."


class Referrals(ServiceUnderTest):
    """The service, and the people and systems that call it."""

    def system(self, **facts: Any) -> TestClient:
        """A council system: it sends and reads, and is no person."""
        known = {"client_id": "test-system", "kind": "machine", "person_id": None, **facts}
        return self.client("referrals:write", "referrals:read", "children:read", **known)

    def worker(self, **facts: Any) -> TestClient:
        """A social worker: reads, sends and decides."""
        return self.client(
            "referrals:write", "referrals:read", "referrals:decide", "children:read", **facts
        )

    def received(self, **changes: Any) -> dict[str, Any]:
        """A referral that was taken in, as answered."""
        response = self.system().post("/v1/referrals", json=referral(**changes))
        assert response.status_code == 201, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def move(self, referral_id: str, command: str, **given: Any) -> httpx2.Response:
        """Give a command as a social worker, with all that it takes."""
        return move(self.worker(), referral_id, command, **given)

    def told(self, *events: Mapping[str, Any], epoch: str = "e1") -> None:
        """Have scoring say these events (whole feed), and read them to the end."""
        feed = FeedConsumer(
            "scoring",
            Peer("scoring", scoring_says(events, epoch), Credentials("referrals", "s"), self.clock),
            self.service.database,
            self.clock,
            take,
            forget,
        )

        async def read() -> None:
            while await feed.step():
                pass
            await feed.peer.close()

        anyio.run(read)

    def close(self) -> None:
        """Give the connections back."""
        self.service.database.engine.dispose()


def assembled(database_url: str, clock: SettableClock, connect: Connect | None = None) -> Referrals:
    """The service over a database, as its factory makes it."""
    settings = Settings(
        database_url=database_url, client_secret=SecretStr(SERVICE_SECRET), urls=dict(NOWHERE)
    )
    return Referrals(create_app(settings, connect=connect, clock=clock), clock)


def scoring_says(events: Sequence[Mapping[str, Any]], epoch: str = "e1") -> Connect:
    """Another side that is the gateway's token endpoint and scoring's feed."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth2/token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 300})
        after = int(request.url.params["after"])
        return httpx.Response(
            200,
            json={
                "epoch": epoch,
                "next": max((e["position"] for e in events), default=0),
                "events": [e for e in events if e["position"] > after],
            },
        )

    return lambda name: httpx.AsyncClient(
        transport=httpx.MockTransport(answer), base_url=f"http://{name}"
    )


def rating_changed(
    child_id: str, position: int = 1, *, score_id: str | None = None, **changes: Any
) -> dict[str, Any]:
    """An event of scoring's feed, a second later for each position."""
    started = SettableClock().now
    return {
        "position": position,
        "recorded_at": (started + timedelta(seconds=position)).isoformat(),
        "type": "rating.changed",
        "data": {
            "child_id": child_id,
            "score_id": score_id or str(new_id()),
            "model": "seraf",
            "version": "1.0.0",
            "as_of": "2026-06-01",
            "status": "complete",
            "total": "10",
            "band": "category_2",
            "interval": ["10", "65"],
            "band_range": ["category_2", "category_4"],
            "known": 12,
            "of": 30,
            **changes,
        },
    }


def child(**changes: Any) -> dict[str, Any]:
    """A child as a sender describes the child."""
    return {
        "identifiers": [{"type": "nhs_number", "value": NHS_NUMBER}],
        "given_name": "Example",
        "family_name": "Child",
        "date_of_birth": "2012-01-01",
        **changes,
    }


def urn(value: str) -> dict[str, str]:
    """A police URN."""
    return {"type": "police_urn", "value": value}


def referral(**changes: Any) -> dict[str, Any]:
    """A referral as a school sends it; `child_id` takes the place of the child block."""
    body = {
        "type": "cse",
        "source": "2A",
        "source_ref": "SCHOOL-0001",
        "received_on": "2026-06-01",
        "summary": "Away from lessons three afternoons last week.",
        **changes,
    }
    if "child_id" not in changes and "child" not in changes:
        body["child"] = child()
    return body


def move(client: TestClient, referral_id: str, command: str, **given: Any) -> httpx2.Response:
    """Give a command, with all that it takes unless told otherwise."""
    takes: dict[str, dict[str, Any]] = {
        "start_triage": {},
        "request_information": {"reason": REASON},
        "resume_triage": {"reason": REASON},
        "escalate": {"reason": REASON, "score_id": None},
        "accept": {"reason": REASON, "score_id": None},
        "allocate": {"reason": REASON, "worker": "p-0007"},
        "signpost": {"reason": REASON, "score_id": None, "to": "cyt"},
        "record_outcome": {"reason": REASON, "outcome": "engaged"},
        "propose_no_further_action": {"reason": REASON, "score_id": None},
        "no_further_action": {"reason": REASON, "score_id": None},
        "mark_duplicate": {"reason": REASON},
        "withdraw": {"reason": REASON},
        "reopen": {"reason": REASON},
    }
    headers = given.pop("headers", {})
    if command == "allocate" and "If-Match" not in headers:
        read = client.get(f"/v1/referrals/{referral_id}")
        headers = {**headers, "If-Match": read.headers.get("ETag", "*")}
    return client.post(
        f"/v1/referrals/{referral_id}/transitions",
        json={"command": command, **takes.get(command, {}), **given},
        headers=headers,
    )


def said(answer: httpx2.Response) -> dict[str, Any]:
    """An answer but for the id of its request."""
    return {**answer.json(), "request_id": None}


def counted(referrals: Referrals, table: str, where: str = "1 = 1") -> int:
    """How many rows a table has."""
    query = text(f"SELECT count(*) FROM {table} WHERE {where}")  # noqa: S608  # the test's own words
    with referrals.service.database.reading() as connection:
        return int(connection.execute(query).scalar_one())
