"""Mended: an alarm calls whoever it is for, until somebody has it; who goes lets go; what was looked at stays looked at."""

import datetime

import pytest

from cast import MINE, URGENT, answer, case_about, claim, decide, decide_item, need_case, queue, report, see, write
from face import Face
from post_office import Counter, PostOffice
from test_alarm_ways import kept, serving, until
from test_attacks_again import MEDIUM
from test_forms import begin, fill
from test_mended_people import account, next_year
from test_post import FROM, TREE
from test_studies import words_for


def alerts(face, case):
    """The open alarms about this case, as this person's queue shows them."""
    return [one for one in face.get("/queue").ok().json["alerts"] if one["case"] == case]


def here(face):
    """Who is on duty, as the duty page says."""
    return [shift["name"] for shift in face.get("/duty").ok().json["onDuty"]]


# Whom an alarm calls


def test_a_case_in_hand_calls_nobody_else(house):
    """Taken from the queue two minutes later, without a press on the alarm: nobody else is called while they have it. Left lying, the
    calling goes on."""
    room, staff = house.room("forum", "byRisk"), house.moderator(duty=600)
    item = write(house.member(), room, URGENT.format("So."))["id"]
    house.advance(minutes=2)
    claim(staff, need_case(staff, item)["id"])
    calls = len(house.alarms())
    assert calls, "nobody was called at first"
    for minute in range(1, 19):
        house.advance(minutes=1)
        house.jobs()
        now = need_case(staff, item)
        assert len(house.alarms()) == calls, f"called on {minute} minutes after somebody took it"
        assert (now["claimedBy"], now["tier"]) == (staff.name, "moderator"), now
    house.advance(minutes=4)
    house.jobs()
    assert need_case(staff, item)["claimedBy"] is None and len(house.alarms()) > calls, "left lying, and nobody is called"


def test_whoever_passes_it_up_does_not_silence_the_call(house):
    """The alarm for a professional is theirs: a moderator does not see it among their own, does not end it, and does not end it by
    taking the case back. The professional takes the case, and it is quiet."""
    room, staff, pro = house.room("forum", "byRisk"), house.moderator(duty=600), house.professional(duty=600)
    item = write(house.member(), room, URGENT.format("So."))["id"]
    house.jobs()
    case = need_case(staff, item)["id"]
    (first,) = alerts(staff, case)
    staff.post(f"/alerts/{first['id']}/acknowledge").ok()
    decide(staff, case, "escalate")
    house.jobs()
    (up,) = alerts(pro, case)
    assert up["tier"] == "professional" and up["code"] in [one["code"] for one in house.alarms()]
    assert alerts(staff, case) == [], "it is shown to whoever passed it up"
    staff.post(f"/alerts/{up['id']}/acknowledge").refused(None, 404)
    claim(staff, case)
    assert [one["id"] for one in alerts(pro, case)] == [up["id"]], "silenced by whoever passed it up"
    claim(pro, case)
    assert alerts(pro, case) == [] and need_case(pro, item)["claimedBy"] == pro.name
    taken = house.sql(
        "SELECT n.shown AS name FROM alert a JOIN name n ON n.account = a.acknowledged_by AND n.place = 1 "
        f"WHERE a.code = '{up['code']}'")
    assert taken == [{"name": pro.name}]


@pytest.mark.parametrize("act", ["pass", "release", "second-look"])
def test_given_back_it_calls_anew(house, act):
    """Taking a case ended its call; whoever gives it back calls somebody else at once, not only when it is overdue."""
    staff, other = house.moderator(duty=600), house.moderator(duty=600)
    item = write(house.member(), house.room("forum", "byRisk"), URGENT.format("So."))["id"]
    house.jobs()
    case = need_case(staff, item)["id"]
    claim(staff, case)
    assert alerts(other, case) == []
    calls = len(house.alarms())
    staff.post(f"/cases/{case}/{act}").ok()
    house.jobs()
    assert len(house.alarms()) == calls + 1 and len(alerts(other, case)) == 1, "given back, and nobody is called"
    claim(other, case)
    assert alerts(other, case) == [] and house.chain(case)


