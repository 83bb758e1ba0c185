"""kill -9 at boundaries of the journal, while batches come in and every score is computed anew."""

from collections.abc import Callable
from datetime import date
from random import Random
from signal import SIGKILL
from subprocess import TimeoutExpired
from uuid import uuid4

from services.scoring.service.weights import SHIPPED
from tests.drills.dying import DIES_AT
from tests.drills.feed import Feed
from tests.drills.proving import prove, settled
from tests.drills.trying import tried
from tests.support.api import Outside
from tests.support.trackers import Deployed, Process

MOST_BOUNDARIES = 60
"""Each batch passes about six, and so does each run of the worker."""
SWEEP_EVERY = 4
"""After so many kills other weights come into force: every child's score is due."""
SPEAK_EVERY = 2
"""Each so many lives of the process are the professionals', but for a batch now and then: while
batches come in a new score is mostly due, and nobody judges."""
WORDS = 12
"""Of professionals, once it is quiet."""
FLOOR = """
floors:
  - id: money_or_cars
    band: category_4
    reason: Unexplained money, or cars of unknown adults, in the drill {name}
    when: {{any_of: [unexplained_money_or_goods, cars_of_unknown_adults]}}
"""
WHY = "A drill: the weights change while processes are killed."


def kill_at_boundaries(
    services: Deployed, points: int, seed: int, today: date, tell: Callable[[str], None]
) -> dict[str, int]:
    """Kill scoring at so many random boundaries, each time starting it again. Returns what `prove`
    counted; raises AssertionError where anything was lost, doubled or doesn't follow."""
    chosen = Random(seed)  # noqa: S311  # no secret: where it dies
    tracker = services.outside()
    weights = Sweeps(tracker, today)
    feed = Feed(tracker, chosen, today)
    feed.introduce(known=12, unknown=6)
    services.running[services.urls["scoring"]].kill()
    for point in range(points):
        dies_at = chosen.randint(1, MOST_BOUNDARIES)
        process = services.start(
            "scoring", under=("-m", "tests.drills.dying"), settings={DIES_AT: str(dies_at)}
        )
        sweeps = point % SWEEP_EVERY == SWEEP_EVERY - 1
        theirs = point % SPEAK_EVERY == SPEAK_EVERY - 1
        while process.popen.poll() is None:
            if sweeps:
                sweeps = not weights.change()
            speaks = theirs and chosen.random() < 0.9
            answered = feed.professionals.speak(feed.alone) if speaks else feed.step()
            if not answered:
                _await_a_moment(process)
        assert process.popen.returncode == -SIGKILL, process.log.read_text()[-2000:]
        tell(f"{point + 1} of {points}: died at boundary {dies_at}, {len(feed.sent)} sent")
    _finish(services, feed, weights)
    found = prove(services.database("scoring"), feed)
    tracker.close()
    return found


def _await_a_moment(process: Process) -> None:
    """It is starting, or dying: wait for its end, but not for long."""
    try:
        process.popen.wait(0.05)
    except TimeoutExpired:
        return


def _finish(services: Deployed, feed: Feed, weights: "Sweeps") -> None:
    """Start it as it is meant to be, send what got no answer, and let it do its work."""
    process = services.start("scoring")
    process.await_ready(services.urls["scoring"])
    while not weights.floored:  # so that some of the last words take a second person
        weights.change()
    feed.finish()
    settled(services)
    feed.talk(WORDS)


class Sweeps:
    """Brings back one of two approved versions of the weights in turn, at once, as in an emergency:
    every score is due again. One of them has a floor, below which no single person judges."""

    def __init__(self, tracker: Outside, today: date) -> None:
        self.tracker, self.made = tracker, 0
        plain = tracker.put_weights_in_force("1.0")
        self.contents = (("1.0", plain), _put_floored_in_force(tracker, today))

    @property
    def floored(self) -> bool:
        """Whether the version with a floor is in force."""
        return self.made % 2 == 0

    def change(self) -> bool:
        """Returns whether other weights are in force now."""
        back, document_hash = self.contents[self.made % 2]
        path = f"/v1/models/seraf/versions/{back}"
        body = {
            "document_hash": document_hash,
            "new_version": f"9.{self.made}",
            "reason": f"{WHY} The {self.made + 1}. time.",
        }
        answer = tried(self.tracker, "weights-approver", "POST", f"{path}/emergency-return", body)
        if answer is None:
            return False
        # In force already: it was done before the process died, and nobody could say so.
        done = answer.status_code == 201 or answer.json()["code"] == "already_in_force"
        assert done, answer.text
        self.made += 1
        return True


def _put_floored_in_force(tracker: Outside, today: date) -> tuple[str, str]:
    """SERAF 2.0 with a floor, approved by two people. Returns its name and its hash."""
    name = f"floored-{uuid4().hex[:6]}"
    text = (SHIPPED / "seraf" / "2.0.yaml").read_text(encoding="utf-8")
    document = text.replace("effective_from: 2026-12-01", f"effective_from: {today}").replace(
        "\ngolden:", FLOOR.format(name=name) + "\ngolden:"
    )
    draft, place = (f"/v1/models/seraf/{part}/{name}" for part in ("drafts", "versions"))
    said = {"reason": WHY}
    written = tracker.call("weights-author", "PUT", draft, {"document": document})
    problems = written.json()["problems"]
    assert problems == [], problems
    submitted = tracker.call("weights-author", "POST", f"{draft}/submission", said)
    assert submitted.status_code == 201, submitted.text
    approval = {**tracker.assessed("seraf", name), **said}
    approved = tracker.call("weights-approver", "POST", f"{place}/approval", approval)
    assert approved.status_code == 201, approved.text
    document_hash: str = approval["document_hash"]
    return name, document_hash
