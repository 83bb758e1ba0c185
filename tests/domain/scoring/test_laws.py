"""What holds for every model and every child."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hypothesis import Phase, assume, find, given, settings
from hypothesis import strategies as st

from services.scoring.domain import dates
from services.scoring.domain.amounts import write
from services.scoring.domain.attribution import Basis, attribute
from services.scoring.domain.dates import Duration
from services.scoring.domain.engine.ask import ask_next
from services.scoring.domain.engine.contribution import Contribution
from services.scoring.domain.engine.document import as_document
from services.scoring.domain.engine.forecast import forecast, visible
from services.scoring.domain.engine.nearest import nearest_change
from services.scoring.domain.engine.readings import possible_answers
from services.scoring.domain.engine.score import Score, score
from services.scoring.domain.engine.standing import (
    Standing,
)
from services.scoring.domain.evidence import Evidence, Observation
from services.scoring.domain.model import Choice, Count, Each, FlagEvents, Indicator, Model, Number
from tests.domain.scoring.builders import seen, shipped
from tests.domain.scoring.random_models import (
    DAY_ZERO,
    births,
    children,
    constructs,
    documents,
    models,
    said,
)

LAW = settings(max_examples=40, deadline=None)
DEMO = shipped("child-exploitation/0.1.yaml").model


@LAW
@given(models, children(), st.randoms(use_true_random=False))
def test_the_order_and_doubling_of_evidence_do_not_matter(
    model: Model, known: Evidence, random: Random
) -> None:
    doubled = [*known.observations, *known.observations]
    random.shuffle(doubled)
    again = replace(known, observations=tuple(doubled))

    assert as_document(score(model, again, DAY_ZERO)) == as_document(score(model, known, DAY_ZERO))


EVENT_CODES = sorted(
    str(line.reads)
    for line in DEMO.indicators
    if isinstance(line.answer, FlagEvents | Count) and line.least >= 0
)
events = st.builds(
    lambda code, days: seen(code, "yes", (DAY_ZERO - timedelta(days=days)).isoformat()),
    st.sampled_from(EVENT_CODES),
    st.integers(0, 800),
)
LOOKED_AFTER = seen("care_placement", "in_area", "2024-02-01")


@LAW
@given(st.lists(events, max_size=12), events, st.dates(date(2005, 1, 1), date(2015, 1, 1)))
def test_a_further_yes_under_a_positive_indicator_never_lowers_total_or_band(
    known: list[Observation], further: Observation, born: date
) -> None:
    before = Evidence((LOOKED_AFTER, *known), born)
    after = replace(before, observations=(*before.observations, further))

    lower, higher = score(DEMO, before, DAY_ZERO), score(DEMO, after, DAY_ZERO)

    assert standing(higher).total >= standing(lower).total
    assert place(higher) >= place(lower)


def standing(found: Score) -> Standing:
    assert found.standing is not None
    return found.standing


def place(found: Score) -> int:
    band = standing(found).band
    return -1 if band is None else band


@LAW
@given(models, children(), st.fixed_dictionaries(said), births)
def test_interval_and_range_hold_the_answer_under_any_completion(
    model: Model, known: Evidence, answers: dict[str, str], born: date | None
) -> None:
    """Whatever comes to be known of what nobody could tell: answers of today, the date of birth."""
    before = score(model, known, DAY_ZERO)
    assume(before.standing is not None)
    today = tuple(
        Observation(code, answer, DAY_ZERO, None, None, "x", "x", "x", 1)
        for code, answer in answers.items()
        if code in model.codes and is_open(before, code)
    )
    told = (*known.observations, *today)
    completed = replace(known, observations=told, date_of_birth=known.date_of_birth or born)
    after = score(model, completed, DAY_ZERO)
    assume(after.standing is not None)

    low, high = standing(before).sums.low, standing(before).sums.high
    assert low <= standing(after).total <= high
    assume(after.status != "incomplete" and standing(before).band_low is not None)
    assert (standing(before).band_low or 0) <= place(after) <= (standing(before).band_high or 0)


def is_open(found: Score, code: str) -> bool:
    """Whether no indicator sees an answer under it."""
    return all(
        tells_nothing(each, found, code)
        for each in found.contributions
        if each.indicator.reads == code
    )


def tells_nothing(each: Contribution, found: Score, code: str) -> bool:
    if each.state == "unknown" and each.why(found.seen).code != "condition_unknown":
        return True
    waits_for_another = each.state in {"unknown", "ruled_out"}
    answer = each.indicator.answer
    silence_tells = isinstance(answer, FlagEvents | Count) and answer.absence is not None
    return waits_for_another and code not in found.seen.known and not silence_tells


@LAW
@given(children(), st.lists(st.sampled_from(["trusted_adult", "support_works"])))
def test_a_harm_floor_holds_whatever_protective_points_there_are(
    known: Evidence, helps: list[str]
) -> None:
    harm = seen("exploitation_disclosed", "yes", "2024-01-01")
    given_help = [seen(code, "yes", "2024-02-01") for code in helps]
    child = replace(known, observations=(harm, *given_help), date_of_birth=date(2010, 1, 1))

    assert score(DEMO, child, DAY_ZERO).band == "high"


@settings(max_examples=12, deadline=None)
@given(models, children(most=6), st.sampled_from([DAY_ZERO, date(2023, 8, 31), date(2024, 2, 29)]))
def test_a_score_changes_by_itself_exactly_on_the_forecast_dates(
    model: Model, known: Evidence, today: date
) -> None:
    """Over a year with a leap day in it, one from a leap day, and one of 365 days."""
    before = score(model, known, today)
    changes = []
    last = before.standing
    for days in range(1, (dates.first_day_reaching(today, Duration(12, "M")) - today).days + 1):
        day = today + timedelta(days=days)
        now = score(model, known, day).standing
        if visible(now) != visible(last):
            changes.append((day, visible(now)))
        last = now

    assert [(each.on, visible(each.standing)) for each in forecast(before)] == changes


@LAW
@given(models, models, children(), children())
def test_attribution_adds_up(old_model: Model, model: Model, old: Evidence, new: Evidence) -> None:
    before = Basis(old_model, old, DAY_ZERO)
    after = Basis(model, new, DAY_ZERO + timedelta(days=200))

    parts = attribute(before, after._replace(model=old_model), after)

    moved = sum(Decimal(part.points) for part in parts)
    assert moved == total(score(*after)) - total(score(*before))
    assert [part.band_before for part in parts[1:]] == [part.band_after for part in parts[:-1]]
    assert parts[0].band_before == score(*before).band
    assert parts[-1].band_after == score(*after).band


def total(found: Score) -> Decimal:
    if found.standing is None:
        return Decimal(0)
    return Decimal(write(found.standing.total, found.model.decimals))


@LAW
@given(models, children())
def test_the_nearest_change_is_the_least_of_what_happens_when_an_answer_comes(
    model: Model, known: Evidence
) -> None:
    before = score(model, known, DAY_ZERO)
    assume(before.standing is not None)
    changes = []
    for code in model.codes:
        for answer in possible_answers(model, code):
            told = Observation(code, answer, DAY_ZERO, None, None, "x", "x", "x", 1)
            after = standing(
                score(model, replace(known, observations=(*known.observations, told)), DAY_ZERO)
            )
            moved = after.total - standing(before).total
            if after.band != standing(before).band:
                changes.append((abs(moved), moved < 0, code, answer, after.total, after.band))

    nearest = nearest_change(before)

    assert nearest == (min(changes)[2:] if changes else None)


@LAW
@given(models, children(), st.lists(st.integers(0, 900), min_size=1, max_size=5))
def test_what_alone_could_change_the_band_is_what_its_answer_or_what_happened_would_change(
    model: Model, known: Evidence, days: list[int]
) -> None:
    before = score(model, known, DAY_ZERO)
    assume(before.standing is not None)

    for unknown in ask_next(before):
        line = unknown.contribution.indicator
        bands = {after.band for after in with_one(line, before)}
        if happens(line.reads, model):
            bands.update(after.band for after in with_events(line, before, days))
            assert unknown.could_change_band or not bands > {standing(before).band}
        else:
            assert unknown.could_change_band == (bands > {standing(before).band})


def with_one(line: Indicator, before: Score) -> Iterator[Standing]:
    """Every answer of today to its code, or every age that the model applies to."""
    yield standing(before)
    known, code = before.evidence, line.reads
    if code is None:
        born = [date(2024 - age, 1, 1) for age in range(40)]
        yield from scored(before, [replace(known, date_of_birth=each) for each in born])
    else:
        answers = possible_answers(before.model, code)
        yield from scored(before, [told(known, code, answer, [0]) for answer in answers])


def with_events(line: Indicator, before: Score, days: list[int]) -> Iterator[Standing]:
    """On each of these days ago, and on all of them, where more of it never gives less."""
    lines = [each for each in before.model.indicators if each.reads == line.reads]
    if line.reads and all(map(never_falls, lines)):
        some = [*([day] for day in days), days]
        yield from scored(before, [told(before.evidence, line.reads, "yes", each) for each in some])


def never_falls(line: Indicator) -> bool:
    if isinstance(line.answer, Count) and not isinstance(line.answer.weights, Each):
        points = [each.points for each in line.answer.weights]
        return points == sorted(points)
    return line.least >= 0


def told(known: Evidence, code: str, answer: str, days: list[int]) -> Evidence:
    more = [
        Observation(code, answer, DAY_ZERO - timedelta(day), None, None, "x", "x", f"x{number}", 1)
        for number, day in enumerate(days)
    ]
    return replace(known, observations=(*known.observations, *more))


def scored(before: Score, some: list[Evidence]) -> Iterator[Standing]:
    yield from filter(None, (score(before.model, each, DAY_ZERO).standing for each in some))


def happens(code: str | None, model: Model) -> bool:
    lines = [line for line in model.indicators if line.reads == code]
    return any(isinstance(line.answer, FlagEvents | Count) for line in lines)


def test_every_construct_is_used_by_the_random_models() -> None:
    wanted = {
        "answer flag", "answer count", "answer choice", "answer number", "answer age",
        "kind harm", "kind risk", "kind vulnerability", "kind protective", "kind context",
        "combine sum", "combine max", "cap", "windows", "within", "absence", "each", "at_most",
        "ranges", "options", "when", "all", "any", "code", "age_below", "any_of",
        "single_points_from", "required", "min_known", "otherwise incomplete", "group", "below",
    }  # fmt: skip
    seen: set[str] = set()

    def all_seen(document: dict[str, object]) -> bool:
        seen.update(constructs(document))
        return wanted <= seen

    # Draws until all were seen; raises where that takes more models than the laws draw together.
    find(documents(), all_seen, settings=settings(max_examples=150, phases=[Phase.generate]))


def test_choices_and_numbers_are_states_too() -> None:
    kinds = {type(line.answer) for line in DEMO.indicators}

    assert {Choice, Number} <= kinds
