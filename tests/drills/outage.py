"""The services' database is gone for a while, and comes back: batches go on where they were."""

import time
from datetime import date
from random import Random

from tests.drills.feed import Feed
from tests.drills.proving import prove, settled
from tests.support.postgresql import PostgreSQL
from tests.support.trackers import Deployed


def gone_for(
    services: Deployed, cluster: PostgreSQL, seconds: float, seed: int, today: date
) -> dict[str, int]:
    """Send batches before, during and after. Returns what `prove` counted."""
    tracker = services.outside()
    feed = Feed(tracker, Random(seed), today)  # noqa: S311  # no secret
    tracker.put_weights_in_force()
    feed.introduce(known=6, unknown=0)
    _send(feed, batches=5)
    with cluster.killed():
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            assert not feed.send(), "nothing is answered as if it were kept"
    _send(feed, batches=5)
    feed.finish()
    settled(services.database("scoring"))
    found = prove(services.database("scoring"), feed)
    tracker.close()
    return found


def _send(feed: Feed, batches: int) -> None:
    enough = len(feed.receipts) + batches
    while len(feed.receipts) < enough:
        feed.step()
