"""Numbers of other systems and our own: right and wrong check digits."""

import pytest

from shared.domain.check_digits import check_digit, is_nhs_number, is_upn


@pytest.mark.parametrize("value", ["9434765919", "9990000018"])
def test_a_right_nhs_number_is_taken(value: str) -> None:
    assert is_nhs_number(value)


@pytest.mark.parametrize(
    "value",
    ["9434765918", "943476591", "94347659190", "943 476 5919", "943476591O", "", "٩٤٣٤٧٦٥٩١٩"],
)
def test_a_wrong_nhs_number_is_refused(value: str) -> None:
    assert not is_nhs_number(value)


def test_a_stem_whose_check_would_be_10_has_no_nhs_number() -> None:
    assert not any(is_nhs_number(f"999000000{last}") for last in range(10))


@pytest.mark.parametrize("value", ["H373999919002", "H37399991900A"])
def test_a_right_upn_is_taken(value: str) -> None:
    assert is_upn(value)


@pytest.mark.parametrize(
    "value", ["A373999919002", "H37399991900", "h373999919002", "I373999919002"]
)
def test_a_wrong_upn_is_refused(value: str) -> None:
    assert not is_upn(value)


@pytest.mark.parametrize(
    ("digits", "check"),
    [
        ("0794", "5"),  # the example of ISO/IEC 7064
        ("202600001", "8"),
        ("202600421", "4"),
    ],
)
def test_a_number_of_ours_has_the_check_digit_of_iso_7064(digits: str, check: str) -> None:
    assert check_digit(digits) == check


def test_every_wrong_digit_is_found_by_it() -> None:
    right = "202600421"
    for place in range(len(right)):
        for other in "0123456789".replace(right[place], ""):
            wrong = right[:place] + other + right[place + 1 :]
            assert check_digit(wrong) != check_digit(right)
