"""A child as answered, with the rating in force."""

from collections.abc import Sized
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from services.referrals.api import examples
from services.referrals.api.views import RatingView, View
from services.referrals.domain.child import Child, Dates, LookedAfterPeriod, OtherName
from services.referrals.domain.child_records import Records
from services.referrals.domain.codes import (
    Disability,
    Ethnicity,
    EthnicitySource,
    LegalStatus,
    NameKind,
    Sex,
)
from services.referrals.domain.rating import Rating, in_words
from shared.domain.access import AccessFacts
from shared.domain.identifiers import IdentifierType
from shared.http.writes import About

MOST = 100
"""So many of a kind are shown: a child who has more has met a fault somewhere."""


class IdentifierView(View):
    """A child's number in another system."""

    type: IdentifierType
    value: str
    valid_from: date | None
    valid_until: Annotated[
        date | None, Field(description="It counts no more, but still finds the child.")
    ]


class OtherNameView(View):
    """A name beside the present one."""

    id: UUID
    kind: NameKind
    given_name: str | None
    family_name: str | None
    valid_from: date | None
    valid_until: date | None

    @classmethod
    def of(cls, name: OtherName) -> Self:
        """The view of a name."""
        return cls(
            id=name.name_id,
            kind=name.kind,
            given_name=name.given_name,
            family_name=name.family_name,
            valid_from=name.dates.valid_from,
            valid_until=name.dates.valid_until,
        )


class LookedAfterPeriodView(View):
    """A time of being looked after."""

    id: UUID
    legal_status: LegalStatus
    began_on: date
    ended_on: Annotated[date | None, Field(description="Null while it lasts.")]

    @classmethod
    def of(cls, period: LookedAfterPeriod) -> Self:
        """The view of a period."""
        return cls(
            id=period.period_id,
            legal_status=period.legal_status,
            began_on=period.began_on,
            ended_on=period.ended_on,
        )


class AccessView(View):
    """What decides who may see the child."""

    team: str | None
    restricted: bool
    staff_relative: bool

    @classmethod
    def of(cls, access: AccessFacts) -> Self:
        """The view of access facts."""
        return cls(
            team=access.team, restricted=access.restricted, staff_relative=access.staff_relative
        )


class MergedRecordView(View):
    """What was said of a record that is merged into this one."""

    id: UUID
    given_name: str | None
    family_name: str | None
    date_of_birth: date | None
    date_of_birth_estimated: bool
    sex: Sex | None
    ethnicity: Ethnicity | None

    @classmethod
    def of(cls, record: Child) -> Self:
        """The view of a merged record."""
        details = record.details
        return cls(
            id=record.child_id,
            given_name=details.given_name,
            family_name=details.family_name,
            date_of_birth=details.date_of_birth,
            date_of_birth_estimated=details.date_of_birth_estimated,
            sex=details.sex,
            ethnicity=details.ethnicity,
        )


class ChildView(View):
    """A child as known here."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CHILD]})

    id: UUID
    revision: Annotated[int, Field(description="The ETag, as a number.", examples=[1])]
    former_ids: Annotated[
        list[UUID],
        Field(description="Of the records merged into this one; they answer 303 to it."),
    ]
    merged_records: Annotated[
        list[MergedRecordView], Field(description="What each of them says by itself.")
    ]
    identifiers: list[IdentifierView]
    given_name: str | None
    family_name: str | None
    other_names: list[OtherNameView]
    date_of_birth: date | None
    date_of_birth_estimated: bool
    expected_on: Annotated[date | None, Field(description="For a child referred unborn.")]
    sex: Sex | None
    ethnicity: Annotated[
        Ethnicity | None, Field(description="DfE code; null: not stated in any source.")
    ]
    ethnicity_source: Annotated[EthnicitySource | None, Field(description="Who stated it.")]
    ethnicity_stated_on: date | None
    disabilities: Annotated[
        list[Disability] | None, Field(description="DfE codes; null: not stated, which isn't NONE.")
    ]
    looked_after: Annotated[
        bool | None, Field(description="Now; null: nothing is known of it, which isn't no.")
    ]
    looked_after_periods: list[LookedAfterPeriodView]
    more: Annotated[
        list[str],
        Field(
            description=f"Lists that are longer than {MOST}, of which this shows {MOST}: of names "
            "and periods the last. All of it stands in the history.",
            examples=[[]],
        ),
    ]
    access: AccessView
    current_rating: RatingView | None
    rating_in_words: Annotated[
        str, Field(description="How to read the rating.", examples=["no score yet"])
    ]

    @classmethod
    def of(cls, child: Records, rating: Rating | None) -> Self:
        """The view of a child, out of all records, with the rating in force."""
        details, merged = child.details, child.merged[:MOST]
        listed: dict[str, Sized] = {
            "former_ids": child.merged,
            "merged_records": child.merged,
            "identifiers": child.identifiers,
            "other_names": child.names,
            "looked_after_periods": child.looked_after_periods,
        }
        return cls(
            id=child.child_id,
            revision=child.revision,
            merged_records=[MergedRecordView.of(record) for record in merged],
            former_ids=[record.child_id for record in merged],
            identifiers=_identifiers(child)[:MOST],
            other_names=[OtherNameView.of(name) for name in child.names[-MOST:]],
            looked_after=child.looked_after,
            looked_after_periods=[
                LookedAfterPeriodView.of(period) for period in child.looked_after_periods[-MOST:]
            ],
            more=[name for name, all_of_them in listed.items() if len(all_of_them) > MOST],
            given_name=details.given_name,
            family_name=details.family_name,
            date_of_birth=details.date_of_birth,
            date_of_birth_estimated=details.date_of_birth_estimated,
            expected_on=details.expected_on,
            sex=details.sex,
            ethnicity=details.ethnicity,
            ethnicity_source=details.ethnicity_source,
            ethnicity_stated_on=details.ethnicity_stated_on,
            disabilities=None if details.disabilities is None else sorted(details.disabilities),
            access=AccessView.of(child.access),
            current_rating=RatingView.of(rating),
            rating_in_words=in_words(rating),
        )


ITSELF = About(("id",))


def _identifiers(child: Records) -> list[IdentifierView]:
    dates = child.identifier_dates
    return [
        IdentifierView(
            type=each.type,
            value=each.value,
            valid_from=dates.get(each, Dates()).valid_from,
            valid_until=dates.get(each, Dates()).valid_until,
        )
        for each in sorted(child.identifiers)
    ]
