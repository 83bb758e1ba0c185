"""The tracker from outside: consumers with tokens, calling through the gateway."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx

from shared.domain.check_digits import is_nhs_number

WAIT_SECONDS = 20.0

Found = TypeVar("Found")


@dataclass
class Outside:
    """A running tracker and the credentials of its demo consumers."""

    url: str
    credentials: Mapping[str, Mapping[str, Any]]
    http: httpx.Client = field(init=False)
    tokens: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.url, timeout=30)

    def put_weights_in_force(self, version: str = "1.0") -> str:
        """Two people approve a version of SERAF, unless it counts already. Returns its hash."""
        path = f"/v1/models/seraf/versions/{version}"
        found = self.get("weights-author", path)
        document_hash: str = found["document_hash"]
        if found["state"] == "approved":
            return document_hash
        reason = "The published form, read line by line."
        proposed = self.call("weights-author", "POST", f"{path}/proposal", {"reason": reason})
        assert proposed.status_code == 201, proposed.text
        approval = {
            **self.assessed("seraf", version),
            "reason": reason,
            "imported_in_force_from": "2020-08-01",
        }
        approved = self.call("weights-approver", "POST", f"{path}/approval", approval)
        assert approved.status_code == 201, approved.text
        return document_hash

    def assessed(self, model: str, version: str) -> dict[str, Any]:
        """Have a version assessed. Returns what an approval of it names."""
        place = f"/v1/models/{model}/versions/{version}/assessments"
        begun = self.call("weights-author", "POST", place, {})
        assert begun.status_code == 201, begun.text

        def ask() -> dict[str, Any] | None:
            found: dict[str, Any] = self.get("weights-author", begun.headers["Location"])
            return found if found["status"] == "completed" else None

        found = await_it(ask, f"{model} {version} to be assessed")
        return {name: found[name] for name in ("document_hash", "assessment_id", "engine_version")}

    def close(self) -> None:
        """Close the connections."""
        self.http.close()

    def token(self, client_id: str) -> str:
        """An access token, fetched once."""
        if client_id not in self.tokens:
            answer = self.http.post(
                "/oauth2/token",
                data={"grant_type": "client_credentials"},
                auth=(client_id, self.credentials[client_id]["secret"]),
            )
            assert answer.status_code == 200, answer.text
            self.tokens[client_id] = answer.json()["access_token"]
        return self.tokens[client_id]

    def call(
        self, client_id: str, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        """Call as a consumer; underscores in header names stand for hyphens. While a part of the
        tracker is catching up with what this caller wrote, ask again, as clients do."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent["Authorization"] = f"Bearer {self.token(client_id)}"

        def ask() -> httpx.Response | None:
            answer = self.http.request(method, path, json=body, headers=sent)
            return None if answer.status_code == 503 else answer

        return await_it(ask, f"{method} {path} to be answered")

    def get(self, client_id: str, path: str, **headers: str) -> Any:
        """GET that must succeed: its document."""
        answer = self.call(client_id, "GET", path, **headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def every(self, client_id: str, path: str) -> list[dict[str, Any]]:
        """The items of a whole list, page by page."""
        found: list[dict[str, Any]] = []
        while path:
            answer = self.call(client_id, "GET", path)
            assert answer.status_code == 200, answer.text
            found += answer.json()["items"]
            path = answer.links.get("next", {}).get("url", "")
        return found


def await_it(
    ask: Callable[[], Found | None],
    what: str,
    seconds: float = WAIT_SECONDS,
    *,
    every: float = 0.05,
) -> Found:
    """Ask until there is an answer. From outside, asking again is the only event there is."""
    until = time.monotonic() + seconds
    while (found := ask()) is None:
        assert time.monotonic() < until, f"waited {seconds:.0f} s for {what}"
        time.sleep(every)
    return found


def read_credentials(path: Path) -> dict[str, dict[str, Any]]:
    """The demo credentials that a tracker wrote."""
    found: dict[str, dict[str, Any]] = json.loads(path.read_text())
    return found


def fresh_urn() -> str:
    """A police URN that no run used before."""
    return f"T/{uuid4().hex[:16]}".upper()


def fresh_nhs_number() -> str:
    """An NHS number out of the range kept for tests."""
    while True:
        stem = f"999{uuid4().int % 1_000_000:06d}"
        for check in range(10):
            if is_nhs_number(f"{stem}{check}"):
                return f"{stem}{check}"
