"""Servers that live for one measurement: a folder, a PostgreSQL cluster, `understory rehearse`.

Everything binds to 127.0.0.1. Nothing here ends a process it did not start.
"""
import contextlib
import json
import os
import pathlib
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Trouble(Exception):
    """Something is missing or did not start; the sentence is for the person at the terminal."""


def end_politely():
    """Ctrl-C, SIGTERM and a closed terminal become an ordinary way out, so that every `finally` runs."""

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def leave(number, _frame):
        for one in numbers:  # once: a second Ctrl-C shall not stop the clearing up
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)

    for number in numbers:
        signal.signal(number, leave)


@contextlib.contextmanager
def folder(prefix):
    """A folder that is gone afterwards, whatever happened."""
    made = pathlib.Path(tempfile.mkdtemp(prefix=prefix))
    made.chmod(0o711)  # the postgres user passes through, nobody lists it
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        if made.exists():  # something still wrote while it was being removed
            time.sleep(1)
            shutil.rmtree(made, ignore_errors=True)


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def program(kind=None):
    """The built program: the kind asked for, else the newest. See `kept`."""
    kinds = [kind] if kind else ["release", "debug"]
    found = [path for path in (ROOT / folder / kind / "understory" for kind in kinds for folder in (".build", ".build-release")) if path.exists()]
    if not found:
        raise Trouble(f"No program built as {' or '.join(kinds)}: build it first (make run, or make bench).")
    return max(found, key=lambda path: path.stat().st_mtime)


