"""The tracker that journeys walk through: three ways to run it, or one that runs already."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.api import Outside, read_credentials
from tests.support.trackers import in_process, three_processes

# TRACKER_URL (and TRACKER_CREDENTIALS) walk the journeys through a tracker that runs elsewhere.
RUNNING = os.environ.get("TRACKER_URL")  # noqa: TID251  # settings of the tests themselves
CREDENTIALS = os.environ.get("TRACKER_CREDENTIALS", "var/demo-credentials.json")  # noqa: TID251

MODES = ["running"] if RUNNING else ["in process", "three processes on PostgreSQL"]


@pytest.fixture(scope="session", params=MODES)
def tracker(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Outside]:
    """A tracker from outside, with the weights of SERAF 1.0 in force."""
    folder: Path = tmp_path_factory.mktemp("tracker")
    if request.param == "running":
        with closing(Outside(str(RUNNING), read_credentials(Path(CREDENTIALS)))) as outside:
            outside.put_weights_in_force()
            yield outside
    elif request.param == "in process":
        with in_process(folder) as outside:
            outside.put_weights_in_force()
            yield outside
    else:
        databases = request.getfixturevalue("postgresql_databases")
        with three_processes(databases, folder) as outside:
            outside.put_weights_in_force()
            yield outside
