"""Mended at the doors: codes, roles, tokens and six words open what they are for and no more; a yes is to the words that were
read, and what waits for somebody is somebody's."""

import datetime
import http.client
import json

import pytest

from cast import case_about, decide_item, need_case, see
from face import JSON, Face
from test_befrienders import seeker
from test_befrienders import stage as desk
from test_courses import hand_in, learn, may_rate, pack
from test_edges import join
from test_letters import begin, deliver, mine
from test_mended_people import account, next_year, room_fields
from test_second_factor import added, code, half, passed, step, wrong
from test_stories import send, sent, stage, today


def at_one_moment(*presses):
    """Each (person, path, fields) on an open line of its own. What was typed is held back until all are there, and then sent at
    once; the statuses, and never a stumble."""
    lines = []
    for face, path, fields in presses:
        body = json.dumps(fields).encode()
        line = http.client.HTTPConnection("127.0.0.1", face.port, timeout=60)
        line.putrequest("POST", path)
        for name, value in (
                ("Accept", JSON), ("Content-Type", JSON), ("Content-Length", str(len(body))),
                ("Cookie", f"understory={face.cookies['understory']}"), ("X-CSRF-Token", face.csrf)):
            line.putheader(name, value)
        line.endheaders()
        lines.append((line, body))
    for line, body in lines:
        line.send(body)
    told = [line.getresponse().status for line, _ in lines]
    for line, _ in lines:
        line.close()
    assert max(told) < 500, told
    return told


def day(house, days):
    """The day after so many days, as it is typed."""
    return (datetime.date.fromisoformat(house.advance(0)[:10]) + datetime.timedelta(days=days)).isoformat()


def role(operator, code):
    return next(one for one in operator.get("/operator/roles").ok().json["roles"] if one["code"] == code)


def set_powers(face, of, powers):
    """The same role with other powers."""
    return face.post("/operator/roles", code=of["code"], name=of["name"], means=of["means"], powers=powers)


def program(house, token):
    return house._face(Face(house.port, name="A program", bearer=token, house=house))


def export(face, words):
    return face.post("/you/export", words=" ".join(words), format="json")


# The second factor


def test_codes_that_are_tried_at_one_moment_are_few(house):
    """Forty wrong codes at the same moment, from four browsers with the same words: five or six are looked at, the others wait;
    later the right one opens the desk."""
    words, seed = added(house, "Ada")
    for _ in range(3):
        faces = [half(house, "Ada", words) for _ in range(4)]
        bad = wrong(house, seed)
        told = at_one_moment(*((faces[n % 4], "/sign-in/code", {"code": bad}) for n in range(40)))
        looked = told.count(403)
        assert 0 < looked <= 6 and told.count(429) == 40 - looked, f"{looked} codes were looked at: {told}"
        assert not any(passed(face) for face in faces)
        house.advance(hours=1, minutes=1)
        faces[0].post("/sign-in/code", code=code(seed, step(house))).ok()
        assert passed(faces[0])


# Roles


def test_a_role_for_one_room_does_not_run_the_house(house):
    """Whoever runs one room makes no rooms, roles, staff or tokens, and reads no list of them; who runs the house does."""
    room, other = house.room("lamp", "byRisk"), house.room("porch", "byRisk")
    operator, local, staff = house.operator(), house.staff("operator", room=room), house.moderator()
    before = account(operator, staff)
    them = f"/operator/staff/{before['account']}"
    made = {"code": "night-reader", "name": "Night reader", "means": "Reads the queue at night.", "powers": ["readQueue"]}
    acts = (
        ("/operator/rooms", room_fields("Evenings")), ("/operator/roles", made),
        (f"{them}/roles", {"role": "trained-lay-counsellor", "until": next_year(house)}),
        (f"{them}/roles/end", {"role": "trained-paid-staff"}),
        (f"{them}/checks", {"kind": "enhanced", "issued": "2026-01-02", "expires": "2099-06-30", "first": "A One", "second": "B Two"}),
        ("/operator/programs", {"called": "Mine", "acts": ["rooms"], "until": day(house, 20)}),
        ("/operator/organisation", {"lowest_band": "16-17", "parents_rule": "none"}))
    for path, fields in acts:
        local.post(path, fields).refused(None, 403)
    for path in ("/operator/roles", "/operator/staff", "/operator/programs", "/operator/organisation"):
        local.get(path).refused(None, 403)
    local.post(f"/operator/rooms/{other}/close").refused(None, 403, 404)
    assert house.member().get(f"/rooms/{other}").status == 200 and account(operator, staff) == before
    assert operator.get("/operator/organisation").json["lowestBand"] != "16-17"
    assert operator.get("/operator/programs").json["programs"] == []
    for path, fields in acts[:2]:
        operator.post(path, fields).ok(201)


