"""One person at one browser: cookie, form token, and the two faces of every address (page and JSON)."""

import html
import html.parser
import http.client
import json
import socket
import time
import urllib.parse

PAGE = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"
JSON = "application/json"


class ServerFault(AssertionError):
    """The server answered 5xx: never right, whatever was asked."""


class Answer:
    def __init__(self, status, headers, body, asked):
        self.status, self.headers, self.body, self.asked = status, headers, body, asked

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    @property
    def json(self):
        try:
            return json.loads(self.body)
        except ValueError:
            raise AssertionError(f"{self.asked} answered {self.status} without JSON: {self.text[:300]}") from None

    @property
    def page(self):
        return Page(self.text)

    def header(self, name, default=""):
        return self.headers.get(name, default) or default

    def ok(self, *statuses):
        """The answer itself when the status is one of these (any 2xx by default), else a failure that says what came."""
        good = self.status in statuses if statuses else 200 <= self.status < 300
        assert good, f"{self.asked} answered {self.status}: {self.text[:600]}"
        return self

    def refused(self, code=None, *statuses):
        """A clear refusal with a code for programs and a sentence for people."""
        assert 400 <= self.status < 500, f"{self.asked} was not refused: {self.status} {self.text[:300]}"
        if statuses:
            assert self.status in statuses, f"{self.asked} refused with {self.status}, wanted {statuses}: {self.text[:300]}"
        told = self.json
        assert told.get("refused"), f"{self.asked}: no code in {told}"
        assert len(told.get("says", "")) > 8, f"{self.asked}: no sentence in {told}"
        if code:
            codes = {code} if isinstance(code, str) else set(code)
            assert told["refused"] in codes, f"{self.asked} refused as {told['refused']}, wanted {codes}"
        return self


