"""The same weights in zen-engine (JSON Decision Model, expressions)."""

import json
from collections.abc import Callable
from typing import Any

import zen

from bench.scoring import weights as w
from bench.scoring.ours import Answers
from bench.scoring.weights import Child
from services.scoring.domain.dates import age_on
from services.scoring.domain.evidence import YES, Evidence


def points_of(name: str) -> str:
    if name.startswith("sign"):
        return f"({name} < {w.RECENT} ? 5 : {name} < {w.OLDER} ? 1 : 0)"
    return f"({name} < {w.NEVER} ? 1 : 0)"


def decision() -> str:
    signs = [name for name in w.NAMES if name.startswith("sign")]
    past = [name for name in w.NAMES if not name.startswith("sign")]
    expressions = [
        ("signs", f"min([{w.SIGN_CAP}, {' + '.join(map(points_of, signs))}])"),
        ("past", f"min([{w.VULNERABILITY_CAP}, {' + '.join(map(points_of, past))}])"),
        ("total", "$.signs + $.past"),
        ("single", " or ".join(f"{name} < {w.RECENT}" for name in signs)),
        ("young", f"age < 13 and sign_0 < {w.OLDER}"),
        (
            "band",
            f"$.total >= {w.HIGH} ? 'high' : "
            f"$.total >= {w.MEDIUM} or $.single or $.young ? 'medium' : 'low'",
        ),
    ]
    rows = [{"id": key, "key": key, "value": value} for key, value in expressions]
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "sums", "name": "sums", "type": "expressionNode", "content": {"expressions": rows}},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "a", "sourceId": "in", "targetId": "sums", "type": "edge"},
        {"id": "b", "sourceId": "sums", "targetId": "out", "type": "edge"},
    ]
    return json.dumps(
        {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}
    )


def engine() -> zen.ZenEngine:
    """With the rules compiled once: a loader hands them out ready.

    What `create_decision` gives compiles them anew for every child, ten times as slowly.
    """
    content = zen.ZenDecisionContent(decision())
    return zen.ZenEngine({"loader": lambda _: content})


def one_by_one(some: list[Child]) -> Callable[[], Answers]:
    """Days ready, so that it neither looks through evidence nor dates it."""
    rules, inputs = engine(), [ready(child) for child in some]
    return lambda: [total_and_band(rules.evaluate(KEY, each)) for each in inputs]


def from_evidence(some: list[Child]) -> Callable[[], Answers]:
    """From the same statements as Amber, by the least that a caller must do to hand them over."""
    rules, known = engine(), [child.evidence() for child in some]
    return lambda: [total_and_band(rules.evaluate(KEY, dated(each))) for each in known]


def traced(some: list[Child]) -> Callable[[], Answers]:
    """The nearest it has to reasons: what went into each of its nodes, and what came out."""
    rules, known = engine(), [child.evidence() for child in some]
    return lambda: [
        total_and_band(rules.evaluate(KEY, dated(each), {"trace": True})) for each in known
    ]


def in_bulk(some: list[Child]) -> Callable[[], object]:
    rules = engine()
    requests = [{"key": KEY, "context": ready(child)} for child in some]
    return lambda: rules.evaluate_batch(requests)


KEY = "weights"


def ready(child: Child) -> dict[str, int]:
    return child.days | {"age": child.age}


def dated(evidence: Evidence) -> dict[str, int]:
    """One statement a code and no periods, which Amber can't take for granted."""
    found = {
        each.code: (w.AS_OF - each.observed_on).days if each.answer == YES else w.NEVER
        for each in evidence.observations
    }
    found["age"] = age_on(w.AS_OF, evidence.date_of_birth)
    return found


def total_and_band(found: dict[str, Any]) -> tuple[int, str]:
    result = found["result"]
    return int(result["total"]), result["band"]
