"""Mended again: a press counts for its words, danger is heard at every door, whoever has a case keeps it."""

import datetime

import pytest

from cast import (
    MINE, URGENT, answer, case_about, claim, decide, decide_item, found, need_case, queue, report, see, threads, write)

NOTHING_COUNTS = "so it counts: nothing."
# What somebody may disclose about home; the simple rules find it as abuse: danger, but not of this minute. Invented.
AT_HOME = "My stepdad hits me when the shopping is late, and I am scared to go home. {}"


@pytest.fixture
def room(house):
    return house.room("forum", "byRisk")


def urgent(staff):
    return {case["id"] for case in queue(staff) if case["urgent"]}


def told(staff, case):
    return staff.get(f"/cases/{case}").ok().json


def post(staff, case, act, **fields):
    return staff.post(f"/cases/{case}/decisions", {"act": act, **fields})


def judged(staff, face, item, act, **fields):
    """Somebody reports this item and the staff decide it: the decision."""
    report(face, item)
    return decide_item(staff, item, act, reason="bullying", **fields)["decision"]


def age_waits(staff, me):
    """They say they are much younger, and a person looks first: a case about the account and no item."""
    assert me.post("/you/age", band="13-15").ok().json["waits"]
    return next(c["id"] for c in queue(staff) if c["kind"] == "age" and not c["item"])


def only_a_professional_ends(house, case, pro):
    """Whoever may not close a risk neither closes nor approves this case, whatever its kind is called."""
    for role in ("administrative-moderator", "trained-paid-staff"):
        staff = house.staff(role)
        assert "closeRisk" not in told(staff, case)["powers"]
        claim(staff, case)
        for act in ("close", "approve"):
            post(staff, case, act).refused(None, 403, 409)
        staff.post(f"/cases/{case}/release").ok()
        assert case in {c["id"] for c in queue(pro)}, f"{role} ended it"
    decide(pro, case, "close")
    assert case not in {c["id"] for c in queue(pro)}


def test_a_press_with_other_words_is_another_post(house, room):
    """Sent, gone back and written anew with the same key: both are kept, and danger is heard; the same words once more
    are the same thing. For threads, replies and messages."""
    pro, me, friend, calm = house.professional(duty=600), house.member(), house.member(), house.word()
    base = write(friend, room, MINE.format("today"))["id"]
    press = {"voice": "name", "key": "one-press"}
    for path, more in ((f"/rooms/{room}/items", {"title": "Me", **press}), (f"/items/{base}/replies", press)):
        before, calls, word = urgent(pro), len(house.alarms()), house.word()
        first = me.post(path, more, body=MINE.format(calm)).ok(201).json
        again = me.post(path, more, body=MINE.format(calm)).ok().json
        assert again["id"] == first["id"] and again["already"], "the same words twice are two things"
        second = me.post(path, more, body=URGENT.format(word)).ok(201).json
        assert second["id"] != first["id"] and not second["already"], f"danger was taken for the first press: {second}"
        house.jobs()
        assert second["help"] == "atOnce" and see(me, second["id"])["item"]["state"] == "held"
        assert see(me, first["id"])["item"]["state"] == "shown"
        case = need_case(pro, second["id"])["id"]
        assert urgent(pro) - before == {case} and len(house.alarms()) > calls and word in told(pro, case)["original"]
    assert len(threads(friend, room)) == 2 and [r["id"] for r in see(friend, base)["replies"]] == [first["id"]]
    talk = me.post("/conversations", words="Can we talk?", key="one-press").ok(201).json["id"]
    before, word = urgent(pro), house.word()
    sent = [me.post(f"/conversations/{talk}/messages", words=words, key="one-press").ok().json["id"]
            for words in (MINE.format(calm), MINE.format(calm), URGENT.format(word))]
    assert sent[0] == sent[1] != sent[2], sent
    said = [m["body"] for m in me.get(f"/conversations/{talk}").ok().json["messages"]]
    assert said == ["Can we talk?", MINE.format(calm), URGENT.format(word)], said
    assert [told(pro, case)["conversation"] for case in urgent(pro) - before] == [talk], "nobody hears it"


