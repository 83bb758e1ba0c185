"""What changed between two versions, as a manager reads it who knows no YAML."""

from typing import Any

import pytest

from services.scoring.domain.diff.document import diff
from services.scoring.domain.loading import load
from tests.domain.scoring.small import SMALL

Json = Any


def texts(*changes: tuple[str, str]) -> list[str]:
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    before, after = load(SMALL, "a.yaml"), load(text, "b.yaml")
    return said(before.document, after.document)


def said(before: Json, after: Json) -> list[str]:
    return [difference.text for difference in diff(before, after)]


def test_the_same_model_has_no_differences() -> None:
    assert texts(("decimals: 1", "decimals: 1  # as before")) == []


def test_points_written_otherwise_are_the_same_points() -> None:
    assert texts(("decimals: 1", "decimals: 2"), ('"2.5"', '"2.50"')) == [
        "decimals that points may have: 1 → 2"
    ]


def test_a_window_is_named_by_its_ages() -> None:
    assert texts(
        ('to: P12M, points: "1"', 'to: P12M, points: "1.5"'), ('"6"', '"6.5"'), ('"8.5"', '"9"')
    ) == [
        "indicators, missing, windows, between 6 months and 12 months ago: 1 point → 1.5 points",
        "bands, high, reached: from 6 points → from 6.5 points",
        "golden cases, “lowest in high”, expected, total: 6 → 6.5",
        "golden cases, “lowest in high”, expected, interval: 6 to 8.5 → 6.5 to 9",
    ]


def test_a_difference_says_what_stands_in_the_documents_too() -> None:
    [found] = diff(missing(windows=[P6M, EVER]), missing(windows=[P6M | {"points": "6"}, EVER]))

    where = ("indicators", "missing", "windows", "in the last 6 months", "points")
    assert (found.path, found.before, found.after) == (where, "5", "6")


def missing(**keys: Json) -> Json:
    return {"indicators": {"missing": {"answer": "flag"} | keys}}


P6M, EVER = {"from": "P0M", "to": "P6M", "points": "5"}, {"from": "P6M", "points": "1"}


def test_what_is_new_and_what_is_gone_are_said() -> None:
    found = texts(("{id: harm,", "{id: hurt,"), ("floors: [harm]", "floors: [hurt]"))

    assert found == [
        "floors, harm: removed (band at least: high; reason: “Someone is hurt”; "
        "when: any harm present)",
        "floors, hurt: new (band at least: high; reason: “Someone is hurt”; "
        "when: any harm present)",
        "golden cases, “harm lifts the band, not the points”, expected, floors: "
        "added hurt; removed harm",
    ]


# Every construct


