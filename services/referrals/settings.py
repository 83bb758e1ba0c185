"""What referrals reads from the environment."""

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Settings of the referrals service (`AMBER_…`): those of every service, and none more yet."""
