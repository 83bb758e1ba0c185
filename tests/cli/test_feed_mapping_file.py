"""The mapping file: what it may say, and what its author is told."""

from pathlib import Path

import pytest

from services.cli.feed.mapping import draft
from services.cli.feed.mapping_file import MappingError, read_mapping

GOOD = """\
schema: feed-map/1
fields:
  source_ref: {column: Ref}
  revision: {constant: 1}
  code: {column: Sign, values: {MISPER: missing_episode}}
  answer: {column: Present, values: {Y: yes, N: no}}
  observed_on: {column: Date, date: DD/MM/YYYY}
  child.police_urn: {column: URN}
  retracted: {constant: false}
"""


def read(tmp_path: Path, text: str | bytes) -> str:
    """What the author of a mapping is told."""
    path = tmp_path / "map.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(MappingError) as refused:
        read_mapping(path)
    return str(refused.value)


def test_a_good_mapping_makes_an_update_of_a_row(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(GOOD)
    row = {"Ref": "M-1", "Sign": "misper", "Present": "Y", "Date": "28/05/2026", "URN": "14/A"}
    assert draft(read_mapping(path), row).update == {
        "source_ref": "M-1",
        "revision": 1,
        "code": "missing_episode",
        "answer": "yes",
        "observed_on": "2026-05-28",
        "child": {"identifiers": [{"type": "police_urn", "value": "14/A"}]},
        "retracted": False,
    }


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("feed-map/1", "feed-map/2", "map.yaml:1: schema: Write one of: 'feed-map/1'."),
        ("{column: Ref}", "{colunm: Ref}", "map.yaml:3: fields.source_ref.colunm: This field"),
        ("{column: Ref}", "{}", "map.yaml:3: source_ref: write either `column` or `constant`"),
        ("{column: Ref}", "{column: A, constant: b}", "map.yaml:3: source_ref: write either"),
        ("{column: Ref}", "Ref", "map.yaml:3: fields.source_ref: Write an object."),
        ("revision: {constant: 1}", "retracted: {column: x}", "key stands here twice"),
        ("  revision: {constant: 1}\n", "", "map.yaml:2: `revision` is missing"),
        ("child.police_urn", "note_ref", "map.yaml:2: nothing says whom a row is about"),
        ("child.police_urn", "child.urn", "map.yaml:8: child.urn: an update has no such field"),
        ("DD/MM/YYYY", "DD/MM/YY", "map.yaml:7: observed_on: write how dates look"),
        ("{column: URN}", "{column: URN, date: DD/MM/YYYY}", "map.yaml:8: child.police_urn: only"),
        ("{Y: yes, N: no}", "{Y: yes, y: no}", "map.yaml:6: answer: two of the values are"),
        ("{Y: yes, N: no}", "{Y: 1}", "map.yaml:6: fields.answer.values.Y: Write a text."),
        ("fields:", "fields: &all", "anchors and aliases aren't read"),
        ("fields:", "fields: [", "not YAML"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_to_write(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert told in read(tmp_path, GOOD.replace(old, new, 1))


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("{column: Ref}", "{}").replace("DD/MM/YYYY", "soon")
    assert len(read(tmp_path, text).splitlines()) == 2


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"\x00", b"fields: &a [*a]", b"[" * 500, b"a" * 300_000]
)
def test_what_is_no_mapping_at_all_is_told_in_a_line(tmp_path: Path, content: bytes) -> None:
    assert "map.yaml" in read(tmp_path, content)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="No such file"):
        read_mapping(tmp_path / "absent.yaml")
