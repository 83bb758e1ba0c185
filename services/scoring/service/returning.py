"""Going back to rules that were approved before: proposed by one person for another to approve, or,
in an emergency, at once by one alone.
"""

import json
from dataclasses import dataclass, replace

from services.scoring.domain.lifecycle import Command, State
from services.scoring.domain.versions import Version
from services.scoring.service.drafting import add_new
from services.scoring.service.ending import put_an_end
from services.scoring.service.steps import (
    Met,
    Move,
    Which,
    check_content,
    decided,
    meet,
    step_of,
    stored,
    tell,
)
from services.scoring.service.weights import VALIDATED, Weights, read_stored
from services.scoring.store.versions import children_under
from shared.contracts.caller import Caller
from shared.storage.writing import Writing

RETURNED = "model.returned"
OVERTAKEN = "It was compared with what was in force before the emergency return as"


@dataclass(frozen=True, slots=True)
class Return:
    """What is signed: the content to go back to, the new version's name, and why."""

    document_hash: str
    new_version: str
    reason: str


def roll_back(
    transaction: Writing, weights: Weights, caller: Caller, which: Which, back: Return
) -> Version:
    """A named person proposes a version with the rules of an earlier one; another approves it.

    Raises:
        UnknownVersionError, PersonRequiredError: there is no such version, or no person proposes.
        IllegalTransitionError, InForceAlreadyError: it was never approved, or its rules count now.
        NotBegunError: it was never in force.
        OtherContentError, NameTakenError, SameContentError: another content or name was meant.
    """
    met = meet(transaction, which)
    decided(met, Command.ROLL_BACK, caller)
    new, text = _again(transaction, weights, caller, met, back)
    add_new(transaction, new, text)
    move = Move(Command.SUBMIT, State.VALIDATED, back.reason)
    step = replace(step_of(transaction, caller, new, move), from_state=None)
    origin = f"rollback to {which.version}"
    tell(transaction, VALIDATED, step, rules_hash=new.rules_hash, origin=origin)
    return stored(transaction.connection, Which(new.model, new.version))


def bring_back(
    transaction: Writing, weights: Weights, caller: Caller, which: Which, back: Return
) -> Version:
    """In an emergency one named person puts rules in force that two people approved before.

    Who approved a version that comes into force later was shown who would move from the one that is
    left now: it is withdrawn, and another takes its place once that is known anew.

    Raises:
        As `roll_back`; NotByTwoError: one person alone brought that version back;
        RulesRetiredError: its rules were retired.
    """
    met = meet(transaction, which)
    decided(met, Command.RETURN, caller)
    proposed, text = _again(transaction, weights, caller, met, back)
    new = replace(
        proposed,
        state=State.APPROVED,
        approver_person_id=caller.person_id,
        approved_at=met.after_all(transaction.now),
        approval_reason=back.reason,
        returns_to=which.version,
    )
    add_new(transaction, new, text)
    move = Move(Command.RETURN, State.APPROVED, back.reason)
    left = met.current
    affected = 0 if left is None else children_under(transaction.connection, left.document_hash)
    step = replace(step_of(transaction, caller, new, move), from_state=None, affected=affected)
    tell(transaction, RETURNED, step, rules_hash=new.rules_hash, returns_to=which.version)
    for waiting in met.waiting:
        reason = f"{OVERTAKEN} {new.version}: {back.reason}"
        put_an_end(transaction, caller, waiting, Move(Command.WITHDRAW, State.WITHDRAWN, reason))
    return stored(transaction.connection, Which(new.model, new.version))


def _again(
    transaction: Writing, weights: Weights, caller: Caller, met: Met, back: Return
) -> tuple[Version, str]:
    """The version that has the same rules, and its document."""
    check_content(met.version, back.document_hash)
    document = {
        **weights.of(transaction.connection, back.document_hash).document,
        "change": {
            "kind": "rollback",
            "reason": f"The rules of version {met.version.version} again.",  # why: in the history
            "reference": f"version {met.version.version}, as {back.new_version}",
        },
        "effective_from": met.today.isoformat(),
    }
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"  # YAML holds JSON
    loaded = read_stored(text)
    if loaded.rules_hash != met.version.rules_hash:
        raise AssertionError("a stored document, written again, has other rules")
    new = Version(
        model=met.version.model,
        version=back.new_version,
        document_hash=loaded.document_hash,
        rules_hash=loaded.rules_hash,
        effective_from=loaded.model.effective_from,
        state=State.VALIDATED,
        author_person_id=caller.person_id,
        proposed_at=transaction.now,
        proposal_reason=back.reason,
    )
    return new, text
