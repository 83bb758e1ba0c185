"""Which record answers for which, once records of a child were merged."""

from uuid import UUID

import pytest

from services.scoring.domain.merging import RingError, counts_for

A, B, C = (UUID(int=number) for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("survivors", "answering"),
    [
        ({}, A),
        ({A: None}, A),
        ({A: B}, B),
        ({A: B, B: None}, B),
        ({A: B, B: C}, C),
        ({B: C}, A),
        ({C: A}, A),
    ],
)
def test_the_last_survivor_answers(survivors: dict[UUID, UUID | None], answering: UUID) -> None:
    assert counts_for(A, survivors) == answering


@pytest.mark.parametrize("survivors", [{A: A}, {A: B, B: A}, {A: B, B: C, C: B}])
def test_no_record_of_a_ring_could_answer(survivors: dict[UUID, UUID | None]) -> None:
    with pytest.raises(RingError):
        counts_for(A, survivors)
