"""Asking what may be dead: an answer, or none."""

from typing import Any

import httpx

from tests.support.api import Outside


def tried(
    tracker: Outside, client_id: str, method: str, path: str, body: Any = None, **headers: str
) -> httpx.Response | None:
    """The answer; None where nobody can say whether it was done."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    sent["Authorization"] = f"Bearer {tracker.token(client_id)}"
    try:
        answer = tracker.http.request(method, path, json=body, headers=sent)
    except httpx.TransportError:
        return None
    if answer.status_code == 401:  # a token lasts minutes, a drill longer
        tracker.tokens.clear()
        return None
    if answer.status_code == 409 and answer.json()["code"] == "in_flight":
        return None  # the gateway gave up on it, and scoring is still at it
    return None if answer.status_code in {502, 503, 504} else answer
