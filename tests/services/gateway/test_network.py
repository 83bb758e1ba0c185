"""Over sockets, as deployed: what the gateway's client makes of services that are there, or not."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import anyio
import httpx
import pytest
from typing_extensions import override

from services.gateway.upstream import Upstreams, UpstreamUnavailableError, over_aiohttp
from shared.http.problems import UnreadableRequestError
from tests.support.postgresql import free_port


class Service(BaseHTTPRequestHandler):
    """Echoes a request; `/stuck` never answers."""

    over = threading.Event()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/stuck":
            self.over.wait(30)
            return
        self.send_response(201)
        self.send_header("ETag", self.headers["X-Request-ID"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@contextmanager
def listening() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    Service.over.clear()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        Service.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def post(url: str, path: str, *, deadline: float = 5.0) -> httpx.Response:
    async def send() -> httpx.Response:
        upstreams = Upstreams(over_aiohttp({"scoring": url}, deadline), deadline)
        try:
            return await upstreams.send(
                "scoring", "POST", path, {"x-request-id": "request-0001"}, b"{}"
            )
        finally:
            await upstreams.close()

    return anyio.run(send)


def test_a_service_that_answers_is_heard() -> None:
    with listening() as url:
        answer = post(url, "/v1/indicator-updates")
    assert (answer.status_code, answer.content) == (201, b"{}")
    assert answer.headers["etag"] == "request-0001"


def test_nobody_listening_is_unavailable() -> None:
    with pytest.raises(UpstreamUnavailableError):
        post(f"http://127.0.0.1:{free_port()}", "/v1/indicator-updates")


def test_a_service_that_hangs_is_given_up_on() -> None:
    with listening() as url, pytest.raises(UnreadableRequestError) as refused:
        post(url, "/stuck", deadline=0.2)
    assert (refused.value.status_code, refused.value.code) == (504, "upstream_timeout")
