"""Mended: what a decision does to words, to a case and to a person, and what it must never do."""

from cast import (
    COMPARING, MINE, URGENT, answer, case_about, claim, decide, decide_item, found, need_case, queue, report, see, threads, write)


def about(item, by, staff, kind="unkind"):
    """This item is reported, and the staff claim its case."""
    report(by, item, kind)
    case = need_case(staff, item)["id"]
    claim(staff, case)
    return case


def told(staff, case):
    return staff.get(f"/cases/{case}").ok().json


def version(staff, case):
    """The version of the case as this moderator sees it."""
    seen = told(staff, case)
    return seen["version"] if "version" in seen else seen["case"]["version"]


def post(staff, case, act, **fields):
    """Decides without claiming; whatever the server says of it, but never a stumble."""
    return staff.post(f"/cases/{case}/decisions", {"act": act, **fields})


def appeal(face, item, act, words="I see it another way."):
    statement = next(s for s in face.get("/standing").ok().json["statements"] if s["item"] == item and s["act"] == act)
    face.post(f"/decisions/{statement['id']}/appeal", words=words).ok(201)


def turn(staff, item):
    """Somebody else decides the appeal about this item for its author."""
    case = next(c for c in queue(staff) if c["kind"] == "appeal" and c["item"] == item)["id"]
    claim(staff, case)
    staff.post(f"/cases/{case}/appeal", outcome="turned").ok()


def gone(face, room, item, word):
    """Not there for this person: not by its address, not in its room, not found."""
    return see(face, item) is None and item not in threads(face, room) and found(face, word) == []


def test_a_moderator_acts_on_a_risk_and_the_case_stays_open(house):
    """Whoever may not close a risk can still return, hide or remove the words: the case goes on, urgent, until somebody
    who may has closed it."""
    room = house.room("forum", "byRisk")
    staff, pro, me = house.moderator(), house.professional(), house.member()
    for act, state in (("return", "returned"), ("hide", "hidden"), ("remove", "removed")):
        item = write(me, room, URGENT.format("So."))["id"]
        case = need_case(staff, item)["id"]
        decide(staff, case, act, reason="heated")
        assert see(me, item)["item"]["state"] == state
        for face in (staff, pro):
            left = case_about(face, item)
            assert left and left["id"] == case and left["urgent"] and left["state"] != "closed", f"{act} closed a risk: {left}"
        post(staff, case, "close").refused(None, 403, 409)
        staff.post(f"/cases/{case}/release").ok()
        decide(pro, case, "close")
        assert case_about(pro, item) is None and see(me, item)["item"]["state"] == state


def test_a_level_is_lowered_only_by_those_who_may_close_a_risk(house):
    """A decision can not quietly make an urgent case a small one; a professional can, and the history says so."""
    room = house.room("forum", "byRisk")
    staff, pro, me = house.moderator(), house.professional(), house.member()
    item = write(me, room, URGENT.format("So."))["id"]
    case = need_case(staff, item)["id"]
    claim(staff, case)
    before = need_case(staff, item)
    for level in (3, 2, 0):
        post(staff, case, "label", topics=["exams"], level=level).refused(None, 409)
    still = need_case(pro, item)
    assert still["urgent"] and still["level"] == "urgent" and still["dueAt"] == before["dueAt"], still
    staff.post(f"/cases/{case}/release").ok()
    decide(pro, case, "label", topics=["exams"], level=2)
    after = need_case(pro, item)
    assert not after["urgent"] and after["level"] == "medium" and after["dueAt"] > before["dueAt"], after
    written = [f"{e['kind']} {e['code']}" for e in told(pro, case)["events"] if e["role"] == "professional"]
    assert any(mark in one for one in written for mark in ("medium", "lower", "2")), f"the history does not say so: {written}"
    assert house.chain(case)


def test_a_level_raised_to_urgent_calls_somebody(house):
    """Raised to urgent by a decision it is like any urgent case: an alarm leaves the house, and it is due in minutes."""
    room = house.room("forum", "byRisk")
    staff = house.moderator(duty=600)
    item = write(house.member(), room, MINE.format("today"))["id"]
    case = about(item, house.member(), staff)
    before, calls = need_case(staff, item), len(house.alarms())
    post(staff, case, "label", topics=["exams"], level=4).ok()
    house.jobs()
    after = need_case(staff, item)
    assert after["urgent"] and after["level"] == "urgent"
    assert len(house.alarms()) > calls, "nobody was called"
    assert after["dueAt"] < before["dueAt"], f"due at {before['dueAt']} before and at {after['dueAt']} now"


