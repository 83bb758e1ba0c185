"""Golden cases on both sides of each band: at its lowest total, and at the highest below it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from services.scoring.domain.amounts import write
from services.scoring.domain.engine.standing import band_of_points
from services.scoring.domain.model import GoldenCase, Model
from services.scoring.domain.problems import Finding
from services.scoring.domain.validation.certain import certain_totals


class Boundary(NamedTuple):
    """The lowest total in a band, or the highest below it."""

    band: int
    is_lowest: bool
    total: int

    def nearest(self, rising: Sequence[int]) -> int | None:
        """Of some totals the first that does not lie beyond it."""
        if self.is_lowest:
            place = bisect_left(rising, self.total)
            return rising[place] if place < len(rising) else None
        place = bisect_right(rising, self.total) - 1
        return rising[place] if place >= 0 else None


def check_boundaries(
    model: Model, cases: Sequence[GoldenCase], totals: Sequence[int | None], able: Sequence[int]
) -> Iterator[Finding]:
    """A case shows each; if no child can have that total, the nearest in its band does, marked.

    `totals` are those of the cases, `able` all that are attainable.
    """
    shown = {total for total in totals if total is not None}
    hidden = [each for each in boundaries(model, able) if each.total not in shown]
    possible = sorted(shown | certain_totals(model)) if hidden else []
    nearest = [nearest_in_band(model, each, possible) for each in hidden]
    marks = {place: totals[place] for place, case in enumerate(cases) if case.nearest}
    for each, total in zip(hidden, nearest, strict=True):
        if total is None or total not in marks.values():
            yield not_shown(model, each, is_possible=total == each.total)
    for place, total in marks.items():
        if total is None or total not in nearest:
            message = "only for the nearest to a boundary that can't be: remove it, or go nearer"
            yield Finding(("golden", place, "nearest"), "nearest_not_needed", message)


def nearest_in_band(model: Model, boundary: Boundary, possible: Sequence[int]) -> int | None:
    total = boundary.nearest(possible)
    band = band_of_points(model, boundary.total)
    return total if total is not None and band_of_points(model, total) == band else None


def boundaries(model: Model, totals: Sequence[int]) -> Iterator[Boundary]:
    """A band that only floors reach has no lowest total of its own."""
    for begins, band in model.band_starts[1:]:
        cut = bisect_left(totals, begins)
        if cut < len(totals) and band_of_points(model, totals[cut]) == band:
            yield Boundary(band, True, totals[cut])
        if cut > 0:
            yield Boundary(band, False, totals[cut - 1])


def not_shown(model: Model, boundary: Boundary, *, is_possible: bool) -> Finding:
    side = "lowest in" if boundary.is_lowest else "highest below"
    message = (
        f"no golden case has the total {write(boundary.total, model.decimals)}, the {side} "
        f"`{model.bands[boundary.band].id}`: add one"
    )
    if not is_possible:
        message += ", or mark the nearest in its band with `nearest: true`"
    return Finding(("bands", boundary.band), "boundary_not_shown", message)
