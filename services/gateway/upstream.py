"""The services behind the gateway, and what of a request and an answer goes through.

Headers go through by list: whatever a caller sends besides never reaches a service, and whatever
a service says besides never leaves.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import anyio
import httpx
from httpx_aiohttp import AiohttpTransport

from shared.domain.errors import UnavailableError
from shared.http.problems import UnreadableRequestError
from shared.peers import Connect

log = logging.getLogger("amber.gateway")
# httpx writes every URL at INFO: they hold children's ids.
logging.getLogger("httpx").setLevel(logging.WARNING)

REQUEST_HEADERS = (
    "accept",
    "amber-min-position",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "traceparent",
)
ANSWER_HEADERS = (
    "amber-position",
    "content-type",
    "etag",
    "idempotent-replayed",
    "link",
    "location",
    "retry-after",
)
# Nothing is compressed between gateway and service: the ledger reads the answer.
_OWN_HEADERS = {"accept-encoding": "identity", "user-agent": "amber-gateway"}

LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=50, keepalive_expiry=30)


class UpstreamUnavailableError(UnavailableError):
    """A service can't be reached."""

    code = "upstream_unavailable"


def over_aiohttp(urls: Mapping[str, str], deadline_seconds: float) -> Connect:
    """Reach services over the network; aiohttp costs a quarter of httpx's own transport."""
    waits = httpx.Timeout(deadline_seconds, connect=2.0, pool=2.0)

    def connect(name: str) -> httpx.AsyncClient:
        transport = AiohttpTransport(limits=LIMITS, trust_env=False)
        return httpx.AsyncClient(
            base_url=urls[name], timeout=waits, transport=transport, trust_env=False
        )

    return connect


@dataclass(slots=True)
class Upstreams:
    """Open clients to the services, each opened on first use: embedded, the services' apps exist
    only once everything is assembled."""

    connect: Connect
    deadline_seconds: float
    _clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    async def send(
        self, service: str, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> httpx.Response:
        """Send a request and read the whole answer.

        Raises:
            UpstreamUnavailableError: the service can't be reached, or doesn't know our key yet.
            UnreadableRequestError: 504 `upstream_timeout`, when it takes longer than the deadline.
        """
        client = self._client(service)
        request = client.build_request(
            method, url, headers={**_OWN_HEADERS, **headers}, content=body or None
        )
        try:
            # A deadline of our own: in process, httpx keeps no time.
            with anyio.fail_after(self.deadline_seconds):
                answer = await client.send(request)
        except (httpx.ConnectTimeout, httpx.PoolTimeout):
            raise self._unavailable(service) from None
        except (httpx.TimeoutException, TimeoutError):
            log.warning("%s took longer than %s s", service, self.deadline_seconds)
            raise UnreadableRequestError(
                504,
                "upstream_timeout",
                "A part of the tracker took too long. It may have done what you asked: send a"
                " POST again only with the same Idempotency-Key.",
            ) from None
        except httpx.RequestError:
            raise self._unavailable(service) from None
        if answer.status_code == 401:
            # Our token, not the caller's: the service doesn't know our present key yet.
            raise self._unavailable(service)
        return answer

    def _unavailable(self, service: str) -> UpstreamUnavailableError:
        log.warning("%s can't be reached, or doesn't take our token", service)
        return UpstreamUnavailableError(
            "A part of the tracker can't be reached. Send the request again."
        )

    def _client(self, service: str) -> httpx.AsyncClient:
        if service not in self._clients:
            self._clients[service] = self.connect(service)
        return self._clients[service]

    async def close(self) -> None:
        """Close the clients."""
        for client in self._clients.values():
            await client.aclose()


def listed(headers: httpx.Headers | Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """Those headers that go through."""
    return {name: headers[name] for name in names if name in headers}
