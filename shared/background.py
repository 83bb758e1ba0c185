"""Loops that run beside the requests. A separate service starts its own; embedded, the one
process starts everybody's."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass

import anyio

Loop = Callable[[], Coroutine[None, None, None]]


@dataclass(frozen=True, slots=True)
class Background:
    """The loops of one service."""

    loops: Sequence[Loop]

    async def run(self) -> None:
        """Run them all until cancelled."""
        async with anyio.create_task_group() as group:
            for loop in self.loops:
                group.start_soon(loop)
