"""Records of the same child that were merged: which record the evidence of each counts for."""

from collections.abc import Mapping
from uuid import UUID


class RingError(ValueError):
    """Records that were merged into each other all the way round: none of them could answer."""


def counts_for(record: UUID, survivors: Mapping[UUID, UUID | None]) -> UUID:
    """The record that answers for a record: the survivor of its survivor, to the end; itself, where
    it stands alone. `survivors` says what each record was merged into. Raises `RingError`."""
    passed = {record}
    while (survivor := survivors.get(record)) is not None:
        if survivor in passed:
            raise RingError("Records were merged in a ring.")
        passed.add(survivor)
        record = survivor
    return record
