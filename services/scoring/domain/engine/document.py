"""The full answer as plain JSON: the record that is stored, and compared when derived again.

Decimals are text without trailing zeros, dates ISO; every list is in an order that follows from its
content, so equal scores are equal documents.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from services.scoring.domain import amounts
from services.scoring.domain.engine import remarks
from services.scoring.domain.engine.ask import Unknown, ask_next
from services.scoring.domain.engine.contribution import Contribution, Why
from services.scoring.domain.engine.forecast import Change
from services.scoring.domain.engine.nearest import NearestChange
from services.scoring.domain.engine.reasons import reason
from services.scoring.domain.engine.remarks import Disagreement
from services.scoring.domain.engine.score import Score
from services.scoring.domain.engine.standing import Standing
from services.scoring.domain.evidence import Observation
from services.scoring.domain.model import KINDS, Floor, Model

Document = dict[str, object]


def as_document(score: Score) -> Document:
    """Version label and hashes are not in it: they belong to the stored version, beside it."""
    model = score.model
    whys = {each: each.why(score.seen) for each in score.contributions}
    return {
        "model": score.model.name,
        "engine_version": score.plan.meaning,
        "as_of": score.as_of.isoformat(),
        "status": score.status,
        "status_reason": status_reason(score),
        "age": score.seen.age,
        "age_estimated": score.evidence.date_of_birth_estimated,
        **standing_of(score.model, score.standing),
        "subtotals": subtotals(score.model, score.contributions) if score.standing else {},
        "contributions": [contribution(model, each, why) for each, why in whys.items()],
        "unknowns": [unknown(model, each, whys[each.contribution]) for each in ask_next(score)],
        "disagreements": [disagreement(each) for each in remarks.disagreements(score)],
        "not_understood": [said(each) for each in remarks.not_understood(score)],
        "staleness": [
            {"agency": each.agency, "indicators": list(each.indicators)}
            for each in remarks.staleness(score)
        ],
    }


def standing_of(model: Model, standing: Standing | None) -> Document:
    if standing is None:
        return dict(NOTHING)
    return {
        "total": points(model, standing.total),
        "interval": [points(model, standing.sums.low), points(model, standing.sums.high)],
        "band": band(model, standing.band),
        "band_range": [band(model, standing.band_low), band(model, standing.band_high)],
        "band_from_points": band(model, standing.band_from_points),
        "band_from_floors": band(model, standing.band_from_floors),
        "floors": [floor(each) for each in standing.fired],
        "possible_floors": [floor(each) for each in standing.possible],
        "groups": groups(model, standing),
    }


NOTHING: Document = {
    "total": None,
    "interval": None,
    "band": None,
    "band_range": None,
    "band_from_points": None,
    "band_from_floors": None,
    "floors": [],
    "possible_floors": [],
    "groups": [],
}


def points(model: Model, value: int) -> str:
    return amounts.write(value, model.decimals)


def band_in(model: Model, standing: Standing | None) -> str | None:
    return None if standing is None else band(model, standing.band)


def band(model: Model, place: int | None) -> str | None:
    return None if place is None else model.bands[place].id


def status_reason(score: Score) -> Document | None:
    found = remarks.status_reason(score)
    return None if found is None else {"code": found.code, "params": dict(found.facts)}


def floor(value: Floor) -> Document:
    params = {"reason": value.reason, "band": value.band}
    return {"id": value.id, "band": value.band, "reason": {"code": "floor", "params": params}}


def subtotals(model: Model, contributions: Iterable[Contribution]) -> Document:
    """By kind, before groups; with what the groups take away they make the total."""
    sums = dict.fromkeys(KINDS, 0)
    for each in contributions:
        sums[each.indicator.kind] += each.points
    return {kind: points(model, value) for kind, value in sums.items()}


def groups(model: Model, standing: Standing) -> list[Document]:
    return [
        {
            "group": line.group,
            "members": points(model, line.members),
            "points": points(model, line.points),
            "taken_away": points(model, line.taken_away),
        }
        for line in standing.sums.groups
    ]


def contribution(model: Model, each: Contribution, why: Why) -> Document:
    return (
        full_line(model, each, why) if why.facts or why.used else bare_line(model, each, why.code)
    )


@lru_cache(maxsize=4096)
def bare_line(model: Model, each: Contribution, code: str) -> Document:
    """Nothing of the child's is in it: most lines of most scores, made once a model."""
    return full_line(model, each, Why(code))


def full_line(model: Model, each: Contribution, why: Why) -> Document:
    line = each.indicator
    return {
        "indicator": line.id,
        "title": line.title,
        "kind": line.kind,
        "group": line.group,
        "state": each.state,
        "present": each.present,
        "points": points(model, each.points),
        "interval": [points(model, each.least), points(model, each.most)],
        "observations": [source(used) for used in why.used],
        "reason": reason(model, each, why),
    }


def unknown(model: Model, each: Unknown, why: Why) -> Document:
    return unknown_line(model, each, asked=why.code == "asked_not_known")


@lru_cache(maxsize=4096)
def unknown_line(model: Model, each: Unknown, *, asked: bool) -> Document:
    line = each.contribution.indicator
    return {
        "indicator": line.id,
        "code": line.reads,
        "held_by": list(line.held_by),
        "asked": asked,
        "least": points(model, each.contribution.least),
        "most": points(model, each.contribution.most),
        "could_change_band": each.could_change_band,
    }


def disagreement(each: Disagreement) -> Document:
    return {
        "code": each.code,
        "on": each.day.isoformat(),
        "answers": [said(observation) for observation in each.observations],
    }


def said(observation: Observation) -> Document:
    return {"code": observation.code, "answer": observation.answer, **source(observation)}


def source(observation: Observation) -> Document:
    return {
        "source": observation.source,
        "source_ref": observation.source_ref,
        "revision": observation.revision,
        "agency": observation.agency,
        "observed_on": observation.observed_on.isoformat(),
        "observed_until": iso(observation.observed_until),
    }


def iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


# On request


def forecast_document(score: Score, changes: Iterable[Change]) -> list[Document]:
    """Each date on which the score changes by itself, how it stands then, and a reason to read."""
    found = []
    before = score.standing
    for change in changes:
        moved = {
            "code": movement(before, change.standing),
            "params": {"on": change.on.isoformat(), "band": band_in(score.model, change.standing)},
        }
        found.append(
            {
                "on": change.on.isoformat(),
                "status": "not_applicable" if change.standing is None else change.standing.status,
                "reason": moved,
                **standing_of(score.model, change.standing),
            }
        )
        before = change.standing
    return found


def movement(before: Standing | None, after: Standing | None) -> str:
    if after is None:
        return "stops_applying"
    if before is None:
        return "starts_applying"
    places = [-1 if each.band is None else each.band for each in (before, after)]
    if places[0] == places[1]:
        return "band_stays"
    return "band_falls" if places[1] < places[0] else "band_rises"


def nearest_document(score: Score, nearest: NearestChange | None) -> Document | None:
    if nearest is None:
        return None
    to = band(score.model, nearest.band)
    params = {"code": nearest.code, "answer": nearest.answer, "band": to}
    return {
        "code": nearest.code,
        "answer": nearest.answer,
        "total": points(score.model, nearest.total),
        "band": to,
        "reason": {"code": "nearest_change", "params": params},
    }
