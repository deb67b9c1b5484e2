"""Who lives in a throwaway installation: rooms of several forms, staff on shift, members who joined by the door."""
import dataclasses
import json
import pathlib
import queue
import random
import threading

from throwaway import ROOT, Trouble

# key, format, band, moderation, more. One band each; together every way of reading first, by risk and after.
ROOMS = [
    ("young-forum", "forum", "13-15", "before", "readable=members"),
    ("young-light", "forum", "13-15", "before", "readable=members light=1"),
    ("teen-questions", "questions", "16-17", "before", "readable=members night=wait"),
    ("teen-forum", "forum", "16-17", "before", "readable=signedIn anonymity=1"),
    ("grown-before", "forum", "18-25", "before", "readable=members anonymity=1 focus=self-harm"),
    ("grown-by-risk", "forum", "18-25", "byRisk", "readable=signedIn anonymity=1"),
    ("grown-open", "forum", "18-25", "byRisk", "readable=anyone"),
    ("grown-after", "questions", "18-25", "after", "readable=anyone night=show"),
]
BANDS = {"13-15": 0.22, "16-17": 0.26, "18-25": 0.52}


@dataclasses.dataclass
class Room:
    key: str
    id: str
    format: str
    band: str
    moderation: str
    readable: str
    anonymity: bool
    threads: list = dataclasses.field(default_factory=list)  # ids that may be answered


@dataclasses.dataclass
class Person:
    called: str
    address: str
    token: str = ""
    csrf: str = ""
    band: str = ""
    words: tuple = ()
    rooms: list = dataclasses.field(default_factory=list)
    last_wait: float = 0.0


class Town:
    def __init__(self, server, new_client, members, seed=1):
        self.server, self.new_client, self.size = server, new_client, members
        self.chance = random.Random(seed)
        self.rooms, self.members, self.staff = [], [], []
        self.slowed_joins = 0

    def settle(self, note):
        for key, format, band, moderation, more in ROOMS:
            id = self.server.tell(f"room {key} {format} {band} {moderation} {more} promise=240").split()[0]
            readable = dict(part.split("=") for part in more.split())["readable"]
            self.rooms.append(Room(key, id, format, band, moderation, readable, "anonymity=1" in more))
        self._hire()
        note(f"{self.size} people join by the door")
        self._let_in()
        # Half of the members have been here for a while: five of their items stand.
        for person in self.members[::2]:
            self.server.tell(f"seasoned {person.called}")

    def _hire(self):
        codes = [role["id"] for role in json.loads((ROOT / "Content" / "roles.json").read_text())["roles"]]
        wanted = ["moderator", "trained-paid-staff", "professional", "safeguarding-lead"]
        chosen = [code for code in wanted if code in codes]
        if not chosen:
            raise Trouble("Content/roles.json has no role that reads the queue.")
        client = self.new_client()
        for number, (called, code) in enumerate(
                (f"Keeper-{index}", chosen[index % len(chosen)]) for index in range(4)):
            name, token = self.server.tell(f"staff {called} {code}").split()[:2]
            person = Person(name, f"198.19.255.{number + 1}", token)
            self.server.tell(f"duty {name} 60000")
            person.csrf = self._session(client, person)
            self.staff.append(person)
        client.close()

    def _session(self, client, person):
        answer = client.get("/session", person)
        if answer.status != 200 or not answer.json.get("csrf"):
            raise Trouble(f"GET /session gave {answer.status} and no form token.")
        return answer.json["csrf"]

    def _let_in(self):
        waiting = queue.Queue()
        bands = [band for band, share in BANDS.items() for _ in range(round(share * self.size))]
        bands = (bands + ["18-25"] * self.size)[: self.size]
        self.chance.shuffle(bands)
        for number, band in enumerate(bands):
            waiting.put((number, band))
        trouble, lock = [], threading.Lock()

        def come():
            client = self.new_client()
            try:
                while not trouble:
                    try:
                        number, band = waiting.get_nowait()
                    except queue.Empty:
                        return
                    person = self._join(client, number, band)
                    with lock:
                        self.members.append(person)
            except Exception as wrong:
                trouble.append(wrong)
            finally:
                client.close()

        doors = [threading.Thread(target=come, daemon=True) for _ in range(6)]
        for door in doors:
            door.start()
        for door in doors:
            door.join()
        if trouble:
            raise trouble[0]
        self.members.sort(key=lambda person: person.address)

    def _join(self, client, number, band):
        person = Person("", f"198.18.{number // 250}.{number % 250 + 1}", band=band)
        fields = {"step": "done", "band": band, "country": "GB", "intent": ("talk", "learn", "say")[number % 3], "agree": 1}
        if number % 5 == 0:
            fields["cover"] = ["self-harm"]
        for _ in range(5):
            answer = client.post("/join", person, fields, form=number % 4 == 0)
            if answer.status in (200, 201) and answer.json.get("name"):
                break
            if answer.status == 429:
                self.slowed_joins += 1
                self.server.tell("advance 600")
                continue
            if answer.status == 409 or answer.json.get("refused") in ("name-taken", "taken"):
                continue
            raise Trouble(f"POST /join gave {answer.status} {answer.json.get('refused', '')} ({answer.json.get('field', '')})")
        else:
            raise Trouble("POST /join did not let somebody in after five tries.")
        person.called, person.words = answer.json["name"], tuple(answer.json["wayBack"])
        person.token = next(
            (cookie.split(";")[0].split("=", 1)[1] for cookie in answer.headers.get_all("Set-Cookie", [])
             if cookie.startswith("understory=")), "")
        if not person.token:
            raise Trouble("POST /join set no session cookie.")
        person.csrf = self._session(client, person)
        for room in self.rooms:
            if room.band == band:
                joined = client.post(f"/rooms/{room.id}/join", person)
                if joined.status >= 400:
                    raise Trouble(f"POST /rooms/:id/join gave {joined.status} {joined.json.get('refused', '')}")
                person.rooms.append(room)
        return person

    def neighbours(self, room, besides):
        """Members of a room, other than one."""
        return [person for person in self.members if room in person.rooms and person is not besides]
