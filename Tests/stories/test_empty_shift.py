"""Nobody is here: in a room that is read by risk, what worries waits for somebody; what is plain does not."""

import pytest

from cast import HIGH, MINE, answer, case_about, decide_item, need_case, reason_words, see, threads, write


def test_what_worries_waits_while_nobody_is_here(house):
    room, elsewhere = house.room("forum", "byRisk"), house.room("other", "byRisk")
    staff, helper, me, reader = house.moderator(), house.moderator(room=elsewhere, duty=3000), house.member(), house.member()
    base = write(me, room, MINE.format("today"))
    assert base["state"] == "shown" and case_about(staff, base["id"]) is None, "plain words wait for nobody"
    word = house.word()
    waiting = [write(me, room, HIGH.format(word)), answer(me, base["id"], HIGH.format(word))]
    for made in waiting:
        assert (made["state"], made["reason"]) == ("waiting", "nobody-here"), (made["state"], made["reason"])
        assert made["help"] == "atOnce" and made["someoneOnDuty"] is False, "help does not wait with them"
        assert see(reader, made["id"]) is None and need_case(staff, made["id"])["level"] == "high"
        page = me.open(f"/items/{made['id']}/sent").ok(200).page
        assert reason_words("nobody-here") in page.words and page.leads_to("tel:")
    assert threads(reader, room) == [base["id"]] and see(reader, base["id"])["replies"] == []
    # Somebody comes: what is written now is shown and in the queue, and what waited is still a person's to show.
    house.duty(staff)
    now = write(me, room, HIGH.format("So."))
    assert now["state"] == "shown" and need_case(staff, now["id"])["level"] == "high" and see(reader, now["id"])
    for made in waiting:
        assert see(me, made["id"])["item"]["state"] == "waiting"
        decide_item(staff, made["id"], "approve")
        assert see(reader, made["id"])
    # The shift ends, and it is as before.
    house.off(staff)
    assert write(me, room, HIGH.format("And again."))["reason"] == "nobody-here"
    assert write(me, elsewhere, HIGH.format("There."))["state"] == "shown", "somebody is here for that room"


@pytest.mark.parametrize("night", ["show", "close"])
def test_a_room_has_its_own_rule_for_the_night(house, night):
    """A room may show at night, or take nothing; with somebody here the three are the same."""
    room, staff, me = house.room("forum", "byRisk", night=night), house.moderator(), house.member()
    post = {"title": "One of those days", "body": HIGH.format("So."), "wants": "listen", "voice": "name"}
    if night == "show":
        made = write(me, room, post["body"])
        assert made["state"] == "shown" and need_case(staff, made["id"])["level"] == "high"
        assert write(me, room, MINE.format("today"))["state"] == "shown"
    else:
        me.post(f"/rooms/{room}/items", {**post, "body": MINE.format("today")}).refused("gate-room-closed", 403, 409)
        # Whoever may be in danger is kept and read.
        assert me.post(f"/rooms/{room}/items", post).ok(201).json["state"] == "held"
    house.duty(staff)
    assert write(me, room, HIGH.format("Now."))["state"] == "shown"
