"""Nobody left without an answer, nobody worn out answering: offers, passing, caps, rest, and the promise of a room."""

from cast import MINE, answer, case_about, claim, content, decide_item, notices, queue, see, write


def supporter(house, room, pro, band="18-25", matters=(), **how):
    """A member whom a professional let help in a room, and who said how."""
    one = house.member(band)
    pro.post(f"/rooms/{room}/supporters", {"name": one.name, "days": 300, "trained": "Twelve evenings at the helpline"}).ok()
    one.post("/offers/settings", {"per_day": 2, "per_week": 6, "matters": list(matters), **how}).ok()
    return one


def before(one):
    """The open posts that are before this supporter."""
    return {offer["item"]: offer for offer in one.get("/offers").ok().json["offers"]}


def test_TELLMI_5(house):
    """A peer who meets a post beyond their powers passes; a trained responder answers; the author never sees the pass."""
    pro = house.professional(duty=10_000)
    house.moderator(duty=10_000)
    room = house.room("lamp", "byRisk", promise=240)
    supporters = [supporter(house, room, pro, matters=["death-of-someone"]) for _ in range(4)]
    author = house.member()
    item = write(author, room, "My nan died in March and everyone has gone back to normal but me.", topics=["grief"])["id"]
    house.jobs()
    asked = [one for one in supporters if item in before(one)]
    assert len(asked) == 2, "two who fit best are asked first"
    first, second = asked
    offer = before(first)[item]
    assert offer["why"], offer
    first.post(f"/offers/{offer['id']}/pass").ok()
    assert item not in before(first)
    house.jobs()
    third = [one for one in supporters if one not in asked and item in before(one)]
    assert len(third) == 1, "another one is asked at once"
    # The author sees nothing of it, on no page and in no notice.
    for place in (f"/items/{item}", "/mine", "/notices", "/today", f"/items/{item}/sent"):
        words = author.open(place).text + author.get(place).text
        assert first.name not in words and "passed" not in words.lower(), place
    assert not notices(author)
    taken = before(second)[item]["id"]
    until = second.post(f"/offers/{taken}/accept").ok().json["until"]
    assert second.post(f"/offers/{taken}/accept").ok().json["until"] == until, "a double press is one"
    assert item not in before(third[0]), "what somebody has is before nobody else"
    said = answer(second, item, "I lost my grandad last spring. It stayed big for me too, when others had moved on.")
    assert said["state"] == "shown"
    assert [r["id"] for r in see(author, item)["replies"]] == [said["id"]]
    assert before(second) == {} and before(third[0]) == {}
    # Pressed again later, from an old page: nothing breaks, and nothing is taken.
    third[0].post(f"/offers/{taken}/accept").refused(None, 404)
    third[0].post(f"/offers/{taken}/pass").refused(None, 404)
    second.post(f"/offers/{taken}/pass").ok()
    load = second.get("/offers").json["load"]
    assert (load["today"], load["week"]) == (1, 1), load


def test_the_promise_goes_from_ring_to_ring_and_ends_with_an_owner(house):
    pro, staff = house.professional(duty=100_000), house.moderator(duty=100_000)
    room = house.room("porch", "byRisk", promise=240)
    supporters = [supporter(house, room, pro) for _ in range(5)]
    author = house.member()
    item = write(author, room, MINE.format(1), wants="ideas")["id"]
    quiet = write(author, room, MINE.format(2), wants="no-reply")["id"]
    house.jobs()
    count = lambda: sum(item in before(one) for one in supporters)  # noqa: E731
    assert count() == 2
    house.advance(minutes=121)
    assert count() == 5, "past half of the time more are asked"
    # One accepts and lets the time go by: it is not theirs for ever.
    slow = supporters[0]
    slow.post(f"/offers/{before(slow)[item]['id']}/accept").ok()
    assert count() == 1
    house.advance(minutes=61)
    assert item not in before(slow) and count() == 4
    assert case_about(staff, item) is None
    house.advance(minutes=60)
    owned = case_about(staff, item)
    assert owned and owned["dueAt"], "past its promise a case owns it"
    assert any(part["part"] == "promise" for part in owned["parts"]), owned
    told = staff.get(f"/cases/{owned['id']}").ok().json
    assert "unanswered" in str(told), told
    # Exempt, and read for safety all the same.
    assert all(quiet not in before(one) for one in supporters) and case_about(staff, quiet) is None
    # A late answer is an answer: the clock's case is closed by it, and nothing more is asked.
    late = supporters[3]
    answer(late, item, "I am late, and I read it. The tea sounds like my week.")
    house.jobs()
    assert case_about(staff, item) is None
    assert before(late) == {}


