"""Mended: an appeal that is turned changes what it says, an undo takes back its own doing alone, and letters go to their two people."""

import pytest

from cast import COMPARING, MINE, answer, case_about, claim, decide, decide_item, need_case, notices, report, see, write
from test_letters import begin, deliver, mine, post  # noqa: F401
from test_offers import before, supporter


def appealed(me, act):
    """Asks another person to look at the newest decision of this kind."""
    made = next(one for one in me.get("/standing").ok().json["statements"] if one["act"] == act and not one["appeal"])
    me.post(f"/decisions/{made['id']}/appeal", words="I think that was not right.").ok()


def turned(by, me):
    case = next(c["id"] for c in by.get("/queue").ok().json["cases"] if c["kind"] == "appeal")
    claim(by, case)
    by.post(f"/cases/{case}/appeal", outcome="turned").ok()
    assert me.get("/standing").ok().json["statements"]


@pytest.mark.parametrize("way", ["mask-close", "cover-approve", "hide-escalate", "hide-label", "hide-danger"])
def test_an_appeal_that_is_turned_changes_it_back(house, way):
    """Whatever was done beside it since: closed, approved, handed on, labelled, or a danger seen to."""
    room, me, reader = house.room("forum", "byRisk"), house.member(), house.member()
    staff, pro, lead = house.moderator(duty=100_000), house.professional(duty=100_000), house.lead(duty=100_000)
    item = write(me, room, MINE.format("and wondrell"))["id"]
    report(reader, item, "danger" if way == "hide-danger" else "unkind")
    case = need_case(staff, item)["id"]
    if way == "mask-close":
        decide(staff, case, "mask", masked="A day.", reason="finding")
        assert "wondrell" not in str(see(reader, item))
        decide(staff, case, "close")
        appealed(me, "mask")
    elif way == "cover-approve":
        decide(staff, case, "cover")
        decide(staff, case, "approve")
        appealed(me, "cover")
        assert see(reader, item)["item"]["because"]
    else:
        decide(staff, case, "hide", reason="heated")
        if way == "hide-danger":
            staff.post(f"/cases/{case}/release")
            decide(pro, case, "close")
        appealed(me, "hide")
        own = next(c["id"] for c in pro.get("/queue").ok().json["cases"] if c["kind"] == "appeal")
        if way == "hide-escalate":
            decide(pro, own, "escalate")
        if way == "hide-label":
            decide(pro, own, "label", level=3)
        pro.post(f"/cases/{own}/release")
        assert see(reader, item) is None
    turned(lead if way != "mask-close" else pro, me)
    seen = see(reader, item)
    assert seen and "wondrell" in seen["item"]["body"] and seen["item"]["sight"] == "show"


def test_an_undone_close_leaves_the_words_where_they_are(house):
    """Between the close and its undo somebody else held them: they stay held."""
    room, me, reader = house.room("forum", "byRisk"), house.member(), house.member()
    staff, other = house.moderator(duty=100_000), house.moderator(duty=100_000)
    item = write(me, room, MINE.format("today"))["id"]
    report(reader, item)
    made = decide_item(staff, item, "close")["decision"]
    assert me.post(f"/items/{item}/edit", title="Another day", body=COMPARING.format("fennel")).ok().json["state"] == "held"
    staff.post(f"/decisions/{made}/undo")
    assert see(me, item)["item"]["state"] == "held" and see(reader, item) is None and case_about(other, item)


def test_whoever_was_reported_in_vain_hears_nothing(house):
    """Words that were up and stay up: no notice tells their writer that somebody reported them."""
    room, me, staff = house.room("forum", "byRisk"), house.member(), house.moderator(duty=100_000)
    item = write(me, room, MINE.format("today"))["id"]
    report(house.member(), item)
    told = len(notices(me))
    decide_item(staff, item, "approve")
    assert len(notices(me)) == told


def test_a_statement_is_of_words_that_there_are(house):
    """A case without words has nothing to mask, to send back or to cover."""
    me, pro = house.member(), house.professional(duty=100_000)
    me.post("/conversations", words="Could I talk with somebody?").ok()
    case = next(c["id"] for c in pro.get("/queue").ok().json["cases"] if c["kind"] == "asked")
    claim(pro, case)
    for act, more in (("return", {"reason": "finding"}), ("mask", {"reason": "finding", "masked": "A day."}), ("cover", {}),
                      ("hide", {"reason": "heated"}), ("remove", {"reason": "heated"}), ("label", {"topics": ["exams"]})):
        pro.post(f"/cases/{case}/decisions", act=act, **more).refused("no-words", 409)
    assert me.get("/standing").ok().json["statements"] == []


def test_of_words_that_were_taken_back_there_is_no_statement(house):
    """Their writer was first: the case can be closed, and nobody is told that something was hidden."""
    room, me, staff = house.room("forum", "byRisk"), house.member(), house.moderator(duty=100_000)
    item = write(me, room, MINE.format("today"))["id"]
    report(house.member(), item)
    case = need_case(staff, item)["id"]
    me.post(f"/items/{item}/withdraw").ok()
    claim(staff, case)
    page = staff.open(f"/cases/{case}").ok(200).text
    assert 'value="hide"' not in page and 'value="approve"' not in page and 'value="close"' in page
    for act in ("hide", "remove", "return", "approve", "cover"):
        staff.post(f"/cases/{case}/decisions", act=act, reason="heated").refused("taken-back", 409)
    assert me.get("/standing").ok().json["statements"] == []
    decide(staff, case, "close")


