"""Part of `make proof`: the database's container hangs, then is killed, under traffic.

What was acknowledged is stored once; what wasn't was answered in time with 503 and Retry-After and
sent again; the chains are whole.
"""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.journeys.test_main_job import a_referral, an_update, days_ago
from tests.support.api import Outside, await_it, fresh_urn
from tests.support.compose import SERVICES, compose, rows

WITHIN_SECONDS = 3.0
FEEDS = 4
BEFORE, AFTER = 25, 25
"""Acknowledged updates of each feed before the kill and after the recovery, at least."""
GIVE_UP_SECONDS = 90.0


@dataclass
class Feed:
    """One sender about one child: the next update goes out when the last is acknowledged."""

    url: str
    authorization: str
    urn: str
    child_id: str
    acknowledged: list[str] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    """How long each 503 took to come."""
    odd: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Push until told to stop; whatever happens is written down, nothing is raised."""
        with httpx.Client(base_url=self.url, timeout=30) as http:
            number = 0
            while not self.stop.is_set():
                self._push(http, number := number + 1)

    def _push(self, http: httpx.Client, number: int) -> None:
        body = an_update(self.urn, str(number), "missing_episode", days_ago(number % 150))
        headers = {"Authorization": self.authorization, "Idempotency-Key": uuid4().hex}
        until = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < until:
            began = time.monotonic()
            answer = http.post("/v1/indicator-updates", json=body, headers=headers)
            took = time.monotonic() - began
            if answer.status_code == 200:
                self.acknowledged.append(body["source_ref"])
                if (result := answer.json()["items"][0]["result"]) != "recorded":
                    self.odd.append(result)
                return
            if answer.status_code != 503 or "retry-after" not in answer.headers:
                self.odd.append(f"{answer.status_code} {answer.text}")
                return
            self.refused.append(took)
            time.sleep(int(answer.headers["retry-after"]))
        self.odd.append("never acknowledged")


@dataclass
class Reader:
    """Asks for a score again and again."""

    url: str
    authorization: str
    child_id: str
    answers: list[tuple[int, bool, float]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Read until told to stop."""
        headers = {"Authorization": self.authorization}
        with httpx.Client(base_url=self.url, timeout=30) as http:
            while not self.stop.wait(0.05):
                began = time.monotonic()
                answer = http.get(f"/v1/children/{self.child_id}/score", headers=headers)
                took = time.monotonic() - began
                self.answers.append((answer.status_code, "retry-after" in answer.headers, took))

    def refused(self) -> list[float]:
        return [took for status, _, took in self.answers if status == 503]


FAULTS = {"hangs": ("pause", "unpause"), "is killed": ("kill", "start")}
"""What docker-compose does to the container, and how it takes that back."""


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_acknowledged_is_lost_and_nothing_doubled(tracker: Outside, fault: str) -> None:
    strike, mend = FAULTS[fault]
    feeds = [a_feed(tracker) for _ in range(FEEDS)]
    reader = Reader(tracker.url, f"Bearer {tracker.token('social-worker')}", feeds[0].child_id)
    callers: list[Feed | Reader] = [*feeds, reader]
    threads = [threading.Thread(target=each.run) for each in callers]
    for thread in threads:
        thread.start()
    try:
        await_more(feeds, BEFORE)
        compose(strike, "database")
        await_it(lambda: all(len(feed.refused) >= 2 for feed in feeds) or None, "writes refused")
        await_it(lambda: len(reader.refused()) >= 2 or None, "reads refused")
        compose(mend, "database")
        started = time.monotonic()
        await_more(feeds, 1)
        recovered = time.monotonic() - started
        await_more(feeds, AFTER)
    finally:
        for each in callers:
            each.stop.set()
        for thread in threads:
            thread.join(GIVE_UP_SECONDS)

    assert [odd for feed in feeds for odd in feed.odd] == []
    assert {status for status, _, _ in reader.answers} == {200, 503}
    assert all(retry_after for status, retry_after, _ in reader.answers if status == 503)
    writes, reads = [took for feed in feeds for took in feed.refused], reader.refused()
    slowest = max(writes + reads)
    assert slowest < WITHIN_SECONDS
    for feed in feeds:
        check_stored(tracker, feed)
    check_chains()
    acknowledged = sum(len(feed.acknowledged) for feed in feeds)
    say(
        f"the database {fault}: {acknowledged} updates acknowledged, all stored once;"
        f" {len(writes)} writes and {len(reads)} reads answered 503, the slowest after"
        f" {slowest:.1f} s; writing again {recovered:.1f} s after it was back; {verify_scores()}"
    )


def a_feed(tracker: Outside) -> Feed:
    """A child whom scoring knows, and a feed about it."""
    urn = fresh_urn()
    referred = tracker.call("council-case-system", "POST", "/v1/referrals", a_referral(urn))
    child, position = referred.json()["child_id"], referred.headers["Amber-Position"]
    tracker.get("social-worker", f"/v1/children/{child}/score", Amber_Min_Position=position)
    return Feed(tracker.url, f"Bearer {tracker.token('police-feed')}", urn, child)


def await_more(feeds: Sequence[Feed], more: int) -> None:
    """Wait until each feed has so many more acknowledged."""
    wanted = [(feed, len(feed.acknowledged) + more) for feed in feeds]

    def reached() -> bool | None:
        assert not any(feed.odd for feed in feeds), [feed.odd for feed in feeds]
        return all(len(feed.acknowledged) >= number for feed, number in wanted) or None

    await_it(reached, f"{more} more updates of each feed to be acknowledged")


def check_stored(tracker: Outside, feed: Feed) -> None:
    """Each acknowledged update is stored exactly once; the stored score is the computed one."""
    asked = f"SELECT source_ref FROM observation WHERE child_id = '{feed.child_id}'"  # noqa: S608  # an id of ours
    found = rows("scoring", asked)
    stored = Counter(ref for (ref,) in found)
    assert stored == Counter(feed.acknowledged)

    def settled() -> Any:
        score = tracker.get("social-worker", f"/v1/children/{feed.child_id}/score")
        return score if score["score_id"] else None

    score = await_it(settled, "the score to be stored")
    kept = tracker.get("social-worker", f"/v1/children/{feed.child_id}/scores")["items"]
    assert (kept[0]["score_id"], kept[0]["total"]) == (score["score_id"], score["total"])


def check_chains() -> None:
    """The journals of all three services, and the gateway's ledger, from end to end."""
    program = Path(__file__).with_name("chains.py").read_text()
    for service in SERVICES:
        walk = ["sh", "-c", f'python - {service} "$AMBER_DATABASE_URL"']
        assert compose("exec", "-T", service, *walk, given=program) == "walked\n"


def verify_scores() -> str:
    """Every stored score follows from its inputs. Returns what the command says."""
    said = compose("exec", "-T", "scoring", "amber", "scores", "verify").strip()
    assert said.endswith(" 0 do not follow from their inputs")
    return said


def say(text: str) -> None:
    """Into the log of the proof."""
    print(f"\n{text}")  # noqa: T201  # run with -s: what it found is what is wanted
