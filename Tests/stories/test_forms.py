"""Questions one answers for oneself: skipping, resting, the own line, danger in an answer, the report without names; the review."""

import json

from cast import URGENT, queue


def begin(face, measure="chime"):
    return face.post(f"/measures/{measure}/begin").ok(201).json["form"]


def fill(face, form, answers):
    """Answers in order; None skips."""
    said = {}
    for place, answer in answers:
        given = {"skip": "1"} if answer is None else {"answer": str(answer)}
        said = face.post(f"/forms/{form}/answers", place=str(place), **given).ok().json
    return said


def whole(value, count, number=1):
    """The same answer everywhere; every third person says one less at the fifth, since where all say the same nothing is told."""
    return [(place + 1, max(0, value - (1 if place == 4 and number % 3 == 0 and count == 6 else 0))) for place in range(count)]


def test_KOOTH_5(house):
    """After reading or writing, a member can fill the community experience measure; the report splits writers from
    readers and age groups, and tells nothing of a small group."""
    staff = house.moderator(duty=600)
    operator = house.operator()
    room = house.room("forum", "onReport")
    for number in range(9):
        writer = house.member()
        writer.post(f"/rooms/{room}/items", title="Hello", body="A walk today, and soup.", wants="listen", voice="name").ok()
        form = begin(writer, "experience")
        assert fill(writer, form, whole(4, 6, number) + whole_from(7, 10, 1))["finished"]
    for number in range(10):
        reader = house.newcomer()  # who never wrote
        form = begin(reader, "experience")
        assert fill(reader, form, whole(2, 6, number) + whole_from(7, 10, 0))["finished"]
    for number in range(3):
        young = house.newcomer(band="16-17")
        form = begin(young, "experience")
        fill(young, form, whole(1, 6, number) + whole_from(7, 10, 0))
    assert all(g["people"] == "0" for g in operator.get("/operator/experience").ok().json["groups"]), "whole months alone"
    next_month(house)
    said = operator.get("/operator/experience").ok().json
    groups = {(g["part"], g["band"]): g for g in said["groups"]}
    # Three of 16 and 17 are too few; and whoever sees the totals could work them out from one other cell alone, so that the
    # readers' larger cell and both of the writers' beside them go as well.
    assert groups["reader", "16-17"]["people"] == "*" and groups["reader", "16-17"]["mean"] is None
    assert groups["reader", "18-25"]["people"] == "*" and groups["reader", "18-25"]["mean"] is None
    assert all(g["mean"] is None for g in groups.values() if g["people"] == "*")
    # Once there are enough of them each group is told: six answers of 4 and four hard ones of 1, turned round to 3, are 36, or 35;
    # six of 2 and four of 0, turned to 4, are 28; six of 1 and four of 4 are 22. Printed are whole points, and people to the
    # nearest five.
    house.duty(staff)
    for number in range(5):
        young = house.newcomer(band="16-17")
        fill(young, begin(young, "experience"), whole(1, 6, number) + whole_from(7, 10, 0))
    next_month(house)
    groups = {(g["part"], g["band"]): g for g in operator.get("/operator/experience").ok().json["groups"]}
    told = {key: (g["people"], g["mean"]) for key, g in groups.items() if g["people"] != "0"}
    assert told == {("writer", "18-25"): ("10", 36), ("reader", "18-25"): ("10", 28), ("reader", "16-17"): ("10", 22)}
    # One person who answers again and again is one person.
    again = house.newcomer(band="13-15")
    for day in range(9):
        house.duty(staff)
        fill(again, begin(again, "experience"), whole(day % 4, 6) + whole_from(7, 10, 0))
        house.advance(hours=21)
    next_month(house)
    groups = {(g["part"], g["band"]): g for g in operator.get("/operator/experience").ok().json["groups"]}
    assert groups["reader", "13-15"]["people"] == "*" and groups["reader", "13-15"]["mean"] is None
    page = operator.open("/operator/experience").ok(200).page.words
    assert "Wrote" in page and "Only read" in page
    # Nobody else reads it.
    assert house.member().get("/operator/experience").status in (401, 403, 404)


