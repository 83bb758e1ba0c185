"""Fresh or silent, and which numbers are missing: the rules alone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.scoring.domain.feeds import (
    Range,
    State,
    Turn,
    gaps,
    merged,
    stale_agencies,
    state_at,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAYS_3 = timedelta(days=3)


@pytest.mark.parametrize(
    ("silent_for", "state"),
    [
        (timedelta(0), State.FRESH),
        (DAYS_3 - timedelta(microseconds=1), State.FRESH),
        (DAYS_3, State.SILENT),
        (timedelta(days=400), State.SILENT),
    ],
)
def test_a_source_is_silent_from_the_configured_time_on(
    silent_for: timedelta, state: State
) -> None:
    assert state_at(NOON - silent_for, DAYS_3, NOON) == state


def test_a_source_that_was_never_heard_is_silent() -> None:
    assert state_at(None, DAYS_3, NOON) == State.SILENT


def turn(source: str, state: State, day: int, position: int, agency: str = "police") -> Turn:
    return Turn(source, agency, state, date(2026, 6, day), position)


TURNS = (
    turn("a", State.FRESH, 1, 1),
    turn("b", State.FRESH, 2, 2),
    turn("a", State.SILENT, 10, 3),
    turn("a", State.FRESH, 20, 4),
    turn("c", State.FRESH, 5, 5, agency="health"),
)


@pytest.mark.parametrize(
    ("day", "position", "leaning", "stale"),
    [
        (1, None, (), ()),
        (9, None, (), ()),
        (10, None, (), ("police",)),
        (19, None, (), ("police",)),
        (20, None, (), ()),
        # As known then: the silence was decided with entry 3, the recovery with entry 4.
        (12, 2, (), ()),
        (21, 3, (), ("police",)),
        # A model that takes silence for a no leans on agencies that may never have been heard.
        (4, None, ("health",), ("health",)),
        (5, None, ("health",), ()),
        (5, 4, ("health",), ("health",)),
        (5, None, ("education", "police"), ("education",)),
        (31 - 1, None, (), ()),
    ],
)
def test_an_agency_is_fresh_only_while_all_its_sources_are(
    day: int, position: int | None, leaning: tuple[str, ...], stale: tuple[str, ...]
) -> None:
    found = stale_agencies(TURNS, leaning, date(2026, 6, day), position)
    assert found == frozenset(stale)


def test_of_two_turns_on_one_day_the_later_known_stands() -> None:
    turns = (turn("a", State.SILENT, 3, 1), turn("a", State.FRESH, 3, 2))
    assert stale_agencies(turns, (), date(2026, 6, 3), None) == frozenset()
    assert stale_agencies(turns, (), date(2026, 6, 3), 1) == frozenset({"police"})


def ranges(*ends: tuple[int, int]) -> list[Range]:
    return [Range(*each) for each in ends]


@pytest.mark.parametrize(
    ("given", "as_few"),
    [
        ([], []),
        ([(1, 1), (2, 2), (3, 3)], [(1, 3)]),
        ([(5, 6), (1, 2)], [(1, 2), (5, 6)]),
        ([(1, 9), (3, 4), (10, 10)], [(1, 10)]),
        ([(1, 2), (4, 5), (3, 3)], [(1, 5)]),
    ],
)
def test_numbers_are_kept_in_as_few_ranges_as_can_be(
    given: list[tuple[int, int]], as_few: list[tuple[int, int]]
) -> None:
    assert merged(ranges(*given)) == ranges(*as_few)


@pytest.mark.parametrize(
    ("received", "announced", "missing"),
    [
        ([], None, []),
        ([(1, 4)], None, []),
        ([(1, 4)], 4, []),
        ([(1, 4)], 3, []),
        ([(1, 4)], 6, [(5, 6)]),
        ([(1, 1), (3, 3), (7, 9)], 10, [(2, 2), (4, 6), (10, 10)]),
        ([], 2, [(1, 2)]),
        ([], 0, []),
        # Numbering starts at 1; a source may number something 0, which is missed by nobody.
        ([(5, 5)], None, [(1, 4)]),
        ([(2, 4)], 5, [(1, 1), (5, 5)]),
        ([(0, 0), (2, 2)], None, [(1, 1)]),
    ],
)
def test_what_was_never_received_is_a_gap(
    received: list[tuple[int, int]], announced: int | None, missing: list[tuple[int, int]]
) -> None:
    assert gaps(ranges(*received), announced) == ranges(*missing)
