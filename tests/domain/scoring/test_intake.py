"""What becomes of a revision: a table."""

import json
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.intake import (
    Result,
    Update,
    content_digest,
    restored,
    settle,
    written,
)
from shared.domain.canonical import canonical_bytes
from shared.domain.identifiers import IdentifierType


@pytest.mark.parametrize(
    ("revision", "known", "result"),
    [
        (1, {}, Result.RECORDED),
        (2, {}, Result.RECORDED),
        (2, {1: "same"}, Result.RECORDED),
        (1, {1: "same"}, Result.DUPLICATE),
        (1, {1: "other"}, Result.CONFLICT),
        (1, {2: "same"}, Result.SUPERSEDED),
        (1, {1: "same", 2: "other"}, Result.DUPLICATE),
        (1, {1: "other", 2: "same"}, Result.CONFLICT),
        (3, {1: "a", 2: "b"}, Result.RECORDED),
        (2, {1: "a", 3: "c"}, Result.SUPERSEDED),
    ],
)
def test_a_revision_is_settled_by_what_is_known_of_its_statement(
    revision: int, known: dict[int, str], result: Result
) -> None:
    assert settle(revision, "same", known) is result


WHOLE = Update(
    source="police-feed",
    source_ref="r1",
    revision=2,
    child_id=None,
    identifiers=(("police_urn", "14/A"), ("council_id", "C1")),
    code="missing_episode",
    answer="yes",
    observed_on=date(2026, 5, 1),
    observed_until=date(2026, 5, 2),
    incident_ref="police:1",
    sequence=7,
    note_ref="n",
    handling="P",
    retracted=True,
)


@pytest.mark.parametrize(
    "update",
    [
        WHOLE,
        Update("s", "r", 1, UUID("01920000-0000-7000-8000-000000000001"), (), "c", "no", date.max),
    ],
)
def test_what_is_written_down_of_a_held_update_is_the_whole_of_it(update: Update) -> None:
    assert restored(json.loads(written(update))) == update._replace(
        identifiers=tuple(sorted(update.identifiers))
    )


def test_the_order_of_identifiers_makes_no_other_content() -> None:
    turned = WHOLE._replace(identifiers=WHOLE.identifiers[::-1])
    assert content_digest(turned) == content_digest(WHOLE)


TEXT = st.text(max_size=8)
PAIRS = st.lists(st.tuples(st.sampled_from(IdentifierType), TEXT), max_size=3).map(tuple)
NUMBER = st.integers(0, 2_000_000_000)


@given(
    st.builds(
        Update,
        source=TEXT,
        source_ref=TEXT,
        revision=NUMBER,
        child_id=st.none() | st.uuids(),
        identifiers=PAIRS,
        code=TEXT,
        answer=TEXT,
        observed_on=st.dates(),
        observed_until=st.none() | st.dates(),
        incident_ref=st.none() | TEXT,
        sequence=st.none() | NUMBER,
        note_ref=st.none() | TEXT,
        handling=st.none() | TEXT,
        retracted=st.booleans(),
    )
)
def test_what_is_written_down_is_canonical(update: Update) -> None:
    assert written(update) == canonical_bytes(json.loads(written(update)))


def test_the_same_content_has_the_digest_that_it_always_had() -> None:
    assert content_digest(WHOLE) == (
        "f62fe9657014b9e98c76193441aae32f8c5942c4c8643fb98abeea31479f12f8"
    )
