"""The demonstration data itself: the same everywhere, nobody real, awkward where it should be."""

import hashlib
import json
from datetime import date

from services.cli.demo.histories import POLICE, SOCIAL_CARE, updates
from services.cli.demo.loading import all_stories
from services.cli.demo.stories import LAST_DAY
from shared.domain.check_digits import is_nhs_number, is_upn

STORIES = all_stories()
BY_KEY = {story.key: story for story in STORIES}
UPDATES = updates(STORIES)


def values(kind: str) -> list[str]:
    return [
        each["value"]
        for story in STORIES
        for each in story.referral["child"]["identifiers"]
        if each["type"] == kind
    ]


def test_it_is_the_same_on_every_machine_and_day() -> None:
    # Changed on purpose? Give it another EDITION in services/cli/demo/loading.py.
    told = [[story.key, story.referral, list(story.moves)] for story in STORIES]
    whole = json.dumps([told, dict(UPDATES)], sort_keys=True, default=list)
    assert hashlib.sha256(whole.encode()).hexdigest() == (
        "fcfedd011953f750d8be2d948693846f72e24ac0a1378981e65a3b109cea274a"
    )


def test_there_are_some_two_hundred_children_with_a_history_from_both_agencies() -> None:
    assert 200 <= len(set(values("council_id"))) <= 230
    told_of = {
        sender: {item["child"]["identifiers"][0]["value"] for item in items if "child" in item}
        for sender, items in UPDATES.items()
    }
    assert len(told_of[POLICE]) >= 200
    assert len(told_of[SOCIAL_CARE]) >= 200


def test_no_number_could_be_that_of_a_real_child() -> None:
    nhs_numbers, upns = values("nhs_number"), values("upn")
    assert all(is_nhs_number(number) and number.startswith("999") for number in nhs_numbers)
    assert all(is_upn(number) and number[1:4] == "999" for number in upns)
    assert all("Demo" in story.referral["child"]["family_name"] for story in STORIES)


def test_each_request_has_a_key_of_its_own() -> None:
    assert len(BY_KEY) == len(STORIES)
    for items in UPDATES.values():
        keys = [(item["source_ref"], item["revision"]) for item in items]
        assert len(set(keys)) == len(keys)


def test_nothing_is_later_than_its_last_day() -> None:
    days = [story.referral["received_on"] for story in STORIES]
    days += [move["decided_on"] for story in STORIES for move in story.moves]
    days += [item["observed_on"] for items in UPDATES.values() for item in items]
    assert max(date.fromisoformat(day) for day in days) <= LAST_DAY


def test_nothing_was_received_in_the_year_that_is_known_by_its_total_only() -> None:
    assert min(story.referral["received_on"] for story in STORIES) >= "2020-04-01"


def test_the_awkward_ones_are_there() -> None:
    def child(key: str) -> dict[str, object]:
        found: dict[str, object] = BY_KEY[key].referral["child"]
        return found

    twins = child("twin-sample"), child("twin-specimen")
    assert twins[0]["date_of_birth"] == twins[1]["date_of_birth"]
    assert twins[0]["family_name"] == twins[1]["family_name"]
    adopted = child("before-adoption"), child("after-adoption")
    assert adopted[0]["identifiers"] == adopted[1]["identifiers"]
    assert adopted[0]["family_name"] != adopted[1]["family_name"]
    assert child("estimated-birth-date")["date_of_birth_estimated"] is True
    assert "date_of_birth" not in child("no-birth-date")
    assert "date_of_birth" not in child("unborn")
    assert child("unborn")["expected_on"] > BY_KEY["unborn"].referral["received_on"]
    assert "nhs_number" not in str(child("no-nhs-number"))
    assert child("only-a-name")["identifiers"] == []
