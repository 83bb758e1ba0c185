"""Professionals under fire: they judge, confirm and withdraw, and say again what got no answer."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from tests.drills.trying import tried
from tests.support.api import Outside

Item = dict[str, Any]

AUTHOR, SECOND = "social-worker", "mace-chair"
BANDS = ("category_1", "category_2", "category_3", "category_4")
WHY = "A drill: a professional speaks while processes are killed."
REFUSALS = {
    "no_score_yet",
    "other_score",
    "child_merged",
    "nothing_to_confirm",
    "judgement_ended",
}
"""The score or the record is another one by now, or an answer was lost with its record's merge."""


@dataclass(frozen=True)
class Word:
    """What a professional says, under a key and with a reason of its own."""

    who: str
    path: str
    body: Item
    key: str


@dataclass
class Professionals:
    """Two of them, and what they were answered."""

    tracker: Outside
    chosen: Random
    today: date
    waiting: Word | None = None
    """It got no answer: it is said again, under the same key, before anything else."""
    made: dict[str, Item] = field(default_factory=dict)
    """Judgements by id as they were last answered, in the order in which they were made."""

    def speak(self, children: Collection[str]) -> bool:
        """Judge one of these children's latest score; or confirm or withdraw what was said. Returns
        whether there was an answer."""
        if self.waiting is None:
            self.waiting = self._word(sorted(children))
        return self.waiting is not None and self._say(self.waiting)

    def stands_for(self, child: str) -> str | None:
        """The judgement in force for a child whose records were always one."""
        counting = None
        began = [each for each in self.made.values() if each["child_id"] == child]
        for each in sorted(began, key=_began):
            steps = steps_of(each)
            if "confirmed" in steps or not each["needs_second_person"]:
                counting = None if "withdrawn" in steps else each["id"]
        return counting

    def _word(self, children: list[str]) -> Word | None:
        open_now = [
            each
            for each in self.made.values()
            if each["child_id"] in children and "withdrawn" not in steps_of(each)
        ]
        if open_now and self.chosen.random() < 0.5:
            about = self.chosen.choice([one for one in open_now if _awaits_second(one)] or open_now)
            place = f"/v1/children/{about['child_id']}/judgements/{about['id']}"
            if _awaits_second(about) and self.chosen.random() < 0.8:
                return self._of(SECOND, f"{place}/confirmation")
            return self._of(AUTHOR, f"{place}/withdrawal")
        score = self._score_to_judge(children)
        if score is None:
            return None  # dead, or there is nothing yet to judge beside
        return self._of(
            AUTHOR,
            f"/v1/children/{score['child_id']}/judgements",
            score_id=score["score_id"],
            band=self.chosen.choice(BANDS),
            reason_code="other_information",
            until=(self.today + timedelta(days=30)).isoformat(),
        )

    def _score_to_judge(self, children: list[str]) -> Item | None:
        """That of a child with a floor rather than another's: to go below it takes two people."""
        asked = [
            tried(self.tracker, AUTHOR, "GET", f"/v1/children/{child}/score")
            for child in self.chosen.sample(children, min(3, len(children)))
        ]
        found = [each.json() for each in asked if each is not None and each.status_code == 200]
        stored = [each for each in found if each["score_id"] is not None]
        return max(stored, key=lambda each: len(each["floors"]), default=None)

    def _of(self, who: str, path: str, **body: str) -> Word:
        key = uuid4().hex
        return Word(who, path, {**body, "reason": f"{WHY} {key}"}, key)

    def _say(self, word: Word) -> bool:
        answer = tried(
            self.tracker, word.who, "POST", word.path, word.body, Idempotency_Key=word.key
        )
        if answer is None:
            return False
        self.waiting = None
        if answer.status_code == 201:
            self.made[answer.json()["id"]] = answer.json()
        else:
            assert answer.json()["code"] in REFUSALS, answer.text
        return True


def steps_of(judgement: Item) -> dict[str, Item]:
    """What followed, by its name."""
    return {each["step"]: each for each in judgement["steps"]}


def _awaits_second(judgement: Item) -> bool:
    return judgement["needs_second_person"] and "confirmed" not in steps_of(judgement)


def _began(judgement: Item) -> str:
    """When it began to count, or would have."""
    at: str = steps_of(judgement).get("confirmed", judgement)["at"]
    return at
