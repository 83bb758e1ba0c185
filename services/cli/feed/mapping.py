"""A row of somebody's file as an indicator update: pure rules, no files.

Columns are as a practice system exports them; an update is as the API takes it. What can't be
translated is a fault of the row, told in words that never repeat what stood there.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

IDENTIFIERS = ("police_urn", "nhs_number", "upn", "council_id")
DATES = frozenset({"observed_on", "observed_until", "person.date_of_birth"})
WHOLE_NUMBERS = frozenset({"revision", "sequence"})
REQUIRED = ("source_ref", "revision", "code", "answer", "observed_on")
WHO = ("child.child_id", *(f"child.{kind}" for kind in IDENTIFIERS), "person.name")
FIELDS = (
    *REQUIRED,
    *WHO,
    "person.date_of_birth",
    "observed_until",
    "incident_ref",
    "sequence",
    "note_ref",
    "handling",
    "retracted",
    "source",
)
"""What a column can be mapped to. A child's identifier is `child.` and its type."""

Update = dict[str, Any]

_WHOLE_NUMBER = re.compile(r"[0-9]{1,18}")
_BOOLEANS = {"true": True, "false": False}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE_PARTS = re.compile(r"YYYY|MMM|MM|DD|HH|mm|ss|.")
_LOOSE = {"YYYY": r"(?P<year>\d{4})", "MMM": r"(?P<name>[A-Za-z]{3})"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a row: where (a JSON pointer into the update), a code, what to do."""

    pointer: str
    code: str
    message: str


class DateFormError(ValueError):
    """A form of dates that isn't understood. Says what to write."""


@dataclass(frozen=True, slots=True)
class DateForm:
    """How dates are written, as in `DD/MM/YYYY`. A time of day may follow; it is left out."""

    form: str
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, form: str) -> "DateForm":
        """Understand a form. Raises `DateFormError`."""
        parts = _DATE_PARTS.findall(form)
        named = [part for part in parts if len(part) > 1]
        month = [part for part in named if part in {"MM", "MMM"}]
        stray = [part for part in parts if len(part) == 1 and part.isalnum() and part != "T"]
        if stray or len(set(named)) != len(named) or len(month) != 1:
            raise DateFormError(_HOW_DATES)
        if not {"YYYY", "DD"} <= set(named):
            raise DateFormError(_HOW_DATES)
        # Between separators, 3/4/2026 can only be 03/04/2026.
        digits = r"\d{1,2}" if any(not part.isalnum() for part in parts) else r"\d{2}"
        days = {"DD": f"(?P<day>{digits})", "MM": f"(?P<month>{digits})"}
        clock = {"HH": r"\d{1,2}", "mm": r"\d{2}", "ss": r"\d{2}"}
        known = {**_LOOSE, **days, **clock}
        return cls(form, re.compile("".join(known.get(p, re.escape(p)) for p in parts), re.ASCII))

    def read(self, text: str) -> date | None:
        """The date that a text writes; None when it doesn't have the form, or is no day."""
        found = self.pattern.fullmatch(text)
        if found is None:
            return None
        parts = found.groupdict()
        try:
            month = int(parts["month"]) if "month" in parts else _month_of(parts["name"])
            return date(int(parts["year"]), month, int(parts["day"]))
        except ValueError:
            return None


_HOW_DATES = (
    "write how dates look with YYYY, MM (or MMM for Jan) and DD once each, as in DD/MM/YYYY;"
    " HH, mm and ss are read over"
)


def _month_of(name: str) -> int:
    return _MONTHS.index(name.lower()) + 1


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the value of a field comes from: a column, or always the same; and its changes, in
    this order: characters removed, translated, read as a date, a prefix put before it."""

    column: str | None = None
    constant: str | None = None
    remove: str = ""
    values: Mapping[str, str] | None = None
    """By the cell in lower case; a cell that isn't here is a fault. `""` is the empty cell."""
    date: DateForm | None = None
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class FeedMapping:
    """Which field of an update comes from where."""

    fields: Mapping[str, Origin]

    @property
    def columns(self) -> frozenset[str]:
        """The columns that a file must have."""
        return frozenset(o.column for o in self.fields.values() if o.column is not None)


