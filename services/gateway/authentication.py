"""Whose request this is: the access token, and the consumer behind it as it stands now."""

from starlette.requests import Request

from services.gateway.domain.consumer import Consumer
from services.gateway.domain.grants import CONSUMERS
from services.gateway.domain.policy import scopes_of
from services.gateway.gateway import Gateway
from services.gateway.store import consumers
from shared.http.callers import UnauthenticatedError, bearer_token
from shared.http.tokens import TokenRefusedError, verify


async def authenticate(gateway: Gateway, request: Request) -> tuple[Consumer, frozenset[str]]:
    """The consumer, and the scopes that its token carries and its roles still give.

    Raises:
        UnauthenticatedError: `missing_token`, `invalid_token`, `expired_token` or `suspended`.
    """
    token = bearer_token(request.headers.get("authorization"))
    try:
        claims = verify(
            token,
            gateway.public_keys,
            issuer=gateway.signer.issuer,
            audience=CONSUMERS,
            now=gateway.clock(),
        )
    except TokenRefusedError as refused:
        raise UnauthenticatedError(refused.code, refused.detail) from None
    consumer = await gateway.in_thread(lambda: _find(gateway, claims["sub"]))
    if consumer is None:
        raise UnauthenticatedError("invalid_token", "The consumer of this token is not known.")
    if consumer.suspended_at is not None:
        raise UnauthenticatedError("suspended", "This consumer is suspended; ask its owner.")
    return consumer, frozenset(claims["scope"].split()) & scopes_of(gateway.policy, consumer)


def _find(gateway: Gateway, client_id: str) -> Consumer | None:
    with gateway.database.reading() as connection:
        return consumers.find(connection, client_id)
