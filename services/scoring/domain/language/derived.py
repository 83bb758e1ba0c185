"""What follows from a model's pieces and is looked up in every score."""

from collections.abc import Iterable, Iterator, Mapping

from services.scoring.domain.conditions import leaves
from services.scoring.domain.dates import Duration
from services.scoring.domain.evidence import NO, YES
from services.scoring.domain.model import (
    Age,
    AgeBelow,
    Ages,
    Band,
    Choice,
    CodeIs,
    Count,
    FlagEvents,
    FlagState,
    Floor,
    Indicator,
    Number,
    Present,
    ReadCode,
)


def codes(indicators: Iterable[Indicator]) -> Mapping[str, ReadCode]:
    """The observation codes that these indicators read."""
    found: dict[str, ReadCode] = {}
    for line in indicators:
        if line.reads is None:
            continue
        read = read_code(line)
        other = found.get(line.reads, read)
        found[line.reads] = ReadCode(
            read.kind, read.options | other.options, read.held_by | other.held_by
        )
    return found


def members(indicators: Iterable[Indicator]) -> Mapping[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for place, line in enumerate(indicators):
        if line.group is not None:
            found.setdefault(line.group, []).append(place)
    return {group: tuple(places) for group, places in sorted(found.items())}


def ages(indicators: Iterable[Indicator], floors: Iterable[Floor | None]) -> Mapping[str, Ages]:
    """By the windows and `within` of the lines that read a code, and by any floor's `within`."""
    leaves_of_floors = [leaf for floor in floors if floor for _, leaf in leaves(floor.when)]
    aged = {leaf.within for leaf in leaves_of_floors if isinstance(leaf, Present) and leaf.within}
    starts: dict[str, set[Duration]] = {}
    stops: dict[str, set[Duration]] = {}
    for line in indicators:
        if line.reads is not None:
            starts.setdefault(line.reads, set()).update(starts_of(line))
            stops.setdefault(line.reads, set(aged)).update(stops_of(line))
    return {code: Ages(tuple(sorted(starts[code])), tuple(sorted(stops[code]))) for code in starts}


def starts_of(line: Indicator) -> Iterator[Duration]:
    if isinstance(line.answer, FlagEvents):
        yield from (window.from_ for window in line.answer.windows if window.from_.amount)


def stops_of(line: Indicator) -> Iterator[Duration]:
    match line.answer:
        case FlagEvents(windows):
            yield from (window.to for window in windows if window.to is not None)
        case Count() | FlagState() | Choice() | Number() as answer:
            if answer.within is not None:
                yield answer.within
        case Age():
            return


def absences(indicators: Iterable[Indicator]) -> frozenset[str]:
    """The agencies from whose silence an indicator concludes no, while their feed is fresh."""
    return frozenset(
        line.answer.absence
        for line in indicators
        if isinstance(line.answer, FlagEvents | Count) and line.answer.absence is not None
    )


def readers(indicators: Iterable[Indicator]) -> Mapping[str, tuple[int, ...]]:
    """For each code the places of the indicators that change with it, by `when` too."""
    found: dict[str, list[int]] = {}
    for place, line in enumerate(indicators):
        tested = [leaf.code for _, leaf in leaves(line.when) if isinstance(leaf, CodeIs)]
        for code in dict.fromkeys([line.reads, *tested]):
            if code is not None:
                found.setdefault(code, []).append(place)
    return {code: tuple(places) for code, places in found.items()}


def age_readers(indicators: Iterable[Indicator]) -> tuple[int, ...]:
    """The places of the indicators that change with the child's age."""
    return tuple(
        place
        for place, line in enumerate(indicators)
        if isinstance(line.answer, Age)
        or any(isinstance(leaf, AgeBelow) for _, leaf in leaves(line.when))
    )


def watched(indicators: Iterable[Indicator], floors: Iterable[Floor | None]) -> frozenset[str]:
    """The codes a floor tests, and those it reads again for a `within` of its own, those under
    which the line stands included."""
    conditions = [leaf for floor in floors if floor for _, leaf in leaves(floor.when)]
    aged = [leaf for leaf in conditions if isinstance(leaf, Present) and leaf.within]
    codes = {leaf.code for leaf in conditions if isinstance(leaf, CodeIs)}
    for line in indicators:
        if line.reads and any(
            line.id in leaf.indicators or line.kind == leaf.kind for leaf in aged
        ):
            codes.add(line.reads)
            codes.update(leaf.code for _, leaf in leaves(line.when) if isinstance(leaf, CodeIs))
    return frozenset(codes)


YES_NO = frozenset({YES, NO})


def band_starts(bands: Iterable[Band | None]) -> tuple[tuple[int, int], ...]:
    """(least points, place) of the bands that points reach."""
    return tuple(
        (band.from_, place)
        for place, band in enumerate(bands)
        if band is not None and band.from_ is not None
    )


def read_code(line: Indicator) -> ReadCode:
    held_by = frozenset(line.held_by)
    if isinstance(line.answer, Choice):
        return ReadCode("choice", frozenset(line.answer.options), held_by)
    if isinstance(line.answer, Number):
        return ReadCode("number", frozenset(), held_by)
    return ReadCode("yes_no", YES_NO, held_by)
