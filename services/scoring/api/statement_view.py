"""What agencies' statements look like when they are answered."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.scoring.api.base import View
from services.scoring.store.statements import Stated


class StatementView(View):
    """One revision of a statement. With `withheld`, that there is one, and no more."""

    child_id: UUID | None = Field(
        None, description="the record it was sent for: one that was merged, where it is not this"
    )
    source: str | None = None
    source_ref: str | None = None
    revision: int | None = None
    agency: str | None = None
    code: str | None = None
    answer: str | None = None
    observed_on: date | None = None
    observed_until: date | None = None
    incident_ref: str | None = None
    recorded_at: datetime | None = None
    retracted: bool = False
    superseded: bool = False
    contested: Annotated[
        bool,
        Field(description="its numbers lead to another child, or to several: it counts for nobody"),
    ] = False
    withheld: bool = False


class Statements(View):
    """What agencies have said about a child, the latest day first."""

    child_id: UUID
    items: list[StatementView]


def statement_view(stated: Stated) -> StatementView:
    """A statement as it is answered; where it is withheld, that there is one, and no more."""
    if stated.withheld:
        return StatementView(withheld=True)
    said = stated.observation
    return StatementView(
        child_id=stated.child_id,
        source=said.source,
        source_ref=said.source_ref,
        revision=said.revision,
        agency=said.agency,
        code=said.code,
        answer=said.answer,
        observed_on=said.observed_on,
        observed_until=said.observed_until,
        incident_ref=said.incident_ref,
        recorded_at=stated.recorded_at,
        retracted=stated.retracted,
        superseded=stated.superseded,
        contested=stated.contested,
    )
