"""Reading `policy.yaml`: strictly, and as a whole or not at all."""

import re
from collections.abc import Container
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from services.gateway.domain.policy import ChildrenAt, Policy, Route, Scope
from services.gateway.strict_yaml import LocatedFile, StrictModel

POLICY_FILE = Path(__file__).with_name("policy.yaml")

_ROUTE = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (/v1(?:/(?:[a-z0-9-]+|\{[a-z_]+\}))+)")
_PARAMETER = re.compile(r"\{([a-z_]+)\}")
_CHILD_AT = re.compile(r"path:([a-z_]+)|body:((?:/(?:[a-z_]+|\*))+)")


class _Scope(StrictModel):
    title: str
    people_only: bool = False


class _Route(StrictModel):
    service: str
    scope: str
    children: list[str] | None = None
    purposes: list[str] | None = None


class _Policy(StrictModel):
    schema_: Literal["policy/1"] = Field(alias="schema")
    services: list[str]
    purposes: dict[str, str]
    scopes: dict[str, _Scope]
    roles: dict[str, list[str]]
    routes: dict[str, _Route]


@cache  # read once per process: the file is part of the program
def load_policy(path: Path = POLICY_FILE) -> Policy:
    """The policy in a file. Raises `FileFaultsError` with everything wrong in it, by line."""
    file = LocatedFile(path)
    document = file.read_as(_Policy)
    for role, scopes in document.roles.items():
        for i, scope in enumerate(scopes):
            _must_be_known(file, ("roles", role, i), "scope", scope, document.scopes)
    routes = [_route(file, document, line, entry) for line, entry in document.routes.items()]
    _refuse_doubles(file, document)
    file.raise_faults()
    return Policy(
        services=frozenset(document.services),
        purposes=document.purposes,
        scopes={name: Scope(s.title, s.people_only) for name, s in document.scopes.items()},
        roles={role: frozenset(scopes) for role, scopes in document.roles.items()},
        routes=[route for route in routes if route is not None],
    )


def _route(file: LocatedFile, document: _Policy, line: str, entry: _Route) -> Route | None:
    place = ("routes", line)
    match = _ROUTE.fullmatch(line)
    if match is None:
        file.fault(place, f"{line}: write a method and a path, as in GET /v1/things/{{thing_id}}.")
        return None
    method, template = match.groups()
    _must_be_known(file, (*place, "service"), "service", entry.service, document.services)
    _must_be_known(file, (*place, "scope"), "scope", entry.scope, document.scopes)
    for i, purpose in enumerate(entry.purposes or ()):
        _must_be_known(file, (*place, "purposes", i), "purpose", purpose, document.purposes)
    if entry.purposes == []:
        file.fault((*place, "purposes"), "name a purpose, or leave `purposes` out.")
    return Route(
        method=method,
        template=template,
        service=entry.service,
        scope=entry.scope,
        children=_children(file, line, template, entry.children),
        purposes=frozenset(entry.purposes or ()),
    )


def _children(
    file: LocatedFile, line: str, template: str, places: list[str] | None
) -> ChildrenAt | None:
    if places is None:
        if "{child_id}" in template:
            file.fault(("routes", line), f"{line}: say under `children` where the child's id is.")
        return None
    if not places:
        file.fault(("routes", line, "children"), "name a place, or leave `children` out.")
    in_path, in_answer = [], []
    for i, text in enumerate(places):
        match = _CHILD_AT.fullmatch(text)
        if match is None:
            file.fault(
                ("routes", line, "children", i), "write path:child_id or body:/items/*/child_id."
            )
        elif match[2]:
            in_answer.append(tuple(match[2].removeprefix("/").split("/")))
        elif match[1] not in _PARAMETER.findall(template):
            file.fault(("routes", line, "children", i), "no parameter of the path is so named.")
        else:
            in_path.append(match[1])
    return ChildrenAt(tuple(in_path), tuple(in_answer))


def _must_be_known(
    file: LocatedFile, place: tuple[str | int, ...], what: str, name: str, known: Container[str]
) -> None:
    if name not in known:
        file.fault(place, f"{name}: no such {what}; it would have to stand under `{what}s`.")


def _refuse_doubles(file: LocatedFile, document: _Policy) -> None:
    seen: set[str] = set()
    for line in document.routes:
        shape = _PARAMETER.sub("{}", line)
        if shape in seen:
            file.fault(("routes", line), f"{line}: another route has the same method and path.")
        seen.add(shape)
