"""A request that reads: one moment throughout, and not before what the caller has written."""

import re
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Header, Request
from sqlalchemy import Connection

from shared.domain.errors import FieldError, InvalidError, UnavailableError
from shared.http.service import Service, service_of
from shared.storage.cursors import read_cursor
from shared.storage.journal import head_of

_POSITION = re.compile(r"([a-z]{1,20}):([0-9]{1,18})")


class BehindError(UnavailableError):
    """This service has not yet taken in what the caller wants to see."""

    code = "behind"


def _connected(
    request: Request,
    min_position: Annotated[
        str | None,
        Header(
            alias="Amber-Min-Position",
            max_length=40,
            description="An `Amber-Position` out of an earlier answer: read what includes it.",
        ),
    ] = None,
) -> Iterator[Connection]:
    service = service_of(request)
    with service.database.reading() as connection:
        if min_position is not None:
            _require_position(connection, service, min_position)
        yield connection


def _require_position(connection: Connection, service: Service, wanted: str) -> None:
    match = _POSITION.fullmatch(wanted)
    if match is None:
        raise _refused(
            "wrong_form", "Send back an Amber-Position as it was answered, such as referrals:12."
        )
    source, position = match.group(1), int(match.group(2))
    if source not in {service.name, *service.sources}:
        # It would be behind for ever.
        raise _refused(
            "unknown_source",
            "This part of the tracker knows positions of"
            f" {', '.join(sorted((service.name, *service.sources)))}.",
        )
    if source == service.name:
        reached = head_of(connection, service.database.journal).position
    else:
        reached = read_cursor(connection, source).position
    if reached < position:
        raise BehindError("This part of the tracker is still catching up; ask again.")


def _refused(code: str, message: str) -> InvalidError:
    return InvalidError([FieldError("/Amber-Min-Position", code, message, where="header")])


# scope="function": the transaction ends before the answer leaves, not after.
Connected = Annotated[Connection, Depends(_connected, scope="function")]
"""For a route's signature: an open read transaction."""
