#!/usr/bin/env python3
"""A small pretence of `understory rehearse`, right enough for bin/replay, with one fault at choice (PRETEND_FAULT).

The words of an item are in clear in its file only once somebody let it out. Every fault is one that bin/replay must find.
"""
import base64
import collections
import contextlib
import datetime
import hashlib
import http.server
import json
import os
import pathlib
import random
import secrets
import sys
import threading
import urllib.parse

FAULT = os.environ.get("PRETEND_FAULT", "")
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BECOMES = {"approve": "shown", "return": "returned", "hide": "hidden", "remove": "removed"}
lost = set()
lock = threading.RLock()
turns = collections.Counter()
tables = {"rooms": {}, "people": {}, "items": {}, "cases": {}, "reports": {}}


def option(name):
    return sys.argv[sys.argv.index(name) + 1]


def strikes(fault, share):
    """Whether the fault happens this time: each `share`-th time from the first on, so that no run is spared it by luck."""
    if fault != FAULT:
        return False
    turns[fault] += 1
    return turns[fault] % share == 1


def put(**changed):
    """One line for all rows of a change: who is ended in the middle has all of it or none."""
    line = []
    for table, rows in changed.items():
        for key, value in rows.items():
            tables[table][key] = value
            kept = dict(value)
            if table == "items" and value["state"] != "shown" and FAULT != "clear":
                kept["body"] = base64.b85encode(value["body"].encode()).decode()
            if key not in lost:
                line.append([table, key, kept])
    journal.write(json.dumps(line) + "\n")
    journal.flush()


def remember(path):
    if not path.exists():
        return
    for line in path.read_text().splitlines():
        with contextlib.suppress(ValueError):
            for table, key, value in json.loads(line):
                if table == "items" and value["state"] != "shown" and FAULT != "clear":
                    value["body"] = base64.b85decode(value["body"]).decode()
                tables[table][key] = value


def new_id():
    return "".join(random.choice(LETTERS) for _ in range(13))


