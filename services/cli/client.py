"""Calling a tracker as a consumer: tokens fetched and renewed, what may pass waited for.

What can be tried again is: a tracker that can't be reached, takes too long, is busy (429) or not
available (5xx), for as long as the caller has patience. `Retry-After` is honoured.
"""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from services.cli.credentials import ClientCredentials

WAITS = httpx.Timeout(60, connect=5)
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 30.0
RENEW_SECONDS_BEFORE = 30
AGAIN = frozenset({429, 500, 502, 503, 504})
IN_FLIGHT = "in_flight"
"""409 of this code: the same Idempotency-Key is still being worked on, by our own first try."""


class UnreachableError(Exception):
    """The tracker gave no usable answer for as long as we had patience."""


class RefusedError(Exception):
    """The tracker won't have the request, however often it is sent. Says why, and the cure."""

    def __init__(self, message: str, status: int = 0, code: str = "") -> None:
        super().__init__(message)
        self.status, self.code = status, code


@dataclass(slots=True)
class Token:
    """An access token, and until when (on the monotonic clock) it is used."""

    value: str = field(repr=False)
    scopes: frozenset[str]
    until: float


@dataclass(slots=True)
class Client:
    """A consumer's way to a tracker. `tell` is told, in words, why it waits."""

    url: str
    credentials: ClientCredentials
    patience_seconds: float
    tell: Callable[[str], None] = field(default=lambda _text: None)
    sleep: Callable[[float], None] = time.sleep
    transport: httpx.BaseTransport | None = None
    _http: httpx.Client = field(init=False, repr=False)
    _token: Token | None = None

    def __post_init__(self) -> None:
        self._http = open_http(self.url, self.transport)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def post(self, path: str, content: bytes, idempotency_key: str) -> Any:  # noqa: ANN401  # JSON
        """Post JSON, as often as it takes, and return the JSON of a 2xx answer.

        Raises:
            UnreachableError, RefusedError: as `send` says.
        """
        headers = {"Content-Type": "application/json", "Idempotency-Key": idempotency_key}
        return json_of(self.send("POST", path, content, headers))

    def send(
        self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]
    ) -> httpx.Response:
        """Send a request that may be repeated, as often as it takes. Returns a 2xx answer.

        Raises:
            UnreachableError: there was no usable answer while we had patience.
            RefusedError: the answer was no; with the problem's status and code.
        """

        def ask() -> httpx.Response:
            token = {"Authorization": f"Bearer {self._valid_token().value}"}
            return self._http.request(method, path, content=content, headers={**headers, **token})

        answer = self._until_answered(ask)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            # Expired under way, or the gateway has new keys: a fresh token settles it.
            self._token = None
            answer = self._until_answered(ask)
        if not answer.is_success:
            raise refusal(answer)
        return answer

    def token(self) -> Token:
        """A fresh access token.

        Raises:
            UnreachableError: there was no usable answer while we had patience.
            RefusedError: the tracker doesn't know the consumer, or not this secret.
        """
        answer = self._until_answered(self._ask_for_token)
        if not answer.is_success:
            raise RefusedError(
                f"No token for {self.credentials.client_id}: {_in_words(answer)} Check the client"
                " id and its secret with whoever runs the tracker.",
                answer.status_code,
            )
        given = json_of(answer)
        try:
            life = max(float(given["expires_in"]) - RENEW_SECONDS_BEFORE, 1.0)
            return Token(
                str(given["access_token"]),
                frozenset(str(given.get("scope", "")).split()),
                time.monotonic() + life,
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise _not_a_tracker() from None

    def _ask_for_token(self) -> httpx.Response:
        return self._http.post(
            "/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(self.credentials.client_id, self.credentials.secret),
        )

    def _valid_token(self) -> Token:
        if self._token is None or time.monotonic() > self._token.until:
            self._token = self.token()
        return self._token

    def _until_answered(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        give_up_at = time.monotonic() + self.patience_seconds
        pause = FIRST_PAUSE_SECONDS
        while True:
            at_least = 0.0
            try:
                answer = ask()
            except httpx.TransportError as error:
                why = f"{self.url} gives no answer ({type(error).__name__})."
            else:
                if answer.status_code not in AGAIN and not _is_in_flight(answer):
                    return answer
                why, at_least = _in_words(answer), _retry_after(answer)
            # Spread out, so that many clients don't come back at the same moment.
            wait = max(at_least, pause * random.uniform(0.5, 1.0))  # noqa: S311  # no secret
            if time.monotonic() + wait > give_up_at:
                raise UnreachableError(why)
            self.tell(f"{why} Trying again in {wait:.1f} s.")
            self.sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


def open_http(url: str, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """Connections to a tracker.

    Raises:
        RefusedError: that is no URL of a tracker.
    """
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL("")
    if parsed.scheme not in {"http", "https"} or not parsed.host or parsed.userinfo:
        raise RefusedError("Write --url as https://host or http://host:port, without a password.")
    return httpx.Client(base_url=parsed, timeout=WAITS, transport=transport)


def json_of(answer: httpx.Response) -> Any:  # noqa: ANN401  # any JSON value
    """The JSON of an answer. Raises `RefusedError` when it is something else."""
    try:
        return answer.json()
    except ValueError:
        raise _not_a_tracker() from None


def refusal(answer: httpx.Response) -> RefusedError:
    """What an answer that is no success says, as an error."""
    return RefusedError(_in_words(answer), answer.status_code, str(_problem(answer).get("code")))


def _not_a_tracker() -> RefusedError:
    return RefusedError("What answers at --url isn't an Amber tracker: check host and port.")


def _is_in_flight(answer: httpx.Response) -> bool:
    conflict = answer.status_code == httpx.codes.CONFLICT
    return conflict and _problem(answer).get("code") == IN_FLIGHT


def _retry_after(answer: httpx.Response) -> float:
    seconds = answer.headers.get("retry-after", "")
    return float(seconds) if seconds.isdecimal() and len(seconds) < 6 else 0.0


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _in_words(answer: httpx.Response) -> str:
    """Status and what the problem document says; never more of a page than that."""
    problem = _problem(answer)
    said = problem.get("detail") or problem.get("error_description") or answer.reason_phrase
    code = problem.get("code") or problem.get("error")
    request = f" (request {problem['request_id']})" if problem.get("request_id") else ""
    return f"{answer.status_code}{f' {code}' if code else ''}: {str(said)[:500]}{request}"
