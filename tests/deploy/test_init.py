"""`amber init`: the secrets of a deployment, made once and never written over."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from services.cli.init import DEMO_CREDENTIALS, EXAMPLE, SECRET_SETTINGS, SETTINGS, SIGNING_KEY
from services.cli.main import app
from services.gateway.demo import read_demo_credentials
from services.gateway.domain.secrets import weakness
from services.gateway.signing import load_signer
from tests.support.databases import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / EXAMPLE).parent.mkdir()
    shutil.copy(ROOT / EXAMPLE, tmp_path / EXAMPLE)
    return tmp_path


def init(checkout: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["init", "--folder", str(checkout), *arguments])


def settings_in(checkout: Path) -> dict[str, str]:
    lines = (checkout / SETTINGS).read_text().splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: value for name, value in pairs}  # noqa: C416  # a pair is a list of two


def test_every_secret_is_strong_and_unlike_the_others(checkout: Path) -> None:
    assert init(checkout).exit_code == 0
    settings = settings_in(checkout)
    made = [settings[name] for name in SECRET_SETTINGS]
    assert [weakness(secret) for secret in made] == [None] * len(made)
    assert len(set(made)) == len(made)


def test_whatever_docker_compose_asks_for_is_answered(checkout: Path) -> None:
    init(checkout)
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    settings = settings_in(checkout)
    assert asked == set(settings)
    assert all(settings.values())


def test_nothing_secret_has_a_default_in_docker_compose_or_in_the_example() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    example = (ROOT / EXAMPLE).read_text()
    for name in SECRET_SETTINGS:
        uses = re.findall(rf"\${{{name}([^}}]*)}}", compose)
        assert uses
        assert set(uses) == {":?run amber init"}
        assert f"\n{name}=\n" in example


def test_only_the_owner_can_read_what_is_written(checkout: Path) -> None:
    init(checkout, "--demo")
    for path in (SETTINGS, SIGNING_KEY, DEMO_CREDENTIALS):
        assert (checkout / path).stat().st_mode & 0o777 == 0o600, path
    assert (checkout / SIGNING_KEY).parent.stat().st_mode & 0o777 == 0o700


def test_the_containers_run_as_who_owns_the_key_and_never_as_root(checkout: Path) -> None:
    init(checkout)
    settings = settings_in(checkout)
    owner = (checkout / SIGNING_KEY).stat()
    assert (settings["AMBER_UID"], settings["AMBER_GID"]) == (str(owner.st_uid), str(owner.st_gid))
    assert owner.st_uid != 0


def test_the_gateway_can_sign_with_the_key(checkout: Path) -> None:
    init(checkout)
    assert load_signer("amber", checkout / SIGNING_KEY).key.is_private


def test_demo_mode_is_off_unless_asked_for(checkout: Path) -> None:
    said = init(checkout).output
    assert settings_in(checkout)["AMBER_DEMO"] == "false"
    assert not (checkout / DEMO_CREDENTIALS).exists()
    assert "demo mode is off" in said.lower()


def test_a_demonstration_has_a_secret_for_each_of_its_consumers(checkout: Path) -> None:
    init(checkout, "--demo")
    assert settings_in(checkout)["AMBER_DEMO"] == "true"
    assert "social-worker" in read_demo_credentials(checkout / DEMO_CREDENTIALS)
    entry = json.loads((checkout / DEMO_CREDENTIALS).read_text())["police-feed"]
    assert set(entry) == {"secret", "roles", "purpose"}


def test_the_gateway_listens_where_it_was_asked_to(checkout: Path) -> None:
    said = init(checkout, "--port", "9000").output
    assert settings_in(checkout)["AMBER_PORT"] == "9000"
    assert "http://127.0.0.1:9000/readyz" in said


def test_a_second_time_nothing_is_written_and_it_says_what_is_in_the_way(checkout: Path) -> None:
    init(checkout)
    before = (checkout / SETTINGS).read_text(), (checkout / SIGNING_KEY).read_text()
    again = init(checkout, "--demo")
    assert again.exit_code == 1
    assert ".env, deploy/secrets/signing-key.pem are there already" in again.output
    assert ((checkout / SETTINGS).read_text(), (checkout / SIGNING_KEY).read_text()) == before
    assert not (checkout / DEMO_CREDENTIALS).exists()


def test_outside_of_a_checkout_it_says_where_to_run_it(tmp_path: Path) -> None:
    lost = init(tmp_path)
    assert lost.exit_code == 1
    assert "at the root of a checkout" in lost.output
    assert os.listdir(tmp_path) == []  # noqa: PTH208  # nothing at all, hidden files included


def test_where_it_may_not_write_it_says_so(checkout: Path) -> None:
    (checkout / SIGNING_KEY.parent).write_text("a file where the folder should be")
    stopped = init(checkout)
    assert stopped.exit_code == 1
    assert "deploy/secrets can't be written" in stopped.output
    assert not (checkout / SETTINGS).exists()


def test_no_secret_is_shown(checkout: Path) -> None:
    said = init(checkout, "--demo").output
    made = [settings_in(checkout)[name] for name in SECRET_SETTINGS]
    made += read_demo_credentials(checkout / DEMO_CREDENTIALS).values()
    assert [secret for secret in made if secret in said] == []
