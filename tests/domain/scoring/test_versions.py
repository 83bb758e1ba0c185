"""Which version of the weights is in force: a table of days and moments."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.scoring.domain.versions import Version, in_force, in_force_from

JUNE = Version(
    model="m",
    version="1.0",
    document_hash="a" * 64,
    rules_hash="b" * 64,
    effective_from=date(2026, 6, 1),
    state="approved",
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
        ({"state": "validated", "approved_at": None}, None),
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
    draft = replace(JUNE, version="3.0", state="validated", approved_at=None)
    found = in_force([draft, july, JUNE], on)
    assert (found and found.version) == version
