"""What a condition on a code sees: what the indicators that read the code see."""

import pytest

from services.scoring.domain.engine.meanings import FIRST, LATEST
from services.scoring.domain.engine.score import score
from services.scoring.domain.evidence import Observation
from services.scoring.domain.population.columns import columns
from services.scoring.domain.population.engine import score_population
from tests.domain.scoring.builders import AS_OF, answer, evidence, seen
from tests.domain.scoring.sketches import line, sketch

STATE = "answer: flag, points: '0', within: P6M"
EVENTS = "answer: flag, windows: [{from: P1M, to: P6M, points: '0'}]"
SILENT_NO = EVENTS + ", absence: {means: no, while_fresh: police}"
COUNT = "answer: count, within: P6M, each: '1', at_most: '2'"
CHOICE = "answer: choice, within: P6M, options: {home: '0', care: '0'}"
NUMBER = "answer: number, within: P6M, ranges: [{points: '0'}]"
CASES = {
    "a state nobody has told of": (STATE, "yes", [], None),
    "a state of lately": (STATE, "yes", [("yes", "2026-05-01")], True),
    "an older answer than it looks back": (STATE, "yes", [("yes", "2025-05-01")], None),
    "an older answer that is not the one": (STATE, "yes", [("no", "2025-05-01")], None),
    "another answer of lately": (STATE, "yes", [("no", "2026-05-01")], False),
    "answers that disagree": (STATE, "no", [("no", "2026-05-01"), ("yes", "2026-05-01")], True),
    "an event before a later no": (
        EVENTS, "yes", [("yes", "2026-02-01"), ("no", "2026-03-01")], True,
    ),
    "no event, as there was one": (
        EVENTS, "no", [("yes", "2026-02-01"), ("no", "2026-03-01")], False,
    ),
    "an event younger than the windows": (EVENTS, "yes", [("yes", "2026-05-20")], None),
    "an event before the windows": (EVENTS, "yes", [("yes", "2010-02-01")], None),
    "somebody said that there was none": (EVENTS, "no", [("no", "2026-03-01")], True),
    "silence of a fresh feed": (SILENT_NO, "no", [("yes", "2010-02-01")], True),
    "silence of a fresh feed is no yes": (SILENT_NO, "yes", [("yes", "2010-02-01")], False),
    "an event that is counted": (COUNT, "yes", [("yes", "2026-02-01")], True),
    "an event too old to be counted": (COUNT, "yes", [("yes", "2025-02-01")], None),
    "a word": (CHOICE, "care", [("care", "2026-02-01")], True),
    "another word": (CHOICE, "care", [("home", "2026-02-01")], False),
    "an older word": (CHOICE, "care", [("home", "2025-02-01")], None),
    "a number however it is written": (NUMBER, "2", [("2.0", "2026-02-01")], True),
    "another number": (NUMBER, "2", [("2.1", "2026-02-01")], False),
    "an older number": (NUMBER, "2", [("2", "2025-02-01")], None),
}  # fmt: skip
Told = list[tuple[str, str]]


@pytest.mark.parametrize(("reader", "wanted", "told", "truth"), CASES.values(), ids=CASES)
def test_a_condition_sees_what_the_indicator_that_reads_the_code_sees(
    reader: str, wanted: str, told: Told, *, truth: bool | None
) -> None:
    model = sketch(
        "indicators:\n"
        + line(reader, kind="risk", name="it")
        + line(
            "answer: flag, points: '1'", name="gated", more=f"when: {{code: it, is: '{wanted}'}}, "
        )
        + f"floors: [{{id: floor, band: top, reason: It, when: {{code: it, is: '{wanted}'}}}}]\n"
    )
    child = evidence(*given("it", told), seen("gated", "yes", "2026-05-01"))

    found = score(model, child, AS_OF)

    standing = found.standing
    assert standing is not None
    gated = next(each for each in found.contributions if each.indicator.id == "gated")
    assert (len(standing.fired), len(standing.possible)) == {
        True: (1, 0), None: (0, 1), False: (0, 0),
    }[truth]  # fmt: skip
    assert gated.state == {True: "known", None: "unknown", False: "ruled_out"}[truth]
    together = score_population(model, columns(model, [child]), AS_OF)
    assert (together.fired.sum(), together.possible.sum()) == (
        len(standing.fired), len(standing.possible),
    )  # fmt: skip
    assert (together.low[0], together.high[0]) == (standing.sums.low, standing.sums.high)


def given(code: str, told: Told) -> list[Observation]:
    return [seen(code, word, day) for word, day in told]


LATELY, EVER = "answer: flag, points: '0', within: P1M", "answer: flag, points: '0'"


@pytest.mark.parametrize(
    ("said", "fired", "possible"),
    [("yes", 1, 0), ("no", 0, 1)],
    ids=["one that looks further back sees it", "the one that can't tell may yet see it"],
)
def test_of_two_indicators_under_one_code_either_may_see_the_answer(
    said: str, fired: int, possible: int
) -> None:
    model = sketch(
        "indicators:\n"
        + line(LATELY, name="lately", more="reads: scared, ")
        + line(EVER, name="ever", more="reads: scared, ")
        + "floors: [{id: scared, band: top, reason: Scared, when: {code: scared, is: yes}}]\n"
    )

    result = answer(model, evidence(seen("scared", said, "2026-01-01")))

    assert (len(result["floors"]), len(result["possible_floors"])) == (fired, possible)


def test_a_band_range_holds_what_an_answer_of_today_would_give() -> None:
    """A no of three years ago is no answer any more where the indicator looks back six months."""
    model = sketch(
        "indicators:\n"
        + line(STATE, name="scared")
        + "floors: [{id: scared, band: high, reason: Scared, when: {code: scared, is: yes}}]\n"
    )
    before = answer(model, evidence(seen("scared", "no", "2023-05-01")))

    told = seen("scared", "yes", AS_OF.isoformat())
    after = answer(model, evidence(seen("scared", "no", "2023-05-01"), told))

    assert (before["band_range"], after["band"]) == (["low", "high"], "high")


def test_a_condition_turns_when_the_answer_goes_out_of_reach() -> None:
    model = sketch(
        "indicators:\n"
        + line(STATE, name="scared")
        + "floors: [{id: scared, band: high, reason: Scared, when: {code: scared, is: yes}}]\n"
    )
    told = evidence(seen("scared", "yes", "2026-05-01"))

    days = [AS_OF.replace(month=10, day=31), AS_OF.replace(month=11)]

    assert [answer(model, told, day)["band"] for day in days] == ["high", "low"]


@pytest.mark.parametrize(
    ("reader", "wanted", "told"),
    [(STATE, "yes", "yes"), (CHOICE, "care", "care"), (NUMBER, "2", "2.0")],
)
def test_engine_version_1_took_the_latest_answer_however_old(
    reader: str, wanted: str, told: str
) -> None:
    model = sketch(
        "indicators:\n"
        + line(reader)
        + f"floors: [{{id: floor, band: top, reason: It, when: {{code: it, is: '{wanted}'}}}}]\n"
    )
    child = evidence(seen("it", told, "2010-01-01"))

    bands = {meaning: score(model, child, AS_OF, meaning).band for meaning in (FIRST, LATEST)}

    assert bands == {FIRST: "top", LATEST: "low"}
