"""Mended after an attack: what somebody with bad intentions, much haste or two fast thumbs found, and no longer finds."""

import concurrent.futures
import json
import threading

import pytest

from cast import (
    COMPARING, METHOD, MINE, URGENT, answer, case_about, claim, decide, decide_item, found, need_case, queue, report, see,
    threads, write)
from face import Face


@pytest.fixture
def room(house):
    return house.room("forum", "byRisk", anonymity="1")


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
    """Each (person, path, fields) in a thread and on a line of its own; the statuses, and never a stumble."""
    start = threading.Barrier(len(presses))
    lines = [face.house._face(Face(face.port, name=face.name, token=face.cookies["understory"], house=face.house))
             for face, _, _ in presses]
    assert all(line.csrf for line in lines)

    def go(line, press):
        start.wait(30)
        return line.post(press[1], press[2]).status

    with concurrent.futures.ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(go, lines, presses))


def test_undo_shows_nothing_unread_and_nothing_a_risk_holds(house, room):
    """Undone by a moderator while a risk is open, or by anybody after its author changed the words: they stay away."""
    staff, pro, me, reader = house.moderator(), house.professional(), house.member(), house.member()
    word = house.word()
    item = write(me, room, MINE.format(word))["id"]
    made = judged(staff, reader, item, "hide", "danger")
    staff.post(f"/decisions/{made}/undo").refused(None, 409)
    unseen(reader, room, item, word)
    for by, kind in ((staff, "danger"), (pro, "danger"), (staff, "unkind")):
        for words in (METHOD, COMPARING):
            item, word = write(me, room, MINE.format("today"))["id"], house.word()
            made = judged(by, reader, item, "return", kind)
            state = me.post(f"/items/{item}/edit", title="Another day", body=words.format(word)).ok().json["state"]
            by.post(f"/decisions/{made}/undo").refused(None, 409)
            unseen(reader, room, item, word)
            assert state != "shown" and see(me, item)["item"]["state"] == state and case_about(pro, item)


def test_undo_after_somebody_else_decided_is_refused(house):
    """What a colleague decided since stands: returned and changed, approved and reported, hidden and passed on."""
    staff, other, pro = house.moderator(), house.moderator(), house.professional()
    for moderation, band, act in (
            ("byRisk", "18-25", "return"), ("before", "13-15", "return"), ("before", "18-25", "approve"),
            ("byRisk", "18-25", "hide")):
        room = house.room(f"{act}-{band}", moderation, band)
        me, reader, word = house.member(band), house.member(band), house.word()
        item = write(me, room, MINE.format(word))["id"]
        if moderation == "before":
            made = decide_item(staff, item, "approve")["decision"]
        if act == "approve":
            report(reader, item)
        else:
            made = judged(staff, reader, item, act, "danger" if act == "hide" else "unkind")
        if act == "return":
            me.post(f"/items/{item}/edit", title="Another day", body=COMPARING.format(word)).ok()
        staff.post(f"/cases/{need_case(staff, item)['id']}/release")
        decide_item(pro if act == "hide" else other, item, "remove", reason="being-looked-at")
        staff.post(f"/decisions/{made}/undo").refused(None, 409)
        assert see(reader, item) is None and see(me, item)["item"]["state"] == "removed", f"{act} was undone"


def test_a_turned_appeal_shows_nothing_newer(house, room):
    """Edited since, or edited and returned again: the appeal about the first return is turned, and the words stay away."""
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


def test_unmasking_keeps_the_newer_words(house, room):
    """Masked, changed by its author, appealed and turned: the author's newer words stand, the older do not come back."""
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


def test_urgent_words_without_a_place_are_heard(house, room):
    """A thread just taken down; fourteen and in the wrong room: refused with help at once, the words kept, somebody called."""
    staff, pro, friend, child = house.moderator(), house.professional(duty=600), house.member(), house.member("13-15")
    item = write(house.member(), room, MINE.format("today"))["id"]
    judged(staff, friend, item, "remove")
    for face, path, more in (
            (friend, f"/items/{item}/replies", {}), (child, f"/rooms/{room}/items", {"title": "Now", "wants": "listen"})):
        word, before, calls = house.word(), urgent(pro), len(house.alarms())
        fields = {"body": URGENT.format(word), "voice": "name", **more}
        assert face.post(path, fields).refused().json.get("help") == "atOnce"
        house.jobs()
        made = urgent(pro) - before
        assert len(made) == 1 and len(house.alarms()) > calls, f"nobody heard it: {queue(pro)}"
        assert word in pro.get(f"/cases/{made.pop()}").ok().text
        page = face.send(path, fields)
        assert page.status >= 400 and "tel:" in page.text and word in page.text


def test_urgent_words_in_an_appeal_are_heard(house, room):
    """An appeal that says somebody is in danger does not wait in the line of appeals."""
    staff, pro, me = house.moderator(), house.professional(duty=600), house.member()
    made = judged(staff, house.member(), write(me, room, MINE.format("today"))["id"], "remove")
    before, calls = urgent(pro), len(house.alarms())
    told = me.post(f"/decisions/{made}/appeal", words=URGENT.format("So.")).ok(201).json
    house.jobs()
    assert urgent(pro) - before and len(house.alarms()) > calls, f"it waits with the other appeals: {queue(pro)}"
    assert told.get("help") == "atOnce", told


