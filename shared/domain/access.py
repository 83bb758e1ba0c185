"""Whose child: who may see a child at all, as one rule over facts.

Lists, counts and single reads use the same rule as SQL: `shared.access`.
"""

from dataclasses import dataclass

RESTRICTED = "restricted"
STAFF_RELATIVE = "staff_relative"


@dataclass(frozen=True, slots=True)
class AccessFacts:
    """What referrals knows about a child that decides who may see the child."""

    team: str | None = None
    restricted: bool = False
    staff_relative: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """What a caller may see: teams (`None`: every team) and clearances."""

    teams: frozenset[str] | None = frozenset()
    clearances: frozenset[str] = frozenset()


def may_see(sight: Sight, facts: AccessFacts) -> bool:
    """Whether the caller may see the child. A child with no team yet is at the front door:
    everybody whose scope reaches children may see it, unless it is restricted."""
    in_team = facts.team is None or sight.teams is None or facts.team in sight.teams
    cleared = not facts.restricted or RESTRICTED in sight.clearances
    relative = not facts.staff_relative or STAFF_RELATIVE in sight.clearances
    return in_team and cleared and relative
