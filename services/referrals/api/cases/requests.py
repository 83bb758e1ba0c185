"""What callers send about a case. Each record has a correction that states it whole."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field, StrictBool

from services.referrals.api.fields import Day, LongReason, Name, PersonId, Reason, Summary
from services.referrals.api.requests import Asked
from services.referrals.domain.cases.case import RecordKind
from services.referrals.domain.cases.transitions import CaseCommand, CaseGiven
from services.referrals.domain.cases.words import (
    ActionState,
    Attendance,
    ContactKind,
    HealthKind,
    Priority,
)
from services.referrals.service.cases.recording import GivenRecord
from shared.http.fields import Instant

_REASON = "The plan was talked through with the child and the carer."


def _examples(*bodies: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": list(bodies)})


_CONTACT: dict[str, Any] = {
    "on": "2026-06-01",
    "at": "2026-06-01T15:30:00Z",
    "kind": "walk",
    "attendance": "attended",
    "with_whom": ["child"],
    "by": "p-0001",
    "note": "We walked along the river and spoke about school.",
}


_PLAN: dict[str, Any] = {
    "on": "2026-06-01",
    "aims": "Safe ways home, and time with trusted adults.",
    "child_view": "I want to see my youth worker on Fridays.",
    "review_on": "2026-07-01",
}


_ACTION: dict[str, Any] = {
    "on": "2026-06-01",
    "what": "Ask the school for a quiet room at lunch.",
    "owner": "p-0001",
    "agency": "education",
    "due_on": "2026-06-08",
    "priority": "high",
}


_PLAN_REVIEW: dict[str, Any] = {
    "on": "2026-06-29",
    "plan_id": "019e8200-0000-7000-8000-000000000004",
    "summary": "Home by nine on most evenings; Fridays go well.",
    "next_review_on": "2026-08-01",
}


_HEALTH: dict[str, Any] = {
    "on": "2026-06-02",
    "kind": "health_assessment",
    "attendance": "attended",
    "by": "p-nurse",
    "note": "Talked about sleep; an appointment with the GP was made together.",
}


class CaseRequest(Asked):
    """Opens the case of an accepted referral."""

    model_config = _examples(
        {"referral_id": "019e8200-0000-7000-8000-000000000001", "reason": _REASON}
    )

    referral_id: UUID
    reason: LongReason


class CaseTransitionRequest(Asked):
    """A command, and what it takes."""

    model_config = _examples(
        {
            "command": "propose_step_down",
            "reason": _REASON,
            "next_check_on": "2026-07-01",
            "score_id": None,
        }
    )

    command: CaseCommand
    reason: Annotated[Reason | None, Field(description="At least 20 characters.")] = None
    next_check_on: Annotated[
        Day | None, Field(description="For proposals: when somebody looks again.")
    ] = None
    authority: Annotated[
        Name | None, Field(description="For propose_transfer: the authority that takes over.")
    ] = None
    score_id: Annotated[
        UUID | None, Field(description="The score that was looked at; null: none was.")
    ] = None

    def as_given(self) -> CaseGiven:
        """For the rules, which tell a null score from none mentioned."""
        return CaseGiven(
            self.reason,
            self.next_check_on,
            self.authority,
            self.score_id,
            "score_id" in self.model_fields_set,
        )


class RecordGiven(Asked):
    """What all records share."""

    on: Annotated[Day, Field(description="The day in London; not in the future.")]

    def as_given(self, kind: RecordKind) -> GivenRecord:
        """For the use case."""
        sent = self.model_dump(mode="json", exclude={"on", "reason", "withdrawn"})
        reason: str | None = getattr(self, "reason", None)
        withdrawn: bool = getattr(self, "withdrawn", False)
        return GivenRecord(kind, self.on, sent, reason, withdrawn)


class ContactRequest(RecordGiven):
    """A contact with the child, also one that did not come about."""

    model_config = _examples(_CONTACT)

    kind: ContactKind
    attendance: Attendance
    at: Annotated[Instant | None, Field(description="When it began, if known.")] = None
    with_whom: Annotated[tuple[Name, ...], Field(min_length=1, max_length=10)] = ("child",)
    by: PersonId
    note: Summary | None = None


class PlanRequest(RecordGiven):
    """What is to become better, for whom, and when it is looked at again."""

    model_config = _examples(_PLAN)

    aims: Summary
    child_view: Annotated[Summary | None, Field(description="In the child's own words.")] = None
    review_on: Day


class ActionRequest(RecordGiven):
    """Something to be done, by somebody, by a day. `on`: the day it was agreed."""

    model_config = _examples(_ACTION)

    what: Summary
    owner: PersonId
    agency: Name
    due_on: Day
    priority: Priority
    plan_id: UUID | None = None
    state: ActionState = ActionState.OPEN
    outcome: Annotated[Summary | None, Field(description="What came of it.")] = None


class PlanReviewRequest(RecordGiven):
    """A look at a plan: what has changed."""

    model_config = _examples(_PLAN_REVIEW)

    plan_id: UUID
    summary: Summary
    child_view: Summary | None = None
    next_review_on: Day | None = None


class HealthRequest(RecordGiven):
    """What the specialist nurse did, or support around a sexual assault referral centre."""

    model_config = _examples(_HEALTH)

    kind: HealthKind
    attendance: Attendance
    by: PersonId
    note: Summary | None = None
    follow_up_on: Day | None = None


class _Correction(Asked):
    reason: Annotated[LongReason, Field(description="Why it is changed.")]
    withdrawn: Annotated[StrictBool, Field(description="It was entered by mistake.")] = False


class ContactCorrection(ContactRequest, _Correction):
    """A contact as it really was."""

    model_config = _examples({**_CONTACT, "reason": _REASON})


class PlanCorrection(PlanRequest, _Correction):
    """A plan as it should be now."""

    model_config = _examples({**_PLAN, "reason": _REASON})


class ActionCorrection(ActionRequest, _Correction):
    """An action as it stands now, such as done with its outcome."""

    model_config = _examples({**_ACTION, "reason": _REASON})


class PlanReviewCorrection(PlanReviewRequest, _Correction):
    """A review as it really was."""

    model_config = _examples({**_PLAN_REVIEW, "reason": _REASON})


class HealthCorrection(HealthRequest, _Correction):
    """A record of the nurse as it should be."""

    model_config = _examples({**_HEALTH, "reason": _REASON})
