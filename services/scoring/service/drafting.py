"""Drafts: what an author writes until it is sound and submitted; then its content stands still."""

from dataclasses import replace
from datetime import date
from hashlib import sha256

from sqlalchemy import Connection

from services.scoring.domain.codes import CodesDisagree, dictionary
from services.scoring.domain.lifecycle import Command, Meeting, State, decide
from services.scoring.domain.loading import LoadedModel
from services.scoring.domain.problems import Problem
from services.scoring.domain.versions import Version, was_in_force
from services.scoring.service.steps import Move, Which, step_of, stored, tell
from services.scoring.service.weights import VALIDATED, Checked, Weights, checked
from services.scoring.store.versions import (
    Draft,
    add_version,
    all_versions,
    drop_draft,
    one_draft,
    one_version,
    put_draft,
)
from shared.contracts.caller import Caller
from shared.domain.errors import (
    ChangedMeanwhileError,
    FieldError,
    InvalidError,
    NotFoundError,
    PreconditionRequiredError,
    StateError,
)
from shared.domain.london import london_date
from shared.storage.writing import Writing

SAVED = "model.draft_saved"
FILE = "the document"
"""What problems call the text that was sent."""


class UnknownDraftError(NotFoundError):
    """Nobody writes a draft of that name."""

    code = "unknown_draft"


class NameTakenError(StateError):
    """A version of that name exists, and its content never changes."""

    code = "name_taken"


class SameContentError(StateError):
    """Another version of the model has this very content."""

    code = "same_content"


def tag_of(text: str) -> str:
    """What tells a text from every other: which one a writer has read."""
    return sha256(text.encode()).hexdigest()


def save(
    transaction: Writing, caller: Caller, which: Which, text: str, read: str | None = None
) -> Draft:
    """A person begins a draft, or writes on in it, having read the text of the tag `read`. It need
    not be sound.

    Raises:
        PersonRequiredError: no person writes.
        NameTakenError: that version exists.
        NotYoursError: somebody else writes a draft of that name.
        PreconditionRequiredError, ChangedMeanwhileError: there is such a draft, and its writer
            doesn't say what they read, or read another text.
    """
    connection = transaction.connection
    before = one_draft(connection, *which, lock=True)
    author = caller.deciding_person if before is None else before.author_person_id
    decide(State.DRAFT, Command.EDIT, Meeting(caller.deciding_person, author))
    if one_version(connection, *which) is not None:
        raise NameTakenError("This version exists and never changes; take another name.")
    if before is not None and read is None:
        raise PreconditionRequiredError("Send the ETag that you read as If-Match.")
    draft = Draft(*which, text, str(author), transaction.now)
    there = None if before is None else tag_of(before.text)
    if read != there or not put_draft(connection, draft, is_new=before is None):
        raise ChangedMeanwhileError("The draft has changed since you read it; read it again.")
    transaction.record(
        SAVED,
        {
            "model": which.model,
            "version": which.version,
            "text": tag_of(text),
            "person_id": author,
        },
    )
    return draft


def read_draft(connection: Connection, which: Which) -> Draft:
    """A draft. Raises `UnknownDraftError`."""
    found = one_draft(connection, *which)
    if found is None:
        raise UnknownDraftError("There is no draft of that name; a submitted one is a version.")
    return found


def check(connection: Connection, weights: Weights, draft: Draft, today: date) -> Checked:
    """Whether a draft is sound today, by itself and beside the other versions."""
    found = checked(draft.text, FILE)
    if found.loaded is None:
        return found
    problems = [*_faults_beside(connection, weights, draft, found.loaded, today)]
    return Checked(None, tuple(problems)) if problems else found


def submit(
    transaction: Writing, weights: Weights, caller: Caller, which: Which, reason: str
) -> Version:
    """The author submits the draft: from now on its content stands still, and waits for another
    person.

    Raises:
        UnknownDraftError, NotYoursError, PersonRequiredError: there is no draft of this person's.
        InvalidError: it isn't sound; every problem is named.
        SameContentError: it is another version's content.
    """
    connection = transaction.connection
    draft = one_draft(connection, *which, lock=True)
    if draft is None:
        raise UnknownDraftError("There is no draft of that name to submit.")
    transaction.alone()
    state = decide(
        State.DRAFT, Command.SUBMIT, Meeting(caller.deciding_person, draft.author_person_id)
    )
    found = check(connection, weights, draft, london_date(transaction.now))
    if found.loaded is None:
        raise InvalidError([_field_error(each) for each in found.problems])
    new = Version(
        model=which.model,
        version=which.version,
        document_hash=found.loaded.document_hash,
        rules_hash=found.loaded.rules_hash,
        effective_from=found.loaded.model.effective_from,
        state=State.DRAFT,
        author_person_id=draft.author_person_id,
        proposed_at=transaction.now,
        proposal_reason=reason,
    )
    drop_draft(connection, draft)
    add_new(transaction, replace(new, state=state), draft.text)
    step = step_of(transaction, caller, new, Move(Command.SUBMIT, state, reason))
    tell(transaction, VALIDATED, step, rules_hash=new.rules_hash, origin="submitted")
    return stored(connection, which)


def add_new(transaction: Writing, new: Version, text: str) -> None:
    """Store a version that nobody has stored before. The transaction is alone by now.

    Raises:
        NameTakenError, SameContentError: it has been.
    """
    for each in all_versions(transaction.connection, new.model):
        if each.version == new.version:
            raise NameTakenError("This version exists and never changes; take another name.")
        if each.document_hash == new.document_hash:
            raise SameContentError(
                "Another version has exactly this content.", version=each.version
            )
    add_version(transaction.connection, new, text)


def _faults_beside(
    connection: Connection, weights: Weights, draft: Draft, loaded: LoadedModel, today: date
) -> list[Problem]:
    found = []
    if loaded.model.name != draft.model:
        found.append(_problem("model", "other_model", "write the name of this model"))
    versions = all_versions(connection)
    try:
        others = weights.named(connection, versions)
        dictionary([*others, (f"{draft.model} {draft.version}", loaded.model)])
    except CodesDisagree as disagreement:
        found.append(_problem("indicators", "codes_disagree", str(disagreement)))
    before = {
        each.rules_hash
        for each in versions
        if was_in_force([other for other in versions if other.model == each.model], each, today)
    }
    if loaded.model.change.kind == "rollback" and loaded.rules_hash not in before:
        message = "a rollback has the rules of a version that was in force; these never were"
        found.append(_problem("change.kind", "not_a_rollback", message))
    return found


def _problem(path: str, code: str, message: str) -> Problem:
    return Problem(FILE, 1, 1, path, code, message)


def _field_error(problem: Problem) -> FieldError:
    return FieldError(
        "/document",
        problem.code,
        f"Line {problem.line}, column {problem.column}, {problem.path or 'the document'}:"
        f" {problem.message}",
    )
