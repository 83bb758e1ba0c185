"""The kinds of single value in a model file, by a name for people."""

from services.scoring.domain.language.findings import Shape
from services.scoring.domain.language.scalars import Day, Span, Text, Word
from services.scoring.domain.language.words import (
    LINE,
    NAME,
    NUMBER,
    OPTION,
    POINTS,
    PROSE,
    SLUG,
)

SCALARS: dict[str, Shape] = {
    "a line": LINE,
    "a text": PROSE,
    "a reason": Text("a reason", 20),
    "a name": NAME,
    "a slug": SLUG,
    "an option": OPTION,
    "a word": Word(("yes", "no")),
    "points": POINTS,
    "a number": NUMBER,
    "a date": Day(),
    "a duration": Span(),
    "some time": Span(at_least=1),
}
