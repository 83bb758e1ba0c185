"""The demonstration's consumers: whose name each request is sent in."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from services.cli.client import Client, RefusedError
from services.cli.credentials import read_credentials


@dataclass(slots=True)
class Consumers:
    """A client for each consumer in the tracker's file of demo credentials, made when needed."""

    url: str
    credentials: Path
    patience_seconds: float = 30
    """For a tracker that starts: its parts have to find each other first."""
    sleep: Callable[[float], None] = time.sleep
    _clients: dict[str, Client] = field(default_factory=dict)

    def call(
        self, client_id: str, method: str, path: str, body: object = None, **headers: str
    ) -> httpx.Response:
        """Call the API as a consumer; underscores in names of headers stand for hyphens.

        Raises:
            CredentialsError: the file can't be used, or has no such consumer.
            RefusedError, UnreachableError: as `Client` says.
        """
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent["Content-Type"] = "application/json"
        content = None if body is None else json.dumps(body).encode()
        try:
            return self._client(client_id).send(method, path, content, sent)
        except RefusedError as no:
            raise RefusedError(f"{method} {path}: {no}", no.status, no.code) from None

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()

    def _client(self, client_id: str) -> Client:
        if client_id not in self._clients:
            who = read_credentials(self.credentials, client_id, None)
            self._clients[client_id] = Client(
                self.url, who, self.patience_seconds, sleep=self.sleep
            )
        return self._clients[client_id]
