"""Loading is strict: every fault has its line, its column and what to write instead."""

import json
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.domain.loading import load, load_again
from services.scoring.domain.problems import ModelRefused, Problem
from tests.domain.scoring.builders import shipped
from tests.domain.scoring.small import SMALL


def refused(text: str) -> tuple[Problem, ...]:
    with pytest.raises(ModelRefused) as refusal:
        load(text, "small.yaml")
    return refusal.value.problems


def line_of(part: str) -> int:
    """The line of SMALL on which the part stands."""
    return SMALL[: SMALL.index(part)].count("\n") + 1


def test_a_sound_model_loads() -> None:
    assert [line.id for line in load(SMALL, "small.yaml").model.indicators] == ["hurt", "missing"]


# what is replaced, by what; the code of the one problem; part of what it says to write instead
FAULTS = {
    "unknown key": ("purpose:", "purpouse:", "unknown_key", "did you mean `purpose`?"),
    "missing key": ("decimals: 1\n", "", "missing", "`decimals` is missing"),
    "true for yes": ("answer: yes, observed_on: 2026-05-01}]\n    expect: {total: \"5\"",
                     "answer: true, observed_on: 2026-05-01}]\n    expect: {total: \"5\"",
                     "boolean", "`yes` and `no`"),
    "unquoted float": ('points: "2.5"', "points: 2.5", "unquoted", 'write "2.5" in quotes'),
    "unquoted whole points": ('points: "5"', "points: 5", "unquoted", 'write "5" in quotes'),
    "points that are no decimal": ('points: "2.5"', "points: 1e3", "unquoted",
                                   'write a decimal such as "2.5"'),
    "a number of any length": ("decimals: 1", "decimals: " + "9" * 5000, "not_whole", "0 to 4"),
    "a name of any length": ("  hurt:\n", "  hurt:\n".replace("hurt", "h" * 65), "malformed", ""),
    "a key that is a list": ("decimals: 1", "decimals: 1\n? [a, b]\n: x", "key_not_text",
                             "write one word as the key"),
    "too many decimals": ('points: "2.5"', 'points: "2.55"', "not_exact", "at most 1 decimals"),
    "a date that is not": ("effective_from: 2026-01-01", "effective_from: 2026-02-30",
                           "not_a_date", "a date that exists"),
    "two units": ("to: P6M", "to: P180D", "mixed_units", "one unit"),
    "an empty window": ("from: P6M, to: P12M", "from: P6M, to: P6M", "empty_window", "older"),
    "a tag": ("decimals: 1", "decimals: !!int 1", "tag", "remove"),
    "an anchor": ("title: A small model", "title: &t A small model", "anchor", "remove &t"),
    "an alias": ("title: A small model", "title: *t", "alias", "write the value out"),
    "a short reason": ("a model for the tests of loading", "short", "length", "20 to"),
    "a key that is not text": ("decimals: 1", "decimals: 1\n5: x", "key_not_text", "one word"),
    "null for text": ("title: A small model", "title:", "empty", "a line of text"),
    "a band that is not there": ("harm, band: high", "harm, band: hihg", "undeclared",
                                 "did you mean `high`?"),
    "a code nobody reads": ("{code: hurt, answer: y", "{code: hrt, answer: y", "undeclared",
                            "did you mean `hurt`?"),
    "bands that fall": ('high, from: "6"', 'high, from: "0"', "bands_fall", "begin above"),
    "harm without a floor": ("when: {kind: harm}", "when: {any_of: [missing]}",
                             "harm_without_floor", "in `any_of` or by `kind: harm`: harm acts"),
    "a refused code": ("reads: missing_episode", "reads: ethnicity", "refused_code", "never"),
    "negative points": ('points: "2.5"', 'points: "-2.5"', "negative_points", "protective"),
    "a golden case that fails": ('total: "5", band', 'total: "4", band', "golden_failed",
                                 "total is 5, not 4"),
    "an agency that holds nothing": ("  - name: lowest", "  - stale: [polise]\n    name: lowest",
                                     "undeclared", "did you mean `police`?"),
    "no age at all": ("decimals: 1", "decimals: 1\napplies: {age: {from: 18, below: 18}}",
                      "applies_to_nobody", "more than `from`"),
    "a floor for everyone": ("{kind: harm}}", '{any: [{kind: harm}, {single_points_from: "0"}]}}',
                             "points_not_positive", "above 0"),
    "a boundary not shown": ('from: "6"', 'from: "7"', "boundary_not_shown", "7.5"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "instead"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_found_where_it_stands(old: str, new: str, code: str, instead: str) -> None:
    problems = refused(SMALL.replace(old, new, 1))

    [found] = [problem for problem in problems if problem.code == code][:1]
    assert instead in found.message


def test_a_problem_reads_as_file_line_column_and_what_to_write() -> None:
    [problem] = refused(SMALL.replace('points: "2.5"', "points: 2.5"))

    line = line_of('points: "2.5"')
    assert str(problem) == f'small.yaml:{line}:13: write "2.5" in quotes'
    assert problem.path == "indicators.hurt.points"


def test_a_doubled_key_is_found_and_everything_after_it_still_read() -> None:
    text = SMALL.replace("decimals: 1\n", "decimals: 1\ndecimals: 2\n").replace(
        "kind: harm\n", "kind: harms\n"
    )

    assert [problem.code for problem in refused(text)] == ["duplicate_key", "not_a_choice"]


def test_what_is_no_yaml_at_all_is_one_problem_with_its_place() -> None:
    [problem] = refused(SMALL.replace("[police]", "[police"))

    assert problem.code == "syntax"
    assert problem.line > 1


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "a: b\n---\nc: d\n", "- 1\n", "\x00", "[" * 99]
)
def test_what_is_not_a_model_is_refused(text: str) -> None:
    assert refused(text)


