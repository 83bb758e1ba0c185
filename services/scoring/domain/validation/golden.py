"""Golden cases: all pass, and together they show every indicator and both sides of every band."""

from collections.abc import Iterator, Sequence

from services.scoring.domain.engine.document import Document, as_document
from services.scoring.domain.engine.score import Score, score
from services.scoring.domain.model import GoldenCase, Model
from services.scoring.domain.problems import Finding, Path
from services.scoring.domain.validation.boundaries import check_boundaries
from services.scoring.domain.validation.cases import check_given, holders


def check_golden(
    model: Model, cases: Sequence[GoldenCase | None], totals: Sequence[int]
) -> Iterator[Finding]:
    """None stands for a case with a fault of its own; then nothing is said of what is missing."""
    scores: list[Score] = []
    for place, case in enumerate(cases):
        if case is not None:
            found = score(model, case.evidence, case.as_of)
            scores.append(found)
            yield from check_expected(case, as_document(found), ("golden", place))
    sound = [case for case in cases if case]
    if len(sound) == len(cases):
        yield from check_all_shown(model, scores)
        shown = [found.standing.total if found.standing else None for found in scores]
        yield from check_boundaries(model, sound, shown, totals)


def check_case(model: Model, case: GoldenCase, found: Document, path: Path) -> Iterator[Finding]:
    """One case by itself: the model understands what is given, and answers what is expected."""
    yield from check_given(case, path, model.codes, holders(model.indicators))
    yield from check_expected(case, found, path)


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
