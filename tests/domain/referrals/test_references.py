"""What people call a referral, and the slips that are noticed."""

import pytest

from services.referrals.domain.references import reference_of, spelled_reference
from shared.domain.errors import ValueRefusedError


@pytest.mark.parametrize(
    ("year", "serial", "reference"),
    [
        (2026, 1, "CE-2026-000018"),
        (2026, 421, "CE-2026-004214"),
        (2026, 99_999, "CE-2026-999993"),
        # A year with more than five digits count has longer numbers.
        (2026, 100_000, "CE-2026-1000002"),
    ],
)
def test_a_reference_is_the_year_a_number_and_a_check_digit(
    year: int, serial: int, reference: str
) -> None:
    assert reference_of(year, serial) == reference
    assert spelled_reference(f" {reference.lower()} ") == reference


@pytest.mark.parametrize(
    "value",
    [
        "",
        "CE-2026-004213",  # a wrong check digit
        "CE-2062-004214",  # digits that changed places
        "CE-2026-00421",
        "CE 2026 004214",
        "CE-2026-004214-1",
        "XE-2026-004214",
        "CE-2026-00421\u0664",
    ],
)
def test_a_slip_is_noticed(value: str) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        spelled_reference(value)
    assert refused.value.code == "invalid_reference"
