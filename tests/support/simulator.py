"""A feed as it really is: late, twice, out of order, corrected, withdrawn, silent, and about
children who become known by one number after another, or under two records that turn out to be one.

One story, told in many orders at once: every order has a child and references of its own, and what
each order sends next goes out in one request, and what referrals says of its children is taken as
one page, so that hundreds of orders cost a few requests.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID, uuid4

from shared.contracts.events import ChildChanged
from tests.support.scoring import ScoringUnderTest, child_changed, update

URN, COUNCIL = "police_urn", "council_id"
LATE = "out_late"
Item = dict[str, Any]
Number = tuple[str, str]
"""A kind of number, and the number."""


class Told:
    """One order of the story: whose it is, and what has become known of the child so far."""

    def __init__(self, number: int) -> None:
        self.number, self.child_id, self.second_id = number, uuid4(), uuid4()
        self.urn, self.council = f"SIM/{number}", f"SIM-{number}"
        self.other_id, self.other = uuid4(), f"SIM-{number}-other"
        self.other_known = False
        self.known: list[Number] = []
        self.said: dict[UUID, ChildChanged] = {}
        self.second_known = self.one_child = False

    def police(self, ref: str, revision: int = 1, **changes: Any) -> Item:
        """A statement of the police about the child's police number."""
        return self._about(URN, self.urn, ref, revision=revision, **changes)

    def council_says(self, ref: str, **changes: Any) -> Item:
        """A statement about the child's number in the council's system."""
        return self._about(COUNCIL, self.council, ref, **changes)

    def school_says(self, ref: str, revision: int = 1, **changes: Any) -> Item:
        """A statement about the number of the second record."""
        return self._about(COUNCIL, f"{self.council}-2", ref, revision=revision, **changes)

    def mixes_up(self, ref: str, **changes: Any) -> Item:
        """A statement under the number of the child, and one of somebody else."""
        return self._under(((URN, self.urn), (COUNCIL, self.other)), ref, **changes)

    def names_both(self, ref: str, **changes: Any) -> Item:
        """A statement under a number of each of the child's records."""
        return self._under(((URN, self.urn), (COUNCIL, f"{self.council}-2")), ref, **changes)

    def _about(self, kind: str, value: str, ref: str, **changes: Any) -> Item:
        return self._under(((kind, value),), ref, **changes)

    def _under(self, numbers: Sequence[Number], ref: str, **changes: Any) -> Item:
        whom = {"identifiers": [{"type": kind, "value": value} for kind, value in numbers]}
        return update(f"{ref}.{self.number}", whom, **changes)

    def number_known(self, kind: str, value: str) -> None:
        """The child becomes known by a number."""
        self.known.append((kind, value))

    def second_record(self) -> None:
        """Somebody makes a second record of the child."""
        self.second_known = True

    def somebody_else(self) -> None:
        """Another child becomes known."""
        self.other_known = True

    def merged(self) -> None:
        """It is said that both are one child: as soon as there are both."""
        self.one_child = True

    def news(self) -> Iterator[ChildChanged]:
        """What referrals says of those of the child's records that have changed."""
        if self.known:
            yield from self._news(self.child_id, self.known)
        if self.other_known:
            yield from self._news(self.other_id, [(COUNCIL, self.other)])
        if self.second_known:
            survivor = self.child_id if self.one_child and self.known else None
            number = (COUNCIL, f"{self.council}-2")
            yield from self._news(self.second_id, [number], survivor_id=survivor)

    def _news(self, record: UUID, numbers: list[Number], **facts: Any) -> Iterator[ChildChanged]:
        now = child_changed(numbers, record, **facts)
        if self.said.get(record) != now:
            self.said[record] = now
            yield now


Step = Callable[[Told], Item | None]
"""An update, or nothing where something becomes known of the child's records."""

STORY: dict[str, Step] = {
    "becomes known to the police": lambda told: told.number_known(URN, told.urn),
    "becomes known to the council": lambda told: told.number_known(COUNCIL, told.council),
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
    "a second record": Told.second_record,
    "out late, by the second record": lambda told: told.school_says("s", code=LATE),
    "out late, dated again by the first": lambda told: told.police(
        "s", 2, code=LATE, observed_on="2026-04-02"
    ),
    "both are one child": Told.merged,
    "somebody else becomes known": Told.somebody_else,
    "out late, of two children at once": lambda told: told.mixes_up("x", code=LATE),
    "money, of both records": lambda told: told.names_both("b", code="unexplained_money_or_goods"),
}


def tell(scoring: ScoringUnderTest, orders: Sequence[Sequence[str]]) -> list[UUID]:
    """Tell the story in all these orders. Returns the child of each, in the same order."""
    stories = [Told(number) for number in range(len(orders))]
    for place in range(len(STORY)):
        items: list[Item] = []
        news: list[ChildChanged] = []
        for told, order in zip(stories, orders, strict=True):
            item = STORY[order[place]](told)
            if item is None:
                news += told.news()
            else:
                items.append(item)
        scoring.children(news)
        if items:
            answer = scoring.police().post("/v1/indicator-updates", json=items)
            assert answer.status_code == 200, answer.text
            results = {item["result"] for item in answer.json()["items"]}
            assert results <= {"recorded", "held", "duplicate", "superseded"}, results
        scoring.clock.forward(minutes=1)
    return [told.child_id for told in stories]
