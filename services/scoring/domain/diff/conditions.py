"""Conditions: what two of them mean, whatever the order of their parts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from services.scoring.domain.diff.shapes import MISSING, Difference, Place, Several
from services.scoring.domain.wording import condition

Json = Any
SIGNS = Several()


@dataclass(frozen=True, slots=True)
class When:
    """A condition, told whole; but where only its one list of indicators differs, by that.

    `absent` is what it means that there is none.
    """

    write: Callable[[Json], str] = condition
    absent: str = "none"

    def compare(self, place: Place, before: Json, after: Json) -> Iterator[Difference]:
        if MISSING not in (before, after):
            if meaning(before) == meaning(after):
                return
            lists = [list(lists_in(side)) for side in (before, after)]
            alone = all(len(each) == 1 for each in lists)
            if alone and meaning(before, names=False) == meaning(after, names=False):
                [old], [new] = lists
                yield from SIGNS.compare(place.at("any_of", "any of"), old, new)
                return
        yield place.differs(before, after, f"{self.written(before)} → {self.written(after)}")

    def written(self, value: Json) -> str:
        return self.absent if value is MISSING else self.write(value)


def meaning(value: Json, *, names: bool = True) -> Json:
    """Alike for conditions that hold alike; without `names`, whichever indicators they name."""
    if "any_of" in value:
        named = frozenset(value["any_of"]) if names else None
        return "any_of", named, value.get("within")
    for how in ("all", "any"):
        if how in value:
            parts = frozenset(meaning(part, names=names) for part in value[how])
            return next(iter(parts)) if len(parts) == 1 else (how, parts)
    return frozenset(value.items())


def lists_in(value: Json) -> Iterator[list[str]]:
    if "any_of" in value:
        yield value["any_of"]
    for part in (*value.get("all", ()), *value.get("any", ())):
        yield from lists_in(part)
