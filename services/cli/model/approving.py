"""`amber model propose`, `approve`: two people, one content, and what the second has read."""

import sys
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console

from services.cli import options
from services.cli.model import assessing, reading
from services.cli.model.life import Model, Reason, Version, tell
from services.cli.model.tracker import REFUSED, Tracker, speaking, version_path


def propose_command(  # noqa: PLR0913  # each is an option of the command
    model: Model,
    version: Version,
    reason: Reason,
    url: options.Url,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
) -> None:
    """Propose a version that ships with Amber, for another person to approve. What you submit is
    proposed by that."""
    with speaking(url, credentials, client_id, secret_file) as tracker:
        path = f"{version_path(model, version)}/proposal"
        tell(tracker.send("POST", path, {"reason": reason}))


def approve_command(  # noqa: PLR0913  # each is an option of the command
    model: Model,
    version: Version,
    reason: Reason,
    url: options.Url,
    document_hash: Annotated[
        str | None, typer.Option(help="of the content that you have read, to the letter")
    ] = None,
    assessment: Annotated[str | None, typer.Option(help="the one that you have read")] = None,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
) -> None:
    """Show a version that somebody else proposed, what it changes and who would move; and approve
    it, bound to the content and the assessment that you name as read. Name none, and nothing but
    the showing is done.

    Exit codes: 0 approved; 1 refused, or only shown; 2 an option is wrong; 3 no answer.
    """
    with speaking(url, credentials, client_id, secret_file) as tracker:
        path = version_path(model, version)
        read = _assessment(tracker, path, assessment)
        _show(tracker, path, read)
        if document_hash is None or assessment is None:
            typer.echo(
                "Not approved. Once you have read all of this, and the document (amber model"
                f" export {model} {version}), give the same command again with --document-hash and"
                " --assessment.",
                err=True,
            )
            raise typer.Exit(REFUSED)
        body = {
            "document_hash": document_hash,
            "assessment_id": read["assessment_id"],
            "engine_version": read["engine_version"],
            "reason": reason,
        }
        tell(tracker.send("POST", f"{path}/approval", body))


def _assessment(tracker: Tracker, path: str, assessment: str | None) -> dict[str, Any]:
    """An assessment of a version: the latest one, where none is named."""
    if assessment is not None:
        found: dict[str, Any] = tracker.get(f"{path}/assessments/{quote(assessment, safe='')}")
        return found
    latest: list[dict[str, Any]] = tracker.get(f"{path}/assessments?limit=1")["items"]
    if not latest:
        typer.echo(
            "This version hasn't been assessed; that comes first: amber model assess", err=True
        )
        raise typer.Exit(REFUSED)
    return latest[0]


def _show(tracker: Tracker, path: str, read: dict[str, Any]) -> None:
    found = tracker.get(path)
    tell(found)
    author = found["author_person_id"] or found["proposed_by"] or "nobody yet"
    typer.echo(f"to count from {found['effective_from']}, proposed by {author}")
    if found["proposal_reason"]:
        typer.echo(f"because: {found['proposal_reason']}")
    against = read["against"]
    asked = "" if against is None else f"?against={quote(against, safe='')}"
    reading.show_changes(tracker.get(f"{path}/diff{asked}"))
    assessing.show(read, Console(file=sys.stdout))