class Page(html.parser.HTMLParser):
    """What a page says and where it leads, without scripts."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.said, self.links, self.forms, self.fields, self.assets, self.tags = [], [], [], {}, [], []
        self.headings, self.details = [], []
        self._mute, self._area, self._heading, self._open_details = 0, None, None, []
        self.options = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        at = {k: v or "" for k, v in attrs}
        self.tags.append((tag, at))
        if tag in ("script", "style"):
            self._mute += 1
        if tag == "a" and "href" in at:
            self.links.append(at["href"])
        if tag == "form":
            self.forms.append({"action": at.get("action", ""), "method": at.get("method", "get").lower(), "fields": {}})
        if tag in ("input", "textarea", "select", "button") and at.get("name"):
            self.fields.setdefault(at["name"], at.get("value", ""))
            if self.forms:
                self.forms[-1]["fields"].setdefault(at["name"], at.get("value", ""))
        if tag == "option":
            self.options.append(at.get("value", ""))
        if tag == "textarea":
            self._area = at.get("name", "")
            self.fields[self._area] = ""
        if tag in ("h1", "h2", "h3"):
            self._heading = ""
        if tag == "script" and at.get("src"):
            self.assets.append(at["src"])
        if tag == "link" and at.get("href") and at.get("rel", "").lower() not in ("canonical", "alternate", "next", "prev"):
            self.assets.append(at["href"])
        if tag in ("img", "source", "image", "use") and (at.get("src") or at.get("href")):
            self.assets.append(at.get("src") or at.get("href"))
        if tag == "details":
            self._open_details.append({"open": "open" in at, "text": ""})

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag in ("script", "style"):
            self._mute -= 1

    def handle_endtag(self, tag):
        if tag in ("script", "style") and self._mute:
            self._mute -= 1
        if tag == "textarea":
            self._area = None
        if tag in ("h1", "h2", "h3") and self._heading is not None:
            self.headings.append(" ".join(self._heading.split()))
            self._heading = None
        if tag == "details" and self._open_details:
            self.details.append(self._open_details.pop())

    def handle_data(self, data):
        if self._area is not None:
            self.fields[self._area] += data
        if self._mute:
            return
        self.said.append(data)
        if self._heading is not None:
            self._heading += data
        for one in self._open_details:
            one["text"] += data

    @property
    def words(self):
        return " ".join(" ".join(self.said).split())

    def form(self, action):
        """The first form that posts to this address, whatever its query."""
        for form in self.forms:
            if form["action"].split("?")[0] == action:
                return form
        return None

    def leads_to(self, start):
        return any(link.split("?")[0].split("#")[0] == start or link.startswith(start) for link in self.links)


class Face:
    """`get` and `post` speak JSON; `open` and `send` are the pages and forms of the same addresses."""

    def __init__(self, port, *, name=None, token=None, bearer=None, words=None, address="127.0.0.1", house=None):
        self.port, self.name, self.words, self.address, self.house = port, name, words, address, house
        self.cookies = {"understory": token} if token else {}
        self.bearer = bearer
        self.set_cookies = []
        self._csrf = None
        self._line = None

    # the wire

    def raw(self, method, path, *, body=None, headers=None, accept=PAGE, timeout=60, faults=False):
        sent = {"Accept": accept, "Host": f"127.0.0.1:{self.port}"}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if self.bearer:
            sent["Authorization"] = f"Bearer {self.bearer}"
        sent.update(headers or {})
        path = path.split("#")[0]
        asked = f"{method} {path[:160]} as {self.name or 'a visitor'}"
        for attempt in (1, 2):
            fresh = self._line is None
            if fresh:
                self._line = http.client.HTTPConnection(
                    "127.0.0.1", self.port, timeout=timeout, source_address=(self.address, 0))
            try:
                self._line.request(method, path, body=body, headers=sent)
                got = self._line.getresponse()
                data = got.read()
                break
            except (http.client.HTTPException, ConnectionError, BrokenPipeError):
                self.hang_up()
                # A kept line may have been closed by the server in the meantime; only then ask once more.
                if fresh or attempt == 2:
                    raise
        for text in got.headers.get_all("Set-Cookie") or []:
            self._keep(text)
        if got.headers.get("Connection", "").lower() == "close":
            self.hang_up()
        answer = Answer(got.status, got.headers, data, asked)
        if answer.status >= 500 and not faults:
            told = [line for line in (self.house.logged() if self.house else "").splitlines() if "fault" in line][-1:]
            raise ServerFault(f"{asked} answered {answer.status}: {answer.text[:200]} {told}")
        return answer

    def hang_up(self):
        if self._line is not None:
            self._line.close()
            self._line = None

    def _keep(self, text):
        self.set_cookies.append(text)
        pair, _, rest = text.partition(";")
        name, _, value = pair.partition("=")
        gone = value == "" or "max-age=0" in rest.lower().replace(" ", "") or "1970" in rest
        if gone:
            self.cookies.pop(name.strip(), None)
        else:
            self.cookies[name.strip()] = value
        self._csrf = None

    @property
    def csrf(self):
        if self._csrf is None and self.cookies:
            self._csrf = self.get("/session").json.get("csrf") or ""
        return self._csrf or ""

    # JSON

    def get(self, path, **query):
        if query:
            path += ("&" if "?" in path else "?") + urllib.parse.urlencode(query)
        return self.raw("GET", path, accept=JSON)

    def post(self, path, fields=None, **more):
        headers = {"Content-Type": JSON}
        if self.cookies and not self.bearer:
            headers["X-CSRF-Token"] = self.csrf
        return self.raw(
            "POST", path, accept=JSON, headers=headers, body=json.dumps({**(fields or {}), **more}).encode())

    # pages

    def open(self, path, **query):
        if query:
            path += ("&" if "?" in path else "?") + urllib.parse.urlencode(query)
        return self.raw("GET", path)

    def send(self, path, fields=None, *, follow=False, **more):
        """A form, as a browser without scripts sends it."""
        fields = {**(fields or {}), **more}
        if self.cookies and "csrf" not in fields:
            fields["csrf"] = self.csrf
        pairs = []
        for key, value in fields.items():
            pairs += [(key, one) for one in value] if isinstance(value, (list, tuple)) else [(key, value)]
        answer = self.raw(
            "POST", path, body=urllib.parse.urlencode(pairs).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self.port}"})
        if follow and answer.status == 303:
            return self.open(answer.header("Location"))
        return answer

    def come_back(self):
        """Signs in again with the way back: sessions end with time."""
        self.cookies, self._csrf = {}, None
        self.post("/sign-in", name=self.name, words=" ".join(self.words)).ok()
        return self

    def speak_as(self, place):
        self.post("/you/voice", place=str(place)).ok()

    def live(self):
        return Live(self)

    def another_browser(self, **more):
        """The same way back in the hand, but no cookie."""
        return Face(self.port, name=self.name, words=self.words, house=self.house, **more)


class Live:
    """The event stream of one open page."""

    def __init__(self, face):
        self.line = socket.create_connection(("127.0.0.1", face.port), timeout=10)
        cookies = "; ".join(f"{k}={v}" for k, v in face.cookies.items())
        self.line.sendall(
            f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{face.port}\r\nAccept: text/event-stream\r\nCookie: {cookies}\r\n\r\n"
            .encode())
        self.text = ""
        self._read_until(lambda: "\r\n\r\n" in self.text, 10)
        self.status = int(self.text.split(" ", 2)[1])

    def _read_until(self, done, seconds):
        end = time.monotonic() + seconds
        while not done():
            left = end - time.monotonic()
            if left <= 0:
                return False
            self.line.settimeout(left)
            try:
                data = self.line.recv(65536)
            except (TimeoutError, socket.timeout):
                return False
            if not data:
                return done()
            self.text += data.decode("utf-8", "replace")
        return True

    def heard(self, event, seconds=5):
        """Has an event of this kind come within so many seconds?"""
        return self._read_until(lambda: f"event: {event}" in self.text or f"event:{event}" in self.text, seconds)

    def listen(self, seconds):
        self._read_until(lambda: False, seconds)
        return self.text

    def forget(self):
        self.text = ""

    def close(self):
        self.line.close()
