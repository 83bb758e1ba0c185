"""Examples for the API document. Every child in them is made up."""

from typing import Any

_REFERRAL_ID = "019e8200-0000-7000-8000-000000000001"
_CHILD_ID = "019e8200-0000-7000-8000-000000000002"
_SCORE_ID = "019e8200-0000-7000-8000-000000000003"
_REASON = "A youth worker is trusted already and will keep in touch every week."

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
    "version": "1.0.0",
    "as_of": "2026-06-01",
    "status": "complete",
    "total": "10",
    "band": "category_2",
}

REFERRAL: dict[str, Any] = {
    "id": _REFERRAL_ID,
    "child_id": _CHILD_ID,
    "type": "cse",
    "source": "2A",
    "source_ref": "SCHOOL-0001",
    "received_on": "2026-06-01",
    "recorded_at": "2026-06-01T09:00:00Z",
    "age_at_referral": 14,
    "looked_after": False,
    "status": "signposted",
    "revision": 3,
    "summary": "Away from lessons three afternoons last week.",
    "differing_details": [],
    "allowed": ["reopen"],
    "decision": {
        "command": "signpost",
        "to": "cyt",
        "service_name": None,
        "worker": None,
        "team": None,
        "reason": _REASON,
        "decided_by": "p-0001",
        "decided_on": "2026-06-01",
        "decided_at": "2026-06-01T15:30:00Z",
        "score_id": _SCORE_ID,
        "rating_at_decision": _RATING,
    },
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
            "from": "received",
            "to": "in_triage",
            "by": "p-0001",
            "by_person": True,
        },
    ],
}

CHILD: dict[str, Any] = {
    "id": _CHILD_ID,
    "identifiers": [{"type": "nhs_number", "value": "9990000018"}],
    "given_name": "Example",
    "family_name": "Child",
    "date_of_birth": "2012-01-01",
    "date_of_birth_estimated": False,
    "expected_on": None,
    "sex": "F",
    "ethnicity": "WBRI",
    "access": {"team": "north", "restricted": False, "staff_relative": False},
    "current_rating": _RATING,
    "rating_in_words": "from the score, not yet confirmed by a professional",
}
