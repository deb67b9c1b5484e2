"""What is measured: a reader with filters on, a thread of 50, a full list, a common word, writers, staff."""
import json
import urllib.parse

from throwaway import ROOT, Trouble, call

WORDS = ("today", "feel", "school", "friend", "day", "time", "work", "home", "talk", "sleep", "week", "people")


def ok(answer, what):
    status, body = answer
    if status >= 300:
        code = json.loads(body).get("refused", "") if body[:1] == b"{" else ""
        raise Trouble(f"{what} gave {status} {code}".strip())
    return json.loads(body) if body[:1] in (b"{", b"[") else body


class Scene:
    def __init__(self, server):
        self.server = server
        self.thread = server.tell("bench-thread 50").split()[0]
        self.token = self._reader()
        self.room = ok(self._get(f"/items/{self.thread}"), "The thread")["item"]["room"]
        self._fill_room()
        self.word, self.found = self._common_word()
        self.thread_path = f"/items/{self.thread}?limit=49"
        self.list_path = f"/rooms/{self.room}"
        self.search_path = f"/search?q={urllib.parse.quote(self.word)}"
        posts = len(ok(self._get(self.thread_path), "The thread")["replies"])
        if posts != 49:
            raise Trouble(f"The page to measure shows {posts + 1} posts, not 50.")

    def _get(self, path, **more):
        return call(self.server.url + path, self.token, **more)

    def headers(self, token=None):
        """As a browser asks for a page."""
        return [f"Cookie: understory={token or self.token}", "Accept: text/html"]

    def size(self, path, gzip=False, token=None):
        status, body = call(self.server.url + path, token or self.token, accept="text/html", gzip=gzip)
        if status != 200:
            raise Trouble(f"GET {path.split('?')[0]} gave {status}.")
        return len(body)

    def _member(self, band):
        for _ in range(20):
            try:
                return self.server.tell(f"member {band}").split()[:2]
            except Trouble as trouble:
                if "conflict" not in str(trouble):
                    raise
        raise Trouble("No free name after twenty tries.")

    def _reader(self):
        """A member who may open the thread, and who covers, hides and mutes."""
        for band in ("18-25", "16-17", "13-15", "11-12"):
            _, token = self._member(band)
            for room in ok(call(f"{self.server.url}/rooms", token), "/rooms")["rooms"]:
                if band in room["bands"]:
                    csrf = ok(call(f"{self.server.url}/session", token), "/session")["csrf"]
                    call(f"{self.server.url}/rooms/{room['id']}/join", token, {"csrf": csrf})
            if call(f"{self.server.url}/items/{self.thread}", token)[0] == 200:
                break
        else:
            raise Trouble("No member may open the thread to measure.")
        csrf = ok(call(f"{self.server.url}/session", token), "/session")["csrf"]
        matters = [matter["id"] for matter in json.loads((ROOT / "Content" / "topics.json").read_text())["matters"]]
        fields = {f"matter.{matter}": ("cover", "hide", "show")[place % 3] for place, matter in enumerate(matters)}
        fields |= {"words": "xylophone\nquartz mine\nharbour wall", "csrf": csrf}
        ok(call(f"{self.server.url}/see", token, fields), "POST /see")
        self.band = band
        return token

    def _fill_room(self):
        """The thread's room, with a whole page of threads."""
        for _ in range(40):
            if len(ok(self._get(f"/rooms/{self.room}"), "The room")["items"]) >= 20:
                return
            self.server.tell("bench-thread 1")
        raise Trouble("The room to measure does not fill up to twenty threads.")

    def _common_word(self):
        best = (-1, WORDS[0])
        for word in WORDS:
            status, body = self._get(f"/search?q={word}")
            said = json.loads(body) if status == 200 else {}
            best = max(best, (len(said.get("items", [])) + bool(said.get("next")), word), key=lambda pair: pair[0])
        return best[1], best[0]

    # Writing

    def room_of(self, moderation, name="bench"):
        """For 18 to 25, where peers answer each other and five standing items end the reading first."""
        self.band = "18-25"
        return self.server.tell(
            f"room {name}-{moderation} forum 18-25 {moderation} readable=signedIn night=wait").split()[0]

    def writers(self, room, count, seasoned):
        """(token, csrf) of members of a room."""
        made = []
        for _ in range(count):
            name, token = self._member(self.band)
            csrf = ok(call(f"{self.server.url}/session", token), "/session")["csrf"]
            ok(call(f"{self.server.url}/rooms/{room}/join", token, {"csrf": csrf}), "Joining a room")
            if seasoned:
                self.server.tell(f"seasoned {name}")
            made.append((token, csrf))
        return made

    def threads(self, room, writers, count):
        """Fresh threads to answer in."""
        made = []
        for place in range(count):
            token, csrf = writers[place % len(writers)]
            said = ok(call(f"{self.server.url}/rooms/{room}/items", token, {
                "title": f"Number {place}", "wants": "listen", "voice": "name", "csrf": csrf,
                "body": "We walked to the park this morning and the leaves were all yellow. How was your day?",
            }), "A new thread")
            if said["state"] == "shown":
                made.append(said["id"])
        if not made:
            raise Trouble("No new thread was shown at once: nothing to answer in.")
        return made

    def staff(self, count, role="trained-paid-staff"):
        made = []
        for place in range(count):
            name, token = self.server.tell(f"staff Bench-{role}-{place} {role}").split()[:2]
            self.server.tell(f"duty {name} 10000")
            made.append((token, ok(call(f"{self.server.url}/session", token), "/session")["csrf"]))
        return made
