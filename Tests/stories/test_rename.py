"""A bird changes once in thirty days: counted by the house's clock, for each of one's names by itself."""

from cast import MINE, content, see, write

LATER = content("words/en/you.json")["rename-later"].split("{")[0]


def offered(face):
    return face.get("/you").ok().json["freeNames"]


def fresh(house):
    return house.visitor().get("/join").ok().json["names"]


def test_a_bird_changes_once_in_thirty_days(house):
    room = house.room("forum", "byRisk")
    me, reader = house.member(), house.member()
    item, first = write(me, room, MINE.format("today"))["id"], me.name
    # The name one came with stays a while as well.
    me.post("/you/name", name=fresh(house)[0]).refused("renamed-lately", 409)
    assert offered(me) == [] and LATER in me.open("/you").page.words and me.open("/you").page.form("/you/name") is None
    house.advance(days=30)
    second, third, *_ = offered(me)
    assert me.open("/you").page.form("/you/name")
    # Somebody's bird is somebody's.
    me.post("/you/name", name=reader.name).refused("name-taken", 409)
    assert me.get("/you").json["name"] == first, "a refused name was taken"
    assert me.post("/you/name", name=second).ok().json["name"] == second
    assert me.get("/session").json["name"] == second and see(reader, item)["item"]["name"] == second
    # The six words are now those of the new name.
    house._face(me.another_browser()).post("/sign-in", name=first, words=" ".join(me.words)).refused("wrong-way-back", 403)
    house._face(me.another_browser()).post("/sign-in", name=second, words=" ".join(me.words)).ok()

    for wait in ({}, {"days": 29}, {"hours": 23}):
        house.advance(**wait)
        me.post("/you/name", name=third).refused("renamed-lately", 409)
        me.post("/you/name", name=second).refused("renamed-lately", 409)
        assert me.get("/you").json["name"] == second and offered(me) == [], wait
        assert LATER in me.open("/you").page.words
    house.advance(hours=1)
    came = me.send("/you/name", name=third)
    assert came.status == 303 and me.get("/you").json["name"] == third
    assert see(reader, item)["item"]["name"] == third


def test_each_name_by_itself(house):
    """A second name has thirty days of its own, and staff keep the name that people know."""
    me, staff = house.member(), house.moderator()
    house.advance(days=31)
    second = me.post("/you/second-name").ok().json["name"]
    me.speak_as(2)
    one, two, *_ = fresh(house)
    me.post("/you/name", name=one).refused("renamed-lately", 409)
    me.speak_as(1)
    me.post("/you/name", name=one).ok()
    names = {n["place"]: n["name"] for n in me.get("/you").json["names"]}
    assert names == {1: one, 2: second}
    staff.post("/you/name", name=two).refused("bad-choice", 422)
    assert staff.get("/session").json["name"] == staff.name
