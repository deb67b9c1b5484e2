"""Tellmi: everything read and tagged by a person, the urgent first, and topics that stay away."""

import json
import time

from cast import (
    MINE, URGENT, answer, approved, claim, content, decide, decide_item, found, matter, need_case, notices, queue, see, threads, write)


def test_TELLMI_1(house):
    """Each post and reply is risk-rated and tagged by a person from 200 or more topics with suggestions pre-filled;
    then published, withheld or passed to a counsellor."""
    room = house.room("ask", "before", format="questions")
    writer, reader = house.member(), house.member()
    staff, pro = house.moderator(duty=600), house.professional(duty=600)
    first = write(writer, room, "My exam results come on Thursday and I can not sleep.")["id"]
    case = need_case(staff, first)
    claim(staff, case["id"])
    told = staff.get(f"/cases/{case['id']}").ok().json
    assert {"exams", "sleep"} <= set(told["suggestedTopics"]), told["suggestedTopics"]
    assert told["case"]["level"] in ("none", "low", "medium", "high", "urgent")
    page = staff.open(f"/cases/{case['id']}").ok(200).page
    form = page.form(f"/cases/{case['id']}/decisions")
    assert form, "no form to decide in"
    # The near ones stand there; all of them are one press away.
    everything = f"/cases/{case['id']}?topics=all"
    assert page.leads_to(everything), "no way to all topics"
    page = staff.open(everything).ok(200).page
    assert page.form(f"/cases/{case['id']}/decisions")
    offered = set(page.options) | {
        at.get("value") for tag, at in page.tags if tag == "input" and at.get("name") in ("topics", "topic")}
    assert len(offered & {t["id"] for t in topics()}) >= 200, f"{len(offered)} tags to choose from"
    # Pre-filled: what the screen suggests is chosen already.
    chosen = {at.get("value") for tag, at in page.tags if tag in ("option", "input") and ("selected" in at or "checked" in at)}
    assert {"exams", "sleep"} <= chosen, chosen
    decide(staff, case["id"], "approve", level=1, topics=["exams", "stress", "no-such-topic"], seconds=30)
    item = see(reader, first)["item"]
    assert sorted(item["topics"]) == ["exams", "stress"], "a person's tags stand, not the machine's"
    assert first in [i["id"] for i in reader.get(f"/rooms/{room}", topic="exams").json["items"]]
    assert first not in [i["id"] for i in reader.get(f"/rooms/{room}", topic="sleep").json["items"]]
    # A reply takes the same road.
    reply = answer(reader, first, "I had the same last year, the waiting was the worst.")["id"]
    assert see(writer, first)["replies"] == []
    case = need_case(staff, reply)
    rated = staff.get(f"/cases/{case['id']}").json
    assert "suggestedTopics" in rated and rated["case"]["level"]
    decide(staff, case["id"], "hide", reason="heated", level=2)
    assert see(writer, first)["replies"] == [] and see(reader, reply)["item"]["state"] == "hidden"
    # Passed to a counsellor.
    third = write(writer, room, "Some days it is all too much and I do not know whom to tell.")["id"]
    case = need_case(staff, third)
    decide(staff, case["id"], "escalate", level=3)
    passed = need_case(pro, third)
    assert passed["state"] == "escalated" and passed["level"] == "high", passed
    assert see(reader, third) is None
    pro.post(f"/cases/{case['id']}/claim").ok()
    pro.post(f"/cases/{case['id']}/conversation", words="I read what you wrote. Would you like to talk?").ok()
    house.jobs()
    talk = writer.get("/talk").ok().json["conversations"][0]["id"]
    assert writer.get(f"/conversations/{talk}").json["messages"][-1]["fromStaff"]


def topics():
    return content("topics.json")["topics"]


def test_TELLMI_2(house):
    """A high-risk post sent into a queue of 100 ordinary ones is first in line within seconds; the time to the
    professional's private reply is recorded."""
    room = house.room("quiet", "before")
    staff, pro = house.moderator(duty=6000), house.professional(duty=6000)
    writers = [house.newcomer() for _ in range(20)]
    for turn in range(5):
        for writer in writers:
            write(writer, room, MINE.format("once more"))
        house.advance(minutes=20)
    assert len(queue(staff)) == 100
    inside = house.member()
    began = time.monotonic()
    item = write(inside, room, URGENT.format("That is all."))["id"]
    first = staff.get("/queue").ok().json["cases"][0]
    assert first["item"] == item and first["urgent"] and first["level"] == "urgent"
    assert time.monotonic() - began < 5, "first in line within seconds"
    parts = {p["part"]: p["points"] for p in first["parts"]}
    assert parts.get("level", 0) >= 100, parts
    page = staff.open("/queue").ok(200).text
    assert page.find(first["id"]) != -1 and all(
        page.find(first["id"]) < page.find(c["id"]) for c in staff.get("/queue").json["cases"][1:] if c["id"] in page)
    counts = staff.get("/queue").json["counts"]
    assert 1 in counts.values(), counts
    # It stays first however long the others wait.
    house.advance(hours=30)
    assert staff.get("/queue").json["cases"][0]["item"] == item or pro.get("/queue").json["cases"][0]["item"] == item
    house.advance(minutes=7)
    case = need_case(pro, item)["id"]
    pro.post(f"/cases/{case}/claim").ok()
    pro.post(f"/cases/{case}/conversation", words="I am here. Are you safe at this moment?").ok()
    told = pro.get("/delays").ok().json
    assert told["conversations"]["n"] == 1, told
    assert told["conversations"]["p50"] >= 30 * 60 + 7, f"not the time from the post to the reply: {told['conversations']}"
    assert pro.open("/delays").ok(200).page.words