def test_a_room_asks_those_who_read_and_write_in_it(house):
    """The question stands on the room's own page, for readers too; its report is of that room alone; nobody is asked twice, at night, or in
    a room that does not ask."""
    staff, operator = house.moderator(duty=600), house.operator()
    room, other = house.room("harbour", "onReport", asks=1), house.room("meadow", "onReport")
    new = house.newcomer()
    assert new.get(f"/rooms/{room}").ok().json["asked"] is None, "somebody new is left in peace"
    readers, writers = [house.newcomer() for _ in range(8)], [house.member() for _ in range(8)]
    house.advance(days=8)
    house.duty(staff)
    for me in writers:
        me.post(f"/rooms/{room}/items", title="Hello", body="A walk today, and soup.", wants="listen", voice="name").ok()
    elsewhere = readers[0]
    elsewhere.post(f"/rooms/{other}/items", title="Hello", body="Soup again, and a book.", wants="listen", voice="name").ok()
    assert readers[0].get(f"/rooms/{other}").ok().json["asked"] is None and house.visitor().get(f"/rooms/{room}").json.get("asked") is None
    assert "How is it in this room?" in readers[0].open(f"/rooms/{room}").ok(200).page.words
    hidden = house.room("attic", "onReport", bands="11-12", readable="members")
    readers[0].post("/measures/experience/begin", put="1", room=hidden).refused("not-found", 404)
    readers[0].post("/measures/experience/not-now").refused("not-found", 404)
    readers[0].post("/measures/chime/begin", put="1", room=room).refused("not-found", 404)
    for number, me in enumerate(readers + writers):
        assert me.get(f"/rooms/{room}").ok().json["asked"] == "experience"
        form = me.post("/measures/experience/begin", put="1", room=room).ok(201).json["form"]
        fill(me, form, whole(2 if me in readers else 4, 6, number) + whole_from(7, 10, 1))
        assert me.get(f"/rooms/{room}").ok().json["asked"] is None
    question = readers[1].get("/forms").ok().json["mine"][0]
    assert question["room"] == room, "the export and one's own list say which room"
    # Who filled it in of their own wish just now is not asked at once.
    own = house.newcomer()
    house.advance(days=8)
    house.duty(staff)
    assert own.get(f"/rooms/{room}").ok().json["asked"] == "experience"
    form = begin(own, "experience")
    assert own.get(f"/rooms/{room}").ok().json["asked"] is None, "one is open"
    fill(own, form, whole(2, 6) + whole_from(7, 10, 1))
    assert own.get(f"/rooms/{room}").ok().json["asked"] is None
    # What a room asked counts as asked: Today leaves them in peace too.
    assert "Not now" not in readers[0].open("/today").ok(200).page.words
    # "Not now" is heard, and brings one back to the room.
    told = new.get(f"/rooms/{room}").ok().json["asked"]
    assert told == "experience" and new.post("/measures/experience/not-now", room=room).ok().json["asked"] is False
    assert new.get(f"/rooms/{room}").ok().json["asked"] is None
    # A second room's "not now" is heard too, though nothing would be asked now anyway; pressed twice it is one.
    second = house.room("orchard", "onReport", asks=1)
    for _ in range(2):
        new.post("/measures/experience/not-now", room=second).ok()
    new.post("/measures/experience/not-now", room=other).ok()
    assert house.sql("SELECT count(*) AS n FROM form WHERE asked AND room IS NOT NULL")[0]["n"] == 2
    house.advance(days=15)
    for one in (room, second):
        assert new.get(f"/rooms/{one}").ok().json["asked"] is None, "twelve weeks are twelve weeks"
    next_month(house)
    said = operator.get("/operator/experience", room=room).ok().json
    assert [one["id"] for one in said["rooms"]] == [room, second]
    here = {(g["part"], g["band"]): g for g in said["groups"]}
    assert (here["reader", "18-25"]["people"], here["writer", "18-25"]["people"]) == ("10", "10"), "writing elsewhere is reading here"
    assert here["reader", "18-25"]["mean"] < here["writer", "18-25"]["mean"]
    for wrong in (other, "abc"):
        operator.get("/operator/experience", room=wrong).refused("not-found", 404)
    told = readers[1].open("/measures/experience/line").ok(200).page.words
    assert "About: " in told and "The line is broken" not in told
    # Whoever takes their answers out is not asked again at once; the answers are gone, and pressed twice it is done once.
    for _ in range(2):
        readers[1].post(f"/forms/{question['id']}/delete").ok()
    gone = [one for one in readers[1].get("/forms").ok().json["mine"] if one["id"] == question["id"]][0]
    readers[1].post(f"/forms/{question['id']}/answers", {"place": "1", "skip": "1"}).refused("form-ended", 409)
    assert gone["declined"] and not any(gone["answers"]) and readers[1].get(f"/rooms/{room}").ok().json["asked"] is None
    export = readers[1].post("/you/export", words=" ".join(readers[1].words), format="html").ok().text
    assert "took your answers out" in export and "Skipped" not in export
    left = {(g["part"], g["band"]): g for g in operator.get("/operator/experience", room=room).ok().json["groups"]}
    assert left["reader", "18-25"]["people"] == "*", "seven are too few to be told"
    whole_house = operator.get("/operator/experience").ok().json["groups"]
    assert all(g["people"] in ("0", "*") for g in whole_house), "what a room asked is in no table of the house"
    house.advance(days=84)
    assert new.get(f"/rooms/{room}").ok().json["asked"] == "experience"


