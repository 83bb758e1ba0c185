"""What callers send. Unknown fields are refused, and every value is bounded."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationInfo,
    field_validator,
)

from services.referrals.api import examples
from services.referrals.api.fields import (
    Day,
    LongReason,
    Name,
    Period,
    PersonId,
    Reason,
    Source,
    Summary,
    Team,
)
from services.referrals.domain.child import Details, GivenChild, Identifier
from services.referrals.domain.codes import Ethnicity, ReferralSource, Sex
from services.referrals.domain.commands import Given, SignpostDestination, SignpostOutcome
from services.referrals.domain.financial_year import financial_year
from services.referrals.domain.referral import GivenReferral, ReferralType
from services.referrals.domain.screening import Screening, ScreeningAnswer
from services.referrals.domain.scrutiny import CountedType, PublishedFigure
from services.referrals.domain.transitions import ReferralCommand
from services.referrals.service.reporting import GivenFigure
from shared.domain.access import AccessFacts
from shared.domain.identifiers import LONGEST, IdentifierType, spelled


class Asked(BaseModel):
    """A request body, or a part of one."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class IdentifierGiven(Asked):
    """A child's number in another system."""

    type: IdentifierType
    value: Annotated[str, Field(max_length=LONGEST + 20, examples=["9990000018"])]

    @field_validator("value")
    @classmethod
    def _spelled(cls, value: str, info: ValidationInfo) -> str:
        kind = info.data.get("type")  # absent when it was refused itself
        return value if kind is None else spelled(kind, value)


class AccessGiven(Asked):
    """What decides who may see a child. Of a child who is known already it can only narrow that."""

    team: Team | None = None
    restricted: StrictBool = False
    staff_relative: StrictBool = False


class ChildGiven(Asked):
    """A child as the sender knows the child. An exact identifier finds a known child; names and
    birth date never do."""

    identifiers: Annotated[list[IdentifierGiven], Field(max_length=10)] = []
    given_name: Name | None = None
    family_name: Name | None = None
    date_of_birth: Day | None = None
    date_of_birth_estimated: StrictBool = False
    expected_on: Annotated[
        Day | None,
        Field(description="For a child referred unborn; the date of birth may follow, or stand by"),
    ] = None
    sex: Sex | None = None
    ethnicity: Annotated[
        Ethnicity | None,
        Field(description="DfE code. Left out or null: not stated in the source, which isn't NOBT"),
    ] = None
    access: AccessGiven = AccessGiven()

    def as_given(self) -> GivenChild:
        """For the rules."""
        return GivenChild(
            frozenset(Identifier(i.type, i.value) for i in self.identifiers),
            Details(
                self.given_name,
                self.family_name,
                self.date_of_birth,
                self.date_of_birth_estimated,
                self.expected_on,
                self.sex,
                self.ethnicity,
            ),
            AccessFacts(self.access.team, self.access.restricted, self.access.staff_relative),
        )


class AnswerGiven(Asked):
    """An answer of a screening tool, under an observation code."""

    code: Annotated[
        str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$", description="As `GET /v1/codes` names it.")
    ]
    answer: Annotated[
        str,
        Field(
            pattern=r"^[ -~]{1,40}$",
            description="`yes`, `no`, `not_known`, an option of the code, or a number.",
        ),
    ]


