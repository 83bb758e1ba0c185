"""What consumers hear of scores and judgements: as much as the history shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.scoring.service.telling import JUDGEMENT
from services.scoring.store.heard import heard
from services.scoring.store.past_sight import Unseen, out_of_sight
from shared.contracts.events import RATING_CHANGED
from shared.domain.access import Sight
from shared.storage.heard import Found, Wanted

SCORE = "score_id"


def hear(connection: Connection, sight: Sight, wanted: Wanted) -> Sequence[Found]:
    """Entries as far as the caller may see the child. What was computed while another record
    counted for the child that the caller may not see by now isn't told of; a judgement beside it
    is, and that the rating changed by it. Two queries."""
    found = heard(connection, sight, wanted)
    named = [(one, _score_of(one)) for one in found]
    unseen = out_of_sight(connection, sight, {score_id for _, score_id in named if score_id})
    return [replace(one, payload=_seen(one, score_id, unseen)) for one, score_id in named]


def _score_of(one: Found) -> UUID | None:
    score_id = (one.payload or {}).get(SCORE)
    return None if score_id is None else UUID(score_id)


def _seen(one: Found, score_id: UUID | None, unseen: Unseen) -> dict[str, Any] | None:
    payload = one.payload or {}
    by_judgement = payload.get("cause") == JUDGEMENT
    if score_id in unseen.scores:
        if one.kind != RATING_CHANGED:
            return _without(payload, SCORE)
        # Which judgement stood may be one of the other record's.
        return _without(payload, SCORE, "judgement_id") if by_judgement else {}
    if score_id in unseen.following and not by_judgement:
        return _without(payload, "cause")
    return one.payload


def _without(payload: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if name not in names}
