"""How the community is: times, shares and staying, each known by hand; small groups hidden; nobody's words."""


from cast import answer, decide_item, write

LANGUAGE = "Ayer fui al parque con mi hermana y comimos sopa caliente bajo los árboles grandes."


def figures(face):
    said = face.get("/operator/health").ok().json
    return {one["measure"]: one["here"] for one in said["figures"]}, said


def near(told, wanted, within):
    assert told["told"] == "value" and abs(told["value"] - wanted) <= within, (told, wanted)


def groups(said, name):
    return {one["group"]: one for one in said[name]}


def test_how_a_community_is(house):
    operator, pro = house.operator(), house.professional(duty=60)
    told, said = figures(operator)
    assert set(one["told"] for one in told.values()) == {"nothing"}, told
    room = house.room("forum", "onReport")
    # Ten ask. Four are answered after 10 minutes, two after 30, two after 60; two wait.
    helper, askers = house.member(), [house.member() for _ in range(10)]
    posts = [write(one, room, "A walk today, and soup.", title=f"Day {n}")["id"] for n, one in enumerate(askers)]
    # Eight ask for a person at the same time; a professional writes after half an hour.
    talks = [one.post("/conversations", words="Could somebody talk with me about school?").ok(201).json["id"] for one in askers[:8]]
    replied = 0
    for minutes, upto in ((10, 4), (20, 6), (30, 8)):
        house.advance(minutes=minutes)
        for item in posts[replied:upto]:
            answer(helper, item, "That sounds good. I like soup.")
        replied = upto
        if minutes == 20:
            for talk in talks:
                pro.post(f"/conversations/{talk}/messages", words="I am here. Tell me about it.").ok()
    house.advance(minutes=5)  # the two have waited longer than those who were answered
    told, said = figures(operator)
    near(told["first-reply-half"], 30, 2)
    near(told["first-words-half"], 30, 2)
    assert told["first-reply-ninety"]["told"] == "not-reached"
    near(told["unanswered-day"], 0.2, 0.001)  # so far: both have waited for an hour and more
    assert told["conversation"] == {"told": "value", "value": 0, "interval": [0, 0.31]}
    assert told["top-ten"]["told"] == "few" and told["load"]["told"] == "nothing"
    hour = groups(said, "repliesByHour")["10"]
    assert hour["count"] == "10" and abs(hour["half"]["value"] - 30) <= 2
    assert groups(said, "repliesByBand").keys() == {"18-25"} and groups(said, "repliesByLanguage").keys() == {"house"}
    # Eight of them write again: of ten threads two are left, too few to be told apart; with eight more that ask for no reply they are told.
    for one, item in zip(askers[:8], posts):
        answer(one, item, "Thank you. It was tomato.")
    assert figures(operator)[0]["conversation"]["told"] == "few"
    for number in range(8):
        write(house.member(), room, "Soup again, and a walk.", wants="no-reply", title=f"Only so {number}")
    near(figures(operator)[0]["conversation"], 8 / 18, 0.005)
    # Who only reads: eight of twenty-seven.
    readers = [house.newcomer() for _ in range(8)]
    near(figures(operator)[0]["never-wrote"], 8 / 27, 0.005)
    # Cases are as the page of delays has them.
    delays = {one["level"]: one for one in operator.get("/delays").ok().json["levels"]}
    for level, one in groups(operator.get("/operator/health").json, "looksByLevel").items():
        if delays[level]["n"] >= 8 and delays[level]["p50"] is not None:
            assert 0 <= one["half"]["value"] - delays[level]["p50"] <= 1

    # After a day, and after a week, the same two wait; one is answered on the ninth day.
    house.advance(hours=30)
    for one in readers:
        one.get("/today").ok()
    near(figures(operator)[0]["unanswered-day"], 0.2, 0.001)
    house.advance(days=8)
    answer(helper, posts[8], "I am late, sorry. Which soup was it?")
    told, _ = figures(operator)
    near(told["unanswered-week"], 0.2, 0.001)
    near(told["first-reply-ninety"], (30 + 8 * 24 + 1) * 60 + 5, 10)
    assert all(told[f"day{day}"]["value"] == 1 for day in (1, 7, 15)), "nobody has left yet, as far as anybody knows"
    # Weeks later nobody came back: eight had come on the second day, the helper on the tenth.
    house.advance(days=25)
    told, said = figures(operator)
    last = [row["seen_day"] - row["joined_at"] // 86_400_000 for row in house.sql(
        "SELECT joined_at, seen_day FROM account WHERE kind = 'member'")]
    assert len(last) == 27 and sum(day >= 1 for day in last) == 9 and sum(day >= 7 for day in last) == 1
    for day in (1, 7, 15, 30, 90):
        near(told[f"day{day}"], sum(one >= day for one in last) / 27, 0.005)
    # Three younger ones are too few to be told about; and so that nobody can work them out, the older are not told either.
    house.duty(pro)
    young = house.room("young", "onReport", bands="16-17")
    for number in range(3):
        made = write(house.member(band="16-17"), young, "A walk today, and soup.")
        decide_item(pro, made["id"], "approve")
    told, said = figures(operator)
    assert {name: (one["count"], one["half"]["told"]) for name, one in groups(said, "repliesByBand").items()} == {
        "16-17": ("*", "few"), "18-25": ("*", "few")}
    assert told["first-reply-half"]["told"] == "value"
    # One who writes in another language waits for a reader first, and is not told apart.
    other = write(house.member(), room, LANGUAGE, title="Sopa")
    assert other["reason"] == "language"
    decide_item(pro, other["id"], "approve")
    said = figures(operator)[1]
    assert {name: one["count"] for name, one in groups(said, "repliesByLanguage").items()} == {"house": "*", "other": "*"}

    # The page says the same, beside what is published; words are nowhere, and nobody else reads it.
    page = operator.open("/operator/health").ok(200).page
    assert "van Mierlo 2014" in page.words and "no published value" in page.words and "no failure" in page.words
    assert "soup" not in page.words.lower() and all(one.name not in page.words for one in askers)
    assert "/operator/health" in operator.open("/operator").ok(200).page.links
    for nobody in (askers[0], house.moderator()):
        assert nobody.get("/operator/health").status in (401, 403, 404)
    # Beyond ninety days posts are no more among the figures.
    house.advance(days=91)
    assert figures(operator)[0]["first-reply-half"]["told"] == "nothing"
