"""Every name that is used is declared, and every declaration is used."""

from collections.abc import Iterable, Iterator, Mapping

from services.scoring.domain.codes import answer_problem
from services.scoring.domain.conditions import leaves
from services.scoring.domain.language.derived import codes, read_code
from services.scoring.domain.language.draft import Draft
from services.scoring.domain.language.records import nearest
from services.scoring.domain.model import (
    CodeIs,
    Condition,
    Group,
    Indicator,
    Present,
    ReadCode,
    SinglePointsFrom,
)
from services.scoring.domain.problems import Finding, Path
from services.scoring.domain.refused_codes import REFUSED_CODES


def check_references(pieces: Draft) -> Iterator[Finding]:
    yield from check_codes(pieces)
    yield from check_groups(pieces)
    yield from check_conditions(pieces)
    yield from check_band_names(pieces)
    yield from check_completeness(pieces)
    yield from check_applies(pieces)


def check_band_names(pieces: Draft) -> Iterator[Finding]:
    if None in pieces.bands:
        return
    declared = tuple(band.id for band in pieces.bands if band)
    used: list[tuple[Path, str]] = [
        (("floors", place, "band"), floor.band)
        for place, floor in enumerate(pieces.floors)
        if floor is not None
    ]
    used += [(("band_map", old), new) for old, new in pieces.band_map.items()]
    for path, name in used:
        if name not in declared:
            yield undeclared(path, name, "band", declared)


def check_completeness(pieces: Draft) -> Iterator[Finding]:
    rule = pieces.completeness
    if rule is None:
        return
    for place, name in enumerate(rule.required):
        if name not in pieces.indicators:
            path: Path = ("completeness", "required", place)
            yield undeclared(path, name, "indicator", pieces.indicators)
    if (rule.min_known or 0) > len(pieces.indicators):
        message = f"there are only {len(pieces.indicators)} indicators: ask for fewer"
        yield Finding(("completeness", "min_known"), "min_known_too_high", message)


def check_applies(pieces: Draft) -> Iterator[Finding]:
    limits = pieces.applies
    if limits is not None and not limits.somebody:
        message = "no age lies in it: `below` must be more than `from`"
        yield Finding(("applies", "age"), "applies_to_nobody", message)


def undeclared(path: Path, name: str, what: str, known: Iterable[str]) -> Finding:
    message = f"there is no {what} `{name}`{nearest(name, tuple(known))}"
    return Finding(path, "undeclared", message)


def check_codes(pieces: Draft) -> Iterator[Finding]:
    """Indicators that read one code agree on its kind of answer and its options."""
    first: dict[str, tuple[str, ReadCode]] = {}
    for line in pieces.lines:
        if line.reads is None:
            continue
        read = read_code(line)
        name, other = first.setdefault(line.reads, (line.id, read))
        if (read.kind, read.options) != (other.kind, other.options):
            message = f"`{name}` reads `{line.reads}` as another kind of answer: make them agree"
            yield Finding(("indicators", line.id), "kinds_disagree", message)


def check_groups(pieces: Draft) -> Iterator[Finding]:
    for line in pieces.lines:
        if line.group is not None and line.group not in pieces.groups:
            yield undeclared(("indicators", line.id, "group"), line.group, "group", pieces.groups)
    for name, group in pieces.groups.items():
        members = [line for line in pieces.lines if line.group == name]
        if not members and pieces.has_all_lines:
            message = f"no indicator is in group `{name}`: remove it"
            yield Finding(("groups", name), "unused", message)
        if group is not None:
            yield from check_group(group, members)


def check_group(group: Group, members: list[Indicator]) -> Iterator[Finding]:
    if group.cap is not None and group.cap <= 0:
        yield Finding(("groups", group.id, "cap"), "cap_not_positive", "a cap is above 0")
    if group.combine == "sum" and group.cap is None:
        return
    for line in members:
        if line.least < 0:
            message = "points below 0 can't stand in a group with `max` or a cap"
            yield Finding(("indicators", line.id, "group"), "negative_in_group", message)


# Conditions


def check_conditions(pieces: Draft) -> Iterator[Finding]:
    known = codes(pieces.lines)
    places: list[tuple[Path, Condition]] = [
        (("indicators", line.id, "when"), line.when)
        for line in pieces.lines
        if line.when is not None
    ]
    places += [
        (("floors", place, "when"), floor.when)
        for place, floor in enumerate(pieces.floors)
        if floor is not None
    ]
    for path, condition in places:
        for leaf_path, leaf in leaves(condition, path):
            yield from check_leaf(leaf, leaf_path, pieces, known if pieces.has_all_lines else {})


def check_leaf(
    leaf: Condition, path: Path, pieces: Draft, known: Mapping[str, ReadCode]
) -> Iterator[Finding]:
    match leaf:
        case CodeIs(code, answer):
            yield from check_code_is(code, answer, path, known)
        case Present(indicators):
            for name in indicators:
                if name in REFUSED_CODES:
                    yield Finding(path, "refused_code", f"`{name}` is never scored: remove it")
                elif name not in pieces.indicators:
                    yield undeclared((*path, "any_of"), name, "indicator", pieces.indicators)
        case SinglePointsFrom(points) if points <= 0:
            message = "every indicator gives 0 or more: write points above 0"
            yield Finding((*path, "single_points_from"), "points_not_positive", message)
        case _:
            pass


def check_code_is(
    code: str, answer: str, path: Path, known: Mapping[str, ReadCode]
) -> Iterator[Finding]:
    if code in REFUSED_CODES:
        message = f"`{code}` is never scored: it is kept only to report disparity; remove it"
        yield Finding((*path, "code"), "refused_code", message)
    elif known and code not in known:
        message = (
            f"no indicator of this model reads `{code}`{nearest(code, known)}: a condition reads "
            "what an indicator (of kind context, if it gives no points) declares with its answers"
        )
        yield Finding((*path, "code"), "undeclared", message)
    elif known and (wrong := answer_problem(known[code], answer)):
        yield Finding((*path, "is"), "answer", wrong)
    elif answer == "not_known":
        message = "`not_known` is not an answer to wait for: write a known one"
        yield Finding((*path, "is"), "answer", message)