def test_TELLMI_4(house):
    """A reader hides a topic and never meets it again; home was free of it before too."""
    room = house.room("forum", "byRisk")
    house.moderator(duty=900)
    writer, reader = house.member(), house.newcomer()
    word, second, plain = house.word(), house.word(), house.word()
    first = write(writer, room, "The urges to self-harm come at night, and then they pass. " + word,
                  topics=["urges-to-self-harm"])["id"]
    assert see(writer, first)["item"]["state"] == "shown", "a hard topic below urgent is not held"
    light = write(writer, room, "My cat sat on the kettle. " + plain, topics=["pets"])["id"]

    def surfaces(face):
        paths = ["/today", f"/rooms/{room}", f"/items/{first}", "/notices", f"/rooms/{room}?topic=urges-to-self-harm"]
        return {path: face.get(path).text + face.open(path).text for path in paths}

    # Before any choice: covered in the room, and not on the home page at all.
    before = surfaces(reader)
    assert word not in before["/today"] and first not in before["/today"], "heavy words met a newcomer on the home page"
    assert plain in before["/today"]
    listed = next(i for i in reader.get(f"/rooms/{room}").json["items"] if i["id"] == first)
    assert listed["sight"] == "cover" and any(b["rule"] == "matter" for b in listed["because"]), listed
    details = reader.open(f"/items/{first}").page.details
    assert any(word in d["text"] and not d["open"] for d in details), "covered words stand behind a closed cover"
    # Hidden: nowhere.
    matter(reader, self_harm="hide")
    second_item = write(writer, room, "Urges again, and I went out to look at the moon. " + second,
                        topics=["urges-to-self-harm"])["id"]
    answer(reader, light, "Was the cat all right?")
    for path, text in surfaces(reader).items():
        assert word not in text and second not in text, f"met again on {path}"
    for item in (first, second_item):
        got = reader.get(f"/items/{item}")
        if got.status == 200:
            seen = got.json["item"]
            assert seen["sight"] == "hide" and not seen.get("body")
            assert seen["because"][0]["rule"] == "matter" and "self-harm" in seen["because"][0]["what"].lower().replace(" ", "-")
    assert all(item["sight"] == "hide" for item in reader.get("/search", q=word).json["items"])
    assert "The urges to self-harm come at night" not in reader.open("/search?q=urges").text
    # A reply under it wakes nobody who hid it; exports do not carry it.
    export = reader.post("/you/export", words=" ".join(reader.words), format="json").ok().text
    assert word not in export and second not in export
    # The page says that something is hidden and by which rule, with an undo.
    page = reader.open(f"/rooms/{room}").page
    assert "hid" in page.words.lower() or page.leads_to("/see")
    # Undone: it is there again.
    matter(reader, self_harm="show")
    assert word in reader.open(f"/items/{first}").text
    assert see(house.member(), first)["item"]["body"], "other readers were never touched"


def test_TELLMI_3(house):
    """Three medium worries in a fortnight by one member raise a pattern alert though no single post did; older ones and
    other people's do not count."""
    room = house.room("ask", "byRisk")
    staff, pro = house.moderator(duty=40000), house.professional(duty=40000)
    me, other = house.member(), house.member()
    worries = ["I hate my life so much, and the bus was late. {}", "I feel like such a burden on all of them. {}",
               "I can't do this anymore, school is so loud. {}"]

    def patterns():
        return [c for c in queue(pro) if c["kind"] == "pattern"]

    # Spread over a month: no pattern. Another voice in between: not theirs.
    for words in worries:
        write(me, room, words.format("First"))
        house.advance(days=13)
        write(other, room, MINE.format("and the tea went cold"))
    assert patterns() == [], "worries of a month made a pattern"
    house.advance(days=15)
    made = []
    for words in worries:
        made.append(write(me, room, words.format("Then")))
        assert made[-1]["state"] in ("shown", "waiting", "held")
        if len(made) < 3:
            assert patterns() == [], f"{len(made)} worries made a pattern"
        house.advance(days=2)
    found = patterns()
    assert len(found) == 1, "no pattern was seen"
    told = pro.get(f"/cases/{found[0]['id']}").ok().json
    assert any(e["code"] == "fortnight-repeated" for e in told["events"]), told["events"]
    assert found[0]["level"] == "high" and not any(c["level"] in ("high", "urgent") for c in queue(pro) if c["kind"] == "review")
    # Looked at once, it is not told again of the same worries.
    claim(pro, found[0]["id"])
    pro.post(f"/cases/{found[0]['id']}/decisions", act="close").ok()
    house.advance(days=1)
    write(me, room, worries[0].format("And"))
    assert patterns() == [], "the same worries again"


