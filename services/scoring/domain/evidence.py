"""What is known about one child: the input of a score, together with a model and a date."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

YES = "yes"
NO = "no"
NOT_KNOWN = "not_known"


class Observation(NamedTuple):
    """One agency's dated statement under an observation code, in its current revision.

    `answer` is `yes`, `no`, an option of the code, a decimal as text, or `not_known`, which records
    that someone asked. It was true from `observed_on` to `observed_until`, both included; without
    the latter, on the one day. (source, source_ref) names the statement.

    A named tuple because there are dozens in every score, each a row that was read.
    """

    code: str
    answer: str
    observed_on: date
    observed_until: date | None
    incident_ref: str | None
    agency: str
    source: str
    source_ref: str
    revision: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Every current, not retracted observation about one child, in any order.

    `stale` names the agencies whose feed is silent, so that their silence is not taken for a no.
    """

    observations: tuple[Observation, ...]
    date_of_birth: date | None
    date_of_birth_estimated: bool = False
    stale: frozenset[str] = frozenset()


def identity(observation: Observation) -> tuple[str, str, int]:
    """The order in which observations are named in an answer, whatever order they came in."""
    return observation.source, observation.source_ref, observation.revision