def next_month(house):
    """Reports tell whole months alone."""
    house.advance(hours=24 * 31)


def whole_from(first, last, value):
    return [(place, value) for place in range(first, last + 1)]


def test_both_groups_are_told_where_they_are_large_enough(house):
    house.moderator(duty=600)
    operator = house.operator()
    room = house.room("forum", "onReport")
    for number in range(8):
        writer, reader = house.member(), house.newcomer()
        writer.post(f"/rooms/{room}/items", title="Hello", body="A walk today, and soup.", wants="listen", voice="name").ok()
        fill(writer, begin(writer, "experience"), whole(4, 6, number) + whole_from(7, 10, 1))
        fill(reader, begin(reader, "experience"), whole(2, 6, number) + whole_from(7, 10, 0))
    next_month(house)
    groups = {(g["part"], g["band"]): g for g in operator.get("/operator/experience").ok().json["groups"]}
    assert (groups["writer", "18-25"]["people"], groups["writer", "18-25"]["mean"]) == ("10", 36)
    assert (groups["reader", "18-25"]["people"], groups["reader", "18-25"]["mean"]) == ("10", 28)
    assert groups["writer", "13-15"]["people"] == "0"


def test_one_question_a_page_and_never_must(house):
    member = house.member()
    form = begin(member)
    assert begin(member) == form, "a double press begins one"
    page = member.open(f"/forms/{form}").ok(200).page
    assert "Question 1 of 5" in page.words and "Skip" in page.words
    fill(member, form, [(1, 7), (2, None)])
    # Rests, and goes on where it was.
    house.advance(hours=30)
    again = member.get(f"/forms/{form}").ok().json
    assert again["place"] == 3 and again["form"]["answers"][0] == 7
    member.post(f"/forms/{form}/answers", place="3", answer="11").refused()
    member.post(f"/forms/{form}/answers", place="9", answer="1").refused()
    member.post(f"/forms/{form}/answers", place="3").refused()
    assert fill(member, form, [(3, 1), (4, 2), (5, 3)])["finished"]
    # One was skipped: no total, and nobody pretends one.
    line = member.get("/measures/chime/line").ok().json
    assert line["pieces"] == [] and line["reading"] == "first"
    member.post("/measures/chime/begin").ok(201)  # thirty hours later: another day


def test_what_is_jumped_over_is_come_back_to(house):
    """An answer to the last question ends nothing while others were not put: the first of those is next. Skipped is skipped."""
    member = house.member()
    form = begin(member)
    assert fill(member, form, [(5, 3)])["next"] == 1
    assert fill(member, form, [(1, None), (3, 4)])["next"] == 4
    # Whoever rests goes on with what was not put, and not with what they skipped.
    assert member.get(f"/forms/{form}").ok().json["place"] == 2
    assert fill(member, form, [(4, 4), (5, 3)])["next"] == 2
    assert fill(member, form, [(2, None)])["next"] == 3, "on in order"
    assert fill(member, form, [(3, 4), (4, 4), (5, 3)])["finished"]


