"""Part of `make proof`: what the containers may do, and who reaches what."""

import pytest

from tests.support.compose import SERVICES, compose, inspect

EVERYTHING = (*SERVICES, "database")


@pytest.mark.parametrize("service", EVERYTHING)
def test_a_container_is_no_more_than_it_needs_to_be(service: str) -> None:
    found = inspect(service)
    host = found["HostConfig"]
    assert found["Config"]["User"].partition(":")[0] not in {"", "0", "root"}
    assert host["ReadonlyRootfs"] is True
    assert host["CapDrop"] == ["ALL"]
    assert host["CapAdd"] is None
    assert host["Privileged"] is False
    assert "no-new-privileges:true" in host["SecurityOpt"]
    assert host["Memory"] > 0


def test_the_gateway_alone_is_published_and_to_this_machine_only() -> None:
    bound = {name: inspect(name)["HostConfig"]["PortBindings"] or {} for name in EVERYTHING}
    assert [name for name, ports in bound.items() if ports] == ["gateway"]
    assert [port["HostIp"] for ports in bound["gateway"].values() for port in ports] == [
        "127.0.0.1"
    ]


def test_only_the_gateway_has_a_way_out() -> None:
    networks = {name: set(inspect(name)["NetworkSettings"]["Networks"]) for name in EVERYTHING}
    inside = {"amberproof_inside"}
    assert networks.pop("gateway") == inside | {"amberproof_published"}
    assert networks == {"referrals": inside, "scoring": inside, "database": inside}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_can_open_no_database_but_its_own(service: str) -> None:
    program = """
import os, psycopg
url = os.environ["AMBER_DATABASE_URL"].replace("+psycopg", "")
own = url.rpartition("/")[2]
for name in ("gateway", "referrals", "scoring", "postgres", "template1"):
    try:
        psycopg.connect(url.removesuffix(own) + name, connect_timeout=5).close()
        print(name)
    except psycopg.OperationalError as refused:
        assert "permission denied" in str(refused), refused
"""
    assert compose("exec", "-T", service, "python", "-", given=program).split() == [service]


def test_the_image_holds_no_secret_no_history_and_no_tests() -> None:
    search = "find /amber/.env /amber/.git /amber/deploy /amber/tests -type f 2>/dev/null || true"
    assert compose("exec", "-T", "referrals", "sh", "-c", search) == ""
    assert "services" in compose("exec", "-T", "referrals", "ls", "/amber").split()
