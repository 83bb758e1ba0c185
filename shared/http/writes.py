"""A request that writes: one transaction, the journal last, committed before the reply.

`Idempotency-Key` lies in the same transaction as the change: a repeated request gets the first
answer again, a second one at the same time waits for the first, another body is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Header, Request, Response, Security
from pydantic import BaseModel

from shared.contracts.caller import Caller
from shared.domain.canonical import digest
from shared.http.callers import authenticated
from shared.http.service import Service, service_of
from shared.storage.idempotency import Claim, Kept, claim, keep
from shared.storage.writing import Writing

View = TypeVar("View", bound=BaseModel)


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
        status: int = 201,
        location: Callable[[View], str] | None = None,
        etag: Callable[[View], str] | None = None,
    ) -> Response:
        """Run `use_case`, append the journal, keep the answer under its key, commit, answer."""
        with self.service.database.writing(self.service.clock()) as transaction:
            if self.claim and (kept := claim(transaction.connection, self.claim, transaction.now)):
                return _response(kept, replayed=True)
            view = use_case(transaction)
            position = transaction.close_journal()
            headers = {"Amber-Position": f"{self.service.name}:{position}"}
            if location is not None:
                headers["Location"] = location(view)
            if etag is not None:
                headers["ETag"] = etag(view)
            answer = Kept(status, headers, view.model_dump_json())
            if self.claim:
                keep(transaction.connection, self.claim, answer)
        return _response(answer, replayed=False)


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
