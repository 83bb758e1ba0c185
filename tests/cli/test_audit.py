"""`amber audit`: what somebody who owns the database could do to its chains, and what finds it."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from sqlalchemy import Connection, delete, insert, select, text, update
from typer.testing import Result

from services.gateway.store import ledger
from services.scoring.store.database import open_scoring
from services.scoring.tables import journal
from shared.domain.canonical import digest
from shared.ids import new_id
from shared.storage.chain import faults
from shared.storage.database import write_transaction
from shared.storage.journal import GENESIS, chain_hash
from shared.storage.writing import Database
from tests.support.command import amber
from tests.support.databases import Databases, SqliteDatabases
from tests.support.flipping import flipped_unseen
from tests.support.gateway import running_gateway
from tests.support.service import SettableClock

ENTRIES, PAYLOADS, HEAD = journal.entries, journal.payloads, journal.head


@pytest.fixture
def database(sqlite_databases: SqliteDatabases, clock: SettableClock) -> Iterator[Database]:
    """A journal of five entries that nothing guards: its owner has dropped the triggers."""
    found = open_scoring(sqlite_databases.fresh("scoring"))
    for number in range(5):
        with found.writing(clock) as transaction:
            transaction.record("noted", {"n": number, "by": "p-test"})
    with write_transaction(found.engine) as connection:
        for name in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER journal_refuses_{name}"))
    yield found
    found.engine.dispose()


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    """A private and a public key, as openssl makes them."""
    key = Ed25519PrivateKey.generate()
    private, public = tmp_path / "key.pem", tmp_path / "public.pem"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    private.chmod(0o600)
    public.write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    return private, public


def environment(database: Database) -> dict[str, str]:
    return {"AMBER_DATABASE_URL": database.engine.url.render_as_string(hide_password=False)}


def checkpoint(database: Database, key: Path, out: Path, service: str = "scoring") -> Result:
    command: list[str | Path] = ["audit", "checkpoint", service, "--key", key, "--out", out]
    return amber(command, environment(database))


def verify(database: Database, public: Path, *files: Path, service: str = "scoring") -> Result:
    given: list[str | Path] = ["--public-key", public]
    for file in files:
        given += ["--checkpoint", file]
    return amber(["audit", "verify", service, *given], environment(database))


def rows(connection: Connection) -> list[dict[str, Any]]:
    found = connection.execute(select(ENTRIES).order_by(ENTRIES.c.position)).mappings()
    return [dict(row) for row in found]


def set_head(connection: Connection, row: dict[str, Any]) -> None:
    connection.execute(update(HEAD).values(position=row["position"], hash=row["hash"]))


def drop(connection: Connection, *positions: int) -> None:
    for table in (PAYLOADS, ENTRIES):
        connection.execute(delete(table).where(table.c.position.in_(positions)))


def chain_anew(connection: Connection, found: list[dict[str, Any]]) -> None:
    """Write the whole chain again, so that it agrees with itself."""
    payloads = [dict(row) for row in connection.execute(select(PAYLOADS)).mappings()]
    drop(connection, *(row["position"] for row in rows(connection)))
    previous = GENESIS
    for position, row in enumerate(found, start=1):
        row |= {"position": position, "previous_hash": previous}
        previous = row["hash"] = chain_hash(row)
        connection.execute(insert(ENTRIES).values(**row))
    kept = [row for row in payloads if row["position"] <= len(found)]
    connection.execute(insert(PAYLOADS), kept)
    set_head(connection, found[-1])


def head_cut(connection: Connection) -> None:
    drop(connection, 1)


def middle_cut(connection: Connection) -> None:
    drop(connection, 3)


def swapped(connection: Connection) -> None:
    second, third = rows(connection)[1:3]
    for here, there in ((second, third), (third, second)):
        connection.execute(
            update(ENTRIES)
            .where(ENTRIES.c.position == here["position"])
            .values(digest=there["digest"], kind="swapped")
        )


def inserted(connection: Connection) -> None:
    last = rows(connection)[-1]
    new = {**last, "position": 6, "entry_id": b"6" * 16, "previous_hash": last["hash"]}
    new["entry_id"] = type(last["entry_id"])(int=6)
    new["hash"] = digest(b"made up")
    connection.execute(insert(ENTRIES).values(**new))
    set_head(connection, new)


def tail_cut(connection: Connection) -> None:
    """And the head set right: the chain alone can't tell."""
    drop(connection, 4, 5)
    set_head(connection, rows(connection)[-1])


