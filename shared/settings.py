"""Settings that every service reads from the environment (`AMBER_…`), and nowhere else."""

from collections.abc import Sequence

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.domain.secrets import weakness
from shared.http.cursors import Cursors
from shared.peers import Connect, Credentials, over_network


class MissingUrlsError(ValueError):
    """A service that runs by itself doesn't know where another one is."""


class ServiceSettings(BaseSettings):
    """What a service behind the gateway needs to run. Nothing secret has a default."""

    model_config = SettingsConfigDict(
        env_prefix="AMBER_", extra="ignore", hide_input_in_errors=True
    )

    database_url: str
    """`sqlite:///path` or `postgresql+psycopg://user:password@host/database`."""
    issuer: str = "amber"
    """The `iss` of the gateway's tokens: the same text in every service of a deployment."""
    client_secret: SecretStr = Field(repr=False)
    """What this service shows the gateway's token endpoint."""
    urls: dict[str, str] = Field(default_factory=dict)
    """Base URLs of the other services, by name, as JSON: `{"gateway": "http://…", …}`."""

    @field_validator("client_secret")
    @classmethod
    def _secret_must_be_strong(cls, secret: SecretStr) -> SecretStr:
        if fault := weakness(secret.get_secret_value()):
            raise ValueError(
                f"the secret {fault}. Make one with `openssl rand -base64 32` and give the gateway"
                " the same one, in AMBER_SERVICE_SECRETS."
            )
        return secret

    def connect(self, *names: str) -> Connect:
        """Reach the named services over the network.

        Raises:
            MissingUrlsError: `urls` doesn't say where one of them is.
        """
        http = ("http://", "https://")
        if missing := [name for name in names if not self.urls.get(name, "").startswith(http)]:
            raise MissingUrlsError(
                f"AMBER_URLS has no http URL of {', '.join(missing)}. Write the base URLs of the"
                f" other services as JSON: {_example(names)}"
            )
        return over_network(self.urls)

    def credentials(self, name: str) -> Credentials:
        """What the service `name` shows the gateway's token endpoint."""
        return Credentials(name, self.client_secret.get_secret_value())

    def cursors(self, name: str) -> Cursors:
        """What the service `name` seals the cursors of its lists with."""
        return Cursors(self.client_secret.get_secret_value(), name)


def _example(names: Sequence[str]) -> str:
    return "{" + ", ".join(f'"{name}": "http://{name}:8000"' for name in names) + "}"
