"""Reading real files: row by row, nothing stopping the rest."""

from io import BytesIO
from pathlib import Path

import pytest

from services.cli.feed.command import while_unchanged
from services.cli.feed.rows import (
    MAX_ROW_BYTES,
    FileError,
    Format,
    Place,
    Row,
    read_header,
    rows,
)


def read(content: bytes, form: Format = Format.CSV, encoding: str = "utf-8") -> list[Row]:
    file = BytesIO(content)
    header = read_header(file, form, encoding)
    return list(rows(file, form, encoding, header, header.after))


def told(found: list[Row]) -> list[object]:
    return [row.fault.code if row.fault else dict(row.cells) for row in found]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a,b\n1,2\n3,4\n", [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]),
        (b"a,b\r\n1,2\r\n", [{"a": "1", "b": "2"}]),
        (b"a,b\n1,2", [{"a": "1", "b": "2"}]),
        (b"\xef\xbb\xbfa,b\n1,2\n", [{"a": "1", "b": "2"}]),
        (b'"a",b\n"1,5",2\n', [{"a": "1,5", "b": "2"}]),
        (b'a,b\n"one\ntwo",2\n3,4\n', [{"a": "one\ntwo", "b": "2"}, {"a": "3", "b": "4"}]),
        (b"a,b\n\n1,2\n   \n\n", [{"a": "1", "b": "2"}]),
        (b"a,b\n1\n1,2,3\n4,5\n", ["wrong_columns", "wrong_columns", {"a": "4", "b": "5"}]),
        (b"a,b\n\xe9,2\n3,4\n", ["wrong_encoding", {"a": "3", "b": "4"}]),
        (b'a,b\n"1"x,2\n3,4\n', ["unreadable_row", {"a": "3", "b": "4"}]),
        (
            b'a,b\n"open,2\n3,4\n5,6\n',
            ["unreadable_row", {"a": "3", "b": "4"}, {"a": "5", "b": "6"}],
        ),
        (
            b"a,b\n" + b"x" * (2 * MAX_ROW_BYTES) + b",2\n3,4\n",
            ["row_too_long", {"a": "3", "b": "4"}],
        ),
        (b"a,b\n", []),
    ],
)
def test_a_csv_row_that_cannot_be_read_stops_nothing(
    content: bytes, expected: list[object]
) -> None:
    assert told(read(content)) == expected


def test_an_older_windows_file_is_read_when_told() -> None:
    assert told(read(b"a\nJos\xe9\n", encoding="cp1252")) == [{"a": "José"}]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"a":1}\n\n{"a":"x"}\n', [{"a": 1}, {"a": "x"}]),
        (b'\xef\xbb\xbf{"a":1}\r\n', [{"a": 1}]),
        (b'{"a":1,"a":2}\n{"a":3}', ["duplicate_key", {"a": 3}]),
        (b'{"a":NaN}\n{"a":\n[1]\n', ["invalid_json", "invalid_json", "wrong_type"]),
        (b'{"a":' + b"9" * 40 + b"}\n", ["number_too_large"]),
        (b"[" * 60_000 + b"\n", ["invalid_json"]),
        (b'{"a":"\xff"}\n', ["wrong_encoding"]),
        (b'"' + b"x" * (3 * MAX_ROW_BYTES) + b'"\n{"a":1}\n', ["row_too_long", {"a": 1}]),
        (b"", []),
    ],
)
def test_a_line_of_ndjson_that_cannot_be_read_stops_nothing(
    content: bytes, expected: list[object]
) -> None:
    assert told(read(content, Format.NDJSON)) == expected


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"\n", "column names"),
        (b"a,a\n1,2\n", "each of them once"),
        ("a,b\n".encode("utf-16"), "UTF-16"),
        (b"n\xe4me\n", "cp1252"),
        (b'"a\n', "nothing closes"),
    ],
)
def test_a_file_without_column_names_is_refused_as_a_whole(content: bytes, why: str) -> None:
    with pytest.raises(FileError, match=why):
        read(content)


def test_reading_goes_on_from_any_row_as_if_it_had_never_stopped() -> None:
    content = b'\xef\xbb\xbfa,b\n1,2\n\n"x\ny",2\n"open,2\n3,4\nbad\n\xff,1\n5,6'
    file = BytesIO(content)
    header = read_header(file, Format.CSV, "utf-8")
    whole = read(content)
    assert [row.line for row in whole] == [2, 4, 6, 7, 8, 9, 10]
    for place, row in enumerate(whole):
        rest = list(rows(file, Format.CSV, "utf-8", header, row.after))
        assert rest == whole[place + 1 :]


def test_a_file_is_read_as_its_rows_are_asked_for() -> None:
    file = BytesIO(b"a\n" + b"1\n" * 100_000)
    header = read_header(file, Format.CSV, "utf-8")
    found = rows(file, Format.CSV, "utf-8", header, header.after)
    assert next(found).after == Place(offset=4, line=2, row=1)
    assert file.tell() == 4


def test_a_file_that_is_still_being_written_is_not_taken_for_whole(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(b"a\n1\n")
    with path.open("rb") as file:
        header = read_header(file, Format.CSV, "utf-8")
        found = while_unchanged(rows(file, Format.CSV, "utf-8", header, header.after), file)
        assert told([next(found)]) == [{"a": "1"}]
        with path.open("ab") as export:
            export.write(b"2")
        with pytest.raises(FileError, match="Push it once it is complete"):
            list(found)
