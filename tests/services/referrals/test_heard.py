"""Which consumer hears of what: every kind that the journal holds, by the scope that it takes."""

from uuid import UUID

from sqlalchemy import select

from services.referrals.tables import journal
from shared.domain.access import Sight
from tests.services.referrals.support import Referrals, assembled, child
from tests.support.databases import SqliteDatabases
from tests.support.service import SettableClock
from tests.upgrades.filling.referrals import fill

EVERY_KIND = {
    "children:read": {"child.changed", "child.merged", "child.unmerged"},
    "risk:read": {"child.reviewed"},
    "referrals:read": {
        "referral.received",
        "referral.triage_started",
        "referral.information_requested",
        "referral.triage_resumed",
        "referral.escalated",
        "referral.accepted",
        "referral.allocated",
        "referral.signposted",
        "referral.outcome_recorded",
        "referral.no_further_action_proposed",
        "referral.no_further_action",
        "referral.marked_duplicate",
        "referral.withdrawn",
        "referral.reopened",
        "screening.answered",
    },
    "cases:read": {
        "case.opened",
        "case.assessment_started",
        "case.activated",
        "case.step_down_proposed",
        "case.stepped_down",
        "case.stepped_up",
        "case.closure_proposed",
        "case.closed",
        "case.transfer_proposed",
        "case.transferred",
        "case.reopened",
        "case.contact_recorded",
        "case.contact_corrected",
        "case.plan_recorded",
        "case.plan_corrected",
        "case.action_recorded",
        "case.action_corrected",
        "case.plan_review_recorded",
        "case.plan_review_corrected",
    },
    "health:read": {"case.health_recorded", "case.health_corrected"},
}
UNHEARD = {
    "record.changed",
    "draft.saved",
    "draft.submitted",
    "draft.discarded",
    "draft.expired",
    "training.recorded",
    "training.corrected",
    "report.figure_published",
    "feed.restarted",
}
ALL = UNHEARD.union(*EVERY_KIND.values())
NORTH = Sight(teams=frozenset({"north"}))


def kinds_heard(referrals: Referrals, *scopes: str, sight: Sight = NORTH) -> list[str]:
    caller = referrals.client("events:read", *scopes, sight=sight)
    events = caller.get("/internal/consumer-events?after=0").json()["events"]
    return sorted(each["kind"] for each in events if each["kind"] != "referral.received")


def test_each_scope_lets_one_hear_of_its_kinds_and_of_no_other(referrals: Referrals) -> None:
    received = referrals.received(child=child(access={"team": "north"}))
    hidden = referrals.received(child={"identifiers": [], "access": {"team": "south"}})
    with referrals.service.database.writing(referrals.clock) as transaction:
        for whose in (received, hidden):
            for kind in sorted(ALL - {"child.changed", "referral.received"}):
                transaction.record(kind, {}, UUID(whose["child_id"]))
    for scope, kinds in EVERY_KIND.items():
        assert kinds_heard(referrals, scope) == sorted(kinds - {"referral.received"}), scope
    everything = sorted(ALL - UNHEARD - {"referral.received"})
    assert kinds_heard(referrals, *EVERY_KIND) == everything
    assert kinds_heard(referrals) == []
    assert kinds_heard(referrals, *EVERY_KIND, sight=Sight()) == []


def test_every_kind_that_the_service_writes_is_in_the_table(
    sqlite_databases: SqliteDatabases,
) -> None:
    url = sqlite_databases.empty()
    fill(url)
    referrals = assembled(url, SettableClock())
    with referrals.service.database.reading() as connection:
        written = set(connection.scalars(select(journal.entries.c.kind)))
    referrals.close()
    assert written <= ALL
    assert EVERY_KIND.keys() <= {scope for scope, kinds in EVERY_KIND.items() if kinds & written}
