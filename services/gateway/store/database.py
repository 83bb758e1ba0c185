"""The gateway's own database."""

from pathlib import Path

from services.gateway import tables
from shared.storage.database import open_database
from shared.storage.writing import Database

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def open_gateway_database(url: str) -> Database:
    """The database behind a URL, with the gateway's journal in it."""
    return Database(open_database(url), tables.journal)
