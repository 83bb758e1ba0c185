"""What the end of a referral has to pass: an open case, and a second person where the rating is
high. Expectations typed by hand."""

from dataclasses import replace

import pytest

from services.referrals.domain.commands import Original
from services.referrals.domain.transitions import (
    By,
    Gate,
    ReferralCommand,
    ReferralStatus,
    allowed,
    decide,
    obstacle,
    to_whom,
)
from shared.domain.errors import ForbiddenError, StateError
from tests.domain.referrals.test_transitions import (
    ENOUGH,
    FACTS,
    ILLEGAL,
    OPEN,
    PAIRS,
    PERSON,
    ROLES,
    TABLE,
    by_role,
)

# What a referral can't come to while its case is open.
ENDS = {
    "signpost",
    "propose_no_further_action",
    "no_further_action",
    "mark_duplicate",
    "withdraw",
}


@pytest.mark.parametrize(("status", "command", "after"), PAIRS)
def test_while_its_case_is_open_a_referral_comes_to_no_end(
    status: str, command: str, after: str
) -> None:
    state, order, gate = ReferralStatus(status), ReferralCommand(command), Gate(case_open=True)
    found = obstacle(state, order, PERSON, gate)
    code = "illegal_transition" if after == ILLEGAL else "case_open" if command in ENDS else None
    assert (None if found is None else found.code) == code
    assert (command in allowed(state, PERSON, gate)) is (code is None)
    assert (command in {each["command"] for each in to_whom(state, gate)}) is (code is None)


ANOTHER = Gate(high=True, proposed_by="p-2")
HIGH_GATES = {
    "nobody": Gate(high=True),
    "oneself": Gate(high=True, proposed_by="p-1"),
    "a colleague": ANOTHER,
}
OPEN_ORIGINAL, ORIGINAL_THAT_IS_OVER = Original(known=True), Original(known=True, over=True)
NOTHING = Original()
# Where the rating is high: what is answered to the end of a referral, by who proposed it last.
# None: it may be done.
TWO_PEOPLE = {
    # status, command, the referral that stays: nobody, oneself, a colleague
    ("in_triage", "no_further_action", NOTHING): ("not_proposed", "second_person_required", None),
    ("in_triage", "withdraw", NOTHING): ("not_proposed", "second_person_required", None),
    ("accepted", "withdraw", NOTHING): ("not_proposed", "second_person_required", None),
    ("in_triage", "mark_duplicate", ORIGINAL_THAT_IS_OVER): (
        "not_proposed",
        "second_person_required",
        None,
    ),
    # Each of these leads to somebody who helps.
    ("in_triage", "mark_duplicate", OPEN_ORIGINAL): (None, None, None),
    ("in_triage", "signpost", NOTHING): (None, None, None),
    ("accepted", "signpost", NOTHING): (None, None, None),
    # Proposing takes one.
    ("in_triage", "propose_no_further_action", NOTHING): (None, None, None),
    ("accepted", "propose_no_further_action", NOTHING): (None, None, None),
}


def refusal_of(status: str, command: str, original: Original, by: By, gate: Gate) -> str | None:
    facts = replace(FACTS, original=original)
    try:
        decide(ReferralStatus(status), ReferralCommand(command), ENOUGH[command], by, facts, gate)
    except (ForbiddenError, StateError) as refused:
        return refused.code
    return None


@pytest.mark.parametrize(("end", "refusals"), TWO_PEOPLE.items())
@pytest.mark.parametrize("role", ROLES)
def test_where_the_rating_is_high_no_end_without_help_is_one_persons(
    end: tuple[str, str, Original], refusals: tuple[str | None, ...], role: str
) -> None:
    for gate, refusal in zip(HIGH_GATES.values(), refusals, strict=True):
        assert refusal_of(*end, by_role(role), gate) == (ROLES[role] or refusal)


@pytest.mark.parametrize("proposed_by", [None, "p-1", "p-2"])
@pytest.mark.parametrize("end", TWO_PEOPLE)
def test_where_it_is_not_high_one_person_is_enough_whoever_proposed_what(
    end: tuple[str, str, Original], proposed_by: str | None
) -> None:
    assert refusal_of(*end, PERSON, Gate(proposed_by=proposed_by)) is None


@pytest.mark.parametrize("status", TABLE)
def test_a_high_rating_holds_nothing_else_up(status: str) -> None:
    state = ReferralStatus(status)
    ends = {"no_further_action", "withdraw"}
    others = set(allowed(state, PERSON, OPEN)) - ends
    assert set(allowed(state, PERSON, Gate(high=True))) == others
    assert set(allowed(state, PERSON, ANOTHER)) == set(allowed(state, PERSON, OPEN))


@pytest.mark.parametrize(
    ("gate", "by"),
    [(Gate(), "person"), (Gate(high=True), None), (ANOTHER, "second_person")],
)
@pytest.mark.parametrize("status", ["in_triage", "accepted"])
def test_who_is_refused_is_told_who_else_may(status: str, gate: Gate, by: str | None) -> None:
    told = {each["command"]: each["by"] for each in to_whom(ReferralStatus(status), gate)}
    assert told.pop("withdraw", None) == by
    assert told.pop("no_further_action", None) == (by if status == "in_triage" else None)
    assert set(told.values()) == {"person"}
