"""What somebody tried who wanted to break it, once more: private words stay private, danger finds the right person."""

import pytest

from cast import MINE, URGENT, case_about, claim, decide, need_case, notices, queue, report, see, write

MEDIUM = ["I hate my life so much, and the bus was late. {}", "I feel like such a burden on all of them. {}",
          "I can't do this anymore, school is so loud. {}"]


@pytest.fixture
def room(house):
    return house.room("forum", "byRisk")


def told(staff, case):
    return staff.get(f"/cases/{case}").ok().json


def talk(me, words):
    return me.post("/conversations", words=words).ok(201).json["id"]


def messages(face, conversation):
    return [m["body"] for m in face.get(f"/conversations/{conversation}").ok().json["messages"]]


def test_private_words_are_not_taken_back_by_another_door(house):
    """A message stays where it was said, whoever wrote it: between an alarm and the reading nothing vanishes."""
    pro, me = house.professional(duty=600), house.member()
    words = URGENT.format("in private")
    conversation = talk(me, words)
    pro.post(f"/conversations/{conversation}/messages", words="I read this, and I am here.").ok()
    for face in (me, pro):
        mine = next(m["id"] for m in face.get(f"/conversations/{conversation}").json["messages"] if m["mine"])
        face.post(f"/items/{mine}/withdraw").refused(None, 404)
    assert messages(pro, conversation) == [words, "I read this, and I am here."] == messages(me, conversation)


def test_worries_in_a_talk_stay_in_it(house):
    """Three worries in private are seen as a pattern; whoever may not read the talk reads nothing of it there."""
    staff, pro, me = house.staff("administrative-moderator"), house.professional(duty=6000), house.member()
    conversation = talk(me, MEDIUM[0].format("one"))
    for words in MEDIUM[1:]:
        me.post(f"/conversations/{conversation}/messages", words=words.format("more")).ok()
    case = next(c["id"] for c in queue(pro) if c["kind"] in ("pattern", "risk"))
    staff.get(f"/conversations/{conversation}").refused(None, 404)
    for one in queue(staff):
        said = told(staff, one["id"])
        assert all(w.split(",")[0].split(".")[0] not in str(said) for w in MEDIUM), f"private words in {one['kind']}"
        assert not one["item"]
    assert MEDIUM[2].format("more") in messages(pro, conversation) and case
    assert me.post("/you/export", words=" ".join(me.words), format="json").ok(200)


def test_danger_of_the_one_who_reports(house, room):
    """Who reports somebody and says in it that they are in danger has a case of their own."""
    staff, pro, me, other = house.moderator(), house.professional(), house.member(), house.member()
    item = write(other, room, MINE.format("and nothing else"))["id"]
    report(me, item, "unkind", words=URGENT.format("This made it worse."))
    cases = [c for c in queue(pro) if c["urgent"]]
    assert len(cases) == 2, "one about the item, one about the reporter"
    own = next(c for c in cases if not c["item"])
    made = pro.post(f"/cases/{own['id']}/conversation", words="I read what you wrote. I am here.").ok(201).json["conversation"]
    assert messages(me, made) == ["I read what you wrote. I am here."]
    other.get(f"/conversations/{made}").refused(None, 404)
    assert staff.name


def test_a_program_makes_nobody_staff(house):
    """Whoever runs the house gives themselves nothing through a program of their own."""
    operator, mo = house.operator(), house.moderator()
    program = house.program("staff", "roles", "rooms")
    account = next(s["account"] for s in operator.get("/operator/staff").ok().json["staff"] if s["name"] == mo.name)
    program.post(f"/operator/staff/{account}/roles", role="safeguarding-lead", until="2027-06-30").refused(None, 403)
    program.post(
        f"/operator/staff/{account}/checks", kind="enhanced", issued="2026-01-02", expires="2027-06-30", first="A One", second="B Two",
    ).refused(None, 403)


def test_somebody_is_here_means_for_this(house):
    """A shift in one room is nobody for a private talk: it is not said that somebody from the team is here."""
    room, me = house.room("one", "byRisk"), house.member()
    house.staff("peer-support-specialist", room=room, duty=600)
    assert me.get("/talk").ok().json["staffOnDuty"] is False
    house.professional(duty=600)
    assert me.get("/talk").ok().json["staffOnDuty"] is True


