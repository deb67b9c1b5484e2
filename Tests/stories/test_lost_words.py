"""Somebody lost their six words: who knows them makes six new ones, and all that the old ones opened is shut."""

from cast import MINE, queue, see, write

WHY = "She came to the desk with her school card, {}."


def test_new_words_for_who_lost_theirs(house):
    """The new words open the same account; the old ones and every device are out; the case says who did it and why."""
    room = house.room("forum", "byRisk")
    pro, staff, me, other = house.professional(), house.moderator(), house.member(), house.member()
    phone = house._face(me.another_browser())
    phone.post("/sign-in", name=me.name, words=" ".join(me.words)).ok()
    item = write(me, room, MINE.format("today"))["id"]
    stream = phone.live()
    assert stream.status == 200
    word = house.word()
    staff.post("/people/way-back", name=me.name, why="She asked.").refused("no-power", 403)
    assert me.get("/mine").status == 200 and queue(pro) == []

    made = pro.post("/people/way-back", name=me.name.lower(), why=WHY.format(word)).ok().json
    new = made["wayBack"]
    assert made["name"] == me.name and len(new) == 6 and new != me.words
    # All devices are out, open pages as well; nobody else is.
    assert me.get("/mine").status == 401 and phone.get("/mine").status == 401 and other.get("/mine").status == 200
    assert stream.heard("end", 6), "an open page of theirs goes on"
    back = house._face(me.another_browser())
    back.post("/sign-in", name=me.name, words=" ".join(me.words)).refused("wrong-way-back", 403)
    back.post("/sign-in", name=me.name, words=" ".join(new)).ok()
    assert back.get("/session").json["name"] == me.name and see(back, item)["item"]["mine"]

    # It stands in the history of a case: who, as what, and how they knew.
    case = next(one for one in queue(pro) if one["kind"] == "asked")
    events = [e for e in pro.get(f"/cases/{case['id']}").ok().json["events"] if e["code"] == "way-back-rebound"]
    assert [(e["kind"], e["by"], e["role"], e["words"]) for e in events] == [
        ("link-seen", pro.name, "professional", WHY.format(word))], events
    assert word in pro.open(f"/cases/{case['id']}").page.words and house.chain(case["id"])
    # The words are shown once and kept nowhere, and what is kept of the reason is sealed.
    assert " ".join(new) not in pro.open(f"/cases/{case['id']}").page.words + pro.open("/people/way-back").page.words
    assert house.grep(" ".join(new)) == 0 and house.grep(word) == 0
    # A second time joins the same case.
    pro.post("/people/way-back", name=me.name, why="Lost again.").ok()
    assert [one["id"] for one in queue(pro) if one["kind"] == "asked"] == [case["id"]]
    back.get("/mine").refused(None, 401)


def test_new_words_are_for_members_and_for_others(house):
    """Not for staff, not by a second name, not for nobody; not without a reason. Nothing changes for whoever was named."""
    pro, colleague, me = house.professional(), house.professional(), house.member()
    second = me.post("/you/second-name").ok().json["name"]
    for name in (colleague.name, pro.name, second, "Heron-99999"):
        pro.post("/people/way-back", name=name, why="They asked.").refused("not-found", 404)
    for fields in ({"name": me.name}, {"name": me.name, "why": ""}, {"name": me.name, "why": "  \n "}):
        pro.post("/people/way-back", fields).refused(None, 422)
    assert all(face.get("/mine").status == 200 for face in (pro, colleague, me)) and queue(pro) == []
    house._face(me.another_browser()).post("/sign-in", name=me.name, words=" ".join(me.words)).ok()
