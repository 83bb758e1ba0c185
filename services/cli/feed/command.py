"""`amber feed push`: options in, exit code out."""

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from hashlib import file_digest, sha256
from io import BufferedReader
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.cli import options
from services.cli.client import Client, RefusedError, UnreachableError
from services.cli.credentials import CredentialsError, read_credentials
from services.cli.feed.mapping import FIELDS, Drafted, FeedMapping, by_name, draft, faults_of_fields
from services.cli.feed.mapping_file import MappingError, read_mapping
from services.cli.feed.progress import shown
from services.cli.feed.push import MAX_BATCH, TAKEN, Translate, entry_of, push
from services.cli.feed.results import Results, ResultsError
from services.cli.feed.rows import FileError, Format, Header, Row, read_header, rows

ALL_TAKEN, SOME_REJECTED, MISTAKE, UNREACHABLE, STOPPED = 0, 1, 2, 3, 130
FORMATS = {".csv": Format.CSV, ".ndjson": Format.NDJSON, ".jsonl": Format.NDJSON}
MISTAKES = (CredentialsError, MappingError, FileError, ResultsError, RefusedError)

app = typer.Typer(help="Push what an agency knows.", no_args_is_help=True)


@app.callback()
def feed() -> None:
    """Push what an agency knows."""


class Encoding(StrEnum):
    """How a file's letters are written."""

    UTF_8 = "utf-8"
    CP1252 = "cp1252"


@dataclass(frozen=True, slots=True)
class Source:
    """The file to push, and how it is read."""

    path: Path
    form: Format
    encoding: str
    mapping: Path | None


@app.command("push")
def push_command(  # noqa: PLR0913  # each is an option of the command
    file: Annotated[Path, typer.Argument(help="CSV or NDJSON, one indicator update a row")],
    url: options.Url,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
    mapping: Annotated[
        Path | None,
        typer.Option(help="feed-map/1 YAML: which column is which field (docs/integrators.md)"),
    ] = None,
    format_: Annotated[
        Format | None, typer.Option("--format", help="left out: guessed from the file's name")
    ] = None,
    encoding: Annotated[Encoding, typer.Option(help="a byte order mark is fine")] = Encoding.UTF_8,
    batch: Annotated[
        int, typer.Option(min=1, max=MAX_BATCH, help="rows in one request")
    ] = MAX_BATCH,
    results: Annotated[
        Path | None,
        typer.Option(help="CSV of what became of each row  [default: FILE.results.csv]"),
    ] = None,
    give_up_after: Annotated[
        float,
        typer.Option(min=0, max=86400, help="seconds to go on trying while nothing answers"),
    ] = 120,
) -> None:
    """Push a file of indicator updates, CSV or NDJSON, in batches.

    Each row has one line in the result file: recorded, held (the child isn't known yet: it counts
    once it is), duplicate, superseded, conflict or rejected, with every reason. A push that was
    cut short goes on where it was when the same command is run again; nothing is lost or doubled.

    Exit codes: 0 every row was taken (held ones too); 1 some were rejected or in conflict;
    2 an option, the mapping, the file or the credentials are wrong; 3 the tracker gave no answer;
    130 stopped by Ctrl-C.
    """
    notes = Console(stderr=True)
    try:
        source = Source(file, format_ or _guessed(file), encoding.value, mapping)
        who = read_credentials(credentials, client_id, secret_file)
        target = results or file.with_name(file.name + ".results.csv")
        with closing(Client(url, who, give_up_after)) as client:
            code = _push(source, client, batch, target, notes)
    except MISTAKES as error:
        _say(notes, str(error))
        raise typer.Exit(MISTAKE) from None
    except UnreachableError as error:
        _say(notes, f"{error} Gave up. Run the same command again to go on from here.")
        raise typer.Exit(UNREACHABLE) from None
    except KeyboardInterrupt:
        _say(notes, "Stopped. Run the same command again to go on from here.")
        raise typer.Exit(STOPPED) from None
    raise typer.Exit(code)


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _guessed(file: Path) -> Format:
    if file.suffix.lower() not in FORMATS:
        raise FileError("Say --format csv or --format ndjson: the file's name doesn't tell.")
    return FORMATS[file.suffix.lower()]


