"""Speaking to a tracker about the weights: in whose name, and what a refusal looks like."""

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import typer

from services.cli.client import Client, RefusedError, UnreachableError, json_of
from services.cli.credentials import CredentialsError, read_credentials

REFUSED, MISTAKE, UNREACHABLE = 1, 2, 3
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Tracker:
    """A tracker, asked about the weights."""

    client: Client

    def get(self, path: str) -> Any:  # noqa: ANN401  # any JSON value
        """What a GET answers."""
        return json_of(self.client.send("GET", path, None, {}))

    def text(self, path: str) -> bytes:
        """What a GET answers that is a text, byte for byte."""
        return self.client.send("GET", path, None, {}).content

    def tag(self, path: str) -> str | None:
        """The ETag of what a GET answers; None where there is nothing."""
        try:
            found: str | None = self.client.send("GET", path, None, {}).headers.get("ETag")
        except RefusedError as refusal:
            if refusal.status != httpx.codes.NOT_FOUND:
                raise
            return None
        return found

    def look(self, path: str) -> Any | None:  # noqa: ANN401  # any JSON value
        """What a GET answers; None where there is nothing."""
        try:
            return self.get(path)
        except RefusedError as refusal:
            if refusal.status != httpx.codes.NOT_FOUND:
                raise
            return None

    def pages(self, path: str) -> Iterator[Any]:
        """The pages of a list, one after another."""
        while path:
            answer = self.client.send("GET", path, None, {})
            yield json_of(answer)
            path = answer.links.get("next", {}).get("url", "")

    def send(self, method: str, path: str, body: Mapping[str, Any], read: str | None = None) -> Any:  # noqa: ANN401  # JSON
        """What a write answers; sent again, it is done once. `read`: the ETag of what it is put in
        place of."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": secrets.token_hex(16)}
        if read is not None:
            headers["If-Match"] = read
        return json_of(self.client.send(method, path, json.dumps(body).encode(), headers))


def version_path(model: str, version: str, kind: str = "versions") -> str:
    """Where a version lies."""
    return f"/v1/models/{quote(model, safe='')}/{kind}/{quote(version, safe='')}"


@contextmanager
def speaking(
    url: str, credentials: Path | None, client_id: str | None, secret_file: Path | None
) -> Iterator[Tracker]:
    """A tracker to speak to; what goes wrong becomes a sentence and an exit code."""
    try:
        who = read_credentials(credentials, client_id, secret_file)
        with closing(Client(url, who, PATIENCE_SECONDS)) as client:
            yield Tracker(client)
    except CredentialsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(MISTAKE) from None
    except RefusedError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED if error.status else MISTAKE) from None
    except UnreachableError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(UNREACHABLE) from None
