"""A row of an export as an update: the table of what mappings can say."""

from datetime import date
from typing import Any

import pytest

from services.cli.feed.mapping import DateForm, DateFormError, FeedMapping, Origin, draft


def of(name: str, cell: object, **changes: Any) -> tuple[object, list[str]]:
    """What one field, mapped to the column `C`, comes to: its value and its fault codes."""
    drafted = draft(FeedMapping({name: Origin(column="C", **changes)}), {"C": cell})
    block, _, inner = name.rpartition(".")
    found = drafted.update.get(block, {}) if block else drafted.update
    return found.get(inner), [fault.code for fault in drafted.faults]


YES_NO = {"y": "yes", "n": "no", "": "not_known"}


@pytest.mark.parametrize(
    ("name", "cell", "changes", "value"),
    [
        ("code", "missing_episode", {}, "missing_episode"),
        ("code", "  missing_episode\u00a0", {}, "missing_episode"),
        ("answer", "Y", {"values": YES_NO}, "yes"),
        ("answer", " n ", {"values": YES_NO}, "no"),
        ("answer", "", {"values": YES_NO}, "not_known"),
        ("answer", None, {"values": YES_NO}, "not_known"),
        ("answer", 12.5, {}, "12.5"),
        ("answer", True, {"values": {"true": "yes"}}, "yes"),
        ("revision", "3", {}, 3),
        ("revision", 3, {}, 3),
        ("sequence", "0012", {}, 12),
        ("retracted", "TRUE", {}, True),
        ("retracted", "X", {"values": {"x": "true"}}, True),
        ("observed_on", "2026-05-28", {}, "2026-05-28"),
        ("observed_on", "28/05/2026", {"date": DateForm.of("DD/MM/YYYY")}, "2026-05-28"),
        ("incident_ref", "M-17", {"prefix": "police:"}, "police:M-17"),
        ("incident_ref", "", {"prefix": "police:"}, None),
        ("note_ref", "A B-C", {"remove": " -"}, "ABC"),
        ("note_ref", "", {}, None),
        ("note_ref", None, {}, None),
    ],
)
def test_a_cell_becomes_the_value_of_a_field(
    name: str, cell: object, changes: dict[str, Any], value: object
) -> None:
    assert of(name, cell, **changes) == (value, [])


@pytest.mark.parametrize(
    ("name", "cell", "changes", "code"),
    [
        ("answer", "perhaps", {"values": YES_NO}, "unknown_value"),
        ("observed_on", "31/02/2026", {"date": DateForm.of("DD/MM/YYYY")}, "invalid_date"),
        ("observed_on", "2026-05-28", {"date": DateForm.of("DD/MM/YYYY")}, "invalid_date"),
        ("revision", "first", {}, "wrong_type"),
        ("revision", "-1", {}, "wrong_type"),
        ("revision", "9" * 30, {}, "wrong_type"),
        ("retracted", "maybe", {}, "wrong_type"),
        ("note_ref", ["a"], {}, "wrong_type"),
    ],
)
def test_a_cell_that_cannot_be_translated_is_a_fault_of_the_row(
    name: str, cell: object, changes: dict[str, Any], code: str
) -> None:
    assert of(name, cell, **changes) == (None, [code])


def test_a_fault_names_field_and_column_but_never_what_stood_there() -> None:
    mapping = FeedMapping({"observed_on": Origin("When", date=DateForm.of("DD/MM/YYYY"))})
    [fault] = draft(mapping, {"When": "Example Childone"}).faults
    assert fault.pointer == "/observed_on"
    assert fault.message == "column When isn't a date written DD/MM/YYYY"


def test_every_fault_of_a_row_is_told_at_once() -> None:
    mapping = FeedMapping({"revision": Origin("R"), "answer": Origin("A", values=YES_NO)})
    assert len(draft(mapping, {"R": "x", "A": "x"}).faults) == 2


def test_identifiers_of_several_kinds_name_one_child() -> None:
    mapping = FeedMapping(
        {"child.police_urn": Origin("URN"), "child.nhs_number": Origin("NHS", remove=" ")}
    )
    drafted = draft(mapping, {"URN": "14/A-77031", "NHS": "999 000 0018"})
    assert drafted.update["child"] == {
        "identifiers": [
            {"type": "police_urn", "value": "14/A-77031"},
            {"type": "nhs_number", "value": "9990000018"},
        ]
    }


@pytest.mark.parametrize(("urn", "sent"), [("14/A-77031", False), ("", True)])
def test_a_name_is_sent_only_where_no_number_says_who_it_is(urn: str, sent: bool) -> None:
    mapping = FeedMapping({"child.police_urn": Origin("URN"), "person.name": Origin("Name")})
    drafted = draft(mapping, {"URN": urn, "Name": "Example Childone"})
    assert ("person" in drafted.update) is sent


def test_a_constant_stands_in_every_row() -> None:
    mapping = FeedMapping({"revision": Origin(constant="1"), "code": Origin(constant="gang")})
    assert draft(mapping, {}).update == {"revision": 1, "code": "gang"}


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [
        ("YYYY-MM-DD", "2026-05-28", date(2026, 5, 28)),
        ("YYYY-MM-DD", "2026-5-8", date(2026, 5, 8)),
        ("DD/MM/YYYY", "3/4/2026", date(2026, 4, 3)),
        ("MM/DD/YYYY", "3/4/2026", date(2026, 3, 4)),
        ("DD.MM.YYYY", "28.05.2026", date(2026, 5, 28)),
        ("DD-MMM-YYYY", "28-may-2026", date(2026, 5, 28)),
        ("DD/MM/YYYY HH:mm", "28/05/2026 9:15", date(2026, 5, 28)),
        ("YYYY-MM-DDTHH:mm:ss", "2026-05-28T09:15:00", date(2026, 5, 28)),
        ("YYYYMMDD", "20260528", date(2026, 5, 28)),
        ("YYYYMMDD", "2026528", None),
        ("DD/MM/YYYY", "29/02/2024", date(2024, 2, 29)),
        ("DD/MM/YYYY", "29/02/2026", None),
        ("DD/MM/YYYY", "28/05/26", None),
        ("DD/MM/YYYY", "28-05-2026", None),
        ("DD/MM/YYYY", "\u0662\u0668/05/2026", None),
        ("DD-MMM-YYYY", "28-Mai-2026", None),
        ("DD/MM/YYYY", "", None),
    ],
)
def test_dates_are_read_in_the_form_that_is_named(form: str, text: str, day: date | None) -> None:
    assert DateForm.of(form).read(text) == day


@pytest.mark.parametrize("form", ["", "DD/MM", "DD/MM/YY", "DD/MM/YYYY/MM", "dd/mm/yyyy", "MM MMM"])
def test_a_form_of_dates_that_leaves_doubt_is_refused(form: str) -> None:
    with pytest.raises(DateFormError, match="as in DD/MM/YYYY"):
        DateForm.of(form)
