"""Where children stand, compared with what follows now.

A worker comes by where a mark or a day says so. Where one of them was lost, or changed, an old
score would stand for good, and every stored score would still follow from its inputs.
"""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from services.scoring.domain.engine.document import as_document
from services.scoring.domain.engine.forecast import look_again_on
from services.scoring.domain.engine.score import ENGINE_VERSION, score
from services.scoring.domain.evidence import Evidence
from services.scoring.domain.model import Model
from services.scoring.domain.versions import Version, in_force
from services.scoring.service.comparing.compared import Compared
from services.scoring.service.computing import is_equal
from services.scoring.service.feeds import known_feeds
from services.scoring.service.primary import read_primary
from services.scoring.service.weights import Weights
from services.scoring.store.due import Looked, Resting, resting
from services.scoring.store.evidence import evidence_now
from services.scoring.store.feeds import last_turn_position
from services.scoring.store.scores import StoredScore, latest_scores
from services.scoring.store.versions import all_versions
from shared.clock import Clock
from shared.domain.london import london_date
from shared.storage.writing import Database

AT_ONCE = 500


def compare_standings(database: Database, weights: Weights, clock: Clock) -> Iterator[Compared]:
    """Every child that is at rest, some at a time, each part in a short read transaction."""
    behind: UUID | None = None
    while True:
        with database.reading() as connection:
            today = london_date(clock())
            primary = read_primary(connection, today)
            version = in_force(all_versions(connection, primary.model), today)
            if version is None:  # then nothing is computed
                return
            turned = last_turn_position(connection)
            looked = Looked(today, version.document_hash, ENGINE_VERSION, turned)
            children = resting(connection, looked, behind, AT_ONCE)
            yield from _compare(connection, weights, version, today, children)
        if not children:
            return
        behind = children[-1].child_id


def _compare(
    connection: Connection,
    weights: Weights,
    version: Version,
    today: date,
    children: list[Resting],
) -> Iterator[Compared]:
    ids = [each.child_id for each in children]
    latest, evidence = latest_scores(connection, ids), evidence_now(connection, ids)
    model, feeds = weights.of(connection, version.document_hash).model, known_feeds(connection)
    for each in children:
        last, about = latest.get(each.child_id), f"score {each.score_id}"
        if last is None:
            differences, about = ["rows"], f"child {each.child_id}"
        else:
            known = feeds.beside(evidence[each.child_id], model, today, None)
            differences = _apart(each, last, model, known, today)
        yield Compared("standing", about, None, tuple(differences))


def _apart(
    each: Resting, last: StoredScore, model: Model, known: Evidence, today: date
) -> list[str]:
    found = ["score_id"] if last.number != each.last_number else []
    try:
        now = score(model, known, today)
        if not is_equal(last, last.document_hash, as_document(now)):
            found.append("score_due")
        if each.next_change_on is None or each.next_change_on > look_again_on(now):
            found.append("next_change_on")
    except Exception:  # noqa: BLE001  # a broken row is named, and the walk goes on
        found.append("inputs")
    return found
