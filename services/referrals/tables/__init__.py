"""The tables that referrals owns. Only `store` (and the migrations) touch them."""

from services.referrals.tables.base import feed_cursor, idempotency_key, journal, metadata
from services.referrals.tables.cases import case_history, case_record, child_case
from services.referrals.tables.children import (
    child,
    child_history,
    child_identifier,
    child_merge,
    child_name,
    child_name_key,
    child_review,
    child_seen_until,
    looked_after_period,
)
from services.referrals.tables.drafts import referral_draft
from services.referrals.tables.ratings import current_rating, known_score
from services.referrals.tables.referrals import (
    reference_serial,
    referral,
    referral_history,
)
from services.referrals.tables.reports import published_figure
from services.referrals.tables.screenings import screening
from services.referrals.tables.training import training_session

__all__ = [
    "case_history",
    "case_record",
    "child",
    "child_case",
    "child_history",
    "child_identifier",
    "child_merge",
    "child_name",
    "child_name_key",
    "child_review",
    "child_seen_until",
    "current_rating",
    "feed_cursor",
    "idempotency_key",
    "journal",
    "known_score",
    "looked_after_period",
    "metadata",
    "published_figure",
    "reference_serial",
    "referral",
    "referral_draft",
    "referral_history",
    "screening",
    "training_session",
]
