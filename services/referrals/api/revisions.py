"""Which revision of a referral or a child a caller has read: `ETag` and `If-Match`."""

from typing import Annotated

from fastapi import Header

from services.referrals.api.views import ReferralView

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        pattern=r'^(\*|"[0-9]{1,9}")$',
        description="The `ETag` that you read: refused with 412 if it changed since.",
        examples=['"2"'],
    ),
]


def etag_of(view: ReferralView) -> str:
    """The entity tag of a referral."""
    return f'"{view.revision}"'


def revision_in(if_match: str | None) -> int | None:
    """The revision that a caller insists on, if any."""
    return None if if_match in {None, "*"} else int(str(if_match).strip('"'))
