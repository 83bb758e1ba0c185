"""`amber init`: the settings and secrets of a deployment with docker-compose, made once."""

import os
import re
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from services.gateway.demo import write_demo_credentials
from services.gateway.secret_files import write_if_missing
from services.gateway.signing import new_signing_key

EXAMPLE = Path("deploy/env.example")
SETTINGS = Path(".env")
SECRETS = Path("deploy/secrets")
SIGNING_KEY = SECRETS / "signing-key.pem"
DEMO_CREDENTIALS = SECRETS / "demo-credentials.json"

SECRET_SETTINGS = (
    "POSTGRES_PASSWORD",
    "GATEWAY_DATABASE_PASSWORD",
    "REFERRALS_DATABASE_PASSWORD",
    "SCORING_DATABASE_PASSWORD",
    "REFERRALS_SECRET",
    "SCORING_SECRET",
)
IMAGE_USER = 10001
"""Whom the image runs as; a root shell makes the files theirs, since nothing runs as root."""


def run(folder: Path, port: int, *, demo: bool) -> None:
    """Write the settings, the signing key and, for a demonstration, its consumers' secrets.

    Exit 1 when `folder` is no checkout, something would be overwritten, or can't be written.
    """
    _refuse_unless_possible(folder)
    try:
        written = _write(folder, port, demo=demo)
    except OSError as error:
        typer.echo(f"{error.filename} can't be written: {error.strerror}.", err=True)
        raise typer.Exit(1) from None
    typer.echo(_what_next(written, port, demo=demo))


def _write(folder: Path, port: int, *, demo: bool) -> list[Path]:
    owner, group = (IMAGE_USER, IMAGE_USER) if os.geteuid() == 0 else (os.getuid(), os.getgid())
    (folder / SECRETS).mkdir(exist_ok=True)
    (folder / SECRETS).chmod(0o700)
    new_signing_key(folder / SIGNING_KEY)
    written = [SIGNING_KEY]
    if demo:
        write_demo_credentials(folder / DEMO_CREDENTIALS)
        written.append(DEMO_CREDENTIALS)
    for path in (SECRETS, *written):
        os.chown(folder / path, owner, group)
    values = {
        "AMBER_PORT": str(port),
        "AMBER_UID": str(owner),
        "AMBER_GID": str(group),
        "AMBER_DEMO": str(demo).lower(),
    } | {name: secrets.token_urlsafe(32) for name in SECRET_SETTINGS}
    # Last, so that docker-compose finds either nothing or everything.
    write_if_missing(folder / SETTINGS, filled((folder / EXAMPLE).read_text("utf-8"), values))
    return [*written, SETTINGS]


def filled(example: str, values: Mapping[str, str]) -> str:
    """An example of settings with values put in; its comments stay, for whoever reads it next."""
    return re.sub(
        r"^([A-Z_]+)=.*$",
        lambda line: f"{line[1]}={values[line[1]]}" if line[1] in values else line[0],
        example,
        flags=re.MULTILINE,
    )


def _refuse_unless_possible(folder: Path) -> None:
    if not (folder / EXAMPLE).is_file():
        typer.echo(
            f"There is no {EXAMPLE} here. Run this at the root of a checkout of Amber, or name it"
            " with --folder.",
            err=True,
        )
        raise typer.Exit(1)
    present = [
        str(path) for path in (SETTINGS, SIGNING_KEY, DEMO_CREDENTIALS) if (folder / path).exists()
    ]
    if present:
        typer.echo(
            f"Nothing was written: {', '.join(present)} {'is' if len(present) == 1 else 'are'}"
            " there already.\nA database that exists knows these secrets: to change one, see"
            " “Rotate” in docs/runbook.md.\nTo begin again, with new databases, move"
            f" {'it' if len(present) == 1 else 'them'} away first.",
            err=True,
        )
        raise typer.Exit(1)


def _what_next(written: Sequence[Path], port: int, *, demo: bool) -> str:
    files = "\n".join(f"  {path}" for path in written)
    who = (
        f"who may ask, and how: {DEMO_CREDENTIALS}. Demo mode is on: for made-up children only"
        if demo
        else "demo mode is off"
    )
    return f"""Written, for your eyes only (keep copies where you keep secrets):
{files}

Next:
  docker-compose up --build -d
  curl -s http://127.0.0.1:{port}/readyz

{who[0].upper()}{who[1:]}."""
