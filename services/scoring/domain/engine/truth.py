"""Three-valued truth: True, False, and None for what is not known."""

from collections.abc import Iterable

Truth = bool | None


def all_hold(parts: Iterable[Truth]) -> Truth:
    """False as soon as one is false, whatever is unknown."""
    unknown = False
    for part in parts:
        if part is False:
            return False
        unknown = unknown or part is None
    return None if unknown else True


def any_holds(parts: Iterable[Truth]) -> Truth:
    """True as soon as one is true, whatever is unknown."""
    unknown = False
    for part in parts:
        if part:
            return True
        unknown = unknown or part is None
    return None if unknown else False
