"""`amber doctor`: one line a check, exit 0 when all is well."""

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from typing import Annotated

import typer

from services.cli import options
from services.cli.client import RefusedError, open_http
from services.cli.credentials import ClientCredentials, CredentialsError, read_credentials
from services.cli.doctor.checks import Examination, Finding
from shared.clock import system_clock

WELL, FAULTS = 0, 1


def doctor_command(  # noqa: PLR0913  # each is an option of the command
    url: options.Url,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
    scope: Annotated[
        list[str] | None,
        typer.Option(help="a scope that you need, as updates:write; may be given several times"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the findings as JSON")] = False,
) -> None:
    """Check that you can work with a tracker: address, readiness, version, clock, token, scopes.

    Every check that fails comes with its cure. Exit codes: 0 all is well; 1 something failed;
    2 an option is wrong.
    """
    who: ClientCredentials | str
    try:
        who = read_credentials(credentials, client_id, secret_file)
    except CredentialsError as error:
        who = str(error)
    try:
        http = open_http(url)
    except RefusedError as error:
        raise typer.BadParameter(str(error)) from None
    with closing(http):
        findings = list(Examination(http, who, system_clock, scope or ()).findings())
    typer.echo(_as_json(findings) if as_json else _in_lines(findings))
    raise typer.Exit(WELL if all(one.state == "ok" for one in findings) else FAULTS)


def _in_lines(findings: Sequence[Finding]) -> str:
    return "\n".join(
        f"{one.state:8} {one.check:9} {one.found}{f'. {one.cure}' if one.cure else ''}"
        for one in findings
    )


def _as_json(findings: Sequence[Finding]) -> str:
    well = all(one.state == "ok" for one in findings)
    return json.dumps({"ok": well, "checks": [asdict(one) for one in findings]}, indent=1)
