"""Mended after an attack: what somebody with bad intentions, much haste or two fast thumbs found, and no longer finds."""

import concurrent.futures
import json
import threading

from cast import (
    COMPARING, METHOD, MINE, URGENT, answer, case_about, claim, decide, decide_item, found, need_case, queue, report, see, threads,
    write)
from face import Face, ServerFault

DANGER = {"kind": "danger", "words": "They told me they took something, they are at the bridge."}


def undo(staff, decision):
    return staff.post(f"/decisions/{decision}/undo")


def unseen(face, room, item, word):
    assert see(face, item) is None and item not in threads(face, room) and found(face, word) == [], "it is shown"


def urgent(staff):
    return {case["id"] for case in queue(staff) if case["urgent"]}


def judged(staff, face, item, act, kind="unkind", **fields):
    """Somebody reports this item and the staff decide it: the decision."""
    report(face, item, kind)
    return decide_item(staff, item, act, reason="being-looked-at", **fields)["decision"]


def turn(staff, item):
    case = next(c for c in queue(staff) if c["kind"] == "appeal" and c["item"] == item)["id"]
    claim(staff, case)
    staff.post(f"/cases/{case}/appeal", outcome="turned").ok()


def at_once(*presses):
    """Each (person, path, fields) in a thread and on a line of its own; the statuses, a stumble as its own words."""
    start = threading.Barrier(len(presses))
    lines = [face.house._face(Face(face.port, name=face.name, token=face.cookies["understory"], house=face.house))
             for face, _, _ in presses]
    assert all(line.csrf for line in lines)

    def go(line, press):
        start.wait(30)
        try:
            return line.post(press[1], press[2]).status
        except ServerFault as fault:
            return str(fault)[:200]

    with concurrent.futures.ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(go, lines, presses))


def test_undo_after_an_edit_is_refused(house):
    """Returned, changed by its author, undone: nobody has read the new words, so nothing is shown."""
    room = house.room("forum", "byRisk")
    staff, pro, me, reader = house.moderator(), house.professional(), house.member(), house.member()
    for by, kind in ((staff, "danger"), (pro, "danger"), (staff, "unkind")):
        for words in (METHOD, COMPARING):
            item, word = write(me, room, MINE.format("today"))["id"], house.word()
            made = judged(by, reader, item, "return", kind)
            state = me.post(f"/items/{item}/edit", title="Another day", body=words.format(word)).ok().json["state"]
            undo(by, made).refused(None, 409)
            unseen(reader, room, item, word)
            assert state != "shown" and see(me, item)["item"]["state"] == state and case_about(pro, item)


def test_undo_after_somebody_else_decided_is_refused(house):
    """What a colleague decided since stands; for children and adults, for a hidden and for an approved post."""
    staff, other, pro = house.moderator(), house.moderator(), house.professional()
    for key, moderation, band, kind, first in (
            ("forum", "byRisk", "18-25", "unkind", "return"), ("quiet", "before", "18-25", None, "approve"),
            ("grave", "byRisk", "18-25", "danger", "hide"), ("young", "before", "13-15", "unkind", "return")):
        room = house.room(key, moderation, band)
        me, reader, word = house.member(band), house.member(band), house.word()
        item = write(me, room, MINE.format(word))["id"]
        if moderation == "before" and kind:
            decide_item(other, item, "approve")
        if kind:
            report(reader, item, kind)
        made = decide_item(staff, item, first, reason="being-looked-at")["decision"]
        if kind == "danger":
            staff.post(f"/cases/{need_case(staff, item)['id']}/release")
        elif first == "approve":
            report(reader, item, "unkind")
        else:
            me.post(f"/items/{item}/edit", title="Another day", body=COMPARING.format(word)).ok()
        decide_item(pro if kind == "danger" else other, item, "remove", reason="being-looked-at")
        undo(staff, made).refused(None, 409)
        unseen(reader, room, item, word)
        assert see(me, item)["item"]["state"] == "removed", f"{first} in {key} was undone over a colleague's decision"


def test_undo_does_not_show_what_a_risk_holds(house):
    """A moderator who may not close a risk can not show its words by undoing either."""
    room = house.room("forum", "byRisk")
    staff, pro, me, reader, word = house.moderator(), house.professional(), house.member(), house.member(), house.word()
    item = write(me, room, MINE.format(word))["id"]
    made = judged(staff, reader, item, "hide", "danger")
    assert need_case(pro, item)["urgent"]
    undo(staff, made).refused(None, 409)
    unseen(reader, room, item, word)


