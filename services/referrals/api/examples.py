"""Examples for the API document. Every child in them is made up."""

from typing import Any

_REFERRAL_ID = "019e8200-0000-7000-8000-000000000001"
_CHILD_ID = "019e8200-0000-7000-8000-000000000002"
_SCORE_ID = "019e8200-0000-7000-8000-000000000003"
_REASON = "A youth worker is trusted already and will keep in touch every week."

SCREENING: dict[str, Any] = {
    "tool": "CSE screening tool, 2025",
    "observed_on": "2026-05-29",
    "answers": [
        {"code": "missing_episode", "answer": "yes"},
        {"code": "out_of_education", "answer": "not_known"},
    ],
}

SCREENING_CORRECTION: dict[str, Any] = {
    **SCREENING,
    "answers": [{"code": "missing_episode", "answer": "no"}],
    "reason": "Ticked on the wrong line; put right with the school nurse.",
}

REFERRAL_REQUEST: dict[str, Any] = {
    "type": "cse",
    "source": "2A",
    "source_ref": "SCHOOL-0001",
    "received_on": "2026-06-01",
    "summary": "Away from lessons three afternoons last week.",
    "looked_after": False,
    "child": {
        "identifiers": [
            {"type": "nhs_number", "value": "9990000018"},
            {"type": "police_urn", "value": "14/0001/26"},
        ],
        "given_name": "Example",
        "family_name": "Child",
        "date_of_birth": "2012-01-01",
        "sex": "F",
        "ethnicity": "WBRI",
        "access": {"team": "north"},
    },
    "screening": SCREENING,
}

DRAFT_REQUEST: dict[str, Any] = {
    "type": "cse",
    "summary": "A phone that is new, and calls at night.",
    "child": {"given_name": "Example"},
}

DRAFT: dict[str, Any] = {
    "id": "019e8200-0000-7000-8000-000000000005",
    "child_id": None,
    "revision": 1,
    "saved_at": "2026-06-01T09:00:00Z",
    "expires_at": "2026-06-15T09:00:00Z",
    "referral": DRAFT_REQUEST,
}

TRANSITION_REQUEST: dict[str, Any] = {
    "command": "signpost",
    "reason": _REASON,
    "to": "cyt",
    "score_id": _SCORE_ID,
}

_RATING = {
    "score_id": _SCORE_ID,
    "model": "seraf",
    "version": "1.0",
    "as_of": "2026-06-01",
    "status": "complete",
    "total": "10",
    "band": "category_2",
    "interval": ["10", "10"],
    "band_range": ["category_2", "category_2"],
    "known": 30,
    "indicators": 30,
}

REFERRAL: dict[str, Any] = {
    "id": _REFERRAL_ID,
    "reference": "CE-2026-000018",
    "child_id": _CHILD_ID,
    "type": "cse",
    "source": "2A",
    "source_ref": "SCHOOL-0001",
    "received_on": "2026-06-01",
    "recorded_at": "2026-06-01T09:00:00Z",
    "age_at_referral": 14,
    "looked_after": False,
    "looked_after_at_referral": False,
    "rating_at_referral": None,
    "over_18_reason": None,
    "re_referral_of": {
        "id": "019d3d00-0000-7000-8000-000000000004",
        "received_on": "2026-01-12",
    },
    "status": "signposted",
    "clock": {
        "waits_for": "follow_up",
        "due_on": "2026-06-29",
        "paused_since": None,
        "overdue": False,
    },
    "revision": 3,
    "summary": "Away from lessons three afternoons last week.",
    "differing_details": [],
    "allowed": ["record_outcome", "reopen"],
    "decision": {
        "command": "signpost",
        "to": "cyt",
        "service_name": None,
        "worker": None,
        "team": None,
        "duplicate_of": None,
        "reason": _REASON,
        "decided_by": "p-0001",
        "decided_on": "2026-06-01",
        "decided_at": "2026-06-01T15:30:00Z",
        "score_id": _SCORE_ID,
        "rating_at_decision": _RATING,
    },
    "worker": None,
    "worker_team": None,
    "signposting_outcome": None,
    "proposed_by": None,
}

