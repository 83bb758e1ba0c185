"""Settings that every service reads from the environment (`AMBER_…`), and nowhere else."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.peers import Connect, Credentials, over_network


class ServiceSettings(BaseSettings):
    """What a service behind the gateway needs to run. Nothing secret has a default."""

    model_config = SettingsConfigDict(env_prefix="AMBER_", extra="ignore")

    database_url: str
    """`sqlite:///path` or `postgresql+psycopg://user:password@host/database`."""
    issuer: str = "amber"
    """The `iss` of the gateway's tokens: the same text in every service of a deployment."""
    client_secret: SecretStr = Field(repr=False)
    """What this service shows the gateway's token endpoint."""
    urls: dict[str, str] = Field(default_factory=dict)
    """Base URLs of the other services, by name, as JSON: `{"gateway": "http://…", …}`."""

    def connect(self) -> Connect:
        """Reach the other services over the network."""
        return over_network(self.urls)

    def credentials(self, name: str) -> Credentials:
        """What the service `name` shows the gateway's token endpoint."""
        return Credentials(name, self.client_secret.get_secret_value())
