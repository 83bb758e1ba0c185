"""What of a document could be read: the pieces that are sound, and the names of all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from services.scoring.domain.language import build
from services.scoring.domain.language.findings import Json, Wrong
from services.scoring.domain.model import (
    AgeLimits,
    Band,
    Completeness,
    Floor,
    GoldenCase,
    Group,
    Indicator,
)

Piece = TypeVar("Piece")


@dataclass(frozen=True, slots=True)
class Draft:
    """A model on its way to be one. None stands for a piece with a fault that is reported already.

    So a name can be known while its piece is not, and one fault does not look like two.
    """

    decimals: int
    indicators: Mapping[str, Indicator | None]
    groups: Mapping[str, Group | None]
    bands: tuple[Band | None, ...]
    band_map: Mapping[str, str]
    floors: tuple[Floor | None, ...]
    golden: tuple[GoldenCase | None, ...]
    applies: AgeLimits | None
    completeness: Completeness | None

    @property
    def lines(self) -> tuple[Indicator, ...]:
        """The sound indicators, by name."""
        return tuple(line for _, line in sorted(self.indicators.items()) if line is not None)

    @property
    def has_all_lines(self) -> bool:
        """Every indicator could be read, so that what none of them has is nowhere."""
        return bool(self.indicators) and None not in self.indicators.values()

    @property
    def unread(self) -> frozenset[str]:
        """The parts of which something could not be read."""
        parts = {
            "indicators": self.indicators.values(),
            "groups": self.groups.values(),
            "bands": self.bands,
            "floors": self.floors,
        }
        return frozenset(name for name, some in parts.items() if None in some)


def draft(document: Json, decimals: int) -> Draft:
    """The pieces of a document as read, wrong ones included."""

    def named(key: str, make: Callable[[str, Json, int], Piece]) -> dict[str, Piece | None]:
        values = mapping(document.get(key, {}))
        return {
            name: make(name, value, decimals) if sound(value) else None
            for name, value in values.items()
        }

    def listed(key: str, make: Callable[[Json], Piece]) -> tuple[Piece | None, ...]:
        values = document.get(key, [])
        if isinstance(values, Wrong):
            return (None,)
        return tuple(make(value) if sound(value) else None for value in values)

    def single(key: str, make: Callable[[Json], Piece], absent: Json) -> Piece | None:
        value = document.get(key, absent)
        return make(value) if sound(value) else None

    return Draft(
        decimals=decimals,
        indicators=named("indicators", build.indicator),
        groups=named("groups", build.group),
        bands=listed("bands", lambda value: build.band(value, decimals)),
        band_map={
            old: new
            for old, new in mapping(document.get("band_map", {})).items()
            if isinstance(new, str)
        },
        floors=listed("floors", lambda value: build.floor(value, decimals)),
        golden=listed("golden", build.golden_case),
        applies=single("applies", build.applies, {"age": {}}),
        completeness=single("completeness", build.completeness, {}),
    )


def mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def sound(value: Json) -> bool:
    """Nothing in it is wrong."""
    if isinstance(value, Mapping):
        return all(map(sound, value.values()))
    if isinstance(value, list):
        return all(map(sound, value))
    return not isinstance(value, Wrong)
