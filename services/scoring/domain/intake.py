"""What an indicator update says, and what becomes of it. DESIGN 6.

A statement has a key (source, source_ref) and revisions. Whatever order revisions arrive in, the
highest one counts in the end; nothing that was recorded is overwritten.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from shared.domain.canonical import digest, record_bytes

EARLIEST = date(1900, 1, 1)
"""Before this nobody alive was observed; a date before it is a typing error."""


class Result(StrEnum):
    """What became of an update."""

    RECORDED = "recorded"
    DUPLICATE = "duplicate"
    """The same content was received before; its first result stands."""
    CONFLICT = "conflict"
    """The same key and revision with other content; what was first stands."""
    SUPERSEDED = "superseded"
    """Recorded, but a higher revision is known already."""
    HELD = "held"
    """Kept until the child becomes known."""
    REJECTED = "rejected"


class Update(NamedTuple):
    """One statement of a source about one child. Dates are calendar dates in London.

    A tuple, because a batch makes a thousand: a frozen dataclass takes more than twice as long.
    """

    source: str
    source_ref: str
    revision: int
    child_id: UUID | None
    identifiers: tuple[tuple[str, str], ...]
    """(type, value) in the numbering of other systems, where our id isn't known."""
    code: str
    answer: str
    observed_on: date
    observed_until: date | None = None
    incident_ref: str | None = None
    sequence: int | None = None
    note_ref: str | None = None
    handling: str | None = None
    retracted: bool = False
    person: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Readable:
    """What could be read of an update, whether or not the rest of it has the right form."""

    code: str | None
    answer: str | None
    observed_on: date | None
    observed_until: date | None


def written(update: Update) -> bytes:
    """The content of an update as a JSON document, without the person block."""
    return record_bytes(
        {
            "source": update.source,
            "source_ref": update.source_ref,
            "revision": update.revision,
            "child_id": update.child_id,
            "identifiers": sorted(update.identifiers),
            "code": update.code,
            "answer": update.answer,
            "observed_on": update.observed_on,
            "observed_until": update.observed_until,
            "incident_ref": update.incident_ref,
            "sequence": update.sequence,
            "note_ref": update.note_ref,
            "handling": update.handling,
            "retracted": update.retracted,
        }
    )


def content_digest(update: Update) -> str:
    """What two sendings of the same update have in common, and a changed one has not."""
    return digest(written(update))


def restored(content: Mapping[str, Any]) -> Update:
    """The update that `written` wrote down."""
    child_id, until = content["child_id"], content["observed_until"]
    return Update(
        **{
            **content,
            "child_id": None if child_id is None else UUID(child_id),
            "identifiers": tuple((kind, value) for kind, value in content["identifiers"]),
            "observed_on": date.fromisoformat(content["observed_on"]),
            "observed_until": None if until is None else date.fromisoformat(until),
        }
    )


def names_another(update: Update, waiting: Mapping[str, str] | None) -> bool:
    """Whether an update with the same content speaks of another person than the one that waits.

    Asked while the person block of that one is kept; once it is erased, nobody can tell.
    """
    return (update.person or None) != (waiting or None)


KEPT = frozenset({*Update._fields, "child", "type", "value"}) - {"person"}
"""What is kept of an update that isn't taken: the fields that one has, but not the person block."""


def kept_of(sent: object) -> object:
    """What is kept of an item that isn't taken, as it was sent. Nothing under any other name, for a
    name misspelt may be a person block; nothing of what is no object."""
    return _kept(sent) if isinstance(sent, dict) else None


def _kept(sent: object) -> object:
    if isinstance(sent, dict):
        return {name: _kept(value) for name, value in sent.items() if name in KEPT}
    if isinstance(sent, list):
        return [_kept(each) for each in sent]
    return sent


def settle(revision: int, content: str, known: Mapping[int, str]) -> Result:
    """What becomes of a revision, given the known revisions of its statement and their digests."""
    if revision in known:
        return Result.DUPLICATE if known[revision] == content else Result.CONFLICT
    if any(other > revision for other in known):
        return Result.SUPERSEDED
    return Result.RECORDED