def test_a_turned_appeal_shows_nothing_newer(house):
    """Edited since, or edited and returned again: the appeal about the first return is turned, and the words stay away."""
    room = house.room("forum", "byRisk")
    staff, other, pro = house.moderator(), house.moderator(), house.professional()
    for twice in (True, False):
        me, reader, word = house.member(), house.member(), house.word()
        item = write(me, room, MINE.format("today"))["id"]
        made = judged(staff, reader, item, "return")
        me.post(f"/decisions/{made}/appeal", words="I see it another way.").ok(201)
        me.post(f"/items/{item}/edit", title="Another day", body=COMPARING.format(word)).ok()
        if twice:
            case = next(c["id"] for c in queue(other) if c["item"] == item and c["kind"] != "appeal")
            decide(other, case, "return", reason="being-looked-at")
        turn(pro, item)
        unseen(reader, room, item, word)


def test_unmasking_keeps_the_newer_words(house):
    """Masked, changed by its author, appealed and turned: the author's newer words stand, the older do not come back."""
    room = house.room("forum", "byRisk")
    staff, pro, me, reader = house.moderator(), house.professional(), house.member(), house.member()
    old, new = house.word(), house.word()
    item = write(me, room, MINE.format(old))["id"]
    made = judged(staff, reader, item, "mask", "privacy", masked="A long day.")
    me.post(f"/decisions/{made}/appeal", words="I see it another way.").ok(201)
    me.post(f"/items/{item}/edit", title="Another day", body=MINE.format(new)).ok()
    turn(pro, item)
    assert new in see(me, item)["item"]["body"], "the author's own words are overwritten"
    assert found(reader, old) == [] and old not in reader.get(f"/items/{item}").text


def test_urgent_words_open_an_ended_talk_again(house):
    """Danger written into a talk that was ended is kept, opens it again, and calls somebody."""
    pro, me, word = house.professional(duty=600), house.member(), house.word()
    talk = me.post("/conversations", words="Can I talk to somebody?").ok(201).json["id"]
    decide(pro, next(c["id"] for c in queue(pro) if c["conversation"] == talk), "close")
    pro.post(f"/conversations/{talk}/end").ok()
    calls = len(house.alarms())
    got = me.post(f"/conversations/{talk}/messages", words=URGENT.format(word))
    assert got.status < 300, f"danger was turned away: {got.status} {got.text[:200]}"
    house.jobs()
    seen = me.get(f"/conversations/{talk}").ok().json
    assert word in json.dumps(seen["messages"]) and not seen["conversation"].get("closed"), seen["conversation"]
    case = next((c for c in queue(pro) if c["conversation"] == talk), None)
    assert case and case["urgent"] and len(house.alarms()) > calls, f"nobody was called: {case}"
    pro.post(f"/conversations/{talk}/messages", words="I am here.").ok()


def heard(house, pro, face, path, **fields):
    """Refused, with help at once in JSON and on the page, the words kept, and one urgent case that calls somebody."""
    word, before, calls = house.word(), urgent(pro), len(house.alarms())
    fields |= {"body": URGENT.format(word), "voice": "name"}
    told = face.post(path, fields).refused().json
    assert told.get("help") == "atOnce", told
    house.jobs()
    made = urgent(pro) - before
    assert len(made) == 1 and len(house.alarms()) > calls, f"nobody heard it: {queue(pro)}"
    assert word in pro.get(f"/cases/{made.pop()}").ok().text
    page = face.send(path, fields)
    assert page.status >= 400 and "tel:" in page.text and word in page.text
    assert found(house.member(), word) == []


def test_urgent_words_to_a_removed_thread_are_heard(house):
    """The thread was just taken down, the danger was not."""
    room = house.room("forum", "byRisk")
    staff, pro, friend = house.moderator(), house.professional(duty=600), house.member()
    item = write(house.member(), room, MINE.format("today"))["id"]
    judged(staff, friend, item, "remove")
    heard(house, pro, friend, f"/items/{item}/replies")


def test_urgent_words_in_a_room_for_others_are_heard(house):
    """Fourteen, and in the wrong room."""
    room, pro = house.room("forum", "byRisk"), house.professional(duty=600)
    heard(house, pro, house.member("13-15"), f"/rooms/{room}/items", title="Now", wants="listen")


