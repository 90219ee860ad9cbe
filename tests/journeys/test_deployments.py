"""What the README gives to systemd, Docker Compose and Kubernetes, as far as a machine without them can try it."""

from __future__ import annotations

import configparser
import re
from pathlib import Path
from typing import Any

import pytest

from ingagents.settings import Settings
from tests.front_door import ROOT, succeeds
from tests.processes import PROGRAM
from tests.web.test_page import served
from tests.world import World

README = (ROOT / "README.md").read_text("utf-8")
IMAGE = (ROOT / "Dockerfile").read_text("utf-8")
ENVIRONMENT = "INGAGENTS_"


def block(language: str, holding: str) -> str:
    """The one block of the README in a language that holds a word."""
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    (one,) = [text for text in found if holding in text]
    return one


def parsed(text: str) -> Any:
    """The YAML that the README keeps to: blocks of mappings and lists, two columns deeper each."""
    lines = [line for line in text.splitlines() if line.strip()]
    assert "\t" not in text
    value, rest = _value([(len(one) - len(one.lstrip()), one.strip()) for one in lines], 0)
    assert not rest, rest
    return value


Lines = list[tuple[int, str]]


def _value(lines: Lines, depth: int) -> tuple[Any, Lines]:
    if lines[0][1].startswith("- "):
        items = []
        while lines and lines[0][0] == depth and lines[0][1].startswith("- "):
            item, lines = _value([(depth + 2, lines[0][1][2:]), *lines[1:]], depth + 2)
            items.append(item)
        return items, lines
    found: dict[str, Any] = {}
    while lines and lines[0][0] == depth and not lines[0][1].startswith("- "):
        match = re.fullmatch(r"([\w.-]+):(?: (.+))?", lines[0][1])
        assert match, lines[0]
        name, scalar = match.groups()
        assert name not in found, f"{name} stands twice"
        lines = lines[1:]
        if scalar is not None:
            found[name] = scalar.strip('"')
            continue
        assert lines, f"{name} is empty"
        assert lines[0][0] == depth + 2, f"what is below {name} is not two columns deeper"
        found[name], lines = _value(lines, depth + 2)
    assert not lines or lines[0][0] < depth or lines[0][1].startswith("- "), lines[0]
    return found, lines


def assert_a_setting(name: str) -> None:
    """An environment variable that the settings read."""
    section, _, field = name.removeprefix(ENVIRONMENT).lower().partition("__")
    assert name.startswith(ENVIRONMENT), name
    kind = Settings.model_fields[section].annotation
    assert field in kind.model_fields, name  # type: ignore[union-attr]


async def test_kubernetes_asks_what_the_page_answers_and_mounts_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    manifest = parsed(block("yaml", "StatefulSet"))
    assert manifest["spec"]["replicas"] == "1"
    pod = manifest["spec"]["template"]
    assert pod["metadata"]["labels"] == manifest["spec"]["selector"]["matchLabels"]
    (container,) = pod["spec"]["containers"]
    for variable in container["env"]:
        assert_a_setting(variable["name"])
    claims = [one["metadata"]["name"] for one in manifest["spec"]["volumeClaimTemplates"]]
    volumes = {one["name"] for one in pod["spec"]["volumes"]} | set(claims)
    assert {one["name"] for one in container["volumeMounts"]} == volumes
    assert f"VOLUME {container['volumeMounts'][0]['mountPath']}\n" in IMAGE
    assert f"--uid {pod['spec']['securityContext']['runAsUser']} " in IMAGE
    async with served(World(tmp_path, size=60), token="a-long-random-word-of-the-team") as (
        _,
        client,
    ):
        for probe, status in (("livenessProbe", 200), ("readinessProbe", 503)):
            path = container[probe]["httpGet"]["path"]
            answer = await client.get(path, headers={"Host": "10.0.0.7:8080"})
            assert answer.status_code == status, "no agent is at work here"


def test_compose_sets_what_there_is_to_set() -> None:
    text = block("yaml", "services:")
    names = re.findall(rf"^ +({ENVIRONMENT}\w+):", text, re.MULTILINE)
    assert len(names) == 3
    for name in names:
        assert_a_setting(name)
    assert "campaign:/data" in text


def test_systemd_starts_a_command_that_there_is(tmp_path: Path) -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(block("ini", "[Unit]"))
    program, *arguments = unit["Service"]["ExecStart"].split()
    assert program.rpartition("/")[2] == Path(PROGRAM).name
    said = succeeds(tmp_path, arguments[0], "--help").out
    assert all(one in said for one in arguments[1:] if one.startswith("--no"))
    assert unit["Service"]["RestartPreventExitStatus"] == "2"


def test_the_image_asks_for_its_health_where_the_page_answers() -> None:
    assert "HEALTHCHECK" in IMAGE
    assert "'/readyz'" in IMAGE
    assert "ingagents status --running" in IMAGE
