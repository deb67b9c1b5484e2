"""A facilitator's tools, professionals as guests, claims and what is said of them, and what people say of a room."""

from cast import HIGH, MINE, URGENT, answer, case_about, claim, decide_item, need_case, notices, queue, see, write
from screened import CALM, COMPARES
from test_offers import before, supporter
from test_screening_words import course
from test_stories import stage

SLY = ["With a face like that it makes sense.", "Wow great job, failed again genius."]
CLAIM = "Plumtree tea ends a panic attack in a minute"


def slow(staff, item, minutes):
    return staff.post(f"/items/{item}/slow", minutes=minutes)


def reply(face, item, body="I read it."):
    return face.post(f"/items/{item}/replies", {"body": body, "voice": "name"})


# Self-harm spaces


def test_HARM_2(house):
    """A seeded thread sliding into competition is raised to the facilitator before its fifth reply."""
    room = house.room("mending", "byRisk", focus="self-harm")
    staff, reader = house.moderator(duty=900), house.member()
    facilitator = house.staff("peer-support-specialist", room=room)
    one, two, three = house.member(), house.member(), house.member()
    thread = write(house.member(), room, "Two years without self-harm, and the summer is still hard.")["id"]
    raised = None
    for n, (face, words) in enumerate(((one, "I hear you."), (two, COMPARES[0]), (three, COMPARES[1]), (one, CALM)), 1):
        assert answer(face, thread, words)["state"] == "shown"
        if raised is None and case_about(facilitator, thread):
            raised = n
    assert raised is not None and raised < 5, "nobody was told before the fifth reply"
    case = need_case(facilitator, thread, "pattern")
    assert course(facilitator, thread) == ["course-comparing"] and case["level"] == "medium"
    page = facilitator.open(f"/cases/{case['id']}").ok(200).page.words
    assert "course-comparing" not in page
    # One of the staff elsewhere hears of it only where they care; the people in the thread do not.
    elsewhere = house.staff("peer-support-specialist", room=house.room("other", "byRisk"))
    assert case_about(elsewhere, thread) is None and case_about(staff, thread)
    for face in (reader, one, two):
        assert "course" not in face.get(f"/items/{thread}").text and face.get(f"/cases/{case['id']}").status in (403, 404)
    # The same people in talk that compares nothing raise nothing.
    calm = write(house.member(), room, CALM)["id"]
    for n in range(6):
        answer((one, two, three)[n % 3], calm, f"The bus was late here too, {n} minutes.")
    assert case_about(facilitator, calm) is None


def test_HARM_3(house):
    """Professionals join as members with a visible badge and may not act as clinicians there; the space says so."""
    room, forum = house.room("circle", "byRisk", guests=1), house.room("forum", "byRisk")
    pro, staff, me, reader = house.professional(duty=100_000), house.moderator(duty=100_000), house.member(), house.member()
    thread = write(me, room, MINE.format("in the circle"))["id"]
    # The badge stands beside the name, on the page and for programs.
    answer(pro, thread, "I know long days as well.")
    told = see(reader, thread)["replies"][0]
    assert told["name"] == pro.name and told["voice"] == "staff" and told["badge"] == "Professional"
    page = reader.open(f"/items/{thread}").ok().page.words
    assert f"{pro.name} Professional" in page, page[:600]
    opened = write(pro, room, "A hello from me.", voice="anonymous")["id"]
    assert see(reader, opened)["item"]["name"] == pro.name and see(reader, opened)["item"]["badge"] == "Professional"
    # The space says so, before joining and within; another one does not.
    says = "They treat nobody here"
    for face in (house.visitor(), reader):
        assert says in face.open(f"/rooms/{room}/card").ok().page.words
    assert says in reader.open(f"/rooms/{room}").ok().page.words
    assert says not in reader.open(f"/rooms/{forum}/card").ok().page.words
    # From a plain case no conversation begins there; from the same case elsewhere one does.
    for place, allowed in ((room, False), (forum, True)):
        item = write(me, place, MINE.format("reported"))["id"]
        reader.post(f"/items/{item}/reports", kind="unkind").ok(201)
        case = need_case(pro, item)["id"]
        claim(pro, case)
        got = pro.post(f"/cases/{case}/conversation", words="Shall we talk about your diagnosis?")
        assert got.ok(201) if allowed else got.refused("only-guests", 403)
        assert bool(me.get("/talk").json["conversations"]) is allowed
    # Danger reaches them, and they may write; so does whoever asks for one.
    urgent = write(me, room, URGENT.format("here"))["id"]
    case = need_case(pro, urgent)["id"]
    claim(pro, case)
    pro.post(f"/cases/{case}/conversation", words="I am here. Are you safe now?").ok(201)
    asks = house.member()
    item = write(asks, room, MINE.format("and I ask"))["id"]
    talk = asks.post(f"/items/{item}/professional").ok(201).json["conversation"]
    pro.post(f"/conversations/{talk}/messages", words="You asked for me.").ok()


