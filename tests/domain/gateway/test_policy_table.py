"""The policy as a table: every role against every route, typed by hand, not derived."""

import pytest

from services.gateway.domain.consumer import Consumer, Kind
from services.gateway.domain.policy import InsufficientScopeError, require_scope, scopes_of
from services.gateway.policy import load_policy

POLICY = load_policy()

ROLES = (
    "case_system",
    "feed",
    "practitioner",
    "mace_chair",
    "analyst",
    "weights_author",
    "weights_approver",
    "service",
)
MACHINES = {"case_system", "feed"}

# Columns as in ROLES; x = may.
TABLE = """
POST /v1/referral-drafts                                x . x . . . . .
GET /v1/referral-drafts                                 x . x . . . . .
GET /v1/referral-drafts/{draft_id}                      x . x . . . . .
PUT /v1/referral-drafts/{draft_id}                      x . x . . . . .
POST /v1/referral-drafts/{draft_id}/submission          x . x . . . . .
POST /v1/referral-drafts/{draft_id}/discard             x . x . . . . .
POST /v1/referrals                                      x . x . . . . .
GET /v1/referrals                                       x . x x . . . .
GET /v1/referrals/{referral_id}                         x . x x . . . .
GET /v1/referrals/{referral_id}/history                 x . x x . . . .
GET /v1/referrals/{referral_id}/screenings              x . x x . . . .
POST /v1/referrals/{referral_id}/screenings             x . x . . . . .
POST /v1/referrals/{referral_id}/screenings/{screening_id}/corrections  x . x . . . . .
GET /v1/referrals/{referral_id}/allocations             x . x x . . . .
GET /v1/caseloads                                       x . x x . . . .
GET /v1/referrals/{referral_id}/transitions             x . x x . . . .
POST /v1/referrals/{referral_id}/transitions            . . x x . . . .
GET /v1/children/{child_id}                             x . x x . . . .
POST /v1/children/search                                x . x x . . . .
PATCH /v1/children/{child_id}                           x . x . . . . .
POST /v1/children/{child_id}/identifiers x . x . . . . .
POST /v1/children/{child_id}/names x . x . . . . .
POST /v1/children/{child_id}/names/{name_id}/corrections x . x . . . . .
POST /v1/children/{child_id}/looked-after-periods x . x . . . . .
POST /v1/children/{child_id}/looked-after-periods/{period_id}/corrections x . x . . . . .
PUT /v1/children/{child_id}/access                      . . x x . . . .
GET /v1/children/{child_id}/history                     x . x x . . . .
POST /v1/children/{child_id}/merge                      . . x . . . . .
POST /v1/children/{child_id}/unmerge                    . . x . . . . .
GET /v1/children/{child_id}/merges                      x . x x . . . .
GET /v1/reports/scrutiny                                . . . x x . . .
POST /v1/reports/published-figures                      . . . . x . . .
POST /v1/cases                                                        . . x x . . . .
GET /v1/cases                                                         x . x x . . . .
GET /v1/cases/{case_id}                                               x . x x . . . .
GET /v1/cases/{case_id}/history                                       x . x x . . . .
GET /v1/cases/{case_id}/transitions                                   x . x x . . . .
POST /v1/cases/{case_id}/transitions                                  . . x x . . . .
POST /v1/cases/{case_id}/contacts                                     x . x . . . . .
POST /v1/cases/{case_id}/contacts/{record_id}/corrections             x . x . . . . .
POST /v1/cases/{case_id}/plans                                        x . x . . . . .
POST /v1/cases/{case_id}/plans/{record_id}/corrections                x . x . . . . .
POST /v1/cases/{case_id}/actions                                      x . x . . . . .
POST /v1/cases/{case_id}/actions/{record_id}/corrections              x . x . . . . .
POST /v1/cases/{case_id}/plan-reviews                                 x . x . . . . .
POST /v1/cases/{case_id}/plan-reviews/{record_id}/corrections         x . x . . . . .
POST /v1/cases/{case_id}/health                                       . . . . . . . .
POST /v1/cases/{case_id}/health/{record_id}/corrections               . . . . . . . .
GET /v1/cases/{case_id}/records                                       x . x x . . . .
GET /v1/cases/{case_id}/records/{record_id}                           x . x x . . . .
GET /v1/cases/{case_id}/health                                        . . . . . . . .
GET /v1/cases/{case_id}/health/{record_id}                            . . . . . . . .
GET /v1/risk-list                                       x . x x . . . .
GET /v1/risk-list/counts                                x . x x . . . .
POST /v1/children/{child_id}/reviews                    . . x x . . . .
GET /v1/children/{child_id}/reviews                     x . x x . . . .
GET /v1/reference                                       x . x x x x x .
GET /v1/reference/{list}                                x . x x x x x .
POST /v1/training-sessions                              x . x . . . . .
GET /v1/training-sessions                               x . x x x . . .
GET /v1/training-sessions/counts                        x . x x x . . .
GET /v1/training-sessions/{session_id}                  x . x x x . . .
GET /v1/training-sessions/{session_id}/history          x . x x x . . .
POST /v1/training-sessions/{session_id}/corrections     x . x . . . . .
POST /v1/indicator-updates                              . x . . . . . .
GET /v1/indicator-updates/{receipt_id}                  . x . . . . . .
GET /v1/events                                          x . x x . . . .
GET /v1/feeds                                           x x x x x . . .
GET /v1/feeds/{source}                                  x x x x x . . .
POST /v1/feeds/{source}/heartbeats                      . x . . . . . .
GET /v1/held-updates                                    . . x . . . . .
POST /v1/held-updates/attachments                       . . x . . . . .
POST /v1/held-updates/discards                          . . x . . . . .
GET /v1/children/{child_id}/score                       x . x x . . . .
GET /v1/children/{child_id}/scores                      x . x x . . . .
GET /v1/children/{child_id}/observations                x . x x . . . .
GET /v1/scores/{score_id}/replay                        x . x x . . . .
GET /v1/scores/proof                                    x . x x x x x .
POST /v1/children/{child_id}/judgements                                  . . x x . . . .
POST /v1/children/{child_id}/judgements/{judgement_id}/confirmation      . . x x . . . .
POST /v1/children/{child_id}/judgements/{judgement_id}/withdrawal        . . x x . . . .
GET /v1/children/{child_id}/judgements                                   x . x x . . . .
GET /v1/models/{model}/versions/{version}/override-rates                 x . x x x x x .
POST /v1/models/{model}/versions/{version}/indicators/{indicator}/comments . . x x . . . .
GET /v1/models/{model}/comments                                          x . x x x x x .
GET /v1/codes                                           x x x x x x x .
GET /v1/models                                          x . x x x x x .
GET /v1/primary-model                                   x . x x x x x .
GET /v1/primary-model/proposals                         x . x x x x x .
GET /v1/primary-model/proposals/{proposal_id}           x . x x x x x .
POST /v1/primary-model/proposals                        . . . . . x . .
POST /v1/primary-model/proposals/{proposal_id}/confirmation . . . . . . x .
POST /v1/primary-model/proposals/{proposal_id}/withdrawal   . . . . . x . .
GET /v1/models/{model}/versions/{version}               x . x x x x x .
POST /v1/models/{model}/versions/{version}/proposal     . . . . . x . .
POST /v1/models/{model}/versions/{version}/approval     . . . . . . x .
GET /v1/models/{model}/versions/{version}/document      x . x x x x x .
GET /v1/models/{model}/versions/{version}/history       x . x x x x x .
GET /v1/models/{model}/versions/{version}/diff          x . x x x x x .
GET /v1/models/{model}/drafts                           x . x x x x x .
PUT /v1/models/{model}/drafts/{version}                 . . . . . x . .
GET /v1/models/{model}/drafts/{version}                 x . x x x x x .
POST /v1/models/{model}/drafts/{version}/submission     . . . . . x . .
POST /v1/models/{model}/versions/{version}/assessments                          . . . . . x x .
GET /v1/models/{model}/versions/{version}/assessments                           x . x x x x x .
GET /v1/models/{model}/versions/{version}/assessments/{assessment_id}           x . x x x x x .
GET /v1/models/{model}/versions/{version}/assessments/{assessment_id}/movers    . . . . . x x .
GET /v1/models/{model}/versions/{version}/card          x . x x x x x .
GET /v1/models/{model}/versions/{version}/practice      x . x x x x x .
GET /v1/models/{model}/versions/{version}/activation    x . x x x x x .
POST /v1/models/{model}/versions/{version}/withdrawal   . . . . . x . .
POST /v1/models/{model}/versions/{version}/retirement   . . . . . . x .
POST /v1/models/{model}/versions/{version}/rollback     . . . . . x . .
POST /v1/models/{model}/versions/{version}/emergency-return . . . . . . x .
"""
LINES = [line.split() for line in TABLE.strip().splitlines()]
CASES = [
    (method, path, role, cell == "x")
    for method, path, *cells in LINES
    for role, cell in zip(ROLES, cells, strict=True)
]
# The specialist nurse, apart from the table: the only role that reaches health records.
NURSE = {
    "GET /v1/referrals",
    "GET /v1/referrals/{referral_id}",
    "GET /v1/referrals/{referral_id}/history",
    "GET /v1/referrals/{referral_id}/transitions",
    "GET /v1/referrals/{referral_id}/allocations",
    "GET /v1/referrals/{referral_id}/screenings",
    "GET /v1/caseloads",
    "GET /v1/children/{child_id}",
    "POST /v1/children/search",
    "GET /v1/children/{child_id}/merges",
    "GET /v1/children/{child_id}/history",
    "GET /v1/reference",
    "GET /v1/reference/{list}",
    "GET /v1/cases",
    "GET /v1/cases/{case_id}",
    "GET /v1/cases/{case_id}/history",
    "GET /v1/cases/{case_id}/transitions",
    "POST /v1/cases/{case_id}/contacts",
    "POST /v1/cases/{case_id}/contacts/{record_id}/corrections",
    "POST /v1/cases/{case_id}/plans",
    "POST /v1/cases/{case_id}/plans/{record_id}/corrections",
    "POST /v1/cases/{case_id}/actions",
    "POST /v1/cases/{case_id}/actions/{record_id}/corrections",
    "POST /v1/cases/{case_id}/plan-reviews",
    "POST /v1/cases/{case_id}/plan-reviews/{record_id}/corrections",
    "POST /v1/cases/{case_id}/health",
    "POST /v1/cases/{case_id}/health/{record_id}/corrections",
    "GET /v1/cases/{case_id}/records",
    "GET /v1/cases/{case_id}/records/{record_id}",
    "GET /v1/cases/{case_id}/health",
    "GET /v1/cases/{case_id}/health/{record_id}",
}
IDENTIFIES_A_CHILD = {
    "GET /v1/referral-drafts/{draft_id}",
    "POST /v1/referral-drafts/{draft_id}/submission",
    "POST /v1/referrals",
    "GET /v1/referrals",
    "GET /v1/referrals/{referral_id}",
    "GET /v1/referrals/{referral_id}/history",
    "GET /v1/referrals/{referral_id}/transitions",
    "GET /v1/referrals/{referral_id}/allocations",
    "GET /v1/referrals/{referral_id}/screenings",
    "POST /v1/referrals/{referral_id}/screenings",
    "POST /v1/referrals/{referral_id}/screenings/{screening_id}/corrections",
    "POST /v1/referrals/{referral_id}/transitions",
    "GET /v1/children/{child_id}",
    "POST /v1/children/search",
    "PATCH /v1/children/{child_id}",
    "POST /v1/children/{child_id}/identifiers",
    "POST /v1/children/{child_id}/names",
    "POST /v1/children/{child_id}/names/{name_id}/corrections",
    "POST /v1/children/{child_id}/looked-after-periods",
    "POST /v1/children/{child_id}/looked-after-periods/{period_id}/corrections",
    "PUT /v1/children/{child_id}/access",
    "GET /v1/children/{child_id}/history",
    "POST /v1/children/{child_id}/merge",
    "POST /v1/children/{child_id}/unmerge",
    "GET /v1/children/{child_id}/merges",
    "GET /v1/children/{child_id}/score",
    "GET /v1/children/{child_id}/scores",
    "GET /v1/children/{child_id}/observations",
    "GET /v1/events",
    "POST /v1/children/{child_id}/judgements",
    "POST /v1/children/{child_id}/judgements/{judgement_id}/confirmation",
    "POST /v1/children/{child_id}/judgements/{judgement_id}/withdrawal",
    "GET /v1/children/{child_id}/judgements",
    "GET /v1/scores/{score_id}/replay",
    "GET /v1/held-updates",
    "POST /v1/held-updates/attachments",
    "GET /v1/risk-list",
    "POST /v1/children/{child_id}/reviews",
    "GET /v1/children/{child_id}/reviews",
    "POST /v1/cases",
    "GET /v1/cases",
    "GET /v1/cases/{case_id}",
    "GET /v1/cases/{case_id}/history",
    "GET /v1/cases/{case_id}/transitions",
    "POST /v1/cases/{case_id}/transitions",
    "POST /v1/cases/{case_id}/contacts",
    "POST /v1/cases/{case_id}/contacts/{record_id}/corrections",
    "POST /v1/cases/{case_id}/plans",
    "POST /v1/cases/{case_id}/plans/{record_id}/corrections",
    "POST /v1/cases/{case_id}/actions",
    "POST /v1/cases/{case_id}/actions/{record_id}/corrections",
    "POST /v1/cases/{case_id}/plan-reviews",
    "POST /v1/cases/{case_id}/plan-reviews/{record_id}/corrections",
    "POST /v1/cases/{case_id}/health",
    "POST /v1/cases/{case_id}/health/{record_id}/corrections",
    "GET /v1/cases/{case_id}/records",
    "GET /v1/cases/{case_id}/records/{record_id}",
    "GET /v1/cases/{case_id}/health",
    "GET /v1/cases/{case_id}/health/{record_id}",
    "GET /v1/models/{model}/versions/{version}/assessments/{assessment_id}/movers",
}