def test_hide_after_approve_is_not_taken_for_the_approval(house, room):
    """Approve, back, and hide with the key of the same page: hidden, or refused for a closed case, never "done"."""
    staff, me, friend = house.moderator(), house.member(), house.member()
    for danger, first in ((False, "approve"), (False, "label"), (True, "approve"), (True, "return")):
        item = write(me, room, MINE.format("today"))["id"]
        report(friend, item, "danger" if danger else "unkind")
        case = need_case(staff, item)["id"]
        claim(staff, case)
        one = post(staff, case, first, topics=["exams"], reason="heated", key="one-page")
        got = post(staff, case, "hide", reason="heated", key="one-page")
        state = see(me, item)["item"]["state"]
        if got.status == 409:
            assert (danger, first, state) == (False, "approve", "shown"), f"after {first} the case is open: {got.text}"
        else:
            assert got.ok() and state == "hidden" and see(friend, item) is None, f"{first}, then hide did nothing"
            assert got.json["decision"] != one.json.get("decision"), "answered with the first decision"
        page = staff.send(f"/cases/{case}/decisions", act="remove", reason="hate", key="one-page")
        state = see(me, item)["item"]["state"]
        assert (page.status, state == "removed") in ((409, False), (303, True)), f"answered {page.status}: {state}"


def test_a_corrected_decision_is_not_taken_for_the_first(house, room):
    """The same act, pressed again with the page's key and another level, another mask: it is done, or it is refused."""
    staff, me, friend = house.moderator(), house.member(), house.member()
    item = write(me, room, MINE.format("today"))["id"]
    report(friend, item)
    case = need_case(staff, item)["id"]
    claim(staff, case)
    post(staff, case, "label", topics=["exams"], key="one-page").ok()
    raised = post(staff, case, "label", topics=["exams"], level=4, key="one-page")
    assert raised.status == 409 or need_case(staff, item)["urgent"], "answered as done, and the case is not urgent"
    post(staff, case, "mask", reason="finding", masked="A long day, and the tea.", key="one-page").ok()
    masked = post(staff, case, "mask", reason="finding", masked="A long day.", key="one-page")
    assert masked.status == 409 or see(friend, item)["item"]["body"] == "A long day.", "answered as done, and it is not"


def test_more_words_about_a_post_that_was_taken_back_are_read(house, room):
    """They press danger, then find the words for it: the case holds them, and the receipt is the first one."""
    staff, me, friend = house.moderator(duty=600), house.member(), house.member()
    for early in (True, False):
        item, word = write(me, room, MINE.format("today"))["id"], house.word()
        if early:
            me.post(f"/items/{item}/withdraw").ok()
        first = report(friend, item, "danger")
        me.post(f"/items/{item}/withdraw").ok()
        case = need_case(staff, item)["id"]
        second = report(friend, item, "danger", words=MINE.format(word))
        assert second["id"] == first["id"] and second["already"] and not first["already"], (first, second)
        seen = told(staff, case)
        assert any(word in r["words"] for r in seen["reports"]), f"what they added is lost: {seen['reports']}"
        assert len(seen["reports"]) == 1 and need_case(staff, item)["id"] == case
        assert word in staff.open(f"/cases/{case}").ok(200).page.words and see(friend, item) is None


def test_danger_in_a_second_appeal_is_heard(house, room):
    """Already appealed, and worse now: whatever becomes of the appeal, a person reads these words."""
    staff, pro = house.moderator(), house.professional(duty=600)
    for sentence in (URGENT, AT_HOME):
        me, word = house.member(), house.word()
        made = judged(staff, house.member(), write(me, room, MINE.format("today"))["id"], "remove")
        me.post(f"/decisions/{made}/appeal", words="I see it another way.").ok(201)
        before, calls = {c["id"] for c in queue(pro)}, len(house.alarms())
        assert me.post(f"/decisions/{made}/appeal", words=sentence.format(word)).ok().json["already"]
        house.jobs()
        new = [c for c in queue(pro) if c["id"] not in before]
        assert [c["level"] for c in new] == ["urgent" if sentence == URGENT else "high"], f"nobody reads it: {new}"
        assert word in str(told(pro, new[0]["id"])["events"])
        assert (len(house.alarms()) > calls) == (sentence == URGENT), "nobody was called"


