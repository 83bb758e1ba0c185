"""A request that writes: one transaction, the journal last, committed before the reply.

`Idempotency-Key` lies in the same transaction as the change: a repeated request gets the first
answer again, a second one at the same time waits for the first, another body is refused. An answer
about a child whom the caller may not see any more, or about a record that has been parted from the
child and is out of sight, isn't given again (ADR 0083).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Header, Request, Response, Security
from pydantic import BaseModel
from sqlalchemy import Connection

from shared.access import in_sight
from shared.contracts.caller import Caller
from shared.domain.canonical import digest
from shared.domain.errors import NotFoundError
from shared.http.callers import authenticated
from shared.http.service import Service, service_of
from shared.storage.idempotency import Claim, Kept, claim, keep
from shared.storage.writing import Writing

View = TypeVar("View", bound=BaseModel | str)
"""What is answered; a text is JSON already."""


@dataclass(frozen=True, slots=True)
class About:
    """Whom an answer tells of: where in it the ids of children stand; and what stands in place of
    what it says, for somebody who may not see them. None: then it says nothing."""

    ids: tuple[str, ...]
    withheld: Mapping[str, Any] | None = None


A_CHILD = About(("child_id",))
NOBODY = About(())


@dataclass(frozen=True, slots=True)
class Writes:
    """Runs a use case in one transaction and turns what it returns into the reply."""

    service: Service
    caller: Caller
    claim: Claim | None

    def reply(
        self,
        use_case: Callable[[Writing], View],
        *,
        about: About,
        status: int = 201,
        location: Callable[[View], str] | None = None,
        etag: Callable[[View], str] | None = None,
    ) -> Response:
        """Run `use_case`, append the journal, keep the answer under its key, commit, answer."""
        with self.service.database.writing(self.service.clock) as transaction:
            if self.claim and (kept := claim(transaction.connection, self.claim, transaction.now)):
                again = self._as_seen(transaction.connection, kept, about)
                return _response(again, replayed=True)
            view = use_case(transaction)
            position = transaction.close_journal()
            headers = {"Amber-Position": f"{self.service.name}:{position}"}
            if location is not None:
                headers["Location"] = location(view)
            if etag is not None:
                headers["ETag"] = etag(view)
            body = view if isinstance(view, str) else view.model_dump_json()
            answer = Kept(status, headers, body)
            if self.claim:
                keep(transaction.connection, self.claim, answer)
        return _response(answer, replayed=False)

    def _as_seen(self, connection: Connection, kept: Kept, about: About) -> Kept:
        """The first answer, as far as the caller may see it now."""
        if not about.ids:
            return kept
        said = json.loads(kept.body)
        whom = {UUID(said[name]) for name in about.ids if said[name] is not None}
        database = self.service.database
        children = database.children
        assert children is not None  # noqa: S101  # who answers about children knows them
        whom |= database.parted_since(connection, whom, _position(kept))
        if whom <= in_sight(connection, self.caller.sight, children, whom):
            return kept
        if about.withheld is None:
            raise NotFoundError(
                "What this key stands for was done. Whom it is about is outside what you may see"
                " now."
            )
        return replace(kept, body=json.dumps({**said, **about.withheld}))


def _position(kept: Kept) -> int:
    return int(kept.headers["Amber-Position"].rpartition(":")[2])


def _response(answer: Kept, *, replayed: bool) -> Response:
    headers = dict(answer.headers)
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(answer.body, answer.status, headers, media_type="application/json")


async def _writes(
    request: Request,
    caller: Annotated[Caller, Security(authenticated)],
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=8,
            max_length=128,
            pattern=r"^[\x21-\x7e]+$",
            description="A key of your own making: the same key gets the first answer again.",
        ),
    ] = None,
) -> Writes:
    claimed = None
    if idempotency_key is not None:
        claimed = Claim(
            consumer=caller.client_id,
            route=f"{request.method} {request.url.path}",
            key=idempotency_key,
            body_digest=digest(await request.body()),
        )
    return Writes(service_of(request), caller, claimed)


def writes(scope: str) -> Any:  # noqa: ANN401  # FastAPI's own marker
    """For a route's signature: a writing request whose caller holds `scope`."""
    return Security(_writes, scopes=[scope])
