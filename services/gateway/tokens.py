"""`POST /oauth2/token` (client credentials, RFC 6749), and the public keys.

Errors have the form of RFC 6749. Whether a client id exists can't be told from an answer.
"""

import base64
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from services.gateway.domain.consumer import Consumer, Kind
from services.gateway.domain.grants import Grant, GrantRefusedError, grant
from services.gateway.domain.secrets import is_secret_of
from services.gateway.gateway import Gateway
from services.gateway.store import consumers
from shared.contracts.caller import Caller

FORM = "application/x-www-form-urlencoded"
_MAX_FORM_BYTES = 8 * 1024
_MAX_FIELDS = 20
_CLIENT_ID = re.compile(r"[\x21-\x7e]{1,100}")


class Token(BaseModel):
    """An access token to send as `Authorization: Bearer …` until it expires."""

    access_token: str = Field(
        examples=["eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.e30.c2lnbmF0dXJl"]
    )
    token_type: str = Field(examples=["Bearer"])
    expires_in: int = Field(description="Seconds", examples=[600])
    scope: str = Field(examples=["referrals:read scores:read"])


class TokenError(BaseModel):
    """Why there is no token (RFC 6749, section 5.2)."""

    error: str = Field(examples=["invalid_client"])
    error_description: str = Field(examples=["Unknown client, or not its secret."])


_FORM_FIELDS = {
    "grant_type": {"type": "string", "enum": ["client_credentials"]},
    "client_id": {"type": "string", "description": "Unless sent as HTTP Basic"},
    "client_secret": {"type": "string", "description": "Unless sent as HTTP Basic"},
    "scope": {"type": "string", "description": "Fewer scopes than your roles give, by spaces"},
    "audience": {"type": "string", "description": "`amber`, unless you are one of its services"},
    "resource": {"type": "string", "description": "The same, as RFC 8707 calls it"},
}
_DOCUMENTED = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": _FORM_FIELDS,
                },
                "example": {"grant_type": "client_credentials"},
            }
        },
    }
}


def tokens_router(gateway: Gateway) -> APIRouter:
    """The token endpoint and the keys."""
    router = APIRouter(tags=["tokens"])

    @router.post(
        "/oauth2/token",
        response_model=Token,
        responses={
            400: {"model": TokenError, "description": "The request can't be granted"},
            401: {"model": TokenError, "description": "Unknown client, or not its secret"},
        },
        openapi_extra=_DOCUMENTED,
    )
    async def fetch_token(request: Request) -> JSONResponse:
        """Fetch an access token with your client id and secret (HTTP Basic, or in the form)."""
        try:
            return JSONResponse(await _granted(gateway, request))
        except GrantRefusedError as refused:
            return _refusal(refused)

    @router.get("/.well-known/jwks.json", include_in_schema=False)
    async def keys() -> dict[str, Any]:
        """The public keys that tokens are verified with."""
        return dict(gateway.public_keys.as_dict(private=False))

    return router


async def _granted(gateway: Gateway, request: Request) -> Mapping[str, Any]:
    form = await _form(request)
    client_id, secret = _credentials(request.headers.get("authorization"), form)
    if "grant_type" not in form:
        raise GrantRefusedError("invalid_request", "Send grant_type=client_credentials.")
    if form["grant_type"] != "client_credentials":
        raise GrantRefusedError("unsupported_grant_type", "Send grant_type=client_credentials.")
    consumer = await gateway.in_thread(lambda: _authenticated(gateway, client_id, secret))
    request.state.client_id = consumer.client_id
    granted = grant(gateway.policy, consumer, form, demo=gateway.demo)
    token = _token_for(gateway, consumer, granted)
    return {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": int(granted.life.total_seconds()),
        "scope": " ".join(sorted(granted.scopes)),
    }


def _token_for(gateway: Gateway, consumer: Consumer, granted: Grant) -> str:
    now = gateway.clock()
    if consumer.kind is not Kind.SERVICE:
        return gateway.signer.access_token(consumer.client_id, granted, now)
    caller = Caller(consumer.client_id, str(consumer.kind), scopes=granted.scopes)
    return gateway.signer.service_token(caller, granted.audience, now, granted.life)


def _authenticated(gateway: Gateway, client_id: str, secret: str) -> Consumer:
    if not _CLIENT_ID.fullmatch(client_id):
        raise _unknown_client()
    with gateway.database.reading() as connection:
        consumer = consumers.find(connection, client_id)
        kept = consumers.kept_secrets(connection, client_id)
    known = is_secret_of(secret, kept)
    if not known or consumer is None or consumer.suspended_at is not None:
        raise _unknown_client()
    return consumer


def _unknown_client() -> GrantRefusedError:
    return GrantRefusedError("invalid_client", "Unknown client, or not its secret.")


async def _form(request: Request) -> dict[str, str]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != FORM:
        raise GrantRefusedError("invalid_request", f"Send the request as {FORM}.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_FORM_BYTES:
            raise GrantRefusedError("invalid_request", "The request is too large.")
    try:
        pairs = parse_qsl(
            body.decode("ascii"), strict_parsing=True, errors="strict", max_num_fields=_MAX_FIELDS
        )
    except ValueError:
        raise GrantRefusedError("invalid_request", "The form can't be read.") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise GrantRefusedError("invalid_request", "A field stands twice; send each once.")
    return form


def _credentials(authorization: str | None, form: Mapping[str, str]) -> tuple[str, str]:
    if authorization is None:
        if "client_id" not in form or "client_secret" not in form:
            raise GrantRefusedError(
                "invalid_client", "Send client id and secret, as HTTP Basic or in the form."
            )
        return form["client_id"], form["client_secret"]
    if "client_secret" in form:
        raise GrantRefusedError("invalid_request", "Send the secret in one way, not in both.")
    kind, _, encoded = authorization.partition(" ")
    try:
        if kind.lower() != "basic":
            raise _unknown_client()
        client_id, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:  # not ASCII, not base64, not UTF-8
        raise _unknown_client() from None
    if not colon:
        raise _unknown_client()
    return unquote_plus(client_id), unquote_plus(secret)


def _refusal(refused: GrantRefusedError) -> JSONResponse:
    unknown = refused.error == "invalid_client"
    return JSONResponse(
        {"error": refused.error, "error_description": refused.description},
        401 if unknown else 400,
        headers={"WWW-Authenticate": 'Basic realm="amber"'} if unknown else None,
    )
