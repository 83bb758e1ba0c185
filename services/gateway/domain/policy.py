"""Who may do what, and why: the rules of `policy.yaml` as a table and functions over it.

Everything that the table doesn't name is denied.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.gateway.domain.consumer import Consumer, Kind
from shared.domain.errors import ForbiddenError, NotFoundError

COMPOSED = "gateway"
"""In place of a service: the gateway answers itself, out of several services."""


class InsufficientScopeError(ForbiddenError):
    """The consumer lacks the scope that the route needs."""

    code = "insufficient_scope"


class PurposeRequiredError(ForbiddenError):
    """The route identifies a child, and the consumer, who has several purposes, gave none."""

    code = "purpose_required"


class PurposeNotAllowedError(ForbiddenError):
    """The purpose isn't one of the consumer's, or not one that the route allows."""

    code = "purpose_not_allowed"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a scope lets a consumer do. Some are for people only: machines decide nothing."""

    title: str
    people_only: bool = False


@dataclass(frozen=True, slots=True)
class ChildrenAt:
    """Where the ids of children stand: in the path, or in the body of the answer."""

    in_path: tuple[str, ...] = ()
    """Names of path parameters."""
    in_answer: tuple[tuple[str, ...], ...] = ()
    """JSON pointers as their parts; `*` is every element of a list."""


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the policy."""

    method: str
    template: str
    service: str
    scope: str
    children: ChildrenAt | None = None
    """None: the route identifies nobody."""
    purposes: frozenset[str] = frozenset()
    """Purposes that the route allows; empty: every purpose of the consumer."""


@dataclass(frozen=True, slots=True)
class Match:
    """A known path: its routes by method, and what stands in place of its parameters."""

    routes: Mapping[str, Route]
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Policy:
    """The whole table."""

    services: frozenset[str]
    purposes: Mapping[str, str]
    scopes: Mapping[str, Scope]
    roles: Mapping[str, frozenset[str]]
    routes: Sequence[Route]
    _by_length: Mapping[int, Mapping[tuple[str, ...], Mapping[str, Route]]] = field(init=False)

    def __post_init__(self) -> None:
        table: dict[int, dict[tuple[str, ...], dict[str, Route]]] = {}
        for route in self.routes:
            parts = tuple(route.template.split("/"))
            table.setdefault(len(parts), {}).setdefault(parts, {})[route.method] = route
        object.__setattr__(self, "_by_length", table)

    def find(self, path: str) -> Match:
        """The routes of a path. Raises `NotFoundError` for every path that no line names."""
        parts = path.split("/")
        for pattern, routes in self._by_length.get(len(parts), {}).items():
            parameters = _parameters(pattern, parts)
            if parameters is not None:
                return Match(routes, parameters)
        raise NotFoundError("No such path. /openapi.json lists every path that is offered.")


def _parameters(pattern: Sequence[str], parts: Sequence[str]) -> dict[str, str] | None:
    found = {}
    for wanted, given in zip(pattern, parts, strict=True):
        if wanted.startswith("{"):
            found[wanted[1:-1]] = given
        elif wanted != given:
            return None
    return found


def scopes_of(policy: Policy, consumer: Consumer) -> frozenset[str]:
    """What a consumer may be granted: the scopes of its roles, those for people only if it is
    one."""
    held = frozenset().union(*(policy.roles.get(role, frozenset()) for role in consumer.roles))
    person = consumer.kind is Kind.PERSON
    return frozenset(scope for scope in held if person or not policy.scopes[scope].people_only)


def require_scope(route: Route, scopes: frozenset[str]) -> None:
    """Raise `InsufficientScopeError`, naming the scope, unless it is held."""
    if route.scope not in scopes:
        raise InsufficientScopeError(
            f"This needs the scope {route.scope}.", missing_scopes=[route.scope]
        )


def purpose_for(route: Route, consumer: Consumer, given: str | None) -> str | None:
    """The purpose of a request: the one given, or a consumer's only one.

    Returns None only on a route that asks for none, from a consumer that gave none.

    Raises:
        PurposeRequiredError: the route needs one and there are several to choose from.
        PurposeNotAllowedError: it isn't the consumer's, or the route doesn't allow it.
    """
    allowed = consumer.purposes & route.purposes if route.purposes else consumer.purposes
    if given is None and len(consumer.purposes) == 1:
        (given,) = consumer.purposes
    if given is None:
        if route.children is None and not route.purposes:
            return None
        raise PurposeRequiredError(
            f"Say why in the Amber-Purpose header; you may give: {_listed(allowed)}."
        )
    if given not in allowed:
        raise PurposeNotAllowedError(
            f"This purpose doesn't allow it; here you may give: {_listed(allowed)}."
        )
    return given


def _listed(purposes: frozenset[str]) -> str:
    return ", ".join(sorted(purposes)) or "none"
