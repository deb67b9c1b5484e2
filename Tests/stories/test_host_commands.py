"""The host's own commands beside a running service: somebody is added to the staff, and a room is opened."""

import re

from cast import MINE, report, see, write
from face import Face
from test_mended_people import room_fields
from test_screening_commands import command

CHECK = ("--check-kind", "enhanced", "--check-issued", "2026-01-10", "--check-expires", "2099-01-10", "--seen-by", "Ann", "--seen-by", "Ben")


def named(operator, name):
    return next((one for one in operator.get("/operator/staff").ok().json["staff"] if one["name"] == name), None)


def test_somebody_is_added_to_the_staff(house):
    """Words and seed are shown once; the same name again is the same person with one more role, and keeps them."""
    operator, room = house.operator(), house.room("forum", "byRisk")
    told = command(house, "staff", "add", "Ada", "trained-peer-volunteer", "--room", room)
    words = re.search(r"six words\s+(.+)", told)[1].strip()
    assert len(words.split()) == 6 and re.search(r"authenticator\s+[A-Z2-7]{32}\n", told)
    assert "No check is recorded" in told
    ada = named(operator, "Ada")
    assert (ada["roles"], ada["checkedUntil"], ada["secondFactor"]) == (["trained-peer-volunteer"], None, True)
    assert ada["given"][0]["room"] == room
    face = house._face(Face(house.port, name="Ada", house=house))
    face.post("/sign-in", name="Ada", words=words).ok()
    assert house.grep(words) == 0
    # The same person again: one more role, with a check and a last day; no new words.
    told = command(house, "staff", "add", "Ada", "trained-paid-staff", "--until", "2099-06-30", *CHECK)
    assert "was there already" in told and "six words  " not in told and "authenticator  " not in told, told
    ada = named(operator, "Ada")
    assert sorted(ada["roles"]) == ["trained-paid-staff", "trained-peer-volunteer"] and ada["checkedUntil"].startswith("2099-01-1")
    until = next(one["until"] for one in ada["given"] if one["role"] == "trained-paid-staff")
    assert until[:10] in ("2099-06-30", "2099-07-01"), until
    house._face(Face(house.port, name="Ada", house=house)).post("/sign-in", name="Ada", words=words).ok()


def test_who_is_not_added_leaves_nothing_behind(house):
    """Whoever runs the house reads nobody's words; a role is one that there is; a check is two people's; a bird's name is a bird's."""
    operator, me, staff = house.operator(), house.member(), house.moderator()
    before = operator.get("/operator/staff").json["staff"]
    for name, role, more in (
            (staff.name, "operator", ()), ("Bo", "nobody", ()), ("Bo", "professional", ("--until", "some day")),
            ("Bo", "professional", (*CHECK[:-1], "Ann")), (me.name, "professional", ())):
        told = command(house, "staff", "add", name, role, *more, fails=True)
        assert told.strip() and "Fatal" not in told and "six words  " not in told, (name, role, more, told)
    assert operator.get("/operator/staff").json["staff"] == before
    assert me.get("/mine").status == 200


def test_a_room_is_opened_by_its_name(house):
    """A room for adults opens; one for the young says what is missing, in words, and stays shut; what is not there is said to be so."""
    operator, me = house.operator(), house.member()
    fields = room_fields("Evenings", moderation="byRisk")
    evenings = operator.post("/operator/rooms", fields).ok(201).json["id"]
    young = operator.post(
        "/operator/rooms", room_fields("The Young Room", bands=["13-15"], invited="yes", readable="members")).ok(201).json["id"]
    assert me.get(f"/rooms/{evenings}").status == 404
    assert command(house, "open", "Evenings").strip() == "Evenings is open."
    assert operator.get(f"/operator/rooms/{evenings}").json["room"]["open"] is True
    assert see(me, write(me, evenings, MINE.format("today"))["id"])
    told = command(house, "open", "The Young Room", fails=True)
    missing = operator.post(f"/operator/rooms/{young}/open").refused("room-not-ready", 422).json["missing"]
    lines = [line for line in told.splitlines() if line.startswith("  - ")]
    assert told.startswith("Not opened. Still missing:") and len(lines) == len(missing) > 5, (lines, missing)
    assert not {line[4:] for line in lines} & set(missing), f"codes instead of words: {lines}"
    operator.post(f"/operator/rooms/{young}/records", kind="dpia", value="On paper since spring").ok()
    fewer = command(house, "open", young, fails=True)
    assert len([line for line in fewer.splitlines() if line.startswith("  - ")]) == len(lines) - 1, fewer
    assert operator.get(f"/operator/rooms/{young}").json["room"]["open"] is False
    assert "a room called Nowhere" in command(house, "open", "Nowhere", fails=True)


def test_changed_histories_are_named(house):
    """Whoever has the file in their hands can take the engine's lock off; the chain still tells what they did."""
    professional, room = house.professional(duty=10_000), house.room("forum", "byRisk")
    for word in ("one", "two"):
        item = write(house.member(), room, MINE.format(word))["id"]
        report(house.member(), item)
    cases = [case["id"] for case in professional.get("/queue").ok().json["cases"]]
    assert len(cases) == 2
    walked = command(house, "histories")
    assert "Changed beside the service: 0." in walked and "walked: 2." in walked, walked
    lock = {"sqlite": "DROP TRIGGER case_event_kept", "postgresql": "ALTER TABLE case_event DISABLE TRIGGER USER"}[house.engine]
    assert house.meddle(lock) is None
    event = house.sql("SELECT id FROM case_event WHERE number = 1 ORDER BY id LIMIT 1")[0]["id"]
    assert house.meddle(f"UPDATE case_event SET code = 'approve' WHERE id = {event}") is None
    told = command(house, "histories", fails=True)
    named = re.findall(r"/cases/(\S+)", told)
    assert "Changed beside the service: 1." in told and len(named) == 1 and named[0] in cases, told
    assert professional.get(f"/cases/{named[0]}").ok()
