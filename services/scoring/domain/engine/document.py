"""The full answer as plain JSON: the record that is stored, and compared when derived again.

Decimals are text without trailing zeros, dates ISO; every list is in an order that follows from its
content, so equal scores are equal documents.
"""

from collections.abc import Iterable
from datetime import date

from services.scoring.domain import amounts
from services.scoring.domain.engine.ask import Unknown
from services.scoring.domain.engine.contribution import Contribution
from services.scoring.domain.engine.reasons import reason
from services.scoring.domain.engine.score import ENGINE_VERSION, Disagreement, Score
from services.scoring.domain.engine.standing import Standing
from services.scoring.domain.evidence import Observation
from services.scoring.domain.model import KINDS, Floor, Model

Document = dict[str, object]


def as_document(score: Score) -> Document:
    """Version label and hashes are not in it: they belong to the stored version, beside it."""
    return {
        "model": score.model.name,
        "engine_version": ENGINE_VERSION,
        "as_of": score.as_of.isoformat(),
        "status": score.status,
        "status_reason": status_reason(score),
        "age": score.seen.age,
        "age_estimated": score.evidence.date_of_birth_estimated,
        **standing_of(score),
        "contributions": [contribution(score.model, each) for each in score.contributions],
        "unknowns": [unknown(score.model, each) for each in score.unknowns],
        "disagreements": [disagreement(each) for each in score.disagreements],
        "not_understood": [said(each) for each in score.not_understood],
        "staleness": [
            {"agency": each.agency, "indicators": list(each.indicators)} for each in score.staleness
        ],
    }


def standing_of(score: Score) -> Document:
    model, standing = score.model, score.standing
    if standing is None:
        return dict(NOTHING)
    return {
        "total": points(model, standing.total),
        "interval": [points(model, standing.sums.low), points(model, standing.sums.high)],
        "band": score.band,
        "band_range": [band(model, standing.band_low), band(model, standing.band_high)],
        "band_from_points": band(model, standing.band_from_points),
        "band_from_floors": band(model, standing.band_from_floors),
        "floors": [floor(each) for each in standing.fired],
        "possible_floors": [floor(each) for each in standing.possible],
        "subtotals": subtotals(model, score.contributions),
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
    "subtotals": {},
    "groups": [],
}


def points(model: Model, value: int) -> str:
    return amounts.write(value, model.decimals)


def band(model: Model, place: int | None) -> str | None:
    return None if place is None else model.bands[place].id


def status_reason(score: Score) -> Document | None:
    if score.status_reason is None:
        return None
    return {"code": score.status_reason.code, "params": dict(score.status_reason.facts)}


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


def contribution(model: Model, each: Contribution) -> Document:
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
        "observations": [source(used) for used in each.used],
        "reason": reason(model, each),
    }


def unknown(model: Model, each: Unknown) -> Document:
    line = each.contribution.indicator
    return {
        "indicator": line.id,
        "code": line.reads,
        "held_by": list(line.held_by),
        "asked": each.contribution.reason.code == "asked_not_known",
        "least": points(model, each.contribution.least),
        "most": points(model, each.contribution.most),
        "could_change_band": each.could_change_band,
    }


def disagreement(each: Disagreement) -> Document:
    return {
        "code": each.code,
        "on": each.latest.day.isoformat(),
        "answers": [said(observation) for observation in sorted_by_answer(each)],
    }


def sorted_by_answer(each: Disagreement) -> list[Observation]:
    return sorted(each.latest.observations, key=lambda o: (o.answer, o.source, o.source_ref))


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
