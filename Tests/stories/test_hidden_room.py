"""A reader hides a whole room: nothing of it comes to them, on any page; one press brings it back."""

from cast import MINE, answer, content, found, notices, see, threads, write

BECAUSE = content("words/en/because.json")["room"]


def hide(face, room):
    face.post(f"/rooms/{room}/hide").ok()


def show_again(face):
    for one in face.get("/see/people").ok().json["muted"]:
        face.post(f"/muted/{one['id']}/end").ok()


def answered(face, item):
    return [line for line in notices(face) if line["kind"] == "answered" and line["item"] == item]


def test_nothing_of_a_hidden_room(house):
    """Home, search, the room itself and replies: no word and no name; a trace that says why; other rooms and readers as before."""
    room, other = house.room("forum", "byRisk"), house.room("other", "byRisk")
    me, writer, reader = house.member(), house.member(), house.member()
    shared, title, body, reply = (house.word() for _ in range(4))
    gone = write(writer, room, f"The rain and the {shared}, {body}.", title=f"About {title}")["id"]
    said = answer(writer, gone, f"And the {shared} again, {reply}.")["id"]
    stays = write(writer, other, f"Here is the {shared} as well.")["id"]
    home = lambda face: {one["id"] for one in face.get("/today").ok().json["items"]}  # noqa: E731

    def is_there(face):
        texts = face.get("/today").text + face.open("/today").text
        assert {gone, stays} <= home(face) and title in texts
        sights = {one["id"]: one["sight"] for one in face.get("/search", q=shared).ok().json["items"]}
        assert sights == {gone: "show", said: "show", stays: "show"}, sights
        assert see(face, gone)["item"]["title"] == f"About {title}" and body in face.open(f"/search?q={body}").text
        assert [one["sight"] for one in see(face, gone)["replies"]] == ["show"] and gone in threads(face, room)

    is_there(me)
    hide(me, room)
    page = me.open("/see/people").ok(200).page
    assert "forum" in page.words and [one["kind"] for one in me.get("/see/people").json["muted"]] == ["room"]
    assert gone not in home(me) and stays in home(me)
    for path in ("/today", f"/search?q={shared}", f"/search?q={body}", f"/search?q={reply}", f"/rooms/{room}", f"/items/{gone}"):
        for text in (me.get(path).ok().text, me.open(path).ok(200).text):
            text = text.replace(path.split("?q=")[-1], "") if "?q=" in path and shared not in path else text
            for one in (title, body, reply):
                assert one not in text, f"{path} holds a word of the hidden room"
    for path, key in ((f"/search?q={shared}", "items"), (f"/rooms/{room}", "items"), ("/today", "hidden")):
        listed = {one["id"]: one for one in me.get(path).ok().json[key]}
        assert listed[gone]["sight"] == "hide" and listed[gone]["name"] == "" and listed[gone]["title"] is None, (path, listed[gone])
        assert listed[gone]["because"] == [{"rule": "room", "what": BECAUSE}], (path, listed[gone])
        assert BECAUSE in me.open(path).page.words, f"{path} does not say why"
    assert stays in found(me, shared)
    is_there(reader)
    # Hidden twice is hidden once; one press brings all of it back.
    hide(me, room)
    assert len(me.get("/see/people").json["muted"]) == 1
    show_again(me)
    assert me.get("/see/people").json["muted"] == []
    is_there(me)


def test_a_hidden_room_makes_no_news(house):
    """An answer there is no line, whether it came before or after; shown again, it is news that was not seen."""
    room, other = house.room("forum", "byRisk"), house.room("other", "byRisk")
    me, writer = house.member(), house.member()
    before, after, elsewhere = (write(me, place, MINE.format("today"))["id"] for place in (room, room, other))
    answer(writer, before, "I read this, and I know it.")
    assert answered(me, before)
    hide(me, room)
    for item in (after, elsewhere):
        answer(writer, item, "I read this one as well.")
    assert not answered(me, before) and not answered(me, after) and answered(me, elsewhere)
    page = me.open("/notices").ok(200).page
    assert f"/items/{before}" not in page.links and f"/items/{after}" not in page.links and f"/items/{elsewhere}" in page.links
    # One's own words there stay one's own.
    assert see(me, before)["item"]["sight"] == "show" and before in [one["id"] for one in me.get("/mine").json["items"]]
    show_again(me)
    assert answered(me, before) and answered(me, after)


def test_support_in_a_hidden_room_is_no_news(house):
    """A word of support there leads into the room as an answer would."""
    room = house.room("forum", "byRisk")
    me, writer = house.member(), house.member()
    item = write(me, room, MINE.format("today"))["id"]
    hide(me, room)
    writer.post(f"/items/{item}/support", word="hear").ok()
    assert notices(me) == [] and me.get("/today").json["notices"] is False, "news out of a hidden room"
    show_again(me)
    assert [line["kind"] for line in notices(me)] == ["support"]


def test_only_a_room_that_is_there_is_hidden(house):
    me, visitor = house.member(), house.visitor()
    room, theirs = house.room("forum", "byRisk"), house.member()
    me.post("/rooms/0000000000001/hide").refused("not-found", 404)
    visitor.post(f"/rooms/{room}/hide").refused(None, 401)
    hide(me, room)
    line = me.get("/see/people").json["muted"][0]["id"]
    theirs.post(f"/muted/{line}/end").refused("not-found", 404)
    assert len(me.get("/see/people").json["muted"]) == 1, "somebody else brought it back"
