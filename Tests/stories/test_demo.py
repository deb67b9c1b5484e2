"""`understory demo`: the made-up story that a host meets first. All of it stands in Content/demo."""

import contextlib
import os
import re
import sqlite3
import subprocess
import threading

import pytest

from cast import queue
from face import Face
from house import BINARY, ROOT, free_port
from test_talk import shown_id

pytestmark = pytest.mark.only("sqlite")


class Demo:
    """The story told once, for all that is looked at here."""

    def __init__(self, folder):
        self.data, self.faces = folder / "data", {}
        self.port = free_port()
        settings = {key: value for key, value in os.environ.items() if not key.startswith("UNDERSTORY_")}
        self.process = subprocess.Popen(
            [str(BINARY), "demo", "--port", str(self.port), "--data", str(self.data)], cwd=ROOT, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=settings, text=True)
        watch = threading.Timer(120, self.process.kill)
        watch.start()
        self.said = []
        for line in self.process.stdout:
            self.said.append(line.strip())
            if line.startswith("listening on"):
                break
        watch.cancel()
        assert self.said and self.said[-1] == f"listening on http://127.0.0.1:{self.port}", self.said[-3:]

    def stop(self):
        for face in self.faces.values():
            face.hang_up()
        self.process.terminate()
        self.process.wait(30)

    def login(self, role):
        (line,) = [line for line in self.said if line.startswith(f"login {role} ")]
        return line.split()[2], line.split()[3:9]

    def as_(self, role):
        """Signed in with what the start said; staff with the code that the page shows them."""
        if role not in self.faces:
            name, words = self.login(role)
            face = self.faces[role] = Face(self.port, name=name, words=words)
            face.send("/sign-in", name=name, words=" ".join(words)).ok(303)
            if role != "member":
                code = re.search(r"\b\d{6}\b", face.open("/sign-in/code").ok(200).page.words)[0]
                face.send("/sign-in/code", code=code).ok(303)
        return self.faces[role]

    def sql(self, query):
        with contextlib.closing(sqlite3.connect(f"file:{self.data / 'understory.sqlite'}?mode=ro", uri=True)) as base:
            base.row_factory = sqlite3.Row
            return [dict(row) for row in base.execute(query)]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    made = Demo(tmp_path_factory.mktemp("demo"))
    yield made
    made.stop()


def test_the_demo_tells_its_story(engine, demo):
    """Six rooms and more, of different forms and formats; about forty people and three hundred items, over a fortnight."""
    rooms = demo.sql("SELECT r.name, r.format, r.light, r.opened_at, f.moderation, f.bands FROM room r "
                     "JOIN room_form f ON f.room = r.id AND f.version = r.version")
    assert len(rooms) >= 6 and all(room["opened_at"] for room in rooms), rooms
    assert {room["format"] for room in rooms} == {"forum", "questions", "reappraisal", "letters", "stories"}
    assert {room["moderation"] for room in rooms} >= {"before", "byRisk"} and len({room["bands"] for room in rooms}) >= 4
    assert any(room["light"] for room in rooms), "a light room"
    people = demo.sql("SELECT band, count(*) AS n FROM account WHERE kind = 'member' AND erased_at IS NULL GROUP BY band")
    assert 35 <= sum(one["n"] for one in people) <= 60 and {one["band"] for one in people} >= {"11-12", "13-15", "16-17", "18-25"}, people
    items = demo.sql("SELECT count(*) AS n, min(made_at) AS first, max(made_at) AS last, count(DISTINCT room) AS rooms, "
                     "count(DISTINCT account) AS people FROM item")[0]
    assert 280 <= items["n"] <= 360 and items["rooms"] >= 6 and items["people"] >= 30, items
    assert 10 <= (items["last"] - items["first"]) / 86_400_000 <= 16, "a fortnight"
    # What a stranger meets: the rooms, and that it is made up.
    stranger = Face(demo.port)
    words = stranger.open("/rooms").ok(200).page.words
    assert sum(room["name"] in words for room in rooms) >= 6
    for path in ("/", "/rooms", "/help"):
        assert "This is a demo. The people and posts are made up." in stranger.open(path).ok(200).page.words, path
    assert sum(line.startswith("login ") for line in demo.said) == 6 and "Everything in it is made up." in " ".join(demo.said)


