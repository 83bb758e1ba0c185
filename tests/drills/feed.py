"""A feed under fire: it sends batches, and whatever got no answer it sends again, as feeds do."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.drills.judging import Professionals
from tests.drills.trying import tried
from tests.journeys.test_main_job import a_referral
from tests.support.api import Outside, fresh_urn

Item = dict[str, Any]
Key = tuple[str, int]

CODES = ("missing_episode", "cars_of_unknown_adults", "out_late", "unexplained_money_or_goods")
BATCH = 8
WHY = "A drill: the records are merged and parted while processes are killed."


@dataclass
class Feed:
    """The police feed, and the council that makes children known meanwhile."""

    tracker: Outside
    chosen: Random
    today: date
    children: dict[str, str] = field(default_factory=dict)
    """Of the children that are known: number -> id."""
    unknown: list[str] = field(default_factory=list)
    """Numbers of children who aren't known yet."""
    sent: dict[Key, Item] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    """Children whose records were merged into another's, and not parted again."""
    ever_merged: set[str] = field(default_factory=set)
    """Children whose record was merged, or another into it, at some time."""
    unanswered: list[list[Item]] = field(default_factory=list)
    receipts: dict[str, list[Item]] = field(default_factory=dict)
    professionals: Professionals = field(init=False)

    def __post_init__(self) -> None:
        self.professionals = Professionals(self.tracker, self.chosen, self.today)

    @property
    def references(self) -> set[str]:
        """Of everything that was sent."""
        return {reference for reference, _ in self.sent}

    @property
    def alone(self) -> list[str]:
        """Children under the id of the record that answers for them."""
        return sorted(set(self.children.values()) - set(self.merged))

    def introduce(self, known: int, unknown: int) -> None:
        """Children that are known, and numbers of some that aren't."""
        for _ in range(known):
            self.make_known(fresh_urn())
        self.unknown += [fresh_urn() for _ in range(unknown)]

    def make_known(self, urn: str) -> None:
        """The council refers a child."""
        taken = self.tracker.call("council-case-system", "POST", "/v1/referrals", a_referral(urn))
        assert taken.status_code == 201, taken.text
        self.children[urn] = taken.json()["child_id"]

    def step(self) -> bool:
        """Now and then the council or a person speaks, then the feed sends. Returns whether the
        batch was answered. Professionals try each time: mostly a new score is due."""
        if self.unknown and self.chosen.random() < 0.1:
            self.make_known(self.unknown.pop())
        if self.chosen.random() < 0.1:
            self._merge_or_part()
        self.professionals.speak(self.alone)
        return self.send()

    def finish(self) -> None:
        """Whatever got no answer is said again until it has one."""
        while self.unanswered:
            self.send()
        while self.professionals.waiting:
            self.professionals.speak(self.alone)

    def talk(self, words: int) -> None:
        """Once no score is due: professionals get so many words in, and an answer to each."""
        for _ in range(words):
            while not self.professionals.speak(self.alone):
                pass

    def send(self) -> bool:
        """Send a batch: one without an answer before a new one. Returns whether it was answered."""
        if not self.unanswered:
            self.unanswered.append([self.statement() for _ in range(BATCH)])
        batch = self.unanswered[0]
        answer = tried(self.tracker, "police-feed", "POST", "/v1/indicator-updates", batch)
        if answer is None:
            return False
        assert answer.status_code == 200, answer.text
        receipt = answer.json()
        assert {each["result"] for each in receipt["items"]} <= {
            "recorded",
            "held",
            "duplicate",
            "superseded",
        }, receipt
        self.receipts[receipt["receipt_id"]] = receipt["items"]
        del self.unanswered[0]
        return True

    def _merge_or_part(self) -> None:
        """A person merges two records, or parts what was merged."""
        alone = self.alone
        if self.merged and (len(alone) < 2 or self.chosen.random() < 0.5):
            self._say(self.merged.pop(), "unmerge", {})
            return
        child, survivor = self.chosen.sample(alone, 2)
        self._say(child, "merge", {"survivor_id": survivor})
        self.merged.append(child)
        self.ever_merged |= {child, survivor}

    def _say(self, child: str, command: str, body: dict[str, str]) -> None:
        path = f"/v1/children/{child}/{command}"
        answer = self.tracker.call("social-worker", "POST", path, {**body, "reason": WHY})
        assert answer.status_code == 201, answer.text

    def statement(self) -> Item:
        """A new statement, or a higher revision of one that was sent."""
        chosen = self.chosen
        if self.sent and chosen.random() < 0.3:
            ref, revision = chosen.choice(list(self.sent))
            latest = max(r for other, r in self.sent if other == ref)
            item = {**self.sent[ref, revision], "revision": latest + 1, "answer": "no"}
        else:
            urn = chosen.choice([*self.children, *self.unknown])
            item = {
                "source_ref": f"{urn}-{len(self.sent)}",
                "revision": 1,
                "child": {"identifiers": [{"type": "police_urn", "value": urn}]},
                "code": chosen.choice(CODES),
                "answer": "yes",
                "observed_on": (self.today - timedelta(days=chosen.randrange(400))).isoformat(),
            }
        self.sent[item["source_ref"], item["revision"]] = item
        return item
