"""The days of a record: what took place has passed, what is to come lies ahead."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.referrals.domain.cases.recording import faults, is_to_be_done

# Half past midnight on 2 June in London.
NOW = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("on", "content", "found"),
    [
        ("2026-06-01", {}, []),
        ("2026-06-02", {}, []),
        ("2026-06-03", {}, [("/on", "in_the_future")]),
        ("2026-06-02", {"at": None}, []),
        ("2026-06-02", {"at": "2026-06-01T23:00:00Z"}, []),
        ("2026-06-02", {"at": "2026-06-02T00:00:00+01:00"}, []),
        ("2026-06-02", {"at": "2026-06-01T23:31:00Z"}, [("/at", "in_the_future")]),
        ("2026-06-02", {"at": "2026-06-01T22:59:00Z"}, [("/at", "another_day")]),
        ("2026-06-01", {"at": "2026-06-01T23:00:00Z"}, [("/at", "another_day")]),
        ("2026-06-01", {"review_on": "2026-06-01"}, []),
        ("2026-06-01", {"review_on": "2026-05-31"}, [("/review_on", "before_on")]),
        ("2026-06-01", {"due_on": "2026-05-31"}, [("/due_on", "before_on")]),
        ("2026-06-01", {"next_review_on": "2026-05-31"}, [("/next_review_on", "before_on")]),
        ("2026-06-01", {"follow_up_on": "2026-05-31"}, [("/follow_up_on", "before_on")]),
        ("2026-06-01", {"next_review_on": None, "follow_up_on": "2026-06-02"}, []),
    ],
)
def test_what_took_place_has_passed_and_what_is_to_come_lies_ahead(
    on: str, content: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    told = faults(date.fromisoformat(on), content, NOW)
    assert [(each.pointer, each.code) for each in told] == found


@pytest.mark.parametrize(
    ("content", "withdrawn", "still"),
    [
        ({"state": "open"}, False, True),
        ({"state": "open"}, True, False),
        ({"state": "done"}, False, False),
        ({"state": "not_needed"}, False, False),
        ({"kind": "walk"}, False, False),
    ],
)
def test_an_open_action_is_still_to_be_done(
    content: dict[str, Any], withdrawn: bool, still: bool
) -> None:
    assert is_to_be_done(content, withdrawn=withdrawn) is still
