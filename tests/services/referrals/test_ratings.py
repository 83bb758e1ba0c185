"""What scoring tells: the rating in force, in whatever order and however often it is told."""

from itertools import permutations

import pytest
from sqlalchemy import text

from services.referrals.service.ratings import forget, take
from shared.contracts.events import Event
from shared.ids import new_id
from tests.services.referrals.support import Referrals, child, counted, rating_changed, urn
from tests.support.plans import statements_of

NOBODY = "01890000-0000-7000-8000-000000000000"


def all_rows(referrals: Referrals, table: str) -> list[str]:
    """What a table holds, in an order of its own."""
    with referrals.service.database.reading() as connection:
        return sorted(map(repr, connection.execute(text(f"SELECT * FROM {table}"))))  # noqa: S608  # the test's own words


def test_a_child_shows_the_rating_in_force(referrals: Referrals) -> None:
    child_id = referrals.received()["child_id"]
    score_id = str(new_id())
    referrals.told(rating_changed(child_id, score_id=score_id))
    known = referrals.system().get(f"/v1/children/{child_id}").json()
    assert known["current_rating"] == {
        "score_id": score_id,
        "model": "seraf",
        "version": "1.0.0",
        "as_of": "2026-06-01",
        "status": "complete",
        "total": "10",
        "band": "category_2",
        "interval": ["10", "65"],
        "band_range": ["category_2", "category_4"],
        "known": 12,
        "indicators": 30,
        "judged_band": None,
        "judgement_id": None,
        "judged_until": None,
    }
    assert known["rating_in_words"] == "from the score, not yet confirmed by a professional"


def test_of_a_provisional_rating_it_is_said_how_little_is_known(referrals: Referrals) -> None:
    child_id = referrals.received()["child_id"]
    referrals.told(rating_changed(child_id, status="provisional"))
    known = referrals.system().get(f"/v1/children/{child_id}").json()
    assert known["rating_in_words"] == (
        "provisional: we know 12 of 30 things, so it may be another;"
        " not yet confirmed by a professional"
    )


def test_a_missing_score_is_never_shown_as_a_low_one(referrals: Referrals) -> None:
    child_id = referrals.received()["child_id"]
    known = referrals.system().get(f"/v1/children/{child_id}").json()
    assert (known["current_rating"], known["rating_in_words"]) == (None, "no score yet")


def test_a_score_without_a_band_is_not_shown_as_a_low_one(referrals: Referrals) -> None:
    child_id = referrals.received()["child_id"]
    referrals.told(rating_changed(child_id, status="incomplete", total=None, band=None))
    known = referrals.system().get(f"/v1/children/{child_id}").json()
    assert known["current_rating"]["band"] is None
    assert known["rating_in_words"] == "a score without a band: see its status"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_ratings_in_any_order_and_twice_come_to_the_same(
    referrals: Referrals, order: tuple[int, ...]
) -> None:
    child_id = referrals.received()["child_id"]
    events = [rating_changed(child_id, n + 1, total=str(n)) for n in range(3)]
    for number in (*order, *order):
        with referrals.service.database.writing(referrals.clock) as transaction:
            take(transaction, [Event.model_validate(events[number])])
    known = referrals.system().get(f"/v1/children/{child_id}").json()
    assert known["current_rating"]["total"] == "2"
    assert counted(referrals, "known_score") == 3
    assert counted(referrals, "current_rating") == 1


def test_many_ratings_at_once_come_to_the_same_as_one_by_one_in_as_many_statements(
    referrals: Referrals,
) -> None:
    one, other = (
        referrals.received(child=child(identifiers=[urn(f"T/{n}")]))["child_id"] for n in (1, 2)
    )
    said = [(one, "category_2"), (other, "category_3"), (NOBODY, None), (one, "category_3")]
    bands = [{"id": "category_2"}, {"id": "category_3"}]
    events = [
        Event.model_validate(rating_changed(whose, n, band=band, bands=bands))
        for n, (whose, band) in enumerate(said, start=1)
    ]
    events += events[:2]
    found, questions = [], set()
    for pages in ([[each] for each in events], [events]):
        with referrals.service.database.writing(referrals.clock) as transaction:
            forget(transaction)
            for page in pages:
                with statements_of(referrals.service.database.engine) as asked:
                    take(transaction, page)
                questions.add(len(asked))
        found.append([all_rows(referrals, name) for name in ("current_rating", "known_score")])
        found[-1].append(all_rows(referrals, "child"))
    assert found[0] == found[1]
    assert [len(rows) for rows in found[0]] == [3, 4, 2]
    assert max(questions) == 2  # where the children stood: by their ratings, and in the risk list


def test_a_rating_of_a_child_unknown_here_is_kept(referrals: Referrals) -> None:
    referrals.told(rating_changed(NOBODY))
    assert counted(referrals, "current_rating") == 1
    assert referrals.system().get(f"/v1/children/{NOBODY}").status_code == 404


def test_an_event_that_is_not_for_referrals_is_passed(referrals: Referrals) -> None:
    referrals.told({**rating_changed(NOBODY), "type": "screening.answered", "data": {}})
    assert counted(referrals, "current_rating") == 0
    assert counted(referrals, "feed_cursor", "position = 1") == 1


def test_a_read_waits_for_what_its_caller_has_seen_of_scoring(referrals: Referrals) -> None:
    path = f"/v1/children/{referrals.received()['child_id']}"
    wants = {"Amber-Min-Position": "scoring:1"}
    response = referrals.system().get(path, headers=wants)
    assert (response.status_code, response.json()["code"]) == (503, "behind")
    referrals.told(rating_changed(NOBODY))
    assert referrals.system().get(path, headers=wants).status_code == 200


def test_what_a_restored_scoring_lost_does_not_stand_here(referrals: Referrals) -> None:
    lost, kept = (referrals.received(child=child(identifiers=[urn(f"T/{n}")])) for n in (1, 2))
    told = [rating_changed(each["child_id"], n) for n, each in enumerate((kept, lost), start=1)]
    referrals.told(*told)
    referrals.told(told[0], epoch="e2")
    ratings = [
        referrals.system().get(f"/v1/children/{each['child_id']}").json()["current_rating"]
        for each in (kept, lost)
    ]
    assert [rating and rating["score_id"] for rating in ratings] == [
        told[0]["data"]["score_id"],
        None,
    ]
    assert counted(referrals, "known_score") == 1


def test_the_rating_and_the_place_in_the_feed_are_kept_together(referrals: Referrals) -> None:
    with referrals.service.database.engine.begin() as connection:
        connection.execute(text("DROP TABLE known_score"))
    with pytest.raises(Exception, match="known_score"):
        referrals.told(rating_changed(NOBODY))
    assert counted(referrals, "current_rating") == 0
    assert counted(referrals, "feed_cursor") == 0
