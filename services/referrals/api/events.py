"""What referrals tells consumers of. That there is a health record says something already."""

from services.referrals.store.heard import heard
from shared.events.heard import heard_router

router = heard_router(
    {
        "child.": "children:read",
        "child.reviewed": "risk:read",
        "referral.": "referrals:read",
        "screening.": "referrals:read",
        "case.": "cases:read",
        "case.health": "health:read",
    },
    heard,
)