def rewritten(connection: Connection) -> None:
    """From the second entry on, and the head set right: the chain alone can't tell."""
    found = rows(connection)
    found[1]["kind"] = "other"
    chain_anew(connection, found)


def replaced_and_shorter(connection: Connection) -> None:
    found = rows(connection)
    del found[2]
    chain_anew(connection, found)


@pytest.mark.parametrize(
    ("tamper", "the_chain_tells"),
    [
        (head_cut, True),
        (middle_cut, True),
        (swapped, True),
        (inserted, True),
        (tail_cut, False),
        (rewritten, False),
    ],
)
def test_whatever_is_done_to_a_chain_is_found(
    database: Database,
    keys: tuple[Path, Path],
    tmp_path: Path,
    tamper: Callable[[Connection], None],
    the_chain_tells: bool,
) -> None:
    private, public = keys
    file = tmp_path / "then.json"
    assert checkpoint(database, private, file).exit_code == 0
    assert verify(database, public, file).exit_code == 0
    with write_transaction(database.engine) as connection:
        tamper(connection)
    found = verify(database, public, file)
    assert found.exit_code == 1, found.output
    alone = amber(["audit", "verify", "scoring"], environment(database))
    assert (alone.exit_code == 1) is the_chain_tells
    if not the_chain_tells:
        assert "then.json: journal:" in found.output
        assert "Without a checkpoint nobody can tell" in alone.output


def test_every_byte_of_an_entry_and_its_payload_counts(
    database: Database, clock: SettableClock
) -> None:
    with database.writing(clock) as transaction:
        transaction.record("noted", {"n": 6}, new_id())
    entry = ("entry_id", "kind", "child_id", "recorded_at", "digest", "previous_hash", "hash")
    with database.engine.connect() as connection:
        unseen = partial(flipped_unseen, connection, lambda: list(faults(connection, journal)))
        assert unseen("journal", "position = 6", entry) == []
        assert unseen("journal_payload", "position = 6", ("payload", "salt")) == []
        assert list(faults(connection, journal)) == []


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        ("DELETE FROM journal_payload WHERE position = 3", "the payload of position 3 is missing"),
        ("UPDATE journal_payload SET salt = 'zz' WHERE position = 3", "the payload of position 3"),
        ("UPDATE journal_payload SET payload = x'ff' WHERE position = 3", "the payload of"),
        ("UPDATE journal SET kind = CAST(x'ff' AS TEXT) WHERE position = 3", "position 3 was"),
        ("UPDATE journal SET recorded_at = 'x' WHERE position = 3", "position 3 was changed"),
        ("UPDATE journal SET entry_id = 'x' WHERE position = 3", "position 3 was changed"),
        ("DELETE FROM journal_head", "ends at position 5, its head is missing"),
        ("UPDATE journal_head SET position = 'x'", "ends at position 5, its head says x"),
        ("UPDATE journal_head SET hash = x'ff'", "ends at position 5, its head says 5"),
        ("UPDATE journal SET kind = x'ff' WHERE position = 3", "position 3 was changed"),
    ],
)
def test_what_is_gone_or_unreadable_is_one_fault_and_the_walk_goes_on(
    database: Database, keys: tuple[Path, Path], tmp_path: Path, tamper: str, says: str
) -> None:
    private, public = keys
    file = tmp_path / "then.json"
    checkpoint(database, private, file)
    with write_transaction(database.engine) as connection:
        connection.execute(text(tamper))
    found = verify(database, public, file)
    assert found.exit_code == 1
    assert says in found.output
    assert "faults" in found.output, "it came to its end"


@pytest.mark.parametrize(
    "tamper",
    [
        "DELETE FROM journal_head",
        "UPDATE journal_head SET position = 'x'",
        "UPDATE journal_head SET hash = x'ff'",
    ],
)
def test_a_head_that_is_missing_or_unreadable_is_never_signed(
    database: Database, keys: tuple[Path, Path], tmp_path: Path, tamper: str
) -> None:
    with write_transaction(database.engine) as connection:
        connection.execute(text(tamper))
    made = checkpoint(database, keys[0], tmp_path / "then.json")
    assert made.exit_code == 1
    assert "no head that can be read" in made.output
    assert not (tmp_path / "then.json").exists()


