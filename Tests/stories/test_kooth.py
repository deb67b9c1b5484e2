"""Kooth: read before showing, a safeguarding road for every post, ages kept apart."""

from cast import (
    METHOD, MINE, answer, approved, case_about, decide, decide_item, found, need_case, notices, queue, see, threads, write)


def test_KOOTH_2(house):
    """A post that names a method is not shown; its author gets warm private words and a way to a professional; a
    safeguarding case opens and somebody owns it."""
    room = house.room("forum", "byRisk")
    writer, reader = house.member(), house.member()
    staff, pro = house.moderator(duty=600), house.professional(duty=600)
    word = house.word()
    # Without scripts: Send stores it, and the next page is help.
    sent = writer.send(
        f"/rooms/{room}/items", title="Tonight", body=METHOD.format(word), wants="listen", voice="name", key="one-press")
    assert sent.status == 303, sent.text[:300]
    page = writer.open(sent.header("Location")).ok(200)
    item = next(i["id"] for i in writer.get("/mine").json["items"])
    mine = see(writer, item)["item"]
    assert mine["state"] == "held" and mine["reason"] == "method"
    told = writer.get(f"/items/{item}/sent").ok().json
    assert told["help"] in ("gentle", "atOnce")
    said = page.page.words
    assert "feelings are welcome" in said or "Thank you" in said, f"no warm words: {said[:600]}"
    assert page.page.form(f"/items/{item}/professional"), "no way to a professional on the page after sending"
    assert any(link.startswith("tel:") for link in page.page.links) or page.page.leads_to("/help")
    # Nobody else meets it.
    assert see(reader, item) is None and found(reader, word) == [] and item not in threads(reader, room)
    # The case: serious, with a due time, in front of those on duty, and an owner who is named.
    case = need_case(staff, item)
    assert case["level"] in ("high", "urgent") and case["dueAt"] > case["openedAt"]
    assert staff.post(f"/cases/{case['id']}/claim").ok()
    mine = need_case(staff, item)
    assert mine["claimedBy"], mine
    assert case["id"] in [c["id"] for c in queue(staff, mine=1)]
    # A person writes privately; the author answers; the words come along.
    talk = writer.post(f"/items/{item}/professional").ok().json["conversation"]
    opened = writer.get(f"/conversations/{talk}").ok().json
    assert word in opened["carries"]["body"]
    theirs = pro.get(f"/conversations/{talk}").ok().json
    assert word in theirs["carries"]["body"]
    asked = [c for c in queue(pro) if c["item"] == item or c["kind"] == "asked"]
    assert asked, "nobody hears of the asking"
    pro.post(f"/conversations/{talk}/messages", words="I read what you wrote. I am glad you said it.").ok()
    house.jobs()
    last = writer.get(f"/conversations/{talk}").json
    assert last["answered"] and last["messages"][-1]["fromStaff"]
    assert notices(writer), "the author is told of the private answer"
    assert reader.get(f"/conversations/{talk}").status == 404
    # With nobody to take it, it climbs by itself and an alarm leaves the house.
    house.off(staff), house.off(pro)
    alone = write(house.member(), room, METHOD.format(house.word()))["id"]
    before = need_case(staff, alone)
    house.advance(hours=3)
    house.jobs()
    after = need_case(pro, alone)
    assert after["tier"] != before["tier"] and after["overdue"] in (True, False)
    assert house.alarms(), "nobody was called"


def test_KOOTH_3(house):
    """An item fit for 18-year-olds but not for 12-year-olds is shown only to the older group."""
    old, young = house.room("grown", "byRisk", "18-25"), house.room("young", "before", "11-12")
    both = house.room("both", "before", "11-12,18-25")
    adult, child, staff = house.member("18-25"), house.member("11-12"), house.moderator()
    friend = house.member("18-25")
    for face, rooms in ((adult, (old, both)), (friend, (old, both)), (child, (young, both))):
        for room in rooms:
            face.post(f"/rooms/{room}/join").ok()
    word, moved = house.word(), house.word()
    item = write(adult, old, MINE.format(word))["id"]

    def meets(face, item, word):
        text = "".join(
            view(path).text for view in (face.get, face.open)
            for path in ("/today", "/rooms", f"/rooms/{old}", f"/rooms/{both}", f"/items/{item}", "/notices"))
        return word in text, bool(found(face, word))

    assert meets(friend, item, word) == (True, True)
    assert meets(child, item, word) == (False, False)
    assert child.get(f"/rooms/{old}").status == 404 and child.get(f"/items/{item}").status == 404
    assert child.post(f"/rooms/{old}/items", title="Hello", body="May I come in?", wants="listen", voice="name").status in (404, 422)
    assert child.post(f"/items/{item}/replies", body="Me too", voice="name").status == 404
    assert child.post(f"/items/{item}/support", word="hear").status == 404
    rooms = {r["id"]: r for r in child.get("/rooms").json["rooms"]}
    assert not rooms.get(old, {"mayRead": False})["mayRead"] and rooms[both]["mayRead"]
    # In a room that is mixed on purpose a moderator decides: fit for the older only, so it moves.
    second = write(adult, both, MINE.format(moved))["id"]
    assert meets(child, second, moved) == (False, False)
    decide_item(staff, second, "approve")
    assert meets(child, second, moved) == (True, True)
    child.post(f"/items/{second}/reports", kind="else").ok(201)
    decide_item(staff, second, "move", room=old)
    assert meets(child, second, moved) == (False, False)
    assert meets(friend, second, moved) == (True, True)
    # An unknown age gets the youngest protections and enters no room for the young.
    visitor = house.visitor()
    for room in (young, both, old):
        assert visitor.get(f"/rooms/{room}").status in (401, 404)
    # A year later the older band counts only after it was asked again.
    house.advance(days=366)
    child.come_back()
    assert child.get("/today").json["askAge"]
    assert child.get(f"/rooms/{old}").status == 404
