"""What happens to one referral, in the API's own words, and the numbers that identify a child."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shared.domain.ages import age_on
from shared.domain.check_digits import UPN_LETTERS, is_nhs_number, is_upn

LAST_DAY = date(2026, 9, 30)
"""Nothing in the data is later."""

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """A referral and the moves made on it. `key` is its own for ever: under it the tracker takes
    each request once."""

    key: str
    referral: Body
    moves: tuple[Body, ...] = ()


def nhs_number(number: int) -> str:
    """The first valid NHS number at or after a place in the range kept for tests."""
    stems = (f"999{place:06d}" for place in range(number * 10, number * 10 + 10))
    return next(
        f"{stem}{check}" for stem in stems for check in range(10) if is_nhs_number(f"{stem}{check}")
    )


def upn(number: int) -> str:
    """A unique pupil number with its check letter, of an authority that doesn't exist."""
    digits = f"999{number:09d}"
    return next(letter + digits for letter in UPN_LETTERS if is_upn(letter + digits))


def numbers(number: int, *, nhs: bool = True, pupil: bool = False) -> list[dict[str, str]]:
    """The identifiers of the child of that number: the feeds know it by the first two."""
    found = [
        {"type": "police_urn", "value": police_urn(number)},
        {"type": "council_id", "value": council_id(number)},
    ]
    if nhs:
        found.append({"type": "nhs_number", "value": nhs_number(number)})
    if pupil:
        found.append({"type": "upn", "value": upn(number)})
    return found


def police_urn(number: int) -> str:
    """How the police feed names a child."""
    return f"DEMO/{number:04d}/P"


def council_id(number: int) -> str:
    """How the council's own systems name a child."""
    return f"DEMO-{number:04d}"


def told(referral: Body) -> Body:
    """A referral with what the tracker asks of it: why, where the person is 18 or over."""
    born_on = referral["child"].get("date_of_birth")
    day = date.fromisoformat(referral["received_on"])
    age = None if born_on is None else age_on(day, date.fromisoformat(born_on))
    if age is None or age < _ADULT:
        return referral
    return {**referral, "over_18_reason": _OVER_18}


def moves(received_on: date, outcome: str, number: int = 0) -> tuple[Body, ...]:
    """The commands that lead to an outcome, each decided a few days after the one before."""
    days = [min(received_on + timedelta(days=n), LAST_DAY) for n in (1, 3, 6)]
    ways: Mapping[str, list[dict[str, Any]]] = {
        "received": [],
        "in_triage": [_TRIAGE],
        "accepted": [_TRIAGE, _ACCEPT],
        "allocated": [_TRIAGE, _ACCEPT, {**_ALLOCATE, "worker": f"p-worker-{number % 5 + 1}"}],
        "signposted": [_TRIAGE, _SIGNPOST],
        "no_further_action": [_TRIAGE, _NO_FURTHER_ACTION],
        "withdrawn": [_TRIAGE, _WITHDRAW],
    }
    return tuple(
        {**move, "decided_on": day.isoformat()}
        for move, day in zip(ways[outcome], days, strict=False)
    )


_ADULT = 18
_OVER_18 = "Support began before the eighteenth birthday, and the worry has not ended with it."
_TRIAGE = {"command": "start_triage"}
_ACCEPT = {
    "command": "accept",
    "reason": "The concern is clear enough for specialist support; agreed in triage.",
    "score_id": None,
}
_ALLOCATE = {
    "command": "allocate",
    "reason": "This worker has room and has worked with the school before.",
    "team": "amber",
}
_SIGNPOST = {
    "command": "signpost",
    "reason": "Early help fits what is known today; the youth team knows the family.",
    "to": "cyt",
    "score_id": None,
}
_NO_FURTHER_ACTION = {
    "command": "no_further_action",
    "reason": "Looked into with the school and the family; nothing that exploitation explains.",
    "score_id": None,
}
_WITHDRAW = {
    "command": "withdraw",
    "reason": "Sent a second time by mistake; the sender asked to take it back.",
}
