"""Which judgement stands before a score on a day, as known then."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from services.scoring.domain.judgements import band_under, harm_in, in_force, is_overtaken
from services.scoring.domain.model import Model
from services.scoring.store.judgements import Recorded


class Judged(NamedTuple):
    """A judgement on a day, and whether it stands before the score."""

    recorded: Recorded
    band: str
    """What its band is called in the version of the weights that is read."""
    overtaken: bool
    """A floor above its band has fired since, or is there with new harm: it stands aside."""


def standing_on(
    judgements: Sequence[Recorded],
    as_of: date,
    position: int | None,
    model: Model,
    document: Mapping[str, Any],
) -> Judged | None:
    """The judgement beside the score on a day, as known at a position. `document`: that score's.

    One about bands that the version neither has nor renames stands no longer.
    """
    found = latest_on(judgements, as_of, position)
    if found is None:
        return None
    bands, made = [band.id for band in model.bands], found.judgement
    band = band_under(made.band, bands, model.band_map)
    if band is None:
        return None
    harm = harm_in(document)
    return Judged(found, band, is_overtaken(band, made.harm, harm, bands, model.band_map))


def latest_by_model(judgements: Sequence[Recorded], as_of: date) -> dict[str, Recorded]:
    """The judgement that stands beside each model's scores, as known now."""
    found = {}
    for model in sorted({each.judgement.model for each in judgements}):
        own = [each for each in judgements if each.judgement.model == model]
        if (latest := latest_on(own, as_of, None)) is not None:
            found[model] = latest
    return found


def latest_on(judgements: Sequence[Recorded], as_of: date, position: int | None) -> Recorded | None:
    """The same under whatever bands."""
    steps = [step for each in judgements for step in each.steps_taken]
    found = in_force([each.judgement for each in judgements], steps, as_of, position)
    return next((each for each in judgements if each.judgement is found), None)


def band_in_force(band: str | None, judged: Judged | None) -> str | None:
    """The judgement's band where one stands before the score, else the score's."""
    return band if judged is None or judged.overtaken else judged.band
