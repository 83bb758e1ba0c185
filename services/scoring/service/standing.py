"""Which judgement stands before a score on a day, as known then."""

from collections.abc import Sequence
from datetime import date

from services.scoring.domain.judgements import in_force
from services.scoring.store.judgements import Recorded


def standing_on(
    judgements: Sequence[Recorded], as_of: date, position: int | None, bands: Sequence[str]
) -> Recorded | None:
    """The judgement that stands before the score on a day, as known at a position.

    One whose band the model doesn't have stands no longer: it was made about other bands.
    """
    found = latest_on(judgements, as_of, position)
    return None if found is None or found.judgement.band not in bands else found


def latest_on(judgements: Sequence[Recorded], as_of: date, position: int | None) -> Recorded | None:
    """The same under whatever bands."""
    steps = [step for each in judgements for step in each.steps_taken]
    found = in_force([each.judgement for each in judgements], steps, as_of, position)
    return next((each for each in judgements if each.judgement is found), None)