def consumer_in(role: str) -> Consumer:
    if role == "service":
        return Consumer("scoring", Kind.SERVICE, roles=frozenset({role}))
    if role in MACHINES:
        return Consumer("a-system", Kind.MACHINE, roles=frozenset({role}))
    return Consumer("somebody", Kind.PERSON, "p-1", roles=frozenset({role}))


@pytest.mark.parametrize(("method", "path", "role", "may"), CASES)
def test_a_role_may_do_what_the_table_says(method: str, path: str, role: str, may: bool) -> None:
    route = POLICY.find(path.replace("{", "a-").replace("}", "")).routes[method]
    scopes = scopes_of(POLICY, consumer_in(role))
    if may:
        require_scope(route, scopes)
    else:
        with pytest.raises(InsufficientScopeError, match=route.scope):
            require_scope(route, scopes)


def test_the_table_has_every_route_and_every_role() -> None:
    offered = {f"{route.method} {route.template}" for route in POLICY.routes}
    assert {f"{method} {path}" for method, path, *_ in LINES} == offered
    assert {*ROLES, "nurse"} == set(POLICY.roles)


def test_the_nurse_reaches_these_routes_and_no_others() -> None:
    scopes = scopes_of(POLICY, consumer_in("nurse"))
    reached = {f"{r.method} {r.template}" for r in POLICY.routes if r.scope in scopes}
    assert reached == NURSE


def test_the_routes_that_identify_a_child_are_these() -> None:
    named = {f"{r.method} {r.template}" for r in POLICY.routes if r.children is not None}
    assert named == IDENTIFIES_A_CHILD


@pytest.mark.parametrize("role", ["practitioner", "mace_chair", "analyst", "weights_author"])
def test_a_machine_decides_nothing_whatever_its_roles(role: str) -> None:
    machine = Consumer("a-system", Kind.MACHINE, roles=frozenset({role, "weights_approver"}))
    assert not scopes_of(POLICY, machine) & {
        "referrals:decide",
        "models:propose",
        "models:approve",
        "figures:publish",
    }
