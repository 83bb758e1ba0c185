"""A fault of writing is found where a person has to write: `»` marks the place in each text."""

import json

import pytest

from services.scoring.domain.loading import load
from services.scoring.domain.problems import ModelRefused, Problem
from tests.domain.scoring.small import SMALL

QUOTE = "close this quote where the text ends"
TAB = "write spaces instead of this tab"
INDENT = "indent this line as those it belongs to"
AFTER = "nothing follows a text on its line"
DIRECTIVE = "remove a directive"
HIDDEN = "remove the character U+{:04X}"
TAG = "quote what is text, leave the rest plain"
COLON = "write a colon and a space after this key"
SLUG = "small letters, digits and -"

FAULTS = {
    # a value that is not there: the end of its own key
    "no value": ("model:»\ntitle: x\n", SLUG),
    "no value, far from the next key": ("model:»\n\n# one\n# two\ntitle: x\n", SLUG),
    "no value, at the end": ("title: x\nmodel:»\n\n# the end\n", SLUG),
    "no value, a comment": ("model:»  # to do\ntitle: x\n", SLUG),
    "no value, a space": ("model :»\ntitle: x\n", SLUG),
    "no value, further in": ("change:\n  kind:»\n  reason: x\ntitle: x\n", "`new` or"),
    "no value in braces": ("change: {kind:» , reason: x}\n", "`new` or"),
    "no colon in braces": ("change: {kind»}\n", "`new` or"),
    "no value of a long key": ("? model\n:»\ntitle: x\n", SLUG),
    "no value and no colon": ("? model»\ntitle: x\n", SLUG),
    "no value in a quoted key": ('"model":»\ntitle: x\n', SLUG),
    "no value in the second line of two": ("bands:\n  - id: low\n    from: null\n  -»\n", "keys"),
    # characters
    "a control character": ("title: x\nmodel: a»\x07b\n", HIDDEN.format(7)),
    "a control character in a comment": ("title: x\n# »\x07\n", HIDDEN.format(7)),
    "a control character far on": ("#\n" * 5000 + "a: »\x00\n", HIDDEN.format(0)),
    "half a character": ('title: "»\ud800"\n', HIDDEN.format(0xD800)),
    "a next line": ("title: a»\x85model: b\n", HIDDEN.format(0x85)),
    "a line separator": ('title: "a»\u2028b"\n', HIDDEN.format(0x2028)),
    "a paragraph separator in a comment": ("# a»\u2029model: b\n", HIDDEN.format(0x2029)),
    "a byte order mark further on": ("title: x\n»\ufeffmodel: b\n", HIDDEN.format(0xFEFF)),
    "after a byte order mark": ("\ufeffmodel: »1\n", SLUG),
    "after Windows line ends": ("title: x\r\nmodel: »1\r\n", SLUG),
    "after old Mac line ends": ("title: x\rmodel: »1\r", SLUG),
    "after a character of two halves": ("title: 😀\nchange: {reason: 😀, kind: »1}\n", "`new`"),
    # directives and documents
    "a directive": ("»%YAML 1.2\n---\ntitle: x\n", DIRECTIVE),
    "a directive below a comment": ("# x\n\n»%YAML 1.1\n# y\n---\ntitle: x\n", DIRECTIVE),
    "a directive of another version": ("»%YAML 3.0\n---\ntitle: x\n", DIRECTIVE),
    "a directive of no version": ("»%YAML x\n---\ntitle: x\n", DIRECTIVE),
    "a directive of a long version": (f"»%YAML 1.{'1' * 5000}\n---\ntitle: x\n", DIRECTIVE),
    "a directive for tags": ("»%TAG ! tag:x,2000:\n---\ntitle: x\n", DIRECTIVE),
    "a directive nobody knows": ("»%X\n---\ntitle: x\n", DIRECTIVE),
    "a directive without a document": ("»%YAML 1.2\ntitle: x\n", DIRECTIVE),
    "a directive in the middle": ("title: x\n»%YAML 1.2\n---\nx: y\n", DIRECTIVE),
    "a further document": ("title: x\n»---\nx: y\n", "one model a file"),
    "a further document, ended": ("title: x\n...\n»x: y\n", "one model a file"),
    "nothing": ("»", "the file is empty"),
    "nothing but a mark": ("»---\n", "the file is empty"),
    "a list and then more": ("[a] »[b]\n", "write keys with values"),
    # brackets and quotes that nobody closed
    "a bracket": ("title: x\nbands: »[a, b\nmodel: c\ngolden: d\n", "close this `[` with a `]`"),
    "a brace": ("change: »{kind: new\nmodel: c\n", "close this `{` with a `}`"),
    "a brace further in": ("bands:\n  - »{id: a, from: b\n  - {id: c}\n", "close this `{`"),
    "a bracket at the end": ("title: x\nbands: »[a, b\n", "close this `[` with a `]`"),
    "a bracket and no line end": ("title: x\nbands: [a, b»", "write a comma or `]`"),
    "the wrong bracket": ("change: {a: [b, c»}\n", "write a comma or `]`"),
    "a bracket too many": ("bands: [a]»]\n", "remove this `]`"),
    "a brace alone": ("bands: »}\n", "remove this `}`"),
    "a double quote": ('title: »"x\nmodel: b\n', QUOTE),
    "a single quote": ("title: »'x\nmodel: b\n", QUOTE),
    "a quote that the next one closes": ('title: »"x\nmodel: "b"\npurpose: c\n', QUOTE),
    "a quote in braces": ('bands:\n  - {id: »"a, b: c}\n  - {id: "d"}\n', QUOTE),
    "a quote before a new document": ('title: »"x\n---\n', QUOTE),
    "a quote within quotes": ("title: 'the child'»s home'\n", AFTER),
    "more after a quote": ('title: "x" »y\n', AFTER),
    # commas, colons, dashes, indentation
    "no comma": ('change: {a: "b" »c: "d"}\n', "write a comma or `}`"),
    "no comma between plain texts": ("change: {a: »b c: d}\n", "write a comma before the key"),
    "no comma over two lines": ("change: {a: b,\n         c: »d\n         e: f}\n", "a comma"),
    "a comma too many": ("bands: [a, », b]\n", "write a value before this"),
    "no colon": ("title: x\n»model b\npurpose: c\n", COLON),
    "no space after a colon": ("title: x\n»model:b\npurpose: c\n", COLON),
    "a key of two lines": ('title: x\n»"mo\ndel": b\n', COLON),
    "a colon in a text": ("title: x»: y\n", "text with a colon in quotes"),
    "a key too far in": ("title: x\n  model»: b\n", "as far in as those beside it"),
    "a key not far enough in": ("change:\n    kind: new\n  »reason: b\n", INDENT),
    "a list among keys": ("title: x\n»- b\n", INDENT),
    "a key in a list": ("bands:\n  - a\n  »b: c\n", INDENT),
    "a text not far enough in": ("title: >\n  a\n »b\nmodel: c\n", INDENT),
    "a dash in brackets": ("bands: [\n  »- a\n]\n", "no dashes inside brackets"),
    "a dash behind a key": ("bands: »- a\n", "on a line of its own"),
    "a tab to indent": ("change:\n»\tkind: new\n", TAB),
    "a tab after spaces": ("change:\n  »\tkind: new\n", TAB),
    "a tab after a colon": ("title:»\tx\n", TAB),
    # what begins with a sign
    "an at": ("title: »@x\n", "begins with @ in quotes"),
    "a backtick": ("title: »`x`\n", "begins with ` in quotes"),
    "a percent": ("title: »%x\n", "begins with % in quotes"),
    "an ampersand": ("title: »& x\n", "begins with & in quotes"),
    "a star": ("title: »* x\n", "begins with * in quotes"),
    "an unknown block": ("title: »|x\n  y\n", "write this text in quotes"),
    "an escape nobody knows": ('title: "a\\»qb"\n', "for a backslash"),
    "an escape that is cut short": ('title: "a\\x»zz"\n', "for a backslash"),
    "an escape beyond all characters": ('title: "a»\\U00110000"\n', "no character has this number"),
    "an escape far beyond": ('title: "a»\\UFFFFFFFF"\n', "no character has this number"),
    "an anchor": ("title: »&a x\n", "remove &a"),
    "an anchor on a key": ("»&a title: x\n", "remove &a"),
    "an anchor on a list": ("bands: »&a\n  - x\n", "remove &a"),
    "an alias": ("title: »*a\n", "write the value out"),
    "an alias as a key": ("»*a : x\n", "write the value out"),
    "a tag": ("title: »!!str x\n", f"remove !!str: {TAG}"),
    "a tag of one's own": ("title: »!x y\n", f"remove !x: {TAG}"),
    "a tag alone": ("title: »!\n", f"remove !: {TAG}"),
    "a tag of no family": ("title: »!x!y z\n", TAG),
    "a tag that does not end": ("title: »!<x y\n", TAG),
    "a tag that can't be": ("title: »!%zz y\n", TAG),
    # keys
    "a doubled key": ("title: x\nmodel: y\n»title: z\n", "first on line 1: keep one"),
    "a doubled key in braces": ("change: {kind: new, »kind: new}\n", "first on line 1: keep one"),
    "a key that is a list": ("title: x\n? »[a]\n: b\n", "write one word as the key"),
    "a key that is not there": ("title: x\n»: b\n", "write one word as the key"),
    "a merge": ("change: {»<<: x}\n", "`<<` is not a key here"),
}  # fmt: skip


