"""A CSV or NDJSON file row by row, each with its place, so that reading can go on from there.

A row that can't be read is a row with a fault: it stops nothing. Memory doesn't grow with the
file: lines, rows and the lines of one row are bounded.
"""

import csv
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, BinaryIO

from services.cli.feed.mapping import Fault
from shared.http.problems import UnreadableRequestError
from shared.http.strict_json import read_strictly

MAX_ROW_BYTES = 64 * 1024
MAX_LINES_A_ROW = 100
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Format(StrEnum):
    """What a file is."""

    CSV = "csv"
    NDJSON = "ndjson"


class FileError(Exception):
    """The file as a whole can't be pushed. Says what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a file has been read: after this many bytes, lines and rows."""

    offset: int = 0
    line: int = 0
    row: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its line, what stands in it or what is wrong with it, and the place after it."""

    line: int
    cells: Mapping[str, object]
    fault: Fault | None
    after: Place


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a CSV file, and where its rows begin. NDJSON has none."""

    columns: tuple[str, ...]
    after: Place


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    content: bytes
    end: int
    """The offset after it."""
    too_long: bool


@dataclass(slots=True)
class _Lines:
    """A file's lines from a place on; some can be put back."""

    file: BinaryIO
    place: Place
    _number: int = field(init=False)
    _back: deque[_Line] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.file.seek(self.place.offset)
        self._number = self.place.line

    def next(self) -> _Line | None:
        if self._back:
            return self._back.popleft()
        content = self.file.readline(MAX_ROW_BYTES)
        if not content:
            return None
        self._number += 1
        too_long = len(content) == MAX_ROW_BYTES and not content.endswith(b"\n")
        rest = content
        while rest and not rest.endswith(b"\n"):
            rest = self.file.readline(MAX_ROW_BYTES)
        if self._number == 1 and content.startswith(BYTE_ORDER_MARK):
            content = content.removeprefix(BYTE_ORDER_MARK)
        return _Line(self._number, content, self.file.tell(), too_long)

    def put_back(self, lines: list[_Line]) -> None:
        self._back.extendleft(reversed(lines))


def read_header(file: BinaryIO, form: Format, encoding: str) -> Header:
    """The first thing in a file.

    Raises:
        FileError: it is in another encoding, or its first line isn't a row of column names.
    """
    if file.read(2) in {b"\xff\xfe", b"\xfe\xff"}:
        raise FileError("The file is UTF-16; save it as CSV UTF-8.")
    if form is Format.NDJSON:
        return Header((), Place())
    lines = _Lines(file, Place())
    first = lines.next()
    if first is None:
        raise FileError("The file is empty; a CSV file begins with a line of column names.")
    cells, fault, last = _record(lines, first, encoding)
    if fault is not None:
        raise FileError(f"The line of column names can't be read: {fault.message}.")
    columns = tuple(cell.strip() for cell in cells)
    named = [column for column in columns if column]
    if not named or len(set(named)) != len(named):
        raise FileError("The first line must hold column names, each of them once.")
    return Header(columns, Place(last.end, last.number, 0))


def rows(
    file: BinaryIO, form: Format, encoding: str, header: Header, after: Place
) -> Iterator[Row]:
    """The rows of a file behind a place. Blank lines are no rows."""
    lines = _Lines(file, after)
    number = after.row
    while (first := lines.next()) is not None:
        if not first.content.strip():
            continue
        number += 1
        if form is Format.NDJSON:
            found, fault = _object(first, encoding)
            last = first
        else:
            cells, fault, last = _record(lines, first, encoding)
            found, fault = _named(header, cells, fault)
        yield Row(first.number, found, fault, Place(last.end, last.number, number))


def _named(
    header: Header, cells: list[str], fault: Fault | None
) -> tuple[Mapping[str, object], Fault | None]:
    if fault is None and len(cells) != len(header.columns):
        message = f"has {len(cells)} columns; the first line names {len(header.columns)}"
        fault = _unreadable("wrong_columns", message)
    return dict(zip(header.columns, cells, strict=False)), fault


def _record(lines: _Lines, first: _Line, encoding: str) -> tuple[list[str], Fault | None, _Line]:
    """The cells of the record that begins on a line, or a fault; and its last line."""
    taken = [first]
    fault: Fault | None = None
    while True:
        if taken[-1].too_long or sum(len(line.content) for line in taken) > MAX_ROW_BYTES:
            fault = _too_long()
            break
        try:
            texts = [line.content.decode(encoding) for line in taken]
            return next(csv.reader(texts, strict=True)), None, taken[-1]
        except UnicodeDecodeError:
            fault = _wrong_encoding(encoding)
            break
        except csv.Error as error:
            if "unexpected end" not in str(error):
                message = "has a quotation mark inside a quoted cell; double it"
                fault = _unreadable("unreadable_row", message)
                break
        following = lines.next() if len(taken) < MAX_LINES_A_ROW else None
        if following is None:
            break
        taken.append(following)
    if len(taken) > 1 or fault is None:
        fault = _unreadable("unreadable_row", "opens a quotation that nothing closes")
    # Only the line that opened it is lost, not what follows.
    lines.put_back(taken[1:])
    return [], fault, first


def _object(line: _Line, encoding: str) -> tuple[Mapping[str, object], Fault | None]:
    if line.too_long:
        return {}, _too_long()
    try:
        content = line.content.decode(encoding).encode()
    except UnicodeDecodeError:
        return {}, _wrong_encoding(encoding)
    try:
        found: Any = read_strictly(content)
    except (UnreadableRequestError, ValueError) as error:
        code = getattr(error, "code", "invalid_json")
        message = "isn't one line of JSON with each key once, plain numbers, no NaN"
        return {}, _unreadable(code, message)
    if not isinstance(found, dict):
        return {}, _unreadable("wrong_type", "isn't a JSON object")
    return found, None


def _wrong_encoding(encoding: str) -> Fault:
    if encoding == "utf-8":
        message = "isn't UTF-8; a file from an older Windows program needs --encoding cp1252"
    else:
        message = f"isn't {encoding}"
    return _unreadable("wrong_encoding", message)


def _too_long() -> Fault:
    return _unreadable("row_too_long", f"is longer than {MAX_ROW_BYTES} bytes")


def _unreadable(code: str, message: str) -> Fault:
    return Fault("", code, f"the row {message}")
