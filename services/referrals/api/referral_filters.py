"""The filters of `GET /v1/referrals`, for a route's signature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import AfterValidator

from services.referrals.api.fields import Day, PersonId, Team
from services.referrals.domain.codes import ReferralSource
from services.referrals.domain.listing import WantedReferrals
from services.referrals.domain.references import spelled_reference
from services.referrals.domain.referral import Referral, ReferralType
from services.referrals.domain.transitions import ReferralStatus
from shared.domain.london import london_date
from shared.http.paging import Page
from shared.http.service import service_of
from shared.storage.journal import ANY_EPOCH, Head

BEGINNING = "beginning"
ReferenceAsked = Annotated[
    str,
    AfterValidator(spelled_reference),
    Query(max_length=30, description="What people call it; a mistyped one is refused."),
]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list asks for. `since`: only what changed behind this place in the journal."""

    wanted: WantedReferrals
    since: Head | None
    asked: Mapping[str, str | None]
    """As they were asked, for the `Link` of the next page."""

    def behind(self, paging: Page) -> Sequence[date | UUID] | None:
        """Behind which referral the page begins, in the order of the list."""
        return paging.after(_by_receipt if self.wanted.by_receipt else _by_recording)

    def key_of(self, last: Referral) -> Sequence[str]:
        """What the cursor says of the last referral of a page."""
        day = [last.received_on.isoformat()] if self.wanted.by_receipt else []
        return [*day, str(last.referral_id)]


def _by_recording(referral_id: str) -> Sequence[date | UUID]:
    return [UUID(referral_id)]


def _by_receipt(received_on: str, referral_id: str) -> Sequence[date | UUID]:
    return [date.fromisoformat(received_on), UUID(referral_id)]


def _filters(  # noqa: PLR0913  # each by its name
    request: Request,
    status: Annotated[ReferralStatus | None, Query()] = None,
    type: Annotated[ReferralType | None, Query()] = None,  # noqa: A002  # the parameter's name
    source: Annotated[ReferralSource | None, Query(description="DfE: who raised it.")] = None,
    team: Annotated[Team | None, Query(description="The child's team.")] = None,
    worker: Annotated[PersonId | None, Query(description="Whose work it is now.")] = None,
    received_from: Annotated[Day | None, Query(description="On this day or later.")] = None,
    received_to: Annotated[Day | None, Query(description="On this day or before.")] = None,
    overdue: Annotated[bool, Query(description="Only what is late today.")] = False,
    reference: ReferenceAsked | None = None,
    duplicate_of: Annotated[UUID | None, Query(description="Its duplicates.")] = None,
    updated_since: Annotated[
        str | None,
        Query(
            pattern=rf"^({BEGINNING}|[0-9a-f-]{{36}}:[0-9]{{1,18}})$",
            description="For systems that keep up: only what changed since, the earliest change "
            "first. Send back `updated_until` of the answer before, word for word; "
            f"`{BEGINNING}` asks for everything.",
        ),
    ] = None,
) -> Filters:
    today = london_date(service_of(request).clock())
    wanted = WantedReferrals(
        status=status,
        type=type,
        source=source,
        team=team,
        worker=worker,
        received_from=received_from,
        received_to=received_to,
        overdue_on=today if overdue else None,
        reference=reference,
        duplicate_of=duplicate_of,
    )
    asked = {
        "status": status,
        "type": type,
        "source": source,
        "team": team,
        "worker": worker,
        "received_from": None if received_from is None else received_from.isoformat(),
        "received_to": None if received_to is None else received_to.isoformat(),
        "overdue": "true" if overdue else None,
        "reference": reference,
        "duplicate_of": None if duplicate_of is None else str(duplicate_of),
        "updated_since": updated_since,
    }
    return Filters(wanted, None if updated_since is None else _place(updated_since), asked)


def _place(updated_since: str) -> Head:
    if updated_since == BEGINNING:
        return Head(ANY_EPOCH, 0)
    epoch, position = updated_since.split(":")
    return Head(epoch, int(position))


ReferralFilters = Annotated[Filters, Depends(_filters)]