MISSING = {"title": "Missing", "kind": "risk", "held_by": ["police"], "answer": "flag"}
TO_POLICE = {"means": "no", "while_fresh": "police"}
ABOUT = {
    "text on several lines": (
        {"purpose": "Tells\nwhat is known."},
        {"purpose": "Tells what is known; no more."},
        ["purpose: “Tells what is known.” → “Tells what is known; no more.”"],
    ),
    "why": (
        {"change": {"kind": "new", "reason": "a", "reference": "b"}},
        {"change": {"kind": "correction", "reason": "c"}},
        [
            "change, kind: new → correction",
            "change, reason: “a” → “c”",
            "change, reference: “b” → none",
        ],
    ),
    "from when": (
        {"effective_from": "2026-01-01"},
        {"effective_from": "2026-03-02"},
        ["effective from: 1 January 2026 → 2 March 2026"],
    ),
    "another model": ({"model": "a"}, {"model": "b"}, ["model: a → b"]),
    "for whom": (
        {"applies": {"age": {"below": 18}}},
        {"applies": {"age": {"from": 10, "below": 26}}},
        ["ages it is for: below 18 → from 10 to below 26"],
    ),
    "for whom, from now on": (
        {},
        {"applies": {"age": {"below": 18}}},
        ["ages it is for: any → below 18"],
    ),
    "for any age, said otherwise": ({}, {"applies": {"age": {}}}, []),
    "a band that is only lifted to from now on": (
        {"bands": [{"id": "top", "from": "3"}]},
        {"bands": [{"id": "top", "from": None}]},
        ["bands, top, reached: from 3 points → only through a floor"],
    ),
    "a band that is reached by points from now on": (
        {"bands": [{"id": "top", "from": None}]},
        {"bands": [{"id": "top", "from": "1"}]},
        ["bands, top, reached: only through a floor → from 1 point"],
    ),
    "what a band means": (
        {"bands": [{"id": "low", "from": "0", "title": "Low", "suggests": ["call", "visit"]}]},
        {
            "bands": [
                {"id": "low", "from": "0", "definition": "Little.", "review_within": "P84D"}
                | {"suggests": ["visit", "write"]}
            ]
        },
        [
            "bands, low, title: “Low” → none",
            "bands, low, definition: none → “Little.”",
            "bands, low, looked at again within: no set time → 84 days",
            "bands, low, suggests: added write; removed call",
        ],
    ),
    "where a new band stands": (
        {"bands": [{"id": "low", "from": "0"}, {"id": "high", "from": "6"}]},
        {
            "bands": [
                {"id": "none_yet", "from": "-1"},
                {"id": "low", "from": "0"},
                {"id": "lifted", "from": None, "suggests": ["call"]},
                {"id": "high", "from": "6"},
            ]
        },
        [
            "bands, none yet: new (the lowest; reached: from -1 point)",
            "bands, lifted: new (above low; reached: only through a floor; suggests: call)",
        ],
    ),
    "bands that changed places": (
        {
            "bands": [
                {"id": "low", "from": "0"},
                {"id": "a", "from": None},
                {"id": "b", "from": "2"},
            ]
        },
        {
            "bands": [
                {"id": "low", "from": "0"},
                {"id": "b", "from": "2"},
                {"id": "a", "from": None},
            ]
        },
        ["bands, order, the lowest first: low, a, b → low, b, a"],
    ),
    "a band that is gone": (
        {"bands": [{"id": "low", "from": "0"}, {"id": "high", "from": "1"}]},
        {"bands": [{"id": "low", "from": "0"}]},
        ["bands, high: removed (above low; reached: from 1 point)"],
    ),
    "where judgements go": (
        {"band_map": {"top": "high", "mid": "high"}},
        {"band_map": {"top": "very_high"}},
        [
            "earlier bands, top: becomes high → becomes very high",
            "earlier bands, mid: removed (becomes high)",
        ],
    ),
    "groups": (
        {"groups": {"signs": {"combine": "sum", "cap": "20"}, "old": {"combine": "max"}}},
        {"groups": {"signs": {"combine": "sum"}, "new": {"combine": "sum", "cap": "1"}}},
        [
            "groups, signs, at most: 20 points → any sum",
            "groups, old: removed (how: only the highest counts)",
            "groups, new: new (how: added up; at most: 1 point)",
        ],
    ),
    "how a group counts": (
        {"groups": {"signs": {"combine": "sum"}}},
        {"groups": {"signs": {"combine": "max"}}},
        ["groups, signs, how: added up → only the highest counts"],
    ),
    "how much must be known": (
        {"completeness": {"required": ["a", "b"], "min_known": 9}},
        {"completeness": {"required": ["b"], "otherwise": "incomplete"}},
        [
            "complete score, must be known: removed a",
            "complete score, at least known: 9 → all indicators",
            "complete score, otherwise the score is: provisional → incomplete",
        ],
    ),
    "how much must be known, from now on": (
        {},
        {"completeness": {"min_known": 9}},
        ["complete score, at least known: all indicators → 9"],
    ),
}
INDICATORS = {
    "what it is called and where it comes from": (
        {"title": "Missing", "kind": "risk", "reference": "a", "review_by": "2027-09-01"},
        {"title": "Away", "kind": "harm", "reference": "b"},
        [
            "title: “Missing” → “Away”",
            "kind: risk → harm",
            "reference: “a” → “b”",
            "review by: 1 September 2027 → none",
        ],
    ),
    "who could know": (
        {"held_by": ["police", "social_care"]},
        {"held_by": ["health", "police"]},
        ["could be known by: added health; removed social care"],
    ),
    "another group": ({"group": "signs"}, {"group": "past"}, ["group: signs → past"]),
    "out of a group": ({"group": "signs"}, {}, ["group: signs → no group"]),
    "what it reads": (
        {},
        {"reads": "missing_episode"},
        ["reads answers about: its own name → missing episode"],
    ),
    "a state's points": ({"points": "1"}, {"points": "-1"}, ["if yes: 1 point → -1 point"]),
    "how old an answer may be": (
        {"points": "1"},
        {"points": "1", "within": "P6M"},
        ["counts evidence: at any time → in the last 6 months"],
    ),
    "a window more": (
        {"windows": [P6M]},
        {"windows": [P6M, EVER]},
        ["windows: added 1 point 6 months ago or more"],
    ),
    "a window less": (
        {"windows": [P6M, EVER]},
        {"windows": [EVER]},
        ["windows: removed 5 points in the last 6 months"],
    ),
    "windows that moved": (
        {"windows": [P6M, EVER]},
        {"windows": [P6M | {"to": "P3M"}, EVER | {"from": "P3M"}]},
        [
            "windows: 5 points in the last 6 months, 1 point 6 months ago or more"
            " → 5 points in the last 3 months, 1 point 3 months ago or more"
        ],
    ),
    "the same window twice": (
        {"windows": [P6M, P6M]},
        {"windows": [P6M]},
        ["windows: removed 5 points in the last 6 months"],
    ),
    "silence": (
        {"windows": [P6M], "absence": TO_POLICE},
        {"windows": [P6M]},
        ["hearing nothing means: no, while news from the police is fresh → not known"],
    ),
    "counts": (
        {"answer": "count", "each": "2", "at_most": "6"},
        {"answer": "count", "each": "1", "at_most": "5"},
        ["each time: 2 points → 1 point", "at most: 6 points → 5 points"],
    ),
    "options": (
        {"answer": "choice", "options": {"none": "0", "some": "1", "much": "4"}},
        {"answer": "choice", "options": {"much": "3", "none": "0", "at_times": "2"}},
        [
            "options, “some”: removed (1 point)",
            "options, “much”: 4 points → 3 points",
            "options, “at times”: new (2 points)",
        ],
    ),
    "ranges that stayed": (
        {"answer": "age", "ranges": [{"below": 13, "points": "3"}, {"from": 13, "points": "0"}]},
        {"answer": "age", "ranges": [{"below": 13, "points": "2"}, {"from": 13, "points": "0"}]},
        ["ranges, below 13: 3 points → 2 points"],
    ),
    "ranges with another border": (
        {
            "answer": "number",
            "ranges": [{"below": "5", "points": "0"}, {"from": "5", "points": "2"}],
        },
        {
            "answer": "number",
            "ranges": [
                {"below": "5", "points": "0"},
                {"from": "5", "below": "9.5", "points": "2"},
                {"from": "9.5", "points": "3"},
            ],
        },
        ["ranges: 2 points from 5 → 2 points from 5 to below 9.5, 3 points from 9.5"],
    ),
    "from what is so to what happens": (
        {"points": "3", "within": "P6M"},
        {"windows": [P6M]},
        [
            "answer: yes or no, 3 points if yes → something that happens, "
            "5 points in the last 6 months",
            "counts evidence: in the last 6 months → at any time",
        ],
    ),
    "from each time to ranges": (
        {"answer": "count", "each": "2", "at_most": "6"},
        {"answer": "count", "ranges": [{"points": "1"}]},
        [
            "answer: how often something happens, 2 points each time, at most 6"
            " → how often something happens, 1 point any"
        ],
    ),
    "from a choice to a number": (
        {"answer": "choice", "options": {"none": "0"}},
        {
            "answer": "number",
            "ranges": [{"below": "5", "points": "0"}, {"from": "5", "points": "2"}],
        },
        ["answer: a choice, 0 points if “none” → a number, 0 points below 5, 2 points from 5"],
    ),
    "from an age to yes or no": (
        {"answer": "age", "ranges": [{"below": 13, "points": "3"}, {"from": 13, "points": "0"}]},
        {"points": "3"},
        ["answer: the age, 3 points below 13, 0 points from 13 → yes or no, 3 points if yes"],
    ),
    "a condition": (
        {},
        {"when": {"all": [{"code": "lives_in", "is": "care"}, {"age_below": 16}]}},
        ["counts: always → only if lives in is “care” and the age is below 16"],
    ),
}


