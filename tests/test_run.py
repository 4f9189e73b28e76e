"""run.py's own decisions; nothing here makes a venv, installs or serves."""

import ast
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import run

ROOT = Path(__file__).parent.parent


@pytest.fixture
def commands(monkeypatch):
    """What run.py would hand over to; setting up is left out."""
    became = []
    monkeypatch.setattr(run, "set_up", lambda locks: became.append(locks))
    monkeypatch.setattr(run, "become", became.append)
    monkeypatch.setattr(run, "run_or_stop", became.append)
    monkeypatch.setattr(run, "stay_until_stopped", became.append)
    monkeypatch.setattr(run, "refuse_taken_port", lambda host, port: None)
    monkeypatch.setattr(run.os, "chdir", lambda folder: None)
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)
    monkeypatch.delenv("SECOND_FACTOR", raising=False)
    return became


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A project folder with one lock file and an empty .venv."""
    (tmp_path / ".venv").mkdir()
    (tmp_path / "requirements.txt").write_text("django==5.2\n")
    monkeypatch.setattr(run, "HERE", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "make_venv", lambda: None)
    return tmp_path


@pytest.fixture
def installs(monkeypatch):
    calls = []
    monkeypatch.setattr(run, "install", calls.append)
    return calls


# Words


def test_no_word_migrates_runs_the_first_run_and_serves(commands):
    run.main([])
    locks, migrate, first_run, serve = commands
    assert locks == ["requirements.txt"]
    assert migrate[1:3] == ["manage.py", "migrate"]
    assert first_run[1:] == ["manage.py", "first_run"]
    assert serve[1:3] == ["-m", "granian"]
    assert serve[serve.index("--host") + 1] == "127.0.0.1"
    assert serve[serve.index("--port") + 1] == "8000"
    assert "--no-access-log" in serve


def test_test_runs_pytest_on_all_cores_unless_tests_are_chosen(commands):
    run.main(["test"])
    run.main(["test", "tests/test_geo.py", "-x"])
    locks, everything, _, chosen = commands
    assert locks == ["requirements.txt", "requirements-test.txt"]
    assert everything[1:] == ["-m", "pytest", "-n", "auto", "--dist", "loadfile"]
    assert chosen[1:] == ["-m", "pytest", "tests/test_geo.py", "-x"]


def test_any_other_word_goes_to_manage_py_as_it_stands(commands):
    run.main(["search", "--near", "80202", "--json"])
    assert commands[1][1:] == [
        str(ROOT / "manage.py"),
        *("search", "--near", "80202", "--json"),
    ]


def test_postgresql_brings_its_driver(commands, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://localhost/kap")
    run.main(["check"])
    assert commands[0] == ["requirements.txt", "requirements-postgres.txt"]


def test_an_old_python_is_refused_in_one_line(monkeypatch):
    monkeypatch.setattr(run.sys, "version_info", (3, 10, 14))
    monkeypatch.setattr(run.sys, "version", "3.10.14 (main)")
    with pytest.raises(SystemExit, match=r"^kapfinder needs Python 3\.11.*3\.10\.14"):
        run.main([])


def test_the_file_parses_on_python_3_8_to_say_so():
    assert ast.parse((ROOT / "run.py").read_text(), feature_version=(3, 8)).body


def test_only_the_standard_library_is_imported():
    tree = ast.parse((ROOT / "run.py").read_text())
    names = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    ]
    names += [
        node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
    ]
    assert set(names) <= sys.stdlib_module_names


# Host and port


def test_the_command_line_beats_port_which_beats_8000(commands, monkeypatch):
    assert run.address([]) == ("127.0.0.1", 8000)
    monkeypatch.setenv("PORT", "9000")
    assert run.address([]) == ("127.0.0.1", 9000)
    assert run.address(["--port", "9001", "--host", "::1"]) == ("::1", 9001)


def test_a_blank_port_variable_counts_as_unset(commands, monkeypatch):
    monkeypatch.setenv("PORT", "")
    assert run.address([])[1] == 8000


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80a", "8_0", "٨٠", "1e3"])
def test_a_nonsense_port_is_refused(commands, port, capsys):
    with pytest.raises(SystemExit):
        run.address([f"--port={port}"])
    assert "is no port" in capsys.readouterr().err


def test_a_nonsense_port_variable_is_refused(commands, monkeypatch, capsys):
    monkeypatch.setenv("PORT", "http")
    with pytest.raises(SystemExit):
        run.address([])
    assert "'http' is no port" in capsys.readouterr().err


def test_an_unknown_option_is_refused(commands, capsys):
    with pytest.raises(SystemExit):
        run.main(["--prot", "8001"])
    assert "--prot" in capsys.readouterr().err


@pytest.mark.enable_socket
def test_a_taken_port_is_refused_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(SystemExit) as refusal:
            run.refuse_taken_port("127.0.0.1", port)
    assert str(port) in refusal.value.code
    assert "\n" not in refusal.value.code


@pytest.mark.enable_socket
def test_a_free_port_is_taken_as_it_is():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    run.refuse_taken_port("127.0.0.1", port)
    with socket.create_server(("127.0.0.1", port)) as server:
        assert server.getsockname()[1] == port  # and it is left free


def test_without_a_second_factor_only_this_machine_is_served(commands, monkeypatch):
    monkeypatch.setenv("SECOND_FACTOR", "off")
    with pytest.raises(SystemExit, match=r"SECOND_FACTOR .* not at 0\.0\.0\.0"):
        run.main(["--host", "0.0.0.0"])
    assert commands == []


def test_serving_other_machines_says_which_variable_admits_them(commands, monkeypatch):
    assert "ALLOWED_HOSTS" not in run.greeting("127.0.0.1", 8000)
    open_to_all = run.greeting("0.0.0.0", 8000)
    assert "http://127.0.0.1:8000/" in open_to_all
    assert "ALLOWED_HOSTS=" in open_to_all
    monkeypatch.setenv("ALLOWED_HOSTS", "kap.example.org")
    assert "ALLOWED_HOSTS" not in run.greeting("0.0.0.0", 8000)


# Installing


def test_a_lock_is_installed_once(folder, installs):
    run.set_up(["requirements.txt"])
    run.set_up(["requirements.txt"])
    assert installs == [["requirements.txt"]]


def test_a_changed_lock_is_installed_again_and_alone(folder, installs):
    (folder / "requirements-test.txt").write_text("pytest==9\n")
    run.set_up(["requirements.txt", "requirements-test.txt"])
    (folder / "requirements.txt").write_text("django==5.2.1\n")
    run.set_up(["requirements.txt", "requirements-test.txt"])
    assert installs[1:] == [["requirements.txt"]]


def test_a_broken_off_installation_is_made_again(folder, installs, monkeypatch):
    def interrupted(locks):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run, "install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run.set_up(["requirements.txt"])
    run.set_up(["requirements.txt"])
    assert installs == [["requirements.txt"]]


def test_a_folder_that_cannot_be_written_is_said_plainly(folder, installs, monkeypatch):
    monkeypatch.setattr(run.os, "access", lambda path, mode: False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(SystemExit, match="cannot write to"):
        run.set_up(["requirements.txt"])
    assert installs == []


@pytest.fixture
def no_venv(tmp_path, monkeypatch):
    """A folder without .venv, and the commands that would make one."""
    calls = []
    monkeypatch.setattr(run, "HERE", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "PYTHON", str(tmp_path / ".venv/bin/python"))
    monkeypatch.setattr(run, "run_or_stop", calls.append)
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    return calls


def test_a_venv_is_made_without_pip_as_debian_may_lack_it(no_venv):
    run.make_venv()
    [command] = no_venv
    assert command[1:4] == ["-m", "venv", "--without-pip"]


def test_a_venv_that_works_is_kept(no_venv, monkeypatch):
    monkeypatch.setattr(run, "PYTHON", sys.executable)
    run.make_venv()
    assert no_venv == []


def test_a_venv_that_does_not_work_is_made_anew(no_venv):
    (run.VENV / "bin").mkdir(parents=True)
    (run.VENV / "bin" / "python").symlink_to("/no/such/python")
    run.make_venv()
    assert len(no_venv) == 1
    assert not run.VENV.exists()


def test_without_the_venv_module_the_debian_package_is_named(no_venv, monkeypatch):
    monkeypatch.setattr(run, "works", lambda command: False)
    with pytest.raises(SystemExit, match="python3-venv"):
        run.make_venv()


def test_uv_makes_the_venv_where_it_is_on_path(no_venv, monkeypatch):
    tried = []
    monkeypatch.setattr(run.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(
        run, "works", lambda command: tried.append(command) or command[0] == "/bin/uv"
    )
    run.make_venv()
    assert tried[-1][:2] == ["/bin/uv", "venv"]
    assert no_venv == []


def test_uv_installs_with_hashes_where_it_is_on_path(folder, monkeypatch):
    calls = []
    monkeypatch.setattr(run.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(run, "call", lambda command: calls.append(command) or 0)
    run.install(["requirements.txt"])
    assert calls[0][:3] == ["/bin/uv", "pip", "install"]
    assert "--require-hashes" in calls[0]
    assert len(calls) == 1


def test_pip_installs_with_hashes_where_uv_is_absent_or_fails(folder, monkeypatch):
    calls = []

    def call(command):
        calls.append(command)
        return int(command[0] == "/bin/uv")

    monkeypatch.setattr(run, "call", call)
    monkeypatch.setattr(run, "pip", lambda: ["pip"])
    monkeypatch.setattr(run.shutil, "which", lambda name: f"/bin/{name}")
    run.install(["requirements.txt"])
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    run.install(["requirements.txt"])
    assert [command[0] for command in calls] == ["/bin/uv", "pip", "pip"]
    assert all("--require-hashes" in command for command in calls)


def test_a_failed_installation_ends_in_one_line(folder, monkeypatch):
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    monkeypatch.setattr(run, "pip", lambda: ["pip"])
    monkeypatch.setattr(run, "call", lambda command: 1)
    with pytest.raises(SystemExit, match="registry"):
        run.install(["requirements.txt"])


def test_without_any_pip_the_debian_package_is_named(folder, monkeypatch):
    monkeypatch.setattr(run, "works", lambda command: False)
    with pytest.raises(SystemExit, match="python3-venv"):
        run.pip()


def test_a_venv_without_pip_gets_it_or_borrows_the_outer_one(folder, monkeypatch):
    monkeypatch.setattr(run, "works", lambda command: "ensurepip" in command)
    assert run.pip() == [run.PYTHON, "-m", "pip"]
    monkeypatch.setattr(run, "works", lambda command: "--python" in command)
    assert run.pip() == [sys.executable, "-m", "pip", "--python", run.PYTHON]


def test_a_command_that_does_not_exist_does_not_work():
    assert not run.works(["/no/such/program"])
    assert run.works([sys.executable, "-c", ""])
    assert not run.works([sys.executable, "-c", "raise SystemExit(3)"])


def test_a_failed_step_ends_with_its_own_exit_code():
    with pytest.raises(SystemExit) as end:
        run.run_or_stop([sys.executable, "-c", "raise SystemExit(3)"])
    assert end.value.code == 3


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_once_and_cleanly(tmp_path, ending):
    # The stand-in server says how often it was told to end.
    server = tmp_path / "server.py"
    server.write_text(
        "import signal, time\n"
        "told = []\n"
        "for number in (signal.SIGINT, signal.SIGTERM):\n"
        "    signal.signal(number, lambda number, frame: told.append(number))\n"
        "print('serving', flush=True)\n"
        "while not told: time.sleep(0.01)\n"
        "time.sleep(0.2)\n"
        "print(len(told), flush=True)\n"
    )
    code = f"import run; run.stay_until_stopped([run.sys.executable, {str(server)!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    ) as running:
        assert running.stdout.readline() == "serving\n"
        # A terminal sends Ctrl-C to the whole group.
        stop = os.killpg if ending == signal.SIGINT else os.kill
        stop(running.pid, ending)
        assert running.stdout.read() == "1\n"
    assert running.returncode == 0


def test_each_requirement_states_its_reason_and_is_locked_with_hashes():
    for source in ROOT.glob("requirements*.in"):
        lines = [line for line in source.read_text().splitlines() if line[0].isalpha()]
        assert lines
        assert all("  # " in line for line in lines), source
        lock = source.with_suffix(".txt").read_text()
        pins = [line for line in lock.splitlines() if "==" in line]
        assert all(line.endswith("\\") for line in pins)
        assert "://" not in lock


def test_help_names_the_three_uses():
    command = [sys.executable, str(ROOT / "run.py"), "--help"]
    shown = subprocess.run(
        command, capture_output=True, text=True, cwd=os.sep, check=True
    )
    assert "run.py test" in shown.stdout
    assert "manage.py WORD" in shown.stdout
