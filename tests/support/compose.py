"""docker-compose over the checkout that the container proof has brought up."""

import json
import os
import subprocess
from typing import Any

CHECKOUT = os.environ.get("AMBER_CHECKOUT")  # noqa: TID251  # settings of the tests themselves
SERVICES = ("gateway", "referrals", "scoring")


def compose(*arguments: str, given: str | None = None) -> str:
    """Run docker-compose. Returns what it printed; anything but success is an error with that."""
    assert CHECKOUT is not None, "this is part of `make proof`, which brings the containers up"
    return _run("docker-compose", "--no-ansi", *arguments, given=given)


def inspect(service: str) -> dict[str, Any]:
    """What the engine knows of a service's container."""
    container = compose("ps", "-q", service).strip()
    found: list[dict[str, Any]] = json.loads(_run("docker", "inspect", container))
    return found[0]


def rows(database: str, statement: str) -> list[list[str]]:
    """What stands in a database, read by its server's owner past every service."""
    options = ["-U", "postgres", "-d", database, "--no-psqlrc", "-qAt", "-F", "|"]
    said = compose("exec", "-T", "database", "psql", *options, "-c", statement)
    return [line.split("|") for line in said.splitlines()]


def _run(*command: str, given: str | None = None) -> str:
    result = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        timeout=90,
        cwd=CHECKOUT,
        input=given or "",
    )
    assert result.returncode == 0, f"{command}: {result.stdout}{result.stderr}"
    return result.stdout
