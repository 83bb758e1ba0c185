"""Taking in indicator updates: everything that is valid is kept, known child or not. DESIGN 6."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from services.scoring.domain.codes import Code, answer_problem, nearest
from services.scoring.domain.intake import (
    EARLIEST,
    Readable,
    Result,
    Update,
    content_digest,
    names_another,
    settle,
)
from services.scoring.service.feeds import Silence, hear, meet, own_source
from services.scoring.service.weights import Weights
from services.scoring.store.children import (
    Record,
    children_by_identifier,
    keep_identifiers,
    known_children,
    lock_children,
    only_child,
)
from services.scoring.store.contests import keep_numbers
from services.scoring.store.due import mark_due
from services.scoring.store.observations import NewObservation, add_observations
from services.scoring.store.receipts import (
    Held,
    Receipt,
    add_receipt,
    hold,
    keep_refused,
)
from services.scoring.store.revisions import Known, known_revisions
from shared.contracts.events import UPDATE_HELD
from shared.domain.canonical import Json, canonical_bytes, digest
from shared.domain.errors import FieldError
from shared.domain.london import london_date
from shared.ids import new_id
from shared.storage.writing import Writing

REFUSED = {Result.REJECTED, Result.CONFLICT}
UNKNOWN_CHILD = "unknown_child"
AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends updates, and in whose name."""

    client_id: str
    agency: str
    silence: Silence | None
    """When it counts as silent. None: nobody waits for a word of it."""
    sources: Collection[str] = ()
    """All that it has, whichever of them it sends for."""


class Item(NamedTuple):
    """One item of a request, in its place: an update, or what is wrong with its form."""

    place: int
    raw: object
    said: Readable | Update
    """What can be read of it: the update itself, or as much as has the right form."""
    update: Update | None
    errors: tuple[FieldError, ...] = ()


@dataclass(slots=True)
class Batch:
    """What has become of a request's items so far."""

    receipt_id: UUID
    entry_id: UUID
    results: dict[int, dict[str, Json]] = field(default_factory=dict)
    rejected: int = 0
    refused: list[tuple[int, object]] = field(default_factory=list)
    """Rejected or in conflict: its place, and what was sent."""
    recorded: list[NewObservation] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    changed: set[UUID] = field(default_factory=set)
    """Children whose evidence changes."""


def take_in(
    transaction: Writing, sender: Sender, weights: Weights, items: Sequence[Item]
) -> Receipt:
    """Take in the items of one request. The receipt tells of each, in the order sent.

    Raises `OtherAgencyError` where a source is another agency's.
    """
    connection = transaction.connection
    keep_identifiers(connection)
    batch = Batch(receipt_id=new_id(), entry_id=new_id())
    codes = weights.codes(connection)
    latest = london_date(transaction.now)
    sound: list[tuple[int, Update]] = []
    for item in items:
        errors = [*item.errors, *content_errors(item.said, codes)]
        errors += date_errors(item.said, latest)
        if errors or item.update is None:
            batch.rejected += 1
            batch.results[item.place] = _rejected(item, errors)
        else:
            sound.append((item.place, item.update))
    speaking = {update.source for _, update in sound}
    if sender.silence is not None:
        meet(transaction, sender.agency, sender.sources, sender.silence, speaking)
    for source in sorted(speaking):
        own = [(place, update) for place, update in sound if update.source == source]
        _take_source(transaction, sender, batch, source, own)
    batch.refused = [
        (item.place, item.raw) for item in items if batch.results[item.place]["result"] in REFUSED
    ]
    receipt = Receipt.of(
        batch.receipt_id,
        transaction.now,
        sender.client_id,
        [batch.results[item.place] for item in items],
    )
    _store(transaction, batch, receipt)
    return receipt


def _take_source(
    transaction: Writing,
    sender: Sender,
    batch: Batch,
    source: str,
    updates: Sequence[tuple[int, Update]],
) -> None:
    connection = transaction.connection
    if sender.silence is not None:
        hear(
            transaction,
            own_source(connection, source, sender.agency),
            sender.silence,
            [update.observed_on for _, update in updates],
            [update.sequence for _, update in updates if update.sequence is not None],
        )
    known = known_revisions(connection, source, {update.source_ref for _, update in updates})
    children = _resolve(connection, [update for _, update in updates])
    for (place, update), (record, waits) in zip(updates, children, strict=True):
        revisions = known[update.source_ref]
        content = content_digest(update)
        result = _settled(update, content, revisions)
        outcome = _outcome(place, update, result)
        if result is Result.DUPLICATE:
            outcome["first_result"] = revisions[update.revision].first_result
        elif result is not Result.CONFLICT:
            batch.changed |= children_before(revisions)
            if record is None:
                outcome |= {"result": Result.HELD, "reason": waits}
                batch.held.append(Held(update, content, sender.agency, batch.receipt_id, waits))
                revisions[update.revision] = Known(
                    content, Result.HELD, None, waits=True, person=update.person
                )
            else:
                batch.changed.add(record.counts_for)
                batch.recorded.append(
                    NewObservation(
                        update,
                        content,
                        record.child_id,
                        sender.agency,
                        result,
                        batch.receipt_id,
                        batch.entry_id,
                    )
                )
                revisions[update.revision] = Known(content, result, record.counts_for)
        batch.results[place] = outcome


