"""The scrutiny report, and the figures of years that were reported before Amber knew them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from services.referrals.domain.financial_year import FinancialYear
from services.referrals.domain.obstacles import PersonRequiredError
from services.referrals.domain.scrutiny import (
    CountedType,
    FigureRevision,
    Figures,
    PublishedFigure,
    figures,
)
from services.referrals.service.acting import actor
from services.referrals.store import reporting
from services.referrals.store.reporting import EnteredMeanwhileError
from shared.contracts.caller import Caller
from shared.domain.access import RESTRICTED, STAFF_RELATIVE, Sight
from shared.domain.errors import ChangedMeanwhileError, FieldError, InvalidError, StateError
from shared.domain.london import london_date
from shared.storage.writing import Writing

FIGURE_PUBLISHED = "report.figure_published"


class FigureChangedMeanwhileError(StateError):
    """Two people entered the same figure at once."""

    code = "changed_meanwhile"


@dataclass(frozen=True, slots=True)
class Report:
    """A year, the year before it, and whether every child is counted in them."""

    type: CountedType
    year: Figures
    year_before: Figures
    every_child: bool


@dataclass(frozen=True, slots=True)
class GivenFigure:
    """A published figure as somebody enters it."""

    year: FinancialYear
    type: CountedType
    figure: PublishedFigure
    reason: str
    revision_read: int | None


def scrutiny(
    connection: Connection, sight: Sight, year: FinancialYear, wanted: CountedType
) -> Report:
    """The report over the children in sight."""
    before = year.before
    referrals = reporting.received_between(connection, sight, before.first_day, year.last_day)
    published = reporting.published(connection, (year.label, before.label), wanted)
    return Report(
        wanted,
        figures(year, wanted, referrals, published.get(year.label)),
        figures(before, wanted, referrals, published.get(before.label)),
        every_child=sight.teams is None and sight.clearances >= {RESTRICTED, STAFF_RELATIVE},
    )


def begun(year: FinancialYear, today: date, where: str) -> FinancialYear:
    """The year, if it has begun. Raises `InvalidError` if not."""
    if year.first_day > today:
        raise InvalidError(
            [FieldError("/period", "in_the_future", "Write a year that has begun.", where=where)]
        )
    return year


def publish(transaction: Writing, caller: Caller, given: GivenFigure) -> FigureRevision:
    """Enter a figure, or correct one: the newest revision counts, the earlier ones stay.

    Raises:
        PersonRequiredError: no person enters it.
        InvalidError: the year has not begun.
        ChangedMeanwhileError: it isn't the revision that the caller read.
        FigureChangedMeanwhileError: somebody else entered one at the same time.
    """
    by = actor(caller)
    if by.person_id is None:
        raise PersonRequiredError("A person enters a published figure; sign in as one.")
    begun(given.year, london_date(transaction.now), "body")
    period = given.year.label
    last = reporting.last_revision(transaction.connection, period, given.type)
    if given.revision_read not in {None, last}:
        raise ChangedMeanwhileError("The figure was corrected since you read it.")
    new = FigureRevision(
        period=period,
        type=given.type,
        revision=last + 1,
        figure=given.figure,
        reason=given.reason,
        client_id=by.client_id,
        person_id=by.person_id,
        at=transaction.now,
    )
    entry_id = transaction.record(
        FIGURE_PUBLISHED,
        {
            "period": new.period,
            "type": new.type,
            "revision": new.revision,
            "referrals": new.figure.referrals,
            "source": new.figure.source,
            "reason": new.reason,
            "client_id": new.client_id,
            "person_id": new.person_id,
        },
    )
    try:
        reporting.add_figure(transaction.connection, new, entry_id)
    except EnteredMeanwhileError:
        raise FigureChangedMeanwhileError(
            "Somebody else entered this figure at the same time; read the report again."
        ) from None
    return new
