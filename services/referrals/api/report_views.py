"""The scrutiny report as answered. It identifies nobody: no id of a child or referral is in it."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field

from services.referrals.api import examples
from services.referrals.api.views import View
from services.referrals.domain.scrutiny import (
    DIMENSIONS,
    CountedType,
    Dimension,
    FigureRevision,
    Figures,
    PublishedFigure,
)
from services.referrals.service.reporting import Report

NOT_AVAILABLE: Literal["not available"] = "not available"

Count = Annotated[
    int | Literal["not available"],
    Field(description="How many; `not available` where nothing was counted, which isn't zero."),
]


class PublishedView(View):
    """A figure that was reported to the public."""

    referrals: int
    source: str

    @classmethod
    def of(cls, figure: PublishedFigure | None) -> Self | None:
        """The view of a figure, if there is one."""
        return None if figure is None else cls(referrals=figure.referrals, source=figure.source)


class YearView(View):
    """A year's total, and what it rests on."""

    period: Annotated[str, Field(examples=["2020-21"])]
    first_day: date
    last_day: date
    basis: Annotated[
        Literal["records", "published", "none"],
        Field(description="records: counted here. published: what was reported. none: neither."),
    ]
    total: Count
    published: Annotated[
        PublishedView | None, Field(description="What was reported for this year, if entered.")
    ]

    @classmethod
    def of(cls, figures: Figures) -> Self:
        """The view of a year."""
        basis: Literal["records", "published", "none"] = "none"
        total: Count = NOT_AVAILABLE
        if figures.counts is not None:
            basis, total = "records", figures.counts.total
        elif figures.published is not None:
            basis, total = "published", figures.published.referrals
        return cls(
            period=figures.year.label,
            first_day=figures.year.first_day,
            last_day=figures.year.last_day,
            basis=basis,
            total=total,
            published=PublishedView.of(figures.published),
        )


class LineView(View):
    """A line of a table: a code (null: not stated in the source) in both years."""

    code: str | None
    title: str
    year: Count
    year_before: Count


class TablesView(View):
    """The tables. In each the lines of a year add up to its total."""

    quarter: list[LineView]
    age_band: Annotated[list[LineView], Field(description="By the age on the day of the referral.")]
    sex: list[LineView]
    ethnicity: list[LineView]
    looked_after: Annotated[list[LineView], Field(description="As it was at the referral.")]
    outcome: Annotated[list[LineView], Field(description="As the referrals stand now.")]


class ScrutinyReport(View):
    """Referrals of a financial year by the day on which they were received, the year before
    beside it."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SCRUTINY_REPORT]})

    type: CountedType
    every_child_counted: Annotated[
        bool, Field(description="False where there may be children outside what you may see.")
    ]
    year: YearView
    year_before: YearView
    tables: TablesView

    @classmethod
    def of(cls, report: Report) -> Self:
        """The view of a report."""
        return cls(
            type=report.type,
            every_child_counted=report.every_child,
            year=YearView.of(report.year),
            year_before=YearView.of(report.year_before),
            tables=TablesView(**{each.name: _lines(each, report) for each in DIMENSIONS}),
        )


def _lines(dimension: Dimension, report: Report) -> list[LineView]:
    def cell(figures: Figures, code: str | None) -> Count:
        counts = figures.counts
        return NOT_AVAILABLE if counts is None else counts.tables[dimension.name][code]

    return [
        LineView(
            code=code,
            title=title,
            year=cell(report.year, code),
            year_before=cell(report.year_before, code),
        )
        for code, title in dimension.lines.items()
    ]


class PublishedFigureView(View):
    """A figure as it was entered. The newest revision counts; the earlier ones are kept."""

    period: str
    type: CountedType
    revision: int
    referrals: int
    source: str
    reason: str
    entered_by: Annotated[str, Field(description="The person.", examples=["p-0001"])]
    entered_at: datetime

    @classmethod
    def of(cls, revision: FigureRevision) -> Self:
        """The view of a revision."""
        return cls(
            period=revision.period,
            type=revision.type,
            revision=revision.revision,
            referrals=revision.figure.referrals,
            source=revision.figure.source,
            reason=revision.reason,
            entered_by=revision.person_id,
            entered_at=revision.at,
        )
