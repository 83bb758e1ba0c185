"""How a push is getting on: a bar on a terminal, a plain line every few seconds elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from services.cli.feed.results import Results

SECONDS_BETWEEN_LINES = 5.0


@dataclass(slots=True)
class Pace:
    """How fast this run is, from where it began. Bytes tell what is left: rows aren't counted
    ahead."""

    began: float
    first_row: int
    first_byte: int
    size: int

    def words(self, results: Results, now: float) -> str:
        """Rows done, the rate, and the time left."""
        place, seconds = results.state.place, max(now - self.began, 0.001)
        rate = (place.row - self.first_row) / seconds
        speed = (place.offset - self.first_byte) / seconds
        left = (self.size - place.offset) / speed if speed else 0.0
        return f"{place.row:,} rows, {rate:,.0f} rows/s, {_minutes(left)} left"


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(int(seconds + 0.5), 60)
    return f"{minutes}:{rest:02}"


class Shown:
    """Shows a push on a console, its bar or its lines."""

    def __init__(self, console: Console, pace: Pace, bar: Progress | None) -> None:
        self.console, self.pace, self.bar = console, pace, bar
        self.last_line = pace.began
        self.task = None if bar is None else bar.add_task("", total=pace.size)

    def pushed(self, results: Results) -> None:
        """After a batch."""
        now = time.monotonic()
        words = self.pace.words(results, now)
        if self.bar is not None and self.task is not None:
            self.bar.update(self.task, completed=results.state.place.offset, description=words)
        elif now - self.last_line >= SECONDS_BETWEEN_LINES:
            self.last_line = now
            self.say(words)

    def say(self, text: str) -> None:
        """Anything else, above the bar."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def shown(console: Console, results: Results, size: int) -> Iterator[Shown]:
    """Show a push that goes on from where `results` are, out of a file of `size` bytes."""
    place = results.state.place
    pace = Pace(time.monotonic(), place.row, place.offset, size)
    if console.is_terminal:
        columns = (BarColumn(), TextColumn("{task.percentage:>3.0f} %  {task.description}"))
        with Progress(*columns, console=console) as bar:
            yield Shown(console, pace, bar)
    else:
        yield Shown(console, pace, None)
