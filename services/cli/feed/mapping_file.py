"""The column-mapping file, `feed-map/1`: read strictly, every fault at once with its line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints
from ruamel.yaml.error import YAMLError

from services.cli.feed.mapping import (
    DATES,
    FIELDS,
    DateForm,
    DateFormError,
    FeedMapping,
    Origin,
    faults_of_fields,
)
from services.gateway.strict_yaml import FileFaultsError, LocatedFile, StrictModel

MAX_BYTES = 256 * 1024

Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class MappingError(Exception):
    """The mapping can't be used. Says what to write instead, each fault with its line."""


class _Origin(StrictModel):
    column: Text | None = None
    constant: str | int | bool | None = None
    remove: str = Field(default="", max_length=20)
    values: dict[str, str] | None = None
    date: str | None = None
    prefix: str = Field(default="", max_length=40)


class _File(StrictModel):
    schema_: Literal["feed-map/1"] = Field(alias="schema")
    fields: dict[str, _Origin]


def read_mapping(path: Path) -> FeedMapping:
    """The mapping in a file.

    Raises:
        MappingError: it can't be read, or says something that isn't understood.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise MappingError(f"{path.name} is larger than a mapping can be: is it the data?")
        located = LocatedFile(path)
        found = located.read_as(_File)
        for place, text in _faults(found):
            located.fault(place, text)
        located.raise_faults()
    except FileFaultsError as error:
        raise MappingError(str(error)) from None
    except OSError as error:
        raise MappingError(f"{path} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise MappingError(f"{path.name} isn't UTF-8 (byte {error.start}).") from None
    except (YAMLError, RecursionError):
        raise MappingError(f"{path.name} isn't a YAML text that can be read.") from None
    return FeedMapping({name: _origin(one) for name, one in found.fields.items()})


def _faults(file: _File) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for text in faults_of_fields(file.fields):
        yield ("fields",), text
    for name, origin in file.fields.items():
        place = ("fields", name)
        if name not in FIELDS:
            yield place, f"{name}: an update has no such field; write one of {', '.join(FIELDS)}"
        if (origin.column is None) == (origin.constant is None):
            yield place, f"{name}: write either `column` or `constant`"
        yield from (((*place, key), f"{name}: {text}") for key, text in _odd(name, origin))


def _odd(name: str, origin: _Origin) -> Iterator[tuple[str, str]]:
    if origin.date is not None:
        if name not in DATES:
            yield "date", f"only {', '.join(sorted(DATES))} are dates"
        try:
            DateForm.of(origin.date)
        except DateFormError as error:
            yield "date", str(error)
    lowered = [key.strip().lower() for key in origin.values or {}]
    if len(set(lowered)) != len(lowered):
        yield "values", "two of the values are the same: capitals make no difference"


def _origin(read: _Origin) -> Origin:
    constant = read.constant
    if isinstance(constant, bool):
        constant = str(constant).lower()
    return Origin(
        column=read.column,
        constant=None if constant is None else str(constant),
        remove=read.remove,
        values=None
        if read.values is None
        else {key.strip().lower(): value for key, value in read.values.items()},
        date=None if read.date is None else DateForm.of(read.date),
        prefix=read.prefix,
    )
