"""An urgent case: the host's steps are walked in it, and that somebody was asked where they are is written down."""

from cast import MINE, URGENT, claim, content, decide, need_case, notices, report, see, write
from test_mended_people import account, next_year

STEPS = {level["id"]: level["steps"] for level in content("risk-levels.json")["levels"]}


def urgent_case(house, staff, room):
    me = house.member()
    item = write(me, room, URGENT.format("today"))["id"]
    found = need_case(staff, item)
    assert found["urgent"], found
    return me, item, found["id"]


def opened(face, case):
    return face.get(f"/cases/{case}").ok().json


def walked(face, case):
    """Which steps of the case are done, in order."""
    return [step["id"] for step in opened(face, case)["steps"] if step["doneAt"]]


def test_the_steps_of_an_urgent_case_are_walked_in_it(house):
    """All the host's steps, in their order and with their minutes; each one done is written down with who and when. Walking them ends
    nothing: only a person who may end a risk does."""
    room = house.room("forum", "byRisk")
    staff, pro = house.moderator(duty=900), house.professional(duty=900)
    me, item, case = urgent_case(house, staff, room)
    told = opened(staff, case)["steps"]
    assert [(s["id"], s["minutes"], s["does"], s["says"]) for s in told] == [
        (s["id"], s["minutes"], s["does"], s["says"]) for s in STEPS["urgent"]]
    assert walked(staff, case) == []
    page = staff.open(f"/cases/{case}").ok(200).page
    assert all(step["does"] in page.words and step["says"] in page.words for step in STEPS["urgent"])
    assert [at["value"] for tag, at in page.tags if at.get("name") == "step"] == [s["id"] for s in STEPS["urgent"]]
    claim(staff, case)
    for number, step in enumerate(STEPS["urgent"]):
        house.advance(minutes=1)
        # By the form of the page, and as a program would.
        done = staff.send if number % 2 else staff.post
        done(f"/cases/{case}/steps", step=step["id"]).ok(200, 303)
        assert walked(staff, case) == [s["id"] for s in STEPS["urgent"][:number + 1]]
    times = [s["doneAt"] for s in opened(staff, case)["steps"]]
    assert times == sorted(set(times)), "each has a time of its own"
    # Pressed again, it stays done when it was done first.
    staff.post(f"/cases/{case}/steps", step="take").ok()
    assert [s["doneAt"] for s in opened(pro, case)["steps"]] == times
    events = [e for e in opened(pro, case)["events"] if e["kind"] == "step"]
    assert [e["code"].split(":")[1:] for e in events] == [["urgent", s["id"]] for s in STEPS["urgent"]] + [["urgent", "take"]]
    assert {(e["role"], e["by"]) for e in events} == {("trained-paid-staff", staff.name)} and house.chain(case)
    page = pro.open(f"/cases/{case}").ok(200).page
    assert not [at for tag, at in page.tags if at.get("name") == "step"], "a step that is done asks for a press"
    # What is no step of this procedure is refused; nobody else walks it.
    for step in ("tell-professional", "privacy-hide", "nothing"):
        staff.post(f"/cases/{case}/steps", step=step).refused(None, 422)
    me.post(f"/cases/{case}/steps", step="take").refused(None, 404)
    # Walked to its end, it is open all the same, and whoever may not end a risk does not end it.
    assert need_case(staff, item)["id"] == case and see(house.member(), item) is None
    for act in ("close", "approve"):
        staff.post(f"/cases/{case}/decisions", act=act, seconds=5).refused("needs-professional", 409)
    staff.post(f"/cases/{case}/decisions", act="label", level=2, seconds=5).refused("needs-professional", 409)
    assert opened(staff, case)["case"]["state"] != "closed"
    decide(pro, case, "close", seconds=5)
    last = opened(pro, case)
    assert last["case"]["state"] == "closed" and [s["doneAt"] for s in last["steps"]] == times and house.chain(case)


def test_what_was_done_for_one_level_is_not_done_for_another(house):
    """Called less by somebody who may, the case walks the steps of its new level from their beginning; the history keeps the old ones."""
    room = house.room("forum", "byRisk")
    pro = house.professional(duty=900)
    _, _, case = urgent_case(house, pro, room)
    claim(pro, case)
    for step in ("take", "write-first"):
        pro.post(f"/cases/{case}/steps", step=step).ok()
    pro.post(f"/cases/{case}/decisions", act="label", level=3, seconds=5).ok()
    assert [s["id"] for s in opened(pro, case)["steps"]] == [s["id"] for s in STEPS["high"]]
    assert walked(pro, case) == [], "taken at one level, and to be taken anew at another"
    pro.post(f"/cases/{case}/steps", step="take").ok()
    pro.post(f"/cases/{case}/steps", step="emergency").refused(None, 422)
    pro.post(f"/cases/{case}/decisions", act="label", level=4, seconds=5).ok()
    assert walked(pro, case) == ["take", "write-first"], "raised again, it goes on where it was"


