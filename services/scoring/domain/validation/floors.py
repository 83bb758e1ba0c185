"""Harm acts through floors, and every floor can fire."""

from collections import Counter
from collections.abc import Iterator, Sequence

from services.scoring.domain.conditions import leaves
from services.scoring.domain.language.draft import Draft
from services.scoring.domain.model import Floor, Indicator, Present
from services.scoring.domain.problems import Finding, Path
from services.scoring.domain.validation.supposed import Supposed


def check_floors(pieces: Draft, children: Sequence[Supposed]) -> Iterator[Finding]:
    ids = Counter(floor.id for floor in pieces.floors if floor)
    for place, floor in enumerate(pieces.floors):
        if floor is None:
            continue
        path: Path = ("floors", place)
        if ids[floor.id] > 1:
            yield Finding((*path, "id"), "doubled_id", f"two floors are called `{floor.id}`")
        if pieces.has_all_lines and not any(child.may_meet(floor.when) for child in children):
            message = "this floor can never fire: no child of any age can meet it all; ask for less"
            yield Finding((*path, "when"), "floor_unreachable", message)
    if None not in pieces.floors:
        yield from check_harm(pieces)


def check_harm(pieces: Draft) -> Iterator[Finding]:
    named = {name for floor in pieces.floors if floor for name in names(floor, pieces.lines)}
    for line in pieces.lines:
        if line.kind == "harm" and line.id not in named:
            message = (
                f"no floor names `{line.id}`, in `any_of` or by `kind: harm`: harm acts through a "
                "floor, never points alone"
            )
            yield Finding(("indicators", line.id, "kind"), "harm_without_floor", message)


def names(floor: Floor, lines: tuple[Indicator, ...]) -> Iterator[str]:
    for _, leaf in leaves(floor.when, ()):
        if isinstance(leaf, Present):
            yield from leaf.indicators
            yield from (line.id for line in lines if line.kind == leaf.kind)
