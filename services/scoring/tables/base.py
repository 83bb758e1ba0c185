"""What every service has: the metadata, the journal, the keys of requests, the feed's cursor."""

from sqlalchemy import MetaData

from shared.storage.cursors import cursor_table
from shared.storage.idempotency import idempotency_table
from shared.storage.journal import journal_tables

metadata = MetaData()

journal = journal_tables(metadata)
idempotency_key = idempotency_table(metadata)
feed_cursor = cursor_table(metadata)