def test_the_own_line(house):
    member, other = house.member(), house.member()
    for value in (3, 6):
        fill(member, begin(member), whole(value, 5))
        member.post("/measures/chime/begin").refused("form-today", 409)
        house.advance(hours=24 * 15)
    line = member.get("/measures/chime/line").ok().json
    assert [p["total"] for p in line["pieces"][0]] == [15, 30]
    # Ours has been tried in no study: nobody says that it moved.
    assert line["reading"] == "unknown-noise" and line["validated"] is False
    page = member.open("/measures/chime/line").ok(200).page.words
    assert "30 / 50" in page and "by chance" in page
    mine = member.get("/forms").ok().json["mine"]
    assert len(mine) == 2
    # Nobody else opens, answers or deletes it.
    one = mine[0]["id"]
    assert other.get(f"/forms/{one}").status == 404
    assert other.post(f"/forms/{one}/answers", place="1", answer="1").status == 404
    assert other.post(f"/forms/{one}/delete").status == 404
    member.post(f"/forms/{one}/delete").ok()
    assert [one["declined"] for one in member.get("/forms").json["mine"]].count(False) == 1


def test_an_answer_that_says_it_hurts(house):
    """It opens a case at once, without the answer itself; with nobody on duty it is not asked."""
    alone = house.member()
    form = begin(alone, "experience")
    assert alone.get(f"/forms/{form}").json["form"]["notAsked"] == [10]
    alone.post(f"/forms/{form}/answers", place="10", answer="4").refused()
    assert "left out" in alone.open(f"/forms/{form}").page.words
    staff = house.moderator(duty=600)
    member = house.member()
    form = begin(member, "experience")
    assert member.get(f"/forms/{form}").json["form"]["notAsked"] == []
    said = fill(member, form, [(10, 4)])
    assert said["help"] is True
    cases = [c for c in queue(staff) if c["kind"] == "pattern"]
    assert len(cases) == 1 and cases[0]["level"] == "medium"
    # An answer that is all right makes none.
    well = house.member()
    fill(well, begin(well, "experience"), [(10, 0)])
    assert len([c for c in queue(staff) if c["kind"] == "pattern"]) == 1
    opened = staff.open(f"/cases/{cases[0]['id']}").ok(200).page.words
    assert "made it worse" in opened
    # Begun while somebody was there, gone on with when nobody is: not asked, and not taken.
    later = house.member()
    form = begin(later, "experience")
    house.off(staff)
    assert later.get(f"/forms/{form}?at=10").json["place"] != 10
    later.post(f"/forms/{form}/answers", place="10", answer="4").refused("form-nobody-here", 409)
    # Somebody on shift without a current check could not read the case, and is nobody here.
    house.duty(house.moderator(checked=False))
    later.post(f"/forms/{form}/answers", place="10", answer="4").refused("form-nobody-here", 409)
    house.duty(staff)
    fill(later, form, [(place, 0) for place in range(1, 10)])
    first = later.post(f"/forms/{form}/answers", place="10", answer="4").ok().json
    again = later.post(f"/forms/{form}/answers", place="10", answer="4").ok().json  # the reply was lost
    assert first["finished"] and again == first and first["help"] is True
    # Put and skipped while somebody was there: that nobody is there at the end changes nothing.
    skips = house.member()
    form = begin(skips, "experience")
    fill(skips, form, [(10, None)])
    house.off(staff)
    assert fill(skips, form, [(place, 2) for place in range(1, 10)])["finished"]
    mine = next(one for one in skips.get("/forms").ok().json["mine"] if one["id"] == form)
    assert mine["notAsked"] == [] and mine["total"] is not None, mine
    house.advance(hours=24 * 8)
    rested = begin(member, "chime")
    house.advance(hours=24 * 8)
    member.post(f"/forms/{rested}/answers", place="1", answer="4").refused("form-ended", 409)


def test_today_asks_gently(house):
    member = house.member()
    assert member.get("/today").json["asksForm"] is None, "somebody new is left in peace"
    house.advance(hours=24 * 8)
    if member.get("/today").json["asksForm"] is None:  # at night nothing is asked
        house.advance(hours=10)
    assert member.get("/today").json["asksForm"] == "chime"
    assert "How things are" in member.open("/today").page.words
    member.post("/measures/chime/not-now").ok()
    assert member.get("/today").json["asksForm"] is None
    house.advance(hours=24 * 13)
    assert member.get("/today").json["asksForm"] is None
    house.advance(hours=24 * 2)
    assert member.get("/today").json["asksForm"] == "before", "after a fortnight again, the rarer question first"


