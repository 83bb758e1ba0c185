"""kill -9 at boundaries of the journal, while batches come in and every score is computed anew."""

from collections.abc import Callable
from datetime import date
from random import Random
from signal import SIGKILL
from subprocess import TimeoutExpired

import httpx

from tests.drills.dying import DIES_AT
from tests.drills.feed import Feed
from tests.drills.proving import prove, settled
from tests.support.api import Outside
from tests.support.trackers import Deployed, Process

MOST_BOUNDARIES = 60
"""Each batch passes about six, and so does each run of the worker."""
SWEEP_EVERY = 4
"""After so many kills other weights come into force: every child's score is due."""
WHY = "A drill: the weights change while processes are killed."


def kill_at_boundaries(
    services: Deployed, points: int, seed: int, today: date, tell: Callable[[str], None]
) -> dict[str, int]:
    """Kill scoring at so many random boundaries, each time starting it again. Returns what `prove`
    counted; raises AssertionError where anything was lost, doubled or doesn't follow."""
    chosen = Random(seed)  # noqa: S311  # no secret: where it dies
    tracker = services.outside()
    weights = Sweeps(tracker)
    feed = Feed(tracker, chosen, today)
    feed.introduce(known=12, unknown=6)
    services.running[services.urls["scoring"]].kill()
    for point in range(points):
        dies_at = chosen.randint(1, MOST_BOUNDARIES)
        process = services.start(
            "scoring", under=("-m", "tests.drills.dying"), settings={DIES_AT: str(dies_at)}
        )
        sweeps = point % SWEEP_EVERY == SWEEP_EVERY - 1
        while process.popen.poll() is None:
            if sweeps:
                sweeps = not weights.change()
            if not feed.step():
                _await_a_moment(process)
        assert process.popen.returncode == -SIGKILL, process.log.read_text()[-2000:]
        tell(f"{point + 1} of {points}: died at boundary {dies_at}, {len(feed.sent)} sent")
    _finish(services, feed)
    found = prove(services.database("scoring"), feed)
    tracker.close()
    return found


def _await_a_moment(process: Process) -> None:
    """It is starting, or dying: wait for its end, but not for long."""
    try:
        process.popen.wait(0.05)
    except TimeoutExpired:
        return


def _finish(services: Deployed, feed: Feed) -> None:
    """Start it as it is meant to be, send what got no answer, and let it do its work."""
    process = services.start("scoring")
    process.await_ready(services.urls["scoring"])
    while feed.unanswered:
        feed.step()
    settled(services.database("scoring"))


class Sweeps:
    """Brings back one of two approved versions of the weights in turn, at once, as in an emergency:
    every score is due again."""

    def __init__(self, tracker: Outside) -> None:
        self.tracker, self.made = tracker, 0
        self.hashes = {each: tracker.put_weights_in_force(each) for each in ("1.0", "2.0")}

    def change(self) -> bool:
        """Returns whether other weights are in force now."""
        back = ("1.0", "2.0")[self.made % 2]
        path = f"/v1/models/seraf/versions/{back}"
        token = self.tracker.token("weights-approver")
        body = {
            "document_hash": self.hashes[back],
            "new_version": f"9.{self.made}",
            "reason": f"{WHY} The {self.made + 1}. time.",
        }
        try:
            answer = self.tracker.http.post(
                f"{path}/emergency-return", json=body, headers={"Authorization": f"Bearer {token}"}
            )
        except httpx.TransportError:
            return False
        if answer.status_code == 401:
            self.tracker.tokens.clear()
            return False
        # In force already: it was done before the process died, and nobody could say so.
        done = answer.status_code == 201 or answer.json().get("code") == "already_in_force"
        assert done or answer.status_code in {502, 503, 504}, answer.text
        self.made += done
        return done
