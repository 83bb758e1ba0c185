"""The services' database is gone for a while, and comes back: batches, and what professionals say,
go on where they were."""

import time
from datetime import date
from random import Random

from tests.drills.feed import Feed
from tests.drills.judging import AUTHOR, SECOND
from tests.drills.proving import prove, settled
from tests.support.postgresql import PostgreSQL
from tests.support.trackers import Deployed

WORDS = 6
"""Of professionals, before and after."""


def gone_for(
    services: Deployed, cluster: PostgreSQL, seconds: float, seed: int, today: date
) -> dict[str, int]:
    """Send and judge before, during and after. Returns what `prove` counted."""
    tracker = services.outside()
    feed = Feed(tracker, Random(seed), today)  # noqa: S311  # no secret
    tracker.put_weights_in_force()
    feed.introduce(known=6, unknown=0)
    _send(feed, batches=5)
    settled(services)
    feed.talk(WORDS)
    for client_id in ("police-feed", AUTHOR, SECOND):
        tracker.token(client_id)  # nobody is let in meanwhile
    with cluster.killed():
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            answered = feed.professionals.speak(feed.alone) or feed.send()
            assert not answered, "nothing is answered as if it were kept"
    _send(feed, batches=5)
    feed.finish()
    settled(services)
    feed.talk(WORDS)
    found = prove(services.database("scoring"), feed)
    tracker.close()
    return found


def _send(feed: Feed, batches: int) -> None:
    enough = len(feed.receipts) + batches
    while len(feed.receipts) < enough:
        feed.step()
