"""Who acts, as a referral's history names them."""

from services.referrals.domain.transitions import Actor, By
from shared.contracts.caller import Caller


def actor(caller: Caller) -> Actor:
    """The consumer, and the person behind it. A machine is never a person, whatever it says."""
    return Actor(caller.client_id, caller.person_id if caller.kind == "person" else None)


DECIDE = "referrals:decide"
"""The scope that moves referrals."""


def mover(caller: Caller) -> By:
    """The caller as the rules of moving a referral look at them."""
    return By(actor(caller).person_id, may_decide=DECIDE in caller.scopes)