def test_comments_key_order_and_trailing_zeros_do_not_change_the_hash() -> None:
    loaded = load(SMALL, "small.yaml")
    backwards = json.dumps(dict(reversed(loaded.document.items())))
    other = SMALL.replace('points: "5"', 'points: "5.0"').replace(
        "decimals: 1", "decimals: 1 # one"
    )

    assert load(other, "other.yaml").document_hash == loaded.document_hash
    assert load(backwards, "small.json").document_hash == loaded.document_hash
    assert asdict(load(backwards, "small.json").model) == asdict(loaded.model)


def test_a_key_written_at_its_default_does_not_change_the_hash() -> None:
    written = SMALL.replace(
        "golden:\n", "completeness: {otherwise: provisional}\nband_map: {}\ngolden:\n"
    )

    assert load(written, "small.yaml").document_hash == load(SMALL, "small.yaml").document_hash


def test_a_title_changes_the_document_but_not_the_rules() -> None:
    before, after = load(SMALL, "a"), load(SMALL.replace("A small", "Another small"), "b")

    assert before.document_hash != after.document_hash
    assert before.rules_hash == after.rules_hash


def test_points_change_the_rules() -> None:
    text = (
        SMALL.replace('points: "2.5"', 'points: "2.4"')
        .replace('"8.5"', '"8.4"')
        .replace('total: "2.5"', 'total: "2.4"')
    )

    assert load(text, "b").rules_hash != load(SMALL, "a").rules_hash


@pytest.mark.parametrize("name", ["seraf/1.0.yaml"])
def test_a_shipped_model_survives_a_round_trip(name: str) -> None:
    loaded = shipped(name)

    again = load(json.dumps(loaded.document), "again.json")

    assert (again.rules_hash, again.document) == (loaded.rules_hash, loaded.document)
    assert asdict(again.model) == asdict(loaded.model)


def test_what_is_written_at_its_default_is_dropped_and_reads_back() -> None:
    plain = SMALL.replace("decimals: 1", "decimals: 1\napplies: {age: {below: 18}}")
    written = plain.replace("age: {below", "age: {from: 0, below").replace(
        "title: Hurt", "reads: hurt\n    title: Hurt"
    )

    assert load(written, "a").document_hash == load(plain, "b").document_hash
    assert load(json.dumps(load(written, "a").document), "c").document == load(plain, "b").document


def test_an_indicator_of_no_known_kind_still_says_all_that_is_wrong_with_it() -> None:
    old = "hurt:\n    title: Hurt by someone\n    kind: harm"
    new = "hurt:\n    title: 4.2\n    kind: hram\n    foo: 1"
    text = SMALL.replace(old, new).replace('answer: flag\n    points: "2.5"', "answer: flga")
    found = {(problem.code, problem.path.rpartition(".")[2]) for problem in refused(text)}
    assert found >= {
        ("not_a_choice", "answer"),
        ("not_a_choice", "kind"),
        ("unquoted", "title"),
        ("unknown_key", "foo"),
    }