@pytest.mark.parametrize(("before", "after", "told"), ABOUT.values(), ids=ABOUT)
def test_a_change_is_told_in_words(before: Json, after: Json, told: list[str]) -> None:
    assert said(before, after) == told


@pytest.mark.parametrize(("before", "after", "told"), INDICATORS.values(), ids=INDICATORS)
def test_a_change_of_an_indicator_is_told_in_words(
    before: Json, after: Json, told: list[str]
) -> None:
    documents = [missing(**keys) for keys in (before, after)]

    assert said(*documents) == [f"indicators, missing, {each}" for each in told]


def test_a_new_indicator_is_told_whole() -> None:
    line = MISSING | {"reads": "missing_episode", "windows": [P6M, EVER], "absence": TO_POLICE}

    assert said({"indicators": {}}, {"indicators": {"missing": line}}) == [
        "indicators, missing: new (title: “Missing”; kind: risk; could be known by: police; reads "
        "answers about: missing episode; answer: something that happens, 5 points in the last 6 "
        "months, 1 point 6 months ago or more; hearing nothing means: no, while news from the "
        "police is fresh)"
    ]


# Floors and their conditions

YOUNG, CARE = {"age_below": 13}, {"code": "lives_in", "is": "care"}
SIGNS = {"any_of": ["cars", "drugs"]}
CONDITIONS = {
    "younger": (YOUNG, {"age_below": 14}, ["the age is below 13 → the age is below 14"]),
    "another age of evidence": (
        {"kind": "harm"},
        {"kind": "harm", "within": "P12M"},
        ["any harm present → any harm present in the last 12 months"],
    ),
    "single points": (
        {"single_points_from": "1"},
        {"single_points_from": "2"},
        ["one indicator alone gives 1 point or more → one indicator alone gives 2 points or more"],
    ),
    "one sign, not any harm": (
        {"kind": "harm"},
        {"any_of": ["cars"], "within": "P30D"},
        ["any harm present → cars present in the last 30 days"],
    ),
    "either and both": (
        {"all": [{"any": [YOUNG, CARE]}, SIGNS]},
        {"all": [{"any": [YOUNG]}, CARE, SIGNS]},
        [
            "(the age is below 13 or lives in is “care”) and (any of cars, drugs present)"
            " → the age is below 13 and lives in is “care” and (any of cars, drugs present)"
        ],
    ),
    "both, or one alone": (
        {"any": [{"all": [YOUNG, CARE]}, {"kind": "harm"}]},
        YOUNG,
        ["(the age is below 13 and lives in is “care”) or any harm present → the age is below 13"],
    ),
    "the parts in another order": ({"all": [YOUNG, SIGNS]}, {"all": [SIGNS, YOUNG]}, []),
    "the same in a list of one": (YOUNG, {"all": [{"any": [YOUNG]}]}, []),
    "two lists, of which one differs": (
        {"all": [SIGNS, {"any_of": ["hurt"]}]},
        {"all": [SIGNS, {"any_of": ["harm"]}]},
        [
            "(any of cars, drugs present) and hurt present"
            " → (any of cars, drugs present) and harm present"
        ],
    ),
}


