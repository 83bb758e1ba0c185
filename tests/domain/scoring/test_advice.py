"""What a message says to write is taken once it is written."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.language.findings import Findings, Shape
from services.scoring.domain.language.records import MapOf
from services.scoring.domain.language.scalars import (
    Nullable,
    OnlyTrue,
    Text,
    Whole,
)
from services.scoring.domain.language.syntax import Place
from services.scoring.domain.language.tree import Mapping, Meaning, Node, Scalar, plain_meaning
from services.scoring.domain.language.words import (
    LINE,
    MOST_DECIMALS,
    NAME,
    OPTION,
    POINTS,
)
from tests.domain.scoring.scalar_shapes import SCALARS

SHAPES: dict[str, Shape] = SCALARS | {
    "points or nothing": Nullable(POINTS),
    "a whole number": Whole(0, 120),
    "a mark": OnlyTrue(),
}
NASTY = [
    "", "~", "null", "true", "TRUE", "False", "yes", "not_known", "Not known", "a b", " ", "short",
    "0", "1", "-1", "+1", "-0", "007", "0x10", "0o7", ".5", "3.", "3.50", "1e3", ".inf", ".NaN",
    "84", "1000", "1001", "-1000.0", "1000.00001", "0.00001", "0.0000001", "9" * 13, "1" * 65,
    "1" * 5000, "2026", "20260101", "2026-1-1", "2026-02-30", "1850-01-01", "P6", "P06M",
    "P0D", "P601M", "P18601D", "p6m", "P1Y", "a\u200bb", "\u0663", "a" * 401,
]  # fmt: skip


@pytest.mark.parametrize("decimals", range(MOST_DECIMALS + 1))
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_what_is_to_be_written_is_taken(shape: Shape, decimals: int) -> None:
    for text in NASTY:
        follow(shape, text, decimals)


@given(
    st.sampled_from(sorted(SHAPES)),
    st.from_regex(r"[-+]?[0-9]{0,5}(\.[0-9]{0,8})?", fullmatch=True),
    st.integers(0, MOST_DECIMALS),
)
def test_what_is_to_be_written_instead_of_a_number_is_taken(
    name: str, text: str, decimals: int
) -> None:
    follow(SHAPES[name], text, decimals)


def follow(shape: Shape, text: str, decimals: int) -> None:
    meanings: tuple[Meaning, ...] = (plain_meaning(text), "text")
    for meaning in meanings:
        for message in refused(shape, Scalar(HERE, text, meaning), decimals):
            for instead in written(message):
                assert refused(shape, instead, decimals) == [], message


@pytest.mark.parametrize("key", ["1", "2.5", "true", "null", "-1", "1e3", "+1", ".5"])
@pytest.mark.parametrize("names", [NAME, OPTION])
def test_a_key_that_is_to_be_quoted_is_a_name(names: Text, key: str) -> None:
    def keyed(node: Scalar) -> Node:
        return Mapping(HERE, ((node, Scalar(HERE, "x", "text")),), flow=False)

    [message] = refused(MapOf(names, LINE), keyed(Scalar(HERE, key, plain_meaning(key))))

    for instead in written(message):
        assert refused(MapOf(names, LINE), keyed(instead)) == []


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a date", "20260101", "write a date as YYYY-MM-DD"),
        ("a duration", "6", "write a duration such as P84D or P6M"),
        ("a word", "1", "write `yes` or `no`"),
        ("a line", "a\u200bb", "remove the character U+200B, which can't be seen"),
        ("a line", "2026", 'write "2026" in quotes'),
        (
            "some time",
            "P0M",
            "write a duration from 1 day to 50 years, in days or months, such as P84D or P6M",
        ),
        ("points", "2.55", 'write a decimal such as "2.5", with at most 1 decimals'),
        ("points", "2.50", 'write "2.50" in quotes'),
        ("points", "1e3", 'write a decimal such as "2.5", with at most 1 decimals'),
    ],
)
def test_what_is_missing_is_said(name: str, text: str, message: str) -> None:
    assert refused(SHAPES[name], Scalar(HERE, text, plain_meaning(text)), 1) == [message]


HERE = Place(1, 1)
INSTEAD = re.compile(
    r'"(?P<quoted>.+?)"|`(?P<word>.+?)`|(?P<plain>\b(?:P\d+[DM]|\d{4}-\d\d-\d\d)\b)'
    r"|such as (?P<name>[a-z][a-z_-]+)|number from (?P<least>\d+) to (?P<most>\d+)"
)


def written(message: str) -> Iterator[Scalar]:
    """The values that a message names after its last `write`, quoted or plain as it says."""
    for found in INSTEAD.finditer(message.rpartition("write ")[2]):
        for kind, text in found.groupdict().items():
            if text is not None:
                yield Scalar(HERE, text, "text" if kind == "quoted" else plain_meaning(text))


def refused(shape: Shape, node: Node, decimals: int = 1) -> list[str]:
    found = Findings(decimals=decimals)
    shape.read(node, (), found)
    return [message for _, _, _, message in found.problems]