def test_windows_in_two_units_are_looked_at_one_by_one_too() -> None:
    text = SMALL.replace("from: P0M, to: P6M", "from: P6M, to: P3M").replace(
        "to: P12M", "to: P360D"
    )
    assert {"mixed_units", "empty_window"} <= {problem.code for problem in refused(text)}


def test_decimals_of_any_length_are_the_same_decimal() -> None:
    long = SMALL.replace('points: "5"', f'points: "5.{"0" * 5000}"')
    assert load(long, "a.yaml").document_hash == load(SMALL, "b.yaml").document_hash


@pytest.mark.timeout(20)
@pytest.mark.parametrize("opening", ["[", "{a: "])
def test_a_text_that_is_nested_for_ever_is_refused_soon_and_where_it_is(opening: str) -> None:
    (problem,) = refused("title: " + opening * 20_000)
    assert (problem.code, problem.line) == ("syntax", 1)
    assert problem.column > 1
    assert "nested" in problem.message


@pytest.mark.parametrize("hidden", ["\\u0000", "\\ud800", "\\u202e", "\\u200b"])
def test_what_an_approver_can_not_see_is_refused(hidden: str) -> None:
    [problem] = refused(SMALL.replace("title: A small model", f'title: "A {hidden} model"'))

    assert problem.code == "invisible"


def test_points_too_fine_to_check_are_refused_at_once() -> None:
    fine = SMALL.replace("decimals: 1", "decimals: 4").replace(
        'points: "2.5"', 'points: "999.9999"'
    )
    counted = 'answer: count\n    each: "0.0001"\n    at_most: "1000"'

    assert "too_fine" in {problem.code for problem in refused(fine)}
    counts = SMALL.replace("decimals: 1", "decimals: 4").replace(
        'answer: flag\n    points: "2.5"', counted
    )
    assert "at_most_too_high" in {problem.code for problem in refused(counts)}


# A reference to nothing, and what can still be said: of a golden case's codes, that the least total
# lies below the bands, that nothing reaches a band, and that a golden case fails.
REFERENCES = {
    "in a floor's condition": ("when: {kind: harm}", "when: {any_of: [hurt, nobody]}",
                               {"undeclared", "below_bands", "band_unreachable"}),
    "of a floor to its band": ("floors:\n", "floors:\n  - {id: none, band: hihg, reason: It, "
                               "when: {kind: harm}}\n", {"undeclared", "below_bands"}),
    "in an indicator's condition": ("reads: missing_episode", "reads: missing_episode\n    when: "
                                    "{code: nothing, is: yes}",
                                    {"undeclared", "below_bands", "band_unreachable"}),
    "of an indicator to its group": ("reads: missing_episode", "reads: missing_episode\n    "
                                     "group: signs", {"undeclared"}),
    "in what must be known": ("golden:\n", "completeness: {required: [nobody]}\ngolden:\n",
                              {"undeclared", "below_bands", "band_unreachable"}),
    "of an old band to a new one": ("golden:\n", "band_map: {low: lo}\ngolden:\n",
                                    {"undeclared", "below_bands", "band_unreachable",
                                     "golden_failed"}),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), REFERENCES.values(), ids=REFERENCES.keys())
def test_beside_a_reference_to_nothing_all_else_is_said(old: str, new: str, said: set[str]) -> None:
    faulty = (
        SMALL.replace('low, from: "0"', 'low, from: "1"')
        .replace("floors:\n", '  - {id: top, from: "99"}\nfloors:\n')
        .replace("{code: hurt, answer: yes", "{code: hurtt, answer: yes")
    )

    found = refused(faulty.replace(old, new, 1))

    assert any(problem.path.endswith("given.0.code") for problem in found)
    assert {problem.code for problem in found} - {"boundary_not_shown", "no_points_shown"} == said


