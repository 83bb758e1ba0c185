"""The scrutiny report: the referrals of a year, counted by quarter, age, sex and so on.

`DIMENSIONS` is the report. A line of a table stands there whether or not anybody is counted in
it, so that a zero is a zero.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.referrals.domain.codes import ETHNICITY_TITLES, SEX_TITLES, Ethnicity, Sex
from services.referrals.domain.commands import SignpostDestination
from services.referrals.domain.financial_year import FinancialYear, quarter_of
from services.referrals.domain.referral import ReferralType
from services.referrals.domain.transitions import ReferralStatus
from shared.domain.ages import age_on

NOT_STATED = "Not stated in source"


class CountedType(StrEnum):
    """Which referrals are counted: of exactly one type, or all. `both` is a type of its own: a
    referral about sexual and criminal exploitation counts under neither `cse` nor `cce`."""

    CSE = "cse"
    CCE = "cce"
    BOTH = "both"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class CountedReferral:
    """What the report looks at of a referral and its child. None: not stated in the source."""

    type: ReferralType
    received_on: date
    status: ReferralStatus
    signposted_to: SignpostDestination | None = None
    looked_after: bool | None = None
    born_on: date | None = None
    expected_on: date | None = None
    sex: Sex | None = None
    ethnicity: Ethnicity | None = None


@dataclass(frozen=True, slots=True)
class Dimension:
    """One table of the report: its lines by code, and the line that a referral belongs to."""

    name: str
    lines: Mapping[str | None, str]
    line_of: Callable[[CountedReferral], str | None]


# The first age beyond each band, in rising order.
_BANDS = ((10, "under_10"), (14, "10-13"), (17, "14-16"), (20, "17-19"), (22, "20-21"))


def age_band(referral: CountedReferral) -> str:
    """The band of the age on the day of the referral."""
    if referral.born_on is None:
        return "unknown" if referral.expected_on is None else "unborn"
    age = age_on(referral.received_on, referral.born_on)
    if age is None:
        return "unborn"
    return next((band for below, band in _BANDS if age < below), "22_and_over")


def outcome(referral: CountedReferral) -> str:
    """What the referral has come to so far."""
    match referral.status:
        case ReferralStatus.SIGNPOSTED:
            return f"signposted_{referral.signposted_to}"
        case (
            ReferralStatus.RECEIVED | ReferralStatus.IN_TRIAGE | ReferralStatus.AWAITING_INFORMATION
        ):
            return "not_decided"
        case settled:
            return settled


def _or_not_stated(titles: Mapping[str, str]) -> Mapping[str | None, str]:
    return {**dict[str | None, str](titles.items()), None: NOT_STATED}


DIMENSIONS: Sequence[Dimension] = (
    Dimension(
        "quarter",
        {
            "Q1": "April to June",
            "Q2": "July to September",
            "Q3": "October to December",
            "Q4": "January to March",
        },
        lambda referral: quarter_of(referral.received_on),
    ),
    Dimension(
        "age_band",
        {
            "unborn": "Not born yet",
            "under_10": "Under 10",
            "10-13": "10 to 13",
            "14-16": "14 to 16",
            "17-19": "17 to 19",
            "20-21": "20 to 21",
            "22_and_over": "22 and over",
            "unknown": "Date of birth not known",
        },
        age_band,
    ),
    Dimension("sex", _or_not_stated(SEX_TITLES), lambda referral: referral.sex),
    Dimension("ethnicity", _or_not_stated(ETHNICITY_TITLES), lambda referral: referral.ethnicity),
    Dimension(
        "looked_after",
        {"yes": "Looked after", "no": "Not looked after", None: NOT_STATED},
        lambda referral: {True: "yes", False: "no", None: None}[referral.looked_after],
    ),
    Dimension(
        "outcome",
        {
            "allocated": "Allocated to a worker",
            "signposted_cyt": "Signposted to the Community Youth Team",
            "signposted_other": "Signposted to another service",
            "no_further_action": "No further action",
            "duplicate": "Duplicate of another referral",
            "withdrawn": "Withdrawn",
            "escalated": "Escalated, not taken on yet",
            "accepted": "Accepted, not allocated yet",
            "not_decided": "Not decided yet",
        },
        outcome,
    ),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """A total, and by dimension and line how many of it."""

    total: int
    tables: Mapping[str, Mapping[str | None, int]]


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """How many referrals of a type were reported to the public for a year, and where."""

    referrals: int
    source: str


@dataclass(frozen=True, slots=True)
class FigureRevision:
    """A published figure as a person entered it. The newest revision counts."""

    period: str
    type: CountedType
    revision: int
    figure: PublishedFigure
    reason: str
    client_id: str
    person_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """A year of the report. `counts` is None for a year without records: nothing was counted, so
    nothing is zero."""

    year: FinancialYear
    counts: Counts | None
    published: PublishedFigure | None


def count(referrals: Sequence[CountedReferral]) -> Counts:
    """Every table over the same referrals: each adds up to the total."""
    return Counts(
        len(referrals),
        {
            dimension.name: {
                **dict.fromkeys(dimension.lines, 0),
                **Counter(map(dimension.line_of, referrals)),
            }
            for dimension in DIMENSIONS
        },
    )


def figures(
    year: FinancialYear,
    wanted: CountedType,
    referrals: Sequence[CountedReferral],
    published: PublishedFigure | None,
) -> Figures:
    """The figures of a year out of the referrals of any years and types.

    A year in which nothing of any type was recorded has no counts. Nor has one with a published
    figure and no referral of that type: the figure says that they are recorded elsewhere.
    """
    of_year = [r for r in referrals if year.first_day <= r.received_on <= year.last_day]
    counted = [r for r in of_year if wanted in {r.type, CountedType.ALL}]
    recorded = bool(counted) or (bool(of_year) and published is None)
    return Figures(year, count(counted) if recorded else None, published)
