"""The way of a case: every status with every command and every role, typed by hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.gateway.domain.consumer import Consumer, Kind
from services.gateway.domain.policy import scopes_of
from services.gateway.policy import load_policy
from services.referrals.domain.cases.transitions import (
    DEMANDS,
    ActionsOpenError,
    CaseCommand,
    CaseContext,
    CaseGiven,
    CaseStatus,
    NotAcceptedError,
    allowed,
    decide,
    obstacle,
    possible_in,
    to_whom,
)
from services.referrals.domain.obstacles import (
    IllegalTransitionError,
    NotProposedError,
    PersonRequiredError,
    SecondPersonError,
)
from shared.domain.errors import InvalidError

# One row a status, one column a command, in this order. -: the status doesn't allow it.
COMMANDS = (
    "start_assessment",
    "activate",
    "propose_step_down",
    "step_down",
    "step_up",
    "propose_closure",
    "close",
    "propose_transfer",
    "transfer",
    "reopen",
)
TABLE = {
    "open": "assessing - - - - - - open closed -",
    "assessing": "- active - - - assessing closed assessing closed -",
    "active": "- - active stepping_down - - - active closed -",
    "stepping_down": "- - - - active stepping_down closed stepping_down closed -",
    "closed": "- - - - - - - - - assessing",
}
PAIRS = [
    (status, command, after)
    for status, row in TABLE.items()
    for command, after in zip(COMMANDS, row.split(), strict=True)
]
# Which commands take a proposal, and which one.
AGREEING = {
    "step_down": "propose_step_down",
    "close": "propose_closure",
    "transfer": "propose_transfer",
}
GATED = {"propose_step_down", "step_down", "propose_closure", "close"}

TODAY, DAY = date(2026, 6, 1), timedelta(days=1)
REASON = "Twenty characters or more of reason."
ENOUGH = {
    "start_assessment": CaseGiven(REASON),
    "activate": CaseGiven(REASON, score_stated=True),
    "propose_step_down": CaseGiven(REASON, TODAY + DAY, score_stated=True),
    "step_down": CaseGiven(REASON),
    "step_up": CaseGiven(REASON, score_stated=True),
    "propose_closure": CaseGiven(REASON, TODAY + DAY, score_stated=True),
    "close": CaseGiven(REASON),
    "propose_transfer": CaseGiven(REASON, TODAY + DAY, "Exampleshire", score_stated=True),
    "transfer": CaseGiven(REASON),
    "reopen": CaseGiven(REASON),
}
ILLEGAL = IllegalTransitionError


def context(command: str, person_id: str | None) -> CaseContext:
    """What a command meets after `p-1` made the proposal that it takes, if it takes one."""
    return CaseContext(
        person_id=person_id,
        last_command=AGREEING.get(command, "open"),
        last_by="p-1",
        next_check_on=TODAY + DAY,
        today=TODAY,
    )


def outcome(status: str, command: str, met: CaseContext) -> str:
    return decide(CaseStatus(status), CaseCommand(command), ENOUGH[command], met)


def test_the_table_has_every_status_and_every_command() -> None:
    assert set(TABLE) == set(CaseStatus)
    assert set(COMMANDS) == set(CaseCommand) == set(DEMANDS)


@pytest.mark.parametrize(("status", "command", "after"), PAIRS)
def test_a_colleague_moves_it_where_the_table_says_or_nowhere(
    status: str, command: str, after: str
) -> None:
    met = context(command, "p-2")
    assert (command in allowed(CaseStatus(status), met)) == (after != "-")
    if after == "-":
        with pytest.raises(ILLEGAL):
            outcome(status, command, met)
    else:
        assert outcome(status, command, met) == after


@pytest.mark.parametrize(("status", "command", "after"), PAIRS)
def test_the_one_who_proposed_never_agrees_and_may_all_else(
    status: str, command: str, after: str
) -> None:
    met = context(command, "p-1")
    if after == "-":
        with pytest.raises(ILLEGAL):
            outcome(status, command, met)
    elif command in AGREEING:
        assert command not in allowed(CaseStatus(status), met)
        with pytest.raises(SecondPersonError):
            outcome(status, command, met)
    else:
        assert outcome(status, command, met) == after


@pytest.mark.parametrize(("status", "command", "_after"), PAIRS)
def test_a_machine_moves_nothing(status: str, command: str, _after: str) -> None:
    met = context(command, None)
    assert allowed(CaseStatus(status), met) == []
    with pytest.raises(PersonRequiredError):
        outcome(status, command, met)


# What stands in the way of a role whatever the status; None: the table alone says.
ROLES = {
    "practitioner": None,
    "mace_chair": None,
    "nurse": "insufficient_scope",
    "analyst": "insufficient_scope",
    "weights_author": "insufficient_scope",
    "weights_approver": "insufficient_scope",
    "case_system": "insufficient_scope",
    "feed": "insufficient_scope",
    "service": "insufficient_scope",
}


KINDS = {"case_system": Kind.MACHINE, "feed": Kind.MACHINE, "service": Kind.SERVICE}


def by_role(role: str, command: str) -> CaseContext:
    """What a command from somebody in a role meets, as the shipped policy makes them."""
    kind = KINDS.get(role, Kind.PERSON)
    person = "p-2" if kind is Kind.PERSON else None
    scopes = scopes_of(load_policy(), Consumer("somebody", kind, person, roles=frozenset({role})))
    return replace(context(command, person), may_decide="cases:decide" in scopes)


def test_the_table_here_has_every_role() -> None:
    assert set(ROLES) == set(load_policy().roles)


@pytest.mark.parametrize("status", TABLE)
@pytest.mark.parametrize("role", ROLES)
def test_a_command_of_a_role_leads_where_the_table_says_or_nowhere(status: str, role: str) -> None:
    for command, after in zip(COMMANDS, TABLE[status].split(), strict=True):
        met, state, order = by_role(role, command), CaseStatus(status), CaseCommand(command)
        refusal = ROLES[role] or ("illegal_transition" if after == "-" else None)
        found = obstacle(state, order, met)
        assert (None if found is None else found.code) == refusal
        assert (order in allowed(state, met)) is (refusal is None)
        if found is None:
            assert outcome(status, command, met) == after
        else:
            with pytest.raises(type(found)):
                outcome(status, command, met)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_tells_in_which_statuses_it_may_be_given(command: str) -> None:
    column = [before for before, order, to in PAIRS if order == command and to != "-"]
    assert possible_in(CaseCommand(command)) == column


# What comes along with each, beside the reason.
TAKES = {
    "start_assessment": "",
    "activate": "score_id",
    "propose_step_down": "next_check_on score_id",
    "step_down": "",
    "step_up": "score_id",
    "propose_closure": "next_check_on score_id",
    "close": "",
    "propose_transfer": "next_check_on authority score_id",
    "transfer": "",
    "reopen": "",
}


@pytest.mark.parametrize(("command", "fields"), TAKES.items())
def test_a_command_tells_what_it_takes(command: str, fields: str) -> None:
    assert DEMANDS[CaseCommand(command)].takes == ["reason", *fields.split()]


@pytest.mark.parametrize(("status", "command", "after"), PAIRS)
def test_open_actions_of_high_priority_shut_the_gates_and_no_other_way(
    status: str, command: str, after: str
) -> None:
    met = replace(context(command, "p-2"), open_high_actions=1)
    if after == "-":
        return
    if command in GATED:
        with pytest.raises(ActionsOpenError):
            outcome(status, command, met)
    else:
        assert outcome(status, command, met) == after


@pytest.mark.parametrize(("status", "command", "after"), PAIRS)
def test_a_case_is_not_reopened_unless_its_referral_is_still_accepted(
    status: str, command: str, after: str
) -> None:
    met = replace(context(command, "p-2"), referral_accepted=False)
    if after == "-":
        return
    if command == "reopen":
        assert command not in allowed(CaseStatus(status), met)
        with pytest.raises(NotAcceptedError):
            outcome(status, command, met)
    else:
        assert outcome(status, command, met) == after


# Where `p-1` has just proposed to close the case: what may be done, and by whom.
WHOSE = {
    "assessing": "activate propose_closure close propose_transfer",
    "stepping_down": "step_up propose_closure close propose_transfer",
}


@pytest.mark.parametrize(("status", "commands"), WHOSE.items())
@pytest.mark.parametrize("person", ["p-1", "p-2"])
def test_an_illegal_command_is_answered_with_those_that_fit_and_whose_they_are(
    status: str, commands: str, person: str
) -> None:
    with pytest.raises(IllegalTransitionError) as illegal:
        outcome(status, "reopen", context("close", person))
    assert illegal.value.facts == {
        "now": status,
        "allowed": [
            {"command": each, "by": "second_person" if each == "close" else "person"}
            for each in commands.split()
        ],
    }


def test_what_everybody_is_kept_from_is_not_among_those_that_fit() -> None:
    met = replace(context("close", "p-2"), open_high_actions=1)
    told = [each["command"] for each in to_whom(CaseStatus.ASSESSING, met)]
    assert told == ["activate", "propose_transfer"]


@pytest.mark.parametrize(
    ("status", "command"),
    [("active", "step_down"), ("stepping_down", "close"), ("open", "transfer")],
)
@pytest.mark.parametrize("last", ["open", "activate", "propose_nothing"])
def test_what_nobody_proposed_just_before_is_not_agreed_to(
    status: str, command: str, last: str
) -> None:
    met = replace(context(command, "p-2"), last_command=last)
    with pytest.raises(NotProposedError):
        outcome(status, command, met)


@pytest.mark.parametrize(
    ("command", "status", "given", "codes"),
    [
        ("propose_step_down", "active", CaseGiven(), {"/reason", "/next_check_on", "/score_id"}),
        ("propose_step_down", "active", CaseGiven("short", TODAY, score_stated=True),
         {"/reason", "/next_check_on"}),
        ("propose_transfer", "open", CaseGiven(REASON, TODAY + DAY, score_stated=True),
         {"/authority"}),
        ("reopen", "closed", CaseGiven(REASON, TODAY + DAY, "Exampleshire"),
         {"/next_check_on", "/authority"}),
    ],
)  # fmt: skip
def test_every_fault_of_what_came_with_a_command_is_named(
    command: str, status: str, given: CaseGiven, codes: set[str]
) -> None:
    with pytest.raises(InvalidError) as refused:
        decide(CaseStatus(status), CaseCommand(command), given, context(command, "p-2"))
    assert {error.pointer for error in refused.value.errors} == codes


@pytest.mark.parametrize(("days", "passed"), [(-1, True), (0, False), (1, False)])
def test_a_day_for_looking_again_that_has_passed_is_proposed_anew(days: int, passed: bool) -> None:
    met = replace(context("close", "p-2"), next_check_on=TODAY + days * DAY)
    if passed:
        with pytest.raises(InvalidError):
            outcome("stepping_down", "close", met)
    else:
        assert outcome("stepping_down", "close", met) == "closed"
