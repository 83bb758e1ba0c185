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
    steps = [step for each in judgements for step in each.steps_taken]
    found = in_force([each.judgement for each in judgements], steps, as_of, position)
    if found is None or found.band not in bands:
        return None
    return next(each for each in judgements if each.judgement is found)
