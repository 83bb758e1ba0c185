"""The scrutiny report: the line of each referral, and what a year without records says."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.referrals.domain.codes import Ethnicity, Sex
from services.referrals.domain.commands import SignpostDestination
from services.referrals.domain.financial_year import financial_year
from services.referrals.domain.referral import ReferralType
from services.referrals.domain.scrutiny import (
    DIMENSIONS,
    CountedReferral,
    CountedType,
    PublishedFigure,
    count,
    figures,
)
from services.referrals.domain.transitions import ReferralStatus

YEAR = financial_year("2020-21")
DAY = date(2020, 6, 1)
REFERRAL = CountedReferral(ReferralType.CSE, DAY, ReferralStatus.RECEIVED)
PUBLISHED = PublishedFigure(139, "A report")


def line(dimension: str, **facts: Any) -> str | None:
    """The only line in which a referral with these facts is counted."""
    counts = count([replace(REFERRAL, **facts)])
    (found,) = [code for code, number in counts.tables[dimension].items() if number]
    assert counts.tables[dimension][found] == counts.total == 1
    return found


@pytest.mark.parametrize(
    ("born_on", "band"),
    [
        ("2020-06-02", "unborn"),
        ("2020-06-01", "under_10"),
        ("2010-06-02", "under_10"),
        ("2010-06-01", "10-13"),
        ("2006-06-02", "10-13"),
        ("2006-06-01", "14-16"),
        ("2003-06-02", "14-16"),
        ("2003-06-01", "17-19"),
        ("2000-06-02", "17-19"),
        ("2000-06-01", "20-21"),
        ("1998-06-02", "20-21"),
        ("1998-06-01", "22_and_over"),
        ("1990-01-01", "22_and_over"),
        (None, "unknown"),
    ],
)
def test_the_age_band_is_that_of_the_day_of_the_referral(born_on: str | None, band: str) -> None:
    born = None if born_on is None else date.fromisoformat(born_on)
    assert line("age_band", born_on=born) == band


def test_a_child_who_is_only_expected_is_not_born_yet() -> None:
    assert line("age_band", expected_on=date(2020, 9, 1)) == "unborn"


def test_a_birthday_on_29_february_counts_from_1_march() -> None:
    born = date(2004, 2, 29)
    assert line("age_band", born_on=born, received_on=date(2021, 2, 28)) == "14-16"
    assert line("age_band", born_on=born, received_on=date(2021, 3, 1)) == "17-19"


@pytest.mark.parametrize(
    ("status", "to", "found"),
    [
        ("received", None, "not_decided"),
        ("in_triage", None, "not_decided"),
        ("accepted", None, "accepted"),
        ("allocated", None, "allocated"),
        ("signposted", "cyt", "signposted_cyt"),
        ("signposted", "other", "signposted_other"),
        ("no_further_action", None, "no_further_action"),
        ("withdrawn", None, "withdrawn"),
        ("awaiting_information", None, "not_decided"),
        ("escalated", None, "escalated"),
        ("duplicate", None, "duplicate"),
    ],
)
def test_the_outcome_is_what_the_referral_came_to(status: str, to: str | None, found: str) -> None:
    signposted = None if to is None else SignpostDestination(to)
    assert line("outcome", status=ReferralStatus(status), signposted_to=signposted) == found


@pytest.mark.parametrize(
    ("dimension", "facts", "found"),
    [
        ("sex", {"sex": Sex.FEMALE}, "F"),
        ("sex", {"sex": Sex.UNKNOWN}, "U"),
        ("sex", {}, None),
        ("ethnicity", {"ethnicity": Ethnicity.WHITE_BRITISH}, "WBRI"),
        ("ethnicity", {"ethnicity": Ethnicity.NOT_YET_OBTAINED}, "NOBT"),
        ("ethnicity", {}, None),
        ("looked_after", {"looked_after": True}, "yes"),
        ("looked_after", {"looked_after": False}, "no"),
        ("looked_after", {}, None),
    ],
)
def test_what_the_source_does_not_state_is_a_line_of_its_own(
    dimension: str, facts: dict[str, Any], found: str | None
) -> None:
    assert line(dimension, **facts) == found


def test_every_status_and_every_code_has_a_line() -> None:
    many = [replace(REFERRAL, sex=sex) for sex in Sex]
    many += [replace(REFERRAL, ethnicity=ethnicity) for ethnicity in Ethnicity]
    many += [
        replace(REFERRAL, status=status, signposted_to=SignpostDestination.CYT)
        for status in ReferralStatus
    ]
    counts = count(many)
    for dimension in DIMENSIONS:
        assert counts.tables[dimension.name].keys() == dimension.lines.keys()
        assert sum(counts.tables[dimension.name].values()) == counts.total == len(many)


TYPES = [ReferralType.CSE] * 2 + [ReferralType.CCE] * 3 + [ReferralType.BOTH] * 4


@pytest.mark.parametrize(("wanted", "total"), [("cse", 2), ("cce", 3), ("both", 4), ("all", 9)])
def test_a_type_counts_exactly_its_own(wanted: str, total: int) -> None:
    referrals = [replace(REFERRAL, type=each) for each in TYPES]
    found = figures(YEAR, CountedType(wanted), referrals, None).counts
    assert found is not None
    assert found.total == total


@pytest.mark.parametrize(
    ("day", "counted"),
    [("2020-03-31", 0), ("2020-04-01", 1), ("2021-03-31", 1), ("2021-04-01", 0)],
)
def test_a_referral_counts_in_the_year_of_the_day_it_was_received(day: str, counted: int) -> None:
    referrals = [REFERRAL, replace(REFERRAL, received_on=date.fromisoformat(day))]
    found = figures(YEAR, CountedType.CSE, referrals, None).counts
    assert found is not None
    assert found.total == 1 + counted


@pytest.mark.parametrize(
    ("types", "published", "total"),
    [
        # Nothing was recorded: nothing is known, so nothing is zero.
        ([], None, None),
        ([], PUBLISHED, None),
        # Something was: none of this type is a true zero, unless a figure says otherwise.
        (["cce"], None, 0),
        (["cce"], PUBLISHED, None),
        # What is counted here stands; the published figure stands beside it.
        (["cse"], None, 1),
        (["cse"], PUBLISHED, 1),
    ],
)
def test_a_year_without_records_has_no_counts(
    types: list[str], published: PublishedFigure | None, total: int | None
) -> None:
    referrals = [replace(REFERRAL, type=ReferralType(each)) for each in types]
    found = figures(YEAR, CountedType.CSE, referrals, published)
    assert (None if found.counts is None else found.counts.total) == total
    assert found.published == published
