"""`amber up`: the whole tracker in one process, ready to be looked at."""

import socket
import time
from contextlib import closing
from pathlib import Path

import anyio
import typer
from rich.console import Console

from services.cli.client import RefusedError, UnreachableError
from services.cli.credentials import CredentialsError
from services.cli.demo.consumers import Consumers
from services.cli.demo.loading import DemoError, load
from services.embedded import (
    DEMO_CREDENTIALS,
    Server,
    Tracker,
    assemble,
    serve,
    stop_on_signal,
)
from shared.starting import starting

SHORT_PAUSE_SECONDS = 0.25


def run(port: int, data: Path, *, demo: bool) -> None:
    """Assemble, listen, load the `demo` data through the API, serve until Ctrl-C."""
    with listening_on(port) as listener:
        with starting():
            tracker = assemble(data)
        anyio.run(_serve, tracker, listener, data, demo, backend_options={"use_uvloop": True})
    typer.echo("Amber has stopped. The data is kept.")


def listening_on(port: int) -> socket.socket:
    """A socket bound to 127.0.0.1; exits with advice when the port is taken. 0: any free one."""
    # Named as TCP, or asyncio leaves its delay of small packets on: 40 ms for most answers.
    listener = socket.socket(proto=socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        typer.echo(f"Port {port} is taken. Choose another: make run PORT={port + 1}", err=True)
        raise typer.Exit(1) from None
    return listener


async def _serve(tracker: Tracker, listener: socket.socket, data: Path, demo: bool) -> None:
    server = Server(tracker)
    url = "http://{}:{}".format(*listener.getsockname())
    async with anyio.create_task_group() as group:
        group.start_soon(stop_on_signal, server)
        group.start_soon(_show_around if demo else _say_where, url, data, server)
        await serve(tracker, server, listener)
        group.cancel_scope.cancel()


async def _show_around(url: str, data: Path, server: Server) -> None:
    def load_it() -> str:
        server.listening.wait()
        typer.echo(f"Amber listens at {url}. Loading what is missing of the demonstration data ...")
        with closing(Consumers(url, data / DEMO_CREDENTIALS, sleep=pause)) as consumers:
            return load(consumers, Console()).child_id

    def pause(seconds: float) -> None:
        if server.should_exit:
            raise UnreachableError("Amber was stopped.")
        time.sleep(min(seconds, SHORT_PAUSE_SECONDS))

    try:
        child_id = await anyio.to_thread.run_sync(load_it, abandon_on_cancel=True)
    except (CredentialsError, RefusedError, UnreachableError, DemoError) as error:
        typer.echo(f"The demonstration data was not loaded. {error}", err=True)
        return
    typer.echo(_words(url, data, child_id))


async def _say_where(url: str, data: Path, server: Server) -> None:
    await anyio.to_thread.run_sync(server.listening.wait, abandon_on_cancel=True)
    typer.echo(f"Amber listens at {url}, without demonstration data.\n{_places(url, data)}")


def _places(url: str, data: Path) -> str:
    return f"""
  the API, described       {url}/openapi.json
  who may ask, and how     {data / DEMO_CREDENTIALS}
  the databases            {data}
"""


def _words(url: str, data: Path, child_id: str) -> str:
    credentials = data / DEMO_CREDENTIALS
    secret = (
        f"$(python3 -c \"import json; print(json.load(open('{credentials}'))"
        "['social-worker']['secret'])\")"
    )
    read = "python3 -c \"import json, sys; print(json.load(sys.stdin)['access_token'])\""
    ask = f'curl -s -u "social-worker:{secret}" -d grant_type=client_credentials'
    as_bearer = 'curl -s -H "Authorization: Bearer $TOKEN"'
    return f"""
Amber is running at {url} with demonstration data: no child in it is real.
{_places(url, data)}
Three lines to paste into another terminal:

TOKEN=$({ask} {url}/oauth2/token | {read})
{as_bearer} {url}/v1/referrals | python3 -m json.tool
{as_bearer} {url}/v1/children/{child_id}/score | python3 -m json.tool

Ctrl-C stops it.
"""
