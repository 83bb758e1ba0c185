"""Who may be the child that somebody looks for, and why."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.referrals.domain.child import Identifier
from services.referrals.domain.child_names import keys_of, plain, sound
from services.referrals.domain.child_search import (
    Candidate,
    Compared,
    FullName,
    MatchReason,
    Sought,
    candidates,
    faults,
    weighed,
)
from services.referrals.domain.codes import Sex
from shared.domain.identifiers import IdentifierType

BORN = date(2012, 3, 4)
ONE, OTHER = UUID(int=1), UUID(int=2)
URN = Identifier(IdentifierType.POLICE_URN, "14/1")
R = MatchReason


def record(
    given: str | None = "Example",
    family: str | None = "Child",
    born: date | None = BORN,
    *,
    child_id: UUID = ONE,
    estimated: bool = False,
    sex: Sex | None = None,
    found: bool = False,
) -> Compared:
    return Compared(child_id, [FullName(given, family)], born, estimated, sex, found)


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Zoë", "zoe"),
        ("O'Sample", "osample"),
        ("Sample-Example", "sample example"),
        ("  Van  der Example ", "van der example"),
        ("Łukasz", "łukasz"),
        ("42", ""),
    ],
)
def test_a_name_is_compared_without_accents_capitals_and_marks(name: str, spelled: str) -> None:
    assert plain(name) == spelled


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("katherine", "catherine"),
        ("mohammed", "muhamad"),
        ("philip", "filip"),
        ("aisha", "aesha"),
        ("stephen", "steven"),
        ("smith", "smyth"),
    ],
)
def test_names_that_sound_alike_have_one_key(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_names_that_sound_unlike_have_two_keys_and_no_name_has_none() -> None:
    assert len({sound(each) for each in ("example", "sample", "child", "lee", "жанна")}) == 5
    assert keys_of([None, "", "-"]) == frozenset()


@pytest.mark.parametrize(
    ("sought", "known", "score", "reasons"),
    [
        (Sought(identifiers=frozenset({URN})), record(found=True), 100, (R.IDENTIFIER_SAME,)),
        (
            Sought(frozenset(), "Example", "Child", BORN),
            record(),
            90,
            (R.FAMILY_NAME_SAME, R.GIVEN_NAME_SAME, R.DATE_OF_BIRTH_SAME),
        ),
        (
            Sought(frozenset(), "EXAMPLE", "chîld", None),
            record(),
            50,
            (R.FAMILY_NAME_SAME, R.GIVEN_NAME_SAME),
        ),
        (
            Sought(frozenset(), "Exampel", "Childe", None),
            record(),
            35,
            (R.FAMILY_NAME_SIMILAR, R.GIVEN_NAME_SIMILAR),
        ),
        (Sought(frozenset(), "Child", "Example", None), record(), 40, (R.NAMES_SWAPPED,)),
        (
            Sought(frozenset(), None, "Child", date(2012, 4, 3)),
            record(),
            60,
            (R.FAMILY_NAME_SAME, R.DAY_AND_MONTH_SWAPPED),
        ),
        (
            Sought(frozenset(), None, "Child", date(2011, 3, 4)),
            record(),
            50,
            (R.FAMILY_NAME_SAME, R.DATE_OF_BIRTH_ONE_PART_DIFFERS),
        ),
        (
            Sought(frozenset(), None, "Child", date(2011, 9, 30)),
            record(estimated=True),
            50,
            (R.FAMILY_NAME_SAME, R.DATE_OF_BIRTH_NEAR_ESTIMATE),
        ),
        (
            Sought(frozenset(), None, "Child", date(2011, 9, 30)),
            record(),
            5,
            (R.FAMILY_NAME_SAME, R.DATE_OF_BIRTH_DIFFERS),
        ),
        (
            Sought(frozenset(), "Example", "Child", None, Sex.MALE),
            record(sex=Sex.FEMALE),
            40,
            (R.FAMILY_NAME_SAME, R.GIVEN_NAME_SAME, R.SEX_DIFFERS),
        ),
        # What isn't known speaks neither for nor against.
        (
            Sought(frozenset(), "Example", "Child", BORN, Sex.MALE),
            record(born=None, sex=Sex.UNKNOWN),
            50,
            (R.FAMILY_NAME_SAME, R.GIVEN_NAME_SAME),
        ),
        (
            Sought(frozenset(), "Else", None, date(1999, 1, 1)),
            record(),
            0,
            (R.DATE_OF_BIRTH_DIFFERS,),
        ),
    ],
)
def test_how_well_a_child_answers_and_why(
    sought: Sought, known: Compared, score: int, reasons: tuple[MatchReason, ...]
) -> None:
    assert weighed(sought, known) == Candidate(ONE, score, reasons)


def test_of_several_names_the_best_counts() -> None:
    names = [FullName("Else", "Body"), FullName("Example", "Child")]
    both = Compared(ONE, names, None, date_of_birth_estimated=False, sex=None)
    assert weighed(Sought(frozenset(), "Example", "Child"), both).score == 50


def test_each_child_is_a_candidate_once_and_the_likeliest_comes_first() -> None:
    found = candidates(
        Sought(frozenset(), "Example", "Child", BORN),
        [
            record("Example", None, None),
            record("Example", "Child", None),
            record(child_id=OTHER),
            record("Else", "Body", None, child_id=UUID(int=3)),
        ],
    )
    assert [(each.child_id, each.score) for each in found] == [(OTHER, 90), (ONE, 50)]


@pytest.mark.parametrize("born", [BORN, date(2012, 2, 29), date(2011, 12, 31), date(2012, 1, 13)])
def test_the_days_near_a_date_of_birth_are_those_that_dont_speak_against_a_child(
    born: date,
) -> None:
    sought = Sought(frozenset(), None, "Child", born)
    year = [born + timedelta(days=days) for days in range(-366, 367)]
    against = {
        day for day in year if R.DATE_OF_BIRTH_DIFFERS in weighed(sought, record(born=day)).reasons
    }
    assert set(sought.near_births) == set(year) - against
    assert Sought(frozenset(), "Example", "Child").near_births == []


def test_who_shares_one_word_and_was_born_on_no_such_day_is_no_candidate() -> None:
    """So nobody else has to be compared."""
    sought = Sought(frozenset(), "Exampl", "Child", BORN)
    for known in (
        record("Exampel", "Child"),
        record("Exampl", "Childs"),
        record("Child", "Exampl"),
    ):
        far = replace(known, date_of_birth=date(2012, 4, 5))
        assert candidates(sought, [far]) == []


@pytest.mark.parametrize(
    ("given", "family", "born", "is_one"),
    [
        ("Sampel", "Sample", None, True),
        ("Sample", "Sample", None, True),
        ("Else", "Sample", None, False),
        ("Sample", "Body", None, False),
        ("Else", "Sample", BORN, True),
    ],
)
def test_of_two_names_that_sound_alike_both_answer_or_one_and_the_date_of_birth(
    given: str, family: str, born: date | None, is_one: bool
) -> None:
    """One name alone makes nobody a candidate: nobody leafs through a family name by giving it
    twice."""
    sought = Sought(frozenset(), "Sample", "Sample", BORN)
    assert bool(candidates(sought, [record(given, family, born)])) is is_one


@pytest.mark.parametrize(
    ("sought", "enough"),
    [
        (Sought(), False),
        (Sought(given_name="Example"), False),
        (Sought(family_name="Child", sex=Sex.MALE), False),
        (Sought(date_of_birth=BORN), False),
        # No word, nothing known.
        (Sought(given_name="-", family_name="Child"), False),
        (Sought(given_name="??", date_of_birth=BORN), False),
        (Sought(given_name="Example", family_name="Child"), True),
        (Sought(family_name="Child", date_of_birth=BORN), True),
        (Sought(given_name="Example", date_of_birth=BORN), True),
        (Sought(identifiers=frozenset({URN})), True),
    ],
)
def test_a_search_needs_a_number_or_two_things_known(sought: Sought, enough: bool) -> None:
    assert [each.code for each in faults(sought)] == ([] if enough else ["too_little_to_search"])
