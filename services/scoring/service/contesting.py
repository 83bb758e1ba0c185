"""Numbers of a statement that come to lead to another child, or several. DESIGN 2 (3), ADR 0072."""

from collections.abc import Collection
from uuid import UUID

from services.scoring.store.children import children_by_identifier, lock_children
from services.scoring.store.contests import (
    begin_contests,
    children_behind,
    contested,
    end_contests,
    numbers_beside,
)
from services.scoring.store.due import mark_due
from shared.domain.canonical import Json
from shared.storage.writing import Writing


def contest(
    transaction: Writing, numbers: Collection[tuple[str, str]], entry_id: UUID
) -> list[Json]:
    """Some numbers lead to other children than before: which statements are contested by that, and
    which no longer? Had they come only now, the former would be held, or count for another child.

    Returns those that turned, for the journal.
    """
    connection = transaction.connection
    statements = numbers_beside(connection, numbers)
    if not statements:
        return []
    carrying = children_by_identifier(connection, set().union(*statements.values()))
    own = children_behind(connection, statements)
    now = set()
    for key, pairs in statements.items():
        found = set().union(*(carrying.get(pair, set()) for pair in pairs))
        if {record.counts_for for record in found} - {own[key]}:
            now.add(key)
    before = contested(connection, statements)
    begin_contests(connection, now - before, entry_id)
    end_contests(connection, before - now, entry_id)
    children = {own[key] for key in now ^ before}
    lock_children(connection, children)
    mark_due(connection, children, transaction.now)
    return [[*key, key in now] for key in sorted(now ^ before)]
