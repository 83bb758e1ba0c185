"""The life of a version of the weights: which command leads where, who may give it, and the gates.

The tables are the policy. Nobody changes a weight alone: one person proposes, another approves,
bound to the exact content. DESIGN 5.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from shared.domain.errors import ForbiddenError, StateError


class State(StrEnum):
    """Where a version stands. From `validated` on its content never changes."""

    DRAFT = "draft"
    VALIDATED = "validated"
    ASSESSED = "assessed"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    RETIRED = "retired"


class Command(StrEnum):
    """What can be asked of a version. To assess takes a while; it leads on once it is whole."""

    EDIT = "edit"
    SUBMIT = "submit"
    PROPOSE = "propose"
    ASSESS = "assess"
    APPROVE = "approve"
    WITHDRAW = "withdraw"
    RETIRE = "retire"
    ROLL_BACK = "roll_back"
    RETURN = "return"


_S, _C = State, Command
TRANSITIONS: Mapping[tuple[State, Command], State] = {
    (_S.DRAFT, _C.EDIT): _S.DRAFT,
    (_S.DRAFT, _C.SUBMIT): _S.VALIDATED,
    # Only what nobody wrote here, a file that ships, is proposed apart from its submission.
    (_S.VALIDATED, _C.PROPOSE): _S.VALIDATED,
    (_S.ASSESSED, _C.PROPOSE): _S.ASSESSED,
    (_S.VALIDATED, _C.ASSESS): _S.ASSESSED,
    (_S.ASSESSED, _C.ASSESS): _S.ASSESSED,
    (_S.ASSESSED, _C.APPROVE): _S.APPROVED,
    (_S.VALIDATED, _C.WITHDRAW): _S.WITHDRAWN,
    (_S.ASSESSED, _C.WITHDRAW): _S.WITHDRAWN,
    (_S.APPROVED, _C.WITHDRAW): _S.WITHDRAWN,
    (_S.APPROVED, _C.RETIRE): _S.RETIRED,
    # These two make another version, with the rules of this one.
    (_S.APPROVED, _C.ROLL_BACK): _S.APPROVED,
    (_S.RETIRED, _C.ROLL_BACK): _S.RETIRED,
    (_S.APPROVED, _C.RETURN): _S.APPROVED,
    (_S.RETIRED, _C.RETURN): _S.RETIRED,
}


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a command meets: who gives it, and what is known of the version."""

    person_id: str | None
    """None: a machine."""
    author_person_id: str | None
    has_begun: bool = False
    """Whether it has come into force by today."""
    was_in_force: bool = False
    """Whether its rules ever counted: it has begun, and no other took its first day."""
    in_force: bool = False
    """Whether its rules are those in force now."""
    by_two: bool = True
    """Whether two people approved it, not one in an emergency."""
    rules_retired: bool = False
    """Whether it was retired, or another with the same rules."""
    another_waits: bool = False
    """Whether an approved version comes into force after it: it was compared with another."""


class PersonRequiredError(ForbiddenError):
    """A machine can't decide about weights."""

    code = "person_required"


class IllegalTransitionError(StateError):
    """The command doesn't fit the state; `allowed` says which do."""

    code = "illegal_transition"


class NotYoursError(ForbiddenError):
    """A draft is its author's."""

    code = "not_your_draft"


class NotProposedError(StateError):
    """Nobody has proposed the version yet."""

    code = "not_proposed"


class AlreadyProposedError(StateError):
    """Somebody has proposed the version."""

    code = "already_proposed"


class SamePersonError(ForbiddenError):
    """The person who proposed can't approve, whichever credential is used."""

    code = "same_person"


class OtherContentError(StateError):
    """The command names other content than the version has."""

    code = "other_content"


class AnotherWaitsError(StateError):
    """An approved version, assessed against what is in force now, comes into force later."""

    code = "another_version_waits"


class HasBegunError(StateError):
    """The version has come into force; that can't be undone, only ended."""

    code = "has_come_into_force"


class NotBegunError(StateError):
    """The version has not come into force: there is nothing to retire, or to go back to."""

    code = "not_yet_in_force"


class InForceAlreadyError(StateError):
    """These rules are in force."""

    code = "already_in_force"