def test_a_program_is_told_what_a_room_says(house):
    """Two faces of one address: where professionals are guests, and where a video is welcome, stands in the JSON of a card too."""
    plain, room = house.room("plain", "byRisk", format="stories"), house.room("circle", "byRisk", format="stories", guests=1, videos=1)
    for place, there in ((plain, False), (room, True)):
        told = house.visitor().get(f"/rooms/{place}/card").ok().json["room"]
        assert (told.get("guests"), told.get("videos")) == (there, there)


# A facilitator's tools


def test_a_slow_thread(house):
    """So many minutes between two replies of one person; nobody in danger waits, the staff do not, and it ends."""
    room, staff = house.room("forum", "byRisk"), house.moderator(duty=100_000)
    one, two = house.member(), house.member()
    thread = write(house.member(), room, MINE.format("today"))["id"]
    slow(staff, thread, 5).ok()
    assert see(one, thread)["care"]["slowMinutes"] == 5 and "5 minutes between" in one.open(f"/items/{thread}").page.words
    first = reply(one, thread).ok(201).json["id"]
    refused = reply(one, thread, "And more.").refused("gate-slow", 403)
    assert "still here" in refused.json["says"]
    page = one.send(f"/items/{thread}/replies", body="And more plumbles.", voice="name")
    assert page.status == 403 and page.page.fields.get("body") == "And more plumbles.", "the words are lost"
    reply(two, thread).ok(201)
    assert len(see(one, thread)["replies"]) == 2
    # Taking the first back makes no room for a second; another thread is another thread.
    one.post(f"/items/{first}/withdraw").ok()
    reply(one, thread, "Again.").refused("gate-slow", 403)
    reply(one, write(two, room, MINE.format("elsewhere"))["id"]).ok(201)
    # Danger is never told to wait, and staff are not.
    for words in (URGENT, HIGH):
        assert reply(one, thread, words.format("now")).ok(201).json["help"] == "atOnce"
    for _ in range(2):
        reply(staff, thread, "I am here.").ok(201)
    house.advance(minutes=5, seconds=1)
    reply(one, thread, "Slower now.").ok(201)
    reply(one, thread, "And again.").refused("gate-slow", 403)
    slow(staff, thread, 0).ok()
    assert see(one, thread)["care"]["slowMinutes"] is None
    reply(one, thread, "And again.").ok(201)
    # A day is the most; it ends by itself.
    slow(staff, thread, 120).ok()
    house.advance(hours=25)
    assert see(one, thread)["care"]["slowMinutes"] is None
    for _ in range(2):
        reply(one, thread, f"Good morning, {_}.").ok(201)
    for wrong in (121, -1, "some"):
        slow(staff, thread, wrong).refused(None, 422)
    for face in (one, house.operator()):
        slow(face, thread, 5).refused(None, 403, 404)
    house.visitor().post(f"/items/{thread}/slow", minutes=5).refused(None, 401, 403, 404)


def test_a_quarrel_is_slowed_by_itself(house):
    """Two people who are hard on each other: the thread slows, its facilitator is told, and changes that as they see fit."""
    room, staff = house.room("forum", "byRisk"), house.moderator(duty=100_000)
    one, two = house.member(), house.member()
    thread = write(house.member(), room, CALM)["id"]
    assert answer(one, thread, SLY[0])["state"] == "shown" and see(one, thread)["care"] is None, "one voice is no quarrel"
    assert answer(two, thread, SLY[1])["state"] == "shown"
    assert see(one, thread)["care"]["slowMinutes"] == 10
    assert course(staff, thread) == ["course-heated"]
    reply(one, thread, "And one more thing.").refused("gate-slow", 403)
    slow(staff, thread, 0).ok()
    reply(one, thread, "Sorry, that was unkind of me.").ok(201)
    # What is slower already stays so.
    second = write(house.member(), room, CALM)["id"]
    slow(staff, second, 30).ok()
    for face, words in ((house.member(), SLY[0]), (house.member(), SLY[1])):
        answer(face, second, words)
    assert see(one, second)["care"]["slowMinutes"] == 30
    house.advance(hours=24, minutes=1)
    assert see(one, second)["care"]["slowMinutes"] is None