def test_the_demo_has_one_of_each_for_the_staff(engine, demo):
    """A case that waits, words that are held, an urgent case, an appeal: all before the moderator who signs in."""
    mo = demo.as_("moderator")
    cases = queue(mo)
    assert cases[0]["urgent"] and cases[0]["level"] == "urgent", cases[0]
    states = {}
    for case in cases:
        told = mo.get(f"/cases/{case['id']}").ok().json
        if told["item"]:
            states.setdefault((case["kind"], told["item"]["state"]), case)
    kinds = {case["kind"] for case in cases}
    assert {"review", "risk", "appeal", "report"} <= kinds, kinds
    assert ("review", "waiting") in states and ("risk", "held") in states and ("appeal", "removed") in states, states.keys()
    # The appeal is for somebody else than who decided.
    appeal = states["appeal", "removed"]["id"]
    mo.post(f"/cases/{appeal}/appeal", outcome="upheld").refused("own-decision", 409)
    told = demo.as_("professional").get(f"/cases/{appeal}").ok().json
    assert told["appeal"]["words"] and told["case"]["state"] != "closed" and "decideAppeal" in told["powers"]
    # Held and urgent: before no member.
    member = demo.as_("member")
    assert member.get(f"/items/{states['risk', 'held']['item']}").status == 404


def test_the_demo_has_one_of_each_for_members(engine, demo):
    """A post that nobody has answered, somebody on a break whose words are out of sight, and a light room."""
    member = demo.as_("member")
    room = next(room for room in member.get("/rooms").ok().json["rooms"] if room["name"] == "Getting by")
    lonely = [item for item in member.get(f"/rooms/{room['id']}").ok().json["items"] if item["replies"] == 0 and item["wants"] != "no-reply"]
    assert lonely, "nobody waits for a first answer"
    open_posts = {one["title"] for one in demo.sql(
        "SELECT i.title FROM open_post p JOIN item i ON i.id = p.item WHERE p.answered_at IS NULL AND p.closed_at IS NULL")}
    assert open_posts & {item["title"] for item in lonely}, "it waits, and nobody is asked"
    away = demo.sql("SELECT n.shown, n.away_until, a.break_until FROM name n JOIN account a ON a.id = n.account WHERE a.break_until IS NOT NULL")
    assert len(away) == 1 and away[0]["away_until"] == away[0]["break_until"], away
    threads = demo.sql("SELECT i.id, n.shown FROM item i JOIN name n ON n.id = i.name JOIN room r ON r.id = i.room "
                       "WHERE r.name = 'Getting by' AND i.voice = 'name' AND i.thread IS NULL AND i.state = 'shown'")
    there = {one["shown"]: member.get(f"/items/{shown_id(one['id'])}").status for one in threads}
    assert there.pop(away[0]["shown"]) == 404 and len(there) > 5 and set(there.values()) == {200}, there


def test_the_demos_opening_records_say_that_they_are_made_up(engine, demo):
    """Every room has all its records, every one marked; the operator reads so on the room's page and among the lines."""
    records = demo.sql("SELECT room, kind, value, made_by, invented FROM opening")
    rooms = {row["id"] for row in demo.sql("SELECT id FROM room")}
    assert {row["room"] for row in records} == rooms and len(records) == 8 * len(rooms)
    assert all(row["invented"] == 1 and row["made_by"] == "The demo" and "nvented" in row["value"] for row in records)
    assert {row["invented"] for row in demo.sql("SELECT invented FROM line_test")} == {1}
    operator = demo.as_("operator")
    young = next(room for room in operator.get("/operator/rooms").ok().json["rooms"] if room["name"] == "The Den")
    page = operator.open(f"/operator/rooms/{young['id']}").ok(200).page.words
    assert page.count("made up for the demo") == 8, page.count("made up for the demo")


def test_the_demo_is_told_once(engine, demo):
    """Started again it goes on where it was, with the same logins; the story is not told twice."""
    before = demo.sql("SELECT count(*) AS n FROM item"), demo.sql("SELECT count(*) AS n FROM account"), demo.login("member")
    demo.stop()
    again = Demo(demo.data.parent)
    demo.__dict__.update(again.__dict__)
    assert (demo.sql("SELECT count(*) AS n FROM item"), demo.sql("SELECT count(*) AS n FROM account"), demo.login("member")) == before
    assert not any("Telling the story" in line for line in demo.said)
    demo.as_("member").get("/mine").ok()
