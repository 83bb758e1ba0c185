"""How far a long piece of work is: a bar on a terminal, now and then a line elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text
from typing_extensions import override

LINES = 5


class Rate(ProgressColumn):
    """How many a second."""

    @override
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f}/s")


@contextmanager
def shown(console: Console, title: str, total: int) -> Iterator[Callable[[], None]]:
    """Show the progress of `total` steps. What it yields is called after each."""
    if console.is_terminal:
        columns = (BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
        with Progress(TextColumn(title), *columns, console=console) as bar:
            task = bar.add_task(title, total=total)
            yield lambda: bar.advance(task)
    else:
        yield _lines(console, title, total)


def _lines(console: Console, title: str, total: int) -> Callable[[], None]:
    began, done = time.monotonic(), 0

    def step() -> None:
        nonlocal done
        done += 1
        if done * LINES // total > (done - 1) * LINES // total:
            rate = done / max(time.monotonic() - began, 0.001)
            left = (total - done) / rate
            console.print(f"{title}: {done:,} of {total:,}, {rate:,.0f}/s, {left:.0f} s left")

    return step
