"""A child as answered, with the rating in force."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from services.referrals.api import examples
from services.referrals.api.views import RatingView, View
from services.referrals.domain.child_records import Records
from services.referrals.domain.codes import Ethnicity, Sex
from services.referrals.domain.rating import Rating, in_words
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


class ChildView(View):
    """A child as known here."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CHILD]})

    id: UUID
    former_ids: Annotated[
        list[UUID],
        Field(description="Of the records merged into this one; they answer 303 to it."),
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
    access: AccessView
    current_rating: RatingView | None
    rating_in_words: Annotated[
        str, Field(description="How to read the rating.", examples=["no score yet"])
    ]

    @classmethod
    def of(cls, child: Records, rating: Rating | None) -> Self:
        """The view of a child, out of all records, with the rating in force."""
        details, access = child.details, child.access
        return cls(
            id=child.child_id,
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
            access=AccessView(
                team=access.team,
                restricted=access.restricted,
                staff_relative=access.staff_relative,
            ),
            current_rating=RatingView.of(rating),
            rating_in_words=in_words(rating),
        )
