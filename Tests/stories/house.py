"""A fresh installation with a clock that can be moved: the product's own `rehearse`, told what to do line by line."""

import contextlib
import datetime
import json
import os
import pathlib
import queue
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time

from face import Face

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("UNDERSTORY_BINARY") or ROOT / ".build/debug/understory")

MINUTE, HOUR, DAY = 60, 3600, 86400


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """One PostgreSQL of the run's own on loopback; a fresh database for each story."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="stories-pg-"))
        self.port = free_port()
        self.count = 0
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(self.folder, self.user)
        os.chmod(self.folder, 0o700)
        self.data = self.folder / "data"
        self._run("initdb", "-D", self.data, "-A", "trust", "-U", "postgres", "--locale=C", "-E", "UTF8", "--no-sync")
        with open(self.data / "postgresql.conf", "a") as conf:
            conf.write(
                f"\nlisten_addresses = '127.0.0.1'\nport = {self.port}\nunix_socket_directories = '{self.folder}'\n"
                "fsync = off\nfull_page_writes = off\nmax_connections = 200\n")
        self._run("pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "start")

    @staticmethod
    def tool(name):
        found = sorted(pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
        if found:
            return str(found[-1])
        found = shutil.which(name)
        if not found:
            raise RuntimeError(f"{name} is not installed: PostgreSQL's server package is needed for these stories")
        return found

    def _run(self, name, *arguments):
        command = [self.tool(name), *map(str, arguments)]
        if self.user:
            command = ["runuser", "-u", self.user, "--", *command]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/",
            # The server keeps its output open: its log goes to a file of its own.
            timeout=120) if name != "pg_ctl" else subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", timeout=120)
        if done.returncode:
            raise RuntimeError(f"{name} answered {done.returncode}: {(done.stdout or '')[-600:]}")

    def fresh(self):
        self.count += 1
        name = f"story{self.count}"
        self._run("createdb", "-h", "127.0.0.1", "-p", self.port, "-U", "postgres", "-T", "template0", name)
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def stop(self):
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


class House:
    def __init__(self, engine, folder, cluster=None, seed=None):
        self.engine, self.folder, self.seed = engine, pathlib.Path(folder), seed
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file = self.folder / "understory.sqlite"
        self.database = f"sqlite:{self.file}" if engine == "sqlite" else cluster.fresh()
        self.log = self.folder / "log.txt"
        self.faces, self.said, self.private = [], [], set()
        self.process = None
        self.count = 0
        self.start()
        self.morning()

    def morning(self):
        """Every story begins at ten in the morning on the third of a month: no quiet hours, no month that ends."""
        now = datetime.datetime.fromisoformat(self.advance(0).replace("Z", "+00:00"))
        first = (now.replace(day=1) + datetime.timedelta(days=32)).replace(day=3, hour=10, minute=0, second=0, microsecond=0)
        self.advance((first - now).total_seconds())

    # the process

    def start(self):
        for _ in range(3):
            self.port = free_port()
            command = [
                str(BINARY), "rehearse", "--database", self.database, "--data", str(self.folder / "data"), "--port",
                str(self.port)]
            if self.seed:
                command += ["--seed", self.seed]
            self._log = open(self.log, "ab")
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, cwd=ROOT, text=True, bufsize=1)
            self._lines = queue.Queue()
            threading.Thread(target=self._listen, args=(self.process, self._lines), daemon=True).start()
            try:
                while "listening on" not in self._answer(60):
                    pass
                return
            except AssertionError:
                if self.process.poll() is None or "in use" not in self.logged():
                    raise
        raise AssertionError("no free port after three tries")

    @staticmethod
    def _listen(process, lines):
        for line in process.stdout:
            lines.put(line.rstrip("\n"))
        lines.put(None)

    def _answer(self, seconds=120):
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"rehearse said nothing for {seconds} s; its log ends: {self.logged()[-800:]}") from None
        if line is None:
            raise AssertionError(
                f"rehearse ended with {self.process.wait(10)}; its log ends: {self.logged()[-800:]}")
        self.said.append(line)
        return line

    def logged(self):
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def tell(self, line, seconds=180):
        assert "\n" not in line
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._answer(seconds)

    def told(self, line, seconds=180):
        """Like `tell`, for orders that must be answered with ok."""
        answer = self.tell(line, seconds)
        assert answer.startswith("ok"), f"`{line}` was answered: {answer}"
        return answer[2:].strip()

    def kill(self):
        """As a power cut would: nothing is flushed, nobody is asked."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)

    def stop(self):
        for face in self.faces:
            face.hang_up()
        if self.process and self.process.poll() is None:
            try:
                self.process.stdin.write("stop\n")
                self.process.stdin.flush()
                self.process.wait(20)
            except (OSError, subprocess.TimeoutExpired):
                self.process.kill()
                self.process.wait(20)

    def close(self):
        """The end of every story: stop, and see that the log holds nobody's words."""
        self.stop()
        log = self.logged()
        leaked = sorted(word for word in self.private if word in log)
        assert not leaked, f"the log holds words that somebody wrote: {leaked}"
        shutil.rmtree(self.folder, ignore_errors=True)

    # the clock and what runs by itself

    def advance(self, seconds=0, *, minutes=0, hours=0, days=0):
        return self.told(f"advance {int(seconds + minutes * MINUTE + hours * HOUR + days * DAY)}", 600).split()[-1]

    def jobs(self):
        self.told("jobs")

    def night(self):
        self.told("night", 600)

    def alarms(self):
        return json.loads(self.tell("alarms"))

    def sql(self, query):
        """Reads the database beside the server: rows as dictionaries."""
        if self.engine == "sqlite":
            with contextlib.closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as base:
                base.row_factory = sqlite3.Row
                return [dict(row) for row in base.execute(query)]
        said = self._psql("-c", f"SELECT coalesce(json_agg(t), '[]') FROM ({query}) t")
        return json.loads(said.stdout)

    def meddle(self, statement):
        """Somebody with the file in their hands tries this; what the engine says against it, or None when it was done."""
        if self.engine == "sqlite":
            with contextlib.closing(sqlite3.connect(self.file, timeout=20)) as base:
                try:
                    base.execute(statement)
                    base.commit()
                    return None
                except sqlite3.Error as error:
                    return str(error)
        said = self._psql("-c", statement)
        return said.stderr if said.returncode else None

    def _psql(self, *arguments):
        return subprocess.run(
            [Cluster.tool("psql"), self.database, "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", *arguments], capture_output=True,
            text=True, timeout=60, cwd="/")

    def chain(self, case):
        return self.told(f"chain {case}") == "true"

    def grep(self, text):
        """How often a text stands anywhere in what is kept: every byte of every file, or a whole dump; and the index."""
        needle, count = text.encode(), 0
        if self.engine == "sqlite":
            for path in self.folder.rglob("*"):
                if path.is_file() and path != self.log:
                    count += path.read_bytes().count(needle)
            with contextlib.closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as base:
                base.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'item_words', 'row')")
                count += base.execute("SELECT count(*) FROM terms WHERE instr(term, ?) > 0", (text.lower()[:-2],)).fetchone()[0]
            return count
        dump = subprocess.run(
            [Cluster.tool("pg_dump"), "--data-only", "--inserts", self.database], capture_output=True, timeout=60, cwd="/")
        assert dump.returncode == 0, dump.stderr[-300:]
        # Byte columns come as hexadecimal: clear words in them would be found that way.
        return dump.stdout.lower().count(needle.lower()) + dump.stdout.count(needle.hex().encode())

    # people and places

    def visitor(self, **more):
        return self._face(Face(self.port, house=self, **more))

    def _face(self, face):
        self.faces.append(face)
        return face

    def member(self, band="18-25", country="GB", *, seasoned=True):
        name, token, *words = self.told(f"member {band} {country}").split()
        if seasoned:
            self.told(f"seasoned {name}")
        return self._face(Face(self.port, name=name, token=token, words=words, house=self))

    def newcomer(self, band="18-25", country="GB"):
        return self.member(band, country, seasoned=False)

    def staff(self, role, *, room=None, name=None, checked=True, duty=0):
        self.count += 1
        name = name or f"Staff{self.count}"
        given, token = self.told(
            f"staff {name} {role}{'@' + room if room else ''}{'' if checked else ' nocheck'}").split()[:2]
        if duty:
            self.told(f"duty {given} {duty}")
        return self._face(Face(self.port, name=given, token=token, house=self))

    def moderator(self, *, duty=0, **more):
        return self.staff("trained-paid-staff", duty=duty, **more)

    def professional(self, *, duty=0, **more):
        return self.staff("professional", duty=duty, **more)

    def operator(self):
        return self.staff("operator")

    def lead(self, *, duty=0):
        return self.staff("safeguarding-lead", duty=duty)

    def duty(self, face, minutes=600):
        self.told(f"duty {face.name} {minutes}")

    def off(self, face):
        self.told(f"off {face.name}")

    def room(self, key, moderation="byRisk", bands="18-25", format="forum", **more):
        extra = " ".join(f"{k}={v}" for k, v in more.items())
        return self.told(f"room {key} {format} {bands} {moderation} {extra}".strip())

    def setting(self, key, value):
        self.told(f"setting {key} {value}")

    def program(self, *acts, called="counter"):
        token = self.told(f"program {called} {','.join(acts)}").split()[-1]
        return self._face(Face(self.port, name=called, bearer=token, house=self))

    # words

    def word(self, text=None):
        """A made-up word that stands nowhere else and can be looked for; the log must never hold it."""
        made = text or made_up()
        self.private.add(made)
        return made


_made = 0
_heads = ["plim", "tarn", "wosk", "brill", "quon", "fenn", "marr", "sloo", "drab", "kest", "vorl", "hask", "jumb", "nild"]
_tails = ["ondel", "arvik", "ispel", "umbric", "etton", "ollard", "inkle", "asper", "urden", "ethwick", "agnol", "ibbet"]


def made_up():
    global _made
    _made += 1
    rest, head = divmod(_made, len(_heads))
    rest, tail = divmod(rest, len(_tails))
    return _heads[head] + _tails[tail] + ("", "a", "o", "ey", "en", "is", "ow", "ula")[rest % 8]


def plain(text):
    return re.sub(r"\s+", " ", text)
