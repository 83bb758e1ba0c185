"""Work that goes on beside the requests, turn by turn. A separate service starts its own; embedded,
the one process starts everybody's."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import anyio

from shared.faults import type_and_place

log = logging.getLogger("amber.background")

FIRST_WAIT_SECONDS = 0.25
LONGEST_WAIT_SECONDS = 5.0

Turn = Callable[[], Awaitable[float]]
"""One turn of a loop. Answers after how many seconds the next one is to come."""
Close = Callable[[], Awaitable[None]]
"""Gives back what the loops held open."""


@dataclass(frozen=True, slots=True)
class Background:
    """The loops of one service by name, none of which ever dies in silence."""

    loops: Mapping[str, Turn]
    closing: Sequence[Close] = ()
    failures: dict[str, int] = field(default_factory=dict)
    """How often in a row each failing loop has failed by now."""

    async def run(self) -> None:
        """Run them all until cancelled, then close."""
        try:
            async with anyio.create_task_group() as group:
                for name, turn in self.loops.items():
                    group.start_soon(self._repeat, name, turn)
                await anyio.sleep_forever()
        finally:
            with anyio.CancelScope(shield=True):
                for close in self.closing:
                    await close()

    async def _repeat(self, name: str, turn: Turn) -> None:
        while True:
            try:
                wait = await turn()
            except Exception as error:  # noqa: BLE001  # whatever it is, the loop must not die
                failed = self.failures[name] = self.failures.get(name, 0) + 1
                # Type and place alone: a message or a traceback could carry a child's data.
                log.error("%s failed (%d): %s", name, failed, type_and_place(error))  # noqa: TRY400
                wait = min(FIRST_WAIT_SECONDS * 2 ** min(failed - 1, 10), LONGEST_WAIT_SECONDS)
            else:
                self.failures.pop(name, None)
            await anyio.sleep(wait)

    def check(self) -> str | None:
        """For `/readyz`: the loops that are failing now."""
        failing = sorted(self.failures.items())
        return "; ".join(f"{name}: failing, {times} in a row" for name, times in failing) or None
