"""Which version of the weights is in force: a table of days and moments."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.scoring.domain.lifecycle import State
from services.scoring.domain.versions import (
    Version,
    as_known,
    in_force,
    in_force_from,
    was_in_force,
)

JUNE = Version(
    model="m",
    version="1.0",
    document_hash="a" * 64,
    rules_hash="b" * 64,
    effective_from=date(2026, 6, 1),
    state=State.APPROVED,
    author_person_id="p-1",
    approver_person_id="p-2",
    approved_at=datetime(2026, 5, 20, 12, 0, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("changes", "first_day"),
    [
        ({}, date(2026, 6, 1)),
        ({"approved_at": datetime(2026, 6, 5, 12, 0, tzinfo=UTC)}, date(2026, 6, 5)),
        # In summer London is ahead: half past eleven in the evening UTC is the next day there.
        ({"approved_at": datetime(2026, 6, 5, 23, 30, tzinfo=UTC)}, date(2026, 6, 6)),
        ({"approved_at": datetime(2026, 12, 5, 23, 30, tzinfo=UTC)}, date(2026, 12, 5)),
        ({"imported_in_force_from": date(2020, 8, 1)}, date(2020, 8, 1)),
        ({"state": State.VALIDATED, "approved_at": None}, None),
    ],
)
def test_a_version_counts_from_the_later_of_its_date_and_its_approval(
    changes: dict[str, object], first_day: date | None
) -> None:
    assert in_force_from(replace(JUNE, **changes)) == first_day  # type: ignore[arg-type]  # a row of the table


@pytest.mark.parametrize(
    ("on", "version"),
    [
        (date(2026, 5, 31), None),
        (date(2026, 6, 1), "1.0"),
        (date(2026, 6, 30), "1.0"),
        (date(2026, 7, 1), "2.0"),
    ],
)
def test_the_version_that_came_into_force_last_by_then_counts(
    on: date, version: str | None
) -> None:
    july = replace(JUNE, version="2.0", effective_from=date(2026, 7, 1))
    draft = replace(JUNE, version="3.0", state=State.VALIDATED, approved_at=None)
    found = in_force([draft, july, JUNE], on)
    assert (found and found.version) == version


@pytest.mark.parametrize(
    ("changes", "today", "was"),
    [
        ({}, date(2026, 5, 31), False),
        ({}, date(2026, 6, 1), True),
        ({"state": State.WITHDRAWN}, date(2026, 6, 1), False),
        ({"state": State.RETIRED}, date(2026, 6, 2), True),
        # Another, approved after it, took its first day.
        ({"approved_at": datetime(2026, 5, 19, 12, 0, tzinfo=UTC)}, date(2026, 7, 1), False),
        # It counted for some hours, until another was approved.
        (
            {
                "effective_from": date(2026, 5, 1),
                "approved_at": datetime(2026, 5, 20, 9, 0, tzinfo=UTC),
            },
            date(2026, 5, 20),
            True,
        ),
    ],
)
def test_a_version_was_in_force_if_its_rules_ever_counted(
    changes: dict[str, object], today: date, was: bool
) -> None:
    other = replace(JUNE, version="1.1")
    version = replace(JUNE, **changes)  # type: ignore[arg-type]  # a row of the table
    assert was_in_force([other], version, today) is was


RETIRED = replace(
    JUNE,
    state=State.RETIRED,
    ended_at=datetime(2026, 8, 31, 23, 30, tzinfo=UTC),  # in London it is September
    ended_by_person_id="p-2",
    end_reason="for a table of days",
    ended_affected=0,
)


@pytest.mark.parametrize(
    ("on", "version"),
    [
        (date(2026, 6, 30), "1.0"),
        (date(2026, 8, 31), "1.0"),
        (date(2026, 9, 1), None),
        (date(2026, 9, 30), None),
        (date(2026, 10, 1), "3.0"),
    ],
)
def test_a_retired_version_leaves_none_in_force_until_another_comes(
    on: date, version: str | None
) -> None:
    may = replace(JUNE, version="0.9", effective_from=date(2026, 5, 1))
    october = replace(JUNE, version="3.0", effective_from=date(2026, 10, 1))
    found = in_force([may, RETIRED, october], on)
    assert (found and found.version) == version


def test_to_retire_a_version_that_another_followed_changes_nothing() -> None:
    july = replace(JUNE, version="2.0", effective_from=date(2026, 7, 1))
    found = in_force([RETIRED, july], date(2026, 9, 1))
    assert found is july


def test_a_withdrawn_version_never_counts() -> None:
    withdrawn = replace(RETIRED, state=State.WITHDRAWN)
    assert in_force([withdrawn], date(2026, 7, 1)) is None


@pytest.mark.parametrize(
    ("known_at", "state"),
    [
        (datetime(2026, 5, 20, 11, 59, tzinfo=UTC), State.VALIDATED),
        (datetime(2026, 5, 20, 12, 0, tzinfo=UTC), State.APPROVED),
        (datetime(2026, 8, 31, 23, 29, tzinfo=UTC), State.APPROVED),
        (datetime(2026, 8, 31, 23, 30, tzinfo=UTC), State.RETIRED),
    ],
)
@pytest.mark.parametrize("end", [State.RETIRED, State.WITHDRAWN])
def test_a_version_is_asked_about_as_it_was_known(
    known_at: datetime, state: State, end: State
) -> None:
    known = as_known(replace(RETIRED, state=end), known_at).state
    assert known == (end if state is State.RETIRED else state)
