"""A step in the life of a version: decided by the tables, written down twice, told once.

The journal is what proves it; the row beside it is what the version's history is read from.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from services.scoring.domain.lifecycle import Command, Meeting, OtherContentError, State, decide
from services.scoring.domain.versions import Version, in_force, in_force_from, was_in_force
from services.scoring.store.versions import Step, add_step, all_versions, one_version
from shared.contracts.caller import Caller
from shared.domain.canonical import Json
from shared.domain.errors import NotFoundError
from shared.domain.london import london_date
from shared.storage.writing import Writing


class UnknownVersionError(NotFoundError):
    """No such version of the model."""

    code = "unknown_version"


class Which(NamedTuple):
    """A version of a model, by name."""

    model: str
    version: str


class Move(NamedTuple):
    """What a person does with a version, where it leads, and why."""

    command: Command
    to_state: State
    reason: str


@dataclass(frozen=True, slots=True)
class Met:
    """A version that a command was given for, among the others of its model."""

    version: Version
    others: list[Version]
    today: date
    """In London."""

    @property
    def current(self) -> Version | None:
        """The version in force today."""
        return in_force([self.version, *self.others], self.today)

    @property
    def waiting(self) -> list[Version]:
        """Those of the others that were approved and come into force later."""
        return [
            each
            for each in self.others
            if (later := in_force_from(each)) is not None and later > self.today
        ]

    def after_all(self, now: datetime) -> datetime:
        """Now, but later than every approval before: of two on one day the later one counts,
        whatever the clocks of two processes say."""
        before = [each.approved_at for each in self.others if each.approved_at is not None]
        return max([now, *(at + timedelta(microseconds=1) for at in before)])


def meet(transaction: Writing, which: Which) -> Met:
    """Look at a version in order to change it: nobody else changes any meanwhile, nor adds one.

    Raises:
        UnknownVersionError: no version of that name.
    """
    transaction.alone()
    return look(transaction.connection, which, london_date(transaction.now))


def look(connection: Connection, which: Which, today: date) -> Met:
    """Look at a version among the others of its model. Raises `UnknownVersionError`."""
    known = all_versions(connection, which.model)
    for each in known:
        if each.version == which.version:
            return Met(each, [other for other in known if other is not each], today)
    raise UnknownVersionError("The model has no version of that name.")


def decided(met: Met, command: Command, caller: Caller) -> State:
    """Where a command leads, given by this caller. Raises the error that says why it doesn't."""
    version, current = met.version, met.current
    begun = in_force_from(version)
    meeting = Meeting(
        person_id=caller.deciding_person,
        author_person_id=version.author_person_id,
        has_begun=begun is not None and begun <= met.today,
        was_in_force=was_in_force(met.others, version, met.today),
        in_force=current is not None and current.rules_hash == version.rules_hash,
        by_two=version.returns_to is None,
        rules_retired=any(
            each.state is State.RETIRED and each.rules_hash == version.rules_hash
            for each in (version, *met.others)
        ),
        another_waits=any(
            later > max(version.effective_from, met.today)
            for other in met.others
            if (later := in_force_from(other)) is not None
        ),
    )
    return decide(version.state, command, meeting)


def check_content(version: Version, document_hash: str) -> None:
    """Raises `OtherContentError`: the caller read, and means, another content."""
    if version.document_hash != document_hash:
        raise OtherContentError(
            "The document hash you name is not this version's; read the version again."
        )


def tell(transaction: Writing, kind: str, step: Step, **facts: Json) -> UUID:
    """Write a step down in the journal and in the version's history."""
    payload = {
        "model": step.model,
        "version": step.version,
        "document_hash": step.document_hash,
        "person_id": step.person_id,
        "reason": step.reason,
        **facts,
    }
    if step.affected is not None:
        payload["affected"] = step.affected
    entry_id = transaction.record(kind, payload)
    add_step(transaction.connection, step, entry_id)
    return entry_id


def step_of(transaction: Writing, caller: Caller, version: Version, move: Move) -> Step:
    """The step that a person takes with a version."""
    return Step(
        model=version.model,
        version=version.version,
        at=transaction.now,
        command=move.command,
        from_state=version.state,
        to_state=move.to_state,
        person_id=caller.person_id,
        reason=move.reason,
        document_hash=version.document_hash,
    )


def stored(connection: Connection, which: Which) -> Version:
    """A version as it is stored now.

    Raises:
        UnknownVersionError: no version of that name.
    """
    found = one_version(connection, *which)
    if found is None:
        raise UnknownVersionError("The model has no version of that name.")
    return found
