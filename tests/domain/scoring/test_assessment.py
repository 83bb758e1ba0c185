"""Who would move: exactly those of whom the pure engine says so, and why."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.domain.assessment import Facts, Part, compare
from services.scoring.domain.engine.document import as_document
from services.scoring.domain.engine.score import score
from services.scoring.domain.evidence import Evidence
from services.scoring.domain.loading import load
from services.scoring.domain.model import Model
from services.scoring.domain.tally import Cell, Shown, Tally, done, moved, suppressed, whole
from tests.domain.scoring.builders import evidence, seen
from tests.domain.scoring.random_models import DAY_ZERO, children, models
from tests.domain.scoring.sketches import line, sketch
from tests.domain.scoring.small import SMALL
from tests.support.weights import HEAVIER

ALIKE = settings(max_examples=50, deadline=None)
groups_of_children = st.lists(children(), min_size=1, max_size=5)
BEFORE, AFTER = (load(text, "small").model for text in (SMALL, HEAVIER))
AS_OF = date(2026, 6, 1)


def compared(before: Model | None, after: Model, some: list[Evidence], as_of: date) -> Part:
    return compare(before, after, some, [Facts()] * len(some), as_of)


def one_by_one(model: Model, child: Evidence, as_of: date) -> dict[str, Any]:
    return as_document(score(model, child, as_of))


@ALIKE
@given(models, models, groups_of_children)
def test_the_children_who_move_are_those_of_the_pure_engine(
    before: Model, after: Model, some: list[Evidence]
) -> None:
    part = compared(before, after, some, DAY_ZERO)
    said = [[one_by_one(model, child, DAY_ZERO) for model in (before, after)] for child in some]
    renamed = after.band_map
    movers = {
        place: (old["band"], new["band"], old["total"], new["total"])
        for place, (old, new) in enumerate(said)
        if renamed.get(old["band"], old["band"]) != new["band"]
    }
    assert movers == {
        each.place: (each.band_before, each.band_after, each.total_before, each.total_after)
        for each in part.movers
    }
    cells = Counter((old["band"], new["band"]) for old, new in said)
    assert cells == {
        (cell.before, cell.after): number
        for cell, number in part.tally.cells.items()
        if cell.dimension == "all"
    }
    assert moved(part.tally.cells, renamed) == len(movers)
    assert all(each.because for each in part.movers)


def test_a_mover_names_the_indicators_whose_points_differ() -> None:
    recent = evidence(seen("missing_episode", "yes", "2026-05-01"))
    part = compared(BEFORE, AFTER, [recent, evidence()], AS_OF)
    (mover,) = part.movers
    assert (mover.place, mover.band_before, mover.band_after) == (0, "low", "high")
    (because,) = mover.because
    assert (because.what, because.name, because.before, because.after) == (
        "indicator",
        "missing",
        "5",
        "6",
    )


def test_a_mover_whose_band_is_withheld_names_what_is_no_longer_known() -> None:
    more = "completeness: {min_known: 2, otherwise: incomplete}"
    lives = line("answer: choice, options: {home: '0', care: '0'}", name="lives", kind="context")
    sign = "answer: flag, points: '0'"
    before = sketch("indicators:\n" + lives + line(sign) + line(sign, name="other") + more)
    waits = line(sign, more="when: {code: lives, is: care}, ")
    after = sketch("indicators:\n" + lives + waits + line(sign, name="other") + more)
    child = evidence(seen("it", "yes", "2026-05-01"), seen("other", "yes", "2026-05-01"))

    [mover] = compared(before, after, [child], AS_OF).movers

    assert (mover.band_before, mover.band_after) == ("low", None)
    assert [(each.name, each.before, each.after) for each in mover.because] == [("it", "0", None)]


@pytest.mark.parametrize(
    ("change", "what", "name"),
    [
        (('{id: high, from: "6"}', '{id: high, from: "5"}'), "boundary", "high"),
        (("when: {kind: harm}", "when: {any_of: [missing, hurt]}"), "floor", "harm"),
    ],
)
def test_a_mover_names_floors_and_boundaries_too(
    change: tuple[str, str], what: str, name: str
) -> None:
    text = SMALL.replace(*change)
    assert text != SMALL
    text = text[: text.index("golden:")] + GOLDEN[what]
    recent = evidence(seen("missing_episode", "yes", "2026-05-01"))
    part = compared(BEFORE, load(text, "small").model, [recent], AS_OF)
    assert [(each.what, each.name) for each in part.movers[0].because] == [(what, name)]


NOTHING = """\
golden:
  - name: nothing
    as_of: 2026-06-01
    given:
      - {code: missing_episode, answer: no, observed_on: 2026-05-01}
      - {code: hurt, answer: no, observed_on: 2026-05-01}
    expect: {total: "0", band: low}
  - name: hurt
    as_of: 2026-06-01
    given: [{code: hurt, answer: yes, observed_on: 2026-05-01}]
    expect: {total: "2.5", band: high}
  - name: recent
    as_of: 2026-06-01
    given: [{code: missing_episode, answer: yes, observed_on: 2026-05-01}]
    expect: {total: "5", band: high}