def test_who_signs_a_course_leads_and_rates_works_in_the_whole_house(house):
    """A professional of one room alone, or without a check, signs no course and takes no signature back, leads no group of
    supporters, and rates nobody."""
    pro, room = house.professional(), house.room("lamp", "byRisk")
    hand_in(house.member(), "first-steps", "before").ok()
    may_rate(pro, "first-steps")
    play = pro.get("/ratings").ok().json["waiting"][0]["id"]
    rating = {f"s{n}": 3 for n in range(1, len(pack("first-steps")["skills"]) + 1)}
    rating["seen"] = pro.get(f"/ratings/{play}").ok().json["seen"]
    signed = lambda: pro.get("/courses/first-steps").ok().json["signedBy"]  # noqa: E731
    for face in (house.professional(room=room), house.staff("professional", checked=False)):
        learn(face, "first-steps")
        face.post("/courses/first-steps/sign").refused(None, 403)
        assert signed() is None
        pro.post("/courses/first-steps/sign").ok()
        face.post("/courses/first-steps/unsign").refused(None, 403)
        assert signed() == pro.name
        pro.post("/courses/first-steps/unsign").ok()
        face.post("/supervision", called="Tuesdays").refused(None, 403)
        face.post(f"/ratings/{play}", rating).refused(None, 403)
    pro.post("/supervision", called="Tuesdays").ok(201)
    pro.post(f"/ratings/{play}", rating).ok()


def test_a_token_holds_no_more_than_its_maker(house):
    """Somebody who looks after roles alone asks for a token for rooms; somebody for one that is longer than a year, or than their
    own role: refused. Within that it is made, and it opens."""
    operator, soon_over = house.operator(), house.staff("researcher")
    operator.post("/operator/roles", code="keys", name="Keys", means="Looks after the roles.", powers=["manageRoles"]).ok(201)
    keeper = house.staff("keys")
    theirs = f"/operator/staff/{account(operator, soon_over)['account']}/roles"
    operator.post(theirs, role="keys", until=day(house, 30)).ok(201)

    def ask(face, days, *acts):
        return face.post("/operator/programs", called="A program", acts=list(acts), until=day(house, days))

    for acts in (["rooms"], ["staff"], ["roles", "rooms"]):
        ask(keeper, 10, *acts).refused(None, 403)
    for face in (keeper, operator):
        ask(face, 400, "roles").refused(None, 403, 422)
    ask(soon_over, 60, "roles").refused(None, 403, 422)
    assert operator.get("/operator/programs").ok().json["programs"] == [], "refused, and made all the same"
    for face, days, acts in (
            (keeper, 10, ["roles"]), (soon_over, 20, ["roles"]), (operator, 200, ["rooms", "roles", "staff", "roster", "counts"])):
        token = ask(face, days, *acts).ok(201).json["token"]
        program(house, token).get("/operator/roles").ok()


def test_nobody_adds_a_power_to_their_own_role(house):
    """Who runs the house adds nothing to the role they hold, also not what they took off it; they take off, and they change the
    roles of others."""
    operator, other = house.operator(), house.staff("researcher")
    own = role(operator, "operator")
    set_powers(operator, own, own["powers"] + ["research"]).refused("not-to-own-role", 403)
    assert role(operator, "operator") == own and operator.get("/reviews").status == 403
    less = [power for power in own["powers"] if power != "seeDelays"]
    set_powers(operator, own, less).ok()
    assert role(operator, "operator")["powers"] == less
    set_powers(operator, own, own["powers"]).refused("not-to-own-role", 403)
    theirs = role(operator, "researcher")
    assert other.get("/delays").status == 403
    set_powers(operator, theirs, theirs["powers"] + ["seeDelays"]).ok()
    assert other.get("/delays").status == 200


