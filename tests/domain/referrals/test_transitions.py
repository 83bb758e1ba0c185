"""The way of a referral: every status with every command, and what each command takes."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.referrals.domain.transitions import (
    DEMANDS,
    Context,
    Given,
    IllegalTransitionError,
    PersonRequiredError,
    ReferralCommand,
    ReferralStatus,
    SignpostDestination,
    allowed,
    decide,
)
from shared.domain.errors import InvalidError

ILLEGAL = "-"

# One row a status, one column a command, in this order.
COMMANDS = (
    "start_triage",
    "accept",
    "allocate",
    "signpost",
    "no_further_action",
    "withdraw",
    "reopen",
)
TABLE = {
    "received": ("in_triage", "-", "-", "-", "-", "-", "-"),
    "in_triage": ("-", "accepted", "-", "signposted", "no_further_action", "withdrawn", "-"),
    "accepted": ("-", "-", "allocated", "signposted", "-", "withdrawn", "-"),
    "allocated": ("-", "-", "allocated", "-", "-", "-", "-"),
    "signposted": ("-", "-", "-", "-", "-", "-", "in_triage"),
    "no_further_action": ("-", "-", "-", "-", "-", "-", "in_triage"),
    "withdrawn": ("-", "-", "-", "-", "-", "-", "in_triage"),
}
PAIRS = [
    (status, command, after)
    for status, row in TABLE.items()
    for command, after in zip(COMMANDS, row, strict=True)
]

REASON = "Twenty characters or more of reason."
TODAY, DAY = date(2026, 6, 1), timedelta(days=1)
BY_PERSON = Context(person=True, since=TODAY - 2 * DAY, today=TODAY)
BY_MACHINE = replace(BY_PERSON, person=False)
SCORE = UUID("01890000-0000-7000-8000-000000000001")
ENOUGH = {
    "start_triage": Given(),
    "accept": Given(reason=REASON, score_stated=True),
    "allocate": Given(reason=REASON, worker="p-1"),
    "signpost": Given(reason=REASON, score_stated=True, to=SignpostDestination.CYT),
    "no_further_action": Given(reason=REASON, score_stated=True),
    "withdraw": Given(reason=REASON),
    "reopen": Given(reason=REASON),
}


def test_the_table_here_has_every_status_and_every_command() -> None:
    assert set(TABLE) == set(ReferralStatus)
    assert set(COMMANDS) == set(ReferralCommand) == set(DEMANDS)


@pytest.mark.parametrize(("status", "command", "after"), PAIRS)
def test_a_command_leads_where_the_table_says_or_nowhere(
    status: str, command: str, after: str
) -> None:
    before, order, given = ReferralStatus(status), ReferralCommand(command), ENOUGH[command]
    if after == ILLEGAL:
        with pytest.raises(IllegalTransitionError):
            decide(before, order, given, BY_PERSON)
    else:
        assert decide(before, order, given, BY_PERSON) == after


@pytest.mark.parametrize("status", TABLE)
def test_allowed_names_the_commands_of_the_table(status: str) -> None:
    row = zip(COMMANDS, TABLE[status], strict=True)
    assert allowed(ReferralStatus(status), person=True) == [c for c, to in row if to != ILLEGAL]


@pytest.mark.parametrize(("status", "command", "_after"), PAIRS)
def test_a_machine_moves_nothing(status: str, command: str, _after: str) -> None:
    assert allowed(ReferralStatus(status), person=False) == []
    with pytest.raises(PersonRequiredError):
        decide(ReferralStatus(status), ReferralCommand(command), ENOUGH[command], BY_MACHINE)


def test_an_illegal_command_is_answered_with_those_that_fit_and_whose_they_are() -> None:
    with pytest.raises(IllegalTransitionError) as illegal:
        decide(ReferralStatus.ACCEPTED, ReferralCommand.ACCEPT, ENOUGH["accept"], BY_PERSON)
    assert illegal.value.facts == {
        "now": "accepted",
        "allowed": [
            {"command": "allocate", "by": "person"},
            {"command": "signpost", "by": "person"},
            {"command": "withdraw", "by": "person"},
        ],
    }


def faults(command: str, given: Given, context: Context = BY_PERSON) -> list[tuple[str, str]]:
    status = next(before for before, order, to in PAIRS if order == command and to != ILLEGAL)
    try:
        decide(ReferralStatus(status), ReferralCommand(command), given, context)
    except InvalidError as invalid:
        return [(error.pointer, error.code) for error in invalid.errors]
    return []


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "start_triage"])
@pytest.mark.parametrize(
    ("reason", "found"),
    [
        (None, [("/reason", "missing")]),
        ("x" * 19, [("/reason", "too_short")]),
        ("x" * 20, []),
        ("x" * 21, []),
    ],
)
def test_a_decision_takes_a_reason_of_twenty_characters(
    command: str, reason: str | None, found: list[tuple[str, str]]
) -> None:
    assert faults(command, replace(ENOUGH[command], reason=reason)) == found


@pytest.mark.parametrize("command", ["accept", "signpost", "no_further_action"])
@pytest.mark.parametrize(
    ("stated", "score_id", "known", "found"),
    [
        (False, None, False, [("/score_id", "missing")]),
        (True, None, False, []),
        (True, SCORE, True, []),
        (True, SCORE, False, [("/score_id", "unknown_score")]),
    ],
)
def test_a_decision_states_the_score_that_was_looked_at_or_that_none_was(
    command: str, stated: bool, score_id: UUID | None, known: bool, found: list[tuple[str, str]]
) -> None:
    given = replace(ENOUGH[command], score_stated=stated, score_id=score_id)
    assert faults(command, given, replace(BY_PERSON, score_known=known)) == found


@pytest.mark.parametrize(
    ("to", "service_name", "found"),
    [
        ("cyt", None, []),
        ("other", "Example Youth Club", []),
        ("other", None, [("/service_name", "missing")]),
        ("cyt", "Example Youth Club", [("/service_name", "not_for_this_command")]),
        (None, None, [("/to", "missing")]),
    ],
)
def test_signposting_says_where_to(
    to: str | None, service_name: str | None, found: list[tuple[str, str]]
) -> None:
    given = replace(
        ENOUGH["signpost"],
        to=None if to is None else SignpostDestination(to),
        service_name=service_name,
    )
    assert faults("signpost", given) == found


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "signpost"])
def test_only_signposting_has_a_destination(command: str) -> None:
    given = replace(
        ENOUGH[command], to=SignpostDestination.OTHER, service_name="Example Youth Club"
    )
    assert faults(command, given) == [
        ("/to", "not_for_this_command"),
        ("/service_name", "not_for_this_command"),
    ]


@pytest.mark.parametrize(
    ("worker", "team", "found"),
    [
        ("p-1", None, []),
        (None, "amber", []),
        ("p-1", "amber", []),
        (None, None, [("/worker", "missing")]),
    ],
)
def test_allocating_names_a_worker_a_team_or_both(
    worker: str | None, team: str | None, found: list[tuple[str, str]]
) -> None:
    assert faults("allocate", replace(ENOUGH["allocate"], worker=worker, team=team)) == found


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "allocate"])
def test_only_allocating_names_a_worker_or_a_team(command: str) -> None:
    assert faults(command, replace(ENOUGH[command], worker="p-1", team="amber")) == [
        ("/worker", "not_for_this_command"),
        ("/team", "not_for_this_command"),
    ]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("decided_on", "found"),
    [
        (None, []),
        (TODAY - 3 * DAY, [("/decided_on", "before_the_last_move")]),
        (TODAY - 2 * DAY, []),
        (TODAY - DAY, []),
        (TODAY, []),
        (TODAY + DAY, [("/decided_on", "in_the_future")]),
    ],
)
def test_a_move_lies_between_the_one_before_it_and_today(
    command: str, decided_on: date | None, found: list[tuple[str, str]]
) -> None:
    assert faults(command, replace(ENOUGH[command], decided_on=decided_on)) == found


def test_every_fault_is_named_at_once() -> None:
    assert faults("signpost", Given(score_id=SCORE, service_name="Example Youth Club")) == [
        ("/reason", "missing"),
        ("/score_id", "missing"),
        ("/score_id", "unknown_score"),
        ("/to", "missing"),
        ("/service_name", "not_for_this_command"),
    ]
