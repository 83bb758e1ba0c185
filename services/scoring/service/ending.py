"""The end of a version: withdrawn before it came into force, retired after that."""

from dataclasses import dataclass, replace

from services.scoring.domain.lifecycle import Command
from services.scoring.domain.versions import Version
from services.scoring.service.steps import (
    Move,
    Which,
    check_content,
    decided,
    meet,
    step_of,
    stored,
    tell,
)
from services.scoring.store.activations import break_off
from services.scoring.store.versions import change_version, children_under
from shared.contracts.caller import Caller
from shared.storage.writing import Writing

KINDS = {Command.WITHDRAW: "model.withdrawn", Command.RETIRE: "model.retired"}


@dataclass(frozen=True, slots=True)
class Ending:
    """What a person signs who withdraws or retires: the content meant, to the letter, and why."""

    command: Command
    document_hash: str
    reason: str


def end(transaction: Writing, caller: Caller, which: Which, ending: Ending) -> Version:
    """A named person withdraws or retires exactly this content. How many children's scores stood
    under it is written down.

    A retired version is in force no more from today on, and no earlier one comes back by itself:
    until another is approved, or brought back, no score is computed.

    Raises:
        UnknownVersionError, PersonRequiredError: there is no such version, or no person ends it.
        HasBegunError, NotBegunError, IllegalTransitionError: it ends in another way, or did.
        OtherContentError: another content was meant.
    """
    connection, command = transaction.connection, ending.command
    met = meet(transaction, which)
    state = decided(met, command, caller)
    check_content(met.version, ending.document_hash)
    put_an_end(transaction, caller, met.version, Move(command, state, ending.reason))
    return stored(connection, which)


def put_an_end(transaction: Writing, caller: Caller, version: Version, move: Move) -> None:
    """Write down that a version is withdrawn or retired, and how many children stood under it."""
    connection = transaction.connection
    affected = children_under(connection, version.document_hash)
    change_version(
        connection,
        version,
        {
            "state": move.to_state,
            "ended_at": transaction.now,
            "ended_by_person_id": caller.person_id,
            "end_reason": move.reason,
            "ended_affected": affected,
        },
    )
    break_off(connection, version.model, version.version, transaction.now)
    step = step_of(transaction, caller, version, move)
    tell(transaction, KINDS[move.command], replace(step, affected=affected))
