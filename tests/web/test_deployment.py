"""The container file, and the examples for systemd and nginx, as far as they can be checked without running."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from qa_service.cli.parser import build_parser
from qa_service.settings import known_names

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTAINER = re.sub(r"\\\n", " ", (ROOT / ".ci" / "Containerfile").read_text(encoding="utf-8"))
STEPS = [line.split(maxsplit=1) for line in CONTAINER.splitlines() if line and not line.startswith("#")]
COPIED = [
    source
    for step, arguments in STEPS
    if step == "COPY" and "--from" not in arguments
    for source in arguments.split()[:-1]
]


def example(language):
    return re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)[1]


def test_everything_that_the_image_takes_exists_and_nothing_else_is_taken():
    assert [source for source in COPIED if not (ROOT / source).exists()] == []
    assert "." not in COPIED  # which would take the environment and the index along


def test_the_image_has_everything_that_the_wheel_is_built_from():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = [project["project"]["readme"], *project["project"]["license-files"]]
    needed += [*wheel["packages"], *wheel["force-include"], "pyproject.toml"]
    assert set(needed) <= set(COPIED)


def test_the_image_runs_without_root_and_with_access_control():
    last = {step: arguments for step, arguments in STEPS}
    assert re.fullmatch(r"[1-9]\d+", last["USER"])  # a number: only so can a cluster tell that it is not root
    environment = dict(pair.split("=", 1) for pair in last["ENV"].split())
    assert {name.removeprefix("QA_").lower() for name in environment if name.startswith("QA_")} <= known_names()
    assert environment["QA_PASSWORD_FILE"]
    assert last["STOPSIGNAL"] == "SIGTERM"
    shell = json.loads(last["CMD"])[-1]
    commands = next(action.choices for action in build_parser()._actions if action.choices)
    assert set(re.findall(r"qa-service (\w+)", shell)) <= set(commands)
    assert "exec qa-service serve" in shell  # else the shell would get the stop signal, and keep it to itself


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_accepts_the_unit_of_the_readme(tmp_path):
    unit = re.sub(r"ExecStart=\S+", f"ExecStart={sys.executable}", example("ini")).replace("User=qa\n", "")
    (tmp_path / "qa.service").write_text(unit)
    command = ["systemd-analyze", "verify", "--man=no", str(tmp_path / "qa.service")]
    checked = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert [line for line in checked.stderr.splitlines() if "qa.service" in line] == []
    names = re.findall(r"QA_([A-Z_]+)=", unit)
    assert {name.lower() for name in names} <= known_names()


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed: .ci/run installs it")
def test_nginx_accepts_the_location_of_the_readme(tmp_path):
    paths = "".join(
        f"{kind}_temp_path {tmp_path}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}\n"
        f"http {{ access_log off; {paths}\nserver {{ listen 127.0.0.1:1; {example('nginx')} }} }}\n"
    )
    command = [
        "nginx",
        "-t",
        "-p",
        str(tmp_path),
        "-e",
        str(tmp_path / "error.log"),
        "-c",
        str(tmp_path / "nginx.conf"),
    ]
    checked = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert checked.returncode == 0, checked.stderr
