"""A version of the weights (`riskmodel/1`) as the engine reads it.

Points are integers scaled by the model's `decimals`. What is keyed in the file is sorted here, so
that the order of keys never changes an answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.scoring.domain.dates import Duration
from services.scoring.domain.evidence import Evidence

Kind = Literal["harm", "risk", "vulnerability", "protective", "context"]
KINDS: tuple[Kind, ...] = ("harm", "risk", "vulnerability", "protective", "context")
Status = Literal["complete", "provisional", "incomplete", "not_applicable"]
AnswerKind = Literal["yes_no", "choice", "number"]


# What turns answers into points


@dataclass(frozen=True, slots=True)
class Window:
    """Ages of a yes, half open: `from: P0M, to: P6M` holds (as_of - 6 months, as_of]."""

    from_: Duration
    to: Duration | None  # None: no end, "ever"
    points: int


@dataclass(frozen=True, slots=True)
class Range:
    """from_ <= value < below; None is an open end. Whole events or years, or millionths."""

    from_: int | None
    below: int | None
    points: int

    def holds(self, value: int) -> bool:
        return (self.from_ is None or self.from_ <= value) and (
            self.below is None or value < self.below
        )


@dataclass(frozen=True, slots=True)
class FlagState:
    """A yes or no that stands until another answer: the latest day counts."""

    points: int
    within: Duration | None


@dataclass(frozen=True, slots=True)
class FlagEvents:
    """Something that happens: every window that holds a yes gives its points, once."""

    windows: tuple[Window, ...]
    absence: str | None  # the agency whose fresh feed makes silence a no


@dataclass(frozen=True, slots=True)
class Each:
    """Points for each event, up to a limit."""

    points: int
    at_most: int


@dataclass(frozen=True, slots=True)
class Count:
    """Something that happens, counted by event."""

    weights: Each | tuple[Range, ...]
    within: Duration | None
    absence: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several words; the latest day counts."""

    options: Mapping[str, int]
    within: Duration | None


@dataclass(frozen=True, slots=True)
class Number:
    """A measure, exact to six decimals; the latest day counts."""

    ranges: tuple[Range, ...]
    within: Duration | None


@dataclass(frozen=True, slots=True)
class Age:
    """The child's age in whole years."""

    ranges: tuple[Range, ...]


State = FlagState | Choice | Number
"""What stands until another answer."""
Answer = FlagState | FlagEvents | Count | Choice | Number | Age


# Conditions; each can also be not known


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class CodeIs:
    """An indicator that reads the code sees this answer."""

    code: str
    answer: str


@dataclass(frozen=True, slots=True)
class AgeBelow:
    years: int


@dataclass(frozen=True, slots=True)
class Present:
    """Any of the indicators is present; with `within`, by evidence no older than that."""

    indicators: tuple[str, ...]
    kind: Kind | None  # set when the file names the indicators by their kind
    within: Duration | None


@dataclass(frozen=True, slots=True)
class SinglePointsFrom:
    """Any one indicator gives at least so many points, before groups."""

    points: int


Condition = All | Any | CodeIs | AgeBelow | Present | SinglePointsFrom


# The model


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of the model. `least` and `most` bound what it can give, nothing included."""

    id: str
    title: str
    kind: Kind
    group: str | None
    held_by: tuple[str, ...]
    reads: str | None  # the observation code; None for an age
    answer: Answer
    when: Condition | None
    reference: str | None
    review_by: date | None
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Group:
    """Indicators weighed together: their sum, up to a cap, or the highest of them."""

    id: str
    combine: Literal["sum", "max"]
    cap: int | None


@dataclass(frozen=True, slots=True)
class Band:
    """A level of risk; `from_` None is reached only through a floor."""

    id: str
    from_: int | None
    title: str | None
    definition: str | None
    review_within: Duration | None
    suggests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Floor:
    """Lifts the band, never the points."""

    id: str
    band: str
    reason: str
    when: Condition


@dataclass(frozen=True, slots=True)
class AgeLimits:
    """Whole years; either end may be open, but nobody is scored before birth."""

    from_: int | None
    below: int | None

    @property
    def least(self) -> int:
        """Below 0 the child is not yet born."""
        return max(self.from_ or 0, 0)

    @property
    def somebody(self) -> bool:
        """Whether any age lies in them."""
        return self.hold(self.least)

    def hold(self, age: int) -> bool:
        return self.least <= age and (self.below is None or age < self.below)


@dataclass(frozen=True, slots=True)
class Completeness:
    """What must be known for a `complete` score; `min_known` None means every indicator."""

    required: tuple[str, ...]
    min_known: int | None
    otherwise: Literal["provisional", "incomplete"]


@dataclass(frozen=True, slots=True)
class Change:
    kind: Literal["new", "recalibration", "correction", "rollback"]
    reason: str
    reference: str | None


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a golden case demands: the fields of the answer it names, in canonical text."""

    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """A synthetic child, worked by hand, that every later engine must score the same."""

    name: str
    as_of: date
    evidence: Evidence
    nearest: bool
    expect: Expectation


@dataclass(frozen=True, slots=True)
class ReadCode:
    """An observation code as this model reads it; the options of a yes_no code are yes and no."""

    kind: AnswerKind
    options: frozenset[str]
    held_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ages:
    """At which ages evidence under a code starts to count, and at which it stops."""

    starts: tuple[Duration, ...]
    stops: tuple[Duration, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A loaded version; itself alone, as two versions are compared by their documents."""

    name: str
    title: str
    purpose: str
    change: Change
    effective_from: date
    decimals: int
    applies: AgeLimits
    indicators: tuple[Indicator, ...]
    groups: Mapping[str, Group]
    bands: tuple[Band, ...]
    band_map: Mapping[str, str]
    floors: tuple[Floor, ...]
    completeness: Completeness
    golden: tuple[GoldenCase, ...]
    codes: Mapping[str, ReadCode]
    readers: Mapping[str, tuple[int, ...]]  # of each code, in `indicators`, by `when` too
    age_readers: tuple[int, ...]
    members: Mapping[str, tuple[int, ...]]  # of each group, in `indicators`
    ages: Mapping[str, Ages]  # of each code
    watched: frozenset[str]  # codes whose evidence a floor looks at itself
    absences: frozenset[str]  # agencies from whose silence an indicator concludes no
    ids: tuple[str, ...]  # of `indicators`
    places: Mapping[str, int]  # of each band, in `bands`
    band_starts: tuple[tuple[int, int], ...]  # (least points, place in `bands`), rising
