"""What referrals reads from the environment."""

from typing import Annotated

from pydantic import Field

from services.referrals.domain.timings import Timings
from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Settings of the referrals service (`AMBER_…`)."""

    decision_working_days: Annotated[int, Field(ge=0, le=250)] = 1
    """So many working days after its receipt a referral is decided on."""
    allocation_working_days: Annotated[int, Field(ge=0, le=250)] = 5
    """So many working days after it was accepted a referral has a worker."""
    follow_up_working_days: Annotated[int, Field(ge=0, le=250)] = 20
    """So many working days after signposting somebody asks what came of it."""
    draft_days: Annotated[int, Field(ge=1, le=365)] = 14
    """After so many days in which nobody wrote on, a draft of a referral is erased."""

    def timings(self) -> Timings:
        """How long things may take, for the rules."""
        return Timings(
            decision_working_days=self.decision_working_days,
            allocation_working_days=self.allocation_working_days,
            follow_up_working_days=self.follow_up_working_days,
            draft_days=self.draft_days,
        )