def test_a_withdrawn_post_stays_withdrawn(house):
    """Taken back by its author, a post is shown to nobody again, whatever is decided in its case."""
    room = house.room("forum", "byRisk")
    staff, pro, me, reader = house.moderator(), house.professional(), house.member(), house.member()
    for kind, acts in (
            ("unkind", [(staff, "approve")]), ("unkind", [(staff, "restore")]), ("danger", [(staff, "hide"), (pro, "restore")]),
            ("danger", [(pro, "approve")])):
        word = house.word()
        item = write(me, room, MINE.format(word))["id"]
        report(reader, item, kind)
        case = need_case(pro, item)["id"]
        me.post(f"/items/{item}/withdraw").ok()
        for face, act in acts:
            face.post(f"/cases/{case}/claim")
            post(face, case, act, reason="heated")
            face.post(f"/cases/{case}/release")
            house.jobs()
            assert gone(reader, room, item, word), f"{act} showed what its author had taken back"
    assert reader.get(f"/rooms/{room}").json["items"] == []


def test_a_turned_appeal_shows_no_withdrawn_post(house):
    """An appeal about a label, a mask or a return is turned after the author took the post back: it stays away."""
    room = house.room("forum", "byRisk")
    staff, other, me, reader = house.moderator(), house.moderator(), house.member(), house.member()
    acts = {
        "label": {"topics": ["exams"]}, "mask": {"reason": "finding", "masked": "A long day."}, "return": {"reason": "finding"}}
    for act, fields in acts.items():
        word = house.word()
        item = write(me, room, MINE.format(word))["id"]
        case = about(item, reader, staff)
        post(staff, case, act, **fields).ok()
        appeal(me, item, act)
        me.post(f"/items/{item}/withdraw").ok()
        turn(other, item)
        house.jobs()
        assert gone(reader, room, item, word), f"a turned appeal about a {act} published what its author had taken back"
        assert see(me, item)["item"]["state"] == "withdrawn"


def test_a_decision_is_about_the_words_that_were_read(house):
    """The author changed the words while a moderator read: the decision about the old ones is refused, nothing is shown."""
    room = house.room("quiet", "before")
    staff, me, reader = house.moderator(), house.member(), house.member()
    item = write(me, room, MINE.format("today"))["id"]
    case = need_case(staff, item)["id"]
    claim(staff, case)
    old = version(staff, case)
    form = staff.open(f"/cases/{case}").ok(200).page.form(f"/cases/{case}/decisions")
    seen = {name: value for name, value in form["fields"].items() if name in ("key", "version")}
    word = house.word()
    me.post(f"/items/{item}/edit", title="Another day", body=MINE.format(word)).ok()
    page = staff.send(f"/cases/{case}/decisions", act="approve", **seen)
    assert page.status == 409, f"decided about words that nobody read: {page.status} {see(reader, item)}"
    post(staff, case, "approve", version=old).refused(None, 409)
    assert gone(reader, room, item, word) and see(me, item)["item"]["state"] == "waiting"
    assert need_case(staff, item)["id"] == case
    # Read again, it can be decided; without a version as before.
    new = version(staff, case)
    assert new != old
    post(staff, case, "approve", version=new).ok()
    assert word in see(reader, item)["item"]["body"]
    plain = write(me, room, MINE.format("and on"))["id"]
    decide_item(staff, plain, "approve")
    assert see(reader, plain)