class ScreeningGiven(Asked):
    """A screening tool as a professional filled it in."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SCREENING]})

    tool: Annotated[Name, Field(description="Which tool, and its edition.")]
    observed_on: Annotated[Day, Field(description="The day on which it was filled in.")]
    answers: Annotated[list[AnswerGiven], Field(min_length=1, max_length=200)]

    def as_given(self) -> Screening:
        """For the rules."""
        return Screening(
            self.tool,
            self.observed_on,
            tuple(ScreeningAnswer(each.code, each.answer) for each in self.answers),
        )


class ReferralFields(Asked):
    """What may be said of any referral, whole or not."""

    source_ref: Annotated[Name | None, Field(description="The sender's own reference.")] = None
    summary: Summary | None = None
    looked_after: Annotated[
        StrictBool | None,
        Field(description="Whether the child was looked after on that day; null: not stated."),
    ] = None
    over_18_reason: Annotated[
        LongReason | None,
        Field(description="Needed where the person was 18 or over on that day: why it is made."),
    ] = None
    child_id: UUID | None = None
    child: ChildGiven | None = None
    screening: Annotated[
        ScreeningGiven | None,
        Field(description="The screening tool that came with it: its answers count in the score."),
    ] = None


class ReferralRequest(ReferralFields):
    """A concern about one child: exactly one of `child_id` and `child`."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.REFERRAL_REQUEST]})

    type: ReferralType
    source: Annotated[
        ReferralSource, Field(description="DfE children in need census: referral source.")
    ]
    received_on: Annotated[Day, Field(description="The date in London; not in the future.")]

    def as_given(self) -> GivenReferral:
        """For the rules."""
        return GivenReferral(
            type=self.type,
            source=self.source,
            received_on=self.received_on,
            source_ref=self.source_ref,
            summary=self.summary,
            looked_after=self.looked_after,
            over_18_reason=self.over_18_reason,
            child_id=self.child_id,
            child=None if self.child is None else self.child.as_given(),
            screening=None if self.screening is None else self.screening.as_given(),
        )


class ReferralDraftRequest(ReferralFields):
    """As much of a referral as is known so far. What is there is looked at like that of a
    referral; what must be there is asked for once it is submitted."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.DRAFT_REQUEST]})

    type: ReferralType | None = None
    source: ReferralSource | None = None
    received_on: Day | None = None

    def as_sent(self) -> dict[str, Any]:
        """What was sent, and nothing filled in."""
        return self.model_dump(mode="json", exclude_unset=True)


class TransitionRequest(Asked):
    """A command, and what it takes."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.TRANSITION_REQUEST]})

    command: ReferralCommand
    reason: Annotated[
        Reason | None, Field(description="At least 20 characters for every decision.")
    ] = None
    to: Annotated[
        SignpostDestination | None,
        Field(description="For signpost: the Community Youth Team (cyt), or other."),
    ] = None
    service_name: Annotated[
        Name | None, Field(description="For signpost to other: which service.")
    ] = None
    worker: Annotated[
        PersonId | None, Field(description="For allocate: the person whose work it is.")
    ] = None
    team: Annotated[
        Team | None, Field(description="For allocate: the team that the worker is in.")
    ] = None
    duplicate_of: Annotated[
        UUID | None,
        Field(description="For mark_duplicate: the referral about the same child that stays."),
    ] = None
    outcome: Annotated[
        SignpostOutcome | None,
        Field(description="For record_outcome: what came of signposting."),
    ] = None
    decided_on: Annotated[
        Day | None,
        Field(
            description="The day in London on which it was decided, if that was before today; not "
            "before the referral was received or last moved."
        ),
    ] = None
    score_id: Annotated[
        UUID | None,
        Field(
            description="For escalate, accept, signpost, no_further_action and its proposal: the "
            "score that was looked at, or null, which states that none was."
        ),
    ] = None

    def as_given(self) -> Given:
        """For the rules, which tell a null score from none mentioned."""
        return Given(
            reason=self.reason,
            to=self.to,
            service_name=self.service_name,
            worker=self.worker,
            team=self.team,
            duplicate_of=self.duplicate_of,
            outcome=self.outcome,
            decided_on=self.decided_on,
            score_id=self.score_id,
            score_stated="score_id" in self.model_fields_set,
        )


class PublishedFigureRequest(Asked):
    """How many referrals of a type were reported to the public for a year, and where."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.FIGURE_REQUEST]})

    period: Period
    type: CountedType
    referrals: Annotated[StrictInt, Field(ge=0, le=1_000_000)]
    source: Annotated[Source, Field(description="Where it was published.")]
    reason: Annotated[LongReason, Field(description="Why it is entered or corrected.")]

    def as_given(self, revision_read: int | None) -> GivenFigure:
        """For the use case."""
        figure = PublishedFigure(self.referrals, self.source)
        year = financial_year(self.period)
        return GivenFigure(year, self.type, figure, self.reason, revision_read)
