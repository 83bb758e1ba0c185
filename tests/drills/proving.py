"""What must hold of a scoring database whatever happened to its processes."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import chain, pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from services.referrals.store.database import open_referrals
from services.scoring.service.comparing.judgements import compare_standing_judgements
from services.scoring.service.comparing.rows import compare_all
from services.scoring.service.comparing.standings import compare_standings
from services.scoring.service.computing import is_equal
from services.scoring.service.verifying import verify_all
from services.scoring.service.weights import Weights
from services.scoring.store.database import open_scoring
from services.scoring.store.scores import StoredScore
from services.scoring.tables import (
    held_update,
    journal,
    judgement,
    judgement_step,
    observation,
    score_due,
)
from shared.clock import system_clock
from shared.storage.chain import faults
from shared.storage.cursors import read_cursor
from shared.storage.database import reading
from shared.storage.journal import head_of
from shared.storage.writing import Database
from tests.drills.feed import Feed, Item, Key
from tests.drills.judging import steps_of
from tests.support.api import await_it
from tests.support.trackers import Deployed

SETTLED_SECONDS = 60.0
"""On a busy machine scores take long."""
_SAID = ("code", "answer", "observed_on")


def settled(services: Deployed) -> None:
    """Wait until scoring has heard all that referrals told, and no score is due any more."""
    with (
        _opened(open_scoring, services.database("scoring")) as scoring,
        _opened(open_referrals, services.database("referrals")) as referrals,
    ):

        def nothing_left() -> bool | None:
            with referrals.reading() as connection:
                told = head_of(connection, referrals.journal).position
            with scoring.reading() as connection:
                heard = read_cursor(connection, "referrals").position
                due = connection.scalar(select(func.count()).select_from(score_due))
            return (heard >= told and due == 0) or None

        await_it(nothing_left, "every score that is due to be computed", SETTLED_SECONDS)


@contextmanager
def _opened(open_one: Callable[[str], Database], url: str) -> Iterator[Database]:
    database = open_one(url)
    try:
        yield database
    finally:
        database.engine.dispose()


def prove(url: str, feed: Feed) -> dict[str, int]:
    """Nothing lost, nothing doubled, the chain whole, stored equals derived; else AssertionError.

    Returns how much there was of what.
    """
    with _opened(open_scoring, url) as database:
        with reading(database.engine) as connection:
            assert list(faults(connection, journal)) == []
            all_kept = _kept(connection)
        kept = {key: said for key, said in all_kept.items() if key[0] in feed.references}
        assert kept == {key: _said(item) for key, item in feed.sent.items()}, "each once, as sent"
        replayed = list(verify_all(database, Weights()))
        assert [one.differences for one in replayed if not one.equal] == []
        assert [one for one in compare_all(database) if one.differences] == [], "rows are as told"
        stand = chain(
            compare_standings(database, Weights(), system_clock),
            compare_standing_judgements(database, system_clock),
        )
        assert [one for one in stand if one.differences] == [], "nobody is forgotten"
        _assert_nothing_twice([one.stored for one in replayed])
        _assert_answers_stand(feed)
        _assert_judged_once(database, feed)
    return {
        "statements": len(kept),
        "receipts": len(feed.receipts),
        "stored scores": len(replayed),
        "judgements": len(feed.professionals.made),
        "confirmed": len(_followed(feed, "confirmed")),
        "withdrawn": len(_followed(feed, "withdrawn")),
        "children": len(feed.children),
    }


def _kept(connection: Connection) -> Mapping[Key, tuple[str, ...]]:
    """What is recorded or waits. The databases themselves refuse the same revision twice."""
    said = observation.c
    rows = connection.execute(
        select(said.source_ref, said.revision, said.code, said.answer, said.observed_on)
    )
    recorded = {(row[0], row[1]): (row[2], row[3], row[4].isoformat()) for row in rows}
    waiting = {
        (content["source_ref"], content["revision"]): _said(content)
        for content in map(json.loads, connection.scalars(select(held_update.c.content)))
    }
    assert recorded.keys().isdisjoint(waiting)
    return recorded | waiting


def _said(item: Item) -> tuple[str, ...]:
    return tuple(item[name] for name in _SAID)


def _assert_nothing_twice(stored: list[StoredScore]) -> None:
    """A score is stored when it says something new: no child has the same one twice running."""
    of_child: dict[UUID, list[StoredScore]] = defaultdict(list)
    for one in sorted(stored, key=lambda each: each.number):
        of_child[one.child_id].append(one)
    for scores in of_child.values():
        assert [one.number for one in scores] == list(range(1, len(scores) + 1))
        for one, following in pairwise(scores):
            assert not is_equal(one, following.document_hash, following.document)


def _assert_answers_stand(feed: Feed) -> None:
    """What was answered is still so, and every child's present score is the stored one."""
    for receipt_id, items in feed.receipts.items():
        receipt: Any = feed.tracker.get("police-feed", f"/v1/indicator-updates/{receipt_id}")
        assert receipt["items"] == items
    for child in feed.alone:
        score = feed.tracker.get("social-worker", f"/v1/children/{child}/score")
        assert score["score_id"] is not None, "what is computed is what is stored"
        await_it(partial(_rated, feed, child, score), "referrals to know the score")
        if child not in feed.ever_merged:
            judged = score["judgement"] and score["judgement"]["id"]
            assert judged == feed.professionals.stands_for(child), "the rating in force follows"


def _rated(feed: Feed, child: str, score: Item) -> bool | None:
    """The score, and the judgement that stands before it."""
    rating = feed.tracker.get("social-worker", f"/v1/children/{child}")["current_rating"]
    stands = score["judgement"] is not None and not score["judgement_overtaken"]
    expected = (score["score_id"], score["band_in_force"] if stands else None)
    told = rating and (rating["score_id"], rating["judged_band"])
    return told == expected or None


def _followed(feed: Feed, step: str) -> list[Item]:
    return [each for each in feed.professionals.made.values() if step in steps_of(each)]


def _assert_judged_once(database: Database, feed: Feed) -> None:
    """Every word has a reason of its own: it is on record once, and as it was answered."""
    with database.reading() as connection:
        for said in (judgement, judgement_step):
            reasons = connection.scalars(select(said.c.reason)).all()
            assert len(reasons) == len(set(reasons)), "no word is there twice"
    kept = {
        each["id"]: each
        for child in feed.alone
        for each in feed.tracker.every("social-worker", f"/v1/children/{child}/judgements")
    }
    for judgement_id, answered in feed.professionals.made.items():
        now = kept[judgement_id]
        assert {**now, "steps": []} == {**answered, "steps": []}
        assert steps_of(answered).items() <= steps_of(now).items()
