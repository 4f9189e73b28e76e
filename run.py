#!/usr/bin/env python3
"""Set kapfinder up and run it, with Python 3.11 or newer and nothing else.

    python3 run.py [--host HOST] [--port PORT]   set up, then serve the site
    python3 run.py test [PYTEST ARGUMENTS]       run the tests
    python3 run.py WORD ...                      the same as manage.py WORD ...

What it makes stays in this folder: .venv, secret_key and db.sqlite3.
"""

# Standard library only. This file parses on Python 3.8, to say that 3.8 is too old.

import argparse
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = str(VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
OLDEST = (3, 11)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
OFF = {"0", "off", "false", "no"}


def main(words):
    if sys.version_info < OLDEST:
        fail(f"kapfinder needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if not words or words[0].startswith("-"):
        serve(words)
    elif words[0] == "test":
        test(words[1:])
    else:
        set_up(runtime_locks())
        become([PYTHON, str(HERE / "manage.py"), *words])


def serve(words):
    host, port = address(words)
    refuse_open_door(host)
    refuse_taken_port(host, port)
    set_up(runtime_locks())
    say("Preparing the database ...")
    run_or_stop([PYTHON, "manage.py", "migrate", "--verbosity", "0", "--no-input"])
    run_or_stop([PYTHON, "manage.py", "first_run"])
    say(greeting(host, port))
    os.chdir(HERE)
    stay_until_stopped(granian(host, port))


def test(words):
    """Test files share the cores; a choice of tests runs in one process."""
    set_up([*runtime_locks(), "requirements-test.txt"])
    os.chdir(HERE)
    become([PYTHON, "-m", "pytest", *(words or ["-n", "auto", "--dist", "loadfile"])])


def address(words):
    """The (host, port) asked for on the command line or by PORT."""
    parser = argparse.ArgumentParser(
        prog="run.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--port", type=port_number, default=os.environ.get("PORT") or 8000
    )
    options = parser.parse_args(words)
    return options.host, options.port


def port_number(text):
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no port: 1 to 65535")


def refuse_open_door(host):
    """A Host header says little of who asks: what counts is who reaches the port."""
    off = os.environ.get("SECOND_FACTOR", "").strip().lower() in OFF
    if off and host not in LOOPBACK:
        fail(f"SECOND_FACTOR may be off only at 127.0.0.1, not at {host}.")


def refuse_taken_port(host, port):
    try:
        family, kind, _, _, name = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as probe:
            if os.name != "nt":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(name)
    except OSError as error:
        reason = error.strerror or error
        fail(f"Cannot serve at {host}, port {port}: {reason}. See --port.")


def greeting(host, port):
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)
    lines = [f"kapfinder is at http://{shown}:{port}/  (Ctrl-C ends it)"]
    if not (host in LOOPBACK or os.environ.get("ALLOWED_HOSTS")):
        lines.append(
            "Other machines reach this port, but only 127.0.0.1 and localhost are "
            "answered.\nName the others: ALLOWED_HOSTS=192.168.1.5,kap.example.org"
        )
    return "\n".join(lines)


def granian(host, port):
    return [
        *(PYTHON, "-m", "granian", "--interface", "wsgi"),
        *("--host", host, "--port", str(port)),
        # SQLite and the site's short requests: a process a core, few threads in each.
        *("--workers", str(min(os.cpu_count() or 1, 4)), "--blocking-threads", "2"),
        *("--backpressure", "64", "--no-ws", "--respawn-failed-workers"),
        *("--workers-kill-timeout", "5"),
        *("--no-access-log", "--log-level", "warning"),
        "kapfinder.wsgi:application",
    ]


def runtime_locks():
    postgres = os.environ.get("DATABASE_URL", "").startswith("postgres")
    return ["requirements.txt", *(["requirements-postgres.txt"] if postgres else [])]


def set_up(locks):
    """Make .venv and install each lock file that changed since it was installed."""
    if not os.environ.get("DATABASE_URL"):
        need_write_access()
    make_venv()
    changed = [lock for lock in locks if installed(lock) != digest(lock)]
    if not changed:
        return
    say(f"Installing {' and '.join(changed)} ...")
    install(changed)
    for lock in changed:
        stamp(lock).write_text(digest(lock))


def need_write_access():
    if not os.access(HERE, os.W_OK):
        fail(f"kapfinder cannot write to {HERE}. Put it in a folder of your own.")


def digest(lock):
    return hashlib.sha256((HERE / lock).read_bytes()).hexdigest()


def stamp(lock):
    return VENV / f"{lock}.sha256"


def installed(lock):
    """The digest of the lock file as it was last installed, "" for never."""
    return stamp(lock).read_text() if stamp(lock).exists() else ""


def make_venv():
    recent = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    if works([PYTHON, "-c", recent]):
        return
    need_write_access()
    if VENV.exists():
        say(".venv does not work here: making it anew.")
        shutil.rmtree(VENV)
    say("Making .venv ...")
    uv = shutil.which("uv")
    if uv and works([uv, "venv", "--python", sys.executable, str(VENV)]):
        return
    if not works([sys.executable, "-c", "import venv"]):
        fail("Python's venv module is missing. On Debian: apt install python3-venv")
    # Without pip, since Debian keeps the pip of a venv in a package of its own.
    run_or_stop([sys.executable, "-m", "venv", "--without-pip", str(VENV)])


def install(locks):
    words = ["install", "--quiet", "--require-hashes"]
    words += [word for lock in locks for word in ("-r", lock)]
    uv = shutil.which("uv")
    if uv and not call([uv, "pip", *words, "--compile-bytecode", "--python", PYTHON]):
        return
    if call([*pip(), *words, "--disable-pip-version-check"]):
        fail("The packages could not be installed. Is the package registry reachable?")


def pip():
    """A pip command that installs into .venv."""
    inside = [PYTHON, "-m", "pip"]
    if works([*inside, "--version"]) or works([PYTHON, "-m", "ensurepip"]):
        return inside
    outside = [sys.executable, "-m", "pip", "--python", PYTHON]
    if works([*outside, "--version"]):
        return outside
    fail("No pip for .venv. On Debian: apt install python3-venv")


def works(command):
    """Whether the command can be run and says nothing is wrong."""
    try:
        return not subprocess.run(command, capture_output=True, cwd=HERE).returncode
    except OSError:
        return False


def call(command):
    return subprocess.run(command, cwd=HERE).returncode


def run_or_stop(command):
    code = call(command)
    if code:
        sys.exit(code)


def become(command):
    """Hand over to the command, so that it gets the signals and gives the exit code."""
    if os.name == "nt":
        sys.exit(subprocess.run(command).returncode)
    os.execv(command[0], command)


def stay_until_stopped(command):
    """Run the server; Ctrl-C and SIGTERM end it, and this, with exit code 0.

    granian's workers hang on Ctrl-C where granian's own signal follows it, so it is
    kept from them: they inherit the mask.
    """
    if os.name == "nt":
        become(command)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    server = subprocess.Popen(command)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.terminate())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    sys.exit(max(server.wait(), 0))


def say(text):
    print(text, file=sys.stderr, flush=True)


def fail(text):
    sys.exit(text)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        fail(f"{error.strerror or error}: {error.filename or HERE}")
