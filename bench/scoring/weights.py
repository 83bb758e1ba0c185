"""One set of weights and one population for every engine: 40 indicators, windows, groups, floors.

The others get what they can't derive themselves ready made: the days since the latest yes, and
whether a no is known. So they do less than Amber, which dates, counts and explains.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from services.scoring.domain.evidence import Evidence, Observation
from services.scoring.domain.loading import load
from services.scoring.domain.model import Model

AS_OF = date(2026, 6, 1)
RECENT, OLDER = 182, 365
SIGNS, VULNERABILITIES = 26, 14
SIGN_CAP, VULNERABILITY_CAP = 30, 6
MEDIUM, HIGH = 8, 16
SINGLE = 5
BANDS = ("low", "medium", "high")
NEVER = 100_000


def sign(number: int) -> str:
    return f"sign_{number}"


def vulnerability(number: int) -> str:
    return f"vulnerability_{number}"


NAMES = [*map(sign, range(SIGNS)), *map(vulnerability, range(VULNERABILITIES))]


def model() -> Model:
    lines = [indicator(name) for name in NAMES]
    return load("\n".join([HEAD, *lines, REST, *golden()]), "bench.yaml").model


def indicator(name: str) -> str:
    kind, group = ("risk", "signs") if name.startswith("sign") else ("vulnerability", "past")
    windows = (
        f'{{from: P0D, to: P{RECENT}D, points: "5"}}, '
        f'{{from: P{RECENT}D, to: P{OLDER}D, points: "1"}}'
        if kind == "risk"
        else '{from: P0D, points: "1"}'
    )
    return (
        f"  {name}: {{title: It, kind: {kind}, group: {group}, held_by: [police], answer: flag, "
        f"windows: [{windows}]}}"
    )


HEAD = """\
schema: riskmodel/1
model: bench
title: For the benchmark
purpose: Forty indicators with windows, groups and floors.
change: {kind: new, reason: "for the benchmark alone, no child"}
effective_from: 2026-01-01
decimals: 0
indicators:"""
REST = f"""\
groups:
  signs: {{combine: sum, cap: "{SIGN_CAP}"}}
  past: {{combine: sum, cap: "{VULNERABILITY_CAP}"}}
bands:
  - {{id: low, from: "0"}}
  - {{id: medium, from: "{MEDIUM}"}}
  - {{id: high, from: "{HIGH}"}}
floors:
  - {{id: single, band: medium, reason: One strong sign, when: {{single_points_from: "{SINGLE}"}}}}
  - id: young
    band: medium
    reason: Under 13 and a sign
    when: {{all: [{{age_below: 13}}, {{any_of: [sign_0]}}]}}
golden:"""


def golden() -> list[str]:
    """One case for each indicator, and the bands' boundaries."""
    totals = {7: (1, 0, 2), 8: (1, 0, 3), 15: (3, 0, 0), 16: (3, 0, 1)}
    cases = [case(f"total {n}", sign_names(*parts), f'total: "{n}"') for n, parts in totals.items()]
    return [*cases, case("everything", NAMES, f'total: "{SIGN_CAP + VULNERABILITY_CAP}"')]


def sign_names(fives: int, _: int, ones: int) -> list[str]:
    return [*map(sign, range(fives)), *map(vulnerability, range(ones))]


def case(name: str, codes: list[str], expect: str) -> str:
    given = ", ".join(f"{{code: {c}, answer: yes, observed_on: 2026-05-01}}" for c in codes)
    return f"  - {{name: {name}, as_of: 2026-06-01, given: [{given}], expect: {{{expect}}}}}"


@dataclass(frozen=True, slots=True)
class Child:
    """A made-up child: the days since each yes, NEVER for none, and the age in years."""

    days: dict[str, int]
    age: int

    def evidence(self) -> Evidence:
        told = tuple(
            Observation(
                name, "yes" if days < NEVER else "no", AS_OF - timedelta(days=days % NEVER),
                None, None, "police", "police", name, 1,
            )
            for name, days in self.days.items()
        )  # fmt: skip
        return Evidence(told, date(AS_OF.year - self.age, 1, 1))


def children(number: int) -> list[Child]:
    random = Random(2026)  # noqa: S311 - a made-up population, the same in every run
    return [
        Child(
            {name: random.choice([NEVER, NEVER, random.randrange(500)]) for name in NAMES},
            random.randrange(10, 18),
        )
        for _ in range(number)
    ]