def floor(when: Json) -> Json:
    return {"floors": [{"id": "f", "band": "high", "reason": "r", "when": when}]}


@pytest.mark.parametrize(("before", "after", "told"), CONDITIONS.values(), ids=CONDITIONS)
def test_a_condition_is_told_in_words(before: Json, after: Json, told: list[str]) -> None:
    assert said(floor(before), floor(after)) == [f"floors, f, when: {each}" for each in told]


def test_of_a_long_list_of_signs_only_what_is_another_is_told() -> None:
    more = {"all": [{"any_of": ["drugs", "hurt"]}, YOUNG]}

    assert said(floor({"all": [YOUNG, SIGNS]}), floor(more)) == [
        "floors, f, when, any of: added hurt; removed cars"
    ]


# Golden cases

SEEN = {"code": "missing", "answer": "yes", "observed_on": "2026-05-01"}
CASE = {"name": "one", "as_of": "2026-06-01", "given": [SEEN], "expect": {"total": "5"}}


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"as_of": "2026-06-02"}, ["on: 1 June 2026 → 2 June 2026"]),
        (
            {"child": {"date_of_birth": "2012-01-01"}},
            ["child: date of birth not known → born on 1 January 2012"],
        ),
        ({"given": [SEEN, SEEN]}, ["given: added missing “yes” (1 May 2026)"]),
        (
            {"given": [SEEN | {"observed_until": "2026-05-03", "incident_ref": "a:1"}]},
            [
                "given: added missing “yes” (1 May 2026 to 3 May 2026, incident “a:1”); "
                "removed missing “yes” (1 May 2026)"
            ],
        ),
        (
            {"given": [SEEN | {"source": "police"}, SEEN]},
            ["given: added missing “yes” (1 May 2026, from the police)"],
        ),
        ({"stale": ["police"]}, ["silent: added police"]),
        ({"nearest": True}, ["the nearest total to a border: no → yes"]),
        (
            {"expect": {"total": None, "band": None}},
            ["expected, total: 5 → none", "expected, band: not checked → no band"],
        ),
        ({"expect": {"total": "5", "floors": []}}, ["expected, floors: not checked → none"]),
        (
            {"expect": {"total": "5", "band_range": ["low", "very_high"], "status": "complete"}},
            [
                "expected, range of bands: not checked → low to very high",
                "expected, status: not checked → complete",
            ],
        ),
    ],
)
def test_a_change_of_a_golden_case_is_told_in_words(keys: Json, told: list[str]) -> None:
    assert said({"golden": [CASE]}, {"golden": [CASE | keys]}) == [
        f"golden cases, “one”, {each}" for each in told
    ]


def test_a_new_golden_case_is_told_whole() -> None:
    assert said({"golden": []}, {"golden": [CASE | {"stale": ["police"]}]}) == [
        "golden cases, “one”: new (on: 1 June 2026; given: missing “yes” (1 May 2026); "
        "silent: police; expected: (total: 5))"
    ]
