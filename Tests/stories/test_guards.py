"""Guards around the young: codes of the host's, the same network as somebody who left, connection data, a restored copy."""

import json
import os
import shutil
import sqlite3
import subprocess

import pytest

from cast import MINE, URGENT, claim, decide, need_case, queue, write
from house import BINARY, ROOT
from test_edges import join


def new_member(house, address="127.0.0.1"):
    face = house.visitor(address=address)
    got = join(face).ok(201).json
    face.name, face.words = got["name"], got["wayBack"]
    return face


def test_a_room_with_a_code(house):
    """A room for the youngest asks for the host's code: without it no way in, with it as often as the code allows."""
    operator = house.operator()
    room = house.room("class", "before", "11-12,13-15", readable="members", invited=1)
    child, friend, late = (house.member("13-15") for _ in range(3))
    card = child.open(f"/rooms/{room}/card").ok(200).page
    assert card.form(f"/rooms/{room}/join") and "code" in card.fields, "nowhere to write the code"
    child.post(f"/rooms/{room}/join").refused("needs-code", 403)
    child.post(f"/rooms/{room}/join", code="bee moon river cloud").refused("wrong-invite", 403)
    assert child.get(f"/rooms/{room}").status in (403, 404)
    child.post(f"/rooms/{room}/items", title="Me", body="Hello there.", wants="listen", voice="name").refused(None, 403, 404)
    made = operator.post(f"/operator/rooms/{room}/codes", uses=2, days=30).ok().json
    code = made["code"]
    assert len(code.split()) == 4
    # Shown once: no page says it again.
    assert code not in operator.get(f"/operator/rooms/{room}").text and code not in operator.open(f"/operator/rooms/{room}").text
    assert house.grep(code) == 0, "the code stands in clear"
    child.post(f"/rooms/{room}/join", code=code.upper().replace(" ", "-")).ok()
    child.post(f"/rooms/{room}/join", code=code).ok()  # pressed twice: no second use
    friend.post(f"/rooms/{room}/join", code=code).ok()
    late.post(f"/rooms/{room}/join", code=code).refused("wrong-invite", 403)
    assert child.get(f"/rooms/{room}").ok().status == 200
    # An adult is not let in by any code; ended codes end.
    more = operator.post(f"/operator/rooms/{room}/codes", uses=5, days=1).ok().json["code"]
    house.member("18-25").post(f"/rooms/{room}/join", code=more).refused(None, 403, 404)
    operator.post(f"/operator/rooms/{room}/codes/end").ok()
    late.post(f"/rooms/{room}/join", code=more).refused("wrong-invite", 403)
    again = operator.post(f"/operator/rooms/{room}/codes", uses=5, days=1).ok().json["code"]
    house.advance(days=1, minutes=1)
    late.post(f"/rooms/{room}/join", code=again).refused("wrong-invite", 403)


def test_loosening_needs_a_lead(house):
    """Rooms for under-16s are read before showing and asked into; less needs the safeguarding lead's record."""
    operator = house.operator()
    fields = {
        "name": "Young room", "about": "Everyday things.", "not_for": "Emergencies.", "colour": "moss", "format": "forum",
        "readable": "members", "interaction": "notLive", "moderation": "before", "moderators": ["trained-paid-staff"],
        "focus": [], "bands": ["13-15"], "size": 40, "anonymity": False, "promise_minutes": 240, "night": "wait"}
    made = operator.post("/operator/rooms", fields).ok(201).json
    assert operator.get(f"/operator/rooms/{made['id']}").ok().json["room"]["invited"] is True, "not asked into by default"
    operator.post("/operator/rooms", {**fields, "name": "Open room", "invited": False}).refused(None, 403, 422)
    operator.post("/operator/rooms", {**fields, "name": "Quick room", "moderation": "byRisk"}).refused(None, 403, 422)


def test_the_network_of_somebody_who_left(house):
    """Whoever joins from where somebody was asked to leave for good is let in, and a person is asked to look."""
    room = house.room("forum", "byRisk")
    lead = house.lead()
    gone = new_member(house)
    item = write(gone, room, MINE.format("once"))["id"]
    lead.post(f"/items/{item}/reports", kind="unkind")
    case = need_case(lead, item)["id"]
    claim(lead, case)
    lead.post(
        f"/cases/{case}/decisions", act="restrict", reason="bullying", sanction="leave-for-good", deliberate=True, seconds=5).ok()
    before = [c["id"] for c in queue(lead) if c["kind"] == "pattern"]
    elsewhere = new_member(house, address="127.0.0.9")
    assert [c["id"] for c in queue(lead) if c["kind"] == "pattern"] == before, "another network is nobody's business"
    near = new_member(house)
    found = [c for c in queue(lead) if c["kind"] == "pattern" and c["id"] not in before]
    assert len(found) == 1, found
    page = lead.get(f"/cases/{found[0]['id']}").ok()
    assert any(e["code"] == "same-network" for e in page.json["events"])
    assert near.get("/mine").status == 200 and elsewhere.get("/mine").status == 200, "nobody is refused for a shared network"
    assert "127.0.0.1" not in json.dumps(page.json) and house.grep("127.0.0.9") == 0, "an address stands in clear"
    # A month after leaving it is forgotten.
    house.advance(days=31)
    count = len([c for c in queue(lead) if c["kind"] == "pattern"])
    new_member(house)
    assert len([c for c in queue(lead) if c["kind"] == "pattern"]) == count


