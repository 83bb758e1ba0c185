"""Which judgement stands before the score, when a second person is needed, and when it is over."""

from datetime import date
from uuid import UUID

import pytest

from services.scoring.domain.judgements import (
    EndedError,
    Harm,
    Judgement,
    NothingToConfirmError,
    SecondPersonError,
    Step,
    StepTaken,
    check_confirmation,
    check_not_ended,
    faults,
    in_force,
    is_overtaken,
    needs_second,
)

BANDS = ("low", "raised", "high")
ONE, TWO, THREE = (UUID(int=n) for n in (1, 2, 3))


def june(day: int) -> date:
    return date(2026, 6, day)


def judged(
    which: UUID, on: int, until: int, position: int, *, needs: bool = False, by: str = "p-1"
) -> Judgement:
    return Judgement(which, "m", "low", june(on), june(until), needs, by, position)


def step(which: UUID, what: Step, on: int, position: int) -> StepTaken:
    return StepTaken(which, what, june(on), position)


JUDGEMENTS = (
    judged(ONE, 2, 20, 10),
    judged(TWO, 5, 12, 20),
    judged(THREE, 15, 30, 30, needs=True),
)
STEPS = (step(THREE, Step.CONFIRMED, 17, 40), step(THREE, Step.WITHDRAWN, 25, 50))


@pytest.mark.parametrize(
    ("day", "position", "stands"),
    [
        (1, None, None),
        (2, None, ONE),
        (4, None, ONE),
        (5, None, TWO),
        (11, None, TWO),
        # Expired, and what it replaced doesn't come back.
        (12, None, None),
        (16, None, None),
        (17, None, THREE),
        (24, None, THREE),
        (25, None, None),
        # As known then.
        (6, 9, None),
        (6, 19, ONE),
        (19, 29, None),
        (17, 39, None),
        (26, 49, THREE),
        (26, 50, None),
    ],
)
def test_the_latest_judgement_stands_until_it_ends(
    day: int, position: int | None, stands: UUID | None
) -> None:
    found = in_force(JUDGEMENTS, STEPS, june(day), position)
    assert (found and found.judgement_id) == stands


@pytest.mark.parametrize(
    ("band", "floors", "second"),
    [
        ("low", (), False),
        ("low", ("raised",), True),
        ("raised", ("raised",), False),
        ("high", ("raised", "low"), False),
        ("raised", ("low", "high"), True),
    ],
)
def test_nobody_goes_below_a_floor_alone(band: str, floors: tuple[str, ...], second: bool) -> None:
    assert needs_second(band, BANDS, floors) is second


@pytest.mark.parametrize(
    ("band", "until", "codes"),
    [
        ("low", june(2), []),
        ("low", date(2027, 6, 2), []),
        ("low", june(1), ["out_of_range"]),
        ("low", date(2027, 6, 3), ["out_of_range"]),
        ("severe", june(1), ["unknown_band", "out_of_range"]),
    ],
)
def test_a_judgement_names_a_band_and_ends_within_a_year(
    band: str, until: date, codes: list[str]
) -> None:
    assert [each.code for each in faults(band, BANDS, until, june(1))] == codes


def test_a_second_person_is_another_person_and_confirms_once() -> None:
    waits = judged(ONE, 2, 20, 10, needs=True)
    check_confirmation(waits, (), "p-2", june(3))
    with pytest.raises(SecondPersonError):
        check_confirmation(waits, (), "p-1", june(3))
    confirmed = (step(ONE, Step.CONFIRMED, 3, 11),)
    with pytest.raises(NothingToConfirmError):
        check_confirmation(waits, confirmed, "p-3", june(4))
    with pytest.raises(NothingToConfirmError):
        check_confirmation(judged(ONE, 2, 20, 10), (), "p-2", june(3))
    with pytest.raises(EndedError):
        check_confirmation(waits, (), "p-2", june(20))


def test_what_is_over_is_over() -> None:
    one = judged(ONE, 2, 20, 10)
    check_not_ended(one, (), june(19))
    for steps, day in (((), 20), ((step(ONE, Step.WITHDRAWN, 5, 11),), 5)):
        with pytest.raises(EndedError):
            check_not_ended(one, steps, june(day))


@pytest.mark.parametrize(
    ("band", "known", "now", "overtaken"),
    [
        ("low", "", "", False),
        ("low", "", "young:low", False),
        ("low", "", "young:raised", True),
        ("raised", "", "young:raised", False),
        ("raised", "", "young:low hurt:high", True),
        # Two people took it below a floor that they knew of.
        ("low", "young:raised", "young:raised", False),
        ("low", "young:raised", "young:raised other:low", False),
        ("low", "young:raised hurt:high", "young:raised", False),
        ("low", "young:raised", "hurt:high", True),
        ("raised", "young:raised", "hurt:high", True),
        # Another one of the same band: they couldn't know of it.
        ("low", "young:raised", "young:raised hurt:raised", True),
        # A floor that another version calls otherwise may be another one.
        ("low", "gone:raised", "young:raised", True),
        # The same floor, which another version has raised; or lowered.
        ("raised", "young:raised", "young:high", True),
        ("low", "young:raised", "young:high", True),
        ("low", "young:high", "young:raised", False),
        # Its band is called otherwise by now; or was one that there is no more.
        ("low", "young:severe", "young:high", False),
        ("low", "young:gone", "young:high", True),
        # The same floor, and something new speaks of harm; or no longer does.
        ("low", "hurt:high m/1", "hurt:high m/1", False),
        ("low", "hurt:high m/1", "hurt:high m/2", True),
        ("low", "hurt:high m/1", "hurt:high m/1 m/2", True),
        ("low", "hurt:high m/1 m/2", "hurt:high m/2", False),
        ("high", "hurt:high m/1", "hurt:high m/2", False),
        ("low", "hurt:high m/1", "m/2", False),
    ],
)
def test_harm_that_nobody_knew_of_overtakes_a_judgement_below_its_floor(
    band: str, known: str, now: str, overtaken: bool
) -> None:
    assert is_overtaken(band, harm(known), harm(now), BANDS, {"severe": "high"}) is overtaken


def harm(words: str) -> Harm:
    """Floors with their bands, and statements by source and reference."""
    each = words.split()
    return Harm(
        dict(one.split(":") for one in each if ":" in one),
        frozenset((one[0], one[2:]) for one in each if "/" in one),
    )