def test_a_quarrel_and_what_the_staff_set(house):
    """A slowness that is over is not the measure of a new quarrel; one that the staff set for a day is not made shorter by it."""
    room, staff, reader = house.room("forum", "byRisk"), house.moderator(duty=100_000), house.member()
    first, second = (write(house.member(), room, CALM)["id"] for _ in range(2))
    slow(staff, first, 120).ok()
    house.advance(hours=25)
    slow(staff, second, 30).ok()
    for thread in (first, second):
        for words in SLY:
            answer(house.member(), thread, words)
    assert see(reader, second)["care"]["slowMinutes"] == 30
    told = [see(reader, first)["care"]["slowMinutes"]]
    house.advance(hours=13)
    told.append(see(reader, second)["care"]["slowMinutes"])
    assert told == [10, 30]


def test_summary_note_host_and_skill(house):
    """What was said so far, a standing note with its host, a tool the thread leads to: by staff of the room alone."""
    room, staff = house.room("forum", "byRisk"), house.moderator(duty=100_000)
    me, reader = house.member(), house.member()
    thread = write(me, room, MINE.format("today"))["id"]
    item = answer(reader, thread, "I read it.")["id"]
    staff.post(f"/items/{thread}/summary", words="So far: plumbles & tea.").ok()
    staff.post(f"/items/{thread}/standing-note", words="Be kind: <b>always</b>.", host="1").ok()
    staff.post(f"/items/{thread}/skill", tool="breathe-out").ok()
    told = see(reader, thread)["care"]
    assert told == {"note": "Be kind: <b>always</b>.", "host": staff.name, "summary": "So far: plumbles & tea.",
                    "summaryBy": staff.name, "skill": "breathe-out", "slowMinutes": None}
    page = reader.open(f"/items/{thread}").ok().page
    assert "Be kind: <b>always</b>." in page.words and page.words.index("plumbles") < page.words.index("I read it.")
    assert "/help/grounding?tool=breathe-out" in page.links
    reader.open("/help/grounding?tool=breathe-out").ok(200)
    assert page.form(f"/items/{thread}/summary") is None and staff.open(f"/items/{thread}").page.form(f"/items/{thread}/summary")
    # The thread keeps what the other tools set, and each is taken away by an empty one.
    staff.post(f"/items/{thread}/summary").ok()
    assert see(reader, thread)["care"] == {**told, "summary": None, "summaryBy": None}
    staff.post(f"/items/{thread}/skill").ok()
    staff.post(f"/items/{thread}/standing-note").ok()
    assert set(see(reader, thread)["care"].values()) == {None}
    # Bounds, wrong tools, wrong people, wrong places.
    staff.post(f"/items/{thread}/summary", words="x" * 2001).refused(None, 422)
    staff.post(f"/items/{thread}/skill", tool="shouting").refused(None, 422)
    elsewhere = house.moderator(room=house.room("other", "byRisk"))
    waiting = write(house.newcomer(), room, "First words of mine here, and hello.")["id"]
    for tool, fields in (("summary", {"words": "Mine."}), ("standing-note", {"words": "Mine."}), ("skill", {"tool": "breathe-out"}),
                         ("slow", {"minutes": 5}), ("invite", {"name": me.name})):
        for face in (me, elsewhere, house.operator()):
            face.post(f"/items/{thread}/{tool}", fields).refused(None, 403, 404)
        for other in (item, waiting):
            staff.post(f"/items/{other}/{tool}", fields).refused(None, 404)
    # Hidden, the thread takes what stands above it along.
    staff.post(f"/items/{thread}/summary", words="So far: plumbles.").ok()
    me.post(f"/items/{thread}/withdraw").ok()
    assert reader.get(f"/items/{thread}").status == 404


