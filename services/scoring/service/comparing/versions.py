"""Versions of the weights, their steps and their content, compared with what the journal told."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from services.scoring.domain.lifecycle import Command, State
from services.scoring.domain.problems import ModelRefused
from services.scoring.service.approval import APPROVED, PROPOSED
from services.scoring.service.assessor import ASSESSED
from services.scoring.service.comparing.compared import Compared, columns_apart
from services.scoring.service.ending import KINDS
from services.scoring.service.returning import RETURNED
from services.scoring.service.weights import VALIDATED, read_stored
from services.scoring.store.told import Row, Told, all_versions_stored, told_in_order

STEPS = {
    VALIDATED: (Command.SUBMIT, State.VALIDATED),
    PROPOSED: (Command.PROPOSE, None),
    ASSESSED: (Command.ASSESS, State.ASSESSED),
    APPROVED: (Command.APPROVE, State.APPROVED),
    RETURNED: (Command.RETURN, State.APPROVED),
    KINDS[Command.WITHDRAW]: (Command.WITHDRAW, State.WITHDRAWN),
    KINDS[Command.RETIRE]: (Command.RETIRE, State.RETIRED),
}
"""The command that each kind of entry tells of, and where it leads. A proposal leads nowhere."""

_UNTOLD = dict.fromkeys(
    (
        "imported_in_force_from",
        "author_person_id",
        "proposal_reason",
        "approver_person_id",
        "approval_reason",
        "approved_hash",
        "approved_assessment_id",
        "approved_engine_version",
        "returns_to",
        "ended_by_person_id",
        "end_reason",
        "ended_affected",
    )
)


def steps_apart(told: Told, rows: Sequence[Row]) -> list[str]:
    """The columns in which a step differs from what its entry tells."""
    command, state = STEPS[told.kind]
    said = {name: told.payload[name] for name in ("model", "version", "document_hash")}
    said |= {
        "command": command,
        "person_id": _person(told),
        "reason": told.payload.get("reason"),
        "affected": told.payload.get("affected"),
    }
    return columns_apart([said if state is None else {**said, "to_state": state}], rows)


def compare_versions(connection: Connection) -> Iterator[Compared]:
    """Every version as it stands, beside what all entries about it come to."""
    stored = {(row["model"], row["version"]): row for row in all_versions_stored(connection)}
    told = [one for one in told_in_order(connection, tuple(STEPS)) if one.payload]
    for name, entries in groupby(sorted(told, key=_version), key=_version):
        said: dict[str, Any] = dict(_UNTOLD)
        for entry in entries:
            said |= _said(entry)
        row = stored.pop(name, None)
        differences = columns_apart([said], [] if row is None else [_as_told(row)])
        if row is not None:
            differences += _content_apart(row)
        yield Compared("model_version", " ".join(name), entry, tuple(differences))
    for name in stored:
        yield Compared("model_version", " ".join(name), None, ("entry_id",))


def _version(told: Told) -> tuple[str, str]:
    return told.payload["model"], told.payload["version"]


def _person(told: Told) -> Any:  # noqa: ANN401  # a value of JSON
    return told.payload.get("approver_person_id") or told.payload.get("person_id")


def _said(told: Told) -> Mapping[str, Any]:
    """The columns of a version that an entry tells of."""
    payload, person, reason = told.payload, _person(told), told.payload.get("reason")
    said: dict[str, Any] = {"document_hash": payload["document_hash"]}
    if "rules_hash" in payload:
        said["rules_hash"] = payload["rules_hash"]
    _, state = STEPS[told.kind]
    if state is not None:
        said["state"] = state
    if told.kind in {VALIDATED, PROPOSED, RETURNED}:
        said |= {"author_person_id": person, "proposal_reason": reason}
    if told.kind in {APPROVED, RETURNED}:
        said |= {
            "approver_person_id": person,
            "approval_reason": reason,
            "approved_hash": payload["document_hash"],
            "approved_assessment_id": payload.get("assessment_id"),
            "approved_engine_version": payload.get("engine_version"),
            "imported_in_force_from": payload["in_force_from"] if payload.get("imported") else None,
            "returns_to": payload.get("returns_to"),
        }
    if told.kind in KINDS.values():
        said |= {
            "ended_by_person_id": person,
            "end_reason": reason,
            "ended_affected": payload.get("affected"),
        }
    return said


def _as_told(row: Row) -> Row:
    """A version in the words of the journal."""
    assessment, imported = row["approved_assessment_id"], row["imported_in_force_from"]
    return {
        **row,
        "approved_assessment_id": None if assessment is None else str(assessment),
        "imported_in_force_from": None if imported is None else imported.isoformat(),
    }


def _content_apart(row: Row) -> list[str]:
    """What of a version doesn't follow from its text."""
    try:
        loaded = read_stored(row["text"])
    except ModelRefused:
        return ["text"]
    if loaded.document_hash != row["document_hash"]:
        return ["text"]
    return [] if loaded.model.effective_from == row["effective_from"] else ["effective_from"]