def test_what_a_case_says_under_codes_that_are_known_is_looked_at_beside_a_fault_elsewhere() -> (
    None
):
    text = SMALL.replace("kind: risk", "kind: riks").replace("answer: no, ", "answer: maybe, ")
    wrong = text.replace(
        "{code: hurt, answer: maybe, observed_on: 2026-05-01",
        "{code: hurt, answer: maybe, observed_on: 2026-05-01, observed_until: 2026-04-01",
    )

    found = [(problem.code, problem.path) for problem in refused(wrong)]

    assert found == [
        ("not_a_choice", "indicators.missing.kind"),
        ("answer", "golden.0.given.1.answer"),
        ("period", "golden.0.given.1.observed_until"),
    ]


def test_without_sound_indicators_nothing_is_said_that_follows_from_them() -> None:
    found = refused(SMALL.replace("indicators:\n", "indicators: 5\nindicatorz:\n"))

    assert [problem.code for problem in found] == ["not_a_mapping", "unknown_key"]


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_whatever_is_done_to_a_file_it_loads_or_is_refused(data: st.DataObject) -> None:
    text = SMALL
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.integers(0, 30))
        piece = data.draw(
            st.sampled_from(
                [
                    "",
                    ":",
                    "- ",
                    "{",
                    "]",
                    "null",
                    "&a ",
                    "*a",
                    "!!int ",
                    '"',
                    "\n",
                    "\t",
                    "1e9",
                    "? ",
                    "---\n",
                    "%YAML 1.1\n",
                    "é",
                ]
            )
        )
        text = text[:start] + piece + text[end:]
    for problem in problems_of(text):
        assert problem.line > 0
        assert problem.message


def problems_of(text: str) -> tuple[Problem, ...]:
    try:
        load(text, "changed.yaml")
    except ModelRefused as refusal:
        return refusal.problems
    return ()


@pytest.mark.parametrize(
    "fault",
    [
        ("when: {kind: harm}", "when: {all: [{kind: harm}, {age_below: 0}]}"),
        ("missing:", f"{'m' * 70}:"),
        ("A small model", "A\u00a0small model"),
        ('total: "5", band', 'total: "4", band'),
    ],
)
def test_what_was_stored_as_sound_is_read_again_whatever_is_refused_since(
    fault: tuple[str, str],
) -> None:
    text = SMALL.replace(*fault, 1)
    assert refused(text)
    again = load_again(text, "stored.yaml")
    rewritten = load_again(json.dumps(again.document), "stored.yaml")
    assert (again.document_hash, again.rules_hash) == (
        rewritten.document_hash,
        rewritten.rules_hash,
    )
    assert len(again.model.indicators) == 2


def test_a_sound_model_is_the_same_read_again_and_a_broken_one_is_refused() -> None:
    first, again = load(SMALL, "a.yaml"), load_again(SMALL, "b.yaml")
    assert (again.document_hash, asdict(again.model)) == (first.document_hash, asdict(first.model))
    for broken in (SMALL.replace("flag", "flog"), SMALL.replace('"5"', "five"), "{", "a: 1"):
        with pytest.raises(ModelRefused):
            load_again(broken, "stored.yaml")


def test_options_without_quotes_are_read_on_and_golden_cases_may_answer_them() -> None:
    text = SMALL.replace(
        'answer: flag\n    points: "2.5"', "answer: choice\n    options: {0: 0, 1: 2.5}"
    ).replace("{code: hurt, answer: no", '{code: hurt, answer: "0"')
    text = text.replace("{code: hurt, answer: yes", '{code: hurt, answer: "1"')
    found = [(problem.column, problem.message) for problem in refused(text)]
    assert found == [
        (15, 'write the key "0" in quotes'),
        (18, 'write "0" in quotes'),
        (21, 'write the key "1" in quotes'),
        (24, 'write "2.5" in quotes'),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    windows:\n", "    within: P3M\n    windows:\n"),
        ('points: "2.5"', 'points: "2.5"\n    when: {any_of: [missing]}'),
        ('points: "2.5"', 'points: "2.5"\n    when: {all: [{kind: risk}]}'),
    ],
)
def test_a_key_that_stands_elsewhere_is_not_taken_for_a_slip_of_the_pen(old: str, new: str) -> None:
    found = [each for each in refused(SMALL.replace(old, new)) if each.code == "unknown_key"]
    assert len(found) == 1
    assert "the keys are" in found[0].message
    assert "did you mean" not in found[0].message
