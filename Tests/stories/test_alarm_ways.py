"""An alarm leaves by webhook or by a program of the host's: a code, a step and a link, and no word of anybody's; what is not taken is tried again."""

import contextlib
import http.client
import http.server
import json
import os
import re
import sqlite3
import subprocess
import threading
import time

import pytest

from cast import URGENT
from face import Face
from house import BINARY, ROOT, free_port
from test_talk import shown_id

pytestmark = pytest.mark.only("sqlite")
ADDRESS = "https://talk.example.org"


class Webhook(http.server.ThreadingHTTPServer):
    """A listener on loopback: answers with `status`, keeps what came."""

    daemon_threads = True

    def __init__(self, place):
        self.taken, self.status = [], 204
        super().__init__(("127.0.0.1", 0), Ringing)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def settings(self):
        return {"UNDERSTORY_ALARM_WEBHOOK": f"http://127.0.0.1:{self.server_address[1]}/ring"}

    def fail(self, how):
        self.status = how

    def said(self):
        """Each alarm as (code, step, link, is it a drill)."""
        told = []
        for method, path, kind, body in self.taken:
            assert (method, path, kind) == ("POST", "/ring", "application/json"), (method, path, kind)
            got = json.loads(body)
            assert set(got) == {"code", "step", "link", "kind"} and all(type(value) is str for value in got.values()), got
            assert got["kind"] in ("alarm", "drill"), got
            told.append((got["code"], got["step"], got["link"], got["kind"] == "drill"))
        return told

    def __exit__(self, *why):
        self.shutdown()
        super().__exit__(*why)


class Ringing(http.server.BaseHTTPRequestHandler):
    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.taken.append((self.command, self.path, self.headers.get("Content-Type"), body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_address[1]}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = do_PUT = handle_any

    def log_message(self, *_):
        pass


class Command:
    """A program that writes down what it is given and ends as it is told to."""

    def __init__(self, place):
        self.folder = place / "rung"
        self.folder.mkdir()
        self.path = place / "ring"
        self.path.write_text(
            f'#!/bin/sh\nout=$(mktemp "{self.folder}/.XXXXXX")\nprintf "%s\\n" "$@" > "$out"\nmv "$out" "{self.folder}/$(date +%s%N)"\n'
            f'exit $(cat "{place}/status")\n')
        self.path.chmod(0o755)
        self.place = place
        self.fail(0)

    @property
    def settings(self):
        return {"UNDERSTORY_ALARM_COMMAND": str(self.path)}

    def fail(self, how):
        (self.place / "status").write_text(str(how))

    @property
    def taken(self):
        return [path.read_text() for path in sorted(self.folder.glob("[0-9]*"))]

    def said(self):
        told = []
        for text in self.taken:
            code, step, link, kind = text.splitlines()
            assert kind in ("real", "drill"), kind
            told.append((code, step, link, kind == "drill"))
        return told

    def __enter__(self):
        return self

    def __exit__(self, *why):
        pass


@pytest.fixture(params=[Webhook, Command], ids=["webhook", "command"])
def way(request, engine, tmp_path):
    with request.param(tmp_path) as made:
        yield made


def environment(place, way):
    return {key: value for key, value in os.environ.items() if not key.startswith("UNDERSTORY_")} | {
        "UNDERSTORY_DATA": str(place / "data"), "UNDERSTORY_KEY_FILE": str(place / "key"), **way.settings}


def until(what, seconds=15):
    """Waits for what happens beside us, and no longer than it takes."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.05)


@contextlib.contextmanager
def serving(place, way):
    """`understory serve`, as a host runs it; the port it listens on."""
    port = free_port()
    env = environment(place, way) | {"UNDERSTORY_ADDRESS": ADDRESS, "UNDERSTORY_PORT": str(port)}
    with open(place / "log.txt", "wb") as log:
        process = subprocess.Popen([str(BINARY), "serve"], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

        def is_up():
            assert process.poll() is None, (place / "log.txt").read_text()
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as line, contextlib.suppress(OSError):
                line.request("GET", "/healthz")
                return line.getresponse().status == 200

        try:
            until(is_up, 60)
            yield port
        finally:
            process.terminate()
            process.wait(20)


def kept(place, query, change=None):
    with contextlib.closing(sqlite3.connect(place / "data" / "understory.sqlite", timeout=20)) as base:
        if change:
            base.execute(change)
            base.commit()
        return base.execute(query).fetchall()


def test_an_alarm_that_is_not_taken_rings_again(way, tmp_path):
    """Somebody is in danger. Refused it is kept and said to have failed; tried again it is the same alarm; taken it is done with."""
    word, alert = "plimondelgrasp", "SELECT code, failed, sent_at IS NOT NULL FROM alert"
    waiting = "SELECT due_at > made_at, set_aside FROM job WHERE kind = 'send-alarm' AND claimed_until IS NULL AND tries > 0"
    soon = "UPDATE job SET due_at = 0 WHERE kind = 'send-alarm'"
    with serving(tmp_path, way) as port:
        way.fail(500 if isinstance(way, Webhook) else 1)
        me = Face(port)
        name = me.post("/join", step="done", band="18-25", country="GB", agree=True).ok(201).json["name"]
        talk = me.post("/conversations", words=URGENT.format(word)).ok(201).json["id"]
        until(lambda: kept(tmp_path, waiting))
        assert kept(tmp_path, waiting) == [(1, None)] and len(way.taken) == 1, "a refused alarm was let go"
        ((code, failed, sent),) = kept(tmp_path, alert)
        assert failed == "it was not taken" and not sent
        # A way on to somewhere else is no delivery, and is not followed.
        way.fail(302 if isinstance(way, Webhook) else 127)
        kept(tmp_path, waiting, soon)
        until(lambda: len(way.taken) == 2 and kept(tmp_path, waiting))
        assert kept(tmp_path, alert) == [(code, "it was not taken", 0)]
        way.fail(204 if isinstance(way, Webhook) else 0)
        kept(tmp_path, waiting, soon)
        until(lambda: kept(tmp_path, alert) == [(code, None, 1)])
        until(lambda: kept(tmp_path, "SELECT count(*) FROM job WHERE kind = 'send-alarm'") == [(0,)])
        me.hang_up()
    ((case,),) = kept(tmp_path, 'SELECT id FROM "case" WHERE urgent')
    assert re.fullmatch(r"[0-9A-Z]{6}", code)
    assert way.said() == [(code, "1", f"{ADDRESS}/cases/{shown_id(case)}", False)] * 3
    log = (tmp_path / "log.txt").read_text()
    for text in (str(way.taken), log):
        for private in (word, "kill", name, talk):
            assert private not in text, f"{private} left the house"


def test_a_drill_says_that_it_is_one(way, tmp_path):
    """`understory drill` goes the same way, and says whether it could."""
    (tmp_path / "data").mkdir()

    def drill():
        done = subprocess.run(
            [str(BINARY), "drill", "--minutes", "0"], cwd=ROOT, env=environment(tmp_path, way), capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    told = drill()
    (code,) = re.findall(r"code ([0-9A-Z]{6})", told)
    assert f"Sent by {type(way).__name__.lower()}" in told and "Nobody answered" in told
    assert way.said() == [(code, "1", "http://127.0.0.1:8080/duty", True)]
    way.fail(503 if isinstance(way, Webhook) else 2)
    told = drill()
    assert "Could not be sent: it was not taken" in told and "Sent by" not in told, told