def test_i_have_it_is_the_end_of_every_call(house):
    """Two steps were called while a moderator had the case in hands; the professional says "I have it" once, and it is quiet."""
    staff, pro = house.moderator(duty=600), house.professional(duty=600)
    item = write(house.member(), house.room("forum", "byRisk"), URGENT.format("So."))["id"]
    house.jobs()
    case = need_case(staff, item)["id"]
    decide(staff, case, "escalate")
    house.jobs()
    claim(staff, case)
    for _ in range(2):
        house.advance(minutes=3)
        house.jobs()
    open_now = [one for one in alerts(pro, case) if one["tier"] != "moderator"]
    assert {one["tier"] for one in open_now} == {"professional", "safeguarding-lead"}, open_now
    pro.post(f"/alerts/{next(one['id'] for one in open_now if one['tier'] == 'professional')}/acknowledge").ok()
    assert alerts(pro, case) == [], "one is answered, and another goes on"


@pytest.mark.parametrize("level", [3, 4])
def test_passed_up_as_worse_than_it_was_it_calls_the_one_above(house, level):
    """A report of something unkind turns out to be grave: passed up with its new level, it calls a professional at once."""
    room, staff, pro = house.room("forum", "byRisk"), house.moderator(duty=600), house.professional(duty=600)
    item = write(house.member(), room, MINE.format("today"))["id"]
    report(house.member(), item)
    case = need_case(staff, item)
    assert case["level"] == "medium" and house.alarms() == []
    decide(staff, case["id"], "escalate", level=level)
    house.jobs()
    assert 1 in [one["tier"] for one in house.alarms()], f"nobody above was called: {house.alarms()}"
    assert "professional" in [one["tier"] for one in alerts(pro, case["id"])]
    now = need_case(pro, item)
    assert (now["tier"], now["level"]) == ("professional", {3: "high", 4: "urgent"}[level])


def test_what_nobody_takes_is_everybodys(house):
    """Somebody says in a form that they are in danger, and nobody takes it: after a quarter of an hour it is everybody's, stands among
    what was passed up, and its history agrees."""
    words_for(house, "phq9")
    staff, me = house.moderator(duty=600), house.member()
    assert fill(me, begin(me, "phq9"), [(9, 3)])["help"]
    (made,) = [one for one in queue(staff) if one["kind"] == "risk"]
    assert (made["level"], made["state"]) == ("high", "open") and house.chain(made["id"])
    house.advance(minutes=20)
    house.jobs()
    assert house.chain(made["id"]), "the history says something else than the case"
    assert [(one["id"], one["tier"]) for one in queue(staff, raised=1)] == [(made["id"], "everyone")]


# Who goes, and who is here


def leave(house, staff, how, words):
    if how == "shift":
        staff.post("/duty/end").ok()
    elif how == "role":
        operator = house.operator()
        who = account(operator, staff)["account"]
        operator.post(f"/operator/staff/{who}/roles/end", role="trained-paid-staff").ok()
    else:
        staff.post("/you/erase", words=words, pace="now").ok()


@pytest.mark.parametrize("how", ["shift", "role", "account"])
def test_whoever_goes_lets_go(house, how):
    """At the end of a shift, of a role, of an account: what they had is anybody's at once, and what is urgent rings again."""
    room, staff, other = house.room("forum", "byRisk"), house.moderator(), house.moderator()
    words = " ".join(staff.post("/you/way-back").ok().json["wayBack"])
    house.advance(hours=25)
    for one in (staff, other):
        house.duty(one, 600)
    urgent, plain = (write(house.member(), room, said.format("today"))["id"] for said in (URGENT, MINE))
    report(house.member(), plain)
    house.jobs()
    case = need_case(staff, urgent)["id"]
    staff.post(f"/alerts/{alerts(staff, case)[0]['id']}/acknowledge").ok()
    claim(staff, need_case(staff, plain)["id"])
    for item in (urgent, plain):
        assert need_case(other, item)["claimedBy"] == staff.name
    calls = len(house.alarms())
    leave(house, staff, how, words)
    house.jobs()
    for item in (urgent, plain):
        left = need_case(other, item)
        assert left["claimedBy"] is None and left["claimedUntil"] is None, f"they went and it is still theirs: {left}"
    assert len(house.alarms()) > calls, "urgent, in nobody's hands, and nobody is called"
    assert house.chain(case)
    claim(other, case)


