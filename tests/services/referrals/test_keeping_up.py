"""A system that keeps up with referrals holds what it may see, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from shared.domain.access import Sight
from shared.ids import new_id
from tests.services.referrals.support import REASON, Referrals, child, urn

PEOPLE = ("children:read", "children:write", "children:access", "children:merge")


@dataclass
class Mirror:
    """A council system: it copies what it is told, and forgets what it is told to."""

    caller: TestClient
    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    since: str = "beginning"

    def pages(self, query: str = "") -> Iterator[dict[str, Any]]:
        """The pages of one walk along what has changed."""
        link = f"/v1/referrals?updated_since={self.since}{query}"
        while link:
            answer = self.caller.get(link)
            assert answer.status_code == 200, answer.text
            yield answer.json()
            link = answer.headers.get("Link", "").removeprefix("<").removesuffix('>; rel="next"')

    def catch_up(self, query: str = "") -> list[str]:
        """Take everything over. Returns the ids that were told, in their order."""
        told = list[str]()
        for page in self.pages(query):
            told += [each["id"] for each in page["items"]]
            self.held |= {each["id"]: each for each in page["items"]}
            for referral_id in page["gone"]:
                del self.held[referral_id]
            self.since = page["updated_until"]
        return told


def north(referrals: Referrals) -> Mirror:
    return Mirror(referrals.system(sight=Sight(teams=frozenset({"north"}))))


def received(referrals: Referrals, number: int, **access: Any) -> dict[str, Any]:
    return referrals.received(child=child(identifiers=[urn(f"14/{number}")], access=access))


def say(referrals: Referrals, child_id: str, **access: Any) -> None:
    """A person says who may see a child."""
    person, path = referrals.client(*PEOPLE), f"/v1/children/{child_id}"
    body = {"team": None, "restricted": False, "staff_relative": False, "reason": REASON, **access}
    read = {"If-Match": person.get(path).headers["ETag"]}
    assert person.put(f"{path}/access", json=body, headers=read).status_code == 200


def test_each_change_is_told_once_in_its_order(referrals: Referrals) -> None:
    ids = [received(referrals, number)["id"] for number in range(4)]
    referrals.move(ids[1], "start_triage")
    mirror = north(referrals)
    assert mirror.catch_up("&limit=3") == [ids[0], ids[2], ids[3], ids[1]]
    assert mirror.catch_up() == []
    referrals.move(ids[3], "start_triage")
    referrals.move(ids[0], "start_triage")
    assert mirror.catch_up("&limit=1") == [ids[3], ids[0]]
    referrals.move(ids[0], "withdraw")
    referrals.move(ids[1], "request_information")
    assert mirror.catch_up("&status=withdrawn") == [ids[0]]


def test_a_child_who_comes_into_sight_is_told_and_one_who_goes_is_forgotten(
    referrals: Referrals,
) -> None:
    stays, goes, comes = (
        received(referrals, number, team=team)
        for number, team in enumerate(("north", "north", "south"))
    )
    again = received(referrals, 1)["id"]
    mirror = north(referrals)
    mirror.catch_up()
    assert mirror.held.keys() == {stays["id"], goes["id"], again}
    say(referrals, goes["child_id"], team="north", restricted=True)
    say(referrals, comes["child_id"], team="north")
    # One page a referral: what is gone counts like what is shown.
    assert mirror.catch_up("&limit=1") == [comes["id"]]
    assert mirror.held.keys() == {stays["id"], comes["id"]}
    # Something happens to a child out of sight: nobody hears of it.
    referrals.move(goes["id"], "start_triage")
    (page,) = mirror.pages()
    assert page["gone"] == []
    say(referrals, goes["child_id"], team="north")
    say(referrals, comes["child_id"], team="south")
    assert sorted(mirror.catch_up()) == sorted([goes["id"], again])
    assert mirror.held[goes["id"]]["status"] == "in_triage"
    assert mirror.held.keys() == {stays["id"], goes["id"], again}


def test_a_change_of_a_child_is_told_of_all_of_the_childs_referrals(referrals: Referrals) -> None:
    known = [received(referrals, 1) for _ in range(8)]
    # Rows lie in another order than referrals came in.
    for each in reversed(known):
        referrals.move(each["id"], "start_triage")
    mirror = north(referrals)
    mirror.catch_up()
    say(referrals, known[0]["child_id"], team="north")
    assert mirror.catch_up("&limit=2") == [each["id"] for each in known]


def test_what_was_never_in_sight_is_never_said_to_be_gone(referrals: Referrals) -> None:
    hidden = received(referrals, 1, team="south")
    mirror = north(referrals)
    mirror.catch_up()
    say(referrals, hidden["child_id"], team="west")
    # Within one stretch a child comes and goes, and a child is referred and restricted.
    say(referrals, hidden["child_id"], team="north")
    say(referrals, hidden["child_id"], team="south")
    new = received(referrals, 2, team="north")
    say(referrals, new["child_id"], team="north", restricted=True)
    (page,) = mirror.pages()
    assert (page["items"], page["gone"]) == ([], [])
    (page,) = Mirror(mirror.caller).pages()
    assert (page["items"], page["gone"]) == ([], [])


def test_what_changes_during_a_walk_is_told_by_the_next_one(referrals: Referrals) -> None:
    first, second = (received(referrals, number, team="north") for number in range(2))
    mirror = north(referrals)
    walk = mirror.pages("&limit=1")
    begun = next(walk)
    third = received(referrals, 3, team="north")
    say(referrals, first["child_id"], team="south")
    (rest,) = walk
    assert [each["id"] for each in rest["items"]] == [second["id"]]
    assert rest["updated_until"] == begun["updated_until"]
    mirror.held, mirror.since = {first["id"]: first}, begun["updated_until"]
    assert mirror.catch_up() == [third["id"]]
    assert mirror.held.keys() == {third["id"]}


def test_a_merge_and_a_parting_are_told(referrals: Referrals) -> None:
    one, other = received(referrals, 1, team="north"), received(referrals, 2, restricted=True)
    third = received(referrals, 3)
    mirror = north(referrals)
    mirror.catch_up()
    person = referrals.client(*PEOPLE)
    for survivor in (third, other):
        merged = person.post(
            f"/v1/children/{one['child_id']}/merge",
            json={"survivor_id": survivor["child_id"], "reason": REASON},
        )
        assert merged.status_code == 201
        mirror.catch_up()
        if survivor is third:
            assert mirror.held[one["id"]]["child_id"] == third["child_id"]
        else:
            assert mirror.held.keys() == {third["id"]}
        parting = f"/v1/children/{one['child_id']}/unmerge"
        assert person.post(parting, json={"reason": REASON}).status_code == 201
        mirror.catch_up()
        assert mirror.held[one["id"]]["child_id"] == one["child_id"]
        assert mirror.held.keys() == {one["id"], third["id"]}


def test_a_restored_tracker_says_so_instead_of_skipping(referrals: Referrals) -> None:
    for number in range(2):
        received(referrals, number)
    mirror = north(referrals)
    walk = mirror.pages("&limit=1")
    next(walk)
    mirror.catch_up()
    path = f"/v1/referrals?updated_since={mirror.since}"
    epoch, _, position = mirror.since.partition(":")
    beyond = f"/v1/referrals?updated_since={epoch}:{int(position) + 1}"
    elsewhere = f"/v1/referrals?updated_since={new_id()}:1"
    assert [mirror.caller.get(each).status_code for each in (path, beyond, elsewhere)] == [
        200,
        410,
        410,
    ]
    with referrals.service.database.engine.begin() as connection:
        connection.execute(text("UPDATE journal_head SET epoch = :epoch"), {"epoch": str(new_id())})
    answer = mirror.caller.get(path)
    assert (answer.status_code, answer.json()["code"]) == (410, "other_epoch")
    with pytest.raises(AssertionError, match="other_epoch"):
        next(walk)  # a cursor of before leads on no more
    mirror.since = "beginning"
    assert len(mirror.catch_up()) == 2
