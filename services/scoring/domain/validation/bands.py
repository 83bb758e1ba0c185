"""Bands rise, hold every attainable total, and can each be reached."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from services.scoring.domain.amounts import write
from services.scoring.domain.attainable import attainable_totals, span
from services.scoring.domain.language.draft import Draft
from services.scoring.domain.model import Band, Model
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


def check_attainable(model: Model) -> Iterator[Finding]:
    if span(model.indicators) > MOST_STEPS:
        message = "the points are too fine to check every total: use fewer decimals"
        yield Finding(("decimals",), "too_fine", message)
        return
    totals = attainable_totals(model.indicators, model.groups.values())
    for place, band, reached in reach_of_bands(model, totals):
        if place == 0 and band.from_ is not None and totals[0] < band.from_:
            message = f"the least total is {write(totals[0], model.decimals)}: begin there"
            yield Finding(("bands", place, "from"), "below_bands", message)
        if not reached:
            message = f"no total and no floor reaches `{band.id}`"
            yield Finding(("bands", place), "band_unreachable", message)


def reach_of_bands(model: Model, totals: list[int]) -> Iterator[tuple[int, Band, bool]]:
    floors = {floor.band for floor in model.floors}
    for place, band in enumerate(model.bands):
        reached = band.id in floors
        if band.from_ is not None:
            above = totals[bisect_left(totals, band.from_) :]
            next_from = following(model.bands[place + 1 :])
            reached = reached or bool(above and (next_from is None or above[0] < next_from))
        yield place, band, reached


def following(bands: tuple[Band, ...]) -> int | None:
    return next((band.from_ for band in bands if band.from_ is not None), None)
