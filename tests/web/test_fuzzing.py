"""Requests made up from our own OpenAPI description, right and wrong ones, at a real server."""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "25"))
# Those after the first four have nothing that could be of the wrong form
OPERATIONS = [
    ("/api/v1/ask", "POST"),
    ("/api/v1/search", "POST"),
    ("/api/v1/articles", "GET"),
    ("/api/v1/feedback", "POST"),
    ("/api/v1/articles/{article_id}", "GET"),
    ("/healthz", "GET"),
    ("/readyz", "GET"),
    ("/version", "GET"),
]


@pytest.fixture(scope="module")
def api(site):
    return schemathesis.openapi.from_url(f"{site}/openapi.json")


def test_every_described_operation_is_fuzzed(api):
    described = {(operation.ok().path, operation.ok().method.upper()) for operation in api.get_all_operations()}
    assert described == set(OPERATIONS)


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [(*operation, GenerationMode.POSITIVE) for operation in OPERATIONS]
    + [(*operation, GenerationMode.NEGATIVE) for operation in OPERATIONS[:4]],
)
def test_no_request_makes_the_server_fail_or_answer_other_than_described(api, path, method, mode):
    operation = api[path][method]

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(operation.as_strategy(generation_mode=mode))
    def check(case):
        # an empty question has the right form and is refused all the same, as the description of 400 says
        case.call_and_validate(timeout=30, excluded_checks=[positive_data_acceptance])

    check()
