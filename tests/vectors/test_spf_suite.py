"""The published SPF suites, read where they lie, with their scores printed."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.authn.spf import check_host
from gateway.model.auth_facts import SpfIdentity
from tests.fakes import FakeResolver

SUITES = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "spf"
NOT_A_RFC_RESULT = {"default-modifier", "default-modifier-harsh"}  # pyspf's own lax and harsh modes
_scores: Counter[str] = Counter()


def zone_of(data: dict[str, list[Any]]) -> dict[str, object]:
    """The suite's zone in ours: SPF entries answer TXT where a name has none; TIMEOUT is for what is not said."""
    zone: dict[str, object] = {}
    for name, entries in data.items():
        types: dict[str, Any] = {}
        times_out = False
        for entry in entries:
            if entry == "TIMEOUT":
                times_out = True
                continue
            ((rtype, value),) = entry.items()
            if value == "TIMEOUT":
                types[rtype] = "TIMEOUT"
            elif value != "NONE":
                types.setdefault(rtype, []).append("." if value == "" else _with_root(value))
            else:
                types.setdefault(rtype, [])
        if "SPF" in types:
            types.setdefault("TXT", types["SPF"])
        types = {rtype: values for rtype, values in types.items() if rtype != "SPF"}
        if times_out:
            types = dict.fromkeys(("A", "AAAA", "MX", "TXT", "PTR"), "TIMEOUT") | {t: v for t, v in types.items() if v}
        zone[name] = {t: _usable(t, v) for t, v in types.items()}
    return {name: types for name, types in zone.items() if 0 < len(name.rstrip(".")) <= 253 and _labels_fit(name)}


def _labels_fit(name: str) -> bool:
    return all(0 < len(label) <= 63 for label in name.rstrip(".").split("."))


def _with_root(value: Any) -> Any:
    return [v if v != "" else "." for v in value] if isinstance(value, list) and len(value) == 2 else value


def _usable(rtype: str, values: Any) -> Any:
    """Without what no resolver would hand on: names that can't exist."""
    if rtype == "MX" and isinstance(values, list):
        return [pair for pair in values if pair[1] == "." or _labels_fit(pair[1])]
    if rtype in {"PTR", "CNAME"} and isinstance(values, list):
        return [name for name in values if name == "." or _labels_fit(name)]
    return values


def cases(file: str) -> Iterator[Any]:
    """Every case of a suite as a pytest parameter: (zone, test)."""
    path = SUITES / file
    if not path.exists():
        yield pytest.param(None, None, marks=pytest.mark.skip(reason=f"{path} is absent"), id=file)
        return
    for number, document in enumerate(yaml.safe_load_all(path.read_text("utf-8"))):
        for name, test in document["tests"].items():
            if name not in NOT_A_RFC_RESULT:
                yield pytest.param(document["zonedata"], test, id=f"{number}-{name}")


def judge(zone: dict[str, list[Any]], test: dict[str, Any]) -> tuple[str, str]:
    """Result and explanation."""
    helo, mail_from = test["helo"], test["mailfrom"]
    is_helo = not mail_from
    local, _, domain = mail_from.rpartition("@")
    result = asyncio.run(
        check_host(
            ip_address(test["host"]),
            helo if is_helo else domain,
            f"postmaster@{helo}" if is_helo else f"{local}@{domain}",
            helo,
            FakeResolver(zone_of(zone)),
            identity=SpfIdentity.HELO if is_helo else SpfIdentity.MAIL_FROM,
            receiver=test.get("receiver", "unknown"),
            explains=True,
        )
    )
    return result.status.value, result.explanation


def accepted(test: dict[str, Any]) -> list[str]:
    """The acceptable results, the preferred one first."""
    result = test["result"]
    return result if isinstance(result, list) else [result]


@pytest.fixture(scope="module", autouse=True)
def _print_scores() -> Iterator[None]:
    yield
    files = sorted({key.split(" ")[0] for key in _scores})
    print("\nSPF suites:", ", ".join(f"{file} {_scores[file + ' pass']}/{_scores[file + ' all']}" for file in files))


def check(file: str, zone: dict[str, list[Any]], test: dict[str, Any]) -> None:
    _scores[f"{file} all"] += 1
    status, explanation = judge(zone, test)
    assert status in accepted(test), test.get("comment", "")
    if "explanation" in test and status == "fail":
        wanted = test["explanation"]
        assert explanation == ("" if wanted == "DEFAULT" else wanted)
    _scores[f"{file} pass"] += 1


@pytest.mark.parametrize(("zone", "test"), list(cases("rfc7208-tests.yml")))
def test_rfc7208(zone: dict[str, list[Any]], test: dict[str, Any]) -> None:
    check("rfc7208", zone, test)


@pytest.mark.parametrize(("zone", "test"), list(cases("rfc4408-tests.yml")))
def test_rfc4408(zone: dict[str, list[Any]], test: dict[str, Any]) -> None:
    check("rfc4408", zone, test)


@pytest.mark.parametrize(("zone", "test"), list(cases("pyspf-tests.yml")))
def test_pyspf(zone: dict[str, list[Any]], test: dict[str, Any]) -> None:
    check("pyspf", zone, test)
