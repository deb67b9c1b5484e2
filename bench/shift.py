"""A full shift: 20 posts a second arrive and wait, 50 moderators decide, while the queue page is measured."""
import http.client
import json
import random
import threading
import time


class Shift:
    """Load that is no part of the figure: it runs alone first, and its CPU is taken off."""

    def __init__(self, server, staff, writers, room, posts_a_second=20, seconds_each=6.0):
        self.server, self.staff, self.writers, self.room = server, staff, writers, room
        self.pace, self.seconds_each = posts_a_second, seconds_each
        self.over, self.lock = threading.Event(), threading.Lock()
        self.posted, self.queued, self.refused, self.decided, self.undecided = 0, 0, 0, 0, 0
        self.delays, self.threads = [], []

    def start(self):
        self.began = time.monotonic()
        for lane in range(4):
            self.threads.append(threading.Thread(target=self._post, args=(lane,), daemon=True))
        for place, who in enumerate(self.staff):
            self.threads.append(threading.Thread(target=self._decide, args=(place, *who), daemon=True))
        for thread in self.threads:
            thread.start()
        return self

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join(20)
        self.seconds = time.monotonic() - self.began

    def _ask(self, connection, method, path, token, fields=None):
        body = json.dumps(fields).encode() if fields is not None else None
        connection.request(method, path, body, {
            "Cookie": "understory=" + token, "Accept": "application/json", "Content-Type": "application/json"})
        answer = connection.getresponse()
        raw = answer.read()
        return answer.status, json.loads(raw) if raw[:1] == b"{" else {}

    def _post(self, lane):
        """Keeps to its times whatever the server does: a late answer makes the next one late, and that is seen."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        number = 0
        while not self.over.is_set():
            due = self.began + (number * 4 + lane) / self.pace
            time.sleep(max(0.0, due - time.monotonic()))
            token, csrf = self.writers[(number * 4 + lane) % len(self.writers)]
            try:
                status, said = self._ask(connection, "POST", f"/rooms/{self.room}/items", token, {
                    "title": "One more", "wants": "listen", "voice": "name", "csrf": csrf,
                    "key": f"shift-{id(self)}-{lane}-{number}",
                    "body": f"The lamp in the hall is new and I like it, and it is number {number} of the day for me."})
            except (OSError, http.client.HTTPException):
                status, said = 0, {}
                connection.close()
            with self.lock:
                self.posted += 1
                self.queued += said.get("state") == "waiting"
                self.refused += status not in (200, 201)
                self.delays.append((time.monotonic() - due) * 1000)
            number += 1
        connection.close()

    def _decide(self, place, token, csrf):
        chance = random.Random(place)
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        time.sleep(chance.random() * self.seconds_each)
        while not self.over.is_set():
            start = time.monotonic()
            try:
                cases = self._ask(connection, "GET", f"/queue?from={20 * chance.randrange(50)}", token)[1].get("cases", [])
                free = [case for case in cases if not case["claimedBy"]]
                if free:
                    case = chance.choice(free)["id"]
                    self._ask(connection, "POST", f"/cases/{case}/claim", token, {"csrf": csrf})
                    status, _ = self._ask(connection, "POST", f"/cases/{case}/decisions", token, {
                        "act": "approve", "seconds": 6, "deliberate": 1, "csrf": csrf})
                    with self.lock:
                        self.decided += status < 300
                        self.undecided += status >= 300
            except (OSError, http.client.HTTPException):
                connection.close()
            self.over.wait(max(0.0, self.seconds_each - (time.monotonic() - start)))
        connection.close()

    def p95(self):
        ordered = sorted(self.delays)
        return ordered[int(len(ordered) * 0.95)] if ordered else 0.0
