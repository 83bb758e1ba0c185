"""The life of a version: every state with every command and every role, typed by hand."""

from dataclasses import replace

import pytest

from services.scoring.domain.lifecycle import (
    AlreadyProposedError,
    AnotherWaitsError,
    Command,
    HasBegunError,
    IllegalTransitionError,
    InForceAlreadyError,
    Meeting,
    NotBegunError,
    NotByTwoError,
    NotProposedError,
    NotYoursError,
    PersonRequiredError,
    RulesRetiredError,
    SamePersonError,
    State,
    allowed,
    decide,
)

# One row a state and role, one column a command, in this order. -: the state doesn't allow it;
# no: a gate is shut for this person.
COMMANDS = (
    "edit",
    "submit",
    "propose",
    "assess",
    "approve",
    "withdraw",
    "retire",
    "roll_back",
    "return",
)
TABLE = """
draft      author   draft   validated  -        -         -         -          -        -         -
draft      another  no      no         -        -         -         -          -        -         -
validated  author   -       -          no       assessed  -         withdrawn  -        -         -
validated  another  -       -          no       assessed  -         withdrawn  -        -         -
assessed   author   -       -          no       assessed  no        withdrawn  -        -         -
assessed   another  -       -          no       assessed  approved  withdrawn  -        -         -
approved   author   -       -          -        -         -         no         retired  approved  approved
approved   another  -       -          -        -         -         no         retired  approved  approved
withdrawn  author   -       -          -        -         -         -          -        -         -
withdrawn  another  -       -          -        -         -         -          -        -         -
retired    author   -       -          -        -         -         -          -        retired   no
retired    another  -       -          -        -         -         -          -        retired   no
"""  # noqa: E501  # a table
ROWS = [line.split() for line in TABLE.strip().splitlines()]
CASES = [
    (state, role, command, after)
    for state, role, *cells in ROWS
    for command, after in zip(COMMANDS, cells, strict=True)
]
SHUT = (
    NotYoursError,
    AlreadyProposedError,
    SamePersonError,
    HasBegunError,
    RulesRetiredError,
)
PEOPLE = {"author": "p-author", "another": "p-another"}
# A version that has come into force once, and was followed by another.
MEETING = Meeting("p-author", "p-author", has_begun=True, was_in_force=True)


def meeting(state: str, role: str) -> Meeting:
    begun = state in {"approved", "retired"}
    retired = state == "retired"
    return replace(MEETING, person_id=PEOPLE[role], has_begun=begun, rules_retired=retired)


@pytest.mark.parametrize(("state", "role", "command", "after"), CASES)
def test_a_command_leads_where_the_table_says(
    state: str, role: str, command: str, after: str
) -> None:
    met = meeting(state, role)
    if after == "-":
        with pytest.raises(IllegalTransitionError) as refused:
            decide(State(state), Command(command), met)
        assert refused.value.facts["allowed"] == allowed(State(state), met)
    elif after == "no":
        with pytest.raises(SHUT):
            decide(State(state), Command(command), met)
    else:
        assert decide(State(state), Command(command), met) == after
    assert (Command(command) in allowed(State(state), met)) == (after not in {"-", "no"})


def test_the_table_has_every_state_and_every_command() -> None:
    assert {row[0] for row in ROWS} == set(State)
    assert set(COMMANDS) == set(Command)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("command", Command)
def test_a_machine_moves_nothing(state: State, command: Command) -> None:
    machine = replace(MEETING, person_id=None)
    with pytest.raises(PersonRequiredError):
        decide(state, command, machine)
    assert allowed(state, machine) == []


@pytest.mark.parametrize(
    ("state", "command", "changes", "error"),
    [
        ("draft", "submit", {"person_id": "p-another"}, NotYoursError),
        ("validated", "propose", {}, AlreadyProposedError),
        ("validated", "propose", {"author_person_id": None}, None),
        ("assessed", "approve", {"author_person_id": None}, NotProposedError),
        ("assessed", "approve", {}, SamePersonError),
        ("assessed", "approve", {"person_id": "p-1", "another_waits": True}, AnotherWaitsError),
        ("approved", "withdraw", {"has_begun": False}, None),
        ("approved", "withdraw", {"has_begun": True}, HasBegunError),
        ("approved", "retire", {"has_begun": False}, NotBegunError),
        ("approved", "retire", {"in_force": True}, None),
        ("approved", "roll_back", {"in_force": True}, InForceAlreadyError),
        ("approved", "return", {"in_force": True}, InForceAlreadyError),
        ("approved", "return", {"was_in_force": False}, NotBegunError),
        ("approved", "roll_back", {"was_in_force": False}, NotBegunError),
        ("approved", "return", {"rules_retired": True}, RulesRetiredError),
        ("retired", "roll_back", {"rules_retired": True}, None),
        ("approved", "return", {"by_two": False}, NotByTwoError),
        ("approved", "roll_back", {"by_two": False}, None),
    ],
)
def test_a_gate_says_why_it_is_shut(
    state: str, command: str, changes: dict[str, object], error: type[Exception] | None
) -> None:
    met = replace(MEETING, **changes)  # type: ignore[arg-type]  # a row of the table
    if error is None:
        decide(State(state), Command(command), met)
    else:
        with pytest.raises(error):
            decide(State(state), Command(command), met)
