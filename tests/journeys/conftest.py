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
            put_weights_in_force(outside)
            yield outside
    elif request.param == "in process":
        with in_process(folder) as outside:
            put_weights_in_force(outside)
            yield outside
    else:
        databases = request.getfixturevalue("postgresql_databases")
        with three_processes(databases, folder) as outside:
            put_weights_in_force(outside)
            yield outside


def put_weights_in_force(tracker: Outside) -> None:
    """Two people approve SERAF 1.0, unless it counts already."""
    path = "/v1/models/seraf/versions/1.0"
    version = tracker.get("weights-author", path)
    if version["state"] == "approved":
        return
    reason = "The published form, read line by line."
    proposed = tracker.call("weights-author", "POST", f"{path}/proposal", {"reason": reason})
    assert proposed.status_code == 201, proposed.text
    approval = {
        "document_hash": version["document_hash"],
        "reason": reason,
        "imported_in_force_from": "2020-08-01",
    }
    approved = tracker.call("weights-approver", "POST", f"{path}/approval", approval)
    assert approved.status_code == 201, approved.text