def test_a_report_of_danger_always_counts(house, room):
    """After a milder report by the same person, and about words their author took back meanwhile: urgent, somebody called."""
    staff, me, friend = house.moderator(duty=600), house.member(), house.member()
    for before in (lambda item: report(friend, item), lambda item: me.post(f"/items/{item}/withdraw").ok()):
        word = house.word()
        item = write(me, room, MINE.format(word))["id"]
        before(item)
        house.jobs()
        calls, known = len(house.alarms()), urgent(staff)
        report(friend, item, "danger", words="They are at the bridge.")
        house.jobs()
        made = urgent(staff) - known
        assert len(made) == 1 and len(house.alarms()) > calls, queue(staff)
        assert "at the bridge" in staff.get(f"/cases/{made.pop()}").ok().text, "what they added is not to be read"
    unseen(friend, room, item, word)


def test_a_block_tells_nothing(house, room):
    """Trying to answer does not tell which anonymous words are the blocker's; nothing says that there is a block."""
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
        said.append(rude.post(f"/items/{item}/replies", body="Hello to you.", voice="name").ok(201).text)
        said += [rude.post(f"/items/{item}/support", word="hear").ok().text, rude.get(f"/items/{item}").ok(200).text]
    for got in (rude.get(f"/items/{first}"), rude.post(f"/items/{first}/replies", body="Hello to you.", voice="name")):
        said.append(got.refused(None, 404).text)
    lists = [rude.get(f"/rooms/{room}").ok(), rude.get("/search", q="tea").ok()]
    assert all(first not in [i["id"] for i in got.json["items"]] for got in lists)
    said += [got.text for got in lists] + [rude.get("/today").text, rude.get(f"/items/{theirs}").ok().text]
    assert not any("blocked" in text for text in said)
    assert see(friend, first) and see(me, first), "gone for everybody"


def test_a_risk_is_not_sat_upon(house, room):
    """Acknowledged, claimed anew every nineteen minutes and never dealt with: the alarms go on. A professional takes it from
    somebody who may not end it; an equal can not."""
    staff, other, pro = house.moderator(duty=600), house.moderator(), house.professional(duty=600)
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
    other.post(f"/cases/{case}/claim").refused(None, 409)
    claim(pro, case)
    staff.post(f"/cases/{case}/claim").refused(None, 409)
    pro.post(f"/cases/{case}/decisions", act="close").ok()


def test_asking_for_a_professional_again(house):
    """The talk about a post was ended; asking once more is heard: a new message, and an open case."""
    pro, me = house.professional(), house.member()
    item = write(me, house.room("quiet", "before"), MINE.format("today"))["id"]

    def asked():
        talk = me.post(f"/items/{item}/professional").ok().json["conversation"]
        case = next((c["id"] for c in queue(pro) if c["conversation"] == talk), None)
        assert case, "nobody is told"
        return talk, len(me.get(f"/conversations/{talk}").ok().json["messages"]), case

    talk, before, case = asked()
    decide(pro, case, "close")
    pro.post(f"/conversations/{talk}/end").ok()
    again, after, _ = asked()
    assert after > (before if again == talk else 0), "asked again, and nothing was sent"


def test_parallel_notes_do_not_stumble(house):
    """Three staff write into one case while its member writes: every note is kept, none stumbles, the chain holds."""
    staff, pro, me = [house.moderator(duty=600) for _ in range(3)], house.professional(duty=600), house.member()
    talk = me.post("/conversations", words="Can we talk?").ok(201).json["id"]
    case = next(c["id"] for c in queue(pro) if c["conversation"] == talk)
    for time in range(8):
        told = at_once(
            *((face, f"/cases/{case}/notes", {"words": "A note."}) for face in (*staff, pro)),
            (pro, f"/conversations/{talk}/messages", {"words": "Hello.", "key": f"p{time}"}),
            (me, f"/conversations/{talk}/messages", {"words": URGENT.format(time), "key": f"m{time}"}))
        assert all(status in (200, 201, 303) for status in told), told
    events = pro.get(f"/cases/{case}").ok().json["events"]
    assert sum(e["words"] == "A note." for e in events) == 32 and house.chain(case)


def test_a_second_name_is_made_once(house):
    """Pressed six times at once, there is one second name."""
    for _ in range(4):
        me = house.member()
        at_once(*((me, "/you/second-name", {}) for _ in range(6)))
        names = me.get("/you").ok().json["names"]
        assert [n["place"] for n in names] == [1, 2], f"pressed at once: {names}"


def test_words_that_are_not_what_they_look_like(house, room):
    """Thousands of marks on one letter are not one character; words whose direction is overridden are read first."""
    me, reader, word = house.member(), house.member(), house.word()
    for title, body in (("a" + "\u0301" * 5000, MINE), ("On", "b" + "\u0301" * 200_000)):
        me.post(f"/rooms/{room}/items", title=title, body=body, wants="listen", voice="name").refused(None, 413, 422)
    assert threads(reader, room) == []
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