def test_nobody_to_ask_is_no_reason_to_wait(house):
    house.professional(duty=100_000)
    staff = house.moderator(duty=100_000)
    room = house.room("field", "byRisk", promise=60)
    author = house.member()
    item = write(author, room, MINE.format(3))["id"]
    house.jobs()
    assert case_about(staff, item) is None
    house.advance(minutes=5 * 60)
    assert item in [i["id"] for i in staff.get("/offers").ok().json["waiting"]], "who looks after the room finds it"
    assert case_about(staff, item)
    # Its own words answered by its author alone are no answer.
    answer(author, item, "Anyone there?")
    house.jobs()
    assert case_about(staff, item)
    # Taken back: nobody need answer, and a person still closes what a person opened.
    author.post(f"/items/{item}/withdraw").ok()
    house.jobs()
    assert see(house.member(), item) is None


def test_handed_to_the_team(house):
    pro, staff = house.professional(duty=10_000), house.moderator(duty=10_000)
    room = house.room("barn", "byRisk", promise=600)
    one, two = supporter(house, room, pro), supporter(house, room, pro)
    item = write(house.member(), room, MINE.format(4))["id"]
    house.jobs()
    offer = before(one)[item]["id"]
    one.post(f"/offers/{offer}/hand-over").ok()
    house.jobs()
    assert item not in before(one)
    assert "handed-over" in str(staff.get(f"/cases/{case_about(staff, item)['id']}").json)
    assert item in before(two), "whoever wants to may still answer"


def test_caps_rest_and_cool_down_are_the_servers(house):
    pro = house.professional(duty=10_000)
    room = house.room("yard", "byRisk", promise=600)
    one = supporter(house, room, pro, matters=["death-of-someone"], per_day=1)
    author = house.member()
    first = write(author, room, MINE.format(5))["id"]
    second = write(author, room, MINE.format(6))["id"]
    house.jobs()
    offers = before(one)
    assert {first, second} <= set(offers)
    one.post(f"/offers/{offers[first]['id']}/accept").ok()
    one.post(f"/offers/{offers[second]['id']}/accept").refused("offer-holding", 409)
    answer(one, first, "Mine went cold as well. What was the long part?")
    one.post(f"/offers/{offers[second]['id']}/accept").refused("offer-day-full", 409)
    third = write(author, room, MINE.format(7))["id"]
    house.jobs()
    assert third not in before(one), "past the cap nothing is offered"
    for wrong in (0, 6, "many"):
        one.post("/offers/settings", per_day=wrong, per_week=6).refused(None, 422)
    # A rest is one press; what was before them goes on to others.
    house.advance(hours=25)
    other = supporter(house, room, pro)
    one.post("/offers/rest", days=7).ok()
    assert before(one) == {}
    fourth = write(author, room, MINE.format(8))["id"]
    house.jobs()
    assert fourth not in before(one) and fourth in before(other)
    one.post("/offers/rest", days=0).ok()
    fifth = write(author, room, MINE.format(9))["id"]
    house.jobs()
    assert fifth in before(one)
    # Heavy once, then a day without.
    heavy = write(author, room, "My brother died and the house is so quiet.", topics=["grief"])["id"]
    house.jobs()
    other.post("/offers/rest", days=7).ok()
    house.jobs()
    offer = before(one)[heavy]["id"]
    house.advance(minutes=1)
    one.post("/offers/settings", per_day=5, per_week=15, matters=["death-of-someone"]).ok()
    one.post(f"/offers/{offer}/accept").ok()
    answer(one, heavy, "I am so sorry. I am here and I am reading.")
    again = write(house.member(), room, "My aunt died and I keep her scarf.", topics=["grief"])["id"]
    house.jobs()
    assert again not in before(one)
    house.advance(hours=25)
    more = write(house.member(), room, "My friend died last year, today is the day.", topics=["grief"])["id"]
    house.jobs()
    assert more in before(one)


