"""Self-harm spaces: the topic is welcome, three things are barred; the gentler setting comes first."""

from cast import COMPARING, METHOD, answer, decide_item, found, need_case, see, threads, write


def test_HARM_1(house):
    """A room about self-harm allows the topic and bars method, pictures and comparing: three rules, three reasons."""
    room = house.room("mending", "byRisk", focus="self-harm")
    me, reader, staff = house.member(), house.member(), house.moderator(duty=900)
    assert "self-harm" in me.get(f"/rooms/{room}/card").ok().json["room"]["focus"]
    # The topic itself, in plain words, also when it hurts.
    for words in ("I have urges to self-harm when the house is loud, and tonight I drew on my arm with a pen instead.",
                  "Two years without self-harm, and the summer is still hard.",
                  "I relapsed and I feel ashamed. Telling my sister helped."):
        made = write(me, room, words)
        assert made["state"] == "shown", f"{words!r}: {made['state']} {made['reason']}"
        assert see(reader, made["id"])["item"]["body"] == words
        assert "self-harm" in see(reader, made["id"])["item"]["matters"]
    bars = {
        "method": "How do I hide my cuts at school? Any way will do.",
        "comparing": COMPARING.format("So."),
        "pictures": "Look what I did ![my arm](https://pictures.example/arm.jpg)",
    }
    reasons, pages = {}, {}
    for kind, words in bars.items():
        made = write(me, room, words)
        assert made["state"] == "held", f"{kind} was {made['state']}"
        reasons[kind] = made["reason"]
        pages[kind] = me.open(f"/items/{made['id']}/sent").ok(200).page.words
        assert see(reader, made["id"]) is None and made["id"] not in threads(reader, room)
        # In an answer as well.
        base = threads(reader, room)[0]
        made = answer(me, base, words)
        assert made["state"] == "held" and made["reason"] == reasons[kind]
        assert see(reader, base)["replies"] == []
        case = need_case(staff, made["id"])
        why = [c["why"] for c in staff.get(f"/cases/{case['id']}").json["concerns"]]
        assert why, kind
        house.advance(minutes=10)
    assert reasons == {"method": "method", "comparing": "comparing", "pictures": "pictures"}, reasons
    assert len(set(pages.values())) == 3, "each says its own reason"
    assert "how someone could get hurt" in pages["method"] and "compares" in pages["comparing"] and "pictures" in pages["pictures"].lower()
    # The three rules stand on the rules page before anybody writes, and the room's card.
    rules = house.visitor().open("/rules").ok(200).page.words
    assert "not how it is done" in rules and "who has it worse" in rules and "picture" in rules.lower()
    # A shown item is never quietly changed into a barred one.
    item = write(me, room, "The rain was loud and I stayed in.")["id"]
    me.post(f"/items/{item}/edit", title="One of those days", body=COMPARING.format("So.")).ok()
    assert see(reader, item) is None and see(me, item)["item"]["state"] == "held"


def test_HARM_4(house):
    """A reader under 16, or in a low state by their own check-in, sees the gentler setting first, and can change it."""
    young, old = house.room("young", "before", "13-15"), house.room("old", "byRisk", "18-25")
    staff = house.moderator(duty=900)
    child, friend = house.member("13-15"), house.member("13-15")
    adult, writer = house.member(), house.member()
    for face in (child, friend):
        face.post(f"/rooms/{young}/join").ok()
    heavy = "There was shouting and hitting at home again, and I sat on the stairs. "
    words = {young: house.word(), old: house.word()}
    items = {}
    for face, room in ((friend, young), (writer, old)):
        items[room] = write(face, room, heavy + words[room], topics=["being-hit"])["id"]
    decide_item(staff, items[young], "approve")

    def sight(face, room):
        item = next(i for i in face.get(f"/rooms/{room}").json["items"] if i["id"] == items[room])
        closed = [d for d in face.open(f"/items/{items[room]}").page.details if words[room] in d["text"] and not d["open"]]
        return item["sight"], bool(closed)

    # Under 16: behind a cover first. Over 18: shown.
    assert sight(child, young) == ("cover", True)
    assert sight(adult, old) == ("show", False)
    assert words[young] not in child.open("/today").text
    # And can change it.
    child.post("/see", {"matter.abuse-at-home": "show"}).ok()
    assert sight(child, young) == ("show", False)
    # A low check-in: lighter by itself today, said so, and one press undoes it.
    assert not adult.get("/today").json["lighter"]
    adult.post("/welcome-heavy", on=True).ok()
    adult.post("/check-ins", word="heavy").ok()
    told = adult.get("/today").json
    assert told["lighter"] is True and told["checkIn"] == "heavy", told
    assert sight(adult, old) == ("cover", True)
    assert words[old] not in adult.open("/today").text
    assert adult.open("/today").page.form("/lighter"), "one control to change it"
    adult.post("/lighter", on=False).ok()
    assert sight(adult, old) == ("show", False) and not adult.get("/today").json["lighter"]
    # A calm check-in changes nothing, and a low one is over the next day.
    other = house.member()
    other.post("/check-ins", word="calm").ok()
    assert not other.get("/today").json["lighter"]
    third = house.member()
    third.post("/check-ins", word="low").ok()
    assert third.get("/today").json["lighter"]
    house.advance(hours=30)
    assert not third.get("/today").json["lighter"]
    # Nobody else learns of a check-in.
    assert "heavy" not in str(see(writer, items[old])["item"].get("because", ""))


def test_HARM_5(house):
    """Guidance on safe words is shown while writing, in its place, with a reason; that it was shown is counted by its kind,
    and nothing of the words is kept."""
    room = house.room("forum", "byRisk")
    me = house.member()
    word = house.word()
    risky = {"stigma": "He committed suicide and everybody at school talks about it. " + word, "comparison": COMPARING.format(word)}
    for kind, words in risky.items():
        told = me.post("/hints", text=words).ok().json
        assert kind in [h["kind"] for h in told["hints"]], (kind, told)
        assert all(h["why"] for h in told["hints"])
    assert me.post("/hints", text="The rain was loud and I stayed in.").ok().json["hints"] == []
    # On the page itself, before the words are typed: where the advice will stand.
    assert "data-nudge" in me.open(f"/write?room={room}").ok(200).text
    log = house.logged()
    for kind in risky:
        assert f"guidance.shown" in log and f"kind={kind}" in log.replace('"', ""), f"{kind} is not counted"
    assert word not in log and "suicide" not in log, "the log holds words"
