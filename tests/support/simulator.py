"""A feed as it really is: late, twice, out of order, corrected, withdrawn, silent, and about
children who become known by one number after another.

One story, told in many orders at once: every order has a child and references of its own, and what
each order sends next goes out in one request, so that hundreds of orders cost a few requests.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

from tests.support.scoring import ScoringUnderTest, update

URN, COUNCIL = "police_urn", "council_id"
Item = dict[str, Any]


class Told:
    """One order of the story: whose it is, and what has become known of the child so far."""

    def __init__(self, number: int) -> None:
        self.number, self.child_id = number, uuid4()
        self.urn, self.council = f"SIM/{number}", f"SIM-{number}"
        self.known: list[tuple[str, str]] = []

    def police(self, ref: str, revision: int = 1, **changes: Any) -> Item:
        """A statement of the police about the child's police number."""
        whom = {"identifiers": [{"type": URN, "value": self.urn}]}
        return update(f"{ref}.{self.number}", whom, revision=revision, **changes)

    def council_says(self, ref: str, **changes: Any) -> Item:
        """A statement about the child's number in the council's system."""
        whom = {"identifiers": [{"type": COUNCIL, "value": self.council}]}
        return update(f"{ref}.{self.number}", whom, **changes)


Step = Callable[[Told], Item | tuple[str, str]]
"""An update, or a number by which the child becomes known."""

STORY: dict[str, Step] = {
    "becomes known to the police": lambda told: (URN, told.urn),
    "becomes known to the council": lambda told: (COUNCIL, told.council),
    "missing": lambda told: told.police("m", incident_ref=f"police:{told.number}"),
    "missing, sent again": lambda told: told.police("m", incident_ref=f"police:{told.number}"),
    "missing, corrected": lambda told: told.police(
        "m", 2, observed_on="2025-10-02", incident_ref=f"police:{told.number}"
    ),
    "missing, as the council knew it": lambda told: told.council_says(
        "c", observed_on="2025-10-02", incident_ref=f"police:{told.number}"
    ),
    "money": lambda told: told.police("g", code="unexplained_money_or_goods"),
    "money, withdrawn": lambda told: told.police(
        "g", 2, code="unexplained_money_or_goods", retracted=True
    ),
    "cars, asked and not known": lambda told: told.police(
        "k", code="cars_of_unknown_adults", answer="not_known"
    ),
}


def tell(scoring: ScoringUnderTest, orders: Sequence[Sequence[str]]) -> list[UUID]:
    """Tell the story in all these orders. Returns the child of each, in the same order."""
    stories = [Told(number) for number in range(len(orders))]
    for place in range(len(STORY)):
        items = []
        for told, order in zip(stories, orders, strict=True):
            step = STORY[order[place]](told)
            if isinstance(step, tuple):
                told.known.append(step)
                scoring.child(*told.known, child_id=told.child_id)
            else:
                items.append(step)
        if items:
            answer = scoring.police().post("/v1/indicator-updates", json=items)
            assert answer.status_code == 200, answer.text
            results = {item["result"] for item in answer.json()["items"]}
            assert results <= {"recorded", "held", "duplicate", "superseded"}, results
        scoring.clock.forward(minutes=1)
    return [told.child_id for told in stories]