def decided(room, person, body):
    """Any decision will do, as long as the same words get the same."""
    share = int(hashlib.sha256(body.encode()).hexdigest(), 16) % 100
    if share < 5:
        return "held", "risk"
    if share < 10:
        return "held", "method"
    if room["moderation"] == "before":
        return "waiting", "read-first"
    return ("shown", None) if person["seasoned"] else ("waiting", "new-here")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, value, **headers):
        body = json.dumps(value).encode()
        head = f"HTTP/1.1 {status} -\r\nContent-Length: {len(body)}\r\n"
        head += "".join(f"{name.replace('_', '-')}: {text}\r\n" for name, text in headers.items())
        self.wfile.write(head.encode() + b"\r\n" + body)

    def gone(self):
        self.answer(404, {"refused": "not-found"})

    @property
    def person(self):
        return tables["people"].get(self.headers.get("Cookie", "=").split("=", 1)[1])

    def is_mine(self, item):
        return bool(self.person) and item["author"] == self.person["name"]

    def may_read(self, room):
        room, person = tables["rooms"][room], self.person
        return room["readable"] == "anyone" or bool(person and (person["staff"] or person["band"] == room["band"]))

    def sees(self, item):
        if self.is_mine(item):
            return True
        stands = not item["thread"] or tables["items"][item["thread"]]["state"] == "shown"
        return stands and item["state"] == "shown" and self.may_read(item["room"])

    def face(self, item):
        shown = {key: value for key, value in item.items() if key not in ("author", "key")}
        if FAULT == "voice":
            shown["name"] = item["author"]
        return shown | {"mine": self.is_mine(item), "sight": "show"}

    def do_GET(self):
        with lock:
            self.get(urllib.parse.urlparse(self.path))

    def get(self, url):
        query, parts = dict(urllib.parse.parse_qsl(url.query)), url.path.strip("/").split("/")
        items = tables["items"].values()
        if parts == ["session"]:
            return self.answer(200, {"csrf": (self.person or {}).get("csrf")})
        if parts[0] == "items":
            item = tables["items"].get(parts[1])
            if item is None or not (self.sees(item) or FAULT == "by-id" and self.may_read(item["room"])):
                return self.gone()
            if len(parts) > 2:
                return self.answer(200, {"help": "none"}) if self.is_mine(item) else self.gone()
            replies = [self.face(one) for one in items if one["thread"] == parts[1] and (self.sees(one) or FAULT == "in-thread")]
            return self.answer(200, {"item": self.face(item), "replies": replies})
        if parts[0] == "rooms" and len(parts) == 2:
            if not self.may_read(parts[1]):
                return self.gone()
            found = [self.face(one) for one in items if one["room"] == parts[1] and not one["thread"] and one["state"] == "shown"]
            at = int(query.get("before", 0))
            return self.answer(200, {"items": found[at : at + 20], "next": at + 20 if len(found) > at + 20 else None})
        if parts == ["search"]:
            found = [one for one in items if query.get("q", "") in one["body"] and (self.sees(one) or FAULT == "search")]
            return self.answer(200, {"items": [self.face(one) for one in found[:20]]})
        if parts[0] in ("queue", "cases") and not (self.person and self.person["staff"]):
            return self.gone()
        if parts == ["queue"]:
            cases = [case for case in tables["cases"].values() if case["state"] != "closed"]
            cases.sort(key=lambda case: (not case["urgent"], case["id"]))
            at = int(query.get("from", 0))
            return self.answer(200, {"cases": cases[at : at + 20], "next": at + 20 if len(cases) > at + 20 else None})
        if parts[0] == "cases":
            return self.answer(200, {"case": tables["cases"][parts[1]]})
        if parts == ["reports"]:
            mine = [id for id, report in tables["reports"].items() if report["by"] == (self.person or {}).get("name")]
            return self.answer(200, {"reports": [{"id": id} for id in mine]})
        if parts == ["live"]:
            return self.gone()
        self.answer(200, {})

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = json.loads(raw) if "json" in self.headers["Content-Type"] else dict(urllib.parse.parse_qsl(raw))
        with lock:
            self.post(self.path.strip("/").split("/"), fields)

    def post(self, parts, fields):
        if parts == ["join"]:
            name = f"Bird-{len(tables['people']) + 100}"
            token = add_person(name, fields["band"])
            cookie = f"understory={token}; HttpOnly"
            return self.answer(201, {"name": name, "wayBack": ["bee"] * 6}, Set_Cookie=cookie)
        if parts[0] in ("rooms", "items") and parts[-1] in ("items", "replies"):
            return self.take(parts, fields)
        if parts[0] == "items":
            return self.act_on(tables["items"].get(parts[1]), parts[2])
        if parts[0] == "cases":
            return self.work(tables["cases"][parts[1]], parts[2], fields)
        self.answer(200, {})

    def take(self, parts, fields):
        thread = parts[1] if parts[-1] == "replies" else None
        if thread and (thread not in tables["items"] or not self.sees(tables["items"][thread])):
            return self.gone()
        key = self.person["name"] + fields.get("key", new_id())
        item = next((item for item in tables["items"].values() if item["key"] == key), None)
        if strikes("fault", 50):
            return self.answer(500, {})
        if item is None:
            if random.random() < 0.01:
                return self.answer(429, {"refused": "too-fast"})
            room = tables["items"][thread]["room"] if thread else parts[1]
            state, reason = decided(tables["rooms"][room], self.person, fields["body"])
            if reason == "read-first" and strikes("let-out", 10):
                state, answered = "shown", "waiting"
            else:
                answered = state
            if FAULT == "log":
                print(fields["body"].split()[-1], file=sys.stderr)
            body = fields["body"] if FAULT != "changed" else fields["body"].replace("e", "3", 1)
            item = {"id": new_id(), "author": self.person["name"], "room": room, "thread": thread, "state": state,
                    "reason": reason, "body": body, "key": key,
                    "name": "Someone" if fields.get("voice") == "anonymous" else self.person["name"]}
            if strikes("lose", 20):
                lost.add(item["id"])
            cases = {}
            if state != "shown" and not strikes("no-case", 10):
                case = new_id()
                cases[case] = {
                    "id": case, "item": item["id"], "urgent": reason == "risk", "state": "open", "claimedBy": None,
                    "tier": "moderator", "dueAt": None if FAULT == "not-due" else "2999-01-01T00:00:00Z", "overdue": False}
            put(items={item["id"]: item}, cases=cases)
            item = item | {"state": answered}
        if "html" in self.headers["Accept"]:
            return self.answer(303, {}, Location=f"/items/{item['id']}/sent")
        help = "atOnce" if item["reason"] == "risk" else "none"
        self.answer(201, {"id": item["id"], "state": item["state"], "reason": item["reason"], "help": help})

    def act_on(self, item, act):
        if item is None or not self.sees(item):
            return self.gone()
        if act == "withdraw":
            if not self.is_mine(item):
                return self.gone()
            if FAULT != "undone":
                put(items={item["id"]: item | {"state": "withdrawn"}})
        if act == "reports":
            report = new_id()
            put(reports={report: {"by": self.person["name"]}})
            return self.answer(201, {"id": report})
        self.answer(200, {})

    def work(self, case, act, fields):
        if act in ("claim", "release"):
            if FAULT != "not-due":
                put(cases={case["id"]: case | {"claimedBy": self.person["name"] if act == "claim" else None}})
            return self.answer(200, {})
        if case["state"] == "closed":
            return self.answer(409, {"refused": "case-closed"})
        item = tables["items"][case["item"]]
        if FAULT != "undone" and item["state"] != "withdrawn":
            item = item | {"state": BECOMES[fields["act"]]}
        put(cases={case["id"]: case | {"state": "closed"}}, items={item["id"]: item})
        self.answer(200, {})


def add_person(name, band, staff=False):
    token = secrets.token_urlsafe(20)
    put(people={token: {"name": name, "band": band, "staff": staff, "seasoned": False, "csrf": secrets.token_hex(8)}})
    return token


def obey(words):
    if words[0] == "room":
        id, more = new_id(), dict(word.split("=") for word in words[5:])
        put(rooms={id: {"band": words[3], "moderation": words[4], "readable": more["readable"]}})
        return f"ok {id}"
    if words[0] == "staff":
        return f"ok {words[1]} {add_person(words[1], None, staff=True)}"
    if words[0] == "seasoned":
        token, person = next(pair for pair in tables["people"].items() if pair[1]["name"] == words[1])
        put(people={token: person | {"seasoned": True}})
    if words[0] == "alarms":
        return "[]"
    if words[0] == "advance":
        return "ok " + datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return "ok"


if __name__ == "__main__":
    if "--help" in sys.argv:
        sys.exit(0)
    path = pathlib.Path(option("--database").removeprefix("sqlite:"))
    remember(path)
    journal = open(path, "a")
    journal.write("\n")  # the line before may have been cut off
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(option("--port"))), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("listening on", f"http://127.0.0.1:{server.server_port}", flush=True)
    for line in sys.stdin:
        with lock:
            print(obey(line.split()), flush=True)
        if line.strip() == "stop":
            break
    os._exit(0)
