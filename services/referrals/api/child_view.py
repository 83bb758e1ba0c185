"""A child as answered, with the rating in force."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from services.referrals.api import examples
from services.referrals.api.views import RatingView, View
from services.referrals.domain.child import Child
from services.referrals.domain.child_records import Records
from services.referrals.domain.codes import Disability, Ethnicity, EthnicitySource, Sex
from services.referrals.domain.rating import Rating, in_words
from shared.domain.access import AccessFacts
from shared.domain.identifiers import IdentifierType


class IdentifierView(View):
    """A child's number in another system."""

    type: IdentifierType
    value: str


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
    access: AccessView
    current_rating: RatingView | None
    rating_in_words: Annotated[
        str, Field(description="How to read the rating.", examples=["no score yet"])
    ]

    @classmethod
    def of(cls, child: Records, rating: Rating | None) -> Self:
        """The view of a child, out of all records, with the rating in force."""
        details = child.details
        return cls(
            id=child.child_id,
            revision=child.revision,
            merged_records=[MergedRecordView.of(record) for record in child.merged],
            former_ids=[record.child_id for record in child.merged],
            identifiers=[
                IdentifierView(type=i.type, value=i.value) for i in sorted(child.identifiers)
            ],
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