def test_a_program_adds_no_power_to_a_role_that_somebody_holds(house):
    """A program makes a role that nobody holds; once somebody does, a person adds to it, and no program."""
    operator = house.operator()
    token = operator.post("/operator/programs", called="A program", acts=["roles"], until=day(house, 30)).ok(201).json["token"]
    made, quiet = program(house, token), {"code": "quiet", "name": "Quiet", "means": "Sees how long things take."}
    set_powers(made, quiet, ["seeDelays"]).ok()
    holder = house.staff("quiet")
    assert holder.get("/delays").status == 200 and holder.get("/operator").status == 403
    set_powers(made, quiet, ["seeDelays", "readCounts"]).refused(None, 403)
    assert role(operator, "quiet")["powers"] == ["seeDelays"] and holder.get("/operator").status == 403
    set_powers(operator, quiet, ["seeDelays", "readCounts"]).ok()
    assert holder.get("/operator").status == 200


@pytest.mark.only("postgresql")
def test_two_who_give_at_one_moment_make_nobody_both(house):
    """One makes somebody a professional, another an operator, at the same moment: never both."""
    operators = house.operator(), house.operator()
    until = next_year(house)
    for _ in range(6):
        new = house.staff("researcher")
        path = f"/operator/staff/{account(operators[0], new)['account']}/roles"
        told = at_one_moment(*(
            (by, path, {"role": given, "until": until}) for by, given in zip(operators, ("operator", "professional"))))
        held = set(account(operators[0], new)["roles"])
        assert not {"operator", "professional"} <= held, f"somebody runs the house and reads its words: {told}"
        assert told.count(201) <= 1, told


# Pieces


def test_a_version_is_taken_as_it_was_read(house):
    """The editor proposes another version while the narrator reads the first: their press on that one does nothing, by program or
    by page; read anew, it is taken."""
    room, staff, me, reader = stage(house)
    item = send(me, room, final="0").ok(201).json["id"]
    take = f"/pieces/{item}/take-proposal"
    staff.post(f"/pieces/{item}/proposal", title="The first", body="I stopped, and I began again.").ok()
    old, form = sent(me, item)["seen"], me.open(f"/items/{item}/sent").ok(200).page.form(take)["fields"]
    assert old and form.get("seen"), "the page does not say which version it shows"
    staff.post(f"/pieces/{item}/proposal", title="The second", body="I never stopped at all.").ok()
    me.post(take, seen=old).refused(None, 409)
    assert me.send(take, form).status == 409
    assert see(reader, item) is None and see(me, item)["item"]["state"] == "waiting"
    assert sent(me, item)["proposal"] == {"title": "The second", "body": "I never stopped at all."}
    new = sent(me, item)["seen"]
    assert new != old
    assert me.post(take, seen=new).ok().json["state"] == "shown"
    assert see(reader, item)["item"]["title"] == "The second"


def test_a_narrators_yes_is_to_what_they_read(house):
    """Their yes to a page that is not so any more counts for nothing; to the page as it is, it counts."""
    room, staff, me, reader = stage(house)
    first, second = (send(me, room, f"and number {n}", final="0").ok(201).json["id"] for n in range(2))
    for item in (first, second):
        decide_item(staff, item, "approve")
    old = sent(me, first)["seen"]
    staff.post(f"/pieces/{first}/proposal", title="Another", body="I stopped, and I began again.").ok()
    me.post(f"/pieces/{first}/approve", seen=old).refused(None, 409)
    assert see(reader, first) is None and sent(me, first)["piece"]["narratorSaidYes"] is False
    new = sent(me, first)["seen"]
    assert new != old
    me.post(f"/pieces/{first}/approve", seen=new).ok()
    assert sent(me, first)["piece"]["narratorSaidYes"] is True and see(reader, first) is None, "the editor has not said yes to it"
    assert me.post(f"/pieces/{second}/approve", seen=sent(me, second)["seen"]).ok().json["state"] == "shown"
    assert see(reader, second)


def test_a_piece_that_comes_back_to_the_editor_is_somebodys(house):
    """Approved or returned, its case is closed; the narrator stays with their own words, or writes others: a case is open again,
    and the editor's yes is asked."""
    room, staff, me, reader = stage(house)
    for act, more in (("approve", {}), ("return", {"reason": "unclear"})):
        for way in ("stays", "writes"):
            item = send(me, room, f"{act}, {way}", final="0").ok(201).json["id"]
            decide_item(staff, item, act, **more)
            assert case_about(staff, item) is None
            if way == "stays":
                staff.post(f"/pieces/{item}/proposal", title="Another", body="I stopped, and I began again.").ok()
                me.post(f"/pieces/{item}/approve").ok()
            else:
                me.post(f"/items/{item}/edit", title="The green door", body="It was the library with the green door.").ok()
            assert see(reader, item) is None
            assert need_case(staff, item), f"after {act} the narrator {way}, and nobody has it"
            decide_item(staff, item, "approve")
            if way == "writes":
                me.post(f"/pieces/{item}/approve").ok()
            assert see(reader, item)["item"]["state"] == "shown"


