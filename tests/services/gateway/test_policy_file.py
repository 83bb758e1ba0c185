"""A policy file with a slip in it is refused as a whole, each fault with its line."""

from pathlib import Path

import pytest

from services.gateway.policy import load_policy
from services.gateway.strict_yaml import FileFaultsError

GOOD = """\
schema: policy/1
services: [referrals]
purposes: {safeguarding: Protecting}
scopes:
  children:read: {title: Read}
roles:
  practitioner: [children:read]
routes:
  GET /v1/children/{child_id}:
    service: referrals
    scope: children:read
    children: [path:child_id]
    purposes: [safeguarding]
"""


def faults(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileFaultsError) as refused:
        load_policy(path)
    return refused.value.faults


def test_a_good_policy_is_read(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(GOOD, encoding="utf-8")
    (route,) = load_policy(path).routes
    assert (route.method, route.template) == ("GET", "/v1/children/{child_id}")


@pytest.mark.parametrize(
    ("was", "becomes", "line", "says"),
    [
        ("schema: policy/1", "schema: policy/2", 1, "schema"),
        ("    purposes: [safe", "    purpose: [safe", 13, "isn't known here"),
        ("    scope: children:read\n", "", 9, "is required"),
        ("scope: children:read", "scope: children:raed", 11, "no such scope"),
        ("[children:read]", "[children:raed]", 7, "no such scope"),
        ("service: referrals", "service: scoring", 10, "no such service"),
        ("purposes: [safeguarding]", "purposes: [early_help]", 13, "no such purpose"),
        ("purposes: [safeguarding]", "purposes: []", 13, "name a purpose"),
        ("path:child_id", "path:child", 12, "no parameter of the path"),
        ("path:child_id", "child_id", 12, "write path:child_id or"),
        ("    children: [path:child_id]\n", "", 9, "where the child's id is"),
        ("GET /v1/", "FETCH /v1/", 9, "write a method and a path"),
        ("GET /v1/", "GET /internal/", 9, "write a method and a path"),
        ("{title: Read}", "{title: Read, people_only: yes}", 5, "true or false"),
        ("{title: Read}", "{title: 1.5}", 5, "write a text"),
        ("{title: Read}", "{title: Read, title: Read}", 5, "stands here twice"),
        ("title: Read", "title: &a Read", 5, "anchors"),
        ("services: [referrals]", "services: [referrals", 3, "not YAML"),
        ("services: [referrals]", "services: !!set {referrals}", 2, "write a text"),
    ],
)
def test_a_slip_is_named_with_its_line(
    tmp_path: Path, was: str, becomes: str, line: int, says: str
) -> None:
    assert was in GOOD
    found = faults(tmp_path, GOOD.replace(was, becomes, 1))
    assert any(fault.startswith(f"policy.yaml:{line}: ") and says in fault for fault in found)


def test_all_slips_are_named_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("[children:read]", "[nothing]").replace("service: referrals", "service: x")
    assert len(faults(tmp_path, text)) == 2


def test_one_route_cannot_stand_there_twice_under_two_names(tmp_path: Path) -> None:
    again = GOOD[GOOD.index("  GET ") :].replace("child_id", "other_id")
    (fault,) = faults(tmp_path, GOOD + again)
    assert "another route has the same method and path" in fault
