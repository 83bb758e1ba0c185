"""The options by which a command names a tracker and the consumer that it speaks for."""

from pathlib import Path
from typing import Annotated

import typer

Url = Annotated[
    str,
    typer.Option("--url", envvar="AMBER_URL", help="where the tracker is: https://host[:port]"),
]
Credentials = Annotated[
    Path | None,
    typer.Option(
        "--credentials",
        envvar="AMBER_CREDENTIALS",
        help='a JSON file, mode 600: {"client-id": {"secret": "…"}}',
    ),
]
ClientId = Annotated[
    str | None,
    typer.Option("--client-id", envvar="AMBER_CLIENT_ID", help="which consumer you are"),
]
SecretFile = Annotated[
    Path | None,
    typer.Option(
        "--secret-file",
        envvar="AMBER_SECRET_FILE",
        help="a file, mode 600, with the consumer's secret; instead of --credentials",
    ),
]
