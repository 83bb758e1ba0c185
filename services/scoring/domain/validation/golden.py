"""Golden cases: all pass, and together they show every indicator and both sides of every band."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from services.scoring.domain.amounts import write
from services.scoring.domain.attainable import attainable_totals
from services.scoring.domain.codes import answer_problem
from services.scoring.domain.engine.document import Document, as_document
from services.scoring.domain.engine.score import Score, score
from services.scoring.domain.language.records import nearest
from services.scoring.domain.model import GoldenCase, Model
from services.scoring.domain.problems import Finding, Path
from services.scoring.domain.validation.bands import following

Cases = tuple[GoldenCase | None, ...]


def check_golden(model: Model, cases: Cases) -> Iterator[Finding]:
    """None stands for a case with a fault of its own; then nothing is said of what is missing."""
    scores: list[Score] = []
    names: dict[str, int] = {}
    for place, case in enumerate(cases):
        if case is None:
            continue
        path: Path = ("golden", place)
        if names.setdefault(case.name, place) != place:
            yield Finding((*path, "name"), "doubled_name", "another case has this name")
        found = score(model, case.evidence, case.as_of)
        scores.append(found)
        yield from check_case(model, case, as_document(found), path)
    if None not in cases:
        yield from check_all_shown(model, scores)
        yield from check_boundaries(model, tuple(case for case in cases if case), scores)


def check_case(model: Model, case: GoldenCase, found: Document, path: Path) -> Iterator[Finding]:
    """The model understands what is given, and the answer is what is expected."""
    yield from check_given(model, case, path)
    if case.nearest and not any(line.when for line in model.indicators):
        message = "no indicator has a `when`, so every total can be shown: remove it"
        yield Finding((*path, "nearest"), "nearest_without_when", message)
    yield from check_expected(case, found, path)


def check_given(model: Model, case: GoldenCase, path: Path) -> Iterator[Finding]:
    for place, given in enumerate(case.evidence.observations):
        here: Path = (*path, "given", place)
        code = model.codes.get(given.code)
        if code is None:
            message = f"no indicator reads `{given.code}`{nearest(given.code, model.codes)}"
            yield Finding((*here, "code"), "undeclared", message)
        elif wrong := answer_problem(code, given.answer):
            yield Finding((*here, "answer"), "answer", wrong)
        if given.observed_until is not None and given.observed_until < given.observed_on:
            message = "`observed_until` lies before `observed_on`"
            yield Finding((*here, "observed_until"), "period", message)
    agencies = {agency for line in model.indicators for agency in line.held_by}
    for agency in sorted(case.evidence.stale - agencies):
        message = f"no indicator is held by `{agency}`{nearest(agency, agencies)}"
        yield Finding((*path, "stale"), "undeclared", message)


def check_expected(case: GoldenCase, found: Document, path: Path) -> Iterator[Finding]:
    for name, expected in case.expect.fields.items():
        got, want = found[name], expected
        if name == "floors":
            got = sorted(floor_ids(found))
            want = sorted(set(map(str, expected))) if isinstance(expected, list) else expected
        if got != want:
            message = f"“{case.name}”: {name} is {text(got)}, not {text(want)}"
            yield Finding((*path, "expect", name), "golden_failed", message)


def floor_ids(found: Document) -> Iterator[str]:
    floors = found["floors"]
    assert isinstance(floors, list)  # noqa: S101 - tells the type checker what `as_document` makes
    yield from (floor["id"] for floor in floors)


def text(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(text, value)) + "]"
    return "null" if value is None else str(value)


def check_all_shown(model: Model, scores: list[Score]) -> Iterator[Finding]:
    """Each indicator is known in a case, and gives points in one if it can."""
    known = {
        each.indicator.id
        for found in scores
        for each in found.contributions
        if each.state == "known"
    }
    giving = {each.indicator.id for found in scores for each in found.contributions if each.points}
    for line in model.indicators:
        path: Path = ("indicators", line.id)
        if line.id not in known:
            message = f"no golden case shows `{line.id}` known: add one that answers it"
            yield Finding(path, "not_shown", message)
        elif (line.least or line.most) and line.id not in giving:
            message = f"no golden case gives points for `{line.id}`: add one"
            yield Finding(path, "no_points_shown", message)


def check_boundaries(
    model: Model, cases: tuple[GoldenCase, ...], scores: list[Score]
) -> Iterator[Finding]:
    """A case at the lowest total of each band, and one at the highest below it; the nearest to
    either lies in the same band as it.
    """
    totals = attainable_totals(model.indicators, model.groups.values())
    shown = {found.standing.total for found in scores if found.standing}
    near = {
        found.standing.total
        for case, found in zip(cases, scores, strict=True)
        if case.nearest and found.standing
    }
    bands = [(place, band.from_) for place, band in enumerate(model.bands)]
    starts = [(place, begins) for place, begins in bands if begins is not None]
    for (_, before), (place, begins) in pairwise(starts):
        cut = bisect_left(totals, begins)
        end = following(model.bands[place + 1 :])
        sides = [
            ("lowest in", totals[cut : cut + 1], begins, end),
            ("highest below", totals[max(cut - 1, 0) : cut], before, begins),
        ]
        for side, wanted, least, below in sides:
            is_near = any(least <= value and (below is None or value < below) for value in near)
            if not is_near and not shown.issuperset(wanted):
                message = (
                    f"no golden case has the total {write(wanted[0], model.decimals)}, the {side} "
                    f"`{model.bands[place].id}`: add one, or mark the nearest with `nearest: true`"
                )
                yield Finding(("bands", place), "boundary_not_shown", message)