def test_an_urgent_case_keeps_its_own_steps_beside_a_report_of_another_kind(house):
    """Somebody says danger, somebody else says privacy: the steps for danger are the ones to walk."""
    room = house.room("forum", "byRisk")
    staff, one, two = house.moderator(duty=900), house.member(), house.member()
    item = write(house.member(), room, MINE.format("today"))["id"]
    report(one, item, "danger")
    case = need_case(staff, item)["id"]
    assert [s["id"] for s in opened(staff, case)["steps"]] == [s["id"] for s in STEPS["urgent"]]
    report(two, item, "privacy")
    told = opened(staff, case)
    assert told["case"]["urgent"] and len(told["reports"]) == 2, told["case"]
    assert [s["id"] for s in told["steps"]][:len(STEPS["urgent"])] == [s["id"] for s in STEPS["urgent"]]
    staff.post(f"/cases/{case}/steps", step="write-first").ok()
    assert "write-first" in walked(staff, case)


def test_that_they_were_asked_where_they_are_is_written_down(house):
    """A line of the case's history, by whoever talks with people there; the young person is told nothing by it, and nobody else may."""
    room = house.room("forum", "byRisk")
    staff, pro, counsellor = house.moderator(duty=900), house.professional(duty=900), house.staff("trained-lay-counsellor")
    me, item, case = urgent_case(house, staff, room)
    before = opened(pro, case)
    claim(pro, case)
    pro.post(f"/cases/{case}/place").ok()
    told = opened(staff, case)
    (asked,) = [e for e in told["events"] if e["kind"] == "place-asked"]
    assert (asked["code"], asked["role"], asked["by"], asked["words"]) == ("asked-with-consent", "professional", pro.name, None)
    assert asked["at"] >= before["case"]["openedAt"] and house.chain(case)
    assert "Asked where they are" in staff.open(f"/cases/{case}").page.words
    # It says that somebody asked, and asks nobody: no talk, no message, no notice, and the case goes on as it was.
    assert told["case"]["level"] == "urgent" and told["case"]["claimedBy"] == pro.name and told["conversation"] is None
    assert notices(me) == [] and me.get("/talk").ok().json == house.member().get("/talk").ok().json
    # By the form of the page; and not by those who do not talk with people, or do not read this case.
    form = pro.open(f"/cases/{case}").page.form(f"/cases/{case}/place")
    assert form and pro.send(f"/cases/{case}/place").status == 303
    assert staff.open(f"/cases/{case}").page.form(f"/cases/{case}/place") is None
    staff.post(f"/cases/{case}/place").refused("no-power", 403)
    counsellor.post(f"/cases/{case}/place").refused(None, 404)
    for face in (me, house.member()):
        face.post(f"/cases/{case}/place").refused(None, 404)
    house.visitor().post(f"/cases/{case}/place").refused(None, 401)
    pro.post("/cases/0000000000001/place").refused(None, 404)
    assert [e["by"] for e in opened(pro, case)["events"] if e["kind"] == "place-asked"] == [pro.name] * 2


def test_asking_where_they_are_takes_the_power_in_that_room(house):
    """Somebody talks with people in one room and reads another: there they write down no talk."""
    here, there = house.room("here", "byRisk"), house.room("there", "byRisk")
    operator, pro, both = house.operator(), house.professional(duty=900), house.staff("professional", room=there)
    operator.post(f"/operator/staff/{account(operator, both)['account']}/roles", role="trained-paid-staff", until=next_year(house)).ok()
    _, _, mine = urgent_case(house, both, there)
    both.post(f"/cases/{mine}/place").ok()
    _, _, case = urgent_case(house, both, here)
    both.post(f"/cases/{case}/conversation", words="I read what you wrote.").refused("no-power", 403)
    both.post(f"/cases/{case}/place").refused("no-power", 403)
    assert [e for e in opened(pro, case)["events"] if e["kind"] == "place-asked"] == []
