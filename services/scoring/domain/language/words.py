"""The places for one value that recur in the language."""

from services.scoring.domain.amounts import NUMBER_DECIMALS
from services.scoring.domain.language.scalars import Decimal, Text, Whole

MOST_DECIMALS = 4
NAME = Text(
    "a name of small letters, digits and _, such as missing_episode", 1, 64, "[a-z][a-z0-9_]*"
)
SLUG = Text(
    "a name of small letters, digits and -, such as child-exploitation", 1, 64, "[a-z][a-z0-9-]*"
)
OPTION = Text(
    "an option of small letters, digits, _ . and -, other than not_known",
    1,
    64,
    "(?!not_known$)[a-z0-9][a-z0-9_.-]*",
)
ANSWER = Text("yes, no, an option, or a number in quotes", 1, 400)
LINE = Text("a line of text", 1, 400)
PROSE = Text("text")
POINTS = Decimal(MOST_DECIMALS, points=True)
NUMBER = Decimal(NUMBER_DECIMALS)
YEARS = Whole(0, 120)
EVENTS = Whole(0, 1000)
