"""What scoring reads from the environment."""

from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings import ServiceSettings


class DatabaseSettings(BaseSettings):
    """For commands that only look into the database of scoring."""

    model_config = SettingsConfigDict(env_prefix="AMBER_", extra="ignore")

    database_url: str


class Settings(ServiceSettings):
    """Settings of the scoring service (`AMBER_…`)."""

    primary_model: str = "seraf"
    """The model whose score is a child's score, unless another is asked for."""
    demo: bool = False
    """Whether an approval may say that a version was in force before Amber knew it."""