class NotByTwoError(StateError):
    """One person can only go back to what two people approved."""

    code = "not_approved_by_two"


class RulesRetiredError(StateError):
    """Whoever retired these rules could bring them back alone; that takes two people."""

    code = "rules_retired"


Obstacle = StateError | ForbiddenError


def allowed(state: State, meeting: Meeting) -> list[Command]:
    """The commands that this caller may give now."""
    return [
        command
        for command in Command
        if meeting.person_id is not None
        and (state, command) in TRANSITIONS
        and _obstacle(command, meeting) is None
    ]


def decide(state: State, command: Command, meeting: Meeting) -> State:
    """The state that a command leads to.

    Raises:
        PersonRequiredError: no person gives it.
        IllegalTransitionError: it doesn't fit the state.
        StateError, ForbiddenError: a gate is shut; the error's name says which.
    """
    if meeting.person_id is None:
        raise PersonRequiredError("Only a named person can decide about weights.")
    if (state, command) not in TRANSITIONS:
        raise IllegalTransitionError(
            "The version's present state doesn't allow this; `allowed` lists what it does.",
            now=state,
            allowed=allowed(state, meeting),
        )
    if (obstacle := _obstacle(command, meeting)) is not None:
        raise obstacle
    return TRANSITIONS[state, command]


def _obstacle(command: Command, meeting: Meeting) -> Obstacle | None:
    return next((found for gate in GATES[command] if (found := gate(meeting))), None)


def _own_draft(meeting: Meeting) -> Obstacle | None:
    if meeting.author_person_id == meeting.person_id:
        return None
    return NotYoursError("Somebody else writes this draft; start one under another name.")


def _nobody_proposed(meeting: Meeting) -> Obstacle | None:
    if meeting.author_person_id is None:
        return None
    return AlreadyProposedError("This version has been proposed; it waits for approval.")


def _two_people(meeting: Meeting) -> Obstacle | None:
    if meeting.author_person_id is None:
        return NotProposedError("Nobody has proposed this version yet; that comes first.")
    if meeting.author_person_id == meeting.person_id:
        return SamePersonError("You proposed this version; somebody else has to approve it.")
    return None


def _none_waits(meeting: Meeting) -> Obstacle | None:
    if not meeting.another_waits:
        return None
    return AnotherWaitsError(
        "An approved version comes into force after this one would; withdraw it first, or give this"
        " one a later date."
    )


def _not_begun(meeting: Meeting) -> Obstacle | None:
    if not meeting.has_begun:
        return None
    return HasBegunError("This version has come into force; retire it instead.")


def _begun(meeting: Meeting) -> Obstacle | None:
    if meeting.has_begun:
        return None
    return NotBegunError("This version hasn't come into force; withdraw it instead.")


def _other_rules(meeting: Meeting) -> Obstacle | None:
    if not meeting.in_force:
        return None
    return InForceAlreadyError("These rules are in force now; there's nothing to undo.")


def _was_in_force(meeting: Meeting) -> Obstacle | None:
    if meeting.was_in_force:
        return None
    return NotBegunError("This version was never in force; name one that was.")


def _not_retired(meeting: Meeting) -> Obstacle | None:
    if not meeting.rules_retired:
        return None
    return RulesRetiredError("These rules were retired; propose a rollback for another to approve.")


def _by_two(meeting: Meeting) -> Obstacle | None:
    if meeting.by_two:
        return None
    return NotByTwoError(
        "One person brought this version back in an emergency; name the version that two people"
        " approved."
    )


Gate = Callable[[Meeting], Obstacle | None]
GATES: Mapping[Command, tuple[Gate, ...]] = {
    _C.EDIT: (_own_draft,),
    _C.SUBMIT: (_own_draft,),
    _C.PROPOSE: (_nobody_proposed,),
    _C.ASSESS: (),
    _C.APPROVE: (_two_people, _none_waits),
    _C.WITHDRAW: (_not_begun,),
    _C.RETIRE: (_begun,),
    _C.ROLL_BACK: (_other_rules, _was_in_force),
    _C.RETURN: (_other_rules, _was_in_force, _not_retired, _by_two),
}
