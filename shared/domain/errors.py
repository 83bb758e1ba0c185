"""Errors named for what happened. `shared.http.problems` turns them into RFC 9457 answers.

A message says what was wrong and what to do instead; it never repeats a submitted value.
"""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with a request: where (a JSON pointer), a stable code, what to do."""

    pointer: str
    code: str
    message: str
    where: str = "body"


class AmberError(Exception):
    """Something the caller can act on. `code` is stable; `detail` is for a person."""

    code = "error"

    def __init__(self, detail: str, **facts: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.facts = facts


class NotFoundError(AmberError):
    """Absent, or out of the caller's scope: the answer is the same."""

    code = "not_found"


class ForbiddenError(AmberError):
    """The caller lacks a capability, which the message names."""

    code = "forbidden"


class StateError(AmberError):
    """The request is well formed, but the thing is not in a state that allows it."""

    code = "conflict"


class ReplacedError(StateError):
    """A child is known under another id now: a read is sent there (303), anything else has to say
    the new id itself."""

    code = "child_merged"

    def __init__(self, detail: str, *, by: UUID) -> None:
        super().__init__(detail, survivor_id=str(by))
        self.by = by


class ChangedMeanwhileError(AmberError):
    """The caller read an older revision than the one that stands now."""

    code = "changed_meanwhile"


class PreconditionRequiredError(AmberError):
    """A change that may only be made by somebody who says which revision they read."""

    code = "precondition_required"


class OtherEpochError(AmberError):
    """The tracker was restored from a backup since the caller asked: what it heard may not have
    happened."""

    code = "other_epoch"

    def __init__(self) -> None:
        super().__init__(
            "A part of the tracker was restored from a backup. Forget what you have derived from"
            " its answers, and read again from the beginning."
        )


class InvalidError(AmberError):
    """The content breaks a rule. Carries every error found, not the first one."""

    code = "invalid_request"

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("The request breaks the rules listed under `errors`.")
        self.errors = errors


class UnavailableError(AmberError):
    """Not now; the same request may succeed after `retry_after` seconds."""

    code = "unavailable"

    def __init__(self, detail: str, *, retry_after: int = 1, **facts: object) -> None:
        super().__init__(detail, **facts)
        self.retry_after = retry_after


class ValueRefusedError(ValueError):
    """One value that breaks a rule. Raised inside a request model it becomes a `FieldError` with
    its own code; the message says what to write instead."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
