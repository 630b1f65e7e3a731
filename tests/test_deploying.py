"""What the files for running it elsewhere promise: pinned, without root, nothing to write to, checked for its health."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from sop import settings
from sop.errors import SettingsError

TOP = Path(__file__).parent.parent
DOCKERFILE = (TOP / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((TOP / "compose.yaml").read_text(encoding="utf-8"))
UNIT = (TOP / "deploy" / "sop-review.service").read_text(encoding="utf-8")
PINNED = re.compile(r"^[\w./-]+:\d+\.\d+[\w.-]*$")


def instructions(word: str) -> list[str]:
    """The arguments of every instruction of the Dockerfile of that name."""
    joined = DOCKERFILE.replace("\\\n", " ")
    return [line.partition(" ")[2].strip() for line in joined.splitlines() if line.startswith(f"{word} ")]


def test_the_image_is_pinned_runs_without_root_and_is_asked_for_its_health() -> None:
    [base] = [argument.partition("=")[2] for argument in instructions("ARG")]
    assert PINNED.match(base) and "latest" not in base
    assert instructions("USER")[-1] == "10001:10001"
    assert "/health" in instructions("HEALTHCHECK")[0]
    assert "--require-hashes" in instructions("RUN")[0] and "--only-binary :all:" in instructions("RUN")[0]
    assert not [line for line in DOCKERFILE.splitlines() if re.match(r"ADD|COPY \. ", line)]


def test_what_the_image_copies_exists_and_nothing_else_is_sent_to_be_built() -> None:
    copied = [source for line in instructions("COPY") if "--from" not in line for source in line.split()[:-1]]
    allowed = {line[1:] for line in (TOP / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"}
    assert copied and set(copied) == allowed
    assert [source for source in copied if not (TOP / source).exists()] == []


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_each_container_is_pinned_bounded_and_shut_in(name: str) -> None:
    service = COMPOSE["services"][name]
    assert PINNED.match(service["image"])
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"].split(":")[0] not in ("0", "root")
    assert {"mem_limit", "pids_limit", "stop_grace_period", "restart", "logging"} <= service.keys()
    assert "healthcheck" in service or (name == "app" and instructions("HEALTHCHECK"))


def test_the_database_is_reached_from_inside_only_and_the_app_from_this_machine() -> None:
    services = COMPOSE["services"]
    assert "ports" not in services["log"] and services["log"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert all(port.startswith("127.0.0.1:") for port in services["app"]["ports"])


def test_no_password_stands_in_the_environment() -> None:
    for service in COMPOSE["services"].values():
        for name, value in service["environment"].items():
            assert not re.search("PASSWORD|SECRET|TOKEN|URL", name) or name.endswith("_FILE"), name
            assert not name.endswith("_FILE") or value.startswith("/run/secrets/")


def test_the_unit_runs_without_root_and_may_write_to_its_own_folder_only() -> None:
    said = dict(line.split("=", 1) for line in UNIT.splitlines() if "=" in line and not line.startswith("#"))
    assert said["User"] == "sop"
    assert (said["ProtectSystem"], said["NoNewPrivileges"], said["CapabilityBoundingSet"]) == ("strict", "yes", "")
    assert "--address 127.0.0.1" in said["ExecStart"]
    assert int(said["TimeoutStopSec"]) > 5


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here to read the unit")
def test_systemd_understands_the_unit() -> None:
    said = subprocess.run(
        ["systemd-analyze", "verify", str(TOP / "deploy" / "sop-review.service")],
        capture_output=True,
        text=True,
        check=False,
    )
    others = [line for line in said.stderr.splitlines() if "sop-review" in line and "is not executable" not in line]
    assert others == []


def pins(file: str) -> dict[str, str]:
    """Packages and versions of a file of requirements, by their plain names."""
    found = re.findall(r"^([\w.-]+)(?:\[\w+\])?==([\w.]+)", (TOP / file).read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


def test_the_lock_holds_every_package_at_the_versions_that_the_tests_run_with() -> None:
    locked = pins("requirements.lock")
    asked = pins("requirements.txt") | pins("requirements-postgresql.txt")
    assert {name: locked.get(name) for name in asked} == asked
    known = asked | pins("constraints.txt")
    assert {name: version for name, version in locked.items() if known.get(name) != version} == {}
    text = (TOP / "requirements.lock").read_text(encoding="utf-8")
    assert len(re.findall(r"==[\w.]+ \\\n    --hash=sha256:", text)) == len(locked)


def test_the_logs_address_may_be_handed_over_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql+psycopg://sop:x@log/sop\n", encoding="utf-8")
    monkeypatch.delenv("SOP_DECISIONS_URL", raising=False)
    monkeypatch.setenv("SOP_DECISIONS_URL_FILE", str(file))
    assert settings.decision_log_url(tmp_path) == "postgresql+psycopg://sop:x@log/sop"
    monkeypatch.setenv("SOP_DECISIONS_URL", "sqlite:///other.sqlite")
    assert settings.decision_log_url(tmp_path) == "sqlite:///other.sqlite"
    monkeypatch.delenv("SOP_DECISIONS_URL")
    file.unlink()
    with pytest.raises(SettingsError, match="cannot be read"):
        settings.decision_log_url(tmp_path)