def test_a_low_week_reaches_a_professional(house):
    pro = house.professional(duty=10_000)
    room = house.room("shed", "byRisk", promise=600)
    one = supporter(house, room, pro, matters=["death-of-someone"])
    page = one.get("/offers").ok().json
    assert page["weekIsDue"]
    one.post("/offers/week", answer=4).ok()
    assert not one.get("/offers").json["weekIsDue"]
    assert not [case for case in queue(pro) if case["kind"] == "asked"]
    house.advance(days=7)
    assert one.get("/offers").json["weekIsDue"]
    for wrong in (0, 6, ""):
        one.post("/offers/week", answer=wrong).refused(None, 422)
    assert one.post("/offers/week", answer=1).ok().json["heavyRests"]
    case = [case for case in queue(pro) if case["kind"] == "asked"][0]
    claim(pro, case["id"])
    pro.post(f"/cases/{case['id']}/conversation", words="I read that it is a lot. Shall we talk?").ok()
    assert one.get("/talk").ok().json["conversations"]
    heavy = write(house.member(), room, "My dad died on Monday.", topics=["grief"])["id"]
    house.jobs()
    assert heavy not in before(one), "what is heavy rests for a week"
    house.advance(days=8)
    house.jobs()


def test_who_may_help(house):
    pro, staff = house.professional(duty=10_000), house.moderator(duty=10_000)
    adults = house.room("tower", "byRisk", promise=600)
    young = house.room("nest", "before", bands="16-17", promise=600)
    kid, peer, adult = house.member("13-15"), house.member("16-17"), house.member("18-25")
    for room, who in ((young, kid), (young, adult), (adults, peer), (adults, kid)):
        pro.post(f"/rooms/{room}/supporters", name=who.name, trained="Twelve evenings at the helpline").refused("no-standing", 409)
    pro.post(f"/rooms/{adults}/supporters", name="Nobody Here", trained="Twelve evenings at the helpline").refused("no-such-name", 422)
    pro.post(f"/rooms/{adults}/supporters", name=adult.name).refused("missing", 422), "nobody helps untrained"
    staff.post(f"/rooms/{adults}/supporters", name=adult.name, trained="Twelve evenings at the helpline").refused("no-power", 403)
    adult.post(f"/rooms/{adults}/supporters", name=adult.name, trained="Twelve evenings at the helpline").refused(None, 404)
    # Without standing there is a page that explains, no settings, and nothing before anybody.
    assert adult.get("/offers").ok().json["rooms"] == []
    adult.get("/offers/settings").refused(None, 404)
    adult.post("/offers/settings", per_day=2, per_week=4).refused(None, 404)
    # 16 to 17: never self-harm, suicide or abuse, whatever they tick.
    pro.post(f"/rooms/{young}/supporters", name=peer.name, trained="Twelve evenings at the helpline").ok()
    peer.post("/offers/settings", {"per_day": 5, "per_week": 15, "matters": ["self-harm", "bullying"]}).ok()
    assert peer.get("/offers/settings").ok().json["matters"] == ["bullying"]
    page = peer.open("/offers/settings").ok().page
    assert "self-harm" not in [at.get("value") for _, at in page.tags]
    # Given back in one press.
    assert peer.get("/offers").json["rooms"][0]["room"] == young
    peer.post(f"/offers/standing/{young}/end").ok()
    peer.post(f"/offers/standing/{young}/end").refused(None, 404)
    assert peer.get("/offers").json["rooms"] == []
    # A year is the most; then it is over by itself.
    pro.post(f"/rooms/{adults}/supporters", {"name": adult.name, "days": 30, "trained": "Twelve evenings at the helpline"}).ok()
    assert adult.get("/offers").json["rooms"]
    assert [one["trained"] for one in pro.get(f"/rooms/{adults}/supporters").ok().json["supporters"]] == ["Twelve evenings at the helpline"]
    assert "Twelve evenings" in pro.open(f"/rooms/{adults}/supporters").page.words
    house.advance(days=31)
    assert adult.get("/offers").json["rooms"] == []