def test_a_supporter_is_asked_by_name(house):
    """One supporter of the room is asked to look; they are led there, and nobody else is told."""
    pro, staff = house.professional(duty=100_000), house.moderator(duty=100_000)
    room, other = house.room("forum", "byRisk", promise=600), house.room("other", "byRisk", promise=600)
    helper, elsewhere, me = supporter(house, room, pro), supporter(house, other, pro), house.member()
    thread = write(me, room, MINE.format("today"), wants="no-reply")["id"]
    staff.post(f"/items/{thread}/invite", name=helper.name).ok()
    news = next(n for n in notices(helper) if n["kind"] == "invited")
    assert news["item"] == thread and news["href"] == f"/items/{thread}" and helper.open(news["href"]).status == 200
    assert "invited" not in [n["kind"] for face in (me, elsewhere) for n in notices(face)]
    for name in (elsewhere.name, me.name, "Nobody Here", staff.name):
        staff.post(f"/items/{thread}/invite", name=name).refused("not-a-supporter-here", 409, 422)
    staff.post(f"/items/{thread}/invite", name="").refused(None, 422)


def test_an_invitation_is_an_offer(house):
    """What is taken of it counts in the supporter's day, a pass is a pass, and nobody is asked whom the writer blocked."""
    pro, staff = house.professional(duty=100_000), house.moderator(duty=100_000)
    room = house.room("forum", "byRisk", promise=600)
    me, helper, apart = house.member(), supporter(house, room, pro, per_day=1), supporter(house, room, pro)
    for offer in (first := [write(house.member(), room, MINE.format(n))["id"] for n in "ab"]):
        answer(house.member(), offer, "I read it.")
    house.jobs()
    invite = lambda item, face: staff.post(f"/items/{item}/invite", name=face.name)  # noqa: E731
    invite(first[0], helper).ok()
    answer(helper, first[0], "I read it as well.")
    house.jobs()
    assert helper.get("/offers").ok().json["load"]["today"] == 1
    invite(first[1], helper).refused("not-a-supporter-here", 409, 422)
    # Blocked by the writer: not asked by staff either.
    thread = write(me, room, MINE.format("today"))["id"]
    hello = write(apart, room, MINE.format("here"))["id"]
    me.post(f"/items/{hello}/block").ok()
    invite(thread, apart).refused("not-a-supporter-here", 409, 422)


def test_an_answer_to_the_writer_alone_keeps_the_promise(house):
    """Nobody else is asked for an answer, and nothing says that there was none."""
    pro = house.professional(duty=100_000)
    room, me = house.room("forum", "byRisk", promise=60), house.member()
    helper = supporter(house, room, pro)
    thread = write(me, room, MINE.format("today"))["id"]
    house.jobs()
    assert thread in before(helper)
    pro.post(f"/items/{thread}/private-answer", words="I read it, and I am here.", key="one").ok(201)
    assert thread not in before(helper)
    house.advance(hours=3)
    assert case_about(pro, thread) is None
    # An answer of others that is taken back again leaves that one.
    reply = answer(house.member(), thread, "I read it.")["id"]
    house.jobs()
    next(face for face in house.faces if face.name == see(me, thread)["replies"][0]["name"]).post(f"/items/{reply}/withdraw").ok()
    house.advance(hours=3)
    assert thread not in before(helper) and case_about(pro, thread) is None


# Claims