def _settled(update: Update, content: str, revisions: Mapping[int, Known]) -> Result:
    """What becomes of an update beside the revisions that are known of its statement."""
    if not revisions:  # as of most
        return Result.RECORDED
    result = settle(update.revision, content, {n: known.digest for n, known in revisions.items()})
    if result is Result.DUPLICATE:
        first = revisions[update.revision]
        if first.waits and names_another(update, first.person):
            return Result.CONFLICT
    return result


def children_before(revisions: Mapping[int, Known]) -> set[UUID]:
    """Whoever an earlier revision counted for: it no longer does."""
    return {known.counts_for for known in revisions.values() if known.counts_for is not None}


def _resolve(connection: Connection, updates: Sequence[Update]) -> list[tuple[Record | None, str]]:
    """The child of each update, and why it waits if there is none."""
    ids = known_children(connection, {u.child_id for u in updates if u.child_id is not None})
    by_identifier = children_by_identifier(
        connection, {pair for update in updates for pair in update.identifiers}
    )
    return [child_of(update, ids, by_identifier) for update in updates]


def child_of(
    update: Update,
    ids: Mapping[UUID, Record],
    by_identifier: Mapping[tuple[str, str], set[Record]],
) -> tuple[Record | None, str]:
    """The record that an update speaks of, among those of its id and its numbers; where it is none,
    or not one child's, also why it waits."""
    if update.child_id is not None:
        return ids.get(update.child_id), UNKNOWN_CHILD
    found = set().union(*[by_identifier.get(pair, ()) for pair in update.identifiers])
    return only_child(found), AMBIGUOUS if found else UNKNOWN_CHILD


def _store(transaction: Writing, batch: Batch, receipt: Receipt) -> None:
    connection = transaction.connection
    lock_children(connection, batch.changed)
    add_receipt(connection, receipt, batch.entry_id)
    keep_refused(connection, batch.receipt_id, batch.refused)
    observations = add_observations(connection, batch.recorded)
    keep_numbers(connection, batch.recorded)
    waiting = hold(connection, batch.held)
    mark_due(connection, batch.changed, transaction.now)
    if batch.held:
        transaction.record(
            UPDATE_HELD, {"receipt_id": str(receipt.receipt_id), "held": len(batch.held)}
        )
    kept = [new.content_digest for new in batch.recorded]
    kept += [held.content_digest for held in batch.held]
    transaction.record(
        "updates.received",
        {
            "receipt_id": str(receipt.receipt_id),
            "client_id": receipt.client_id,
            "receipt": receipt.hash,
            "observations": observations,
            "waiting": waiting,
            "contents": digest(canonical_bytes(kept)),
            "recorded": len(batch.recorded),
            "held": len(batch.held),
            "rejected": batch.rejected,
        },
        entry_id=batch.entry_id,
    )


def content_errors(said: Readable | Update, codes: Mapping[str, Code]) -> list[FieldError]:
    """What is wrong with the code of an update, or with its answer under that code."""
    if said.code is None:
        return []
    code = codes.get(said.code)
    if code is None:
        near = nearest(said.code, codes)
        hint = f" The nearest: {', '.join(near)}." if near else ""
        message = f"No version of the weights reads this code.{hint}"
        return [FieldError("/code", "unknown_code", message)]
    if said.answer is not None and (problem := answer_problem(code, said.answer)):
        return [FieldError("/answer", "invalid_answer", problem)]
    return []


def date_errors(said: Readable | Update, latest: date) -> list[FieldError]:
    """What is wrong with the dates of an update that comes in on `latest` (London)."""
    errors = []
    for name, day in (
        ("observed_on", said.observed_on),
        ("observed_until", said.observed_until),
    ):
        if day is not None and day > latest:
            errors.append(FieldError(f"/{name}", "in_future", "This date lies in the future."))
        if day is not None and day < EARLIEST:
            errors.append(FieldError(f"/{name}", "too_early", f"No date before {EARLIEST}."))
    first, last = said.observed_on, said.observed_until
    if first is not None and last is not None and last < first:
        errors.append(
            FieldError("/observed_until", "before_start", "A period ends after it begins.")
        )
    return errors


def _outcome(place: int, update: Update, result: Result) -> dict[str, Json]:
    return {
        "index": place,
        "source_ref": update.source_ref,
        "revision": update.revision,
        "result": result,
    }


def _rejected(item: Item, errors: Sequence[FieldError]) -> dict[str, Json]:
    outcome: dict[str, Json] = {"index": item.place, "result": Result.REJECTED}
    if item.update is not None:
        outcome = _outcome(item.place, item.update, Result.REJECTED)
    outcome["errors"] = [
        {"pointer": error.pointer, "code": error.code, "message": error.message} for error in errors
    ]
    return outcome