def test_the_map_is_read_by_nobody(house):
    pro = house.professional(duty=10_000)
    one = house.member()
    one.post("/you/map", topics=["grief", "no-such-topic"]).ok()
    assert one.get("/you/map").ok().json["topics"] == ["grief"]
    assert house.sql("SELECT count(*) AS n FROM self_map")[0]["n"] == 1
    one.post("/you/map", {"topics": [t["id"] for t in content("topics.json")["topics"][:13]]}).refused(
        "too-many-topics", 422)
    one.post("/you/map").ok()
    assert one.get("/you/map").json["topics"] == []


def test_SHORT_5(house):
    """A member unsure how to respond to a peer's worrying post gets three good openings and a way to hand over."""
    staff = house.moderator(duty=10_000)
    room = house.room("step", "byRisk", promise=600)
    item = write(house.member(), room, "My gran died and I can not sleep.", topics=["grief"])["id"]
    reader = house.member()
    page = reader.open(f"/items/{item}").ok().page
    openings = content("openings.json")["worrying"]
    words = " ".join(page.words.split())
    assert len(openings) == 3 and all(one in words for one in openings)
    assert page.leads_to(f"/items/{item}/report")
    reader.post(f"/items/{item}/reports", {"kind": "worried"}).ok()
    assert case_about(staff, item)


def test_what_became_harder_is_taken_away(house):
    """A label, an edit, a block, a ban or a moved age after the offer: the rules are asked again."""
    pro, staff = house.professional(duty=10_000), house.moderator(duty=10_000)
    young = house.room("loft", "before", bands="16-17", promise=600)
    one = supporter(house, young, pro, "16-17", matters=["bullying"])
    author = house.member("16-17")
    first = write(author, young, "School was loud today and the bus was late.", topics=["cats", "dogs", "birds", "music", "nature",
                                                                                     "books", "games", "art"])["id"]
    hidden = write(author, young, "I cut myself again last night. I do not know why.", topics=["cats", "dogs", "birds", "music",
                                                                                              "nature", "books", "games", "art"])["id"]
    decide_item(staff, first, "approve")
    if see(author, hidden)["item"]["state"] != "shown":
        decide_item(pro, hidden, "approve")
    house.jobs()
    assert set(before(one)) == {first}, "eight harmless topics hide nothing"
    house.advance(hours=5)
    assert one.get("/offers").ok().json["quiet"] == [] and one.get("/offers").json["waiting"] == []
    # In a room read first, an answer that waits is an answer: it is nobody's fault that it is not read yet.
    one.post(f"/offers/{before(one)[first]['id']}/accept").ok()
    said = answer(one, first, "Loud days are long. What helped?")
    assert said["state"] == "waiting" and before(one) == {}
    house.advance(hours=7)
    assert not case_about(staff, first), "past its promise, but an answer is there to be read"
    decide_item(staff, said["id"], "approve")
    house.jobs()
    assert not case_about(staff, first) and see(author, first)["replies"]
    # The answer is taken back: it waits again, past its promise, and somebody owns that.
    one.post(f"/items/{said['id']}/withdraw").ok()
    house.jobs()
    assert case_about(staff, first)


