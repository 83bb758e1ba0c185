"""The database that referrals owns."""

from services.referrals.store.child_merges import parted_since
from services.referrals.tables import child, journal
from shared.storage.database import open_database
from shared.storage.writing import Database


def open_referrals(url: str) -> Database:
    """Open the database at `url`, with the journal in it. Its schema comes from the migrations."""
    return Database(open_database(url), journal, child, parted_since)
