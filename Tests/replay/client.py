"""One visitor's side of HTTP, through a proxy hop, with every answer counted and looked at."""
import collections
import http.client
import json
import re
import threading
import time
import urllib.parse

from posts import MARK

ID = re.compile(r"(?<![0-9A-Za-z])[0-9A-HJKMNP-TV-Z]{13}(?![0-9A-Za-z])")


class Gone(Exception):
    """The server did not answer, and not because we had just ended it."""


class Tally:
    """What was asked and answered, for all threads together. Paths are kept without ids; bodies are not kept."""

    def __init__(self):
        self.lock = threading.Lock()
        self.by_status = collections.Counter()
        self.by_route = collections.Counter()
        self.server_errors = collections.Counter()
        self.refusals = collections.Counter()
        self.lost_connections = 0
        self.bytes = 0
        self.worst = collections.defaultdict(float)

    def add(self, method, path, status, milliseconds, size, refusal):
        route = f"{method} {ID.sub(':id', path.split('?')[0])}"
        with self.lock:
            self.by_status[status] += 1
            self.by_route[route] += 1
            self.bytes += size
            self.worst[route] = max(self.worst[route], milliseconds)
            if refusal:
                self.refusals[f"{status} {refusal}"] += 1
            if status >= 500:
                self.server_errors[f"{status} {route}"] += 1


class Sightings:
    """Which mark was seen by whom, where and when; judged at the end, when everything is known."""

    def __init__(self):
        self.lock = threading.Lock()
        self.seen = {}

    def look(self, body, viewer, route, asked_at):
        for mark in set(MARK.findall(body)):
            with self.lock:
                places = self.seen.setdefault(mark, {})
                first, last = places.get((viewer, route), (asked_at, asked_at))
                places[viewer, route] = (min(first, asked_at), max(last, asked_at))


class Answer:
    __slots__ = ("status", "text", "headers", "milliseconds", "asked_at")

    def __init__(self, status, text, headers, milliseconds, asked_at):
        self.status, self.text, self.headers = status, text, headers
        self.milliseconds, self.asked_at = milliseconds, asked_at

    @property
    def json(self):
        try:
            return json.loads(self.text)
        except ValueError:
            return {}


class Gate:
    """Closed while the server is down; whoever asks waits in front of it."""

    def __init__(self):
        self.open = threading.Event()
        self.open.set()
        self.closings = 0

    def close(self):
        self.closings += 1
        self.open.clear()


class Client:
    """Connections of one thread. `as_` says who is asking; the address is the last hop's word for it."""

    def __init__(self, port, gate, tally, sightings):
        self.port, self.gate, self.tally, self.sightings = port, gate, tally, sightings
        self.connection = None

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None

    def ask(self, method, path, as_=None, fields=None, form=False, page=False, tries=6, patience=120):
        viewer = as_.called if as_ else "a stranger"
        address = as_.address if as_ else "198.51.100.7"
        headers = {
            # The first entry is what anybody may claim; the last is the hop's.
            "X-Forwarded-For": f"203.0.113.9, {address}",
            "Accept": "text/html" if page else "application/json",
        }
        if as_ and as_.token:
            headers["Cookie"] = "understory=" + as_.token
        body = None
        if method == "POST":
            fields = dict(fields or {})
            if as_ and as_.csrf:
                fields["csrf"] = as_.csrf
            if form:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                body = urllib.parse.urlencode(fields, doseq=True).encode()
            else:
                headers["Content-Type"] = "application/json"
                body = json.dumps(fields).encode()
        for attempt in range(tries):
            if not self.gate.open.wait(300):
                raise Gone(path)
            closings = self.gate.closings
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
                asked_at, start = time.time(), time.perf_counter()
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                raw = answer.read()
            except (OSError, http.client.HTTPException):
                fresh = self.connection is None or getattr(self.connection, "used", 0) == 0
                self.close()
                time.sleep(0.05 * (attempt + 1))
                # Ours to explain: the server was ended, or an idle connection had been closed meanwhile.
                if self.gate.closings == closings and self.gate.open.is_set() and fresh:
                    with self.tally.lock:
                        self.tally.lost_connections += 1
                continue
            self.connection.used = getattr(self.connection, "used", 0) + 1
            milliseconds = (time.perf_counter() - start) * 1000
            if answer.getheader("Connection", "").lower() == "close":
                self.close()
            text = raw.decode("utf-8", "replace")
            found = Answer(answer.status, text, answer.headers, milliseconds, asked_at)
            refusal = found.json.get("refused") if answer.status >= 400 and not page and text[:1] == "{" else None
            self.tally.add(method, path, answer.status, milliseconds, len(raw), refusal)
            for mark in MARK.findall(path):  # what was asked for may stand in the search field again
                text = text.replace(mark, "")
            self.sightings.look(text, viewer, f"{method} {ID.sub(':id', path.split('?')[0])}", asked_at)
            return found
        raise Gone(path)

    def get(self, path, as_=None, **more):
        return self.ask("GET", path, as_, **more)

    def post(self, path, as_=None, fields=None, **more):
        return self.ask("POST", path, as_, fields, **more)
