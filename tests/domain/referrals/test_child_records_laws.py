"""Whatever is merged, said and parted in whatever order: nobody sees more, and nothing is lost."""

from itertools import product
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.referrals.domain.child import Child, Details, GivenChild, Identifier, meet
from services.referrals.domain.child_records import Records, TeamsDifferError, merge, unmerge
from shared.domain.access import RESTRICTED, STAFF_RELATIVE, AccessFacts, Sight, may_see
from shared.domain.identifiers import IdentifierType

COUNT = 4
TEAMS = (None, "north", "south")
EVERY_SIGHT = [
    Sight(teams, frozenset(clearances))
    for teams, clearances in product(
        (None, frozenset(), frozenset({"north"}), frozenset({"north", "south"})),
        ((), (RESTRICTED,), (STAFF_RELATIVE,), (RESTRICTED, STAFF_RELATIVE)),
    )
]
access_facts = st.builds(AccessFacts, st.sampled_from(TEAMS), st.booleans(), st.booleans())
pairs = st.tuples(st.integers(1, COUNT), st.integers(1, COUNT))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), pairs, st.none()),
        st.tuples(st.just("part"), pairs, st.none()),
        st.tuples(st.just("say"), pairs, access_facts),
    ),
    max_size=12,
)


def alone(number: int, access: AccessFacts) -> Records:
    number_of = Identifier(IdentifierType.POLICE_URN, f"14/{number}")
    name = Details(given_name=f"Example {number}")
    return Records(Child(UUID(int=number), frozenset({number_of}), name, access))


class Known:
    """Every child, by the rules alone, and beside them what was said of each record."""

    def __init__(self, said: list[AccessFacts]) -> None:
        self.children = {UUID(int=n): alone(n, access) for n, access in enumerate(said, start=1)}
        self.records = {child_id: one.survivor for child_id, one in self.children.items()}

    def of(self, record_id: UUID) -> Records:
        return next(
            each
            for each in self.children.values()
            if record_id in {record.child_id for record in each}
        )

    def merge(self, child_id: UUID, survivor_id: UUID) -> None:
        child, survivor = self.children.get(child_id), self.children.get(survivor_id)
        if child is None or survivor is None or child is survivor:
            return
        try:
            whole = merge(child, survivor)
        except TeamsDifferError:
            return
        del self.children[child_id]
        self.children[survivor_id] = whole

    def part(self, record_id: UUID) -> None:
        whole = self.of(record_id)
        if record_id != whole.child_id:
            parted, left = unmerge(whole, record_id)
            self.children[parted.child_id], self.children[left.child_id] = parted, left

    def part_all(self) -> None:
        """Until every record stands by itself."""
        for record_id in self.records:
            while record_id not in self.children:
                self.part(record_id)
        for whole in list(self.children.values()):
            for record in whole.merged:
                self.part(record.child_id)

    def say(self, record_id: UUID, access: AccessFacts) -> None:
        whole = self.of(record_id)
        met = meet(whole.record(record_id), GivenChild(access=access), whole.access.team).child
        self.children[whole.child_id] = whole.with_record(met)
        self.records[record_id] = meet(self.records[record_id], GivenChild(access=met.access)).child


def check(known: Known) -> None:
    """Who sees a child could see every record of it, and the child has one team at most."""
    for whole in known.children.values():
        assert len({record.access.team for record in whole} - {None}) <= 1
        for sight in EVERY_SIGHT:
            sees_every = all(may_see(sight, record.access) for record in whole)
            assert may_see(sight, whole.access) == sees_every


@settings(deadline=None, max_examples=150)
@given(st.lists(access_facts, min_size=COUNT, max_size=COUNT), steps)
def test_nobody_ever_sees_more_and_parting_all_brings_all_back(
    said: list[AccessFacts], taken: list[tuple[str, tuple[int, int], AccessFacts | None]]
) -> None:
    known = Known(said)
    for what, (one, other), access in taken:
        if what == "merge":
            known.merge(UUID(int=one), UUID(int=other))
        elif what == "part":
            known.part(UUID(int=one))
        else:
            known.say(UUID(int=one), access or AccessFacts())
        check(known)
    known.part_all()
    assert {child_id: each.survivor for child_id, each in known.children.items()} == known.records
    assert all(each.merged == () for each in known.children.values())
