"""What the police and social care know about the children: indicator updates as their feeds push
them. Codes as `GET /v1/codes` lists them, each from an agency that could hold it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from services.cli.demo import population
from services.cli.demo.awkward import SHOWN
from services.cli.demo.dice import Dice
from services.cli.demo.stories import LAST_DAY, Story, council_id, police_urn

POLICE, SOCIAL_CARE = "police-feed", "council-case-system"

POLICE_SIGNS = (
    "missing_episode",
    "missing_episode",
    "out_late",
    "unknown_callers",
    "cars_of_unknown_adults",
    "places_known_for_exploitation",
    "unexplained_money_or_goods",
    "concerning_phone_use",
    "exploited_peers",
    "drugs",
    "older_controlling_partner",
    "unexplained_injury",
)
SOCIAL_CARE_SIGNS = (
    "missing_episode",
    "out_of_education",
    "independent_and_unreachable",
    "expressions_of_despair",
    "concerning_internet_use",
    "alcohol",
    "exploited_peers",
)
BACKGROUND = (
    "emotional_neglect",
    "physical_abuse",
    "family_breakdown",
    "domestic_abuse_in_family",
    "substance_misuse_in_family",
    "mental_ill_health_in_family",
    "low_self_esteem",
    "unsuitable_accommodation",
    "isolation_from_peers",
    "no_protective_adult",
)
ANSWERS = ("yes",) * 8 + ("no", "not_known")

Update = dict[str, Any]

# The child that `amber up` points at, by hand: what its score will say is known beforehand.
SHOWN_SIGNS = (
    (POLICE, "missing_episode", "2026-09-20"),
    (POLICE, "unexplained_money_or_goods", "2026-09-24"),
    (POLICE, "missing_episode", "2026-02-11"),
    (SOCIAL_CARE, "family_breakdown", "2024-05-01"),
    (SOCIAL_CARE, "out_of_education", "2026-09-07"),
)


def updates(stories: Iterable[Story]) -> Mapping[str, Sequence[Update]]:
    """By sending consumer, everything that it knows about the children of the stories."""
    found: dict[str, list[Update]] = {POLICE: [], SOCIAL_CARE: []}
    for story in stories:
        for sender, update in _of(story):
            place = len(found[sender])
            found[sender].append({"source_ref": f"DEMO-{place:05d}", "revision": 1, **update})
    # A statement taken back, as a feed does it: a new revision of the same reference.
    last = found[POLICE][-1]
    found[POLICE].append({**last, "revision": 2, "retracted": True})
    return found


def _of(story: Story) -> Iterator[tuple[str, Update]]:
    number = _number(story)
    if number is None:
        yield POLICE, _about_a_name(story)
    elif story.key == SHOWN:
        for sender, code, observed_on in SHOWN_SIGNS:
            yield sender, _update(sender, number, code, "yes", date.fromisoformat(observed_on))
    else:
        yield from _history(story, number)


def _history(story: Story, number: int) -> Iterator[tuple[str, Update]]:
    dice = Dice(f"history of {story.key}")
    received_on = date.fromisoformat(story.referral["received_on"])
    severity = dice.pick((1, 1, 2, 2, 3, 5))
    for _ in range(dice.between(0, severity + 1)):
        day = received_on - timedelta(days=dice.between(200, 2000))
        yield SOCIAL_CARE, _update(SOCIAL_CARE, number, dice.pick(BACKGROUND), "yes", day)
    for sender, signs in ((POLICE, POLICE_SIGNS), (SOCIAL_CARE, SOCIAL_CARE_SIGNS)):
        for _ in range(dice.between(1, 1 + severity)):
            day = min(received_on + timedelta(days=dice.between(-330, 60)), LAST_DAY)
            yield sender, _update(sender, number, dice.pick(signs), dice.pick(ANSWERS), day)
    if number >= population.FIRST_NUMBER and dice.chance(0.4):
        yield from _lately(dice, number, received_on)
    if dice.chance(0.3):
        # One night away, reported by both agencies: one event.
        day = min(received_on + timedelta(days=dice.between(-60, 30)), LAST_DAY)
        for sender in (POLICE, SOCIAL_CARE):
            update = _update(sender, number, "missing_episode", "yes", day)
            yield sender, {**update, "incident_ref": f"police:DEMO-{story.key.upper()}"}


def _lately(dice: Dice, number: int, received_on: date) -> Iterator[tuple[str, Update]]:
    # Still a worry where the data ends, however long ago the referral was.
    for _ in range(dice.between(2, 5)):
        day = max(received_on, LAST_DAY - timedelta(days=dice.below(150)))
        yield POLICE, _update(POLICE, number, dice.pick(POLICE_SIGNS), "yes", day)


def _update(sender: str, number: int, code: str, answer: str, day: date) -> Update:
    known_as = (
        {"type": "police_urn", "value": police_urn(number)}
        if sender == POLICE
        else {"type": "council_id", "value": council_id(number)}
    )
    return {
        "child": {"identifiers": [known_as]},
        "code": code,
        "answer": answer,
        "observed_on": day.isoformat(),
    }


def _about_a_name(story: Story) -> Update:
    # No number is known: the update is held until somebody says whom it is about.
    child = story.referral["child"]
    return {
        "person": {
            "name": f"{child['given_name']} {child['family_name']}",
            "date_of_birth": child["date_of_birth"],
        },
        "code": "missing_episode",
        "answer": "yes",
        "observed_on": story.referral["received_on"],
    }


def _number(story: Story) -> int | None:
    values = [each["value"] for each in story.referral["child"]["identifiers"]]
    return int(values[1].removeprefix("DEMO-")) if values else None
