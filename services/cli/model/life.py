"""`amber model withdraw`, `retire`, `rollback`, `status`: what becomes of a version."""

import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from services.cli import options
from services.cli.model.tracker import Tracker, speaking, version_path

Model = Annotated[str, typer.Argument(help="the model's name, e.g. seraf")]
Version = Annotated[str, typer.Argument(help="the version's name, e.g. 1.0")]
Reason = Annotated[str, typer.Option(help="why, in a sentence")]
ContentHash = Annotated[
    str, typer.Option("--document-hash", help="of the content that you read, to the letter")
]


def withdraw_command(  # noqa: PLR0913  # each is an option of the command
    model: Model,
    version: Version,
    document_hash: ContentHash,
    reason: Reason,
    url: options.Url,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
) -> None:
    """Withdraw a version that has not come into force."""
    with speaking(url, credentials, client_id, secret_file) as tracker:
        body = {"document_hash": document_hash, "reason": reason}
        tell(tracker.send("POST", f"{version_path(model, version)}/withdrawal", body))


def retire_command(  # noqa: PLR0913  # each is an option of the command
    model: Model,
    version: Version,
    document_hash: ContentHash,
    reason: Reason,
    url: options.Url,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
) -> None:
    """Retire a version that has come into force. If it is the one in force, no score is computed
    until another is approved or brought back."""
    with speaking(url, credentials, client_id, secret_file) as tracker:
        body = {"document_hash": document_hash, "reason": reason}
        tell(tracker.send("POST", f"{version_path(model, version)}/retirement", body))


def rollback_command(  # noqa: PLR0913  # each is an option of the command
    model: Model,
    version: Annotated[str, typer.Argument(help="the version whose rules are wanted back")],
    document_hash: ContentHash,
    new_version: Annotated[str, typer.Option(help="the name of the version that is made")],
    reason: Reason,
    url: options.Url,
    emergency: Annotated[
        bool, typer.Option("--emergency", help="in force at once, by you alone, and said to be so")
    ] = False,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
) -> None:
    """Propose a version with the rules of an earlier one, for another person to approve.

    In an emergency one approver alone may put rules in force that two people approved before.
    """
    with speaking(url, credentials, client_id, secret_file) as tracker:
        body = {"document_hash": document_hash, "new_version": new_version, "reason": reason}
        step = "emergency-return" if emergency else "rollback"
        tell(tracker.send("POST", f"{version_path(model, version)}/{step}", body))


def status_command(  # noqa: PLR0913  # each is an option of the command
    url: options.Url,
    model: Annotated[str | None, typer.Argument(help="left out: every model")] = None,
    version: Annotated[str | None, typer.Argument(help="with its history")] = None,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
) -> None:
    """Say which versions there are, which is in force, and what became of one."""
    console = Console(file=sys.stdout)
    with speaking(url, credentials, client_id, secret_file) as tracker:
        if model is not None and version is not None:
            path = version_path(model, version)
            tell(tracker.get(path))
            console.print(steps(tracker.get(f"{path}/history")))
            typer.echo(activation(tracker, path))
        else:
            console.print(versions(tracker, model))


def tell(version: dict[str, Any]) -> None:
    typer.echo(f"{version['model']} {version['version']}: {version['state']}")
    typer.echo(f"document {version['document_hash']}")
    typer.echo(f"rules    {version['rules_hash']}")
    if version["in_force_from"]:
        typer.echo(f"in force from {version['in_force_from']}")
    if version["ended"]:
        affected = version["ended"]["affected"]
        told = "fewer than six" if affected is None else affected
        typer.echo(f"{told} children's scores stood under it")


def versions(tracker: Tracker, model: str | None) -> Table:
    found = tracker.get("/v1/models")
    table = Table("model", "version", "state", "in force from", "document", box=None)
    for each in found["items"]:
        if model is None or each["model"] == model:
            now = found["in_force"][each["model"]] == each["version"]
            since = each["in_force_from"] or ""
            counts = "in force, primary" if each["model"] == found["primary"] else "in force"
            table.add_row(
                each["model"],
                each["version"],
                counts if now else each["state"],
                since,
                each["document_hash"][:12],
            )
    return table


def steps(found: dict[str, Any]) -> Table:
    table = Table(Column("when", no_wrap=True), "what", "who", "why", box=None)
    for each in found["items"]:
        who = each["person_id"] or ("" if found["withheld"] else "Amber")
        table.add_row(each["at"], each["command"].replace("_", " "), who, each["reason"] or "")
    return table


def activation(tracker: Tracker, path: str) -> str:
    found = tracker.look(f"{path}/activation")
    if found is None:
        return "not come into force"
    apart = "fewer than six"
    if found["set_apart"] is not None:
        apart = f"{found['scored']:,} scored, {found['set_apart']:,}"
    how = f"{apart} set apart of {found['population']:,}"
    if found["completed_at"]:
        return f"activated, complete: {how}"
    if found["superseded_at"]:
        return f"broken off, as another version came or this one was retired: {how}"
    left = "" if found["seconds_left"] is None else f", {found['seconds_left']} s left"
    return f"activating, {found['percent']} %: {how}{left}"
