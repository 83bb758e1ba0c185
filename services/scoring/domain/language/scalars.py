"""Places for one value: words, decimals, whole numbers, dates and durations."""

import re
from dataclasses import dataclass
from datetime import date

from services.scoring.domain import amounts, dates
from services.scoring.domain.language.findings import WRONG, Findings, Json, Shape, Wrong
from services.scoring.domain.language.tree import Node, Scalar
from services.scoring.domain.problems import Path


@dataclass(frozen=True, slots=True)
class Text:
    """Words, without control or invisible characters: what is read is what is approved."""

    what: str
    at_least: int = 1
    at_most: int = 4000
    pattern: str | None = None

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        text = read_text(node, path, found, self.what)
        if isinstance(text, Wrong):
            return WRONG
        if not text.replace("\n", "").isprintable():
            message = "write visible characters only: this hides some"
            return found.refuse(node.place, path, "invisible", message)
        if self.pattern and not re.fullmatch(self.pattern, text):
            return found.refuse(node.place, path, "malformed", f"write {self.what}")
        if not self.at_least <= len(text.strip()) or len(text) > self.at_most:
            message = f"write {self.what} of {self.at_least} to {self.at_most} characters"
            return found.refuse(node.place, path, "length", message)
        return text

    def schema(self) -> dict[str, Json]:
        limits = {"type": "string", "minLength": self.at_least, "maxLength": self.at_most}
        return limits | ({"pattern": f"^({self.pattern})$"} if self.pattern else {})


@dataclass(frozen=True, slots=True)
class Word:
    """One of a fixed set."""

    words: tuple[str, ...]

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        text = read_text(node, path, found, self.instead)
        if isinstance(text, str) and text not in self.words:
            return found.refuse(node.place, path, "not_a_choice", f"write {self.instead}")
        return text

    @property
    def instead(self) -> str:
        return " or ".join(f"`{word}`" for word in self.words)

    def schema(self) -> dict[str, Json]:
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Decimal:
    """A quoted decimal, exact: points to the model's own `decimals`, other numbers to six."""

    points: bool

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        decimals = found.decimals if self.points else amounts.NUMBER_DECIMALS
        instead = f'write a decimal such as "2.5", with at most {decimals} decimals'
        if isinstance(node, Scalar) and node.meaning in {"integer", "float"}:
            if amounts.DECIMAL.fullmatch(node.text):
                instead = f'write "{node.text}" in quotes'
            return found.refuse(node.place, path, "unquoted", instead)
        text = read_text(node, path, found, 'a decimal in quotes, such as "2.5"')
        if isinstance(text, Wrong):
            return WRONG
        try:
            value = amounts.parse(text, decimals)
        except amounts.NotExact:
            return found.refuse(node.place, path, "not_exact", instead)
        if self.points and abs(value) > MOST_POINTS * 10**decimals:
            message = f"write points of at most {MOST_POINTS}"
            return found.refuse(node.place, path, "too_many_points", message)
        return amounts.canonical(text)

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "pattern": f"^{amounts.DECIMAL.pattern}$"}


MOST_POINTS = 1000


@dataclass(frozen=True, slots=True)
class Whole:
    """A plain whole number."""

    at_least: int
    at_most: int

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        digits = node.text if isinstance(node, Scalar) and node.meaning == "integer" else ""
        if digits.isdecimal() and len(digits) <= len(str(self.at_most)):
            value = int(digits)
            if self.at_least <= value <= self.at_most and str(value) == digits:
                return value
        message = f"write a whole number from {self.at_least} to {self.at_most}, without quotes"
        return found.refuse(node.place, path, "not_whole", message)

    def schema(self) -> dict[str, Json]:
        return {"type": "integer", "minimum": self.at_least, "maximum": self.at_most}


@dataclass(frozen=True, slots=True)
class Day:
    """A date as text."""

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        text = read_text(node, path, found, "a date as YYYY-MM-DD")
        if isinstance(text, str) and not is_day(text):
            message = "write a date that exists, as YYYY-MM-DD, from 1900-01-01 to 2199-12-31"
            return found.refuse(node.place, path, "not_a_date", message)
        return text

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "format": "date"}


def is_day(text: str) -> bool:
    if not re.fullmatch(r"(19|20|21)\d\d-\d\d-\d\d", text, re.ASCII):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Span:
    """A duration of one unit: PnD or PnM."""

    at_least: int = 0

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        text = read_text(node, path, found, "a duration such as P84D or P6M")
        if isinstance(text, Wrong):
            return WRONG
        try:
            length = dates.parse_duration(text)
        except ValueError:
            length = None
        if length is None or length.most_days > MOST_DAYS or length.amount < self.at_least:
            message = "write a duration in days or months, at most 50 years, such as P84D or P6M"
            return found.refuse(node.place, path, "not_a_duration", message)
        return text

    def schema(self) -> dict[str, Json]:
        nothing = "(?!P0)" if self.at_least else ""
        return {"type": "string", "pattern": f"^{nothing}{dates.DURATION.pattern}$"}


MOST_DAYS = 18600  # 600 months of 31 days


@dataclass(frozen=True, slots=True)
class Nullable:
    shape: Shape

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        if isinstance(node, Scalar) and node.meaning == "null":
            return None
        return self.shape.read(node, path, found)

    def schema(self) -> dict[str, Json]:
        return {"anyOf": [self.shape.schema(), {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class OnlyTrue:
    """A mark that is there or not: the language's one boolean."""

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        if isinstance(node, Scalar) and node.meaning == "boolean" and node.text == "true":
            return True
        return found.refuse(node.place, path, "not_true", "write `true`, or leave the key out")

    def schema(self) -> dict[str, Json]:
        return {"const": True}


def read_text(node: Node, path: Path, found: Findings, instead: str) -> str | Wrong:
    if not isinstance(node, Scalar):
        return found.refuse(node.place, path, "not_text", f"write {instead}")
    if node.meaning == "text":
        return node.text
    if node.meaning == "boolean":
        message = f"`{node.text}` is refused: the words are `yes` and `no`; write {instead}"
        return found.refuse(node.place, path, "boolean", message)
    if node.meaning == "null":
        return found.refuse(node.place, path, "empty", f"write {instead}")
    return found.refuse(node.place, path, "unquoted", f'write "{node.text}" in quotes, as text')
