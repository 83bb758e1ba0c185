"""The tables that the gateway owns: consumers, their secrets, its journal, its ledger."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Named,
    SmallInteger,
    String,
    Table,
    TypedColumns,
    Uuid,
)

from shared.storage.database import UtcDateTime
from shared.storage.journal import journal_tables

metadata = MetaData()
journal = journal_tables(metadata)


class _Consumer(TypedColumns):
    client_id: Named[str] = Column(String(100), primary_key=True)
    kind: Named[str] = Column(String(10), nullable=False)
    person_id: Named[str | None] = Column(String(100))
    roles: Named[Any] = Column(JSON, nullable=False)
    purposes: Named[Any] = Column(JSON, nullable=False)
    agency: Named[str | None] = Column(String(40))
    sources: Named[Any] = Column(JSON, nullable=False)
    # Null: every team.
    teams: Named[Any] = Column(JSON(none_as_null=True), nullable=True)
    clearances: Named[Any] = Column(JSON, nullable=False)
    suspended_at: Named[datetime | None] = Column(UtcDateTime)


consumer = Table(
    "consumer",
    metadata,
    _Consumer,
    CheckConstraint("kind IN ('machine', 'person', 'service')", name="kind_known"),
    CheckConstraint("(kind = 'person') = (person_id IS NOT NULL)", name="a_person_is_somebody"),
)


class _Secret(TypedColumns):
    client_id: Named[str] = Column(String(100), ForeignKey("consumer.client_id"), primary_key=True)
    slot: Named[int] = Column(SmallInteger, primary_key=True, autoincrement=False)
    hash: Named[str] = Column(String(64), nullable=False)
    set_at: Named[datetime] = Column(UtcDateTime, nullable=False)


consumer_secret = Table(
    "consumer_secret",
    metadata,
    _Secret,
    CheckConstraint("slot IN (1, 2)", name="two_live_at_most"),
)


class _LedgerHead(TypedColumns):
    instance: Named[str] = Column(String(100), primary_key=True)
    position: Named[int] = Column(BigInteger, nullable=False)
    hash: Named[str] = Column(String(64), nullable=False)
    recorded_at: Named[datetime] = Column(UtcDateTime, nullable=False)


ledger_head = Table("ledger_head", metadata, _LedgerHead)


class _LedgerEntry(TypedColumns):
    instance: Named[str] = Column(String(100), ForeignKey("ledger_head.instance"), primary_key=True)
    position: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    recorded_at: Named[datetime] = Column(UtcDateTime, nullable=False, index=True)
    request_id: Named[str] = Column(String(64), nullable=False)
    client_id: Named[str] = Column(String(100), nullable=False)
    person_id: Named[str | None] = Column(String(100))
    purpose: Named[str | None] = Column(String(40))
    method: Named[str] = Column(String(10), nullable=False)
    route: Named[str] = Column(String(300), nullable=False)
    status: Named[int] = Column(SmallInteger, nullable=False)
    # Names alone, never a value.
    fields: Named[Any] = Column(JSON, nullable=False)
    # Null: written before this was recorded.
    withheld: Named[Any] = Column(JSON(none_as_null=True), nullable=True)
    previous_hash: Named[str] = Column(String(64), nullable=False)
    hash: Named[str] = Column(String(64), nullable=False, unique=True)


ledger_entry = Table("ledger_entry", metadata, _LedgerEntry)


class _LedgerChild(TypedColumns):
    instance: Named[str] = Column(String(100), primary_key=True)
    position: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    child_id: Named[UUID] = Column(Uuid, primary_key=True)


ledger_child = Table(
    "ledger_child",
    metadata,
    _LedgerChild,
    ForeignKeyConstraint(
        ["instance", "position"], ["ledger_entry.instance", "ledger_entry.position"]
    ),
    Index("looks_at_a_child", "child_id", "instance", "position"),
)