@dataclass(slots=True)
class Drafted:
    """What a row came to: an update, and every fault that keeps it from being one."""

    update: Update
    faults: list[Fault] = field(default_factory=list)


def by_name(columns: list[str]) -> FeedMapping:
    """The mapping of a file whose columns are named for the fields."""
    return FeedMapping({name: Origin(column=name) for name in columns})


def faults_of_fields(names: Mapping[str, object]) -> Iterator[str]:
    """What a mapping lacks, in words."""
    for name in REQUIRED:
        if name not in names:
            hint = ", for example {constant: 1}" if name == "revision" else ""
            yield f"`{name}` is missing: every update needs it{hint}"
    if not any(name in names for name in WHO):
        yield f"nothing says whom a row is about: map one of {', '.join(WHO)}"


def draft(mapping: FeedMapping, cells: Mapping[str, object]) -> Drafted:
    """The update that a row stands for. An empty cell is a field left out.

    `person` goes along only where the row names the child in no other way: a name isn't sent
    when a number does.
    """
    drafted = Drafted({})
    for name, origin in mapping.fields.items():
        value = _value(name, origin, cells, drafted.faults)
        if value is not None:
            _put(drafted.update, name, value)
    if "child" in drafted.update:
        drafted.update.pop("person", None)
    return drafted


def _value(
    name: str, origin: Origin, cells: Mapping[str, object], faults: list[Fault]
) -> str | int | bool | None:
    text = origin.constant if origin.column is None else _text(cells.get(origin.column))
    if text is None:
        faults.append(_fault(name, origin, "wrong_type", "holds a list or an object"))
        return None
    for unwanted in origin.remove:
        text = text.replace(unwanted, "")
    text = text.strip()
    if origin.values is not None and (text or "" in origin.values):
        translated = origin.values.get(text.lower())
        if translated is None:
            faults.append(_fault(name, origin, "unknown_value", "isn't among the mapping's values"))
            return None
        text = translated
    return _typed(name, origin, text, faults) if text else None


def _text(cell: object) -> str | None:
    """A cell as text. In JSON it may be a number, true, false or null."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if cell is None or isinstance(cell, str | int | float):
        return "" if cell is None else str(cell)
    return None


def _typed(name: str, origin: Origin, text: str, faults: list[Fault]) -> str | int | bool | None:
    if origin.date is not None:
        day = origin.date.read(text)
        if day is None:
            message = f"isn't a date written {origin.date.form}"
            faults.append(_fault(name, origin, "invalid_date", message))
        return None if day is None else day.isoformat()
    if name in WHOLE_NUMBERS:
        if not _WHOLE_NUMBER.fullmatch(text):
            faults.append(_fault(name, origin, "wrong_type", "isn't a whole number"))
            return None
        return int(text)
    if name == "retracted":
        if text.lower() not in _BOOLEANS:
            faults.append(_fault(name, origin, "wrong_type", "isn't true or false"))
            return None
        return _BOOLEANS[text.lower()]
    return origin.prefix + text


def _fault(name: str, origin: Origin, code: str, message: str) -> Fault:
    where = f"column {origin.column}" if origin.column is not None else "the constant"
    return Fault(f"/{name.replace('.', '/')}", code, f"{where} {message}")


def _put(update: Update, name: str, value: str | int | bool) -> None:
    block, _, inner = name.rpartition(".")
    if block == "child" and inner in IDENTIFIERS:
        child = update.setdefault("child", {})
        child.setdefault("identifiers", []).append({"type": inner, "value": value})
    elif block:
        update.setdefault(block, {})[inner] = value
    else:
        update[inner] = value
