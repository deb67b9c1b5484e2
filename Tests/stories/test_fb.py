"""Facebook groups: open and members-only, volunteers of limited power, and nobody left alone."""

from cast import MINE, found, need_case, queue, report, see, threads, write


def test_FB_1(house):
    """A room open to read and a members-only room both exist, with volunteer helpers of limited power."""
    wide = house.room("wide", "byRisk", readable="anyone")
    narrow = house.room("narrow", "byRisk", readable="members")
    me, stranger, visitor = house.member(), house.member(), house.visitor()
    for room in (wide, narrow):
        me.post(f"/rooms/{room}/join").ok()
    word, hidden = house.word(), house.word()
    open_item = write(me, wide, MINE.format(word))["id"]
    closed_item = write(me, narrow, MINE.format(hidden))["id"]
    # Anybody reads the first; only members the second.
    assert word in visitor.open(f"/rooms/{wide}").ok(200).text + visitor.open(f"/items/{open_item}").ok(200).text
    for face in (visitor, stranger):
        assert face.get(f"/rooms/{narrow}").status in (401, 404) and face.get(f"/items/{closed_item}").status in (401, 404)
        for path in ("/rooms", "/today", f"/search?q={hidden}"):
            shown = face.open(path).page
            assert hidden not in shown.words.replace(f"{hidden}", "", 1 if "search" in path else 0), path
        assert not found(face, hidden) if face is stranger else True
        card = face.get(f"/rooms/{narrow}/card").ok().json["room"]
        assert card["name"] and not card["mayRead"] and not card["joined"]
        assert face.open(f"/rooms/{narrow}/card").ok(200).page.words
    assert visitor.post(f"/rooms/{wide}/items", title="Hi", body="May I?", wants="listen", voice="name").status == 401
    stranger.post(f"/rooms/{narrow}/join").ok()
    assert hidden in stranger.get(f"/items/{closed_item}").ok().text and closed_item in found(stranger, hidden)
    stranger.post(f"/rooms/{narrow}/leave").ok()
    assert stranger.get(f"/rooms/{narrow}").status == 404
    # Words of the young are never open to visitors nor indexed, whatever the setting says.
    young = house.room("young", "before", "16-17", readable="anyone")
    assert visitor.get(f"/rooms/{young}").status in (401, 404)
    for path in (f"/rooms/{wide}", f"/items/{open_item}"):
        got = visitor.open(path)
        assert "noindex" in got.header("X-Robots-Tag") + got.text, f"{path} may be indexed"
    # The volunteer of one room: answers there, with limited power, and none next door.
    volunteer = house.staff("unpaid-peer-moderator", room=wide)
    volunteer.post(f"/items/{open_item}/replies", body="Welcome here.", voice="name").ok(201)
    assert volunteer.get(f"/items/{closed_item}").status in (403, 404)
    for path in (f"/operator/rooms/{wide}", "/operator/rooms", "/operator/staff", "/queue"):
        assert volunteer.get(path).status in (403, 404), path
    assert volunteer.post(f"/operator/rooms/{wide}/close").status in (403, 404)
    report(stranger, open_item, "unkind")
    staff = house.moderator()
    case = need_case(staff, open_item)["id"]
    assert volunteer.post(
        f"/cases/{case}/decisions", act="restrict", reason="heated", sanction="warning").status in (403, 404)
    # The card names who looks after it.
    assert visitor.get(f"/rooms/{wide}/card").json["room"]["moderators"]


def test_FB_4(house):
    """A room left without an active volunteer for a set time is put under staff care."""
    room, other = house.room("group", "byRisk"), house.room("other", "byRisk")
    volunteer, second = house.staff("unpaid-peer-moderator", room=room), house.staff("unpaid-peer-moderator", room=other)
    staff, operator = house.moderator(), house.operator()
    me = house.member()
    base = write(me, room, "Who is about?")["id"]
    far = write(me, other, "Who is about here?")["id"]

    def cared():
        return {c["room"] for c in queue(staff) if c["kind"] == "room"}

    for _ in range(3):
        volunteer.post(f"/items/{base}/replies", body="I am.", voice="name").ok(201)
        second.post(f"/items/{far}/replies", body="I am.", voice="name").ok(201)
        house.advance(days=5)
        house.night()
    assert cared() == set(), "while somebody is there, nothing happens"
    # One of them stops coming.
    for _ in range(7):
        second.post(f"/items/{far}/replies", body="Still here.", voice="name").ok(201)
        house.advance(days=5)
        house.night()
        house.jobs()
    assert cared() == {room}, f"under staff care: {cared()}"
    case = next(c for c in queue(staff) if c["kind"] == "room")
    assert case["dueAt"]
    # People see it: the card says that staff look after the room now, and the operator's list does too.
    page = me.open(f"/rooms/{room}/card").ok(200).page.words
    assert page != me.open(f"/rooms/{other}/card").page.words
    assert operator.get("/operator/rooms").status == 200
    # Somebody comes back: it is theirs again once staff close the case.
    staff.post(f"/cases/{case['id']}/claim").ok()
    staff.post(f"/cases/{case['id']}/decisions", act="close").ok()
    volunteer.post(f"/items/{base}/replies", body="I am back.", voice="name").ok(201)
    house.night()
    assert room not in cared()
