"""Chance that falls the same way every time."""

import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Dice:
    """Dice with a name: the same name, the same throws, on every version of Python. Only
    `random()` promises that; every other throw is made of it."""

    def __init__(self, name: str) -> None:
        self._random = random.Random(name)  # noqa: S311  # nothing secret follows from it

    def below(self, number: int) -> int:
        """A whole number from 0, below `number`."""
        return int(self._random.random() * number)

    def between(self, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        return least + self.below(most - least + 1)

    def pick(self, items: Sequence[Item]) -> Item:
        """One of the items."""
        return items[self.below(len(items))]

    def chance(self, share: float) -> bool:
        """True in about that share of throws."""
        return self._random.random() < share
