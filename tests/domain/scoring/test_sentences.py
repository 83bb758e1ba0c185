"""Every reason can be read, in words the child could read about themselves."""

import re
from typing import Any

import pytest
from hypothesis import given, settings

from services.scoring.domain.engine.document import (
    as_document,
    forecast_document,
    nearest_document,
)
from services.scoring.domain.engine.forecast import forecast
from services.scoring.domain.engine.nearest import nearest_change
from services.scoring.domain.engine.score import score
from services.scoring.domain.evidence import Evidence
from services.scoring.domain.model import Model
from services.scoring.domain.sentences import SENTENCES, explain
from tests.domain.scoring.builders import AS_OF, SHIPPED, evidence, seen, shipped
from tests.domain.scoring.random_models import DAY_ZERO, children, models

BLAME = re.compile(
    r"promiscu|risky|put(s|ting)? (him|her|them)sel|lifestyle|prostitut|choos|chose|refus|engag"
    r"|absconded|streetwise|troubled|attention.seeking|failed to|manipulat|offender",
    re.IGNORECASE,
)


def reasons(value: object) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        here = [value] if value.keys() == {"code", "params"} else []
        return here + [found for part in value.values() for found in reasons(part)]
    return [found for part in value for found in reasons(part)] if isinstance(value, list) else []


@settings(max_examples=60, deadline=None)
@given(models, children())
def test_every_reason_of_any_answer_has_a_sentence(model: Model, known: Evidence) -> None:
    found = score(model, known, DAY_ZERO)
    nearest = nearest_document(found, nearest_change(found))
    documents = [as_document(found), forecast_document(found, forecast(found)), nearest]

    for reason in reasons(documents):
        assert explain(reason["code"], reason["params"]).endswith(".")


READ = {
    "an event": (
        seen("missing_episode", "yes", "2026-05-01"),
        "Missing from home or care overnight or longer: in the last 3 months, last on 1 May 2026. "
        "4 points.",
    ),
    "a state": (
        seen("unsafe_home", "yes", "2026-05-01"),
        "Living somewhere unsafe or unsettled: the answer on 1 May 2026 was “yes”. 2 points.",
    ),
    "a no": (
        seen("cars_of_unknown_adults", "no", "2026-05-01"),
        "The question was: “In cars of unknown adults”? The answer on 1 May 2026 was no.",
    ),
    "a state that is not so": (
        seen("unsafe_home", "no", "2026-05-01"),
        "The question was: “Living somewhere unsafe or unsettled”? "
        "The answer on 1 May 2026 was no. 0 points.",
    ),
    "not known": (
        seen("unsafe_home", "not_known", "2026-05-01"),
        "Living somewhere unsafe or unsettled: someone asked on 1 May 2026, "
        "and it is still not known.",
    ),
    "silence": (
        seen("unsafe_home", "no", "2026-05-01"),
        "Police told social care of a worry: "
        "the police would have told us, and told us of nothing.",
    ),
}


@pytest.mark.parametrize(("observation", "sentence"), READ.values(), ids=READ.keys())
def test_a_reason_reads(observation: Any, sentence: str) -> None:
    model = shipped("child-exploitation/0.1.yaml").model
    document = as_document(score(model, evidence(observation), AS_OF))

    found = [explain(each["code"], each["params"]) for each in reasons(document)]

    assert sentence in found


RECENT = {"from": "P0M", "to": "P6M", "last_on": "2026-11-01", "points": "5"}
OLDER = {"from": "P6M", "to": "P12M", "last_on": "2026-04-01", "points": "1"}
NO_ADULT = "Left without an adult who looks out for them"
SAID = {
    "one window": (
        ("happened", {"title": "Drugs", "windows": [RECENT], "points": "5"}),
        "Drugs: in the last 6 months, last on 1 November 2026. 5 points.",
    ),
    "two windows": (
        ("happened", {"title": "Drugs", "windows": [RECENT, OLDER], "points": "6"}),
        "Drugs: in the last 6 months, last on 1 November 2026, gives 5 points; between 6 months "
        "and 12 months ago, last on 1 April 2026, gives 1 point. 6 points together.",
    ),
    "a no to a title that denies": (
        ("no", {"title": NO_ADULT, "on": "2026-11-01", "points": "0"}),
        f"The question was: “{NO_ADULT}”? The answer on 1 November 2026 was no.",
    ),
    "one to ask": (
        ("not_asked", {"title": "Drugs", "held_by": ["police"]}),
        "Drugs: nobody has told us yet. We could ask the police.",
    ),
    "two to ask": (
        ("not_asked", {"title": "Drugs", "held_by": ["health", "social_care"]}),
        "Drugs: nobody has told us yet. We could ask health or social care.",
    ),
    "three to ask": (
        ("not_asked", {"title": "Drugs", "held_by": ["health", "police", "social_care"]}),
        "Drugs: nobody has told us yet. We could ask health, the police or social care.",
    ),
    "a silent feed": (
        ("feed_silent", {"title": "Drugs", "held_by": ["police"], "agency": "police"}),
        "Drugs: we don't know, because news from the police has stopped coming.",
    ),
    "what must be known": (
        ("not_all_known", {"known": 2, "of": 3, "required_unknown": ["been_hurt", "drugs"]}),
        "We know 2 of 3 things, so this may still change. "
        "What must be known and is not: been hurt, drugs.",
    ),
    "no band ahead": (
        ("band_falls", {"on": "2027-03-03", "band": None}),
        "There is no band on 3 March 2027 if nothing new arrives.",
    ),
    "no band, by one answer": (
        ("nearest_change", {"code": "been_hurt", "answer": "no", "band": None}),
        "If we heard “no” about been hurt, there would be no band.",
    ),
    "one point less": (
        ("age", {"title": "Younger", "age": 12, "points": "-1"}),
        "Younger: the age is 12. -1 point.",
    ),
    "kept from the reader": (
        ("withheld", {"title": "Drugs"}),
        "Drugs: something is known that you may not read; it counts.",
    ),
}


@pytest.mark.parametrize(("reason", "sentence"), SAID.values(), ids=SAID.keys())
def test_a_sentence_can_be_read_in_one_way(
    reason: tuple[str, dict[str, object]], sentence: str
) -> None:
    assert explain(*reason) == sentence


def test_no_shipped_title_or_sentence_blames_a_child() -> None:
    texts = [file.read_text(encoding="utf-8") for file in SHIPPED.glob("*/*.yaml")]

    assert [BLAME.search(text) for text in [*texts, *map(str, SENTENCES)]] == [None] * (
        len(texts) + len(SENTENCES)
    )