def test_erasing_leaves_unread_danger_to_be_read(house, room):
    """Words of danger in an open report outlive the account of who wrote them, sealed in the case."""
    pro, me, other = house.professional(), house.member(), house.member()
    item = write(other, room, MINE.format("by the river"))["id"]
    word = house.word()
    report(me, item, "danger", words=f"He is on the {word} bridge now.")
    case = need_case(pro, item)["id"]
    me.post("/you/erase", words=" ".join(me.words), pace="now").ok()
    assert word in str(told(pro, case)["events"]), "nobody can read where he is"


def test_what_is_edited_is_screened_as_it_will_stand(house, room):
    """A title that stays is read with the new words."""
    pro, me = house.professional(), house.member()
    made = write(me, room, "ok", title="I am going to kill myself tonight")
    again = me.post(f"/items/{made['id']}/edit", body="ok then").ok().json
    assert again["help"] == "atOnce", again
    assert told(pro, need_case(pro, made["id"])["id"])["concerns"], "nothing is said of the title"


def test_nothing_goes_up_that_a_risk_holds(house, room):
    """Two cases about one post: whoever may not end the risk does not show the words by the other one."""
    staff, pro, me = house.moderator(), house.professional(), house.member()
    item = write(me, room, "My cuts are deeper than yours, so do not tell me how it is.")["id"]
    assert see(me, item)["item"]["state"] == "held"
    conversation = me.post(f"/items/{item}/professional").ok(201).json["conversation"]
    me.post(f"/conversations/{conversation}/messages", words=URGENT.format("If it goes up.")).ok()
    for case in [c for c in queue(staff) if c["item"] == item]:
        claim(staff, case["id"])
        staff.post(f"/cases/{case['id']}/decisions", act="approve").refused(None, 403, 409)
        staff.post(f"/cases/{case['id']}/release").ok()
    assert see(me, item)["item"]["state"] == "held"


def test_an_appeal_can_be_passed_up(house, room):
    """Whoever reads danger in an appeal that the screen did not see can call others; deciding it has its own form."""
    staff, pro, me = house.moderator(), house.professional(), house.member()
    item = write(me, room, MINE.format("and I shouted"))["id"]
    report(house.member(), item)
    decision = decide(staff, need_case(staff, item)["id"], "remove", reason="bullying")["decision"]
    me.post(f"/decisions/{decision}/appeal", words="Please look again.").ok(201)
    case = next(c["id"] for c in queue(pro) if c["kind"] == "appeal")
    claim(pro, case)
    pro.post(f"/cases/{case}/decisions", act="approve").refused("appeal-own-form", 409)
    pro.post(f"/cases/{case}/decisions", act="label", level=4).ok()
    assert next(c for c in queue(pro) if c["id"] == case)["urgent"]
    pro.post(f"/cases/{case}/decisions", act="escalate").ok()


def test_asking_for_help_thrice_is_one_worry(house, room):
    """Pressing three times for a person makes no pattern out of one text."""
    pro, me = house.professional(duty=600), house.member()
    item = write(me, room, MEDIUM[0].format("only once"))["id"]
    for _ in range(3):
        me.post(f"/items/{item}/professional").ok()
    assert not [c for c in queue(pro) if c["kind"] == "pattern"]


def test_a_block_is_not_seen_in_old_notices(house, room):
    """What a block hides stays hidden after notices were seen, and cannot be reported."""
    me, other = house.member(), house.member()
    mine = write(me, room, MINE.format("and I wait"))["id"]
    theirs = write(other, room, MINE.format("elsewhere"))["id"]
    other.post(f"/items/{mine}/block").ok()
    other.post(f"/items/{mine}/replies", body="I hear you.", voice="name")
    me.post("/notices/seen").ok()
    if not any(r["sight"] != "hide" for r in see(me, mine)["replies"]):
        assert not [n for n in notices(me) if n["kind"] == "answered" and n["item"] == mine]
    assert see(me, theirs) is None
    me.post(f"/items/{theirs}/reports", kind="unkind").refused(None, 404)


def test_names_are_taken_as_they_are_offered(house):
    """A name in another spelling is no name: its owner could not sign in with it, and it would look like somebody's."""
    me = house.member()
    bird, number = me.name.split("-")
    page = house.visitor()
    for name in (f"{bird}--{number}", f"-{bird}-{number}-", f"{bird}-+{number}", f"{bird}-0{number}"):
        page.post("/join", name=name, band="18-25", country="GB", rules="1").refused(None, 400, 403, 404, 409, 422)
