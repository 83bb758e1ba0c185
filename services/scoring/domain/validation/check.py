"""All checks of a model, beyond the shape of its file. None of them mends anything."""

from collections.abc import Iterator

from services.scoring.domain.language.draft import Draft
from services.scoring.domain.problems import Finding
from services.scoring.domain.validation.bands import check_bands
from services.scoring.domain.validation.cases import check_cases
from services.scoring.domain.validation.floors import check_floors
from services.scoring.domain.validation.indicators import check_indicators
from services.scoring.domain.validation.references import check_references
from services.scoring.domain.validation.supposed import supposed


def check_pieces(pieces: Draft) -> Iterator[Finding]:
    """What can be said of the sound pieces, whatever is wrong with the others."""
    children = supposed(pieces)
    yield from check_indicators(pieces, children)
    yield from check_references(pieces)
    yield from check_floors(pieces, children)
    yield from check_bands(pieces)
    yield from check_cases(pieces)
