"""What referrals tells consumers of, and whom."""

from collections.abc import Mapping, Sequence

from services.referrals.domain.cases import transitions as cases
from services.referrals.domain.cases.case import RecordKind
from services.referrals.domain.transitions import DEMANDS, PROPOSAL_VOIDED
from services.referrals.store.heard import heard
from shared.events.heard import heard_router


def _of_records(*kinds: RecordKind) -> tuple[str, ...]:
    return tuple(f"case.{kind}_{how}" for kind in kinds for how in ("recorded", "corrected"))


HEARD: Mapping[str, Sequence[str]] = {
    "children:read": ("child.changed", "child.merged", "child.unmerged"),
    "risk:read": ("child.reviewed",),
    "referrals:read": (
        "referral.received",
        *(demands.event for demands in DEMANDS.values()),
        PROPOSAL_VOIDED,
        "screening.answered",
    ),
    "cases:read": (
        "case.opened",
        *(demands.event for demands in cases.DEMANDS.values()),
        *_of_records(
            RecordKind.CONTACT, RecordKind.PLAN, RecordKind.ACTION, RecordKind.PLAN_REVIEW
        ),
    ),
    # That there is a health record says something already.
    "health:read": _of_records(RecordKind.HEALTH),
}
"""Which scope lets a consumer hear of what, of children in sight. Of the rest nobody hears: drafts,
training, published figures, `record.changed` (which says from and to) and `feed.restarted`."""

router = heard_router({kind: scope for scope, kinds in HEARD.items() for kind in kinds}, heard)
