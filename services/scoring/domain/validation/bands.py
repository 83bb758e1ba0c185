"""Bands rise, hold every attainable total, and can each be reached."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from services.scoring.domain.amounts import write
from services.scoring.domain.attainable import attainable_totals, span
from services.scoring.domain.language.derived import band_starts
from services.scoring.domain.language.draft import Draft
from services.scoring.domain.problems import Finding

MOST_STEPS = 2_000_000
"""Steps of points between the least and the most total: what can be checked in good time."""


def check_bands(pieces: Draft) -> Iterator[Finding]:
    ids = Counter(band.id for band in pieces.bands if band)
    for place, band in enumerate(pieces.bands):
        if band is not None and ids[band.id] > 1:
            message = f"two bands are called `{band.id}`"
            yield Finding(("bands", place, "id"), "doubled_id", message)
    if pieces.bands and pieces.bands[0] and pieces.bands[0].from_ is None:
        message = "the lowest band begins at points: write the least total there can be"
        yield Finding(("bands", 0, "from"), "lowest_band", message)
    with_points = [
        (place, band) for place, band in enumerate(pieces.bands) if band and band.from_ is not None
    ]
    for (_, lower), (place, upper) in pairwise(with_points):
        if (upper.from_ or 0) <= (lower.from_ or 0):
            message = f"bands rise: begin above `{lower.id}`"
            yield Finding(("bands", place, "from"), "bands_fall", message)


def check_steps(pieces: Draft) -> Iterator[Finding]:
    if span(pieces.lines) > MOST_STEPS:
        message = "the points are too fine to check every total: use fewer decimals"
        yield Finding(("decimals",), "too_fine", message)


def totals_of(pieces: Draft) -> list[int]:
    return attainable_totals(pieces.lines, [group for group in pieces.groups.values() if group])


def check_least(pieces: Draft, totals: Sequence[int]) -> Iterator[Finding]:
    least, lowest = totals[0], pieces.bands[0]
    if lowest and lowest.from_ is not None and least < lowest.from_:
        message = f"the least total is {write(least, pieces.decimals)}: begin there"
        yield Finding(("bands", 0, "from"), "below_bands", message)


def check_reach(pieces: Draft, totals: Sequence[int]) -> Iterator[Finding]:
    """A total or a floor reaches each band; whether a floor can fire is said of the floor."""
    by_points = bands_of(totals, band_starts(pieces.bands))
    by_floors = {floor.band for floor in pieces.floors if floor}
    for place, band in enumerate(pieces.bands):
        if band and place not in by_points and band.id not in by_floors:
            instead = "name it in a floor" if band.from_ is None else "begin lower, or remove it"
            message = f"no total and no floor reaches `{band.id}`: {instead}"
            yield Finding(("bands", place), "band_unreachable", message)


def bands_of(totals: Sequence[int], starts: Sequence[tuple[int, int]]) -> set[int]:
    """The places of the bands that hold any of the totals; both rise."""
    ends = [*(begins for begins, _ in starts[1:]), totals[-1] + 1]
    return {
        place
        for (begins, place), end in zip(starts, ends, strict=True)
        if bisect_left(totals, begins) < bisect_left(totals, end)
    }
