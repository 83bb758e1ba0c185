"""Calling the API as one of the demonstration's consumers."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

READY_WITHIN_SECONDS = 30
BEHIND, TOKEN_EXPIRED = 503, 401


class DemoError(Exception):
    """The tracker didn't take the demonstration data; the message says which request and why."""


@dataclass(slots=True)
class Consumer:
    """One consumer of the API, with its token."""

    http: httpx.Client
    client_id: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)

    def call(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        """Call the API, waiting while a part of the tracker is still coming up or catching up.

        Raises:
            DemoError: it is refused, or not ready in time.
        """
        until = time.monotonic() + READY_WITHIN_SECONDS
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        while True:
            fresh = not self.token
            sent["Authorization"] = f"Bearer {self._token()}"
            answer = self.http.request(method, path, json=body, headers=sent)
            if answer.status_code == TOKEN_EXPIRED and not fresh:
                self.token = ""
            elif answer.status_code == BEHIND and time.monotonic() < until:
                time.sleep(0.1)
            else:
                break
        if answer.is_error:
            raise DemoError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer

    def _token(self) -> str:
        if not self.token:
            answer = self.http.post(
                "/oauth2/token",
                data={"grant_type": "client_credentials"},
                auth=(self.client_id, self.secret),
            )
            if answer.is_error:
                raise DemoError(
                    f"{self.client_id} gets no token here ({answer.status_code}): are these the "
                    "credentials of this tracker?"
                )
            self.token = answer.json()["access_token"]
        return self.token


@dataclass(frozen=True, slots=True)
class Consumers:
    """The demonstration's consumers by client id, over one connection."""

    http: httpx.Client
    credentials: Mapping[str, Mapping[str, Any]]
    _known: dict[str, Consumer] = field(default_factory=dict)

    def __getitem__(self, client_id: str) -> Consumer:
        if client_id not in self._known:
            if client_id not in self.credentials:
                raise DemoError(f"the credentials file has no consumer {client_id}")
            secret = self.credentials[client_id]["secret"]
            self._known[client_id] = Consumer(self.http, client_id, secret)
        return self._known[client_id]
