"""Which judgement stands before a score on a day, as known then."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from services.scoring.domain.judgements import in_force, is_overtaken
from services.scoring.store.judgements import Recorded


class Judged(NamedTuple):
    """A judgement on a day, and whether it stands before the score."""

    recorded: Recorded
    overtaken: bool
    """A floor has fired since, above its band: it stands aside while the floor is there."""


def standing_on(
    judgements: Sequence[Recorded],
    as_of: date,
    position: int | None,
    bands: Sequence[str],
    fired: Sequence[str],
) -> Judged | None:
    """The judgement beside the score on a day, as known at a position. `fired`: the bands of the
    floors that have fired in that score.

    One whose band the model doesn't have stands no longer: it was made about other bands.
    """
    found = latest_on(judgements, as_of, position)
    if found is None or found.judgement.band not in bands:
        return None
    made = found.judgement
    return Judged(found, is_overtaken(made.band, made.floor, bands, fired))


def latest_on(judgements: Sequence[Recorded], as_of: date, position: int | None) -> Recorded | None:
    """The same under whatever bands."""
    steps = [step for each in judgements for step in each.steps_taken]
    found = in_force([each.judgement for each in judgements], steps, as_of, position)
    return next((each for each in judgements if each.judgement is found), None)