def test_a_checkpoint_nested_too_deeply_is_none(
    database: Database, keys: tuple[Path, Path], tmp_path: Path
) -> None:
    file = tmp_path / "then.json"
    file.write_text("[" * 100_000)
    assert "then.json: no signed checkpoint" in verify(database, keys[1], file).output


@pytest.mark.parametrize("command", [["audit", "verify", "scoring"], ["scores", "verify"]])
def test_a_database_that_is_not_there_is_not_made(tmp_path: Path, command: list[str]) -> None:
    path = tmp_path / "none" / "scoring.db"
    found = amber(command, {"AMBER_DATABASE_URL": f"sqlite:///{path}"})
    assert found.exit_code == 1
    assert "There is no database" in found.output
    assert not path.parent.exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"signature": ""}, "not signed with this key"),
        ({"signature": "AAAA"}, "not signed with this key"),
        ({"signature": 3}, "no signed checkpoint"),
        ({"at": "2020-01-01T00:00:00+00:00"}, "not signed with this key"),
        ({"chains": []}, "not signed with this key"),
        ({"schema": "checkpoint/2"}, "no signed checkpoint"),
    ],
)
def test_a_forged_or_stripped_signature_proves_nothing(
    database: Database,
    keys: tuple[Path, Path],
    tmp_path: Path,
    change: dict[str, Any],
    says: str,
) -> None:
    private, public = keys
    file = tmp_path / "then.json"
    checkpoint(database, private, file)
    file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
    found = verify(database, public, file)
    assert found.exit_code == 1
    assert says in found.output


def test_another_key_another_service_or_an_existing_file_is_told(
    database: Database, keys: tuple[Path, Path], tmp_path: Path
) -> None:
    private, _ = keys
    file = tmp_path / "then.json"
    assert checkpoint(database, private, file).exit_code == 0
    assert checkpoint(database, private, file).exit_code == 1, "none is ever overwritten"
    other = tmp_path / "other.pem"
    key = Ed25519PrivateKey.generate().public_key()
    other.write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert "not signed with this key" in verify(database, other, file).output
    private.chmod(0o644)
    assert "chmod 600" in checkpoint(database, private, tmp_path / "new.json").output
    assert amber(["audit", "verify", "nobody"], environment(database)).exit_code == 2
    unsigned = amber(["audit", "verify", "scoring", "--checkpoint", file], environment(database))
    assert unsigned.exit_code == 2


def test_the_gateways_ledger_is_checked_as_well(
    databases: Databases, tmp_path: Path, clock: SettableClock, keys: tuple[Path, Path]
) -> None:
    private, public = keys
    file = tmp_path / "then.json"
    with running_gateway(tmp_path, databases.fresh("gateway"), clock) as gateway:
        gateway.client("social-worker").get("/v1/children/01890000-0000-7000-8000-000000000001")
        made = checkpoint(gateway.database, private, file, "gateway")
        assert "gateway ledger:gateway-1: 1 entries" in made.output
        assert verify(gateway.database, public, file, service="gateway").exit_code == 0
        with gateway.database.engine.connect() as connection, connection.begin() as undone:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            else:
                connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            connection.execute(text("DELETE FROM ledger_head"))
            headless = "gateway-1: there are entries, their chain's head is missing"
            assert list(ledger.faults(connection)) == [headless]
            undone.rollback()
        with write_transaction(gateway.database.engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            else:
                connection.execute(text("DROP TRIGGER ledger_entry_refuses_delete"))
                connection.execute(text("DROP TRIGGER ledger_child_refuses_delete"))
            connection.execute(text("DELETE FROM ledger_child"))
            connection.execute(text("DELETE FROM ledger_entry"))
            connection.execute(
                text("UPDATE ledger_head SET position = 0, hash = :none"), {"none": GENESIS}
            )
        found = verify(gateway.database, public, file, service="gateway")
        assert (found.exit_code, "ledger:gateway-1: cut off" in found.output) == (1, True)
