"""Out of an answer: whose it is, and the names of its fields."""

from uuid import UUID

import pytest

from services.gateway.domain.answers import (
    MAX_FIELDS,
    MORE,
    UnreadableAnswerError,
    children_of,
    field_names,
    parse_answer,
)
from services.gateway.domain.policy import ChildrenAt

A = "0190a000-0000-7000-8000-00000000000a"
B = "0190a000-0000-7000-8000-00000000000b"
IN_PATH = ChildrenAt(in_path=("child_id",))
IN_BODY = ChildrenAt(in_answer=(("child_id",),))
OR_WITHHELD = ChildrenAt(in_answer=(("child_id",),), withheld_by_null=frozenset({("child_id",)}))
IN_ITEMS = ChildrenAt(in_answer=(("items", "*", "child_id"),))


def test_a_child_in_the_path_counts_whatever_the_answer() -> None:
    for status in (200, 303, 404, 422):
        assert children_of(IN_PATH, {"child_id": A}, status, None) == {UUID(A)}


def test_another_spelling_of_an_id_is_the_same_child() -> None:
    for spelling in (A.upper(), A.replace("-", "")):
        assert children_of(IN_PATH, {"child_id": spelling}, 200, {}) == {UUID(A)}


def test_what_is_no_id_stands_for_nobody() -> None:
    assert children_of(IN_PATH, {"child_id": "smith"}, 422, None) == frozenset()


def test_children_in_the_answer_are_all_found() -> None:
    assert children_of(IN_BODY, {}, 201, {"child_id": A}) == {UUID(A)}
    items = {"items": [{"child_id": A}, {"child_id": B}, {"child_id": A}]}
    assert children_of(IN_ITEMS, {}, 200, items) == {UUID(A), UUID(B)}
    assert children_of(IN_ITEMS, {}, 200, {"items": []}) == frozenset()


def test_null_says_that_a_child_is_withheld_where_the_policy_allows_it() -> None:
    assert children_of(OR_WITHHELD, {}, 201, {"child_id": None}) == frozenset()
    assert children_of(OR_WITHHELD, {}, 201, {"child_id": A}) == {UUID(A)}


def test_a_problem_names_nobody() -> None:
    assert children_of(IN_BODY, {}, 404, {"code": "not_found"}) == frozenset()


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        (IN_BODY, None),
        (IN_BODY, {}),
        (IN_BODY, []),
        (IN_BODY, "text"),
        (IN_BODY, {"child_id": None}),
        (OR_WITHHELD, {}),
        (OR_WITHHELD, {"child_id": 7}),
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