def test_danger_in_a_report_too_many_is_heard(house, room):
    """The eleventh report of a day is one too many, but what they tell in it is read."""
    pro, writer, me = house.professional(duty=600), house.member(), house.member()
    items = [write(writer, room, MINE.format(f"number {n}"))["id"] for n in range(11)]
    for item in items[:10]:
        report(me, item)
    me.post(f"/items/{items[10]}/reports", kind="unkind", words="This is not kind.").refused(None, 429)
    before, word = {c["id"] for c in queue(pro)}, house.word()
    got = me.post(f"/items/{items[10]}/reports", kind="unkind", words=AT_HOME.format(word))
    assert got.refused(None, 429).json["help"] == "atOnce"
    new = [c for c in queue(pro) if c["id"] not in before]
    assert len(new) == 1 and new[0]["level"] == "high", f"nobody reads it: {new}"
    assert word in pro.get(f"/cases/{new[0]['id']}").text


def test_nobody_blocks_a_moderator_away(house, room):
    """A member presses block on a moderator's reply: the moderator still finds, reads and hides their words."""
    staff, me, rude, word = house.moderator(), house.member(), house.member(), house.word()
    base = write(me, room, MINE.format("today"))["id"]
    theirs, theirs_too = (write(rude, room, MINE.format(word))["id"] for _ in range(2))
    rude.post(f"/items/{answer(staff, base, 'I read it, and I am glad you wrote.')['id']}/block").ok()
    rude.post(f"/items/{base}/block").ok()
    assert see(me, theirs) is None, "a block of a member holds"
    assert word in staff.open(f"/items/{theirs}").ok(200).text and word in see(staff, theirs)["item"]["body"]
    assert {theirs, theirs_too} <= set(threads(staff, room)) and set(found(staff, word)) == {theirs, theirs_too}
    assert answer(staff, theirs, "I read this one as well.")["state"] == "shown"
    staff.post(f"/items/{theirs}/hide", reason="hate").ok()
    assert see(rude, theirs)["item"]["state"] == "hidden" and see(house.member(), theirs) is None


def appealed(house, room, pro, sentence):
    """Somebody's post was removed, and they appeal with these words: the post, its author and the case."""
    me = house.member()
    item = write(me, room, MINE.format("today"))["id"]
    made = judged(house.moderator(), house.member(), item, "remove")
    me.post(f"/decisions/{made}/appeal", words=sentence.format("So.")).ok(201)
    return me, item, need_case(pro, item, "appeal")["id"]


def test_an_appeal_of_danger_is_for_a_professional(house, room):
    """An appeal that says somebody is in danger is not decided by those who keep the rooms in order."""
    admin, pro = house.staff("administrative-moderator"), house.professional()
    case = appealed(house, room, pro, MINE)[2]
    claim(admin, case)
    admin.post(f"/cases/{case}/appeal", outcome="upheld").ok()
    for sentence in (URGENT, AT_HOME):
        me, item, case = appealed(house, room, pro, sentence)
        claim(admin, case)
        for outcome in ("upheld", "turned"):
            admin.post(f"/cases/{case}/appeal", outcome=outcome).refused(None, 403, 409)
        post(admin, case, "close").refused(None, 403, 409)
        assert case_about(pro, item, "appeal") and see(me, item)["item"]["state"] == "removed", "they decided it"
        admin.post(f"/cases/{case}/release").ok()
        claim(pro, case)
        pro.post(f"/cases/{case}/appeal", outcome="upheld").ok()
        assert not case_about(pro, item, "appeal") and me.get("/standing").json["statements"][0]["appeal"] == "upheld"


@pytest.mark.parametrize("sentence", [URGENT, AT_HOME], ids=["urgent", "high"])
def test_a_turned_appeal_of_danger_takes_the_decision_back(house, room, sentence):
    """A professional takes it from somebody who may not end it; and "turned" means that the words stand again."""
    admin, pro = house.staff("administrative-moderator"), house.professional()
    me, item, case = appealed(house, room, pro, sentence)
    claim(admin, case)
    pro.post(f"/cases/{case}/claim").ok()
    pro.post(f"/cases/{case}/appeal", outcome="turned").ok()
    assert me.get("/standing").json["statements"][0]["appeal"] == "turned"
    assert see(me, item)["item"]["state"] == "shown", "told that it was turned, and it is still down"


