"""What scoring reads from the environment."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings import ServiceSettings


class DatabaseSettings(BaseSettings):
    """For commands that only look into the database of scoring."""

    model_config = SettingsConfigDict(env_prefix="AMBER_", extra="ignore")

    database_url: str


class Settings(ServiceSettings):
    """Settings of the scoring service (`AMBER_…`)."""

    silent_after_hours: Annotated[int, Field(ge=1, le=24 * 365)] = 72
    """After so many hours without a heartbeat or an update that was taken a source is silent."""
    silent_after_hours_of: dict[str, Annotated[int, Field(ge=1, le=24 * 365)]] = Field(
        default_factory=dict
    )
    """For sources whose rhythm is another, as JSON: `{"health-feed": 200}`."""
    assessment_valid_hours: Annotated[int, Field(ge=1, le=24 * 365)] = 7 * 24
    """For how long after its evidence was read an assessment counts for an approval."""
    demo: bool = False
    """Whether an approval may say that a version was in force before Amber knew it."""
