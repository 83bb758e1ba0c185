"""What referrals reads from the environment."""

from typing import Annotated

from pydantic import Field

from services.referrals.domain.timings import Timings
from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Settings of the referrals service (`AMBER_…`)."""

    draft_days: Annotated[int, Field(ge=1, le=365)] = 14
    """After so many days in which nobody wrote on, a draft of a referral is erased."""

    def timings(self) -> Timings:
        """How long things may take, for the rules."""
        return Timings(draft_days=self.draft_days)
