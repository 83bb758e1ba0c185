"""One service calls another: with a token that is renewed when it is refused, and given back."""

from itertools import count

import anyio
import httpx
import pytest

from shared.peers import Credentials, Peer
from tests.support.service import SettableClock


class OtherSide:
    """The gateway, which numbers its tokens, and a service that takes some of them."""

    def __init__(self, *taken: str) -> None:
        self.taken, self.shown = taken, list[str]()
        self.issued = count(1)
        self.clients: list[httpx.AsyncClient] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth2/token":
            token = f"token-{next(self.issued)}"
            return httpx.Response(200, json={"access_token": token, "expires_in": 300})
        self.shown.append(request.headers["Authorization"].removeprefix("Bearer "))
        return httpx.Response(200 if self.shown[-1] in self.taken else 401)

    def connect(self, _name: str) -> httpx.AsyncClient:
        """Open a client to either."""
        client = httpx.AsyncClient(transport=httpx.MockTransport(self), base_url="http://x")
        self.clients.append(client)
        return client


def peer_of(other: OtherSide, clock: SettableClock) -> Peer:
    """Scoring, as referrals calls it."""
    return Peer("scoring", other.connect, Credentials("referrals", "-"), clock)


@pytest.mark.parametrize(
    ("taken", "answers", "shown"),
    [
        (("token-1",), [200, 200], ["token-1", "token-1"]),
        # The gateway has another key since the first call.
        (("token-2",), [200, 200], ["token-1", "token-2", "token-2"]),
        ((), [401, 401], ["token-1", "token-2", "token-2", "token-3"]),
    ],
)
def test_a_refused_token_is_replaced_once(
    clock: SettableClock, taken: tuple[str, ...], answers: list[int], shown: list[str]
) -> None:
    other = OtherSide(*taken)

    async def call() -> list[int]:
        peer = peer_of(other, clock)
        found = [(await peer.get("/internal/events")).status_code for _ in answers]
        await peer.close()
        return found

    assert anyio.run(call) == answers
    assert other.shown == shown


def test_a_peer_closes_what_it_opened_and_can_be_called_again(clock: SettableClock) -> None:
    other = OtherSide("token-1")

    async def call() -> None:
        peer = peer_of(other, clock)
        for _ in range(2):
            assert (await peer.get("/internal/events")).status_code == 200
            await peer.close()

    anyio.run(call)
    assert len(other.clients) == 3
    assert all(client.is_closed for client in other.clients)