def test_edges_of_a_claim(house):
    """Too short, words that do not stand there, one's own, what one can not see, ten a day; a mark needs its note."""
    room, staff, me, reader = stage(house)
    forum, pro = house.room("forum", "byRisk"), house.professional(duty=100_000)
    item = write(me, forum, f"They say: {CLAIM}.")["id"]
    ask = lambda face, words, of=item: face.post(f"/items/{of}/evidence", words=words)  # noqa: E731
    ask(reader, "Plumtree").refused("evidence-too-short", 422, 409)
    ask(reader, "  tea      ends  ").refused("evidence-too-short", 422, 409)
    ask(reader, CLAIM + " and a half").refused("evidence-not-there", 422, 409)
    ask(reader, "").refused(None, 422)
    ask(reader, "x" * 301).refused(None, 422)
    ask(house.visitor(), CLAIM).refused(None, 401, 403)
    waiting = write(house.newcomer(), forum, f"New here. They say: {CLAIM}.")["id"]
    ask(reader, CLAIM, waiting).refused(None, 404)
    young = house.room("young", "before", "13-15")
    child = house.member("13-15")
    ask(child, CLAIM).refused(None, 404)
    known = ask(reader, CLAIM).ok(201).json["evidence"]
    assert ask(reader, CLAIM.upper().replace(" ", "  ")).ok(201).json["evidence"] == known
    assert [c["id"] for c in pro.get("/evidence").ok().json["evidence"]] == [known]
    # The mark.
    for mark in ("checked", "corrected"):
        pro.post(f"/evidence/{known}", mark=mark).refused("missing", 422)
        pro.post(f"/evidence/{known}", mark=mark, note="   ").refused("missing", 422)
    pro.post(f"/evidence/{known}", mark="true", note="Yes.").refused(None, 422)
    pro.post(f"/evidence/{known}", note="Yes.").refused("missing", 422)
    pro.post(f"/evidence/{known}", mark="checked", note="x" * 1001).refused(None, 422)
    pro.post(f"/evidence/{room}", mark="checked", note="Yes.").refused(None, 404)
    assert see(reader, item)["evidence"][0]["mark"] == "none"
    # What was said is taken back: whoever asks again is heard again.
    cases = lambda: len([c for c in queue(pro) if c["kind"] == "review" and c["item"] == item])  # noqa: E731
    pro.post(f"/evidence/{known}", mark="checked", note="Yes.").ok()
    assert cases() == 0
    pro.post(f"/evidence/{known}", mark="none").ok()
    assert ask(me, CLAIM).status in (201, 409) and ask(house.member(), CLAIM).ok(201).json["evidence"] == known
    assert cases() == 1
    # A professional's alone, to read and to say.
    for face in (me, reader, staff, house.staff("trained-paid-peer"), house.operator()):
        face.get("/evidence").refused(None, 403, 404)
        face.post(f"/evidence/{known}", mark="checked", note="Yes.").refused(None, 403, 404)
    case = next(c for c in queue(pro) if c["item"] == item)
    pro.post(f"/evidence/{known}", mark="checked", note="So it is.").ok()
    assert case["id"] not in [c["id"] for c in queue(pro)], "looked at, and still in the queue"
    told = see(reader, item)["evidence"][0]
    assert (told["mark"], told["note"], told["checkedBy"]) == ("checked", "So it is.", pro.name) and told["checkedAt"]
    page = reader.open(f"/items/{item}").ok().page
    assert "So it is." in page.words and f"{pro.name}, a professional" in page.words
    assert me.open(f"/items/{item}").page.form(f"/items/{item}/evidence") is None


def test_ten_claims_a_day(house):
    """Ten a day are more than anybody needs; the next day they may ask again, and others are not slowed."""
    room, me = house.room("forum", "byRisk"), house.member()
    words = [f"Plumtree tea number {n} ends a headache" for n in range(12)]
    item = write(house.member(), room, ". ".join(words))["id"]
    for one in words[:10]:
        me.post(f"/items/{item}/evidence", words=one).ok(201)
    me.post(f"/items/{item}/evidence", words=words[10]).refused(None, 429)
    house.member().post(f"/items/{item}/evidence", words=words[10]).ok(201)
    house.advance(hours=24, minutes=1)
    me.post(f"/items/{item}/evidence", words=words[11]).ok(201)


# What people say of a room


