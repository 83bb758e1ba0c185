"""What a database plans to do with the statements that reach it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

Statement = tuple[str, Any]
"""As the driver gets it, and its parameters."""


@contextmanager
def statements_of(engine: Engine) -> Iterator[list[Statement]]:
    """The questions that reach a database meanwhile."""
    found: list[Statement] = []

    def note(*arguments: Any) -> None:
        _connection, _cursor, statement, parameters, *_ = arguments
        if statement.startswith(("SELECT", "WITH")):
            found.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def walked_by(connection: Connection, statement: Statement) -> set[str]:
    """The tables that a statement walks through from end to end, by an index or without."""
    text, parameters = statement
    if connection.dialect.name == "sqlite":
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)
        named = {alias: name for name, alias in re.findall(r"(\w+) AS (\w+)", text)}
        scanned = re.findall(r"SCAN (\w+)", "\n".join(step.detail for step in steps))
        return {named.get(name, name) for name in scanned}
    explained: Any = connection.exec_driver_sql(
        f"EXPLAIN (FORMAT JSON) {text}", parameters
    ).scalar()
    return {
        node["Relation Name"]
        for node in _nodes(explained[0]["Plan"])
        if "Relation Name" in node and not {"Index Cond", "Recheck Cond"} & node.keys()
    }


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)