def test_urgent_words_in_an_appeal_are_heard(house):
    """An appeal that says somebody is in danger does not wait in the line of appeals."""
    room = house.room("forum", "byRisk")
    staff, pro, me = house.moderator(), house.professional(duty=600), house.member()
    made = judged(staff, house.member(), write(me, room, MINE.format("today"))["id"], "remove")
    before, calls = urgent(pro), len(house.alarms())
    told = me.post(f"/decisions/{made}/appeal", words=URGENT.format("So.")).ok(201).json
    house.jobs()
    assert urgent(pro) - before and len(house.alarms()) > calls, f"it waits with the other appeals: {queue(pro)}"
    assert told.get("help") == "atOnce", told


def test_a_graver_report_of_the_same_person_counts(house):
    """Reported as unkind first, as dangerous a minute later, by the same person: the case is urgent and calls somebody."""
    room = house.room("forum", "byRisk")
    staff, friend = house.moderator(duty=600), house.member()
    item = write(house.member(), room, MINE.format("today"))["id"]
    report(friend, item)
    house.jobs()
    calls = len(house.alarms())
    assert not need_case(staff, item)["urgent"]
    report(friend, item, **DANGER)
    house.jobs()
    case = need_case(staff, item)
    assert case["urgent"] and case["level"] == "urgent", case
    assert len(house.alarms()) > calls, "nobody was called"
    assert "at the bridge" in staff.get(f"/cases/{case['id']}").ok().text, "what they added is not to be read"


def test_danger_is_heard_for_a_withdrawn_post(house):
    """Its author took it back while somebody was writing that they are in danger: taken, and an urgent case."""
    room = house.room("forum", "byRisk")
    pro, me, friend, word = house.professional(duty=600), house.member(), house.member(), house.word()
    item = write(me, room, MINE.format(word))["id"]
    me.post(f"/items/{item}/withdraw").ok()
    before = urgent(pro)
    friend.post(f"/items/{item}/reports", DANGER).ok(201)
    assert len(urgent(pro) - before) == 1
    unseen(friend, room, item, word)


def test_a_block_tells_nothing(house):
    """Trying to answer does not tell which anonymous words are the blocker's; nothing says that there is a block."""
    room = house.room("forum", "byRisk", anonymity="1")
    me, rude, friend = house.member(), house.member(), house.member()
    me.post("/you/second-name").ok(201)
    first = write(me, room, MINE.format("one"))["id"]
    theirs = write(rude, room, MINE.format("two"))["id"]
    me.post(f"/items/{theirs}/block").ok()
    hidden = write(me, room, MINE.format("three"), voice="anonymous")["id"]
    me.speak_as(2)
    second = write(me, room, MINE.format("four"))["id"]
    anybody = write(friend, room, MINE.format("five"), voice="anonymous")["id"]
    said = []
    for item in (hidden, second, anybody):
        for path, fields in ((f"/items/{item}/replies", {"body": "Hello to you.", "voice": "name"}),
                             (f"/items/{item}/support", {"word": "hear"})):
            got = rude.post(path, fields)
            said.append(got.text)
            assert got.status in (200, 201), f"one can tell by {path}: {got.status}"
        said.append(rude.get(f"/items/{item}").ok(200).text)
    for got in (rude.get(f"/items/{first}"), rude.post(f"/items/{first}/replies", body="Hello to you.", voice="name")):
        said.append(got.refused(None, 404).text)
    lists = [rude.get(f"/rooms/{room}").ok(), rude.get("/search", q="tea").ok()]
    assert all(first not in [i["id"] for i in got.json["items"]] for got in lists)
    said += [got.text for got in lists] + [rude.get("/today").text, rude.get(f"/items/{theirs}").ok().text]
    assert not any("blocked" in text for text in said)
    assert see(friend, first) and see(me, first), "gone for everybody"


def test_claiming_again_does_not_put_it_off(house):
    """Acknowledged, claimed anew every nineteen minutes and never dealt with: the alarms go on."""
    room = house.room("forum", "byRisk")
    staff, _ = house.moderator(duty=600), house.professional(duty=600)
    item = write(house.member(), room, URGENT.format("So."))["id"]
    house.jobs()
    case = need_case(staff, item)["id"]
    for alert in staff.get("/queue").ok().json["alerts"]:
        staff.post(f"/alerts/{alert['id']}/acknowledge").ok()
    claim(staff, case)
    calls = len(house.alarms())
    for _ in range(4):
        house.advance(minutes=19)
        house.jobs()
        claim(staff, case)
    assert len(house.alarms()) > calls, f"seventy-six minutes and nobody was called: {need_case(staff, item)}"


