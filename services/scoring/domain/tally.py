"""The figures of an assessment: counted a part at a time, and shown to those outside the team with
no small number in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

Key = TypeVar("Key")

NOT_KNOWN = "not_known"
DIMENSIONS = ("all", "age_band", "sex", "ethnicity", "looked_after")
FEWEST = 6
"""A smaller number could point at a child."""


class Cell(NamedTuple):
    """Children of a group (of all: `all`) by band under the version in force and the candidate.

    None: no band, because the model doesn't apply, withholds it, or no version is in force.
    """

    dimension: str
    group: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many children were scored; in each cell; near where a band begins; how many have each
    indicator present under the candidate."""

    scored: int = 0
    cells: Mapping[Cell, int] = field(default_factory=dict)
    near: Mapping[str, int] = field(default_factory=dict)
    present: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.scored + other.scored,
            _sum(self.cells, other.cells),
            _sum(self.near, other.near),
            _sum(self.present, other.present),
        )

    @property
    def never(self) -> list[str]:
        """The indicators that no child has."""
        return [name for name, number in self.present.items() if not number]


class Shown(NamedTuple):
    """A cell as shown; None: too few to say, or withheld so that those few stay hidden."""

    cell: Cell
    children: int | None


def whole(tally: Tally) -> list[Shown]:
    """Every cell, for those who develop the weights."""
    return [Shown(cell, tally.cells[cell]) for cell in sorted(tally.cells, key=_order)]


def suppressed(tally: Tally, set_apart: int) -> list[Shown]:
    """For everybody else. Where one group of a dimension has fewer than six children between two
    bands, none of its groups is told apart there: no sum leads back to the few.

    Where fewer than six of all children are between two bands, or set apart, no cell is shown at
    all: the size of the population is no secret, and with it and the other cells the few could be
    worked out.
    """
    if _few(tally, "all") or enough(set_apart) is None:
        return []
    shown = []
    for dimension in DIMENSIONS:
        withheld = _few(tally, dimension)
        groups = {cell.group for cell in tally.cells if cell.dimension == dimension}
        shown += [
            Shown(cell, number)
            for cell, number in tally.cells.items()
            if cell.dimension == dimension and cell[2:] not in withheld
        ]
        shown += [
            Shown(Cell(dimension, group, *moves), None) for moves in withheld for group in groups
        ]
    return sorted(shown, key=lambda each: _order(each.cell))


Moves = tuple[str | None, str | None]
"""From which band to which."""


def _few(tally: Tally, dimension: str) -> set[Moves]:
    return {
        (cell.before, cell.after)
        for cell, number in tally.cells.items()
        if cell.dimension == dimension and number < FEWEST
    }


def enough(number: int) -> int | None:
    """A number of children, if it is none or not too few."""
    return None if 0 < number < FEWEST else number


class Done(NamedTuple):
    """How many children were scored, and set apart; None: withheld."""

    scored: int | None
    set_apart: int | None


def done(scored: int, set_apart: int, *, in_team: bool) -> Done:
    """Both, or neither where few are set apart: the population less one is the other."""
    told = in_team or enough(set_apart) is not None
    return Done(scored, set_apart) if told else Done(None, None)


def moved(cells: Mapping[Cell, int], renamed: Mapping[str, str]) -> int:
    """How many of all children would stand in another band."""
    return sum(
        number
        for cell, number in cells.items()
        if cell.dimension == "all" and renamed.get(cell.before or "", cell.before) != cell.after
    )


def _sum(one: Mapping[Key, int], other: Mapping[Key, int]) -> dict[Key, int]:
    names = dict.fromkeys((*one, *other))  # a Counter would drop the noughts
    return {name: one.get(name, 0) + other.get(name, 0) for name in names}


def _order(cell: Cell) -> tuple[int, str, str, str]:
    return DIMENSIONS.index(cell.dimension), cell.group, cell.before or "", cell.after or ""
