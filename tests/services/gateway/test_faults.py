"""A fault of ours is answered with a request id that leads to the line that broke, and the log
says nothing of what was in it."""

import logging
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError
from starlette.responses import StreamingResponse

from services.gateway import upstream
from shared.domain.errors import NotFoundError
from tests.support.gateway import GatewayUnderTest

NAME = "Example Childname"
SAID = {"X-Request-ID": "request-0001"}


@pytest.fixture
def app(sqlite_gateway: GatewayUnderTest) -> FastAPI:
    """An app with routes that break in each way."""

    async def fault() -> None:
        raise RuntimeError(f"cannot save {NAME}")

    async def database() -> None:
        raise OperationalError("INSERT …", {"given_name": NAME}, Exception(NAME))

    async def half_way() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"["
            raise RuntimeError(NAME)

        return StreamingResponse(parts())

    async def refusing() -> None:
        raise NotFoundError("No such thing.")

    for route in (fault, database, half_way, refusing):
        sqlite_gateway.app.add_api_route(f"/{route.__name__}", route, response_model=None)
    return sqlite_gateway.app


def logged(caplog: pytest.LogCaptureFixture) -> str:
    (record,) = [record for record in caplog.records if record.name == "amber.problems"]
    assert record.exc_info is None
    return record.getMessage()


def test_the_request_id_of_a_fault_leads_to_its_kind_and_place_and_to_nobody(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    # This client raises whatever the app lets out: a server would print it with its traceback.
    answer = TestClient(app).get("/fault", headers=SAID)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert answer.headers["X-Request-ID"] == answer.json()["request_id"] == "request-0001"
    assert logged(caplog).startswith("fault: RuntimeError at shared.http.")
    assert logged(caplog).endswith("request request-0001")
    assert NAME not in caplog.text + answer.text


def test_the_place_is_the_innermost_line_of_our_own(
    sqlite_gateway: GatewayUnderTest, caplog: pytest.LogCaptureFixture
) -> None:
    sqlite_gateway.services.answers = lambda _: httpx.Response(200, json=1 / 0)
    client = TestClient(
        sqlite_gateway.app, headers={"Authorization": f"Bearer {sqlite_gateway.token('analyst')}"}
    )
    assert client.get("/v1/codes").status_code == 500
    module, _, line = logged(caplog).split(" at ")[1].partition(",")[0].partition(":")
    assert module == "services.gateway.upstream"
    source = Path(upstream.__file__).read_text().splitlines()
    assert "client.send" in source[int(line) - 1]


def test_a_database_that_is_away_is_logged_with_the_request_and_no_parameter(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    answer = TestClient(app).get("/database", headers=SAID)
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert logged(caplog).startswith("database unavailable: OperationalError at ")
    assert logged(caplog).endswith("request request-0001")
    assert NAME not in caplog.text + answer.text


def test_a_fault_in_the_middle_of_an_answer_is_not_printed_either(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    TestClient(app).get("/half_way", headers=SAID)
    assert "request request-0001" in logged(caplog)
    assert NAME not in caplog.text


def test_health_and_refusals_never_wait_for_a_thread(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "amber.problems")
    over = threading.Event()

    async def wait_in_a_thread() -> None:
        await anyio.to_thread.run_sync(over.wait)

    async def ask_while_every_thread_is_busy() -> list[int]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = 1
        paths = ("livez", "version", "refusing", "database", "fault", "nothing")
        async with (
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://gateway"
            ) as client,
            anyio.create_task_group() as group,
        ):
            group.start_soon(wait_in_a_thread)
            await anyio.wait_all_tasks_blocked()
            try:
                with anyio.fail_after(5):
                    answers = [await client.get(f"/{path}") for path in paths]
            finally:
                over.set()
        return [answer.status_code for answer in answers]

    assert anyio.run(ask_while_every_thread_is_busy) == [200, 200, 404, 503, 500, 404]