def kept(binary, place):
    """A copy of the program and what it reads, which no build or edit changes while it is used."""
    home = pathlib.Path(place) / "program"
    for part in ("Content", "Public"):
        shutil.copytree(ROOT / part, home / part)
    copy = home / "understory"
    for _ in range(60):
        with contextlib.suppress(OSError):
            shutil.copy2(binary, copy)
            if subprocess.run([copy, "--help"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
                return copy
        time.sleep(1)  # it is being linked just now
    raise Trouble("The program does not run: build it again.")


# CPU and memory, from /proc

TICK = os.sysconf("SC_CLK_TCK")


def _stat(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rsplit(")", 1)[1].split()


def cpu_seconds(pid):
    """User and system time of a process and of its children that have ended."""
    fields = _stat(pid)
    return 0.0 if fields is None else sum(int(fields[place]) for place in (11, 12, 13, 14)) / TICK


def children(pid):
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            fields = _stat(entry)
            if fields and int(fields[1]) == pid:
                found.append(int(entry))
    return found


def memory_mb(pid, line="VmRSS"):
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for text in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if text.startswith(line + ":"):
                return int(text.split()[1]) / 1024
    return 0.0


# PostgreSQL

class Postgres:
    """A cluster of its own in C collation, behind a password; durable settings as they ship. The house reaches it by its
    socket, as it should where both live on one machine (a sentence through TCP costs both of them more)."""

    def __init__(self, data, port=None):
        self.data, self.port, self.process = pathlib.Path(data), port or free_port(), None
        versions = sorted(
            pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
        if not versions and not shutil.which("postgres"):
            raise Trouble("PostgreSQL is not installed: run bin/setup, or choose --engine sqlite.")
        self.bin = versions[-1].parent if versions else pathlib.Path(shutil.which("postgres")).resolve().parent
        self.root = os.geteuid() == 0
        if self.root:
            try:
                self.owner = pwd.getpwnam("postgres")
            except KeyError:
                raise Trouble("PostgreSQL does not run as root, and there is no user postgres.") from None

    def _as_owner(self, *command):
        return ["runuser", "-u", "postgres", "--", *map(str, command)] if self.root else [*map(str, command)]

    def _make(self):
        self.data.mkdir(parents=True, exist_ok=True)
        if self.root:
            os.chown(self.data, self.owner.pw_uid, self.owner.pw_gid)
        word = self.data.parent / f".{self.data.name}.password"
        word.touch(mode=0o600)
        if self.root:
            os.chown(word, self.owner.pw_uid, self.owner.pw_gid)
        word.write_text(secrets.token_urlsafe(18) + "\n")
        made = subprocess.run(
            self._as_owner(
                self.bin / "initdb", "-D", self.data, "-U", "understory", "--locale=C", "--encoding=UTF8",
                "--auth=scram-sha-256", "--pwfile", word),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/")
        if made.returncode:
            raise Trouble("PostgreSQL could not make its folder: " + made.stdout.strip().splitlines()[-1])
        with open(self.data / "postgresql.conf", "a") as settings:
            settings.write(f"listen_addresses = '127.0.0.1'\nunix_socket_directories = '{self.data}'\nmax_connections = 60\n")

    def start(self):
        if not (self.data / "PG_VERSION").exists():
            self._make()
        self.password = (self.data.parent / f".{self.data.name}.password").read_text().strip()
        # postgres itself, not through runuser, so that its process is known.
        drop = dict(user=self.owner.pw_uid, group=self.owner.pw_gid, extra_groups=[]) if self.root else {}
        log = open(self.data / "server.log", "ab")
        self.process = subprocess.Popen(
            [str(self.bin / "postgres"), "-D", str(self.data), "-p", str(self.port)], stdout=log, stderr=log,
            stdin=subprocess.DEVNULL, cwd="/", start_new_session=True, **drop)
        log.close()
        for _ in range(600):
            if self.process.poll() is not None:
                raise Trouble("PostgreSQL did not start; see server.log in its folder.")
            ready = subprocess.run(
                [self.bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)], stdin=subprocess.DEVNULL)
            if ready.returncode == 0:
                break
            time.sleep(0.1)
        else:
            raise Trouble("PostgreSQL took longer than a minute to start.")
        if not self.run("psql", "-d", "postgres", "-Atc", "SELECT 1 FROM pg_database WHERE datname = 'understory'"):
            self.run("createdb", "understory")
        return self

    def run(self, tool, *arguments):
        done = subprocess.run(
            [str(self.bin / tool), "-h", "127.0.0.1", "-p", str(self.port), "-U", "understory", *arguments],
            env={**os.environ, "PGPASSWORD": self.password}, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            errors="replace", cwd="/")
        if done.returncode:
            raise Trouble(f"{tool}: {(done.stderr.strip() or 'failed').splitlines()[-1]}")
        return done.stdout

    @property
    def url(self):
        return f"postgresql://understory:{self.password}@/understory?host={self.data}&port={self.port}"

    def cpu_seconds(self):
        """The postmaster, what its ended children used, and every living backend."""
        pid = self.process.pid
        return cpu_seconds(pid) + sum(cpu_seconds(child) for child in children(pid))

    def crash(self):
        """What a power cut leaves: every process ends at once, nothing is flushed."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(60)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(30)


# The server

class Server:
    """`understory rehearse`: a real server with a movable clock, told what to do in lines."""

    def __init__(self, binary, database, data, log, *options, port=None):
        """`log` is a file for what the server says, or None to let it speak here (progress of long acts)."""
        self.binary, self.database, self.data, self.log = binary, database, pathlib.Path(data), log
        self.options, self.port = options, port or free_port()
        self.lock, self.process = threading.Lock(), None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self, patience=180):
        self.data.mkdir(parents=True, exist_ok=True)
        log = open(self.log, "ab") if self.log else None
        self.process = subprocess.Popen(
            [str(self.binary), "rehearse", "--database", self.database, "--data", str(self.data), "--port",
             str(self.port), *self.options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, errors="replace", bufsize=1,
            cwd=pathlib.Path(self.binary).parent, start_new_session=True)  # Content and Public are found from there
        if log:
            log.close()
        self.listens, ready = False, threading.Event()
        threading.Thread(target=self._await_ready, args=(ready,), daemon=True).start()
        ready.wait(patience)
        if not self.listens:
            raise Trouble(f"The server did not start: {self.last_words()}")
        return self

    def _await_ready(self, ready):
        for line in self.process.stdout:
            if line.startswith("listening on"):
                self.listens = True
                break
        ready.set()

    def last_words(self):
        log = pathlib.Path(self.log) if self.log else None
        lines = log.read_text(errors="replace").strip().splitlines() if log and log.exists() else []
        return lines[-1][:300] if lines else "it said nothing"

    def tell(self, line):
        """One line in, one line out. What begins with `ok` comes back without it; a list or object is read."""
        with self.lock:
            try:
                self.process.stdin.write(line + "\n")
                self.process.stdin.flush()
                answer = self.process.stdout.readline().strip()
            except BrokenPipeError:
                answer = ""
        word = line.split()[0]
        if answer[:1] in "[{" and answer:
            return json.loads(answer)
        if re.match(r"ok\b", answer):
            return answer[2:].strip()
        raise Trouble(f"The server would not do `{word}`: {answer[:200] or self.last_words()}")

    def cpu_seconds(self):
        return cpu_seconds(self.process.pid)

    def kill(self):
        self.process.kill()
        self.process.wait(30)
        self.process.stdin.close()
        self.process.stdout.close()

    def stop(self):
        if self.process is None or self.process.poll() is not None:
            return
        with contextlib.suppress(OSError, ValueError):
            self.process.stdin.write("stop\n")
            self.process.stdin.flush()
        for patience, way in ((15, self.process.terminate), (10, self.process.kill), (10, None)):
            try:
                self.process.wait(patience)
                return
            except subprocess.TimeoutExpired:
                if way:
                    way()


@contextlib.contextmanager
def house(binary, engine, place, *options, log=None, patience=180):
    """A server of one engine with everything it keeps under `place`: gives (server, database or None), stops both."""
    with contextlib.ExitStack() as stack:
        database = None
        if engine == "postgresql":
            database = Postgres(place / "cluster")
            stack.callback(database.stop)
            database.start()
        server = Server(
            binary, database.url if database else f"sqlite:{place}/house.db", place / f"data-{engine}", log, *options)
        stack.callback(server.stop)
        server.start(patience)
        yield server, database


def call(url, cookie=None, fields=None, accept="application/json", gzip=False):
    """One plain request: (status, body). A POST when there are fields. For setting up; measuring is wrk's."""
    headers = {"Accept": accept}
    if cookie:
        headers["Cookie"] = "understory=" + cookie
    if gzip:
        headers["Accept-Encoding"] = "gzip"
    body = None
    if fields is not None:
        body, headers["Content-Type"] = json.dumps(fields).encode(), "application/json"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=120) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def note(text, end="\n"):
    print(text, file=sys.stderr, end=end, flush=True)
