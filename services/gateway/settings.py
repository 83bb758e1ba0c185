"""The gateway's settings, from the environment (`AMBER_…`), and what makes them unfit."""

import socket
from pathlib import Path

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.domain.secrets import weakness

SERVICES = ("referrals", "scoring")


class Settings(BaseSettings):
    """What the gateway needs to run. Nothing secret has a default."""

    model_config = SettingsConfigDict(
        env_prefix="AMBER_", extra="ignore", hide_input_in_errors=True
    )

    database_url: str
    """`sqlite:///path` or `postgresql+psycopg://user:password@host/database`."""
    signing_key_file: Path
    """An Ed25519 private key in PEM, mode 600."""
    service_secrets: dict[str, SecretStr] = Field(repr=False)
    """What each service shows the token endpoint, as JSON: `{"referrals": "…", "scoring": "…"}`."""
    issuer: str = "amber"
    """The `iss` of the gateway's tokens: the same text in every service of a deployment."""
    urls: dict[str, str] = Field(default_factory=dict)
    """Base URLs of the services, as JSON: `{"referrals": "http://…", "scoring": "http://…"}`."""
    deadline_seconds: float = Field(default=20.0, gt=0, le=300)
    """How long a service may take over a request before the gateway answers 504."""
    demo: bool = False
    """Register the demonstration's consumers, and let people use client credentials."""
    credentials_file: Path | None = None
    """With `demo`: the secrets of its consumers, mode 600."""
    instance: str = Field(default_factory=socket.gethostname, min_length=1, max_length=100)
    """The name of the ledger chain that this gateway writes."""

    @field_validator("service_secrets")
    @classmethod
    def _secrets_must_be_strong(cls, secrets: dict[str, SecretStr]) -> dict[str, SecretStr]:
        faults = []
        for name in SERVICES:
            secret = secrets.get(name)
            fault = "is missing" if secret is None else weakness(secret.get_secret_value())
            if fault:
                faults.append(f"the secret of {name} {fault}")
        if unknown := sorted(set(secrets) - set(SERVICES)):
            faults.append(f"no service is called {', '.join(unknown)}")
        if faults:
            raise ValueError(
                f"{'; '.join(faults)}. Make each with `openssl rand -base64 32` and give the same"
                " one to the service."
            )
        return secrets

    @model_validator(mode="after")
    def _demo_needs_credentials(self) -> "Settings":
        if self.demo and self.credentials_file is None:
            raise ValueError("demo needs credentials_file: where the demo secrets are kept.")
        return self