"""
GOLDEN = {
    "boundary": NOTHING
    + """\
  - name: both
    as_of: 2026-06-01
    given:
      - {code: hurt, answer: yes, observed_on: 2026-05-01}
      - {code: missing_episode, answer: yes, observed_on: 2025-10-01}
    expect: {total: "3.5", band: high}
""",
    "floor": NOTHING
    + """\
  - name: twice
    as_of: 2026-06-01
    given:
      - {code: missing_episode, answer: yes, observed_on: 2026-05-01}
      - {code: missing_episode, answer: yes, observed_on: 2025-10-01}
    expect: {total: "6", band: high}
""",
}


def test_without_a_version_in_force_nobody_moves_but_all_are_counted() -> None:
    part = compared(None, AFTER, [evidence(), evidence()], AS_OF)
    assert part.movers == ()
    assert part.tally.cells[Cell("all", "all", None, "low")] == 2


@pytest.mark.parametrize(
    ("born", "group"),
    [
        ("2017-06-01", "0-9"),
        ("2016-06-02", "0-9"),
        ("2016-06-01", "10-13"),
        ("2012-06-02", "10-13"),
        ("2012-06-01", "14-16"),
        ("2009-06-01", "17-19"),
        ("2006-06-01", "20-21"),
        ("2004-06-01", "22+"),
        (None, "not_known"),
    ],
)
def test_children_are_told_apart_by_age_and_by_what_else_is_known(
    born: str | None, group: str
) -> None:
    child = Evidence((), None if born is None else date.fromisoformat(born))
    part = compare(BEFORE, AFTER, [child], [Facts(sex="F")], AS_OF)
    groups = {cell.dimension: cell.group for cell in part.tally.cells}
    assert groups == {
        "all": "all",
        "age_band": group,
        "sex": "F",
        "ethnicity": "not_known",
        "looked_after": "not_known",
    }


@pytest.mark.parametrize(("observed_on", "near"), [("2026-05-01", 1), ("2025-10-01", 0)])
def test_within_one_point_of_where_a_band_begins_is_counted(observed_on: str, near: int) -> None:
    child = evidence(seen("missing_episode", "yes", observed_on))
    for model in (BEFORE, AFTER):  # 5 and 6 points: 6 begins `high`
        assert compared(None, model, [child], AS_OF).tally.near == {"high": near}


def test_an_indicator_that_no_child_has_is_named() -> None:
    child = evidence(seen("missing_episode", "yes", "2026-05-01"))
    tally = compared(None, AFTER, [child], AS_OF).tally
    assert tally.never == ["hurt"]
    both = tally + compared(None, AFTER, [evidence(seen("hurt", "yes", "2026-05-01"))], AS_OF).tally
    assert (both.scored, both.never, both.present) == (2, [], {"missing": 1, "hurt": 1})


# Small numbers


def cells(**numbers: int) -> Tally:
    """`low_high__F=3`: three girls from low to high."""
    found = {}
    for name, number in numbers.items():
        moves, group = name.split("__")
        before, after = moves.split("_")
        dimension = "all" if group == "all" else "sex"
        found[Cell(dimension, group, before, after)] = number
    return Tally(cells=found)


SHOWN = [
    # Nothing small: everything is shown.
    (
        cells(low_high__all=20, low_low__all=80, low_high__F=8, low_high__M=12, low_low__F=80),
        {"low_high__all": 20, "low_low__all": 80, "low_high__F": 8, "low_high__M": 12,
         "low_low__F": 80},
    ),
    # One small group: none of its dimension is told apart there, not even a group with none.
    (
        cells(low_high__all=20, low_low__all=80, low_high__F=5, low_high__M=15, low_low__X=80),
        {"low_high__all": 20, "low_low__all": 80, "low_high__F": None, "low_high__M": None,
         "low_high__X": None, "low_low__X": 80},
    ),
    # A small number of all: nothing is shown. (Of seven scored, the rule would tell one and six.)
    (
        cells(low_high__all=5, high_low__all=9, low_low__all=80, low_high__F=5, high_low__F=9,
              low_low__F=80),
        {},
    ),
    (cells(low_high__all=1, low_low__all=6), {}),
    (cells(low_low__all=3), {}),
]  # fmt: skip


@pytest.mark.parametrize(("tally", "shown"), SHOWN)
def test_outside_the_team_no_small_number_is_told_and_none_can_be_worked_out(
    tally: Tally, shown: dict[str, int | None]
) -> None:
    assert {
        f"{cell.before}_{cell.after}__{cell.group}": number for cell, number in suppressed(tally, 0)
    } == shown
    assert dict(whole(tally)) == tally.cells


MOVES = (("low", "low"), ("low", "high"))
numbers_by_sex = st.lists(st.tuples(*[st.integers(0, 8)] * 3), min_size=2, max_size=2)


def by_sex(rows: Sequence[Sequence[int]]) -> Tally:
    """Children of three groups, between two pairs of bands. Nobody between them: no cell."""
    found = Counter[Cell]()
    for moves, row in zip(MOVES, rows, strict=True):
        for group, number in zip("FMX", row, strict=True):
            found[Cell("all", "all", *moves)] += number
            found[Cell("sex", group, *moves)] += number
    return Tally(cells={cell: number for cell, number in found.items() if number})


def split(total: int) -> list[tuple[int, int, int]]:
    """Every way in which so many can be of three groups."""
    return [(f, m, total - f - m) for f in range(total + 1) for m in range(total + 1 - f)]


@ALIKE
@given(numbers_by_sex, st.sampled_from((0, 6)))
def test_outside_the_team_every_hidden_number_could_be_another_one(
    rows: list[tuple[int, int, int]], set_apart: int
) -> None:
    """Whoever knows the rule and the totals tries every population that would be shown alike."""
    shown = suppressed(by_sex(rows), set_apart)
    for place in range(len(MOVES)):
        could_be = [
            changed
            for row in split(sum(rows[place]))
            if suppressed(changed := by_sex([*rows[:place], row, *rows[place + 1 :]]), set_apart)
            == shown
        ]
        for cell, number in shown:
            if number is None and cell[2:] == MOVES[place]:
                assert len({each.cells.get(cell, 0) for each in could_be}) > 1, cell


@pytest.mark.parametrize(("set_apart", "told"), [(0, True), (1, False), (5, False), (6, True)])
def test_few_set_apart_are_not_worked_out_of_the_cells_and_the_population(
    set_apart: int, told: bool
) -> None:
    shown = suppressed(cells(low_low__all=80), set_apart)
    assert shown == ([Shown(Cell("all", "all", "low", "low"), 80)] if told else [])
    assert done(80, set_apart, in_team=False) == ((80, set_apart) if told else (None, None))
    assert done(80, set_apart, in_team=True) == (80, set_apart)