def test_connection_in_an_emergency(house):
    """Connection data is opened by two people within an hour, in urgent cases only, and both are in the case's history."""
    room = house.room("forum", "byRisk")
    one, two, staff = house.lead(), house.lead(), house.moderator(duty=600)
    me = new_member(house, address="127.0.0.7")
    urgent = need_case(one, write(me, room, URGENT.format("now"))["id"])["id"]
    calm = write(me, room, MINE.format("later"))["id"]
    staff.post(f"/items/{calm}/reports", kind="unkind")
    routine = need_case(one, calm)["id"]
    one.post(f"/cases/{routine}/connection", why="I want to know.").refused("not-urgent", 409)
    staff.post(f"/cases/{urgent}/connection", why="I want to know.").refused(None, 403, 404)
    one.post(f"/cases/{urgent}/connection").refused(None, 422)
    asked = one.post(f"/cases/{urgent}/connection", why="Nobody answers and the plan is for tonight.").ok().json
    assert asked["waitsForSecond"] and asked["connections"] == []
    # The same person twice is one person.
    assert one.post(f"/cases/{urgent}/connection", why="Again.").ok().json["waitsForSecond"]
    house.advance(minutes=61)
    assert two.post(f"/cases/{urgent}/connection", why="I agree.").ok().json["waitsForSecond"], "agreed after the hour"
    opened = one.post(f"/cases/{urgent}/connection", why="Police asked.").ok().json
    assert not opened["waitsForSecond"] and [c["address"] for c in opened["connections"]] == ["127.0.0.7"], opened
    # Once opened, it takes two people again.
    assert two.post(f"/cases/{urgent}/connection", why="Once more.").ok().json["waitsForSecond"]
    codes = [e["code"] for e in one.get(f"/cases/{urgent}").json["events"]]
    assert codes.count("connection-seen") == 1 and codes.count("connection-asked") == 4 and house.chain(urgent)
    # Their own export says what is kept; a fortnight later nothing is.
    assert "127.0.0.7" in me.post("/you/export", words=" ".join(me.words), format="json").ok(200).text
    assert house.sql("SELECT count(*) AS n FROM connection")[0]["n"] == 1
    house.advance(days=15)
    house.night()
    assert house.sql("SELECT count(*) AS n FROM connection")[0]["n"] == 0


@pytest.mark.only("sqlite")
def test_a_restored_copy_forgets_again(house):
    """A copy from before an erasure is put back: whoever was erased since is erased again; one program at a time."""
    room = house.room("forum", "byRisk")
    me, other = house.member(), house.member()
    mine, theirs = house.word(), house.word()
    write(me, room, MINE.format(mine))
    write(other, room, MINE.format(theirs))
    other.post("/you/asking-after", answer="yes", address="somebody@example.org").ok()
    copy = house.folder / "copy.sqlite"
    with sqlite3.connect(house.file) as base, sqlite3.connect(copy) as out:
        base.backup(out)
    me.post("/you/erase", words=" ".join(me.words), pace="now").ok()
    house.stop()
    data = house.folder / "data"
    shutil.copy(data / "erasures", data / ".understory-erasures")  # where `serve` keeps it: beside the key
    environment = {k: v for k, v in os.environ.items() if not k.startswith("UNDERSTORY_")} | {
        "UNDERSTORY_DATA": str(house.folder / "home"), "UNDERSTORY_DATABASE": f"sqlite:{house.file}",
        "UNDERSTORY_KEY_FILE": str(data / "key"), "UNDERSTORY_CONTENT": str(ROOT / "Content"),
        "UNDERSTORY_PUBLIC": str(ROOT / "Public")}

    def restore(*arguments):
        return subprocess.run([str(BINARY), "restore", *arguments], env=environment, capture_output=True, text=True, timeout=120)

    assert "not there" in restore(str(house.folder / "nothing")).stderr
    done = restore(str(copy))
    assert done.returncode == 0 and "Erased again: 1" in done.stdout, done.stdout + done.stderr
    assert copy.exists() and list(house.folder.glob("*.before-*")), "the database of now was thrown away"
    for path in [copy, *house.folder.glob("*.before-*")]:
        path.unlink()
    house.start()
    house.night()
    assert house.grep(mine) == 0, "the restored copy remembers"
    assert house.grep(theirs) > 0
    # What was taken back since the copy, and to whom a mail has gone, is not known: nobody is asked.
    assert house.sql("SELECT count(*) AS n FROM asking_after WHERE sealed IS NOT NULL OR next_at IS NOT NULL")[0]["n"] == 0
    assert house.visitor().post("/sign-in", name=me.name, words=" ".join(me.words)).status in (403, 404)
