"""Out of an answer: whose it is, and the names of its fields."""

from uuid import UUID

import pytest

from services.gateway.domain.answers import (
    MAX_FIELDS,
    MORE,
    UnreadableAnswerError,
    Whose,
    children_in_path,
    children_of,
    field_names,
    parse_answer,
)
from services.gateway.domain.policy import ChildrenAt

A = "0190a000-0000-7000-8000-00000000000a"
B = "0190a000-0000-7000-8000-00000000000b"
IN_PATH = ChildrenAt(in_path=("child_id",))
IN_BODY = ChildrenAt(in_answer=(("child_id",),))
IN_ITEMS = ChildrenAt(in_answer=(("items", "*", "child_id"),))


NOBODY = Whose(frozenset())


def test_a_child_in_the_path_counts_whatever_the_answer() -> None:
    for status in (200, 303, 404, 422):
        assert children_of(IN_PATH, {"child_id": A}, status, None) == Whose(frozenset({UUID(A)}))


def test_another_spelling_of_an_id_is_the_same_child() -> None:
    for spelling in (A.upper(), A.replace("-", "")):
        assert children_in_path(IN_PATH, {"child_id": spelling}) == {UUID(A)}


def test_what_is_no_id_stands_for_nobody() -> None:
    assert children_in_path(IN_PATH, {"child_id": "smith"}) == frozenset()


def test_children_in_the_answer_are_all_found() -> None:
    assert children_of(IN_BODY, {}, 201, {"child_id": A}) == Whose(frozenset({UUID(A)}))
    items = {"items": [{"child_id": A}, {"child_id": B}, {"child_id": A}]}
    assert children_of(IN_ITEMS, {}, 200, items) == Whose(frozenset({UUID(A), UUID(B)}))
    assert children_of(IN_ITEMS, {}, 200, {"items": []}) == NOBODY


def test_null_in_place_of_an_id_says_that_it_is_withheld() -> None:
    assert children_of(IN_BODY, {}, 201, {"child_id": None}) == Whose(frozenset(), ("/child_id",))
    items = {"items": [{"child_id": A}, {"child_id": None}, {"child_id": None}]}
    assert children_of(IN_ITEMS, {}, 200, items) == Whose(
        frozenset({UUID(A)}), ("/items/*/child_id",)
    )


def test_a_problem_names_nobody() -> None:
    for status in (303, 404):
        assert children_of(IN_BODY, {}, status, {"code": "a_problem"}) == NOBODY


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        (IN_BODY, None),
        (IN_BODY, {}),
        (IN_BODY, []),
        (IN_BODY, "text"),
        (IN_BODY, {"child_id": False}),
        (IN_BODY, {"child_id": ""}),
        (IN_BODY, {"child_id": []}),
        (IN_BODY, {"child_id": 7}),
        (IN_BODY, {"child_id": "smith"}),
        (IN_BODY, {"child_id": {"child_id": A}}),
        (IN_ITEMS, {"items": {"0": {"child_id": A}}}),
        (IN_ITEMS, {"items": [{"child_id": A}, {}]}),
    ],
)
def test_an_answer_without_an_id_where_it_should_be_is_refused(
    at: ChildrenAt, answer: object
) -> None:
    for status in (200, 304):
        with pytest.raises(UnreadableAnswerError):
            children_of(at, {}, status, answer)


@pytest.mark.parametrize("body", [b"<html>", b"{", b"\xff", b"[" * 100_000])
def test_an_answer_that_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableAnswerError):
        parse_answer(body)


def test_field_names_are_distinct_sorted_and_without_values() -> None:
    answer = {"items": [{"total": "5"}, {"total": "6", "reasons": [{"code": "x"}]}], "next": None}
    assert field_names(answer) == (
        "/items",
        "/items/*/reasons",
        "/items/*/reasons/*/code",
        "/items/*/total",
        "/next",
    )
    assert field_names(None) == ()


def test_a_key_that_could_say_something_itself_is_not_written() -> None:
    assert field_names({"by_name": {"Test Child": 1, A: 2}}) == ("/by_name", "/by_name/?")


def test_field_names_are_bounded() -> None:
    names = field_names({f"field_{n:04}": n for n in range(5 * MAX_FIELDS)})
    assert len(names) == MAX_FIELDS + 1
    assert names[-1] == MORE
