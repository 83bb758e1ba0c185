"""The model card: what a version is for, what it counts, what it did to whom, and its limits. For
anybody to read, so it names nobody and tells no small number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.scoring.domain.refused_codes import REFUSED_CODES
from services.scoring.domain.sentences import length, name
from services.scoring.domain.tally import DIMENSIONS, Shown, Tally, enough, suppressed
from services.scoring.domain.versions import Version, in_force_from, retired_on
from services.scoring.domain.wording import condition, range_name, silence, window_name, within

Json = Mapping[str, Any]

AUTHOR = "author of the weights"
APPROVER = "approver of the weights, another person"
ROLLBACK = "rollback"
EMERGENCY = "one approver of the weights, in an emergency"


@dataclass(frozen=True, slots=True)
class Assessed:
    """The assessment that a card tells of."""

    as_of: date
    against: str | None
    population: int
    set_apart: int
    tally: Tally


def proposed_by(version: Version) -> str | None:
    """By which role, never by whom."""
    return None if version.proposed_at is None else AUTHOR


def approved_by(version: Version) -> str | None:
    """By which role, never by whom."""
    if version.approved_at is None:
        return None
    return APPROVER if version.returns_to is None else EMERGENCY


def public_reason(kind: str, reason: str) -> str | None:
    """Why, as the author wrote it to be read; of a rollback it was written in the hour of need, for
    the history alone."""
    return None if kind == ROLLBACK else reason


def card(version: Version, document: Json, assessed: Assessed | None) -> str:
    """The card, in Markdown."""
    return "\n".join(
        [
            f"# {_plain(document['title'])}",
            "",
            _plain(document["purpose"]),
            "",
            *_life(version, document["change"]),
            *_weights(document),
            *_bands(document),
            *_limits(document),
            *_figures(assessed),
        ]
    )


def _life(version: Version, change: Json) -> Iterator[str]:
    retired = retired_on(version)
    why = public_reason(change["kind"], change["reason"])
    facts = {
        "Version": f"{version.model} {version.version}, {version.state}",
        "Change": change["kind"] if why is None else f"{change['kind']}: {why}",
        "Reference": change.get("reference"),
        "In force from": in_force_from(version),
        "Proposed": _when(version.proposed_at, proposed_by(version)),
        "Approved": _when(version.approved_at, approved_by(version)),
        "Retired": retired and f"{retired} ({_affected(version)})",
        "Document hash": f"`{version.document_hash}`",
        "Rules hash": f"`{version.rules_hash}`",
    }
    yield from _table(("", ""), [(head, fact) for head, fact in facts.items() if fact is not None])


def _when(at: datetime | None, role: str | None) -> str | None:
    return None if at is None else f"{at.date()}, by the {role}"


def _affected(version: Version) -> str:
    return f"{_number(version.ended_affected or 0)} children's scores stood under it"


def _number(children: int) -> str:
    return "fewer than six" if enough(children) is None else f"{children:,}"


def _weights(document: Json) -> Iterator[str]:
    yield "## What it counts"
    yield ""
    yield from _table(
        ("Indicator", "Kind", "Could be known by", "Points", "Reference", "Review by"),
        [
            (
                line["title"],
                line["kind"],
                ", ".join(line["held_by"]).replace("_", " "),
                "; ".join(_points(line)),
                line.get("reference"),
                line.get("review_by"),
            )
            for line in document["indicators"].values()
        ],
    )
    for group_id, group in document.get("groups", {}).items():
        members = [
            line["title"]
            for line in document["indicators"].values()
            if line.get("group") == group_id
        ]
        how = "only the highest counts" if group["combine"] == "max" else "they are added up"
        cap = f", at most {group['cap']} points together" if "cap" in group else ""
        yield f"- {name(group_id)}: {how}{cap} ({_plain(', '.join(members))})"
    if document.get("groups"):
        yield ""


def _points(line: Json) -> Iterator[str]:
    aged = f" {within(line['within'])}" if "within" in line else ""
    for window in line.get("windows", ()):
        yield f"{window['points']} if so {window_name(window)}"
    for option, points in line.get("options", {}).items():
        yield f"{points} if {option.replace('_', ' ')}{aged}"
    for each in line.get("ranges", ()):
        yield f"{each['points']} if {range_name(each)}{aged}"
    if "each" in line:
        yield f"{line['each']} for each{aged}, at most {line['at_most']}"
    if "points" in line:
        yield f"{line['points']} if so{aged}"
    if "absence" in line:
        yield f"hearing nothing means {silence(line['absence'])}"
    if "when" in line:
        yield f"only if {condition(line['when'])}"


def _bands(document: Json) -> Iterator[str]:
    yield "## Bands and floors"
    yield ""
    yield from _table(
        ("Band", "From", "Means", "Looked at again within"),
        [
            (
                band.get("title", name(band["id"])),
                "a floor only" if band.get("from") is None else band["from"],
                band.get("definition"),
                length(band["review_within"]) if "review_within" in band else None,
            )
            for band in document["bands"]
        ],
    )
    for floor in document.get("floors", ()):
        when = f"{floor['reason']} ({condition(floor['when'])})"
        yield f"- at least {name(floor['band'])}: {_plain(when)}"
    yield ""


OTHERWISE = {
    "provisional": "provisional",
    "incomplete": "incomplete: its points give it no band",
}


def _limits(document: Json) -> Iterator[str]:
    ages = document.get("applies", {}).get("age", {})
    rule = document.get("completeness", {})
    yield "## Known limits"
    yield ""
    yield "- It supports a decision and never makes one. A named person decides, with a reason."
    yield "- It counts what agencies recorded. What nobody recorded is unknown, which is not a no."
    if ages:
        yield f"- It is for the ages {range_name(ages)} alone."
    lines = document["indicators"]
    known = rule.get("min_known", len(lines))
    otherwise = OTHERWISE[rule.get("otherwise", "provisional")]
    yield f"- With fewer than {known} of {len(lines)} indicators known a score is {otherwise}."
    if "required" in rule:
        titles = ", ".join(lines[each]["title"] for each in rule["required"])
        yield f"- So it is where one of these is not known: {_plain(titles)}."
    yield f"- It never reads: {', '.join(sorted(REFUSED_CODES)).replace('_', ' ')}."
    yield "- Whether its points predict harm has not been shown here; the figures say who is where."
    yield ""


def _figures(assessed: Assessed | None) -> Iterator[str]:
    yield "## What it does to whom"
    yield ""
    if assessed is None:
        yield "No assessment of it has been approved."
        return
    against = "no version in force before" if assessed.against is None else assessed.against
    yield (
        f"{assessed.population:,} children on {assessed.as_of}, against {against};"
        f" {_number(assessed.set_apart)} could not be scored. Where numbers are missing, they or"
        " others that would give them away are below six."
    )
    yield ""
    shown = suppressed(assessed.tally, assessed.set_apart)
    for dimension in DIMENSIONS:
        yield f"### {'All children' if dimension == 'all' else dimension.replace('_', ' ')}"
        yield ""
        yield from _table(
            ("Group", "Band before", "Band after", "Children"),
            [_cell(each) for each in shown if each.cell.dimension == dimension],
        )
    for band, number in assessed.tally.near.items():
        yield f"- within one point of where {name(band)} begins: {_number(number)}"
    if assessed.tally.never:
        yield f"- indicators that no child has: {', '.join(map(name, assessed.tally.never))}"


def _cell(shown: Shown) -> tuple[str, str, str, str]:
    cell, number = shown
    return (
        cell.group.replace("_", " "),
        name(cell.before or "none"),
        name(cell.after or "none"),
        "" if number is None else f"{number:,}",
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield f"| {' | '.join('' if cell is None else _plain(cell) for cell in row)} |"
    yield ""


def _plain(value: object) -> str:
    """One line, and no end of a cell in it."""
    return " ".join(str(value).split()).replace("|", "\\|")
