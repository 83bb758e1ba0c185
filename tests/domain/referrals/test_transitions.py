"""The way of a referral: every status with every command and every role, and what each command
takes."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.gateway.domain.consumer import Consumer, Kind
from services.gateway.domain.policy import scopes_of
from services.gateway.policy import load_policy
from services.referrals.domain.commands import (
    Facts,
    Given,
    Original,
    SignpostDestination,
    SignpostOutcome,
)
from services.referrals.domain.obstacles import IllegalTransitionError
from services.referrals.domain.transitions import (
    DEMANDS,
    By,
    Gate,
    ReferralCommand,
    ReferralStatus,
    allowed,
    decide,
    obstacle,
    possible_in,
)
from shared.domain.errors import ForbiddenError, InvalidError

ILLEGAL = "-"

# One row a status, one column a command, in this order.
COMMANDS = (
    "start_triage",
    "request_information",
    "resume_triage",
    "escalate",
    "accept",
    "allocate",
    "signpost",
    "record_outcome",
    "propose_no_further_action",
    "no_further_action",
    "mark_duplicate",
    "withdraw",
    "reopen",
)
TABLE = {
    status: tuple(cells.split())
    for status, cells in {
        # start, request, resume, escalate, accept, allocate, signpost, outcome, propose, nfa,
        # duplicate, withdraw, reopen
        "received": "in_triage - - - - - - - - - - - -",
        "in_triage": "- awaiting_information - escalated accepted - signposted - in_triage"
        " no_further_action duplicate withdrawn -",
        "awaiting_information": "- - in_triage escalated - - - - - - - - -",
        "escalated": "- - in_triage - accepted - - - - - - - -",
        "accepted": "- - - - - allocated signposted - accepted - - withdrawn -",
        "allocated": "- - - - - allocated - - - - - - -",
        "signposted": "- - - - - - - signposted - - - - in_triage",
        "no_further_action": "- - - - - - - - - - - - in_triage",
        "duplicate": "- - - - - - - - - - - - in_triage",
        "withdrawn": "- - - - - - - - - - - - in_triage",
    }.items()
}
PAIRS = [
    (status, command, after)
    for status, row in TABLE.items()
    for command, after in zip(COMMANDS, row, strict=True)
]
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

REASON = "Twenty characters or more of reason."
TODAY, DAY = date(2026, 6, 1), timedelta(days=1)
FACTS = Facts(since=TODAY - 2 * DAY, today=TODAY, original=Original(known=True))
PERSON, MACHINE = By("p-1"), By(None)
OPEN = Gate()
SCORE = UUID("01890000-0000-7000-8000-000000000001")
OTHER = UUID("01890000-0000-7000-8000-000000000002")
ENOUGH = {
    "start_triage": Given(),
    "request_information": Given(reason=REASON),
    "resume_triage": Given(reason=REASON),
    "escalate": Given(reason=REASON, score_stated=True),
    "accept": Given(reason=REASON, score_stated=True),
    "allocate": Given(reason=REASON, worker="p-1"),
    "signpost": Given(reason=REASON, score_stated=True, to=SignpostDestination.CYT),
    "record_outcome": Given(reason=REASON, outcome=SignpostOutcome.ENGAGED),
    "propose_no_further_action": Given(reason=REASON, score_stated=True),
    "no_further_action": Given(reason=REASON, score_stated=True),
    "mark_duplicate": Given(reason=REASON, duplicate_of=OTHER),
    "withdraw": Given(reason=REASON),
    "reopen": Given(reason=REASON),
}


def by_role(role: str) -> By:
    """Somebody in a role, as the shipped policy makes them."""
    kind = KINDS.get(role, Kind.PERSON)
    person = "p-1" if kind is Kind.PERSON else None
    scopes = scopes_of(load_policy(), Consumer("somebody", kind, person, roles=frozenset({role})))
    return By(person, may_decide="referrals:decide" in scopes)


def test_the_table_here_has_every_status_every_command_and_every_role() -> None:
    assert set(TABLE) == set(ReferralStatus)
    assert set(COMMANDS) == set(ReferralCommand) == set(DEMANDS)
    assert set(ROLES) == set(load_policy().roles)


@pytest.mark.parametrize("status", TABLE)
@pytest.mark.parametrize("role", ROLES)
def test_a_command_leads_where_the_table_says_or_nowhere(status: str, role: str) -> None:
    before, by, refusal = ReferralStatus(status), by_role(role), ROLES[role]
    for command, after in zip(COMMANDS, TABLE[status], strict=True):
        order, given = ReferralCommand(command), ENOUGH[command]
        if refusal is None and after != ILLEGAL:
            assert obstacle(before, order, by, OPEN) is None
            assert decide(before, order, given, by, FACTS, OPEN) == after
            continue
        found = obstacle(before, order, by, OPEN)
        assert found is not None
        assert found.code == (refusal or "illegal_transition")
        with pytest.raises(type(found)):
            decide(before, order, given, by, FACTS, OPEN)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("status", TABLE)
def test_allowed_names_the_commands_of_the_table(status: str, role: str) -> None:
    row = zip(COMMANDS, TABLE[status], strict=True)
    fitting = [command for command, to in row if to != ILLEGAL and ROLES[role] is None]
    assert allowed(ReferralStatus(status), by_role(role), OPEN) == fitting


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_tells_in_which_statuses_it_may_be_given(command: str) -> None:
    column = [before for before, order, to in PAIRS if order == command and to != ILLEGAL]
    assert possible_in(ReferralCommand(command)) == column


@pytest.mark.parametrize("status", TABLE)
def test_a_machine_moves_nothing_whatever_its_scopes(status: str) -> None:
    assert allowed(ReferralStatus(status), MACHINE, OPEN) == []
    for command in COMMANDS:
        with pytest.raises(ForbiddenError) as refused:
            decide(
                ReferralStatus(status),
                ReferralCommand(command),
                ENOUGH[command],
                MACHINE,
                FACTS,
                OPEN,
            )
        assert refused.value.code == "person_required"


def test_an_illegal_command_is_answered_with_those_that_fit_and_whose_they_are() -> None:
    with pytest.raises(IllegalTransitionError) as illegal:
        decide(
            ReferralStatus.ACCEPTED, ReferralCommand.ACCEPT, ENOUGH["accept"], PERSON, FACTS, OPEN
        )
    assert illegal.value.facts == {
        "now": "accepted",
        "allowed": [
            {"command": "allocate", "by": "person"},
            {"command": "signpost", "by": "person"},
            {"command": "propose_no_further_action", "by": "person"},
            {"command": "withdraw", "by": "person"},
        ],
    }


def faults(command: str, given: Given, facts: Facts = FACTS) -> list[tuple[str, str]]:
    status = next(before for before, order, to in PAIRS if order == command and to != ILLEGAL)
    try:
        decide(ReferralStatus(status), ReferralCommand(command), given, PERSON, facts, OPEN)
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


@pytest.mark.parametrize(
    "command",
    [
        "escalate",
        "accept",
        "signpost",
        "propose_no_further_action",
        "no_further_action",
    ],
)
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
    assert faults(command, given, replace(FACTS, score_known=known)) == found


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
        (None, "amber", [("/worker", "missing")]),
        ("p-1", "amber", []),
        (None, None, [("/worker", "missing")]),
    ],
)
def test_allocating_names_a_worker_and_may_name_the_team(
    worker: str | None, team: str | None, found: list[tuple[str, str]]
) -> None:
    assert faults("allocate", replace(ENOUGH["allocate"], worker=worker, team=team)) == found


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "allocate"])
def test_only_allocating_names_a_worker_or_a_team(command: str) -> None:
    assert faults(command, replace(ENOUGH[command], worker="p-1", team="amber")) == [
        ("/worker", "not_for_this_command"),
        ("/team", "not_for_this_command"),
    ]


@pytest.mark.parametrize(
    ("duplicate_of", "original", "found"),
    [
        (OTHER, Original(known=True), []),
        (None, Original(), [("/duplicate_of", "missing")]),
        (OTHER, Original(), [("/duplicate_of", "unknown_referral")]),
        (OTHER, Original(known=True, is_duplicate=True), [("/duplicate_of", "is_a_duplicate")]),
        (OTHER, Original(known=True, has_duplicates=True), [("/duplicate_of", "has_duplicates")]),
    ],
)
def test_a_duplicate_names_the_referral_that_stays(
    duplicate_of: UUID | None, original: Original, found: list[tuple[str, str]]
) -> None:
    given = replace(ENOUGH["mark_duplicate"], duplicate_of=duplicate_of)
    assert faults("mark_duplicate", given, replace(FACTS, original=original)) == found


@pytest.mark.parametrize("command", COMMANDS)
def test_only_an_outcome_says_what_came_of_it(command: str) -> None:
    if command == "record_outcome":
        given, found = replace(ENOUGH[command], outcome=None), [("/outcome", "missing")]
    else:
        given = replace(ENOUGH[command], outcome=SignpostOutcome.DECLINED)
        found = [("/outcome", "not_for_this_command")]
    assert faults(command, given) == found


@pytest.mark.parametrize("command", [each for each in COMMANDS if each != "mark_duplicate"])
def test_only_a_duplicate_has_an_original(command: str) -> None:
    assert faults(command, replace(ENOUGH[command], duplicate_of=OTHER)) == [
        ("/duplicate_of", "not_for_this_command")
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