def test_a_shift_alone_is_nobody(house):
    """Whose role was ended is not said to be here, whatever shift is written down."""
    operator, other, staff = house.operator(), house.moderator(), house.staff("trained-paid-staff")
    who = account(operator, staff)["account"]
    house.duty(staff, 3000)
    assert here(other) == [staff.name]
    operator.post(f"/operator/staff/{who}/roles/end", role="trained-paid-staff").ok()
    assert here(other) == []
    assert "No one is on duty" in other.open("/duty").ok(200).page.words


def rostered(house, operator, face, begins=1, ends=5):
    """What the operator sends to put somebody on the roster, in hours from now."""
    now = datetime.datetime.fromisoformat(house.advance(0).replace("Z", "+00:00"))
    start, end = ((now + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ") for hours in (begins, ends))
    return {"account": account(operator, face)["account"], "role": "trained-paid-staff", "from": start, "until": end}


def test_a_press_makes_no_shift_shorter(house):
    """On the roster until the afternoon, they press for two hours: they are here until the afternoon, and then no longer."""
    operator, staff, other = house.operator(), house.moderator(), house.moderator()
    operator.post("/operator/roster", rostered(house, operator, staff)).ok()
    house.advance(minutes=90)
    assert here(other) == [staff.name]
    staff.post("/duty", hours=2).ok()
    house.advance(hours=3)
    assert here(other) == [staff.name], "the rostered end is forgotten"
    house.advance(hours=1)
    assert here(other) == []


def test_a_shift_sent_twice_is_one_shift(house):
    """The same person at the same times, pressed twice: once on the roster, and taken off once it is gone."""
    operator, staff = house.operator(), house.moderator()
    fields = rostered(house, operator, staff)
    for _ in range(2):
        operator.post("/operator/roster", fields)
    (shift,) = operator.get("/operator/roster").ok().json["roster"]
    assert shift["name"] == staff.name
    operator.post(f"/operator/roster/{shift['id']}/end").ok()
    assert operator.get("/operator/roster").ok().json["roster"] == []


# What is decided, and what waits


def test_flags_of_a_night_that_were_looked_at_are_over(house):
    """Three people flag it at night and it waits; a moderator reads it and puts it up. One more report, by somebody who came today,
    does not take it away again, and nobody's writing is stopped."""
    room, staff, me, reader = house.room("forum", "byRisk"), house.moderator(), house.member(), house.member()
    trusted = [house.member() for _ in range(3)]
    house.advance(days=8)
    item = write(me, room, MINE.format("this evening"))["id"]
    for one in trusted:
        report(one, item)
    house.jobs()
    assert see(reader, item) is None and see(me, item)["item"]["state"] == "held"
    for kind in ("suspended", "report"):
        decide(staff, need_case(staff, item, kind)["id"], "approve")
    assert see(reader, item)["item"]["state"] == "shown" and case_about(staff, item) is None
    house.advance(hours=1)
    report(house.newcomer(), item)
    house.jobs()
    assert see(reader, item), "flags that somebody looked at took it away again"
    assert "suspended" not in [one["kind"] for one in queue(staff)]
    assert write(me, room, MINE.format("later"))["state"] == "shown"


def test_nothing_is_taken_back_by_whoever_reads_there_no_more(house):
    """Their role in one room ends after they hid something there; in another they go on. What they hid stays hidden."""
    inside, elsewhere = house.room("inside", "byRisk"), house.room("elsewhere", "byRisk")
    operator, staff, me, reader = house.operator(), house.staff("trained-paid-staff", room=inside), house.member(), house.member()
    roles = f"/operator/staff/{account(operator, staff)['account']}/roles"
    operator.post(roles, role="trained-paid-staff", room=elsewhere, until=next_year(house)).ok()
    item = write(me, inside, MINE.format("today"))["id"]
    report(reader, item)
    made = decide_item(staff, item, "hide", reason="heated")["decision"]
    operator.post(f"{roles}/end", role="trained-paid-staff", room=inside).ok()
    staff.get("/queue").ok()
    staff.post(f"/decisions/{made}/undo").refused(None, 403, 404)
    assert see(reader, item) is None and see(me, item)["item"]["state"] == "hidden"


def test_a_worry_waits_at_night_where_words_are_read_afterwards(house):
    """Among adults words are read after they show. While nobody is here what worries waits, a thread and a reply; plain words do not."""
    room, me, friend, reader = house.room("porch", "after", night="wait"), house.member(), house.member(), house.member()
    base = write(me, room, MINE.format("today"))
    assert base["state"] == "shown"
    for made in (write(me, room, MEDIUM[0].format("So.")), answer(friend, base["id"], MEDIUM[1].format("So."))):
        assert (made["state"], made["reason"]) == ("waiting", "nobody-here"), (made["state"], made["reason"])
        assert see(reader, made["id"]) is None
    house.moderator(duty=600)
    for made in (write(me, room, MEDIUM[0].format("Now.")), answer(friend, base["id"], MEDIUM[1].format("Now."))):
        assert made["state"] == "shown" and see(reader, made["id"]), made["state"]


# The mail of an alarm


class Branch(PostOffice):
    """A post office for a house that wrote `to` as its addresses; one of them may be gone."""

    def __init__(self, to, gone=None):
        self.gone = gone
        super().__init__()
        self.RequestHandlerClass = Clerk
        self.settings = {
            "UNDERSTORY_ALARM_MAIL_SERVER": self.address, "UNDERSTORY_ALARM_MAIL_FROM": FROM, "UNDERSTORY_ALARM_MAIL_TO": to}

    def reached(self):
        """Whom the mails of the second step went to."""
        return {one for _, to, raw in self.letters if b"step 2" in raw for one in to}


class Clerk(Counter):
    def handle(self):
        self.rfile = Lines(self)
        super().handle()


class Lines:
    """What the house sends. A line with the address that is gone is answered with no, and goes no further."""

    def __init__(self, clerk):
        self.clerk, self.lines = clerk, clerk.rfile

    def __iter__(self):
        gone = self.clerk.server.gone
        for raw in self.lines:
            if gone and raw[:4].upper() == b"RCPT" and gone.encode() in raw:
                self.clerk.say("550 not here")
            else:
                yield raw

    def __getattr__(self, name):
        return getattr(self.lines, name)


def second_step(place, office, wanted):
    """Somebody writes that they are in danger and nobody takes it: waits until the second step has reached these."""
    with serving(place, office) as port:
        me = Face(port)
        me.post("/join", step="done", band="18-25", country="GB", agree=True).ok(201)
        me.post("/conversations", words=URGENT.format("So.")).ok(201)
        until(lambda: kept(place, "SELECT 1 FROM alert WHERE sent_at IS NOT NULL OR failed IS NOT NULL"))
        kept(place, "SELECT 1", "UPDATE job SET due_at = 0 WHERE kind = 'climb-alarm'")
        until(lambda: office.reached() == wanted)
        me.hang_up()


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("gone", TREE)
def test_an_address_that_is_gone_keeps_the_mail_from_nobody_else(engine, tmp_path, gone):
    """The mail server takes one of two addresses no more: the other one gets the mail all the same."""
    with Branch(",".join(TREE), gone) as office:
        second_step(tmp_path, office, set(TREE) - {gone})


@pytest.mark.only("sqlite")
def test_a_space_after_the_comma_belongs_to_no_address(engine, tmp_path):
    """Addresses are written as people write lists."""
    with Branch(", ".join(TREE)) as office:
        second_step(tmp_path, office, set(TREE))
