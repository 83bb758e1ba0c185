"""Kinds of places in two documents: how each is compared, and how what differs is said."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from services.scoring.domain.problems import Path
from services.scoring.domain.sentences import amount, name
from services.scoring.domain.wording import listed

Json = Any
MISSING: Final = object()
"""What is not there; null is a value."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: what stands in the documents, None for what is not there, and the
    same in a manager's words."""

    path: Path
    before: Json
    after: Json
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place in both documents, and what it is called."""

    path: Path = ()
    words: tuple[str, ...] = ()

    def at(self, key: str, word: str) -> "Place":
        return Place((*self.path, key), (*self.words, word))

    def differs(self, before: Json, after: Json, said: str) -> Difference:
        old, new = (None if value is MISSING else value for value in (before, after))
        return Difference(self.path, old, new, f"{', '.join(self.words)}: {said}")


class Shape(Protocol):
    """A kind of place. Only what differs is compared; what reads alike is no difference."""

    def compare(self, place: Place, before: Json, after: Json) -> Iterator[Difference]: ...

    def written(self, value: Json) -> str: ...


@dataclass(frozen=True, slots=True)
class Value:
    """Told whole; `absent` is what it means that it is left out."""

    write: Callable[[Json], str] = str
    absent: str = "none"

    def compare(self, place: Place, before: Json, after: Json) -> Iterator[Difference]:
        old, new = self.written(before), self.written(after)
        if old != new:
            yield place.differs(before, after, f"{old} → {new}")

    def written(self, value: Json) -> str:
        return self.absent if value is MISSING else self.write(value)


@dataclass(frozen=True, slots=True)
class Several:
    """In no order; told by what was added and removed. `counted`: twice the same is two; `absent`:
    to leave it out is not the same as to name none.
    """

    write: Callable[[Json], str] = name
    counted: bool = False
    absent: str | None = None

    def compare(self, place: Place, before: Json, after: Json) -> Iterator[Difference]:
        old, new = self.words(before), self.words(after)
        if self.absent is not None and MISSING in (before, after):
            yield place.differs(before, after, f"{self.written(before)} → {self.written(after)}")
        elif old != new:
            said = {"added": new - old, "removed": old - new}
            changes = [f"{how} {listed(each.elements())}" for how, each in said.items() if each]
            yield place.differs(before, after, "; ".join(changes))

    def words(self, values: Json) -> Counter[str]:
        words = [] if values is MISSING else list(map(self.write, values))
        return Counter(words if self.counted else list(dict.fromkeys(words)))

    def written(self, value: Json) -> str:
        if value is MISSING and self.absent is not None:
            return self.absent
        return listed(self.words(value).elements())


@dataclass(frozen=True, slots=True)
class Fields:
    """Fixed keys, in the order in which they are told, with what they are called."""

    keys: Mapping[str, tuple[str, Shape]]

    def compare(self, place: Place, before: Json, after: Json) -> Iterator[Difference]:
        old, new = ({} if value is MISSING else value for value in (before, after))
        for key, (word, shape) in self.keys.items():
            sides = old.get(key, MISSING), new.get(key, MISSING)
            if sides[0] != sides[1]:
                yield from shape.compare(place.at(key, word), *sides)

    def written(self, value: Json) -> str:
        return "; ".join(
            f"{word}: ({said})" if isinstance(shape, Fields) else f"{word}: {said}"
            for key, (word, shape) in self.keys.items()
            if key in value
            for said in [shape.written(value[key])]
        )


@dataclass(frozen=True, slots=True)
class Named:
    """Things of one shape under names of the author's own; in a list each has its name as `key`.

    `ordered`: the first is the lowest. Then it is told where a new one stands, and which changed
    places.
    """

    shape: Shape
    key: str | None = None
    word: Callable[[str], str] = name
    ordered: bool = False

    def compare(self, place: Place, before: Json, after: Json) -> Iterator[Difference]:
        old, new = self.by_name(before), self.by_name(after)
        for each in [*old, *(each for each in new if each not in old)]:
            here = place.at(each, self.word(each))
            if each not in new:
                yield here.differs(old[each], MISSING, f"removed ({self.whole(old, each)})")
            elif each not in old:
                yield here.differs(MISSING, new[each], f"new ({self.whole(new, each)})")
            elif old[each] != new[each]:
                yield from self.shape.compare(here, old[each], new[each])
        kept = [[each for each in one if each in other] for one, other in ((old, new), (new, old))]
        if self.ordered and kept[0] != kept[1]:
            said = " → ".join(listed(map(self.word, names)) for names in kept)
            yield place.at("order", "order, the lowest first").differs(kept[0], kept[1], said)

    def by_name(self, value: Json) -> dict[str, Json]:
        if value is MISSING:
            return {}
        return value if self.key is None else {each[self.key]: each for each in value}

    def whole(self, among: Mapping[str, Json], each: str) -> str:
        said = self.shape.written(among[each])
        if not self.ordered:
            return said
        names = list(among)
        place = names.index(each)
        return f"{f'above {self.word(names[place - 1])}' if place else 'the lowest'}; {said}"

    def written(self, value: Json) -> str:
        return listed(
            f"{self.word(each)} {self.shape.written(part)}"
            for each, part in self.by_name(value).items()
        )


@dataclass(frozen=True, slots=True)
class Cells:
    """Windows or ranges, in no order. Where one stayed and its points didn't, these are told; the
    rest together, as none of them became another."""

    cell: Callable[[Json], str]

    def compare(self, place: Place, before: Json, after: Json) -> Iterator[Difference]:
        old, new = self.once(before), self.once(after)
        stayed = [each for each in old if each in new]
        for each in stayed:
            points = old[each]["points"], new[each]["points"]
            if points[0] != points[1]:
                here = Place((*place.path, each, "points"), (*place.words, each))
                yield here.differs(*points, " → ".join(map(amount, points)))
        gone, come = (
            Counter(self.said(each) for each in side if self.cell(each) not in stayed)
            for side in (before, after)
        )
        old_said, new_said = (listed(each.elements()) for each in (gone - come, come - gone))
        if gone != come:
            only = f"removed {old_said}" if gone > come else f"added {new_said}"
            both = f"{old_said} → {new_said}"
            yield place.differs(before, after, only if gone > come or come > gone else both)

    def once(self, values: Json) -> dict[str, Json]:
        """By what they hold; two windows may hold the same, and are left out."""
        names = Counter(map(self.cell, values))
        return {self.cell(each): each for each in values if names[self.cell(each)] == 1}

    def said(self, value: Json) -> str:
        return f"{amount(value['points'])} {self.cell(value)}"

    def written(self, value: Json) -> str:
        return listed(map(self.said, value))
