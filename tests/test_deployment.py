"""What a machine is given: the two commands, the locks, the image."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
RUN = HOUSE / "run"
SCRIPTS = [RUN, HOUSE / ".ci/run"]
LOCKS = ["requirements.lock", "requirements-test.lock"]
INSTRUCTIONS = {"ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "RUN", "USER", "VOLUME", "WORKDIR"}


def pinned(lock: str) -> dict[str, str]:
    """Each package of `lock` with its one version."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (HOUSE / lock).read_text(encoding="ascii"), re.MULTILINE))


def dockerfile() -> list[tuple[str, str]]:
    """The instructions of the image with what follows them; continued lines are joined, comments left out."""
    text = (HOUSE / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines if line.strip())]


def argument_of(instruction: str) -> list[str]:
    return [rest for word, rest in dockerfile() if word == instruction]


def run(*arguments: str, cwd: Path = HOUSE, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | ({"PATH": path} if path else {})
    return subprocess.run([RUN, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: str(script.relative_to(HOUSE)))
def test_a_script_may_be_started_and_has_nothing_that_shellcheck_minds(script: Path) -> None:
    assert os.access(script, os.X_OK)
    checker = shutil.which("shellcheck")
    if checker is None:
        pytest.skip("shellcheck is not installed")
    assert subprocess.run([checker, script], capture_output=True, text=True, check=False).stdout == ""


def test_an_unknown_verb_is_answered_with_the_known_ones_from_any_folder(tmp_path: Path) -> None:
    answer = run("dance", cwd=tmp_path)
    assert answer.returncode == 2
    assert all(f"./run {verb}" in answer.stderr for verb in ("test", "check", "token"))


def test_a_token_for_nobody_is_refused_before_anything_is_set_up() -> None:
    answer = run("token", "Harbour Clinic")
    assert answer.returncode == 1
    assert answer.stderr == "run: A token needs the name of the prescriber's system and at least one NPI that it may write for.\n"


def test_a_machine_without_python_and_without_apt_hears_in_one_sentence_what_to_install(tmp_path: Path) -> None:
    for tool in ("sh", "dirname", "id"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or tool)
    answer = run(path=str(tmp_path))
    assert answer.returncode == 1
    assert answer.stderr.splitlines() == [
        "run: Python 3.11, 3.12 or 3.13 with its venv module is missing. Install it (on Debian: apt-get install python3 python3-venv) and start again."
    ]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_package_by_hash_and_names_no_address(lock: str) -> None:
    text = (HOUSE / lock).read_text(encoding="ascii")
    packages = re.split(r"\n(?=[a-z])", text.strip())
    assert [package.splitlines()[0] for package in packages if not re.match(r"[a-z0-9-]+==[0-9]\S* [^\n]*\\\n    --hash=sha256:[0-9a-f]{64}", package)] == []
    assert "://" not in text
    assert "index" not in text


def test_the_locks_hold_every_dependency_and_agree() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime, everything = (pinned(lock) for lock in LOCKS)
    assert {re.split(r"[^a-z0-9-]", item)[0] for item in project["dependencies"]} - set(runtime) == set()
    assert {re.split(r"[^a-z0-9-]", item)[0] for item in project["optional-dependencies"]["test"]} - set(everything) == set()
    assert runtime.items() <= everything.items()


def test_every_dependency_and_every_ignored_rule_says_why() -> None:
    text = (HOUSE / "pyproject.toml").read_text(encoding="utf-8")
    ignored = re.search(r"^ignore = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    runtime = re.search(r"^dependencies = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    assert ignored is not None
    assert runtime is not None
    rules = ignored[1].splitlines()
    assert 0 < len(rules) <= 20
    assert [line for line in rules + runtime[1].splitlines() if line.strip().startswith('"') and not re.search(r"# .{8,}", line)] == []


def test_the_image_has_only_known_instructions_and_starts_from_one_named_version() -> None:
    assert [word for word, _ in dockerfile() if word not in INSTRUCTIONS] == []
    (base,) = argument_of("FROM")
    assert re.fullmatch(r"python:3\.1[123]-slim-bookworm", base)


def test_the_image_installs_from_the_lock_with_hashes_and_leaves_no_lists_behind() -> None:
    installs = [rest for rest in argument_of("RUN") if "pip install" in rest]
    assert installs
    assert all("--require-hashes" in rest and "requirements.lock" in rest and "--no-cache-dir" in rest for rest in installs)
    system = [rest for rest in argument_of("RUN") if "apt-get install" in rest]
    assert all("--no-install-recommends" in rest and "rm -rf /var/lib/apt/lists/*" in rest and "apt-get update" in rest for rest in system)
    libraries = re.search(r"libpango-1\.0-0 libpangoft2-1\.0-0 libharfbuzz-subset0", RUN.read_text(encoding="utf-8"))
    assert libraries is not None
    assert all(library in " ".join(system) for library in libraries[0].split())


def test_the_image_runs_as_nobody_in_particular_and_says_how_it_is() -> None:
    user = argument_of("USER")[-1]
    assert re.fullmatch(r"[1-9][0-9]{3,}", user)
    words = [word for word, _ in dockerfile()]
    assert words.index("USER") < words.index("CMD")
    assert "/health" in argument_of("HEALTHCHECK")[0]
    assert "--no-control-socket" in json.loads(argument_of("CMD")[-1])


def test_what_the_image_copies_exists_and_is_not_ignored() -> None:
    ignored = (HOUSE / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv", "var"} <= set(ignored)
    copied = [name for rest in argument_of("COPY") for name in rest.split()[:-1]]
    assert [name for name in copied if not (HOUSE / name).exists() or name in ignored] == []


def test_this_python_is_one_that_the_project_names() -> None:
    assert (3, 11) <= sys.version_info[:2] < (3, 14)