@pytest.mark.parametrize("sentence", [URGENT, AT_HOME], ids=["urgent", "high"])
def test_danger_is_not_hidden_in_a_case_about_age(house, sentence):
    """Danger with no place to stand joins what is open about the same person: now it is for a professional."""
    pro, me, word = house.professional(duty=600), house.member(), house.word()
    young, admin = house.room("young", "before", "13-15"), house.staff("administrative-moderator")
    decide(admin, age_waits(pro, house.member()), "close")  # without danger, those who read the queue end it
    case = age_waits(pro, me)
    me.post(f"/rooms/{young}/items", title="Now", body=sentence.format(word), wants="listen", voice="name").refused()
    assert word in str(told(pro, case)["events"]) and [c["id"] for c in queue(pro)] == [case]
    only_a_professional_ends(house, case, pro)


@pytest.mark.parametrize("kind", ["edited", "reported", "talk"])
def test_danger_is_not_hidden_in_a_plainer_case(house, kind):
    """A plain reading, an unkind word, a talk; and then danger: from now on only a professional ends it."""
    pro, me, friend, word = house.professional(duty=600), house.member(), house.member(), house.word()
    if kind == "talk":
        talk = me.post("/conversations", words="Can we talk?").ok(201).json["id"]
        case = next(c["id"] for c in queue(pro) if c["conversation"] == talk)
        me.post(f"/conversations/{talk}/messages", words=URGENT.format(word)).ok()
    else:
        item = write(me, house.room("forum", "before" if kind == "edited" else "byRisk"), MINE.format("today"))["id"]
        if kind == "reported":
            report(friend, item)
        case = need_case(pro, item)["id"]
        if kind == "edited":
            me.post(f"/items/{item}/edit", title="Now", body=URGENT.format(word)).ok()
        else:
            report(house.member(), item, "danger", words=MINE.format(word))
    assert urgent(pro) == {case} == {c["id"] for c in queue(pro)} and word in pro.get(f"/cases/{case}").text
    only_a_professional_ends(house, case, pro)


def test_an_undone_decision_counts_nowhere(house, room):
    """Taken back within minutes: not in the standing, not in the month's numbers, not on the ladder."""
    staff, friend = house.moderator(), house.member()

    def counted():
        """In the month that ends with this."""
        month = house.advance(0)[:7]
        house.advance(days=31)
        house.duty(staff)
        numbers = house.visitor().get("/counts", month=month).ok().json
        return {row["what"] for table in ("acts", "reasons") for row in numbers[table]}

    steps = []
    for undone in (True, False):
        me = house.member()
        for n in range(3):
            item = write(me, room, MINE.format(f"number {n}"))["id"]
            made = judged(staff, friend, item, "hide", deliberate=True)
            standing = me.get("/standing").ok().json["statements"]
            assert standing[0]["id"] == made
            if undone:
                staff.post(f"/decisions/{made}/undo").ok()
                assert see(friend, item), "it does not stand as before"
                assert me.get("/standing").json["statements"] == []
        told = counted()
        assert {"hide", "bullying"} & told == (set() if undone else {"hide", "bullying"}), told
        assert (NOTHING_COUNTS in me.open("/standing").page.words) == undone
        judged(staff, friend, write(me, room, MINE.format("the last"))["id"], "restrict", deliberate=True)
        steps.append([s["step"] for s in me.get("/standing").json["sanctions"]])
    assert steps == [["edit-with-message"], ["warning"]], steps


def test_the_youngest_do_not_read_a_room_of_young_and_grown(house):
    """A room for sixteen and over that anyone may read is not for eleven and thirteen, by no address."""
    room = house.room("mixed", "byRisk", "16-17,18-25", readable="anyone")
    writer, word = house.member(), house.word()
    item = write(writer, room, MINE.format(word))["id"]
    decide_item(house.professional(), item, "approve")
    for band in ("16-17", "18-25"):
        reader = house.member(band)
        assert see(reader, item) and threads(reader, room) == found(reader, word) == [item], f"{band} may read it"
    for reader in (house.member("11-12"), house.member("13-15"), house.visitor()):
        for path in (f"/rooms/{room}", f"/items/{item}"):
            assert reader.get(path).status in (401, 404) and word not in reader.open(path).text, path
        if reader.name:
            assert found(reader, word) == [] and word not in reader.get("/today").text + reader.open("/today").text
            reader.post(f"/items/{item}/replies", body="Hello.", voice="name").refused(None, 403, 404)
            reader.post(f"/items/{item}/support", word="hear").refused(None, 403, 404)
        assert not next((r["mayRead"] for r in reader.get("/rooms").json["rooms"] if r["id"] == room), False)


