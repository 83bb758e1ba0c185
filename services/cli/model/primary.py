"""`amber model primary …`: which model is primary, and how two people decide it."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from services.cli import options
from services.cli.model.tracker import Tracker, speaking

PLACE = "/v1/primary-model"
Reason = Annotated[str, typer.Option(help="why, in a sentence")]
Proposal = Annotated[str, typer.Argument(help="the proposal's id, as `show` lists it")]

app = typer.Typer(help="Which model is primary: two people decide it.", no_args_is_help=True)


@app.command("show")
def show_command(
    url: options.Url,
    on: Annotated[str | None, typer.Option(help="a day, YYYY-MM-DD; left out: today")] = None,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
) -> None:
    """Say which model is primary, who proposed another, and what became of that."""
    with speaking(url, credentials, client_id, secret_file) as tracker:
        found = tracker.get(PLACE if on is None else f"{PLACE}?on={quote(on, safe='')}")
        since = "from the first" if found["since"] is None else f"since {found['since']}"
        typer.echo(f"{found['model']} is primary on {found['on']}, {since}")
        for page in tracker.pages(f"{PLACE}/proposals?limit=200"):
            for each in page["items"]:
                tell(each)


@app.command("propose")
def propose_command(  # noqa: PLR0913  # each is an option of the command
    model: Annotated[str, typer.Argument(help="the model's name, e.g. seraf")],
    effective_from: Annotated[str, typer.Option("--from", help="its first day, YYYY-MM-DD")],
    reason: Reason,
    url: options.Url,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
) -> None:
    """Propose that a model be primary, for another person to confirm."""
    with speaking(url, credentials, client_id, secret_file) as tracker:
        body = {"model": model, "effective_from": effective_from, "reason": reason}
        tell(tracker.send("POST", f"{PLACE}/proposals", body))


@app.command("confirm")
def confirm_command(  # noqa: PLR0913  # each is an option of the command
    proposal: Proposal,
    reason: Reason,
    url: options.Url,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
) -> None:
    """Confirm what somebody else proposed: every child is scored under that model from its day."""
    with speaking(url, credentials, client_id, secret_file) as tracker:
        decide(tracker, proposal, "confirmation", reason)


@app.command("withdraw")
def withdraw_command(  # noqa: PLR0913  # each is an option of the command
    proposal: Proposal,
    reason: Reason,
    url: options.Url,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
) -> None:
    """Take back a proposal that nobody has confirmed."""
    with speaking(url, credentials, client_id, secret_file) as tracker:
        decide(tracker, proposal, "withdrawal", reason)


def decide(tracker: Tracker, proposal: str, how: str, reason: str) -> None:
    place = f"{PLACE}/proposals/{quote(proposal, safe='')}/{how}"
    tell(tracker.send("POST", place, {"reason": reason}))


def tell(proposal: dict[str, Any]) -> None:
    first_day = proposal["primary_from"] or proposal["effective_from"]
    typer.echo(f"proposal {proposal['proposal_id']}: {proposal['model']} from {first_day}")
    typer.echo(f"  proposed by {said(proposal['person_id'], proposal['reason'])}")
    typer.echo(f"  {became(proposal['decision'])}")


def became(decision: dict[str, Any] | None) -> str:
    if decision is None:
        return "waits for another person"
    by = said(decision["by_person_id"], decision["reason"])
    if decision["outcome"] == "withdrawn":
        return f"withdrawn by {by}"
    return f"confirmed by {by} ({decision['affected']:,} children had a score)"


def said(person_id: str | None, reason: str | None) -> str:
    return "a person" if person_id is None else f"{person_id}: {reason}"