def test_a_day_that_comes_while_the_room_is_closed_is_not_lost(house):
    """Both said yes and its day came, but the room was closed: it is up once the room is open again."""
    room, staff, me, reader = stage(house)
    operator, lead = house.operator(), house.lead()
    item = send(me, room).ok(201).json["id"]
    staff.post(f"/pieces/{item}/schedule", when=str((today(house) + datetime.timedelta(days=1)).date())).ok()
    decide_item(staff, item, "approve")
    assert sent(me, item)["reason"] == "day"
    operator.post(f"/operator/rooms/{room}/close").ok()
    house.advance(days=2)
    assert see(reader, item) is None
    lead.post(f"/operator/rooms/{room}/open").ok()
    house.advance(minutes=10)
    told = see(reader, item)
    assert told and told["item"]["state"] == "shown", "its day went by, and it waits for ever"


def test_a_question_that_was_answered_is_changed_no_more(house):
    """The answer is in the column: the asker changes nothing of the question any more, and nobody is asked to read it again."""
    room, staff, asker, reader = stage(house)
    pro = house.professional(duty=100_000)
    question = asker.post(f"/rooms/{room}/questions", body="Is it odd to like rain?").ok(201).json["id"]
    out = pro.post(
        f"/questions/{question}/publish", title="Rain", question="Somebody likes rain.", answer="It is not odd.").ok(201).json["id"]
    asker.post(f"/items/{question}/edit", body="Is it odd to like snow?").refused()
    told = see(reader, out)
    assert (told["item"]["title"], told["item"]["body"]) == ("Rain", "Somebody likes rain.")
    assert [reply["body"] for reply in told["replies"]] == ["It is not odd."]
    assert sent(asker, question)["published"] == out and "snow" not in asker.get(f"/items/{question}/sent").text
    assert case_about(staff, question) is None and pro.get(f"/rooms/{room}/questions").ok().json["questions"] == []
    assert see(reader, question) is None


# Letters


def test_a_yes_to_letters_is_taken_back_whoever_signed(house):
    """The course is signed no more, and a befriender has had enough: one press, and the letters are with them no longer."""
    pro, _, staff, room, forum, one = desk(house)
    deliver(staff, begin(seeker(house, forum), room).ok(201).json["id"])
    house.jobs()
    assert mine(one) and one.name in pro.open("/courses/letters").ok().page.words
    pro.post("/courses/letters/unsign").ok()
    one.post("/courses/letters/refuse").ok()
    house.jobs()
    assert mine(one) is None and one.name not in pro.open("/courses/letters").ok().page.words
    pro.post("/courses/letters/sign").ok()
    assert one.get("/courses/letters").ok().json["stage"] == "refused"


# Six words


def test_new_words_take_nothing_away_for_a_day(house):
    """Made on a phone that was left on a table, six new words neither take the whole record along nor erase it until a day is
    over. With the old words beside them, and with those of joining, there is nothing to wait for."""
    me, other, third, new_here = house.member(), house.member(), house.member(), house.visitor()
    export(me, me.words).ok(200)
    words = me.post("/you/way-back").ok().json["wayBack"]
    erase = lambda: me.post("/you/erase", words=" ".join(words), pace="now")  # noqa: E731
    export(me, words).refused("way-back-is-new", 403)
    erase().refused("way-back-is-new", 403)
    house.advance(hours=23)
    export(me, words).refused("way-back-is-new", 403)
    erase().refused("way-back-is-new", 403)
    assert me.get("/mine").status == 200
    house.advance(hours=2)
    export(me, words).ok(200)
    erase().ok()
    assert me.get("/mine").status == 401
    # Who has the old ones is who it is; somebody else's prove nothing.
    made = other.post("/you/way-back", words=" ".join(other.words)).ok().json["wayBack"]
    export(other, made).ok(200)
    got = third.post("/you/way-back", words=" ".join(other.words))
    assert got.status in (403, 422) or export(third, got.ok(200).json["wayBack"]).status == 403, "words of somebody else count"
    given = join(new_here).ok(201).json["wayBack"]
    export(new_here, given).ok(200)
    new_here.post("/you/erase", words=" ".join(given), pace="now").ok()
