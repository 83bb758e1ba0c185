"""The OpenAPI document: committed, generated from the code, complete."""

import json
import re

from services.cli.openapi import COMMITTED, generate
from services.gateway.policy import load_policy

DOCUMENT = json.loads(generate())


def test_the_committed_document_is_what_the_code_says() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == generate(), "run `make openapi`"


def test_every_route_of_the_policy_is_described_and_the_other_way_round() -> None:
    described = {
        (method.upper(), path)
        for path, methods in DOCUMENT["paths"].items()
        for method in methods
        if path.startswith("/v1/")
    }
    offered = {(route.method, route.template) for route in load_policy().routes}
    assert described == offered


def test_the_scope_that_a_route_needs_is_the_one_in_the_policy() -> None:
    for route in load_policy().routes:
        operation = DOCUMENT["paths"][route.template][route.method.lower()]
        assert operation["security"] == [{"OAuth2": [route.scope]}], route.template


def test_every_reference_leads_somewhere() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    referred = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(DOCUMENT)))
    assert referred <= schemas.keys()