_RECEIVED = {
    "revision": 1,
    "at": "2026-06-01T09:00:00Z",
    "decided_on": "2026-06-01",
    "command": "receive",
    "from": None,
    "to": "received",
    "by": "council-case-system",
    "by_person": False,
    "reason": None,
    "signposted_to": None,
    "service_name": None,
    "worker": None,
    "team": None,
    "duplicate_of": None,
    "outcome": None,
    "due_on": None,
    "score_id": None,
    "rating_at_decision": None,
}

HISTORY: dict[str, Any] = {
    "referral_id": _REFERRAL_ID,
    "child_id": _CHILD_ID,
    "items": [
        _RECEIVED,
        {
            **_RECEIVED,
            "revision": 2,
            "at": "2026-06-01T10:15:00Z",
            "command": "start_triage",
            "due_on": "2026-06-02",
            "from": "received",
            "to": "in_triage",
            "by": "p-0001",
            "by_person": True,
        },
    ],
}

TRANSITIONS: dict[str, Any] = {
    "referral_id": _REFERRAL_ID,
    "child_id": _CHILD_ID,
    "status": "signposted",
    "revision": 3,
    "items": [
        {
            "command": "start_triage",
            "to": None,
            "allowed": False,
            "takes": ["reason", "decided_on"],
            "needs_if_match": False,
            "why_not": {
                "code": "illegal_transition",
                "message": "The referral's present status doesn't allow this command; `possible_in`"
                " lists those that do.",
                "possible_in": ["received"],
            },
        },
        {
            "command": "reopen",
            "to": "in_triage",
            "allowed": True,
            "takes": ["reason", "decided_on"],
            "needs_if_match": False,
            "why_not": None,
        },
    ],
}

CHILD: dict[str, Any] = {
    "id": _CHILD_ID,
    "revision": 1,
    "former_ids": [],
    "merged_records": [],
    "identifiers": [
        {
            "type": "nhs_number",
            "value": "9990000018",
            "valid_from": None,
            "valid_until": None,
        }
    ],
    "given_name": "Example",
    "family_name": "Child",
    "other_names": [],
    "date_of_birth": "2012-01-01",
    "date_of_birth_estimated": False,
    "expected_on": None,
    "sex": "F",
    "ethnicity": "WBRI",
    "ethnicity_source": "parent_or_carer",
    "ethnicity_stated_on": "2026-06-01",
    "disabilities": None,
    "looked_after": None,
    "looked_after_periods": [],
    "more": [],
    "access": {"team": "north", "restricted": False, "staff_relative": False},
    "current_rating": _RATING,
    "rating_in_words": "from the score, not yet confirmed by a professional",
}

FIGURE_REQUEST: dict[str, Any] = {
    "period": "2019-20",
    "type": "cse",
    "referrals": 139,
    "source": "Report to the Scrutiny Committee, 9 February 2022",
    "reason": "The year before this tracker was in use, for comparison.",
}


def _year(period: str, basis: str, total: int, published: dict[str, Any] | None) -> dict[str, Any]:
    start = int(period[:4])
    return {
        "period": period,
        "first_day": f"{start}-04-01",
        "last_day": f"{start + 1}-03-31",
        "basis": basis,
        "total": total,
        "published": published,
    }


def _line(code: str | None, title: str, year: int) -> dict[str, Any]:
    return {"code": code, "title": title, "year": year, "year_before": "not available"}


# Shortened: a real report has every line of every table.
SCRUTINY_REPORT: dict[str, Any] = {
    "type": "cse",
    "every_child_counted": True,
    "year": _year("2020-21", "records", 29, None),
    "year_before": _year(
        "2019-20",
        "published",
        139,
        {"referrals": 139, "source": "Report to the Scrutiny Committee, 9 February 2022"},
    ),
    "tables": {
        "quarter": [_line("Q1", "April to June", 2)],
        "age_band": [_line("14-16", "14 to 16", 23)],
        "sex": [_line("F", "Female", 29)],
        "ethnicity": [_line("WBRI", "White British", 23), _line(None, "Not stated in source", 6)],
        "looked_after": [_line("yes", "Looked after", 6)],
        "outcome": [_line("allocated", "Allocated to a worker", 20)],
    },
}
