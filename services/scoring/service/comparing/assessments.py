"""Assessments, who moves by them and who was set apart, compared with what the journal told."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.scoring.service.assessing import STARTED
from services.scoring.service.assessor import ASSESSED, AT_ONCE, VOIDED, hash_of_part
from services.scoring.service.comparing.compared import Compared, columns_apart
from services.scoring.store.assessments import (
    Assessment,
    Status,
    all_assessments,
    apart_among,
    children_after,
    kept_of,
    movers_among,
)
from services.scoring.store.told import Row, Told, told_in_order
from shared.domain.canonical import digest

_STATUS = {STARTED: Status.RUNNING, ASSESSED: Status.COMPLETED, VOIDED: Status.VOID}
_NAMES = ("assessment_id", "model", "version", "document_hash", "engine_version", "person_id")


def compare_assessments(connection: Connection, at_once: int = AT_ONCE) -> Iterator[Compared]:
    """Every assessment as it stands, beside what all entries about it come to. `at_once`: how many
    children were assessed in a part; the hash of what came out goes from part to part."""
    stored = {str(one.assessment_id): (one, text) for one, text in all_assessments(connection)}
    told = [one for one in told_in_order(connection, tuple(_STATUS)) if one.payload]
    for name, entries in groupby(sorted(told, key=_assessment), key=_assessment):
        said: dict[str, Any] = {}
        for entry in entries:
            said |= _said(entry)
        found = stored.pop(name, None)
        differences = columns_apart([said], [] if found is None else [_as_told(found[0])])
        if found is not None:
            differences += _outcome_apart(connection, *found, at_once)
        yield Compared("assessment", name, entry, tuple(differences))
    for name in stored:
        yield Compared("assessment", name, None, ("entry_id",))


def _assessment(told: Told) -> str:
    return str(told.payload["assessment_id"])


def _said(told: Told) -> Row:
    """The columns of an assessment that an entry tells of."""
    payload = told.payload
    said = {name: payload[name] for name in _NAMES if name in payload}
    said |= {"status": _STATUS[told.kind], "against_version": payload["against"]}
    if told.kind == ASSESSED:
        said |= {name: payload[name] for name in ("population", "set_apart", "result_hash")}
        said["movers"] = payload["affected"]
    return said


def _as_told(one: Assessment) -> Row:
    """An assessment in the words of the journal."""
    names = (*_NAMES, "status", "against_version", "population", "set_apart", "movers")
    said = {name: getattr(one, name) for name in names}
    return {**said, "assessment_id": str(one.assessment_id), "result_hash": one.result_hash}


def _outcome_apart(connection: Connection, one: Assessment, tally: str, at_once: int) -> list[str]:
    """What of the outcome of a whole assessment isn't what its hash was made over."""
    if one.status is not Status.COMPLETED:
        return []
    if kept_of(connection, one.assessment_id) != (one.movers, one.set_apart):
        return ["assessment_mover and assessment_apart"]
    made = digest(f"{_hash_of_parts(connection, one, at_once)} {tally}".encode())
    return [] if made == one.result_hash else ["outcome"]


def _hash_of_parts(connection: Connection, one: Assessment, at_once: int) -> str:
    """The hash over movers and those set apart, made again in the parts it was made in."""
    before, last = replace(one, result_hash="0" * 64), None
    while True:
        children: list[UUID] = children_after(connection, one.known_position, last, at_once)
        movers = movers_among(connection, one.assessment_id, children)
        apart = apart_among(connection, one.assessment_id, children)
        before = replace(before, result_hash=hash_of_part(before, movers, apart))
        if len(children) < at_once:
            return before.result_hash
        last = children[-1]
