"""The scoring service's own database."""

from services.scoring.tables import child, journal
from shared.storage.database import open_database
from shared.storage.writing import Database


def open_scoring(url: str) -> Database:
    """The database behind a URL, with scoring's journal in it."""
    return Database(open_database(url), journal, child)
