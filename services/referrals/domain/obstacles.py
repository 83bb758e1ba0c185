"""What keeps somebody from moving a referral, or a case."""

from shared.domain.errors import ForbiddenError, StateError


class IllegalTransitionError(StateError):
    """The command doesn't fit the state; `allowed` says which do, and to whom."""

    code = "illegal_transition"


class PersonRequiredError(ForbiddenError):
    """A command by something that isn't a person."""

    code = "person_required"


class SecondPersonError(ForbiddenError):
    """The one who proposed it can't be the one who agrees."""

    code = "second_person_required"


class NotProposedError(StateError):
    """Nobody has proposed it, or something else happened since."""

    code = "not_proposed"


class CaseOpenError(StateError):
    """Somebody still works with the child in the case that follows from the referral."""

    code = "case_open"


class MayNotDecideError(ForbiddenError):
    """The caller may read, but not move anything."""

    code = "insufficient_scope"


Obstacle = StateError | ForbiddenError