def test_words_that_wait_keep_their_case_when_a_danger_is_over(house):
    """A danger reported of words that wait to be read: they are decided, not closed away."""
    room, me, reader = house.room("forum", "before"), house.member(), house.member()
    staff, pro = house.moderator(duty=100_000), house.professional(duty=100_000)
    item = write(me, room, MINE.format("today"))["id"]
    decide_item(staff, item, "approve")
    me.post(f"/items/{item}/edit", title="Another day", body=MINE.format("another day")).ok()
    assert see(me, item)["item"]["state"] == "waiting"
    report(reader, item, "danger")
    case = need_case(pro, item)["id"]
    claim(pro, case)
    pro.post(f"/cases/{case}/decisions", act="close").refused("close-decide-first", 409)
    decide(pro, case, "approve")
    assert see(reader, item)


def test_a_letter_that_was_hidden_is_there_again(post):  # noqa: F811
    """Hidden, and put back after the series went on: whoever it was written to has it again."""
    house, staff, room, _, befrienders, seeker = post
    pro = house.professional(duty=100_000)
    deliver(staff, begin(seeker, room).ok(201).json["id"])
    house.jobs()
    one = next(b for b in befrienders if mine(b))
    other = next(b for b in befrienders if b is not one)
    series = mine(one)["id"]
    sent = one.post(f"/letters/{series}", {"body": "Plumtree: I moved at twelve."}).ok(201).json["id"]
    deliver(staff, sent)
    assert "Plumtree" in str(mine(seeker))
    report(seeker, sent)
    decide_item(staff, sent, "hide", reason="heated")
    assert "Plumtree" not in str(mine(seeker))
    appealed(one, "hide")
    one.post(f"/letters/{series}/leave").ok()
    house.jobs()
    turned(pro, one)
    assert "Plumtree" in str(mine(seeker)), mine(seeker)
    # The next befriender neither reads it nor learns whose it was.
    house.advance(minutes=30)
    house.jobs()
    assert mine(other) and "Plumtree" not in str(mine(other))
    other.get(f"/items/{sent}/report").refused(None, 404)
    other.post(f"/items/{sent}/mute").refused(None, 404)
    for kind in ("unkind", "danger"):
        for who in (other, house.member()):
            who.post(f"/items/{sent}/reports", {"kind": kind}).refused(None, 404)
    assert one.name not in other.get("/see/people").ok().text


def test_a_letter_is_reported_also_by_whom_its_writer_blocked(post):  # noqa: F811
    """To write something cruel and then to block: it stands on the other's page, and they may say so."""
    house, staff, room, _, befrienders, seeker = post
    deliver(staff, begin(seeker, room).ok(201).json["id"])
    house.jobs()
    one = next(b for b in befrienders if mine(b))
    series = mine(one)["id"]
    deliver(staff, one.post(f"/letters/{series}", {"body": "Plumtree: I moved at twelve."}).ok(201).json["id"])
    sent = seeker.post(f"/letters/{series}", {"body": "Plumtree: that helps nobody."}).ok(201).json["id"]
    deliver(staff, sent)
    theirs = mine(seeker)["letters"]
    seeker.post(f"/items/{next(m['id'] for m in theirs if not m['mine'])}/block").ok()
    report(one, sent, "unkind")
    assert need_case(staff, sent)["kind"] == "report"


def test_a_slip_that_is_set_right_costs_no_supporter(house):
    """A post hidden and put back, and a language set and set back: it is before its supporters again."""
    staff, pro = house.moderator(duty=100_000), house.professional(duty=100_000)
    room = house.room("porch", "byRisk", promise=600)
    one, me = supporter(house, room, pro), house.member()
    item = write(me, room, MINE.format("plain"))["id"]
    house.jobs()
    assert item in before(one)
    report(house.member(), item)
    case = need_case(staff, item)["id"]
    for language in ("es", "en"):
        decide(staff, case, "label", language=language)
        house.jobs()
        assert (item in before(one)) == (language == "en")
    made = decide(staff, case, "hide", reason="heated")["decision"]
    assert item not in before(one)
    staff.post(f"/decisions/{made}/undo").ok()
    house.jobs()
    assert item in before(one)


def test_answers_that_were_seen_stay_seen(house):
    """A close that is taken back is taken back for the case alone, also where the thread has answers."""
    room, me, staff = house.room("forum", "byRisk"), house.member(), house.moderator(duty=100_000)
    item = write(me, room, MINE.format("today"))["id"]
    reply = answer(house.member(), item, "The same here, with biscuits.")["id"]
    report(me, reply)
    made = decide_item(staff, reply, "close")["decision"]
    staff.post(f"/decisions/{made}/undo").ok()
    assert need_case(staff, reply) and see(me, reply)["item"]["state"] == "shown"
