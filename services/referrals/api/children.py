"""`/v1/children`: read one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.referrals.api.child_editing import child_etag
from services.referrals.api.child_view import ChildView
from services.referrals.service.child_reading import child_in_sight, rating_of
from shared.contracts.caller import Caller
from shared.http.callers import needs
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.strict_json import StrictJsonRoute

router = APIRouter(prefix="/v1/children", tags=["Children"], route_class=StrictJsonRoute)


@router.get("/{child_id}", responses=problem_responses(303, 404))
def get_child(
    child_id: UUID,
    caller: Annotated[Caller, needs("children:read")],
    connection: Connected,
    response: Response,
) -> ChildView:
    """A child, with the rating in force, and the revision as `ETag`. An id from before a merge
    answers 303."""
    records = child_in_sight(connection, caller.sight, child_id)
    view = ChildView.of(records, rating_of(connection, records))
    response.headers["ETag"] = child_etag(view)
    return view
