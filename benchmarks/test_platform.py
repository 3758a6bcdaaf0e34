"""The platform: how soon it is up again, and how soon it refuses a bad file."""

from __future__ import annotations

import time

import httpx
import pytest

from benchmarks.conftest import Report
from tests.adapters.test_gate import REFUSED
from tests.journeys.platform_host import platform_host, short_folder
from tests.shared_data import shared

#: Most that a second start, and the answer to a bad file, take. [s]
MOST_START_S, MOST_VERDICT_S = 10.0, 5.0


@pytest.mark.timeout(600)
def test_it_is_up_again_soon_and_refuses_bad_files_soon(report: Report) -> None:
    with short_folder() as folder:
        data_dir = folder / "d"
        with platform_host("--design", "citrus-juicer", data_dir=data_dir) as first:
            assert first.stop() == 0
        began = time.monotonic()
        with platform_host("--design", "citrus-juicer", data_dir=data_dir) as second:
            start_s = time.monotonic() - began
            verdicts_s = {
                name: verdict_s(second.url, name, f"127.0.0.{house}")
                for house, name in enumerate(REFUSED, start=2)
            }
    slowest = max(verdicts_s, key=lambda name: verdicts_s[name])
    figures = {"second_start_s": start_s, "verdicts_s": verdicts_s}
    lines = f"second start {start_s:.1f} s; slowest verdict {slowest}: "
    report("platform", f"{lines}{verdicts_s[slowest]:.1f} s", figures)
    assert start_s < MOST_START_S
    assert verdicts_s[slowest] < MOST_VERDICT_S


def verdict_s(url: str, name: str, address: str) -> float:
    """Post a bad file from a loopback address; take the time to its refusal. [s]"""
    content = shared("bad_inputs", name).read_bytes()
    files = {"file": (name.split("/")[-1], content)}
    transport = httpx.HTTPTransport(local_address=address)
    with httpx.Client(
        base_url=url, transport=transport, trust_env=False, timeout=60
    ) as http:
        began = time.monotonic()
        answer = http.post("/api/inspect", files=files)
        took_s = time.monotonic() - began
    assert answer.status_code == 422, name
    return took_s
