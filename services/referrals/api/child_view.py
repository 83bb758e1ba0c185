"""A child as answered, with the rating in force."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from services.referrals.api import examples
from services.referrals.api.views import RatingView, View
from services.referrals.domain.child import Child
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
    def of(cls, child: Child, rating: Rating | None) -> Self:
        """The view of a child with the rating in force."""
        return cls(
            id=child.child_id,
            identifiers=[
                IdentifierView(type=i.type, value=i.value) for i in sorted(child.identifiers)
            ],
            given_name=child.details.given_name,
            family_name=child.details.family_name,
            date_of_birth=child.details.date_of_birth,
            date_of_birth_estimated=child.details.date_of_birth_estimated,
            expected_on=child.details.expected_on,
            sex=child.details.sex,
            ethnicity=child.details.ethnicity,
            access=AccessView(
                team=child.access.team,
                restricted=child.access.restricted,
                staff_relative=child.access.staff_relative,
            ),
            current_rating=RatingView.of(rating),
            rating_in_words=in_words(rating),
        )
