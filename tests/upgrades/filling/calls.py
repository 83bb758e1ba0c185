"""Asking a service for what it must grant."""

from collections.abc import Mapping
from typing import Any

from fastapi.testclient import TestClient


def post(client: TestClient, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Any:
    """What the service answers to a request that it must grant."""
    answer = client.post(path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return answer.json()
