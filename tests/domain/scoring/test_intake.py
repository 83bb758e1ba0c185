"""What becomes of a revision: a table."""

from datetime import date
from uuid import UUID

import pytest

from services.scoring.domain.intake import (
    Result,
    Update,
    content_digest,
    content_of,
    restored,
    settle,
)


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
    back = restored(content_of(update))
    assert content_of(back) == content_of(update)
    assert (back.observed_on, back.observed_until) == (update.observed_on, update.observed_until)
    assert back.child_id == update.child_id


def test_the_order_of_identifiers_makes_no_other_content() -> None:
    turned = Update(
        **{name: getattr(WHOLE, name) for name in WHOLE.__dataclass_fields__}
        | {"identifiers": WHOLE.identifiers[::-1]}
    )
    assert content_digest(turned) == content_digest(WHOLE)
