"""start.py before there is anything: which Python, what is missing, one installation at a time."""

from __future__ import annotations

import ast
import fnmatch
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launch import checks, environment, lock, python, system
from launch.environment import READY, ROOT
from launch.words import Stop

WANTED = {"root": ["/here"], "pins": ["run", "dev"], "project": ["p"]}
INSTALLED = {"root": "/here", "pins": "run", "project": "p"}


def pinned(name: str) -> dict[str, str]:
    """Package and marker -> the whole entry with its hashes."""
    text = (ROOT / name).read_text("utf-8").replace(" \\\n", "\n")
    entries: dict[str, str] = {}
    for line in text.splitlines():
        if line[:1].isalnum():
            key = line
            entries[key] = ""
        elif line.startswith("    --hash"):
            entries[key] += line
    return entries


def package(line: str) -> str:
    """The package that a requirement is about, as indexes spell it."""
    return re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")


# --- which Python


@pytest.mark.parametrize(
    ("version", "answer"),
    [((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False), ((2, 11), False), ((), False)],
)
def test_only_three_pythons_are_suitable(version: tuple[int, ...], answer: bool) -> None:
    assert python.suitable(version) is answer


def test_candidates_come_newest_first_and_name_real_releases_only(tmp_path: Path) -> None:
    for name in ("3.12.1", "3.12.10", "3.13-dev", "3.10.4", "3.11.7"):
        (tmp_path / "versions" / name / "bin").mkdir(parents=True)
    path = {"python3.11": "/usr/bin/python3.11"}
    assert python.candidates(path.get, tmp_path, windows=False) == [
        [str(tmp_path / "versions/3.12.10/bin/python3")],
        [str(tmp_path / "versions/3.12.1/bin/python3")],
        ["/usr/bin/python3.11"],
        [str(tmp_path / "versions/3.11.7/bin/python3")],
    ]


def test_candidates_on_windows_ask_the_launcher(tmp_path: Path) -> None:
    path = {"py": r"C:\Windows\py.exe"}
    assert python.candidates(path.get, tmp_path, windows=True) == [["py", "-3.13"], ["py", "-3.12"], ["py", "-3.11"]]


def test_a_command_that_is_no_python_is_passed_over(tmp_path: Path) -> None:
    assert python.answers_as_suitable([sys.executable])
    assert not python.answers_as_suitable([str(tmp_path / "none")])
    assert not python.answers_as_suitable([sys.executable, "-c", "print(3, 9)"])
    assert not python.answers_as_suitable([sys.executable, "-c", "print('shim: not installed')"])


def test_the_launcher_can_be_read_by_an_old_python() -> None:
    for path in [ROOT / "start.py", *sorted((ROOT / "launch").glob("*.py"))]:
        ast.parse(path.read_text("utf-8"), str(path), feature_version=(3, 7))


def test_the_launcher_needs_the_standard_library_only() -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import start; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(ROOT)], capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded - set(sys.stdlib_module_names) <= {"start", "launch", "__main__"}


# --- what .venv needs


def test_nothing_to_do_when_all_fits() -> None:
    assert environment.plan(INSTALLED, (3, 12), WANTED) == READY


@pytest.mark.parametrize(
    ("stamp", "version", "todo"),
    [
        (INSTALLED, (), (True, True, True)),  # no environment, or its Python was removed
        (None, (3, 10), (True, True, True)),
        (None, (3, 11), (False, True, True)),  # made by hand: completed in place
        ({**INSTALLED, "root": "/there"}, (3, 11), (True, True, True)),
        ({**INSTALLED, "pins": "older"}, (3, 11), (False, True, True)),
        ({**INSTALLED, "project": "older"}, (3, 11), (False, False, True)),
        ({}, (3, 11), (True, True, True)),
    ],
)
def test_what_is_missing_is_done_and_no_more(
    stamp: dict[str, str] | None, version: tuple[int, ...], todo: tuple[bool, bool, bool]
) -> None:
    made = environment.plan(stamp, version, WANTED)
    assert made[:3] == todo
    assert made.why


