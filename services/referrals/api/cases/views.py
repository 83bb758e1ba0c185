"""A case and its records as answered. A child reads them one day."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from services.referrals.api.views import RatingView, View
from services.referrals.domain.cases.case import Case, Record, RecordKind
from services.referrals.domain.cases.transitions import CaseCommand, CaseMoved, CaseStatus
from services.referrals.domain.referral import ReferralType


class CaseView(View):
    """A case as it stands."""

    id: UUID
    child_id: UUID
    referral_id: UUID
    type: ReferralType
    opened_at: datetime
    status: CaseStatus
    revision: Annotated[int, Field(description="The ETag, as a number.", examples=[1])]
    next_check_on: Annotated[date | None, Field(description="When somebody looks again.")]
    authority: Annotated[str | None, Field(description="Who took over, if another authority did.")]
    last_command: Annotated[str, Field(examples=["propose_step_down"])]
    last_by: str
    allowed: Annotated[
        list[CaseCommand] | None,
        Field(description="The commands that you may give now; null in a list."),
    ] = None
    withheld: Annotated[
        list[str],
        Field(
            description="What is there and you may not see: `health`. In a list it says `health` "
            "whether there is any or not.",
            examples=[["health"]],
        ),
    ]

    @classmethod
    def of(cls, case: Case, *, allowed: list[CaseCommand] | None = None, withheld: bool) -> Self:
        """The view of a case."""
        return cls(
            id=case.case_id,
            child_id=case.child_id,
            referral_id=case.referral_id,
            type=case.type,
            opened_at=case.opened_at,
            status=case.status,
            revision=case.revision,
            next_check_on=case.next_check_on,
            authority=case.authority,
            last_command=case.last.command,
            last_by=case.last.by.person_id or case.last.by.client_id,
            allowed=allowed,
            withheld=["health"] if withheld else [],
        )


class CaseList(View):
    """A page of cases, newest first. The `Link` header leads to the next one."""

    items: list[CaseView]


class CaseHistoryItem(View):
    """One move of a case."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    revision: int
    at: datetime
    command: str
    from_status: Annotated[CaseStatus | None, Field(alias="from")]
    to_status: Annotated[CaseStatus, Field(alias="to")]
    by: str
    proposed_by: Annotated[
        str | None, Field(description="Who proposed what this person agreed to.")
    ]
    reason: str
    next_check_on: date | None
    authority: str | None
    score_id: UUID | None
    rating_at_decision: RatingView | None

    @classmethod
    def of(cls, moved: CaseMoved) -> Self:
        """The view of a move."""
        return cls(
            revision=moved.revision,
            at=moved.at,
            command=moved.command,
            from_status=moved.from_status,
            to_status=moved.to_status,
            by=moved.by.person_id or moved.by.client_id,
            proposed_by=moved.proposed_by,
            reason=moved.reason,
            next_check_on=moved.next_check_on,
            authority=moved.authority,
            score_id=moved.score_id,
            rating_at_decision=RatingView.of(moved.rating),
        )


class CaseHistory(View):
    """A page of what happened to a case, from its opening on. `Link` leads to the next one."""

    case_id: UUID
    child_id: UUID
    items: list[CaseHistoryItem]


class RecordView(View):
    """A record as it stands, or as it once stood; `content` as the request for its kind says."""

    id: UUID
    record_kind: RecordKind
    revision: int
    on: date
    recorded_at: datetime
    recorded_by: Annotated[str, Field(description="The person, else the sending system.")]
    reason: Annotated[str | None, Field(description="Why it was changed; null: it was not.")]
    withdrawn: Annotated[bool, Field(description="It was entered by mistake.")]
    content: dict[str, Any]

    @classmethod
    def of(cls, record: Record) -> Self:
        """The view of a record."""
        return cls(
            id=record.record_id,
            record_kind=record.kind,
            revision=record.revision,
            on=record.on_day,
            recorded_at=record.at,
            recorded_by=record.by.person_id or record.by.client_id,
            reason=record.reason,
            withdrawn=record.withdrawn,
            content=dict(record.content),
        )


class RecordAnswer(RecordView):
    """A record that was stored, and whom it is about."""

    case_id: UUID
    child_id: UUID


class RecordList(View):
    """Records of a case, last entered first; or the revisions of one, first to last."""

    case_id: UUID
    child_id: UUID
    items: list[RecordView]
