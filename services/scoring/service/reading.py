"""Reading scores and evidence: what a caller may see of a child, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.scoring.domain.evidence import Evidence
from services.scoring.domain.model import Model
from services.scoring.domain.versions import Version
from services.scoring.service.computing import Computed, compute, is_equal, outlook
from services.scoring.service.feeds import known_feeds
from services.scoring.service.standing import Judged, band_in_force, standing_on
from services.scoring.service.weights import Weights, choose_version
from services.scoring.store.children import access_facts, access_facts_at
from services.scoring.store.due import is_due
from services.scoring.store.evidence import evidence_at, evidence_now
from services.scoring.store.handling import Key, codes_about
from services.scoring.store.judgements import Recorded, judgements_of
from services.scoring.store.known import position_at
from services.scoring.store.merging import answers_for
from services.scoring.store.past_sight import out_of_sight
from services.scoring.store.scores import latest_scores
from services.scoring.store.statements import Place, Stated, statements_of
from shared.contracts.caller import Caller
from shared.domain.access import may_see
from shared.domain.errors import NotFoundError, ReplacedError

HANDLING = "handling:"
"""A clearance for a handling code, e.g. `handling:P`."""


NO_SUCH_CHILD = "No child of that id, or none that you may see."


class UnknownChildError(NotFoundError):
    """No such child here, or none that the caller may see: the answer is the same."""

    code = "unknown_child"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a score is asked for: model, day (London) and, unless the one in force, a version."""

    model: str
    as_of: date
    version: str | None = None
    known_at: datetime | None = None
    """What was known then; None: what is known now."""
    outlook: bool = False
    """Also the days on which the score changes by itself, and the nearest change."""


@dataclass(frozen=True, slots=True)
class ReadScore:
    """A score as answered: what it says, under which content, and the stored row that is equal."""

    child_id: UUID
    version: Version
    document: Mapping[str, Any]
    score_id: UUID | None
    outlook: Mapping[str, Any] | None
    judged: Judged | None
    """The judgement beside the score on that day, as known then."""

    @property
    def band_in_force(self) -> str | None:
        """The judgement's band where one stands before the score, else the score's."""
        return band_in_force(self.document["band"], self.judged)


def require_sight(connection: Connection, caller: Caller, child_id: UUID) -> None:
    """Raises `UnknownChildError` for a child that is unknown or out of the caller's sight."""
    facts = access_facts(connection, child_id)
    if facts is None or not may_see(caller.sight, facts):
        raise UnknownChildError(NO_SUCH_CHILD)


def require_child(
    connection: Connection, caller: Caller, child_id: UUID, position: int | None = None
) -> None:
    """Raises `UnknownChildError`, or `ReplacedError` where another record answers for this one (as
    known at a position of the journal; None: now)."""
    require_sight(connection, caller, child_id)
    answering = answers_for(connection, child_id, position)
    if position is not None:
        # Records that counted for the child then may be seen by fewer people now.
        records = access_facts_at(connection, child_id, position)
        if not all(may_see(caller.sight, facts) for facts in records):
            raise UnknownChildError(NO_SUCH_CHILD)
    if answering != child_id:
        require_sight(connection, caller, answering)
        message = "This child is known under another id now, in survivor_id."
        raise ReplacedError(message, by=answering)


def read_score(
    connection: Connection, weights: Weights, caller: Caller, child_id: UUID, asked: Asked
) -> ReadScore:
    """The score of a child on a day, computed from what is known now."""
    position = None if asked.known_at is None else position_at(connection, asked.known_at)
    require_child(connection, caller, child_id, position)
    version = choose_version(connection, asked.model, asked.as_of, asked.version, asked.known_at)
    model = weights.of(connection, version.document_hash).model
    known = _known(connection, child_id, asked.as_of, position, model)
    computed = compute(model, version, known, asked.as_of)
    hidden = hidden_keys(caller, codes_about(connection, child_id, position))
    judged = _judged(connection, child_id, asked, position, computed)
    if judged is not None:
        (recorded,) = as_far_as_seen(connection, caller, [judged.recorded])
        judged = judged._replace(recorded=recorded)
    return ReadScore(
        child_id,
        version,
        withhold(computed.document, hidden),
        None if asked.known_at else _stored_equal(connection, child_id, computed),
        outlook(computed) if asked.outlook else None,
        judged,
    )


