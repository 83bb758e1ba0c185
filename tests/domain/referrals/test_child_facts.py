"""Numbers, names and times of being looked after: what may be said, and where it is kept."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.referrals.domain.child import (
    Child,
    Dates,
    Details,
    Identifier,
    LookedAfterPeriod,
    OtherName,
)
from services.referrals.domain.child_editing import faults as faults_of_details
from services.referrals.domain.child_facts import (
    Fact,
    Key,
    Number,
    faults,
    key_of,
    stated,
    withdrawn,
)
from services.referrals.domain.child_records import Records, merge, unmerge
from services.referrals.domain.codes import LegalStatus, NameKind
from shared.domain.access import AccessFacts
from shared.domain.identifiers import IdentifierType

TODAY = date(2026, 6, 1)
NHS, UPN = (
    Identifier(IdentifierType.NHS_NUMBER, "9990000018"),
    Identifier(IdentifierType.UPN, "H373999919002"),
)
ID = UUID(int=9)


def alone(number: int = 1) -> Records:
    return Records(Child(UUID(int=number), frozenset(), Details(), AccessFacts()))


def period(began: str, ended: str | None = None, period_id: UUID = ID) -> LookedAfterPeriod:
    last = None if ended is None else date.fromisoformat(ended)
    return LookedAfterPeriod(period_id, LegalStatus.SECTION_20, date.fromisoformat(began), last)


def name(given: str | None, dates: Dates | None = None) -> OtherName:
    return OtherName(ID, NameKind.ALSO_KNOWN_AS, given, None, dates or Dates())


OTHER = period("2026-02-01", "2026-03-01", UUID(int=8))
LASTS = period("2026-02-01", None, UUID(int=8))


@pytest.mark.parametrize(
    ("fact", "beside", "codes"),
    [
        (Number(UPN), None, []),
        (Number(UPN, Dates(date(2026, 1, 1), date(2026, 1, 1))), None, []),
        (Number(UPN, Dates(date(2026, 1, 2), date(2026, 1, 1))), None, ["before_it_begins"]),
        (name("Ex"), None, []),
        (name(None), None, ["missing"]),
        (name("Ex", Dates(date(2026, 1, 2), date(2026, 1, 1))), None, ["before_it_begins"]),
        (period("2026-06-01"), None, []),
        (period("2026-06-02"), None, ["in_the_future"]),
        (period("2026-05-01", "2026-06-02"), None, ["in_the_future"]),
        (period("2026-05-02", "2026-05-01"), None, ["before_it_begins"]),
        (period("2026-05-01", "2026-05-01"), None, []),
        # One status gives way to the next on one day.
        (period("2026-01-01", "2026-02-01"), OTHER, []),
        (period("2026-03-01"), OTHER, []),
        (period("2026-01-01", "2026-02-02"), OTHER, ["overlaps"]),
        (period("2026-02-28"), OTHER, ["overlaps"]),
        (period("2026-02-10", "2026-02-20"), OTHER, ["overlaps"]),
        (period("2026-01-01"), OTHER, ["overlaps"]),
        (period("2026-05-01"), LASTS, ["overlaps"]),
        (period("2026-01-01", "2026-02-01"), LASTS, []),
        # Stated anew, a period isn't in its own way.
        (period("2026-02-15", None, UUID(int=8)), OTHER, []),
    ],
)
def test_what_may_be_said_of_a_child(fact: Fact, beside: Fact | None, codes: list[str]) -> None:
    known = alone() if beside is None else stated(alone(), beside)
    assert [each.code for each in faults(fact, known, TODAY)] == codes


BORN, ABOUT = Details(date_of_birth=date(2012, 5, 1)), Details(None, None, date(2012, 5, 1), True)


@pytest.mark.parametrize(
    ("details", "began", "codes"),
    [
        (BORN, "2012-04-30", ["before_birth"]),
        (BORN, "2012-05-01", []),
        (BORN, "2012-05-02", []),
        (ABOUT, "2012-04-30", []),
        (Details(), "2012-04-30", []),
    ],
)
def test_a_child_is_not_looked_after_before_birth(
    details: Details, began: str, codes: list[str]
) -> None:
    known = Records(replace(alone().survivor, details=details))
    assert [each.code for each in faults(period(began), known, TODAY)] == codes


@pytest.mark.parametrize(
    ("born", "codes"),
    [
        (replace(BORN, date_of_birth=date(2026, 1, 31)), []),
        (replace(BORN, date_of_birth=date(2026, 2, 1)), []),
        (replace(BORN, date_of_birth=date(2026, 2, 2)), ["after_looked_after"]),
        (replace(ABOUT, date_of_birth=date(2026, 2, 2)), []),
        (Details(), []),
    ],
)
def test_a_date_of_birth_is_not_moved_behind_a_time_of_being_looked_after(
    born: Details, codes: list[str]
) -> None:
    known = stated(Records(replace(alone().survivor, details=BORN)), OTHER)
    assert [each.code for each in faults_of_details(born, known, TODAY)] == codes
    # What stands there already holds nothing else up.
    wrong = Records(replace(known.survivor, details=born))
    assert list(faults_of_details(replace(born, given_name="Ex"), wrong, TODAY)) == []


# After a merge: both last, and began in February and on 15 March.
BOTH_LAST = merge(stated(alone(1), LASTS), stated(alone(2), period("2026-03-15")))


@pytest.mark.parametrize(
    ("anew", "codes"),
    [
        (period("2026-03-15", "2026-05-01"), []),
        (period("2026-03-20"), []),
        (period("2026-02-01", "2026-05-01", UUID(int=8)), []),
        (period("2026-02-01", "2026-03-15", UUID(int=8)), []),
        # Not one day more of it than there was.
        (period("2026-03-14"), ["overlaps"]),
        (period("2026-01-31", "2026-05-01", UUID(int=8)), ["overlaps"]),
        (period("2026-04-01", None, UUID(int=7)), ["overlaps"]),
    ],
)
def test_of_two_periods_that_overlap_since_a_merge_each_can_be_ended(
    anew: Fact, codes: list[str]
) -> None:
    assert [each.code for each in faults(anew, BOTH_LAST, TODAY)] == codes


@pytest.mark.parametrize(
    ("day", "held"),
    [("2026-01-31", False), ("2026-02-01", True), ("2026-03-01", True), ("2026-03-02", False)],
)
def test_a_child_was_looked_after_from_the_first_to_the_last_day(day: str, held: bool) -> None:
    assert stated(alone(), OTHER).looked_after_on(date.fromisoformat(day)) is held
    assert alone().looked_after_on(date.fromisoformat(day)) is None


@pytest.mark.parametrize(
    ("said", "now"),
    [
        ([], None),
        ([OTHER], False),
        ([LASTS], True),
        ([OTHER, period("2026-03-01")], True),
    ],
)
def test_a_child_is_looked_after_while_a_period_lasts_and_nobody_knows_without_any(
    said: list[Fact], now: bool | None
) -> None:
    known = alone()
    for each in said:
        known = stated(known, each)
    assert known.looked_after is now


def test_a_fact_is_stated_anew_or_withdrawn_of_the_record_it_was_said_of() -> None:
    dated = Number(NHS, Dates(date(2026, 1, 1)))
    old = stated(stated(stated(alone(1), dated), name("Old")), OTHER)
    whole = merge(old, alone(2))
    assert whole.identifiers == {NHS}
    assert whole.identifier_dates == {NHS: dated.dates}
    whole = stated(whole, Number(NHS))
    whole = stated(whole, name("New"))
    whole = stated(whole, Number(UPN))
    whole = withdrawn(whole, key_of(OTHER))
    assert whole.identifier_dates == {}
    assert [each.given_name for each in whole.names] == ["New"]
    parted, left = unmerge(whole, UUID(int=1))
    assert parted.identifiers == {NHS}
    assert left.identifiers == {UPN}
    assert (len(parted.names), len(left.names)) == (1, 0)
    assert parted.looked_after_periods == ()
    period = key_of(OTHER).value
    assert withdrawn(old, Key(OtherName, period)) == old, "a period is no name"
    assert withdrawn(left, Key(OtherName, UUID(int=77))) == left
