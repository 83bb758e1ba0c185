"""What golden cases say of a child: by codes, answers and agencies that the indicators have."""

from collections.abc import Iterable, Iterator, Mapping

from services.scoring.domain.codes import answer_problem
from services.scoring.domain.evidence import Observation
from services.scoring.domain.language.derived import codes
from services.scoring.domain.language.draft import Draft
from services.scoring.domain.language.records import nearest
from services.scoring.domain.model import GoldenCase, Indicator, ReadCode
from services.scoring.domain.problems import Finding, Path


def check_cases(pieces: Draft) -> Iterator[Finding]:
    """What no indicator declares is let pass while one of them can't be read: it may be its own."""
    names: dict[str, int] = {}
    known, agencies = codes(pieces.lines), holders(pieces.lines)
    for place, case in enumerate(pieces.golden):
        if case is None:
            continue
        path: Path = ("golden", place)
        if names.setdefault(case.name, place) != place:
            yield Finding((*path, "name"), "doubled_name", "another case has this name")
        for found in check_given(case, path, known, agencies):
            if pieces.has_all_lines or found.code != "undeclared":
                yield found


def holders(lines: Iterable[Indicator]) -> frozenset[str]:
    return frozenset(agency for line in lines for agency in line.held_by)


def check_given(
    case: GoldenCase, path: Path, known: Mapping[str, ReadCode], agencies: frozenset[str]
) -> Iterator[Finding]:
    for place, given in enumerate(case.evidence.observations):
        yield from check_observation(given, (*path, "given", place), known)
    for agency in sorted(case.evidence.stale - agencies):
        message = f"no indicator is held by `{agency}`{nearest(agency, agencies)}"
        yield Finding((*path, "stale"), "undeclared", message)


def check_observation(
    given: Observation, path: Path, known: Mapping[str, ReadCode]
) -> Iterator[Finding]:
    code = known.get(given.code)
    if code is None:
        message = f"no indicator reads `{given.code}`{nearest(given.code, known)}"
        yield Finding((*path, "code"), "undeclared", message)
    elif wrong := answer_problem(code, given.answer):
        yield Finding((*path, "answer"), "answer", wrong)
    if given.observed_until is not None and given.observed_until < given.observed_on:
        message = "`observed_until` lies before `observed_on`"
        yield Finding((*path, "observed_until"), "period", message)