def test_a_private_word_from_a_case_is_one_talk(house):
    """Written twice with one press to somebody whose case is about no item: one talk, one message, one case."""
    pro, me = house.professional(duty=600), house.member()
    case = age_waits(pro, me)
    hello = {"words": "How are you today?", "key": "one-press"}
    talk, again = (pro.post(f"/cases/{case}/conversation", hello).ok(201).json["conversation"] for _ in range(2))
    assert talk == again, "two talks"
    assert [c["id"] for c in me.get("/talk").ok().json["conversations"]] == [talk]
    assert [m["body"] for m in me.get(f"/conversations/{talk}").json["messages"]] == ["How are you today?"]
    for words in (MINE.format("today"), URGENT.format("So.")):
        me.post(f"/conversations/{talk}/messages", words=words).ok()
        assert [c["id"] for c in queue(pro)] == [case], f"the answer is a case of its own: {queue(pro)}"
    seen = told(pro, case)
    assert seen["conversation"] == talk and seen["case"]["urgent"]
    assert [m["fromStaff"] for m in seen["messages"]] == [True, False, False], seen["messages"]


def test_whoever_has_a_case_keeps_it_when_its_time_is_over(house, room):
    """Claimed, and claimed anew before the time was over: it climbs, others are called, and it stays with them."""
    staff, other = house.moderator(duty=600), house.moderator()
    item = write(house.member(), room, URGENT.format("So."))["id"]
    house.jobs()
    case = need_case(staff, item)["id"]
    for alert in staff.get("/queue").ok().json["alerts"]:
        staff.post(f"/alerts/{alert['id']}/acknowledge").ok()
    claim(staff, case)
    house.advance(minutes=19)
    claim(staff, case)
    tier, calls = need_case(staff, item)["tier"], len(house.alarms())
    for _ in range(3):
        house.advance(minutes=6)
        now = need_case(other, item)
        assert now["claimedBy"] == staff.name, f"taken from the person who has it: {now}"
    assert now["tier"] != tier and len(house.alarms()) > calls, f"nobody else was called: {now}"
    assert any(e["kind"] == "climbed" for e in told(other, case)["events"])
    other.post(f"/cases/{case}/claim").refused(None, 409)


def shift(house, operator, face, hours=2):
    """They are on the roster in some hours."""
    now = datetime.datetime.fromisoformat(house.advance(0).replace("Z", "+00:00"))
    begin, end = ((now + datetime.timedelta(hours=h)).strftime("%Y-%m-%dT%H:%M:%SZ") for h in (hours, hours + 4))
    who = next(s["account"] for s in operator.get("/operator/staff").ok().json["staff"] if s["name"] == face.name)
    fields = {"account": who, "role": "administrative-moderator", "from": begin, "until": end}
    operator.post("/operator/roster", fields).ok()


def test_staff_who_left_are_not_here(house, room):
    """On shift when they erased their account: nobody is here, and nobody is promised."""
    operator, staff, other, me = house.operator(), house.professional(), house.moderator(), house.member()
    words = staff.post("/you/way-back").ok().json["wayBack"]
    house.advance(hours=25)
    house.duty(staff, 600)
    shift(house, operator, staff, hours=20)

    def here():
        said = {got.ok().json["staffOnDuty"] for got in (me.get("/talk"), me.get("/help"), house.visitor().get("/"))}
        said |= {me.get(f"/rooms/{room}/card").json["room"]["staffOnDuty"]}
        assert len(said) == 1, "two pages say two things"
        return said.pop()

    assert here() and [s["name"] for s in other.get("/duty").json["onDuty"]] == [staff.name]
    staff.post("/you/erase", words=" ".join(words), pace="now").ok()
    assert not here(), "an erased account is somebody"
    seen = other.get("/duty").ok().json
    assert seen["onDuty"] == [] and seen["roster"] == [] and operator.get("/operator/roster").json["roster"] == []
    for path in (f"/rooms/{room}", f"/rooms/{room}/card", "/talk"):
        assert "due back" not in me.open(path).ok(200).page.words, f"{path} promises somebody who left"


