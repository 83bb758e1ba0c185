"""The model card: whole, readable, about nobody."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.scoring.domain.card import Assessed, card
from services.scoring.domain.lifecycle import State
from services.scoring.domain.loading import load
from services.scoring.domain.tally import Cell, Tally
from services.scoring.domain.versions import Version
from tests.domain.scoring.builders import SHIPPED, shipped
from tests.domain.scoring.small import SMALL

LOADED = load(SMALL, "small")
VERSION = Version(
    model="small",
    version="1.0",
    document_hash=LOADED.document_hash,
    rules_hash=LOADED.rules_hash,
    effective_from=date(2026, 1, 1),
    state=State.APPROVED,
    author_person_id="p-author",
    proposed_at=datetime(2026, 5, 1, 12, 0, tzinfo=UTC),
    proposal_reason="for a card",
    approver_person_id="p-approver",
    approved_at=datetime(2026, 5, 2, 12, 0, tzinfo=UTC),
    approval_reason="for a card",
)
ASSESSED = Assessed(
    as_of=date(2026, 5, 1),
    against="0.9",
    population=1_231,
    set_apart=0,
    tally=Tally(
        scored=1_231,
        cells={
            Cell("all", "all", "low", "low"): 1_200,
            Cell("all", "all", "low", "high"): 31,
            Cell("sex", "F", "low", "low"): 1_200,
            Cell("sex", "F", "low", "high"): 28,
            Cell("sex", "M", "low", "high"): 3,
        },
        near={"high": 4},
        present={"missing": 9, "hurt": 0},
    ),
)


def test_it_says_what_counts_how_much_and_who_approved_by_role() -> None:
    text = card(VERSION, LOADED.document, ASSESSED)
    for line in (
        "# A small model",
        "| Version | small 1.0, approved |",
        "| In force from | 2026-05-02 |",
        "| Approved | 2026-05-02, by the approver of the weights, another person |",
        "| Missing from home | risk | police | 5 if so in the last 6 months;"
        " 1 if so between 6 months and 12 months ago |  |  |",
        "| Hurt by someone | harm | health, social care | 2.5 if so |  |  |",
        "- at least high: Someone is hurt (any harm present)",
        "| all | low | high | 31 |",
        "- indicators that no child has: hurt",
    ):
        assert line in text.splitlines()
    assert "p-author" not in text
    assert "p-approver" not in text


def test_it_says_what_silence_means_what_is_only_sometimes_asked_and_what_must_be_known() -> None:
    ages = {"when": {"any": [{"age_below": 16}, {"code": "lives_in", "is": "in_care"}]}}
    absence = {"absence": {"means": "no", "while_fresh": "police"}}
    missing = LOADED.document["indicators"]["missing"] | ages | absence
    document = LOADED.document | {
        "indicators": LOADED.document["indicators"] | {"missing": missing},
        "completeness": {"required": ["hurt"], "min_known": 1, "otherwise": "incomplete"},
        "bands": [{"id": "category_1", "from": "0"}],
    }

    text = card(VERSION, document, None)

    for said in (
        "; hearing nothing means no, while news from the police is fresh;"
        " only if the age is below 16 or lives in is “in care” |",
        "- With fewer than 1 of 2 indicators known a score is incomplete:"
        " its points give it no band.",
        "- So it is where one of these is not known: Hurt by someone.",
        "| category 1 | 0 |",
    ):
        assert said in text


def test_no_small_number_is_in_it() -> None:
    lines = card(VERSION, LOADED.document, ASSESSED).splitlines()
    assert "| F | low | high |  |" in lines
    assert "| M | low | high |  |" in lines
    assert "- within one point of where high begins: fewer than six" in lines


def test_with_few_set_apart_no_cell_is_in_it_as_the_others_would_give_them_away() -> None:
    few = replace(ASSESSED, population=1_234, set_apart=3)
    text = card(VERSION, LOADED.document, few)
    assert "1,234 children on 2026-05-01" in text
    assert "fewer than six could not be scored" in text
    assert "| all | low |" not in text
    assert "1,200" not in text


def test_a_rollback_says_what_it_is_and_leaves_why_to_the_history() -> None:
    change = {"kind": "rollback", "reason": "Ada saw it.", "reference": "version 1.0, as 1.2"}
    text = card(VERSION, {**LOADED.document, "change": change}, None)
    assert "| Change | rollback |" in text.splitlines()
    assert "Ada" not in text


def test_a_retired_version_says_when_and_leaves_why_to_the_history() -> None:
    retired = replace(
        VERSION,
        state=State.RETIRED,
        ended_at=datetime(2026, 8, 1, 12, 0, tzinfo=UTC),
        ended_by_person_id="p-approver",
        end_reason="It missed | boys.",
        ended_affected=40,
    )
    text = card(retired, LOADED.document, None)
    retirement = "| Retired | 2026-08-01 (40 children's scores stood under it) |"
    assert retirement in text.splitlines()
    assert "boys" not in text
    assert "No assessment of it has been approved." in text


@pytest.mark.parametrize(
    "name", sorted(str(file.relative_to(SHIPPED)) for file in SHIPPED.glob("*/*.yaml"))
)
def test_every_shipped_model_has_a_card_with_all_its_indicators(name: str) -> None:
    loaded = shipped(name)
    text = card(VERSION, loaded.document, None)
    assert all(f"| {each.title} |" in text for each in loaded.model.indicators)