def test_a_closed_case_is_no_answer(house):
    """Past its promise a post has an owner until it is answered, whatever is decided about its words."""
    house.professional(duty=100_000)
    staff = house.moderator(duty=100_000)
    room = house.room("dune", "after", promise=60)
    author = house.member()
    item = write(author, room, MINE.format(10))["id"]
    house.advance(minutes=90)
    decide_item(staff, item, "approve")
    assert case_about(staff, item) is None
    house.advance(hours=2)
    assert case_about(staff, item), "read is not answered"
    decide_item(staff, item, "close")
    house.advance(hours=30)
    assert case_about(staff, item) is None, "said to be dealt with"


def test_no_way_from_an_offer_to_who_somebody_is(house):
    pro = house.professional(duty=10_000)
    room = house.room("reed", "byRisk", promise=600, anonymity=1)
    one, other = supporter(house, room, pro), supporter(house, room, pro)
    author = house.member()
    plain = write(author, room, MINE.format(11))["id"]
    one.post(f"/items/{plain}/block").ok()
    hidden = write(author, room, MINE.format(12), voice="anonymous")["id"]
    house.jobs()
    assert hidden in before(one) and hidden in before(other), "a block tells nothing of another voice"
    assert "near" not in before(one)[hidden]["why"]
    assert "points" not in one.get("/offers").text
    # Answered by its own author under their name: to them it still waits, and nobody can see that it does.
    answer(author, hidden, "I know that feeling.")
    assert hidden not in before(other)
    mine = write(one, room, MINE.format(13), voice="anonymous")["id"]
    house.jobs()
    assert mine not in before(one) and mine in before(other)


def test_who_may_not_answer_is_not_asked(house):
    pro, staff = house.professional(duty=10_000), house.moderator(duty=10_000)
    room = house.room("fen", "byRisk", promise=600)
    mixed = house.told("room mixed forum 16-17,18-25 before promise=600")
    one, two = supporter(house, room, pro), supporter(house, room, pro)
    welcome = write(staff, room, "Welcome to this room. Say hello if you like.")["id"]
    item = write(house.member(), room, MINE.format(14))["id"]
    house.jobs()
    assert set(before(one)) == set(before(two)) == {item}, "staff who begin a thread ask for nothing"
    assert welcome not in before(two)
    # A break lets go of what was before them.
    one.post("/breaks", days=3).ok()
    assert before(one) == {}
    # Across 18 nobody without a check is asked.
    adult = supporter(house, mixed, pro)
    kid = write(house.member("16-17"), mixed, "Maths again, and I sat there with the pen.")["id"]
    decide_item(staff, kid, "approve")
    house.jobs()
    assert kid not in before(adult)


def test_everything_of_it_is_exported_and_erased(house):
    pro = house.professional(duty=10_000)
    room = house.room("isle", "byRisk", promise=600)
    one = supporter(house, room, pro, plan="I notice that I read at night; then I close it and tell Sam.")
    one.post("/you/map", topics=["grief"]).ok()
    one.post("/offers/week", answer=4).ok()
    item = write(house.member(), room, MINE.format(15))["id"]
    house.jobs()
    one.post(f"/offers/{before(one)[item]['id']}/accept").ok()
    told = one.post("/you/export", words=" ".join(one.words), format="json").ok().json["supporting"]
    assert "close it and tell" in told["plan"] and told["beenThrough"] == ["grief"] and told["weeks"][0]["answer"] == 4
    assert told["standings"] and told["taken"][0]["item"] == item
    one.post("/you/erase", words=" ".join(one.words)).ok()
    for table in ("supporter", "self_map", "supporter_week", "offer", "standing"):
        assert house.sql(f"SELECT count(*) AS n FROM {table}")[0]["n"] == 0, table
    house.jobs()
