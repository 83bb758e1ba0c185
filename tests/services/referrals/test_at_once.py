"""Two requests at the same time: one outcome, nothing doubled."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx2
from sqlalchemy import text

from shared.domain.access import Sight
from shared.storage.database import write_transaction
from tests.services.referrals.support import (
    REASON,
    Referrals,
    child,
    counted,
    move,
    referral,
    urn,
)


def at_once(*requests: Callable[[], httpx2.Response]) -> list[httpx2.Response]:
    """Send requests from threads that start together."""
    start = Barrier(len(requests))

    def send(request: Callable[[], httpx2.Response]) -> httpx2.Response:
        start.wait()
        return request()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


def meanwhile(
    referrals: Referrals, statement: str, request: Callable[[], httpx2.Response]
) -> httpx2.Response:
    """The answer to a request that comes while somebody is still writing a change."""
    engine = referrals.service.database.engine
    waiting = text(
        "SELECT 1 FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    with ThreadPoolExecutor(1) as pool:
        with write_transaction(engine) as connection:
            connection.execute(text(statement))
            answer = pool.submit(request)
            # SQLite has one writer: whoever else would write waits before they read.
            while engine.dialect.name == "postgresql" and not answer.done():
                with engine.connect() as other:
                    if other.execute(waiting).first() is not None:
                        break
        return answer.result()


def posting(
    referrals: Referrals, body: dict[str, Any], **headers: str
) -> Callable[[], httpx2.Response]:
    client = referrals.system()
    return lambda: client.post("/v1/referrals", json=body, headers=headers)


def test_posts_with_the_same_new_identifier_end_in_one_child(referrals: Referrals) -> None:
    for number in range(5):
        body = referral(child={"identifiers": [urn(f"14/{number}"), urn(f"15/{number}")]})
        answers = at_once(*[posting(referrals, body) for _ in range(4)])
        assert [answer.status_code for answer in answers] == [201] * 4
        assert len({answer.json()["child_id"] for answer in answers}) == 1
    assert counted(referrals, "child") == 5
    assert counted(referrals, "referral") == 20


def test_posts_that_share_one_new_identifier_end_in_one_child_with_all(
    referrals: Referrals,
) -> None:
    for number in range(5):
        shared = urn(f"14/{number}")
        answers = at_once(
            posting(referrals, referral(child={"identifiers": [shared, urn(f"20/{number}")]})),
            posting(referrals, referral(child={"identifiers": [urn(f"10/{number}"), shared]})),
        )
        assert [answer.status_code for answer in answers] == [201, 201]
        (child_id,) = {answer.json()["child_id"] for answer in answers}
        known = referrals.system().get(f"/v1/children/{child_id}").json()
        assert len(known["identifiers"]) == 3


def test_two_descriptions_of_a_known_child_lose_nothing(referrals: Referrals) -> None:
    first = referrals.received(child={"identifiers": [urn("14/0")]})
    answers = at_once(
        *[
            posting(
                referrals,
                referral(child=child(identifiers=[urn("14/0"), urn(f"15/{n}")], **details)),
            )
            for n, details in enumerate([{"given_name": None}, {"date_of_birth": None}])
        ]
    )
    assert [answer.status_code for answer in answers] == [201, 201]
    known = referrals.system().get(f"/v1/children/{first['child_id']}").json()
    assert len(known["identifiers"]) == 3
    assert (known["given_name"], known["date_of_birth"]) == ("Example", "2012-01-01")


def test_a_key_sent_twice_at_once_stores_one_referral(referrals: Referrals) -> None:
    answers = at_once(
        *[posting(referrals, referral(), **{"Idempotency-Key": "key-0001"}) for _ in range(2)]
    )
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert sorted("Idempotent-Replayed" in answer.headers for answer in answers) == [False, True]
    assert counted(referrals, "referral") == 1


def test_of_two_decisions_at_once_one_wins_and_the_other_is_told(referrals: Referrals) -> None:
    for headers, lost in (({}, 409), ({"If-Match": '"2"'}, 412)):
        received = referrals.received()
        assert referrals.move(received["id"], "start_triage").is_success

        def deciding(
            command: str, referral_id: str = received["id"], headers: dict[str, str] = headers
        ) -> Callable[[], httpx2.Response]:
            worker = referrals.worker()
            return lambda: move(worker, referral_id, command, headers=dict(headers))

        answers = at_once(deciding("accept"), deciding("no_further_action"))
        assert sorted(answer.status_code for answer in answers) == [201, lost]
        history = referrals.worker().get(f"/v1/referrals/{received['id']}/history").json()
        assert len(history["items"]) == 3
    assert (
        counted(referrals, "journal", "kind = 'referral.accepted'")
        + counted(referrals, "journal", "kind = 'referral.no_further_action'")
        == 2
    )


def test_of_two_allocators_at_once_one_wins_and_the_other_is_told(referrals: Referrals) -> None:
    received = referrals.received()
    for command in ("start_triage", "accept"):
        referrals.move(received["id"], command)

    def allocating(worker: str) -> Callable[[], httpx2.Response]:
        client, read = referrals.worker(), {"If-Match": '"3"'}
        return lambda: move(client, received["id"], "allocate", worker=worker, headers=read)

    answers = at_once(allocating("p-0007"), allocating("p-0008"))
    assert sorted(answer.status_code for answer in answers) == [201, 412]
    (won,) = (answer.json() for answer in answers if answer.is_success)
    now = referrals.worker().get(f"/v1/referrals/{received['id']}").json()
    assert now["decision"]["worker"] == won["decision"]["worker"]


def test_two_referrals_do_not_become_duplicates_of_each_other(referrals: Referrals) -> None:
    for number in range(3):
        pair = [referrals.received(child={"identifiers": [urn(f"14/{number}")]}) for _ in range(2)]
        for each in pair:
            referrals.move(each["id"], "start_triage")

        def marking(one: str, other: str) -> Callable[[], httpx2.Response]:
            client = referrals.worker()
            return lambda: move(client, one, "mark_duplicate", duplicate_of=other)

        first, second = (each["id"] for each in pair)
        answers = at_once(marking(first, second), marking(second, first))
        assert sorted(answer.status_code for answer in answers) == [201, 422]


def test_a_child_restricted_meanwhile_is_not_reviewed(referrals: Referrals) -> None:
    child_id = referrals.received(child=child(access={"team": "north"}))["child_id"]
    caller = referrals.client("risk:review", sight=Sight(teams=frozenset({"north"})))
    body = {"score_id": None, "note": REASON}
    answer = meanwhile(
        referrals,
        "UPDATE child SET restricted = true",
        lambda: caller.post(f"/v1/children/{child_id}/reviews", json=body),
    )
    assert (answer.status_code, counted(referrals, "child_review")) == (404, 0)


def test_a_child_restricted_meanwhile_is_not_referred_by_id(referrals: Referrals) -> None:
    child_id = referrals.received(child=child(access={"team": "north"}))["child_id"]
    caller = referrals.system(sight=Sight(teams=frozenset({"north"})))
    answer = meanwhile(
        referrals,
        "UPDATE child SET restricted = true",
        lambda: caller.post("/v1/referrals", json=referral(child_id=child_id)),
    )
    assert (answer.status_code, counted(referrals, "referral")) == (404, 1)


def test_a_referral_of_a_child_restricted_meanwhile_is_not_moved(referrals: Referrals) -> None:
    referral_id = referrals.received(child=child(access={"team": "north"}))["id"]
    caller = referrals.worker(sight=Sight(teams=frozenset({"north"})))
    answer = meanwhile(
        referrals,
        "UPDATE child SET restricted = true",
        lambda: move(caller, referral_id, "start_triage"),
    )
    assert answer.status_code == 404