def test_forms_go_along_and_go(house):
    """Taken along in the export; gone with the account."""
    member = house.member()
    fill(member, begin(member), whole(4, 5))
    words = " ".join(member.words)
    record = json.loads(member.post("/you/export", words=words, format="json").ok().text)
    assert [f["answers"] for f in record["forms"]] == [[4, 4, 4, 4, 4]] and record["forms"][0]["total"] == 20
    assert "How things are" in member.post("/you/export", words=words, format="html").ok().text
    member.post("/you/erase", words=words, pace="now").ok()
    assert house.sql("SELECT count(*) AS n FROM form") == [{"n": 0}]


def test_what_is_known(house):
    visitor = house.visitor()
    short = visitor.get("/research").ok().json
    assert (short["studies"], short["findings"], short["identified"], short["included"]) == (38, 61, 8327, 38)
    assert sum(short["answered"].values()) == 61
    every, at = [], 0
    while at is not None:
        page = visitor.get(f"/research/findings?from={at}").ok().json
        every, at = every + page["findings"], page["next"]
    assert page["found"] == 61 and len({f["id"] for f in every}) == 61
    assert len(every) == 61 and all(f["here"] and f["state"] in ("built", "partly", "planned") for f in every)
    hard = visitor.get("/research/findings?about=platform&direction=negative").ok().json["findings"]
    assert hard and all(f["about"] == "platform" and f["direction"] == "negative" for f in hard)
    visitor.get("/research/findings?about=nothing").refused()
    # By form: what is known of a study's form, each from a source, and the findings behind it.
    visitor.get("/research/findings?form=moderation.never").refused()
    read_first = visitor.get("/research/findings?form=moderation.before&direction=negative").ok().json["findings"]
    assert read_first and all(one["direction"] == "negative" for one in read_first)
    # A finding also names papers that are no study of the review.
    known = {one["ref"] for one in visitor.get("/research/studies").ok().json["studies"]}
    studies = {ref for one in read_first for ref in one["studies"]} & known
    forms = {ref: visitor.get(f"/research/studies/{ref}").ok().json["form"] for ref in studies}
    assert all(any(forms[ref]["moderation"] == "before" for ref in one["studies"] if ref in known) for one in read_first)
    assert all(form["source"] for form in forms.values() if form["moderation"] != "unknown")
    rows = {row["form"]: row for row in visitor.get("/research/forms").ok().json["forms"]}
    hard_there = sum(about["negative"] for about in rows["moderation.before"]["findings"].values())
    outcomes = set(rows["moderation.before"]["findings"])
    assert hard_there == len([one for one in read_first if one["about"] in outcomes]) > 0
    assert sum(row["studies"] for form, row in rows.items() if form.startswith("focus.")) == 38
    page = visitor.open("/research/forms").ok().page
    assert "Read before it shows" in page.words
    assert len(visitor.get("/research/studies").ok().json["studies"]) == 38
    one = visitor.get("/research/studies/23").ok().json
    assert one["study"]["system"] == "LovesCompany" and one["findings"] and one["study"]["comparison"]
    assert visitor.get("/research/studies/1").status == 404
    assert visitor.get("/research/studies/x").status == 404
    # What is said to be here is there: each link opens, or asks to sign in.
    for link in sorted({f["link"] for f in every}):
        assert visitor.get(link).status in (200, 303, 401), link


def test_measures_are_named_with_their_terms(house):
    all_of_them = house.visitor().get("/measures").ok().json["measures"]
    assert len(all_of_them) == 28
    own = [m for m in all_of_them if m["wording"] == "ours"]
    assert {m["id"] for m in own} == {"chime", "experience", "adverse", "helping", "outlook", "urges", "before", "seeking", "shame"} and not any(m["validated"] for m in own)
    # Without a content pack nobody is shown a form.
    house.member().post("/measures/phq9/begin").refused("form-no-words", 409)
    # What studies ask alone is not come upon by anybody.
    house.member().post("/measures/urges/begin").refused("form-no-words", 409)
    assert not {"urges", "helping", "outlook"} & {f["measure"] for f in house.member().get("/forms").ok().json["forms"]}