def test_a_room_is_reviewed_by_whoever_used_it(house):
    """Only after use, read first, shown without a name, one a person."""
    room, other, staff = house.room("forum", "byRisk"), house.room("other", "byRisk"), house.moderator(duty=100_000)
    me, reader = house.member(), house.member()
    say = lambda face, answer, body, **more: face.post(  # noqa: E731
        f"/rooms/{room}/reviews", {"answer": answer, "body": body, **more})
    assert not me.get(f"/rooms/{room}/reviews").ok().json["mayReview"]
    assert me.open(f"/rooms/{room}/reviews").page.form(f"/rooms/{room}/reviews") is None
    say(me, 5, "Never been here.").refused(None, 403, 404)
    write(me, other, MINE.format("elsewhere"))
    say(me, 5, "Never been here.").refused(None, 403, 404)
    write(me, room, MINE.format("here"))
    assert me.get(f"/rooms/{room}/reviews").json["mayReview"]
    assert me.open(f"/rooms/{room}/reviews").page.form(f"/rooms/{room}/reviews")
    word, second = house.word(), house.word()
    sent = say(me, 4, f"Kind people, and {word}.", key="a-press").ok(201).json
    assert sent["state"] == "waiting"
    assert say(me, 4, f"Kind people, and {word}.", key="a-press").ok().json["id"] == sent["id"]

    def shown(face):
        return [(one["answer"], one["words"]) for one in face.get(f"/rooms/{room}/reviews").ok().json["reviews"]]

    assert shown(reader) == [] and word not in reader.open(f"/rooms/{room}/reviews").text
    decide_item(staff, sent["id"], "approve")
    assert shown(reader) == [(4, f"Kind people, and {word}.")]
    page = reader.open(f"/rooms/{room}/reviews").ok()
    assert word in page.text and me.name not in page.text and sent["id"] not in page.text
    # It stands there and nowhere else, and is sealed in what is kept.
    assert see(reader, sent["id"]) is None and not reader.get("/search", q=word).json["items"] and house.grep(word) == 0
    assert all(word not in reader.get(place).text for place in (f"/rooms/{room}", "/today", "/rooms"))
    # Written anew it takes the place of the old one.
    again = say(me, 2, f"Less kind now, and {second}.").ok(201).json["id"]
    assert shown(reader) == []
    decide_item(staff, again, "approve")
    assert shown(reader) == [(2, f"Less kind now, and {second}.")]
    # A week in the room is use as well; words that wait are not.
    joined = house.member()
    joined.post(f"/rooms/{room}/join").ok()
    say(joined, 4, "Quiet and good.").refused(None, 403, 404)
    house.advance(days=7, minutes=1)
    say(joined, 4, "Quiet and good.").ok(201)
    new = house.newcomer()
    assert write(new, room, "First words of mine, hello.")["state"] == "waiting"
    say(new, 4, "Quiet.").refused(None, 403, 404)
    # Bounds, and who does not.
    for wrong in ({"answer": 0, "body": "Hm."}, {"answer": 6, "body": "Hm."}, {"answer": 3, "body": ""}, {"answer": 3, "body": "x" * 2001}):
        me.post(f"/rooms/{room}/reviews", wrong).refused(None, 422)
    say(staff, 5, "I run it.").refused(None, 403, 404)
    for face in (house.visitor(), house.member("13-15")):
        face.get(f"/rooms/{room}/reviews").refused(None, 401, 404)
        say(face, 5, "Hm.").refused(None, 401, 404)
    # Danger in a review is danger; taken back it is gone.
    urgent = say(me, 1, URGENT.format("here")).ok(201).json
    assert urgent["help"] == "atOnce" and need_case(staff, urgent["id"])["level"] == "urgent"


def test_a_review_can_be_taken_back(house):
    """One's own words about a room can be taken back like any words, also once they are up."""
    room, staff, me = house.room("forum", "byRisk"), house.moderator(duty=100_000), house.member()
    write(me, room, MINE.format("here"))
    item = me.post(f"/rooms/{room}/reviews", answer=4, body="Kind people.").ok(201).json["id"]
    decide_item(staff, item, "approve")
    assert house.member().get(f"/rooms/{room}/reviews").json["reviews"]
    me.post(f"/items/{item}/withdraw").ok()
    assert house.member().get(f"/rooms/{room}/reviews").json["reviews"] == []


def test_a_review_written_anew_leaves_nothing_to_read_twice(house):
    """Replaced while it waits, the first one waits no longer: nobody is asked to read it."""
    room, staff, me = house.room("forum", "byRisk"), house.moderator(duty=100_000), house.member()
    write(me, room, MINE.format("here"))
    first, second = (me.post(f"/rooms/{room}/reviews", answer=4, body=f"Kind people, {n}.").ok(201).json["id"] for n in range(2))
    assert [c["item"] for c in queue(staff) if c["item"] in (first, second)] == [second]


def test_an_answer_for_the_writer_alone(house):
    """A professional answers in one's own thread, for all, or for its writer's eyes."""
    pro = house.professional(duty=10_000)
    room = house.room("lamp", "byRisk", anonymity=1)
    me = house.member()
    item = write(me, room, MINE.format("for one"), voice="anonymous")["id"]
    talk = pro.post(f"/items/{item}/private-answer", {"words": "Could we look at that together, just us?"}).ok(201).json["conversation"]
    assert "just us" in me.open(f"/conversations/{talk}").ok().text
    assert "just us" not in house.member().open(f"/items/{item}").text and me.name not in pro.open(f"/conversations/{talk}").text
    house.member().get(f"/conversations/{talk}").refused(None, 404)
    house.moderator().post(f"/items/{item}/private-answer", {"words": "Me too."}).refused(None, 403)
    guests = house.room("hall", "byRisk", guests=1)
    other = write(me, guests, MINE.format("among guests"))["id"]
    pro.post(f"/items/{other}/private-answer", {"words": "Just us."}).refused("only-guests", 403)


def test_three_openings_for_each_kind_of_post(house):
    told = house.member().get("/offers/openings").ok().json["situations"]
    assert len(told) >= 8 and all(len(one["openings"]) == 3 for one in told) and any(one["handOver"] for one in told)