@given(st.one_of(st.none(), st.dictionaries(st.sampled_from(["root", "pins", "project"]), st.sampled_from("ab"))))
def test_only_a_whole_matching_stamp_means_ready(stamp: dict[str, str] | None) -> None:
    wanted = {"root": ["a"], "pins": ["a"], "project": ["a"]}
    whole = stamp == {"root": "a", "pins": "a", "project": "a"}
    assert (environment.plan(stamp, (3, 13), wanted) == READY) is whole


@given(st.binary(max_size=60))
def test_a_damaged_stamp_or_configuration_is_an_unknown_one(
    tmp_path_factory: pytest.TempPathFactory, rubbish: bytes
) -> None:
    path = tmp_path_factory.mktemp("stamp") / "file"
    path.write_bytes(rubbish)
    stamp = environment.read_stamp(path)
    assert stamp is None or isinstance(stamp, dict)
    assert all(isinstance(n, int) for n in environment.venv_version(path))


def test_the_version_of_an_environment_is_read_without_starting_it(tmp_path: Path) -> None:
    config = tmp_path / "pyvenv.cfg"
    config.write_text("home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.12.1\n", "utf-8")
    assert environment.venv_version(config) == (3, 12)
    assert environment.venv_version(tmp_path / "none") == ()


def test_line_ends_do_not_change_the_digest(tmp_path: Path) -> None:
    unix, dos = tmp_path / "unix", tmp_path / "dos"
    unix.write_bytes(b"a==1\nb==2\n")
    dos.write_bytes(b"a==1\r\nb==2\r\n")
    assert environment.digest(unix) == environment.digest(dos)


# --- the pins


def test_the_development_pins_contain_the_run_time_pins() -> None:
    # start.py takes an environment with the development pins for a run.
    run, development = pinned("requirements.txt"), pinned("requirements-dev.txt")
    assert run.items() <= development.items()
    assert all("--hash=sha256:" in hashes for hashes in development.values())


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_pins_name_no_place(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    assert not [line for line in text.splitlines() if line.startswith("-")]


@pytest.mark.parametrize(
    ("name", "extras"), [("requirements.txt", ["build"]), ("requirements-dev.txt", ["build", "dev"])]
)
def test_every_dependency_is_pinned(name: str, extras: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = project["dependencies"] + [line for extra in extras for line in project["optional-dependencies"][extra]]
    wanted = {package(line) for line in declared}
    assert wanted <= {package(line) for line in pinned(name)}


def test_the_wheel_takes_every_resource_and_script() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    patterns = [*tool["package-data"]["*"], "*.py", "*.pyc", "*.md"]
    for top in ("coordination", "db", "ui", "resources"):
        left_out = [
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / top).rglob("*")
            if path.is_file()
            and path.parent.name != "__pycache__"  # what Python, and numba, keep beside their sources
            and not any(fnmatch.fnmatch(path.name, pattern) for pattern in patterns)
        ]
        assert left_out == []


# --- checks


def test_each_check_runs_to_its_end_and_the_failed_ones_are_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    says = "import sys; print(sys.argv[1]); print('aside', file=sys.stderr); sys.exit(int(sys.argv[2]))"
    commands = {word: [sys.executable, "-c", says, word, code] for word, code in (("one", "3"), ("two", "0"))}
    assert checks.failed({**commands, "none": [str(tmp_path / "none")]}, tmp_path) == ["one", "none"]
    written, said = capfd.readouterr()
    assert [line for line in written.splitlines() if line in commands] == ["one", "two"]
    assert written.count("aside") == 2 and str(tmp_path / "none") in written
    assert [line for line in said.splitlines() if line.startswith("==")] == ["== one", "== two", "== none"]
    assert "one failed" in said and "two failed" not in said and "none failed" in said


# --- the system


def test_a_display_is_looked_for_on_linux_only() -> None:
    assert not system.has_display({}, "linux")
    assert not system.has_display({"DISPLAY": ""}, "linux")
    assert system.has_display({"DISPLAY": ":0"}, "linux")
    assert system.has_display({"QT_QPA_PLATFORM": "offscreen"}, "linux")
    assert system.has_display({}, "darwin")
    assert system.has_display({}, "win32")


@pytest.mark.parametrize(
    ("variables", "has", "has_not"),
    [
        ({}, "libGL.so.1", "libxcb-cursor.so.0"),
        ({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, "libGL.so.1", "libxcb-cursor.so.0"),
        ({"DISPLAY": ":0"}, "libxcb-cursor.so.0", "libwayland-client.so.0"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "libwayland-client.so.0", "libxcb-cursor.so.0"),
        ({"QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": "wayland-0"}, "libxcb-cursor.so.0", "libwayland-client.so.0"),
    ],
)
def test_the_libraries_are_those_of_the_screen_in_use(variables: dict[str, str], has: str, has_not: str) -> None:
    wanted = system.libraries_wanted(variables, "linux")
    assert has in wanted
    assert has_not not in wanted
    assert system.libraries_wanted(variables, "win32") == {}


def test_libraries_are_looked_for_by_loading_them() -> None:
    libraries = {"libc.so.6": "libc6", "libno-such-thing.so.1": "libno-such-thing1"}
    if sys.platform.startswith("linux"):
        assert system.packages_missing(libraries) == ["libno-such-thing1"]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Debian's packages are for Linux")
def test_without_apt_the_packages_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Stop, match="libgl1, libegl1") as stop:
        system.install(["libgl1", "libegl1"])
    assert stop.value.code == 3


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Debian's packages are for Linux")
@pytest.mark.parametrize(("user", "code", "says"), [(1000, 3, "Type this line"), (0, 4, "could not install")])
def test_apt_is_used_by_root_and_spelt_out_for_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, user: int, code: int, says: str
) -> None:
    apt = tmp_path / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "$@" >> "{tmp_path}/calls"\nexit 100\n', "utf-8")
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: user)
    with pytest.raises(Stop, match=says) as stop:
        system.install(["libgl1"])
    assert stop.value.code == code
    assert "sudo apt-get install -y --no-install-recommends libgl1" in str(stop.value)
    assert (tmp_path / "calls").exists() is (user == 0)