@pytest.mark.parametrize(("marked", "instead"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_stands_where_a_person_has_to_write(marked: str, instead: str) -> None:
    before, _, after = marked.partition("»")
    lines = before.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")

    found = [
        problem.message
        for problem in refused(before + after)
        if (problem.line, problem.column) == (len(lines), len(lines[-1]) + 1)
    ]

    assert any(instead in message for message in found), found


def test_a_directive_hides_no_other_fault() -> None:
    text = "%YAML 1.1\n%FOO\n---\n" + SMALL.replace("kind: harm\n", "kind: harms\n")

    assert [(each.line, each.code) for each in refused(text)] == [
        (1, "directive"),
        (2, "directive"),
        (23, "not_a_choice"),
    ]


# what is replaced, by what, and the codes of the problems, in the order of the file
HIDDEN_BEHIND = {
    "a list too long": ("held_by: [police]", "held_by: [A, " + "b, " * 1000 + "c]",
                        ["length", "malformed"]),
    "no condition at all": ("when: {kind: harm}", "when: {al: [{age_below: 3}], within: 6}",
                            ["which", "unknown_key", "unquoted"]),
    "two conditions": ("when: {kind: harm}", "when: {kind: harms, any_of: [Hurt]}",
                       ["which", "not_a_choice", "malformed"]),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "codes"), HIDDEN_BEHIND.values(), ids=HIDDEN_BEHIND.keys())
def test_no_fault_hides_another(old: str, new: str, codes: list[str]) -> None:
    assert [each.code for each in refused(SMALL.replace(old, new, 1))] == codes


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_a_file_of_another_system_is_the_same_model(end: str) -> None:
    loaded = load("\ufeff" + SMALL.replace("\n", end), "small.yaml")

    assert loaded.document_hash == load(SMALL, "small.yaml").document_hash


def test_a_model_written_as_json_is_the_same_model() -> None:
    loaded = load(SMALL.replace("A small model", "A small 😀 model/x"), "small.yaml")
    escaped = json.dumps(loaded.document).replace("/x", "\\/x")

    assert "\\ud83d\\ude00 model\\/x" in escaped
    assert load(escaped, "small.json").document_hash == loaded.document_hash


def refused(text: str) -> tuple[Problem, ...]:
    with pytest.raises(ModelRefused) as refusal:
        load(text, "small.yaml")
    return refusal.value.problems
