"""The same weights in zen-engine (JSON Decision Model, expressions)."""

import json
from collections.abc import Callable

import zen

from bench.scoring import weights as w
from bench.scoring.ours import Answers
from bench.scoring.weights import Child


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


def one_by_one(some: list[Child]) -> Callable[[], Answers]:
    rule = zen.ZenEngine().create_decision(decision())
    inputs = [child.days | {"age": child.age} for child in some]

    def run() -> Answers:
        found = [rule.evaluate(each)["result"] for each in inputs]
        return [(int(each["total"]), each["band"]) for each in found]

    return run
