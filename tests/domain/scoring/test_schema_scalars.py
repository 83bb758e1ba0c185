"""Of one value the JSON Schema takes what the loader takes; `UNSAID` is what no pattern says."""

import re
from collections.abc import Callable, Iterator
from itertools import product
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from services.scoring.domain.language.findings import Findings, Shape
from services.scoring.domain.language.scalars import VISIBLE, Day
from services.scoring.domain.language.syntax import Place
from services.scoring.domain.language.tree import Scalar
from services.scoring.domain.language.words import (
    MOST_DECIMALS,
    PROSE,
)
from tests.domain.scoring.scalar_shapes import SCALARS


def is_leap_day(text: str) -> bool:
    """Which years have a 29 February."""
    return text.endswith("-02-29")


def has_character_of_later_times(text: str) -> bool:
    """Which characters have a meaning, and which of the rarer planes can be seen."""
    return any(category(each) in {"Cn", "Cs"} or each > "\uffff" for each in text)


UNSAID: tuple[Callable[[str], bool], ...] = (is_leap_day, has_character_of_later_times)


def assert_agreed(shape: Shape, text: str) -> None:
    schema = Draft202012Validator(shape.schema() | {"$defs": {"visible": VISIBLE}})
    loader = loader_takes(shape, text)
    if schema.is_valid(text) != loader:
        assert not loader, f"the schema is stricter: {text!r}"
        assert any(unsaid(text) for unsaid in UNSAID), f"the schema is laxer: {text!r}"


def loader_takes(shape: Shape, text: str) -> bool:
    found = Findings(decimals=MOST_DECIMALS)
    shape.read(Scalar(Place(1, 1), text, "text"), (), found)
    return not found.problems


def amounts() -> Iterator[str]:
    wholes = ["", "0", "00", "1", "01", "999", "1000", "1001", "10000", "9" * 12, "9" * 13]
    fractions = [
        "",
        ".",
        ".0",
        ".5",
        ".1234",
        ".12345",
        ".123450",
        ".123456",
        ".1234567",
        ".0000000",
    ]
    for sign, whole, fraction in product(["", "-", "+", "--"], wholes, fractions):
        yield f"{sign}{whole}{fraction}"


def durations() -> Iterator[str]:
    numbers = [*range(1100), 9999, 10000, 17999, 18000, 18599, 18600, 18601, 18700, 20000, 99999]
    for number, unit in product([*map(str, numbers), "", "01", "00", "-1", "1.5"], "DMYd"):
        yield f"P{number}{unit}"


def days() -> Iterator[str]:
    years = [1899, 1900, 1999, 2000, 2023, 2024, 2199, 2200]
    for year, month, day in product(years, range(14), range(33)):
        yield f"{year}-{month:02}-{day:02}"


def names() -> Iterator[str]:
    yield from ("a" * length for length in (1, 64, 65))
    yield from (
        "not_known",
        "not_known_1",
        "not-known",
        "yes",
        "no",
        "Yes",
        "a_1",
        "a-1",
        "1a",
        "a.b",
    )


def texts() -> Iterator[str]:
    for size in (0, 1, 2, 17, 18, 19, 20, 21, 400, 401, 4000, 4001):
        yield from ("a" * size, " " * size, f"a{' ' * size}", f" {'a' * size}\n", f"a{' ' * size}b")


@pytest.mark.parametrize("shape", SCALARS.values(), ids=SCALARS.keys())
def test_both_take_the_same_at_every_edge(shape: Shape) -> None:
    for text in (*amounts(), *durations(), *names(), *texts()):
        assert_agreed(shape, text)
        assert_agreed(shape, text + "\n")


def test_both_take_the_same_days() -> None:
    for text in days():
        assert_agreed(Day(), text)


signs = st.text("aZé0129PDM+-_. \n\t\u00a0\u200b\u0663\U000e0001", max_size=25)


@given(st.sampled_from(sorted(SCALARS)), signs | st.text(max_size=25))
def test_both_take_the_same_of_any_text(name: str, text: str) -> None:
    assert_agreed(SCALARS[name], text)


def test_a_character_the_schema_refuses_can_not_be_seen() -> None:
    characters = [chr(code) for code in range(0x10000)]
    refused = set(re.findall(VISIBLE["not"]["pattern"], "".join(characters)))
    hidden = {each for each in characters if PROSE.fault(f"a{each}b")}

    assert refused <= hidden
    assert {each for each in hidden - refused if not has_character_of_later_times(each)} == set()