def test_a_professional_takes_a_risk_over(house):
    """A risk in the hands of somebody who may not end it is taken by somebody who may; an equal can not take it."""
    room = house.room("forum", "byRisk")
    staff, other, pro = house.moderator(), house.moderator(), house.professional()
    item = write(house.member(), room, URGENT.format("So."))["id"]
    case = need_case(staff, item)["id"]
    claim(staff, case)
    other.post(f"/cases/{case}/claim").refused(None, 409)
    claim(pro, case)
    assert need_case(pro, item)["claimedBy"] == pro.name
    staff.post(f"/cases/{case}/claim").refused(None, 409)
    pro.post(f"/cases/{case}/decisions", act="close").ok()


def test_asking_for_a_professional_again(house):
    """The talk about a post was ended; asking once more is heard: a new message, and an open case."""
    room = house.room("quiet", "before")
    pro, me = house.professional(), house.member()
    item = write(me, room, MINE.format("today"))["id"]

    def cases(talk):
        return [c["id"] for c in queue(pro) if c["conversation"] == talk]

    talk = me.post(f"/items/{item}/professional").ok().json["conversation"]
    pro.post(f"/conversations/{talk}/messages", words="Hello there, how are you?").ok()
    for case in cases(talk):
        decide(pro, case, "close")
    pro.post(f"/conversations/{talk}/end").ok()
    before = len(me.get(f"/conversations/{talk}").ok().json["messages"])
    after = me.post(f"/items/{item}/professional").ok().json["conversation"]
    count = len(me.get(f"/conversations/{after}").ok().json["messages"])
    assert count > (before if after == talk else 0), "asked again, and nothing was sent"
    assert cases(after), "asked again, and nobody is told"


def test_parallel_notes_do_not_stumble(house):
    """Three staff write into one case while its member writes: every note is kept, none stumbles, the chain holds."""
    staff, pro, me = [house.moderator(duty=600) for _ in range(3)], house.professional(duty=600), house.member()
    talk = me.post("/conversations", words="Can we talk?").ok(201).json["id"]
    case = next(c["id"] for c in queue(pro) if c["conversation"] == talk)
    for turn_ in range(8):
        told = at_once(
            *((face, f"/cases/{case}/notes", {"words": "A note."}) for face in (*staff, pro)),
            (pro, f"/conversations/{talk}/messages", {"words": "Hello.", "key": f"p{turn_}"}),
            (me, f"/conversations/{talk}/messages", {"words": URGENT.format(turn_), "key": f"m{turn_}"}))
        assert all(status in (200, 201, 303) for status in told), told
    events = pro.get(f"/cases/{case}").ok().json["events"]
    assert sum(e["words"] == "A note." for e in events) == 32 and house.chain(case)


def test_a_second_name_is_made_once(house):
    """Pressed six times at once, there is one second name."""
    for _ in range(4):
        me = house.member()
        told = at_once(*((me, "/you/second-name", {}) for _ in range(6)))
        assert all(isinstance(status, int) and status < 500 for status in told), told
        names = me.get("/you").ok().json["names"]
        assert [n["place"] for n in names] == [1, 2], f"pressed at once: {names}"


def test_marks_without_end_are_refused(house):
    """Thousands of marks on one letter are not one character; turned-around words wait for somebody."""
    room = house.room("forum", "byRisk")
    me, reader = house.member(), house.member()
    fields = {"wants": "listen", "voice": "name"}
    me.post(f"/rooms/{room}/items", title="a" + "\u0301" * 5000, body=MINE.format("on"), **fields).refused(None, 422)
    me.post(f"/rooms/{room}/items", title="On", body="b" + "\u0301" * 200_000, **fields).refused(None, 413, 422)
    assert threads(reader, room) == []


def test_turned_around_words_wait(house):
    """Words whose direction is overridden are not what a browser shows: somebody reads them first."""
    room = house.room("forum", "byRisk")
    me, reader, word = house.member(), house.member(), house.word()
    made = write(me, room, f"A long day {word}, \u202eniaga dloc aet eht dna.")
    assert made["state"] == "waiting", made
    unseen(reader, room, made["id"], word)


def test_a_reply_is_not_moved_alone(house):
    """A reply stands with its thread; moving it alone is refused and it stays where it is."""
    here, there = house.room("here", "byRisk"), house.room("there", "byRisk")
    staff, me, friend = house.moderator(), house.member(), house.member()
    thread = write(me, here, MINE.format("today"))["id"]
    reply = answer(friend, thread, "The same here, with biscuits.")["id"]
    report(me, reply)
    case = need_case(staff, reply)["id"]
    claim(staff, case)
    staff.post(f"/cases/{case}/decisions", act="move", room=there).refused()
    assert see(me, reply)["item"]["room"] == here and [r["id"] for r in see(me, thread)["replies"]] == [reply]
