"""Reading a referral whole: what is wrong with single values and what shows only when they are
looked at together, told in one answer."""

import copy
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError

from services.referrals.api.requests import ReferralRequest
from services.referrals.domain.referral import faults
from shared.domain.errors import FieldError, InvalidError
from shared.http.validation import bounded, field_errors

Path = tuple[str | int, ...]


def read_referral(body: object, today: date) -> ReferralRequest:
    """The referral that was sent. `today` is a date in London.

    Raises:
        InvalidError: with every fault of its values, and of what could be read together.
    """
    try:
        return ReferralRequest.model_validate(body)
    except ValidationError as error:
        found = error.errors()
        wrong = [tuple(each["loc"]) for each in found]
        told = field_errors(
            [{**each, "loc": ("body", *each["loc"])} for each in found], ReferralRequest
        )
        raise InvalidError(bounded([*told, *_faults_of_rest(body, wrong, today)])) from None


def _faults_of_rest(body: object, wrong: Sequence[Path], today: date) -> list[FieldError]:
    """What breaks a rule among the values that are right by themselves."""
    if not isinstance(body, Mapping):
        return []
    # Stand-ins for what must be there; no rule finds fault with them.
    stand_ins = {"type": "cse", "source": "10", "received_on": today.isoformat()}
    rest = copy.deepcopy(dict(body))
    for path in wrong:
        _leave_out(rest, path)
    try:
        given = ReferralRequest.model_validate({**stand_ins, **rest}).as_given()
    except ValidationError:
        return []
    left_out = {path[0] for path in wrong if path and path[0] not in rest}
    # Which child is said by one of two fields: a wrong one doesn't make the other one missing.
    blind = {f"/{'child' if name == 'child_id' else name}" for name in left_out}
    return [each for each in faults(given, today) if each.pointer not in blind]


def _leave_out(rest: dict[str, Any], path: Path) -> None:
    """Take the value at a path out of its object; an item of a list takes the list with it."""
    here: Any = rest
    for step, below in zip(path, (*path[1:], None), strict=True):
        if not isinstance(here, dict) or step not in here:
            return
        if below is None or not isinstance(here[step], dict):
            del here[step]
            return
        here = here[step]
