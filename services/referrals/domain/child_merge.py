"""What a person said of two records: that they are one child, or that they are not."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.referrals.domain.transitions import Actor


class MergeCommand(StrEnum):
    """One child, or two."""

    MERGE = "merge"
    UNMERGE = "unmerge"


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge, or its undoing: `child_id` into, or out of, `survivor_id`."""

    merge_id: UUID
    command: MergeCommand
    child_id: UUID
    survivor_id: UUID
    at: datetime
    by: Actor
    reason: str
