"""The ledger's rows: one hash chain for each gateway instance, unchangeable once written."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from services.gateway.domain.look import Look
from services.gateway.tables import ledger_child, ledger_entry, ledger_head
from shared.domain.canonical import canonical_bytes, digest
from shared.domain.checkpoints import ChainHead
from shared.storage.chain import UNREADABLE, as_stored, as_written, instant_of, numbered, uuid_of
from shared.storage.journal import GENESIS
from shared.storage.upsert import upserting

LEDGER = "ledger:"
"""What the name of a ledger's chain begins with in checkpoints; its instance follows."""


def start_chain(connection: Connection, instance: str) -> None:
    """Make the head row of an instance's chain, unless it has one."""
    connection.execute(
        upserting(connection, ledger_head)
        .values(
            instance=instance,
            position=0,
            hash=GENESIS,
            recorded_at=datetime(1970, 1, 1, tzinfo=UTC),
        )
        .on_conflict_do_nothing()
    )


def append(connection: Connection, instance: str, looks: Sequence[Look], now: datetime) -> None:
    """Chain entries on from the head of an instance, in order, all known from one moment on."""
    head = connection.execute(
        select(ledger_head).where(ledger_head.c.instance == instance).with_for_update()
    ).one()
    recorded_at = max(head.recorded_at + timedelta(microseconds=1), now)
    entries, children = [], []
    position, previous = head.position, head.hash
    for look in looks:
        position += 1
        row = {
            "instance": instance,
            "position": position,
            "recorded_at": recorded_at,
            "request_id": look.request_id,
            "client_id": look.client_id,
            "person_id": look.person_id,
            "purpose": look.purpose,
            "method": look.method,
            "route": look.route,
            "status": look.status,
            "fields": list(look.fields),
            "withheld": list(look.withheld),
            "previous_hash": previous,
        }
        previous = row["hash"] = _chain_hash(row, look.children)
        entries.append(row)
        children += [
            {"instance": instance, "position": position, "child_id": child}
            for child in look.children
        ]
    connection.execute(insert(ledger_entry), entries)
    if children:
        connection.execute(insert(ledger_child), children)
    connection.execute(
        update(ledger_head)
        .where(ledger_head.c.instance == instance)
        .values(position=position, hash=previous, recorded_at=recorded_at)
    )


def _chain_hash(row: Mapping[str, Any], children: Sequence[UUID] | frozenset[UUID]) -> str:
    covered = {key: value for key, value in row.items() if key != "hash"}
    if covered["withheld"] is None:
        del covered["withheld"]  # the column came later, and what was written stays as it was
    recorded_at = row["recorded_at"].astimezone(UTC).isoformat(timespec="microseconds")
    return digest(
        canonical_bytes(
            {**covered, "recorded_at": recorded_at, "children": sorted(map(str, children))}
        )
    )


def looks_at(connection: Connection, child_id: UUID) -> list[Mapping[str, Any]]:
    """Every entry about a child, oldest first."""
    rows = connection.execute(
        select(ledger_entry)
        .join(
            ledger_child,
            (ledger_child.c.instance == ledger_entry.c.instance)
            & (ledger_child.c.position == ledger_entry.c.position),
        )
        .where(ledger_child.c.child_id == child_id)
        .order_by(ledger_entry.c.recorded_at, ledger_entry.c.instance, ledger_entry.c.position)
    )
    return [dict(row) for row in rows.mappings()]


def faults(connection: Connection) -> Iterator[str]:
    """Walk every chain; yield a sentence for each break. Nothing yielded: all are whole."""
    for head in chain_heads(connection):
        yield from _faults_of(connection, head)
    headless = select(ledger_entry.c.instance).except_(select(ledger_head.c.instance))
    for instance in sorted(connection.scalars(headless)):
        yield f"{instance}: there are entries, their chain's head is missing"


def chain_heads(connection: Connection) -> list[ChainHead]:
    """Where the chain of each instance stands."""
    stands = select(ledger_head.c.instance, ledger_head.c.position, ledger_head.c.hash)
    rows = connection.execute(stands.order_by(ledger_head.c.instance))
    return [ChainHead(f"{LEDGER}{row.instance}", None, row.position, row.hash) for row in rows]


def hash_at(connection: Connection, instance: str, position: int) -> str | None:
    """The hash of the entry at a position of an instance's chain; None where there is none."""
    return connection.scalar(
        select(ledger_entry.c.hash).where(
            ledger_entry.c.instance == instance, ledger_entry.c.position == position
        )
    )


def _faults_of(connection: Connection, head: ChainHead) -> Iterator[str]:
    instance = head.chain.removeprefix(LEDGER)
    position, previous = 0, GENESIS
    for row, children in _walk(connection, instance):
        position += 1
        if row["position"] != position:
            yield f"{instance}: position {position} is missing"
            position = numbered(row, position)
        if row["previous_hash"] != previous:
            yield f"{instance}: position {position} does not follow from the entry before it"
        if row["hash"] != _hash_as_stored(row, children):
            yield f"{instance}: position {position} was changed after it was written"
        previous = row["hash"]
    if (head.position, head.hash) != (position, previous):
        yield f"{instance}: the chain ends at position {position}, its head says {head.position}"


def _hash_as_stored(row: Mapping[str, Any], children: Sequence[object]) -> str | None:
    """The hash that an entry as it is stored would have; None where it can't be read any more."""
    try:
        read = {
            **row,
            "recorded_at": instant_of(row["recorded_at"]),
            "fields": _json_of(row["fields"]),
            "withheld": _json_of(row["withheld"]),
        }
        return _chain_hash(read, [uuid_of(child) for child in children])
    except UNREADABLE:
        return None


def _json_of(stored: Any) -> Any:  # noqa: ANN401  # SQLite keeps text
    if not isinstance(stored, str):
        return stored
    found = json.loads(stored)
    return as_written(found, json.dumps(found), stored)


_PAGE = 500


def _walk(
    connection: Connection, instance: str
) -> Iterator[tuple[Mapping[str, Any], Sequence[object]]]:
    """Every entry, and the ids of its children, as stored."""
    after = 0
    while True:
        entries = (
            connection.execute(
                select(*as_stored(ledger_entry.c))
                .where(ledger_entry.c.instance == instance, ledger_entry.c.position > after)
                .order_by(ledger_entry.c.position)
                .limit(_PAGE)
            )
            .mappings()
            .all()
        )
        if not entries:
            return
        last = entries[-1]["position"]
        children: dict[int, list[object]] = {}
        for row in connection.execute(
            select(*as_stored((ledger_child.c.position, ledger_child.c.child_id))).where(
                ledger_child.c.instance == instance,
                ledger_child.c.position > after,
                ledger_child.c.position <= last,
            )
        ):
            children.setdefault(row.position, []).append(row.child_id)
        for entry in entries:
            yield dict(entry), children.get(entry["position"], [])
        after = last
