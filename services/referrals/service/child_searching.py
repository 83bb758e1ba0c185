"""Searching for a child: candidates for a person to choose from. Nothing follows from a search."""

from sqlalchemy import Connection

from services.referrals.domain.child_records import Records
from services.referrals.domain.child_search import MOST, Candidate, Sought, candidates, faults
from services.referrals.store import children
from services.referrals.store.child_search import compared
from shared.domain.access import Sight
from shared.domain.errors import InvalidError


def search(
    connection: Connection, sight: Sight, sought: Sought
) -> tuple[list[tuple[Candidate, Records]], bool]:
    """The likeliest children in sight, and whether there are more.

    Raises:
        InvalidError: too little is known to search.
    """
    if errors := list(faults(sought)):
        raise InvalidError(errors)
    found = candidates(sought, compared(connection, sight, sought))
    shown = found[:MOST]
    known = children.known(connection, [each.child_id for each in shown])
    return [(each, known[each.child_id]) for each in shown], len(found) > MOST