# --- when pip fails


@pytest.mark.parametrize(
    ("output", "says"),
    [
        (
            ["WARNING: Retrying (Retry(total=4 ...", "ERROR: No matching distribution found for numpy"],
            "could be reached",
        ),
        (["ERROR: No matching distribution found for pyside6-essentials==6.12.0"], "not published for this system"),
        (["ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."], "not the one that was pinned"),
        (["ERROR: [Errno 28] No space left on device"], "No space left"),
        ([], "could not be installed"),
    ],
)
def test_a_failed_installation_says_what_to_do(output: list[str], says: str) -> None:
    assert says in environment.explain_failure(output)


# --- the lock


def test_the_lock_tells_an_interrupted_installation_from_a_refused_one(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with lock.only_one(path) as interrupted:
        assert not interrupted
    with pytest.raises(Stop), lock.only_one(path):
        raise Stop("no network", 4)
    with lock.only_one(path) as interrupted:
        assert not interrupted
    with pytest.raises(KeyboardInterrupt), lock.only_one(path):
        raise KeyboardInterrupt
    with lock.only_one(path) as interrupted:
        assert interrupted
    with lock.only_one(path) as interrupted:
        assert not interrupted


def test_a_second_start_waits_for_the_first(tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from launch.lock import only_one\n"
        "with only_one(Path(sys.argv[2])) as interrupted: print(interrupted, flush=True)\n"
    )
    path = tmp_path / "lock"
    with lock.only_one(path):
        second = subprocess.Popen(
            [sys.executable, "-c", code, str(ROOT), str(path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert second.stderr is not None
        assert "waiting" in second.stderr.readline()
        assert second.poll() is None
    said, _ = second.communicate(timeout=30)
    assert said == "False\n"
    assert second.returncode == 0
