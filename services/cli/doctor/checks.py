"""The checks, in the order in which one leads to the next. Each says what it found, and the cure.

A check whose ground is missing (no answer, no token) is `skipped`: there is one fault to mend at a
time, not five that follow from it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import httpx

from services.cli.client import Client, RefusedError, Token, UnreachableError, json_of
from services.cli.credentials import ClientCredentials
from shared.clock import Clock
from shared.http.health import AMBER_VERSION

MOST_SKEW = timedelta(seconds=30)
"""Tokens live for minutes, and dates turn at midnight: half a minute is still harmless."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. `cure` is empty unless it failed."""

    check: str
    state: Literal["ok", "failed", "skipped"]
    found: str
    cure: str = ""


class FailedError(Exception):
    """A check failed: what was found, and what to do about it."""

    def __init__(self, found: str, cure: str) -> None:
        super().__init__(found)
        self.found, self.cure = found, cure


class _NoGroundError(Exception):
    """An earlier check has to be mended first."""


@dataclass(slots=True)
class Examination:
    """What is known so far of a tracker and a consumer's standing there."""

    http: httpx.Client
    credentials: ClientCredentials | str
    """The consumer's, or why there are none."""
    clock: Clock
    scopes: Sequence[str]
    """Those that the consumer needs."""
    _live: httpx.Response | None = None
    _answered_at: datetime | None = None
    _token: Token | None = field(default=None, repr=False)

    def findings(self) -> Iterator[Finding]:
        """Run every check."""
        for name, check in CHECKS:
            try:
                yield Finding(name, "ok", check(self))
            except FailedError as failed:
                yield Finding(name, "failed", failed.found, failed.cure)
            except _NoGroundError:
                yield Finding(name, "skipped", "mend what failed above first")

    def endpoint(self) -> str:
        """Whether an Amber tracker answers."""
        asked_at = self.clock()
        answer = self._get("/livez")
        # Midway between asking and having the answer is nearest to when the server wrote its date.
        self._answered_at = asked_at + (self.clock() - asked_at) / 2
        if answer.status_code != httpx.codes.OK or _json(answer).get("status") != "live":
            raise FailedError(
                f"{self.http.base_url} answers {answer.status_code}, but isn't an Amber tracker",
                "Check host, port and path of --url: it is the gateway's address.",
            )
        self._live = answer
        return f"{self.http.base_url} answers"

    def ready(self) -> str:
        """Whether the gateway can do its work, its database's schema included."""
        self._live_answer()
        answer = self._get("/readyz")
        checks = _json(answer).get("checks", {})
        wrong = [f"{name}: {said}" for name, said in checks.items() if said != "ok"]
        if answer.status_code != httpx.codes.OK:
            raise FailedError(
                f"the gateway isn't ready ({'; '.join(wrong) or answer.status_code})",
                "Whoever runs the tracker must see to it: a wrong schema needs `amber migrate`,"
                " no answer a look at the database.",
            )
        return f"ready ({', '.join(f'{name} {said}' for name, said in checks.items())})"

    def version(self) -> str:
        """Whether this client and the tracker speak the same version of the API."""
        self._live_answer()
        theirs = str(_json(self._get("/version")).get("version", ""))
        if _series(theirs) != _series(AMBER_VERSION):
            raise FailedError(
                f"the tracker is version {theirs or 'unknown'}, this client {AMBER_VERSION}",
                "Install the client of the tracker's version.",
            )
        return f"the tracker is version {theirs}, this client {AMBER_VERSION}"

    def clock_skew(self) -> str:
        """Whether this machine's clock agrees with the server's `Date`."""
        answer = self._live_answer()
        try:
            theirs = parsedate_to_datetime(answer.headers.get("date", ""))
        except ValueError:
            raise FailedError(
                "the answer has no Date header", "Let the proxy before the tracker pass it on."
            ) from None
        skew = (self._answered_at or self.clock()) - theirs
        if abs(skew) > MOST_SKEW:
            ahead = "ahead of" if skew > timedelta() else "behind"
            raise FailedError(
                f"this machine's clock is {abs(skew).total_seconds():.0f} s {ahead} the tracker's",
                "Synchronise the clocks (NTP) of this machine and of the tracker's.",
            )
        return f"clocks agree to {abs(skew).total_seconds():.0f} s"

    def token(self) -> str:
        """Whether the tracker knows the consumer and its secret."""
        self._live_answer()
        if isinstance(self.credentials, str):
            cure = "Give the credentials as `amber doctor --help` says."
            raise FailedError(self.credentials, cure)
        try:
            with closing(
                Client(str(self.http.base_url), self.credentials, patience_seconds=0)
            ) as client:
                self._token = client.token()
        except RefusedError as refused:
            raise FailedError(
                str(refused), "Look for a typing error; else ask for a new secret."
            ) from None
        except UnreachableError as error:
            raise FailedError(
                str(error), "Send `amber doctor` again; then ask who runs it."
            ) from None
        return f"a token for {self.credentials.client_id}"

    def held_scopes(self) -> str:
        """What the consumer may do."""
        if self._token is None:
            raise _NoGroundError
        held = self._token.scopes
        missing = [scope for scope in self.scopes if scope not in held]
        if missing or not held:
            raise FailedError(
                f"the token lacks {', '.join(missing) or 'any scope'}"
                f" (it has: {', '.join(sorted(held)) or 'none'})",
                "Whoever runs the tracker gives the consumer a role that has the scope.",
            )
        return f"may {', '.join(sorted(held))}"

    def _get(self, path: str) -> httpx.Response:
        try:
            return self.http.get(path)
        except httpx.TransportError as error:
            raise FailedError(
                f"{self.http.base_url} gives no answer ({type(error).__name__})",
                "Check host and port of --url, the network's firewall, and that the tracker runs.",
            ) from None

    def _live_answer(self) -> httpx.Response:
        if self._live is None:
            raise _NoGroundError
        return self._live


CHECKS: Sequence[tuple[str, Callable[[Examination], str]]] = (
    ("endpoint", Examination.endpoint),
    ("ready", Examination.ready),
    ("version", Examination.version),
    ("clock", Examination.clock_skew),
    ("token", Examination.token),
    ("scopes", Examination.held_scopes),
)


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = json_of(answer)
    except RefusedError:
        return {}
    return found if isinstance(found, dict) else {}


def _series(version: str) -> list[str]:
    """Versions of one series speak the same API: the first number, before 1.0 the first two."""
    numbers = version.split(".")
    return numbers[: 2 if numbers[0] == "0" else 1]
