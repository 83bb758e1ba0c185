"""Run inside a service's container: walks its hash chains and prints a line for each fault."""

import sys
from collections.abc import Iterator
from importlib import import_module

from sqlalchemy import Connection

from services.gateway.store import ledger
from shared.storage.chain import faults
from shared.storage.database import open_database, reading


def found(service: str, connection: Connection) -> Iterator[str]:
    """Every fault in the chains of a service."""
    yield from faults(connection, import_module(f"services.{service}.tables").journal)
    if service == "gateway":
        yield from ledger.faults(connection)


def main(service: str, url: str) -> None:
    """Print the faults, then the word that says that the walk came to its end."""
    engine = open_database(url)
    with reading(engine) as connection:
        for fault in found(service, connection):
            sys.stdout.write(f"{service}: {fault}\n")
    sys.stdout.write("walked\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
