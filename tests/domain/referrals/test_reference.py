"""Code lists: what counted when, and what is lost between two of them."""

from datetime import date

import pytest

from services.referrals.domain.codes import Ethnicity, ReferralSource
from services.referrals.domain.reference.lists import Code, Valid, codes_at, validity
from services.referrals.domain.reference.tables import LISTS


def code(name: str, wanted: str) -> Code:
    return next(each for each in LISTS[name].codes if each.code == wanted)


@pytest.mark.parametrize(
    ("wanted", "day", "valid"),
    [
        ("18A", date(2024, 3, 31), Valid.NOT_KNOWN),
        ("18A", date(2024, 4, 1), Valid.NO),
        ("19A", date(2026, 1, 1), Valid.NO),
        ("18B", date(2024, 3, 31), Valid.NOT_KNOWN),
        ("18B", date(2024, 4, 1), Valid.YES),
        ("24A", date(2026, 1, 1), Valid.YES),
    ],
)
def test_a_code_counts_from_a_day_to_a_day(wanted: str, day: date, valid: Valid) -> None:
    assert validity(code("assessment-factors", wanted), day) == valid


def test_a_retired_code_is_kept_and_left_out_of_a_later_day() -> None:
    factors = LISTS["assessment-factors"]
    at_all = {each.code for each, _ in codes_at(factors, None)}
    now = {each.code for each, _ in codes_at(factors, date(2026, 6, 1))}
    assert at_all - now == {"18A", "19A"}


def test_every_list_names_each_code_once_and_its_mapping_leads_somewhere() -> None:
    for each in LISTS.values():
        codes = [code.code for code in each.codes]
        assert len(codes) == len(set(codes)), each.name
        targets = {code.maps_to for code in each.codes} - {None}
        known = {code.code for code in LISTS[each.maps_to].codes} if each.maps_to else set()
        assert targets <= known


def test_the_lists_have_the_codes_that_referrals_take() -> None:
    assert {each.code for each in LISTS["ethnicity"].codes} == set(Ethnicity)
    assert {each.code for each in LISTS["referral-sources"].codes} == set(ReferralSource)


def test_what_the_police_codes_can_not_tell_is_marked() -> None:
    police = LISTS["police-ethnicity"]
    assert len(police.codes) == 17
    reached = {each.maps_to for each in police.codes}
    assert set(Ethnicity) - reached == {"WIRT", "WROM", "REFU", "NOBT"}
    assert {each.code for each in police.codes if each.loss} == {"W1", "W2", "W9", "NS"}
    assert code("police-ethnicity", "NS").maps_to is None
