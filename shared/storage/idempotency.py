"""Idempotency keys, stored in the transaction of the change that they stand for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    and_,
    select,
    update,
)
from sqlalchemy.exc import OperationalError

from shared.domain.errors import FieldError, InvalidError, StateError
from shared.storage.database import UtcDateTime
from shared.storage.upsert import upserting


class InFlightError(StateError):
    """The same key is being worked on; it took longer than a request waits."""

    code = "in_flight"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a key is unique on, and what its request said."""

    consumer: str
    route: str
    key: str
    body_digest: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The first answer to a key."""

    status: int
    headers: Mapping[str, str]
    body: str


def idempotency_table(metadata: MetaData) -> Table:
    """Declare the table in a service's metadata."""
    return Table(
        "idempotency_key",
        metadata,
        Column("consumer", String(100), primary_key=True),
        Column("route", String(300), primary_key=True),
        Column("key", String(128), primary_key=True),
        Column("body_digest", String(64), nullable=False),
        Column("claimed_at", UtcDateTime, nullable=False, index=True),
        Column("status", SmallInteger, nullable=True),
        Column("headers", Text, nullable=True),
        Column("body", Text, nullable=True),
    )


_KEYS = idempotency_table(MetaData())


def claim(connection: Connection, wanted: Claim, now: datetime) -> Kept | None:
    """Take a key for this transaction, waiting for another that holds it.

    Returns None when the key is new, else the first answer.

    Raises:
        InFlightError: another request still holds the key.
        InvalidError: the key was used for another body.
        OperationalError: the database is gone.
    """
    row = {
        "consumer": wanted.consumer,
        "route": wanted.route,
        "key": wanted.key,
        "body_digest": wanted.body_digest,
        "claimed_at": now,
    }
    try:
        # RETURNING, because psycopg has no row count for an INSERT once its cursor is closed.
        taken = connection.execute(
            upserting(connection, _KEYS).values(row).on_conflict_do_nothing().returning(_KEYS.c.key)
        ).first()
    except OperationalError as error:
        if error.connection_invalidated:
            raise  # the database is gone, nobody holds the key
        raise InFlightError(
            "A request with this Idempotency-Key is still being worked on; send it again."
        ) from None
    return None if taken is not None else _first_answer(connection, wanted)


def _first_answer(connection: Connection, wanted: Claim) -> Kept:
    row = connection.execute(select(_KEYS).where(_same_key(wanted))).one()
    if row.body_digest != wanted.body_digest:
        raise InvalidError(
            [
                FieldError(
                    "/Idempotency-Key",
                    "idempotency_key_reused",
                    "This key stands for another body; make a new key for a new request.",
                    where="header",
                )
            ]
        )
    return Kept(row.status, json.loads(row.headers), row.body)


def keep(connection: Connection, wanted: Claim, answer: Kept) -> None:
    """Store the answer that every repetition will get."""
    connection.execute(
        update(_KEYS)
        .where(_same_key(wanted))
        .values(status=answer.status, headers=json.dumps(dict(answer.headers)), body=answer.body)
    )


def _same_key(wanted: Claim) -> ColumnElement[bool]:
    return and_(
        _KEYS.c.consumer == wanted.consumer,
        _KEYS.c.route == wanted.route,
        _KEYS.c.key == wanted.key,
    )