def test_a_decision_pressed_twice_is_one_decision(house):
    """The same press again: the same answer, one decision, one sanction; another press is another decision."""
    room = house.room("forum", "byRisk")
    staff, me, reader = house.moderator(), house.member(), house.member()
    item = write(me, room, MINE.format("today"))["id"]
    case = about(item, reader, staff)
    for act, fields in (("restrict", {"sanction": "warning", "deliberate": True}), ("hide", {})):
        fields = {"act": act, "reason": "bullying", "key": f"one-press-{act}", **fields}
        first = staff.post(f"/cases/{case}/decisions", fields).ok().json
        second = staff.post(f"/cases/{case}/decisions", fields)
        assert second.status < 300, f"{act} a second time: {second.status} {second.text[:200]}"
        assert (second.json["decision"], second.json["case"]) == (first["decision"], first["case"]), f"{act} was decided twice"
    standing = me.get("/standing").ok().json
    assert [s["step"] for s in standing["sanctions"]] == ["warning"], standing["sanctions"]
    assert sorted(s["act"] for s in standing["statements"]) == ["hide", "restrict"], standing["statements"]
    assert [e["code"].split(":")[0] for e in told(staff, case)["events"] if e["kind"] == "decided"] == ["restrict", "hide"]
    assert house.chain(case)


def test_words_of_the_young_are_not_moved_among_adults(house):
    """A thread is moved only to where its author may be."""
    young, old = house.room("young", "before", "13-15"), house.room("grown", "byRisk", "18-25")
    staff, child, adult = house.moderator(), house.member("13-15"), house.member()
    child.post(f"/rooms/{young}/join").ok()
    word = house.word()
    waiting, shown = (write(child, young, MINE.format(word))["id"] for _ in range(2))
    decide_item(staff, shown, "approve")
    staff.post(f"/items/{shown}/reports", kind="unkind").ok(201)
    for item in (waiting, shown):
        case = need_case(staff, item)["id"]
        claim(staff, case)
        post(staff, case, "move", room=old).refused()
        assert see(child, item)["item"]["room"] == young and gone(adult, old, item, word)
        assert need_case(staff, item)["room"] == young


def test_a_moved_thread_takes_the_cases_of_its_replies_along(house):
    """After a move those who look after the new room find what is open about the thread's replies."""
    here, there = house.room("here", "byRisk"), house.room("there", "byRisk")
    staff, me, friend = house.moderator(), house.member(), house.member()
    thread = write(me, here, MINE.format("today"))["id"]
    reply = answer(friend, thread, "The same here, with biscuits.")["id"]
    held = answer(friend, thread, COMPARING.format("So."))["id"]
    report(me, reply, "unkind")
    case = about(thread, friend, staff)
    post(staff, case, "move", room=there).ok()
    assert see(me, thread)["item"]["room"] == there and see(me, reply)["item"]["room"] == there
    nearby = house.moderator(room=there)
    for item in (reply, held):
        assert need_case(staff, item)["room"] == there, "the case stayed behind"
        decide(nearby, need_case(nearby, item)["id"], "hide", reason="heated")


def test_a_changed_item_keeps_its_old_words_for_its_case(house):
    """Changing the words does not take them from whoever looks at the case: the history holds them as they were."""
    quiet, forum = house.room("quiet", "before"), house.room("forum", "byRisk")
    staff, me, reader = house.moderator(), house.member(), house.member()
    old = []
    for room in (quiet, forum):
        title, body, new = house.word(), house.word(), house.word()
        old += [title, body]
        item = write(me, room, MINE.format(body), title=f"About {title}")["id"]
        if room == forum:
            report(reader, item, "unkind")
        case = need_case(staff, item)["id"]
        me.post(f"/items/{item}/edit", title="Another day", body=MINE.format(new)).ok()
        seen = told(staff, case)
        assert new in seen["original"]
        kept = " ".join(e["words"] or "" for e in seen["events"])
        assert body in kept and title in kept, f"the words as they were are gone from the history: {seen['events']}"
        page = staff.open(f"/cases/{case}").ok(200).page.words
        assert body in page and title in page and new in page
        for face in (reader, me, house.visitor()):
            assert body not in face.get(f"/items/{item}").text and item not in found(face, body), "others still read the old words"
    house.night()
    assert all(house.grep(word) == 0 for word in old), "the old words lie open in the file"