def test_a_room_is_read_by_the_roles_it_names(house):
    """A moderator whose role the room does not name reads nothing of it; a professional takes what is passed up everywhere."""
    operator = house.operator()
    fields = {
        "name": "Read by professionals", "about": "For evenings.", "not_for": "Danger.", "colour": "moss", "format": "forum",
        "readable": "signedIn", "interaction": "notLive", "moderation": "before", "moderators": ["professional"], "focus": [],
        "bands": ["18-25"], "size": 200, "anonymity": True, "promise_minutes": 240, "night": "wait"}
    room = operator.post("/operator/rooms", fields).ok(201).json["id"]
    operator.post(f"/operator/rooms/{room}/open").ok()
    staff, writer = house.moderator(duty=600), house.member()
    writer.post(f"/rooms/{room}/join").ok()
    # The moderator on duty is nobody's reader here, and the card says so.
    item = writer.post(f"/rooms/{room}/items", title="Hello", body="A walk today, and soup.", wants="listen", voice="name").ok().json["id"]
    assert [c for c in queue(staff) if c["item"] == item] == []
    pro = house.professional(duty=600)
    case = [c for c in queue(pro) if c["item"] == item]
    assert len(case) == 1
    assert staff.get(f"/cases/{case[0]['id']}").status == 404
    staff.post(f"/cases/{case[0]['id']}/claim").refused(None, 404)
    pro.post(f"/cases/{case[0]['id']}/claim").ok()
    # An alarm from here calls those who can open what it is about, and is written down under the role that reads here.
    urgent = writer.post(f"/rooms/{room}/items", title="Tonight", body=URGENT.format("Sorry."), wants="listen", voice="name").ok().json["id"]
    house.jobs()
    about = [c for c in queue(pro) if c["item"] == urgent][0]["id"]
    for path in ("/duty", "/queue"):
        assert about not in [a["case"] for a in staff.get(path).ok().json["alerts"]], path
        assert about in [a["case"] for a in pro.get(path).ok().json["alerts"]], path
    # Past everybody it was meant for, it is everybody's.
    house.advance(minutes=30)
    assert about in [a["case"] for a in staff.get("/duty").ok().json["alerts"]]
    assert staff.get(f"/cases/{about}").status == 200


def test_SIDE_5(house):
    """A twice-yearly survey asks about bad experiences, coded as moderation, exclusion, contagion, conflict,
    relationships, co-rumination; the rate per answer is published."""
    visitor = house.visitor()
    for number in range(20):
        member = house.member()
        form = begin(member, "adverse")
        # Half were left out, three had trouble with one person, only five answered the last one.
        fill(member, form, [(1, 0), (2, number % 2), (3, 0), (4, 0), (5, 1 if number < 3 else 0), (6, None if number < 15 else 1)])
    next_month(house)
    told = visitor.get("/counts").ok().json["badMoments"]
    assert len(told) == 6
    assert (told[0]["yes"], told[0]["of"]) == ("0", "20")
    assert (told[1]["yes"], told[1]["of"]) == ("10", "20")
    assert told[4]["yes"] == "*", "three are not told about"
    assert (told[5]["yes"], told[5]["of"]) == ("*", "*"), "five answers are too few"
    assert "left out" in visitor.open("/counts").ok(200).page.words

    # Today asks for it twice a year, the rarer question first; somebody new is left in peace.
    member = house.member()

    def asked():
        said = member.get("/today").ok().json["asksForm"]
        if said is None:  # nothing is asked at night
            house.advance(hours=10)
            said = member.get("/today").ok().json["asksForm"]
        return said

    house.advance(hours=24 * 10)
    assert asked() == "chime"
    member.post("/measures/chime/not-now").ok()
    # Once, whether they had asked anybody before.
    house.advance(hours=24 * 20)
    assert asked() == "before"
    member.post("/measures/before/not-now").ok()
    house.advance(hours=24 * 40)
    assert asked() == "adverse"
    member.post("/measures/adverse/not-now").ok()
    assert asked() is None
    house.advance(hours=24 * 50)
    assert asked() == "seeking"
    member.post("/measures/seeking/not-now").ok()
    house.advance(hours=24 * 20)
    assert asked() == "shame"
    member.post("/measures/shame/not-now").ok()
    house.advance(hours=24 * 80)
    assert asked() == "chime"
    member.post("/measures/chime/not-now").ok()
    house.advance(hours=24 * 40)
    assert asked() == "adverse"
