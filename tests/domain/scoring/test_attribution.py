"""Why a score changed: ageing, correction, new evidence, model, each on top of the last."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.domain.attribution import Basis, Part, attribute, main_cause
from services.scoring.domain.engine.meanings import FIRST, LATEST
from services.scoring.domain.evidence import Evidence, Observation
from services.scoring.domain.model import Model
from tests.domain.scoring.builders import evidence, seen, shipped
from tests.domain.scoring.random_models import DAY_ZERO, children, models
from tests.domain.scoring.sketches import line, sketch

SERAF = shipped("seraf/1.0.yaml").model
JUNE, JANUARY = date(2021, 6, 1), date(2022, 1, 1)
OLD = [
    *(seen(code, "yes", "2015-01-01") for code in ("low_self_esteem", "family_breakdown")),
    seen("physical_abuse", "yes", "2015-01-01", ref="abuse"),
    *(seen(code, "yes", "2021-05-01") for code in ("drugs", "alcohol", "missing_episode")),
]
BORN = date(2006, 1, 1)


def parts(before: Basis, after: Basis) -> dict[str, str]:
    return {part.cause: part.points for part in changes(before, after)}


def changes(before: Basis, after: Basis) -> tuple[Part, ...]:
    """Where both models ask for the silence of the same agencies."""
    told = after._replace(model=before.model, meaning=before.meaning)
    return attribute(before, told, after)


def known(*more: Observation) -> Evidence:
    return evidence(*OLD, *more, born=BORN)


def test_a_fall_that_is_mostly_the_calendar_says_so() -> None:
    again = [seen(code, "yes", "2021-12-15") for code in ("drugs", "alcohol")]

    found = parts(Basis(SERAF, known(), JUNE), Basis(SERAF, known(*again), JANUARY))

    assert found == {"ageing": "-6", "correction": "0", "new_evidence": "2", "model": "0"}


def test_what_another_engine_version_makes_of_the_same_is_of_the_models_part() -> None:
    """A yes of three years ago, where the indicator looks back six months: version 1 heeded it."""
    model = sketch(
        "indicators:\n"
        + line("answer: flag, points: '1', within: P6M", name="scared")
        + "floors: [{id: scared, band: high, reason: Scared, when: {code: scared, is: yes}}]\n"
    )
    told = evidence(seen("scared", "yes", "2018-06-01"), born=BORN)

    found = changes(Basis(model, told, JUNE, FIRST), Basis(model, told, JUNE, LATEST))

    assert [(part.band_before, part.band_after) for part in found] == [
        *[("high", "high")] * 3,
        ("high", "low"),
    ]
    assert main_cause(found, other_model=True) == "model"


def test_a_revision_and_a_retraction_are_corrections() -> None:
    revised = OLD[2]._replace(answer="no", revision=2)
    after = evidence(*OLD[:2], revised, *OLD[3:5], born=BORN)

    found = parts(Basis(SERAF, known(), JUNE), Basis(SERAF, after, JUNE))

    assert found == {"ageing": "0", "correction": "-6", "new_evidence": "0", "model": "0"}


def test_a_child_fact_is_a_correction() -> None:
    after = replace(known(), date_of_birth=date(1980, 1, 1))

    [part] = [
        each
        for each in changes(Basis(SERAF, known(), JUNE), Basis(SERAF, after, JUNE))
        if each.points != "0"
    ]

    assert (part.cause, part.band_before, part.band_after) == ("correction", "category_2", None)


def test_an_old_event_that_is_only_now_told_is_new_evidence() -> None:
    late = seen("emotional_neglect", "yes", "2014-01-01")

    found = parts(Basis(SERAF, known(), JUNE), Basis(SERAF, known(late), JUNE))

    assert found["new_evidence"] == "1"


def test_another_model_is_its_own_part() -> None:
    demo = shipped("child-exploitation/0.1.yaml").model

    found = parts(Basis(SERAF, known(), JUNE), Basis(demo, known(), JUNE))

    assert found["model"] == "-4"


@settings(max_examples=50, deadline=None)
@given(models, models, children(), children(), st.data())
def test_what_had_one_cause_has_one_part(
    model: Model, other: Model, old: Evidence, more: Evidence, data: st.DataObject
) -> None:
    first = Basis(model, old, DAY_ZERO)
    added = [each._replace(source_ref=f"new:{each.source_ref}") for each in more.observations]
    revised = [each._replace(answer="no", revision=2) for each in old.observations]
    alone = {
        "ageing": first._replace(as_of=DAY_ZERO + timedelta(days=200)),
        "correction": first._replace(
            evidence=replace(old, observations=tuple(revised[1:]), date_of_birth=more.date_of_birth)
        ),
        "new_evidence": first._replace(
            evidence=replace(old, observations=(*added, *old.observations), stale=more.stale)
        ),
        "model": first._replace(model=other),
    }
    cause = data.draw(st.sampled_from(sorted(alone)))

    for part in changes(first, alone[cause]):
        if part.cause != cause:
            assert (part.points, part.band_before) == ("0", part.band_after)


@pytest.mark.parametrize(
    ("points", "bands", "cause"),
    [
        ({}, {}, "new_evidence"),
        ({"ageing": "-2", "new_evidence": "1.5"}, {}, "ageing"),
        ({"ageing": "-2", "model": "2"}, {}, "ageing"),
        ({"correction": "0.5", "model": "-4"}, {"correction": "high"}, "model"),
        ({}, {"correction": "high", "model": "high"}, "correction"),
    ],
)
def test_the_main_cause_moved_the_total_most_or_else_the_band_first(
    points: dict[str, str], bands: dict[str, str], cause: str
) -> None:
    found = tuple(
        Part(each, points.get(each, "0"), "low", bands.get(each, "low"))
        for each in ("ageing", "correction", "new_evidence", "model")
    )

    assert main_cause(found) == cause
    moved = points or bands
    assert main_cause(found, other_model=True) == (cause if moved else "model")


def test_where_nothing_came_before_there_is_no_main_cause() -> None:
    assert main_cause(()) is None