def test_TELLMI_6(house):
    """Rejection rates by self-described gender and age group are reported to the operator; nobody is told apart, and what
    somebody said of themselves is theirs."""
    room = house.room("forum", "onReport", bands="16-17,18-25", mixed="1")
    staff, operator = house.moderator(duty=3000), house.operator()

    def writers(count, band, gender):
        made = [house.newcomer(band=band) for _ in range(count)]
        for one in made:
            if gender is not None:
                one.post("/you/gender", gender=gender).ok()
        return made

    def says(face, body, rejected):
        item = write(face, room, body)
        if item["state"] != "shown":
            decide_item(staff, item["id"], "approve")
        if rejected:
            staff.post(f"/items/{item['id']}/hide", reason="heated").ok()

    girls, boys, silent = writers(20, "16-17", "girl-woman"), writers(20, "18-25", "boy-man"), writers(10, "18-25", None)
    for number, one in enumerate(girls):
        says(one, MINE.format("and then"), rejected=number < 12)
    for one in boys + silent:
        says(one, MINE.format("so far"), rejected=False)
    for one in girls[:5]:
        says(one, MINE.format("once more"), rejected=False)

    def report():
        said = operator.get("/operator/fairness").ok().json
        return {"+".join(one["groups"]): one for one in said["byGender"]}, {"+".join(one["groups"]): one for one in said["byBand"]}

    assert report() == ({}, {}), "whole months alone"
    house.advance(days=32)
    gender, band = report()
    # Twelve of twenty people: 0.6, by Clopper and Pearson 0.36 to 0.81. Twelve of twenty-five posts: 48 of a hundred.
    assert gender["girl-woman"] == {
        "groups": ["girl-woman"], "people": "20", "ofHundredPosts": 48,
        "turnedBack": {"told": "value", "value": 0.6, "interval": [0.36, 0.81]}}, gender
    assert gender["boy-man"]["turnedBack"] == {"told": "value", "value": 0, "interval": [0, 0.17]}
    assert gender["unsaid"]["turnedBack"]["value"] == 0 and gender["unsaid"]["people"] == "10"
    assert band["16-17"]["turnedBack"]["value"] == 0.6 and band["18-25"]["turnedBack"]["value"] == 0
    page = operator.open("/operator/fairness").ok(200).page.words
    assert "60 % (36 % – 81 %)" in page and content("words/en/bands.json")["16-17"] in page
    assert all(one.name not in page for one in girls + boys)
    # Three of another kind are too few to be told alone.
    others = writers(3, "18-25", "another")
    says(others[0], MINE.format("again"), rejected=True)
    for one in others[1:]:
        says(one, MINE.format("again"), rejected=False)
    house.advance(days=32)
    gender, band = report()
    assert gender.keys() == {"girl-woman", "boy-man", "another+unsaid"}, gender
    # One of these thirteen: fewer than eight, so hidden; nor may the others' sum tell it.
    assert gender["another+unsaid"]["people"] == "*" and gender["another+unsaid"]["turnedBack"]["told"] == "few"
    assert sum(one["turnedBack"]["told"] == "few" for one in gender.values()) >= 2, gender
    # It is asked neutrally, skipping is fine, and nobody else ever sees it.
    me, asked = girls[0], house.newcomer().open("/you").ok(200).page
    assert asked.form("/you/gender") and "You can skip this" in asked.words and "I would rather not say" in asked.words
    assert not [at for tag, at in asked.tags if tag == "input" and at.get("name") == "gender" and "checked" in at]
    assert me.get("/you").json["gender"] == "girl-woman"
    item = write(me, room, MINE.format("at last"))["id"]
    seen = staff.get(f"/items/{item}").text + "".join(staff.open(f"/cases/{case['id']}").text for case in queue(staff))
    assert "girl-woman" not in seen and "Girl or woman" not in seen
    me.post("/you/gender", gender="robot").refused(None, 422)
    staff.post("/you/gender", gender="boy-man").refused(None, 404)
    # Taken along, taken back, and gone with whoever goes.
    assert '"gender":"girl-woman"' in me.post("/you/export", words=" ".join(me.words), format="json").ok().text.replace(" ", "")
    me.post("/you/gender", gender="").ok()
    assert me.get("/you").json["gender"] is None
    gone = girls[1]
    gone.post("/you/erase", words=" ".join(gone.words)).ok()
    assert house.sql("SELECT count(*) AS n FROM account WHERE gender = 'girl-woman'") == [{"n": 18}]
    for nobody in (boys[0], house.moderator()):
        assert nobody.get("/operator/fairness").status in (401, 403, 404)
