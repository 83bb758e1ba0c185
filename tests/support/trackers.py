"""Running trackers: in this process, as an embedded process, as three processes on PostgreSQL."""

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import anyio
import httpx

from services.cli.up import listening_on
from services.embedded import DEMO_CREDENTIALS, Server, assemble, serve
from services.gateway.demo import write_demo_credentials
from services.gateway.signing import new_signing_key
from tests.support.api import Outside, await_it, read_credentials
from tests.support.databases import ROOT, PostgresqlDatabases
from tests.support.postgresql import free_port
from tests.support.scoring import shipped_weights

FILLINGS = {"scoring": shipped_weights}


@contextmanager
def in_process(folder: Path) -> Iterator[Outside]:
    """The embedded tracker in a thread of this process, over a real socket."""
    tracker = assemble(folder)
    server = Server(tracker)
    with listening_on(0) as listener:
        thread = threading.Thread(target=anyio.run, args=(serve, tracker, server, listener))
        thread.start()
        server.listening.wait(20)
        port = listener.getsockname()[1]
        try:
            credentials = read_credentials(folder / DEMO_CREDENTIALS)
            with closing(Outside(f"http://127.0.0.1:{port}", credentials)) as outside:
                yield outside
        finally:
            server.should_exit = True
            thread.join(20)
            for app in tracker.apps.values():
                app.state.service.database.engine.dispose()


class Process:
    """A program of ours in a process of its own, its output kept for when it fails."""

    def __init__(self, arguments: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self.popen = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env={**os.environ, **environment},  # noqa: TID251  # a child process inherits it
                stdout=output,
                stderr=output,
            )

    def await_ready(self, url: str) -> None:
        """Wait until it says that it can do its work."""

        def ask() -> bool | None:
            assert self.popen.poll() is None, self.log.read_text()
            try:
                return httpx.get(f"{url}/readyz").status_code == 200 or None
            except httpx.TransportError:
                return None

        try:
            await_it(ask, f"{url} to be ready")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log.read_text()}") from None

    def kill(self) -> None:
        """kill -9: no goodbye."""
        self.popen.kill()
        self.popen.wait(10)

    def interrupt(self) -> int:
        """Ctrl-C. Returns the exit code."""
        self.popen.send_signal(signal.SIGINT)
        return self.popen.wait(20)


class EmbeddedProcess:
    """`amber up` in a process of its own, over a folder that outlives it."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder, self.port, self.options = folder, free_port(), options
        self.process = self._start()
        self.api = self._outside()

    def _start(self) -> Process:
        place = ["--port", str(self.port), "--data", str(self.folder)]
        process = Process(
            ["-m", "services.cli.main", "up", *place, *self.options],
            {},
            self.folder.with_suffix(".log"),
        )
        process.await_ready(f"http://127.0.0.1:{self.port}")
        return process

    def _outside(self) -> Outside:
        credentials = read_credentials(self.folder / DEMO_CREDENTIALS)
        return Outside(f"http://127.0.0.1:{self.port}", credentials)

    def kill_and_restart(self) -> Outside:
        """kill -9, then start again over the same folder."""
        self.process.kill()
        self.api.close()
        self.process = self._start()
        self.api = self._outside()
        return self.api

    def stop(self) -> int:
        """Ctrl-C. Returns the exit code."""
        self.api.close()
        return self.process.interrupt()


@contextmanager
def three_processes(
    databases: PostgresqlDatabases,
    folder: Path,
    gateway_databases: PostgresqlDatabases | None = None,
    *,
    migrate: bool = True,
) -> Iterator[Outside]:
    """Gateway, referrals and scoring, each a uvicorn process with a PostgreSQL database.

    The gateway's may lie in another cluster than the services'. Without `migrate` the databases
    are copies of migrated ones, not made by `amber migrate` first.
    """
    places = {"gateway": gateway_databases or databases}
    urls = {name: f"http://127.0.0.1:{free_port()}" for name in ("gateway", "referrals", "scoring")}
    service_secrets = {name: secrets.token_urlsafe(32) for name in ("referrals", "scoring")}
    new_signing_key(folder / "signing-key.pem")
    write_demo_credentials(folder / DEMO_CREDENTIALS)
    common = {"AMBER_URLS": json.dumps(urls), "AMBER_DEMO": "true"}
    own = {
        "gateway": {
            "AMBER_SIGNING_KEY_FILE": str(folder / "signing-key.pem"),
            "AMBER_SERVICE_SECRETS": json.dumps(service_secrets),
            "AMBER_CREDENTIALS_FILE": str(folder / DEMO_CREDENTIALS),
        },
        "referrals": {"AMBER_CLIENT_SECRET": service_secrets["referrals"]},
        "scoring": {"AMBER_CLIENT_SECRET": service_secrets["scoring"]},
    }
    with ExitStack() as stack:
        environments = {
            name: {
                **common,
                **own[name],
                "AMBER_DATABASE_URL": (
                    places.get(name, databases).empty()
                    if migrate
                    else places.get(name, databases).fresh(name, FILLINGS.get(name))
                ),
            }
            for name in urls
        }
        logs = {name: folder / f"{name}.log" for name in urls}
        migrating = [
            Process(["-m", "services.cli.main", "migrate", name], environments[name], logs[name])
            for name in urls
            if migrate
        ]
        for migration in migrating:
            assert migration.popen.wait(60) == 0, migration.log.read_text()
        running = {}
        for name, url in urls.items():
            port = url.rpartition(":")[2]
            program = ["-m", "uvicorn", f"services.{name}.app:from_environment", "--factory"]
            options = ["--port", port, "--no-access-log"]
            running[name] = Process([*program, *options], environments[name], logs[name])
            stack.callback(running[name].kill)
        for name, url in urls.items():
            running[name].await_ready(url)
        credentials = read_credentials(folder / DEMO_CREDENTIALS)
        with closing(Outside(urls["gateway"], credentials)) as outside:
            yield outside
