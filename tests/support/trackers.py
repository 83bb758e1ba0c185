"""Running trackers: in this process, as an embedded process, as three processes on PostgreSQL."""

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import httpx

from services.cli.up import listening_on
from services.embedded import DEMO_CREDENTIALS, Server, assemble, serve
from services.gateway.demo import write_demo_credentials
from services.gateway.signing import new_signing_key
from shared.clock import Clock, system_clock
from tests.support.api import Outside, await_it, read_credentials
from tests.support.clocked import CLOCK, FileClock
from tests.support.databases import ROOT, PostgresqlDatabases
from tests.support.postgresql import free_port
from tests.support.scoring import shipped_weights

START_SECONDS = 90.0
"""On a busy machine a process imports for long."""
FILLINGS = {"scoring": shipped_weights}


@contextmanager
def in_process(folder: Path, clock: Clock = system_clock) -> Iterator[Outside]:
    """The embedded tracker in a thread of this process, over a real socket."""
    tracker = assemble(folder, clock)
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
                return http.get(f"{url}/readyz").status_code == 200 or None
            except httpx.TransportError:
                return None

        with httpx.Client() as http:
            try:
                await_it(ask, f"{url} to be ready", START_SECONDS)
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


@dataclass
class Deployed:
    """Gateway, referrals and scoring, each a uvicorn process with a PostgreSQL database."""

    folder: Path
    urls: dict[str, str]
    environments: dict[str, dict[str, str]]
    clock: FileClock | None = None
    """None: that of the machine."""
    running: dict[str, Process] = field(default_factory=dict)
    """By URL."""

    def start(
        self,
        name: str,
        urls: Mapping[str, str] | None = None,
        *,
        under: Sequence[str] = ("-m", "uvicorn"),
        settings: Mapping[str, str] | None = None,
    ) -> Process:
        """Start an instance of a service where `urls` says, which tell it where the others are.

        Left out: where the first instance is. `under` is what runs it, with further `settings`.
        """
        urls = {**self.urls, **(urls or {})}
        app = f"services.{name}.app:from_environment"
        own = {**self.environments[name], "AMBER_URLS": json.dumps(urls), **(settings or {})}
        if self.clock is not None:
            app, own[CLOCK] = f"tests.support.clocked:{name}", str(self.clock.path)
        program = [*under, app, "--factory"]
        options = ["--port", urls[name].rpartition(":")[2], "--no-access-log"]
        process = Process([*program, *options], own, self.folder / f"{name}.log")
        self.running[urls[name]] = process
        return process

    def outside(self, url: str | None = None) -> Outside:
        """The tracker through a gateway; left out: through the first one."""
        credentials = read_credentials(self.folder / DEMO_CREDENTIALS)
        return Outside(url or self.urls["gateway"], credentials)

    def database(self, name: str) -> str:
        """The URL of a service's database."""
        return self.environments[name]["AMBER_DATABASE_URL"]


def free_url() -> str:
    """Where a service may listen."""
    return f"http://127.0.0.1:{free_port()}"


@contextmanager
def three_processes(
    databases: PostgresqlDatabases,
    folder: Path,
    gateway_databases: PostgresqlDatabases | None = None,
    *,
    migrate: bool = True,
    clock: FileClock | None = None,
) -> Iterator[Outside]:
    """The three services as processes, from outside: see `deployed`."""
    with (
        deployed(databases, folder, gateway_databases, migrate=migrate, clock=clock) as services,
        closing(services.outside()) as outside,
    ):
        yield outside


@contextmanager
def deployed(
    databases: PostgresqlDatabases,
    folder: Path,
    gateway_databases: PostgresqlDatabases | None = None,
    *,
    migrate: bool = True,
    clock: FileClock | None = None,
) -> Iterator[Deployed]:
    """Gateway, referrals and scoring, started and ready; killed at the end.

    The gateway's database may lie in another cluster than the services'. Without `migrate` the
    databases are copies of migrated ones, not made by `amber migrate` first.
    """
    services = _deployment(databases, folder, gateway_databases or databases, migrate=migrate)
    services.clock = clock
    try:
        if migrate:
            _migrate(services)
        for name in services.urls:
            services.start(name)
        for url, process in services.running.items():
            process.await_ready(url)
        yield services
    finally:
        for process in services.running.values():
            process.kill()


def _deployment(
    databases: PostgresqlDatabases,
    folder: Path,
    gateway_databases: PostgresqlDatabases,
    *,
    migrate: bool,
) -> Deployed:
    urls = {name: free_url() for name in ("gateway", "referrals", "scoring")}
    service_secrets = {name: secrets.token_urlsafe(32) for name in ("referrals", "scoring")}
    new_signing_key(folder / "signing-key.pem")
    write_demo_credentials(folder / DEMO_CREDENTIALS)
    own = {
        "gateway": {
            "AMBER_SIGNING_KEY_FILE": str(folder / "signing-key.pem"),
            "AMBER_SERVICE_SECRETS": json.dumps(service_secrets),
            "AMBER_CREDENTIALS_FILE": str(folder / DEMO_CREDENTIALS),
        },
        "referrals": {"AMBER_CLIENT_SECRET": service_secrets["referrals"]},
        "scoring": {"AMBER_CLIENT_SECRET": service_secrets["scoring"]},
    }
    environments = {}
    for name in urls:
        place = gateway_databases if name == "gateway" else databases
        database = place.empty() if migrate else place.fresh(name, FILLINGS.get(name))
        environments[name] = {
            "AMBER_URLS": json.dumps(urls),
            "AMBER_DEMO": "true",
            "AMBER_DATABASE_URL": database,
            **own[name],
        }
    return Deployed(folder, urls, environments)


def _migrate(services: Deployed) -> None:
    migrating = [
        Process(
            ["-m", "services.cli.main", "migrate", name],
            environment,
            services.folder / f"{name}.log",
        )
        for name, environment in services.environments.items()
    ]
    for migration in migrating:
        assert migration.popen.wait(60) == 0, migration.log.read_text()
