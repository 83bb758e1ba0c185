"""Starting: with good secrets, a private key and the newest schema, or not at all."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import ValidationError
from sqlalchemy import text

from services.gateway.app import create_app
from services.gateway.demo import write_demo_credentials
from services.gateway.secret_files import SecretFileError
from services.gateway.signing import load_signer, new_signing_key
from services.gateway.store.database import MIGRATIONS, open_gateway_database
from shared.storage.database import write_transaction
from shared.storage.migrations import config_for, newest_revision
from tests.support.databases import Databases, SqliteDatabases
from tests.support.gateway import SERVICE_SECRETS, GatewayUnderTest, gateway_settings

GOOD = SERVICE_SECRETS["scoring"]


@pytest.mark.parametrize(
    ("secrets", "says"),
    [
        ({}, "the secret of referrals is missing"),
        ({"scoring": GOOD}, "the secret of referrals is missing"),
        ({"scoring": GOOD, "referrals": "a-few-letters"}, "referrals is shorter than 32"),
        ({"scoring": GOOD, "referrals": "a" * 40}, "referrals is not random"),
        (
            {"scoring": GOOD, "referrals": "change-me-0123456789-abcdefghijklmnop"},
            "referrals is a placeholder",
        ),
        (SERVICE_SECRETS | {"reports": GOOD}, "no service is called reports"),
    ],
)
def test_a_bad_service_secret_is_refused_with_what_to_do(
    tmp_path: Path, secrets: dict[str, str], says: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        gateway_settings(tmp_path, "sqlite://", service_secrets=secrets)
    assert says in str(refused.value)
    assert "openssl rand -base64 32" in str(refused.value)
    assert not any(secret in str(refused.value) for secret in secrets.values())


def test_demo_without_a_place_for_its_secrets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="credentials_file"):
        gateway_settings(tmp_path, "sqlite://", credentials_file=None)


def test_settings_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMBER_URLS", '{"scoring": "http://scoring:8000"}')
    assert gateway_settings(tmp_path, "sqlite://").urls == {"scoring": "http://scoring:8000"}


def test_files_with_secrets_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    for make, path in (
        (new_signing_key, tmp_path / "new" / "key.pem"),
        (write_demo_credentials, tmp_path / "new" / "credentials.json"),
    ):
        with ThreadPoolExecutor(4) as pool:
            wrote = list(pool.map(make, [path] * 4))
        assert wrote.count(True) == 1
        content = path.read_text(encoding="utf-8")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert not make(path)
        assert path.read_text(encoding="utf-8") == content
    assert len(list((tmp_path / "new").iterdir())) == 2


def test_demo_credentials_say_secret_roles_and_purpose(tmp_path: Path) -> None:
    path = tmp_path / "credentials.json"
    write_demo_credentials(path)
    credentials = json.loads(path.read_text(encoding="utf-8"))
    assert credentials["police-feed"]["roles"] == ["feed"]
    assert credentials["police-feed"]["purpose"] == "data_feed"
    assert len({entry["secret"] for entry in credentials.values()}) == len(credentials)


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    new_signing_key(path)
    path.chmod(0o640)
    with pytest.raises(SecretFileError, match="chmod 600"):
        load_signer("amber", path)


def test_a_missing_key_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(SecretFileError, match="is missing"):
        load_signer("amber", tmp_path / "key.pem")


def _another_kind() -> str:
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize("content", ["", "not a key", _another_kind()])
def test_what_is_no_ed25519_key_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key.pem"
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(SecretFileError, match="no Ed25519 private key"):
        load_signer("amber", path)


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"analyst": {}}', '{"analyst": {"secret": "x", "roles": [], "purpose": ""}}'],
)
def test_damaged_demo_credentials_are_refused(
    sqlite_databases: SqliteDatabases, tmp_path: Path, content: str
) -> None:
    settings = gateway_settings(tmp_path, sqlite_databases.fresh("gateway"))
    assert settings.credentials_file is not None
    settings.credentials_file.write_text(content, encoding="utf-8")
    with pytest.raises(SecretFileError, match="Remove"):
        create_app(settings)


def test_the_migrations_make_the_tables_that_the_code_uses(databases: Databases) -> None:
    database = open_gateway_database(databases.fresh("gateway"))
    with write_transaction(database.engine) as connection:
        command.check(config_for(connection, MIGRATIONS))
    database.engine.dispose()


def test_another_schema_is_live_but_not_ready(gateway: GatewayUnderTest) -> None:
    with write_transaction(gateway.database.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    answer: Any = gateway.anybody().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {
        "database": f"schema 0000, expected {newest_revision(MIGRATIONS)}",
        "loops": "ok",
    }
    assert gateway.anybody().get("/livez").status_code == 200
