"""Telling of ratings: the score with the judgement that stands before it, for referrals' feed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.scoring.domain.judgements import band_under, harm_in, is_overtaken
from services.scoring.domain.model import Model
from services.scoring.store.judgements import Standing
from services.scoring.store.scores import Spelled, StoredScore, digests_of
from shared.contracts.events import RATING_CHANGED, BandTold, RatingChanged
from shared.storage.writing import Writing

JUDGEMENT = "judgement"
"""The cause of a rating that changed because a professional judged, or a judgement ended."""


def tell_score(
    transaction: Writing,
    spelled: Spelled,
    model: Model,
    judged: Standing | None,
    *,
    changed: bool,
) -> UUID:
    """Write a new score down in the journal, and with it the rating for referrals' feed. `changed`:
    whether the band in force is another one."""
    stored = spelled.score
    payload: Mapping[str, Any] = {
        **_rating(stored, model, judged, stored.cause).model_dump(mode="json"),
        "band_changed": changed,
        # The chain covers what the score said, to the letter, and all that is stored beside it.
        **digests_of(spelled),
    }
    return transaction.record(RATING_CHANGED, payload, child_id=stored.child_id)


def tell_judged(
    transaction: Writing,
    stored: StoredScore,
    model: Model,
    before: Standing | None,
    judged: Standing | None,
) -> None:
    """Tell that another judgement stands, or none, while the score is the same: and whether the
    band in force is another one by that."""
    changed = band_in_force(stored, model, before) != band_in_force(stored, model, judged)
    rating = _rating(stored, model, judged, JUDGEMENT).model_dump(mode="json")
    transaction.record(
        RATING_CHANGED, {**rating, "band_changed": changed}, child_id=stored.child_id
    )


def counting(stored: StoredScore, model: Model, judged: Standing | None) -> Standing | None:
    """The judgement, if it stands before this score, its band as this version calls it: not one
    about other bands, nor one that harm has overtaken."""
    if judged is None:
        return None
    bands = [band.id for band in model.bands]
    band = band_under(judged.band, bands, model.band_map)
    if band is None:
        return None
    harm = harm_in(stored.document)
    overtaken = is_overtaken(band, judged.harm, harm, bands, model.band_map)
    return None if overtaken else replace(judged, band=band)


def band_in_force(stored: StoredScore, model: Model, judged: Standing | None) -> str | None:
    """The judgement's band where one stands before this score, else the score's."""
    stands = counting(stored, model, judged)
    return stored.band if stands is None else stands.band


def _rating(
    stored: StoredScore, model: Model, judged: Standing | None, cause: str | None
) -> RatingChanged:
    contributions = stored.document["contributions"]
    judged = counting(stored, model, judged)
    return RatingChanged(
        child_id=stored.child_id,
        score_id=stored.score_id,
        model=stored.model,
        version=stored.version,
        as_of=stored.as_of,
        status=stored.status,
        total=stored.total,
        band=stored.band,
        interval=stored.document["interval"],
        band_range=stored.document["band_range"],
        known=len([each for each in contributions if each["state"] != "unknown"]),
        of=len(contributions),
        cause=cause,
        judged_band=judged and judged.band,
        judgement_id=judged and judged.judgement_id,
        judged_until=judged and judged.until,
        bands=tuple(
            BandTold(
                id=band.id,
                review_within=None if band.review_within is None else str(band.review_within),
            )
            for band in model.bands
        ),
    )