def _push(source: Source, client: Client, batch: int, target: Path, notes: Console) -> int:
    try:
        file = source.path.open("rb")
    except OSError as error:
        raise FileError(f"{source.path} can't be read: {error.strerror}.") from None
    with file:
        header = read_header(file, source.form, source.encoding)
        translate = _translation(source, header)
        bound_to = _bound_to(source, file, client)
        with Results(target, bound_to, secrets.token_hex(16)) as kept:
            if not kept.state.done:
                if kept.resumed:
                    _say(notes, f"Going on after row {kept.state.place.row:,}.")
                after = kept.state.place if kept.resumed else header.after
                found = rows(file, source.form, source.encoding, header, after)
                found = while_unchanged(found, file)
                with shown(notes, kept, source.path.stat().st_size) as show:
                    client.tell = show.say
                    entries = (entry_of(row, translate) for row in found)
                    push(entries, batch, client, kept, show.pushed)
            return _summary(kept, target)


def _translation(source: Source, header: Header) -> Translate:
    if source.mapping is None and source.form is Format.NDJSON:
        return _as_it_is
    if source.mapping is None:
        mapping = by_name(_known_columns(header.columns))
    else:
        mapping = read_mapping(source.mapping)
        if source.form is Format.CSV:
            _all_there(mapping, header.columns)
    return _by(mapping)


def _as_it_is(row: Row) -> Drafted:
    return Drafted(dict(row.cells))


def _by(mapping: FeedMapping) -> Callable[[Row], Drafted]:
    return lambda row: draft(mapping, row.cells)


def _known_columns(columns: Sequence[str]) -> list[str]:
    unknown = [column for column in columns if column not in FIELDS]
    lacking = list(faults_of_fields(dict.fromkeys(columns)))
    if unknown or lacking:
        raise FileError(
            "Say with --mapping which column is which field: without one the columns must be"
            " named for the fields."
            + "".join(f"\n  {text}" for text in lacking)
            + (f"\n  no fields: {', '.join(unknown)}" if unknown else "")
        )
    return list(columns)


def _all_there(mapping: FeedMapping, columns: Sequence[str]) -> None:
    missing = sorted(mapping.columns - set(columns))
    if missing:
        told = [f"{name!r}{_nearest(name, columns)}" for name in missing]
        raise FileError(f"The file has no column {', no column '.join(told)}.")


def _nearest(name: str, columns: Sequence[str]) -> str:
    near = get_close_matches(name, columns, 1)
    return f" (nearest: {near[0]!r})" if near else ""


def while_unchanged(found: Iterator[Row], file: BufferedReader) -> Iterator[Row]:
    """The rows, unless the file is being written meanwhile: its last row may be half of one."""
    began = os.fstat(file.fileno())
    yield from found
    ended = os.fstat(file.fileno())
    if (began.st_size, began.st_mtime_ns) != (ended.st_size, ended.st_mtime_ns):
        raise FileError(
            "The file changed while it was being pushed: its last rows were not sent. Push it"
            " once it is complete, with another --results: rows that were taken come back as"
            " duplicates."
        )


def _bound_to(source: Source, file: BufferedReader, client: Client) -> dict[str, str]:
    file.seek(0)
    mapping = b"" if source.mapping is None else source.mapping.read_bytes()
    return {
        "file": file_digest(file, "sha256").hexdigest(),
        "mapping": sha256(mapping).hexdigest(),
        "format": source.form.value,
        "encoding": source.encoding,
        "url": client.url.rstrip("/"),
        "client id": client.credentials.client_id,
    }


def _summary(kept: Results, target: Path) -> int:
    counts = kept.state.counts
    told = ", ".join(f"{number:,} {result}" for result, number in sorted(counts.items()))
    typer.echo(f"{counts.total():,} rows: {told or 'nothing to push'}. Row by row: {target}")
    return ALL_TAKEN if set(counts) <= TAKEN else SOME_REJECTED
