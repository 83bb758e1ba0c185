"""A tracker in a process of its own, for the commands that talk to one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.embedded import DEMO_CREDENTIALS
from tests.support.trackers import EmbeddedProcess


@dataclass(frozen=True)
class Running:
    """A tracker, and the environment in which `amber` and curl reach it."""

    process: EmbeddedProcess
    environment: dict[str, str]

    @property
    def scoring_database(self) -> str:
        """The URL of the database that the updates end up in."""
        return f"sqlite:///{self.process.folder / 'scoring.db'}"


@pytest.fixture(scope="package")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One embedded tracker for every test of the commands, without the demonstration data."""
    folder: Path = tmp_path_factory.mktemp("commands") / "var"
    process = EmbeddedProcess(folder, "--no-demo")
    process.api.put_weights_in_force()
    environment = {
        "AMBER_URL": process.api.url,
        "AMBER_CREDENTIALS": str(folder / DEMO_CREDENTIALS),
        "AMBER_CLIENT_ID": "police-feed",
    }
    yield Running(process, environment)
    assert process.stop() == 0
