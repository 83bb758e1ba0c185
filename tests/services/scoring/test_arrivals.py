"""Updates go first: the worker waits for a lull, but not for ever."""

import anyio
import pytest
from starlette.types import Message, Receive, Scope, Send

from services.scoring.api.arriving import Arriving
from services.scoring.service.arrivals import LULL_SECONDS, PATIENCE_SECONDS, Arrivals


class Stopwatch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def arrivals(stopwatch: Stopwatch) -> Arrivals:
    return Arrivals(stopwatch)


def test_nothing_is_waited_for_where_nothing_comes(arrivals: Arrivals) -> None:
    assert not arrivals.to_wait()


def test_the_worker_waits_for_a_push_and_a_little_longer(
    arrivals: Arrivals, stopwatch: Stopwatch
) -> None:
    with arrivals.one():
        assert arrivals.to_wait()
    stopwatch.now += LULL_SECONDS / 4
    assert arrivals.to_wait() == pytest.approx(LULL_SECONDS * 3 / 4)
    stopwatch.now += LULL_SECONDS
    assert not arrivals.to_wait()


def test_a_push_that_fails_is_not_waited_for_for_ever(
    arrivals: Arrivals, stopwatch: Stopwatch
) -> None:
    with pytest.raises(LookupError), arrivals.one():
        raise LookupError
    stopwatch.now += LULL_SECONDS * 2
    assert not arrivals.to_wait()


def test_where_pushes_never_end_the_worker_goes_on_until_nobody_is_due(
    arrivals: Arrivals, stopwatch: Stopwatch
) -> None:
    with arrivals.one():
        assert arrivals.to_wait()
        for _ in range(3):
            stopwatch.now += PATIENCE_SECONDS
            assert not arrivals.to_wait()
        arrivals.worked_off()
        assert arrivals.to_wait()


@pytest.mark.parametrize(
    ("method", "path", "waits"),
    [
        ("POST", "/v1/indicator-updates", True),
        ("GET", "/v1/indicator-updates", False),
        ("POST", "/v1/held-updates/attachments", False),
    ],
)
def test_only_updates_are_waited_for(
    arrivals: Arrivals, method: str, path: str, *, waits: bool
) -> None:
    found = []

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        found.append(arrivals.to_wait() > 0)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(_message: Message) -> None:
        pass

    scope = {"type": "http", "method": method, "path": path}
    anyio.run(Arriving(app, arrivals), scope, receive, send)
    assert found == [waits]
