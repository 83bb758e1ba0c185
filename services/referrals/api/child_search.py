"""`/v1/children/search`: who may be meant. By POST: what is searched by stands in no URL or log."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from services.referrals.api.fields import Day, Name
from services.referrals.api.requests import Asked, IdentifierGiven
from services.referrals.api.views import View
from services.referrals.domain.child import Identifier
from services.referrals.domain.child_records import Records
from services.referrals.domain.child_search import POINTS, Candidate, MatchReason, Sought
from services.referrals.domain.codes import Sex
from services.referrals.service.child_searching import search
from shared.contracts.caller import Caller
from shared.http.callers import needs
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.strict_json import StrictJsonRoute

router = APIRouter(prefix="/v1/children", tags=["Children"], route_class=StrictJsonRoute)


class SearchRequest(Asked):
    """What is known of the child: an identifier, or two of both names and the date of birth."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"family_name": "Child", "date_of_birth": "2012-01-01", "sex": "F"}]
        }
    )

    identifiers: Annotated[list[IdentifierGiven], Field(default_factory=list, max_length=10)]
    given_name: Name | None = None
    family_name: Name | None = None
    date_of_birth: Day | None = None
    sex: Sex | None = None

    def as_sought(self) -> Sought:
        """For the rules."""
        return Sought(
            frozenset(Identifier(each.type, each.value) for each in self.identifiers),
            self.given_name,
            self.family_name,
            self.date_of_birth,
            self.sex,
        )


class MatchReasonView(View):
    """One thing that speaks for a candidate, or against."""

    code: MatchReason
    points: Annotated[int, Field(examples=[30])]


class CandidateView(View):
    """A child who may be the one. A person looks and decides."""

    child_id: UUID
    score: Annotated[int, Field(description="0 to 100; an exact identifier is 100.")]
    reasons: list[MatchReasonView]
    given_name: str | None
    family_name: str | None
    date_of_birth: date | None
    date_of_birth_estimated: bool
    sex: Sex | None
    team: str | None

    @classmethod
    def of(cls, candidate: Candidate, child: Records) -> Self:
        """The view of a candidate."""
        details = child.details
        return cls(
            child_id=child.child_id,
            score=candidate.score,
            reasons=[MatchReasonView(code=each, points=POINTS[each]) for each in candidate.reasons],
            given_name=details.given_name,
            family_name=details.family_name,
            date_of_birth=details.date_of_birth,
            date_of_birth_estimated=details.date_of_birth_estimated,
            sex=details.sex,
            team=child.access.team,
        )


class CandidateList(View):
    """Candidates among the children that you may see, the likeliest first, at most 20."""

    items: list[CandidateView]
    more: Annotated[bool, Field(description="There are more: say more of the child.")]


@router.post("/search", responses=problem_responses(413, 415))
def post_search(
    body: SearchRequest,
    caller: Annotated[Caller, needs("children:search")],
    connection: Connected,
) -> CandidateList:
    """Look for a child by what is known. Names are found as they sound; nothing is merged, and
    nothing follows from a high score."""
    found, more = search(connection, caller.sight, body.as_sought())
    return CandidateList(items=[CandidateView.of(*each) for each in found], more=more)