def test_a_turned_appeal_takes_the_mask_off(house):
    """A mask that somebody else finds wrong is taken off: the author's own words are back, for all."""
    room = house.room("forum", "byRisk")
    staff, other, me, reader = house.moderator(), house.moderator(), house.member(), house.member()
    word = house.word()
    item = write(me, room, MINE.format(word), title="Tea again")["id"]
    case = about(item, reader, staff)
    post(staff, case, "mask", reason="finding", masked="A long day, and the tea went cold again, …").ok()
    assert word not in see(reader, item)["item"]["body"] and found(reader, word) == []
    appeal(me, item, "mask")
    turn(other, item)
    back = see(reader, item)["item"]
    assert back["body"] == MINE.format(word) and back["title"] == "Tea again", back
    assert found(reader, word) == [item] and word in reader.open(f"/items/{item}").text


def test_a_cover_without_a_matter_covers(house):
    """A moderator may cover words that no matter of the list fits: every reader opens them by hand."""
    room = house.room("forum", "byRisk")
    staff, me, reader = house.moderator(), house.member(), house.member()
    word = house.word()
    item = write(me, room, MINE.format(word))["id"]
    assert see(reader, item)["item"]["sight"] == "show"
    post(staff, about(item, reader, staff), "cover").ok()
    for one in (see(reader, item)["item"], next(i for i in reader.get(f"/rooms/{room}").json["items"] if i["id"] == item)):
        assert one["sight"] == "cover", one
    page = reader.open(f"/items/{item}").ok(200)
    assert "<details" in page.text and any(word in d["text"] and not d["open"] for d in page.page.details), "it stands there open"
    assert see(me, item)["item"]["sight"] == "show", "one's own words are not covered"


def test_night_flags_count_beside_another_case(house):
    """Three flags in a night make new items wait even when something else about this person is already looked at."""
    room = house.room("forum", "byRisk")
    pro, me, reader = house.professional(), house.member(), house.member()
    trusted = [house.member() for _ in range(3)]
    house.advance(days=8)
    item = write(me, room, MINE.format("this evening"))["id"]
    assert me.post("/you/age", band="13-15").ok().json["waits"]
    assert [c["kind"] for c in queue(pro)] == ["age"]
    # Three accounts made for it are not three people who know the place.
    for stranger in [house.member() for _ in range(3)]:
        report(stranger, item, "unkind")
    house.jobs()
    assert see(reader, item)["item"]["state"] == "shown", "fresh accounts made somebody's words go"
    for reporter in trusted:
        report(reporter, item, "unkind")
    house.jobs()
    made = write(me, room, MINE.format("later that night"))
    assert made["state"] == "waiting", f"new items do not wait: {made['state']}"
    assert see(reader, made["id"]) is None and see(reader, item) is None
    case = next((c["id"] for c in queue(pro) if any(e["code"] == "night-flags" for e in told(pro, c["id"])["events"])), None)
    assert case, "staff do not see why"
    # Reviewed: a person looks, and it is over.
    decide(pro, case, "approve")
    assert write(me, room, MINE.format("the day after"))["state"] == "shown"


def test_a_claimed_case_is_not_taken_away(house):
    """Overdue or not, while the claim runs the case is with whoever took it."""
    room = house.room("forum", "byRisk")
    staff = house.moderator(duty=600)
    item = write(house.member(), room, URGENT.format("So."))["id"]
    case = need_case(staff, item)["id"]
    claim(staff, case)
    house.advance(minutes=6)
    assert need_case(staff, item)["claimedBy"] == staff.name, "taken from the person who has it"
    house.advance(minutes=15)
    assert need_case(staff, item)["claimedBy"] is None, "a claim does not run for ever"


def test_a_closed_case_calls_nobody(house):
    """Closing a case ends its alerts: none is open, and none climbs."""
    room = house.room("forum", "byRisk")
    pro = house.professional(duty=600)
    item = write(house.member(), room, URGENT.format("So."))["id"]
    case = need_case(pro, item)["id"]
    house.jobs()

    def open_alerts():
        pages = (pro.get("/queue").ok().json["alerts"], pro.get("/duty").ok().json["alerts"])
        return [a for alerts in pages for a in alerts if a["case"] == case]

    assert len(open_alerts()) == 2
    decide(pro, case, "close")
    assert open_alerts() == [], "an alert about a closed case is still open"
    calls = len(house.alarms())
    house.advance(minutes=40)
    assert len(house.alarms()) == calls and open_alerts() == []