def test_nobody_is_promised_who_may_not_read(house):
    """"Someone is due back" is said for a shift of somebody who may read this room's queue then, and for no other."""
    operator, child = house.operator(), house.member("13-15")
    young, shut = house.room("young", "before", "13-15"), house.room("shut", "before", "13-15", night="close")
    item = write(child, young, MINE.format("today"))["id"]

    def promised():
        pages = [f"/rooms/{room}{part}" for room in (young, shut) for part in ("", "/card")] + [f"/items/{item}/sent"]
        said = {"due back" in child.open(path).ok(200).page.words for path in pages}
        said |= {child.get(f"/rooms/{shut}/card").json["room"]["opensAt"] is not None}
        assert len(said) == 1, "two pages say two things"
        return said.pop()

    assert not promised()
    grown, volunteer = house.room("grown", "byRisk"), house.staff("trained-peer-volunteer")
    for face in (house.moderator(checked=False), house.moderator(room=grown), volunteer, operator):
        shift(house, operator, face)
        assert not promised(), f"{face.name} may not read this room"
    assert "due back" in house.member().open(f"/rooms/{grown}/card").page.words, "they may read the room of adults"
    shift(house, operator, house.moderator(), hours=5)
    assert promised()


def test_a_heavy_label_makes_words_heavy(house, room):
    """A moderator labels plain words as heavy: they leave a light home page, and wait under a cover."""
    staff, me, reader, spent = house.moderator(), house.member(), house.member(), house.member()
    for face, limit in ((reader, 20), (spent, 0)):
        face.post("/see", {"matter.drink-and-drugs": "show", "heavy_limit": limit}).ok()
    reader.post("/welcome-heavy").ok()
    item = write(me, room, MINE.format("today"))["id"]
    report(house.member(), item)
    case = need_case(staff, item)["id"]
    claim(staff, case)

    def seen():
        home = item in [i["id"] for i in reader.get("/today").ok().json["items"]]
        listed = next(i for i in spent.get(f"/rooms/{room}").ok().json["items"] if i["id"] == item)
        return home, listed["sight"], [b["rule"] for b in listed["because"]]

    assert seen() == (True, "show", [])
    post(staff, case, "label", topics=["saying-no"]).ok()
    assert seen() == (True, "show", []), "a light topic is not heavy"
    post(staff, case, "label", topics=["drink-and-drugs"]).ok()
    assert seen() == (False, "cover", ["limit"]), seen()
    assert item in threads(reader, room) and see(reader, item)["item"]["sight"] == "show", "the room still shows it"


@pytest.mark.parametrize("way", ["left", "closed"])
def test_a_room_one_is_no_longer_in_takes_no_replies(house, way):
    """After leaving, or after the room was closed, their own thread takes no reply of theirs; they keep the words, and
    danger is heard all the same."""
    operator, pro, me, friend = house.operator(), house.professional(duty=600), house.member(), house.member()
    room = house.room("circle", "byRisk", readable="members")
    for face in (me, friend):
        face.post(f"/rooms/{room}/join").ok()
    item = write(me, room, MINE.format("today"))["id"]
    answer(me, item, "And it is raining.")
    if way == "left":
        me.post(f"/rooms/{room}/leave").ok()
    else:
        operator.post(f"/operator/rooms/{room}/close").ok()
    path, before = f"/items/{item}/replies", house.sql("SELECT count(*) AS n FROM item")[0]["n"]
    for sentence in (MINE, URGENT):
        word, other, calls, known = house.word(), house.word(), len(house.alarms()), urgent(pro)
        refused = me.post(path, body=sentence.format(word), voice="name").refused(None, 403, 404, 409).json
        page = me.send(path, body=sentence.format(other), voice="name")
        assert page.status >= 400 and other in page.text, f"their words are gone: {page.status}"
        house.jobs()
        new = urgent(pro) - known
        if sentence == MINE:
            assert queue(pro) == []
            continue
        assert refused["help"] == "atOnce" and "tel:" in page.text
        heard = [pro.get(f"/cases/{case}").ok().text for case in new]
        assert len(heard) == 1 and word in heard[0] and other in heard[0] and len(house.alarms()) > calls, queue(pro)
    assert house.sql("SELECT count(*) AS n FROM item")[0]["n"] == before, "something was kept as a reply"
