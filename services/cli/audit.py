"""`amber audit`: is everything on record still there, unchanged, in its place?

A chain finds what was changed in it. Signed checkpoints, kept where the owner of the database can't
reach, find a chain that was rewritten as a whole or cut off at its end.
"""

import base64
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from services.cli.existing import there
from services.gateway.secret_files import read_private
from services.gateway.store import ledger
from services.gateway.store.database import open_gateway_database
from services.referrals.store.database import open_referrals
from services.scoring.store.database import open_scoring
from shared.clock import system_clock
from shared.domain import checkpoints
from shared.domain.checkpoints import ChainHead, Checkpoint, NoCheckpointError
from shared.starting import CannotStartError, starting
from shared.storage import chain
from shared.storage.writing import Database

app = typer.Typer(help="Journals and ledgers: are they whole?", no_args_is_help=True)

OPEN = {
    "gateway": open_gateway_database,
    "referrals": open_referrals,
    "scoring": open_scoring,
}


class _Settings(BaseSettings):
    """Which database: read from the environment, because it may hold a password."""

    model_config = SettingsConfigDict(env_prefix="AMBER_", extra="ignore")

    database_url: str


@dataclass(frozen=True, slots=True)
class Chains:
    """Every chain in the database of a service."""

    database: Database
    connection: Connection
    has_ledger: bool

    def heads(self) -> list[ChainHead]:
        """Where each stands, as far as that can be read; what can't is a fault."""
        own = chain.chain_heads(self.connection, self.database.journal)
        found = [*own, *(ledger.chain_heads(self.connection) if self.has_ledger else ())]
        return [one for one in found if isinstance(one.position, int) and isinstance(one.hash, str)]

    def faults(self) -> Iterator[str]:
        """What in them doesn't follow."""
        journal = chain.faults(self.connection, self.database.journal)
        yield from _as_far_as_readable(f"{chain.JOURNAL}: ", journal)
        if self.has_ledger:
            yield from _as_far_as_readable(ledger.LEDGER, ledger.faults(self.connection))

    def hash_at(self, name: str, position: int) -> str | None:
        """The hash of an entry of a chain."""
        if name == chain.JOURNAL:
            return chain.hash_at(self.connection, self.database.journal, position)
        return ledger.hash_at(self.connection, name.removeprefix(ledger.LEDGER), position)


def _as_far_as_readable(name: str, walk: Iterator[str]) -> Iterator[str]:
    try:
        for fault in walk:
            yield f"{name}{fault}"
    except DatabaseError as error:
        broken = type(error.orig).__name__
        yield f"{name}the database gave no more of it ({broken}): is its file whole?"


Service = Annotated[str, typer.Argument(help="gateway, referrals or scoring")]


@app.command("checkpoint")
def checkpoint_command(
    service: Service,
    key: Annotated[Path, typer.Option(help="Ed25519 private key (PEM), mode 600")],
    out: Annotated[Path, typer.Option(help="the file to write; must not exist")],
) -> None:
    """Write down where every chain of a service stands, signed.

    AMBER_DATABASE_URL names its database. Exit codes: 0 written; 1 the key is
    unfit, or the file exists; 2 an option is wrong.
    """
    with starting():
        private = _private_key(key)
        with _opened(service) as chains:
            at = system_clock().isoformat(timespec="seconds")
            made = Checkpoint(service, at, chains.heads())
            if chain.JOURNAL not in {head.chain for head in made.heads}:
                raise CannotStartError(
                    f"The journal has no head that can be read: amber audit verify {service}"
                )
    signature = base64.b64encode(private.sign(made.signed_bytes())).decode()
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(json.dumps({**made.content(), "signature": signature}, indent=2) + "\n")
    except OSError as error:
        typer.echo(f"{out}: {error.strerror}", err=True)
        raise typer.Exit(1) from None
    for head in made.heads:
        typer.echo(f"{service} {head.chain}: {head.position} entries")
    typer.echo(f"Keep {out} where whoever owns the database can't change it.")


@app.command("verify")
def verify_command(
    service: Service,
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="a checkpoint of the service; may be given again")
    ] = None,
    public_key: Annotated[
        Path | None, typer.Option(help="the public key (PEM) that checkpoints are signed with")
    ] = None,
) -> None:
    """Walk every chain of a service, and compare it with checkpoints.

    AMBER_DATABASE_URL names its database. Exit codes: 0 all whole; 1 something
    isn't, each fault on a line; 2 an option is wrong.
    """
    if checkpoint and public_key is None:
        raise typer.BadParameter("name the key that they are signed with: --public-key")
    with starting(), _opened(service) as chains:
        heads = chains.heads()
        found = list(chains.faults())
        for path in checkpoint or ():
            assert public_key is not None  # noqa: S101  # asked for above
            against = _against(path, public_key, service, heads, chains)
            found += _as_far_as_readable(f"{path.name}: ", against)
        # Here, as of a broken file nothing can be ended in peace.
        _tell(service, heads, found, compared=bool(checkpoint))


def _tell(service: str, heads: list[ChainHead], found: list[str], *, compared: bool) -> None:
    for fault in found:
        typer.echo(fault)
    entries = sum(head.position for head in heads)
    typer.echo(f"{service}: {entries} entries in {len(heads)} chains, {len(found)} faults")
    if not compared:
        typer.echo("Without a checkpoint nobody can tell whether a whole chain was rewritten.")
    if found:
        sys.exit(1)


def _against(
    path: Path, public_key: Path, service: str, heads: list[ChainHead], chains: Chains
) -> Iterator[str]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        then = checkpoints.read(document)
        signature = base64.b64decode(document["signature"], validate=True)
        _public_key(public_key).verify(signature, then.signed_bytes())
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}") from None
    except InvalidSignature:
        yield "not signed with this key, or changed since: it proves nothing"
        return
    except (ValueError, KeyError, TypeError, RecursionError, NoCheckpointError):
        yield "no signed checkpoint"
        return
    if then.service != service:
        yield f"a checkpoint of {then.service}"
        return
    yield from checkpoints.faults(then, heads, chains.hash_at)


@contextmanager
def _opened(service: str) -> Iterator[Chains]:
    if service not in OPEN:
        raise typer.BadParameter(f"write one of: {', '.join(OPEN)}")
    database = OPEN[service](there(_Settings().database_url))
    try:
        with database.reading() as connection:
            _read_any_text(connection)
            yield Chains(database, connection, service == "gateway")
    finally:
        database.engine.dispose()


def _read_any_text(connection: Connection) -> None:
    """Text that is none any more is a fault, and the walk goes on."""
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.text_factory = partial(str, encoding="utf-8", errors="replace")


def _private_key(path: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(read_private(path, "The key of checkpoints").encode(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise CannotStartError(f"{path} is no Ed25519 key: openssl genpkey -algorithm ed25519")
    return key


def _public_key(path: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError):
        raise typer.BadParameter(f"{path} is no public key in PEM: openssl pkey -pubout") from None
    if not isinstance(key, Ed25519PublicKey):
        raise typer.BadParameter(f"{path} is no Ed25519 key")
    return key
