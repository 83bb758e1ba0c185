"""What can't be said of a child, as it would stand afterwards."""

from collections.abc import Iterator
from datetime import date, timedelta

from services.referrals.domain.child import Details
from services.referrals.domain.child_facts import begins_before_birth
from services.referrals.domain.child_records import Records
from services.referrals.domain.codes import Disability
from services.referrals.domain.referral import MOST_WEEKS_AHEAD
from shared.domain.errors import FieldError


def faults(details: Details, known: Records, today: date) -> Iterator[FieldError]:
    """Everything wrong with what is said of a child, also beside what is known, against `today` (a
    date in London)."""
    born, expected = details.date_of_birth, details.expected_on
    if born is not None and born > today:
        yield FieldError(
            "/date_of_birth",
            "in_the_future",
            "Write a date of birth that is not in the future; for an unborn child expected_on.",
        )
    if born != known.details.date_of_birth and any(
        begins_before_birth(period, details) for period in known.looked_after_periods
    ):
        yield FieldError(
            "/date_of_birth",
            "after_looked_after",
            "A time of being looked after began before that day: correct that first.",
        )
    if born is None and details.date_of_birth_estimated:
        yield FieldError(
            "/date_of_birth_estimated",
            "nothing_estimated",
            "Give the date of birth that is estimated, or write false.",
        )
    if expected is not None and expected > today + timedelta(weeks=MOST_WEEKS_AHEAD):
        yield FieldError(
            "/expected_on", "too_late", f"Write a day at most {MOST_WEEKS_AHEAD} weeks from today."
        )
    if details.ethnicity_stated_on is not None and details.ethnicity_stated_on > today:
        yield FieldError("/ethnicity/stated_on", "in_the_future", "Write today or a day before.")
    if details.disabilities is not None and not _agree(details.disabilities):
        yield FieldError(
            "/disabilities",
            "none_and_others",
            "Write at least one code, and NONE only by itself; null says that it isn't stated.",
        )


def _agree(disabilities: frozenset[Disability]) -> bool:
    return bool(disabilities) and (Disability.NONE not in disabilities or len(disabilities) == 1)
