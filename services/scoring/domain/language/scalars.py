"""Places for one value: words, decimals, whole numbers, dates and durations."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from services.scoring.domain import amounts, dates
from services.scoring.domain.language.findings import Findings, Json, Shape, Wrong
from services.scoring.domain.language.tree import Node, Scalar
from services.scoring.domain.problems import Path

Fault = tuple[str, str]
"""What is wrong with a text: a code, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words, without control or invisible characters: what is read is what is approved."""

    what: str
    at_least: int = 1
    at_most: int = 4000
    pattern: str | None = None

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        fault = nothing_wrong if found.is_stored else self.fault
        return read_text(node, path, found, self.what, fault)

    def fault(self, text: str) -> Fault | None:
        for hidden in text.replace("\n", ""):
            if not hidden.isprintable():
                return "invisible", f"remove the character U+{ord(hidden):04X}, which can't be seen"
        if self.pattern and not re.fullmatch(self.pattern, text):
            return "malformed", f"write {self.what}"
        if not self.at_least <= len(text.strip()) or len(text) > self.at_most:
            return "length", f"write {self.what} of {self.at_least} to {self.at_most} characters"
        return None

    def schema(self) -> dict[str, Json]:
        if self.pattern:
            return {"type": "string", "pattern": whole(self.pattern), "maxLength": self.at_most}
        inner = rf"[\s\S]{{{self.at_least - 2},}}\S" if self.at_least > 1 else ""
        limits = {"minLength": self.at_least, "maxLength": self.at_most}
        return {"$ref": "#/$defs/visible", "pattern": rf"\S{inner}", **limits}


def nothing_wrong(_: str) -> Fault | None:
    return None


VISIBLE: dict[str, Json] = {
    "type": "string",
    "not": {
        "pattern": r"[\u0000-\u0009\u000b-\u001f\u007f-\u00a0\u00ad\u0600-\u0605\u061c\u06dd\u070f"
        r"\u0890\u0891\u08e2\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ue000-\uf8ff"
        r"\ufeff\ufff9-\ufffb]"
    },
}
"""A text without the characters that can't be seen, as far as a pattern can name them."""


def whole(pattern: str) -> str:
    """A pattern for all of a text; some validators take `$` for before a last line end as well."""
    return rf"^({pattern})(?!\n)$"


@dataclass(frozen=True, slots=True)
class Word:
    """One of a fixed set."""

    words: tuple[str, ...]

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        return read_text(node, path, found, self.instead, self.fault)

    def fault(self, text: str) -> Fault | None:
        return None if text in self.words else ("not_a_choice", f"write {self.instead}")

    @property
    def instead(self) -> str:
        return " or ".join(f"`{word}`" for word in self.words)

    def schema(self) -> dict[str, Json]:
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Decimal:
    """A quoted decimal, exact to so many decimals; points to no more than the model's own."""

    decimals: int
    points: bool = False

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        decimals = min(self.decimals, found.decimals) if self.points else self.decimals
        instead = f'a decimal such as "2.5", with at most {decimals} decimals'
        if decimals == 0:
            instead = 'a whole number in quotes, such as "2"'

        def fault(text: str) -> Fault | None:
            try:
                value = amounts.parse(text, decimals)
            except amounts.NotExact:
                return "not_exact", f"write {instead}"
            if self.points and abs(value) > MOST_POINTS * 10**decimals:
                return "too_many_points", f"write points from -{MOST_POINTS} to {MOST_POINTS}"
            return None

        text = read_text(node, path, found, instead, fault)
        return text if isinstance(text, Wrong) else amounts.canonical(text)

    def schema(self) -> dict[str, Json]:
        size = "0|[1-9][0-9]{0,2}" if self.points else "0|[1-9][0-9]{0,11}"
        most = rf"|{MOST_POINTS}(\.0+)?" if self.points else ""
        fraction = rf"\.[0-9]{{1,{self.decimals}}}0*"
        return {"type": "string", "pattern": whole(f"-?(({size})({fraction})?{most})")}


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
        return read_text(node, path, found, "a date as YYYY-MM-DD", self.fault)

    def fault(self, text: str) -> Fault | None:
        message = "write a date that exists, as YYYY-MM-DD, from 1900-01-01 to 2199-12-31"
        return None if is_day(text) else ("not_a_date", message)

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "format": "date", "pattern": whole(DAY)}


DAY = (
    "(19|20|21)[0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
    "|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))"
)
"""A date, but for 29 February, which is a date in every year here."""


def is_day(text: str) -> bool:
    if not re.fullmatch(DAY, text):
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
        return read_text(node, path, found, "a duration such as P84D or P6M", self.fault)

    def fault(self, text: str) -> Fault | None:
        try:
            length = dates.parse_duration(text)
        except ValueError:
            length = None
        if length is None or length.most_days > MOST_DAYS or length.amount < self.at_least:
            least = "1 day" if self.at_least else "0 days"
            form = f"from {least} to 50 years, in days or months, such as P84D or P6M"
            return "not_a_duration", f"write a duration {form}"
        return None

    def schema(self) -> dict[str, Json]:
        nothing = "" if self.at_least else "0|"
        days = f"{nothing}[1-9][0-9]{{0,3}}|1[0-7][0-9]{{3}}|18[0-5][0-9]{{2}}|18600"
        months = f"{nothing}[1-9][0-9]?|[1-5][0-9]{{2}}|600"
        return {"type": "string", "pattern": whole(f"P(({days})D|({months})M)")}


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


def read_text(
    node: Node,
    path: Path,
    found: Findings,
    instead: str,
    fault: Callable[[str], Fault | None],
) -> str | Wrong:
    """The text, or why not. What it says to write in quotes would be taken so."""
    if not isinstance(node, Scalar):
        return found.refuse(node.place, path, "not_text", f"write {instead}")
    if node.meaning == "null":
        return found.refuse(node.place, path, "empty", f"write {instead}")
    if node.meaning == "boolean":
        message = f"`{node.text}` is refused: the words are `yes` and `no`; write {instead}"
        return found.refuse(node.place, path, "boolean", message)
    wrong = fault(node.text)
    if node.meaning != "text":
        message = f"write {instead}" if wrong else f'write "{node.text}" in quotes'
        return found.refuse(node.place, path, "unquoted", message)
    return found.refuse(node.place, path, *wrong) if wrong else node.text
