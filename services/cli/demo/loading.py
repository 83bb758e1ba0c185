"""Loading the demonstration data, each request under a key of its own: loading again changes
nothing, and goes on where a load before was cut off."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from rich.console import Console

from services.cli.demo import awkward, population, reported_year
from services.cli.demo.consumers import Consumers
from services.cli.demo.histories import Update, updates
from services.cli.demo.progress import shown
from services.cli.demo.stories import Story

EDITION = "demo-2"
"""In every key. Data that is changed needs another one: under its key a tracker takes one body."""

BATCH = 1_000
"""As many updates as the API takes in one request."""

PATIENCE, PAUSE_SECONDS = 600, 0.1

Step = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of it: a child with a score to look at, and whether all of it was there before."""

    child_id: str
    before: bool


class DemoError(Exception):
    """The tracker didn't take the data as it is meant; the message says what and why."""


def load(consumers: Consumers, console: Console, stories: Sequence[Story] = ()) -> Loaded:
    """Load what is missing, showing progress on the console. Returns once a score can be read.

    `stories`: other referrals than all those of the demonstration.

    Raises:
        CredentialsError: the file of demo credentials can't be used.
        RefusedError, DemoError: the tracker refused a request or a part of it.
        UnreachableError: it gave no answer.
    """
    _approve(consumers)
    before = _is_loaded(consumers)
    if not before:
        _load_all(consumers, console, stories or all_stories())
    (story,) = (each for each in awkward.stories() if each.key == awkward.SHOWN)
    referred = _refer(consumers, story)
    child_id: str = referred.json()["child_id"]
    # Answers once scoring has taken the child in.
    consumers.call(
        "social-worker",
        "GET",
        f"/v1/children/{child_id}/score",
        Amber_Min_Position=referred.headers["Amber-Position"],
    )
    return Loaded(child_id, before)


def all_stories() -> list[Story]:
    """Every referral of the demonstration."""
    return [*reported_year.stories(), *population.stories(), *awkward.stories()]


def _load_all(consumers: Consumers, console: Console, stories: Sequence[Story]) -> None:
    batches = list(_batches(updates(stories)))
    total = sum(1 + len(story.moves) for story in stories) + len(batches) + 1
    with shown(console, "demonstration data", total) as step:
        for story in stories:
            _tell(consumers, story, step)
        for sender, key, items in batches:
            _push(consumers, sender, key, items)
            step()
        # Last of all: where this stands, everything else does.
        consumers.call(
            "analyst",
            "POST",
            "/v1/reports/published-figures",
            reported_year.PUBLISHED_FIGURE,
            Idempotency_Key=f"{EDITION}-figure",
        )
        step()


def _is_loaded(consumers: Consumers) -> bool:
    report = consumers.call("analyst", "GET", "/v1/reports/scrutiny?period=2020-21&type=cse").json()
    published = report["year_before"]["published"]
    return published is not None and published["source"] == reported_year.PUBLISHED_FIGURE["source"]


def _approve(consumers: Consumers) -> None:
    path = "/v1/models/seraf/versions/1.0"
    version = consumers.call("weights-author", "GET", path).json()
    if version["state"] == "approved":
        return
    consumers.call(
        "weights-author",
        "POST",
        f"{path}/proposal",
        {"reason": "The published form, to show how Amber works."},
        Idempotency_Key="demo-proposal-1",
    )
    assessment = _assessed(consumers, path)
    consumers.call(
        "weights-approver",
        "POST",
        f"{path}/approval",
        {
            "document_hash": assessment["document_hash"],
            "assessment_id": assessment["assessment_id"],
            "engine_version": assessment["engine_version"],
            "reason": "Read against the published form; every published case agrees.",
            "imported_in_force_from": "2020-08-01",
        },
        Idempotency_Key="demo-approval-1",
    )


def _assessed(consumers: Consumers, path: str) -> dict[str, Any]:
    """Whoever approves has read who would move: nobody yet."""
    place = f"{path}/assessments"
    begun = consumers.call("weights-author", "POST", place, {}, Idempotency_Key="demo-assessment-1")
    for _ in range(PATIENCE):
        found: dict[str, Any] = consumers.call(
            "weights-author", "GET", f"{place}/{begun.json()['assessment_id']}"
        ).json()
        if found["status"] == "completed":
            return found
        time.sleep(PAUSE_SECONDS)
    raise DemoError("The weights wait to be assessed; is scoring at work?")


def _refer(consumers: Consumers, story: Story) -> httpx.Response:
    return consumers.call(
        "council-case-system",
        "POST",
        "/v1/referrals",
        story.referral,
        Idempotency_Key=f"{EDITION}-referral-{story.key}",
    )


def _tell(consumers: Consumers, story: Story, step: Step) -> None:
    referred = _refer(consumers, story)
    place, read = referred.headers["Location"], referred.headers["ETag"]
    step()
    for number, move in enumerate(story.moves):
        moved = consumers.call(
            "social-worker",
            "POST",
            f"{place}/transitions",
            move,
            Idempotency_Key=f"{EDITION}-move-{story.key}-{number}",
            If_Match=read,
        )
        read = moved.headers["ETag"]
        step()


def _batches(
    by_sender: Mapping[str, Sequence[Update]],
) -> Iterator[tuple[str, str, Sequence[Update]]]:
    for sender, items in by_sender.items():
        for number, first in enumerate(range(0, len(items), BATCH)):
            yield sender, f"{EDITION}-updates-{number}", items[first : first + BATCH]


def _push(consumers: Consumers, sender: str, key: str, items: Sequence[Update]) -> None:
    answer = consumers.call(sender, "POST", "/v1/indicator-updates", items, Idempotency_Key=key)
    for item in answer.json()["items"]:
        if item["result"] not in {"recorded", "held"}:
            raise DemoError(f"{sender}, item {item['index']}: {item['result']} {item['errors']}")