def _judged(
    connection: Connection, child_id: UUID, asked: Asked, position: int | None, computed: Computed
) -> Judged | None:
    """The judgement beside this model's score."""
    judgements = judgements_of(connection, child_id, position)
    own = [each for each in judgements if each.judgement.model == asked.model]
    return standing_on(own, asked.as_of, position, computed.score.model, computed.document)


def as_far_as_seen(
    connection: Connection, caller: Caller, judgements: Sequence[Recorded]
) -> list[Recorded]:
    """Judgements, those withheld that were made beside a score of while another record counted for
    the child that the caller may not see by now: they were said of the whole. One query."""
    beside = {each.score_id for each in judgements}
    unseen = out_of_sight(connection, caller.sight, beside).scores
    return [replace(each, withheld=each.score_id in unseen) for each in judgements]


def _known(
    connection: Connection, child_id: UUID, as_of: date, position: int | None, model: Model
) -> Evidence:
    if position is None:
        evidence = evidence_now(connection, [child_id])[child_id]
    else:
        evidence = evidence_at(connection, [child_id], position)[child_id]
    return known_feeds(connection).beside(evidence, model, as_of, position)


def _stored_equal(connection: Connection, child_id: UUID, computed: Computed) -> UUID | None:
    """The id of the last stored score, if it says what was just computed."""
    last = latest_scores(connection, [child_id]).get(child_id)
    if last is None or is_due(connection, child_id):
        return None
    equal = is_equal(last, computed.version.document_hash, computed.document)
    return last.score_id if equal else None


def read_statements(
    connection: Connection, caller: Caller, child_id: UUID, behind: Place | None, limit: int
) -> list[Stated]:
    """Every revision of every statement about a child, the latest day first, behind a place."""
    require_child(connection, caller, child_id)
    found = statements_of(connection, child_id, behind, limit)
    hidden = hidden_keys(caller, codes_about(connection, child_id, None))
    return [replace(one, withheld=one.key in hidden) for one in found]


def hidden_keys(caller: Caller, codes: Iterable[tuple[Key, str]]) -> frozenset[Key]:
    """Of revisions under handling codes, those that the caller may not read: who isn't cleared for
    one of its codes."""
    cleared = caller.sight.clearances
    return frozenset(key for key, handling in codes if HANDLING + handling not in cleared)


def withhold(document: Mapping[str, Any], hidden: frozenset[Key]) -> Mapping[str, Any]:
    """The document with hidden statements replaced by the word that something is withheld.

    Points stay: a score that leaves out what counts would be another score.
    """
    if not hidden:
        return document
    withheld: Mapping[str, Any] = _withhold(document, hidden)
    return withheld


def _withhold(value: Any, hidden: frozenset[Key]) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(value, Mapping):
        if (value.get("source"), value.get("source_ref"), value.get("revision")) in hidden:
            return {"withheld": True}
        inner = {key: _withhold(part, hidden) for key, part in value.items()}
        return _without_detail(inner) if _tells_of_withheld(inner) else inner
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_withhold(part, hidden) for part in value]
    return value


def _tells_of_withheld(part: Mapping[str, Any]) -> bool:
    """Whether a contribution or a disagreement rests on a statement that is withheld."""
    resting_on = part.get("observations") or part.get("answers") or ()
    return any(each.get("withheld") for each in resting_on)


def _without_detail(part: Mapping[str, Any]) -> dict[str, Any]:
    """A reason would tell days and answers, and so would the day of a disagreement."""
    told = {key: value for key, value in part.items() if key != "on"}
    if "reason" in told:
        told["reason"] = {"code": "withheld", "params": {"title": part["title"]}}
    return told
