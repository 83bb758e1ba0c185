"""What scoring tells consumers of, in their terms."""

from collections.abc import Iterable
from dataclasses import replace

from services.scoring.service.hearing import SCORE, hear
from services.scoring.service.telling import JUDGEMENT
from shared.contracts.events import (
    FEED_RECOVERED,
    FEED_SILENT,
    FEED_STARTED,
    RATING_CHANGED,
)
from shared.contracts.heard import Heard
from shared.events.heard import heard_router, plainly
from shared.storage.heard import Found

SCORE_CALCULATED = "score.calculated"


def _tell(found: Found) -> Iterable[Heard]:
    """Every stored score is calculated; the rating has changed only where the band in force has.

    One entry of the journal says both, because referrals needs every score to cite. Of one that is
    out of sight only the judgement is told.
    """
    if found.kind != RATING_CHANGED:
        yield from plainly(found)
        return
    said = found.payload or {}
    (score,) = plainly(replace(found, kind=SCORE_CALCULATED))
    if SCORE in said and said.get("cause") != JUDGEMENT:
        yield score
    if said.get("band_changed"):
        yield score.model_copy(update={"id": f"{score.id}-rating", "kind": RATING_CHANGED})


router = heard_router(
    {
        "rating.": "scores:read",
        "score.": "scores:read",
        "judgement.": "scores:read",
        "update.": "held:read",
        # Not "feed.": that referrals was restored is between the services.
        FEED_STARTED: "feeds:read",
        FEED_SILENT: "feeds:read",
        FEED_RECOVERED: "feeds:read",
        "model.": "models:read",
    },
    hear,
    _tell,
)
