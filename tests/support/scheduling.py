"""Which tests `make test` keeps together in one of its processes, when it runs several."""

from xdist.scheduler.loadscope import LoadScopeScheduling

SHARE_A_TRACKER = {
    "tests/cli/": "commands",
    "tests/journeys/test_main_job.py": "journeys",
    "tests/journeys/test_restricted.py": "journeys",
    "tests/journeys/test_events.py": "journeys",
    "tests/journeys/test_merge.py": "journeys",
    "tests/journeys/test_practitioners_week.py": "journeys",
}
"""Starting a tracker is most of the time of the tests that walk through it."""

SHARE_A_DATABASE = "tests/upgrades/test_upgrades.py"
"""What is asked of one revision on one database goes together; the revisions are dealt out, so that
no process is left with all of them while the others are done."""


class ByModule(LoadScopeScheduling):  # type: ignore[misc]  # has no types
    """A module at a time; modules that share a running tracker as if they were one."""

    def _split_scope(self, nodeid: str) -> str:
        module, _, test = nodeid.partition("::")
        if module == SHARE_A_DATABASE:
            return f"{module}[{test.partition('[')[2]}"
        for place, name in SHARE_A_TRACKER.items():
            if module.startswith(place):
                return name
        return module
