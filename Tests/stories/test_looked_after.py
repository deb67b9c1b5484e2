"""Nobody is put before the world by a stale form, nobody who helps is left alone with it, and nobody leaves unheard."""

import json

import pytest

from cast import MINE, decide_item, matter, see, write
from studying import begin as begin_study, come_back, join, me, opened, plan
from test_forms import begin as begin_form, fill, next_month
from test_letters import begin, deliver, mine, post, trained  # noqa: F401  (the fixture `post`)
from test_stories import send, stage


def test_words_meant_to_carry_no_name_are_never_sent_under_one(house):
    """A room stops taking anonymous voices while somebody writes: they are told, and nothing is shown under their bird."""
    open_room, named = house.room("open", "byRisk", anonymity=1), house.room("named", "byRisk")
    one, reader = house.member(), house.member()
    fields = {"title": "At night", "body": MINE.format("quietly"), "wants": "listen", "voice": "anonymous"}
    assert one.post(f"/rooms/{open_room}/items", fields).ok(201).json["id"]
    one.post(f"/rooms/{named}/items", fields).refused("no-anonymous-voice", 409)
    thread = write(reader, named, MINE.format("by name"))["id"]
    one.post(f"/items/{thread}/replies", {"body": MINE.format("too"), "voice": "anonymous"}).refused("no-anonymous-voice", 409)
    assert one.name not in reader.open(f"/rooms/{named}").text and one.get("/mine").ok().json["items"][0]["voice"] == "anonymous"
    # Danger in them is heard all the same.
    pro = house.professional(duty=600)
    one.post(f"/rooms/{named}/items", {**fields, "body": "I am going to kill myself tonight."}).refused("no-anonymous-voice", 409)
    assert any(case["urgent"] for case in pro.get("/queue").ok().json["cases"])


def test_a_story_keeps_no_name_either(house):
    room, staff, one, _ = stage(house)
    send(one, room, voice="anonymous").refused("no-anonymous-voice", 409)
    send(one, room).ok(201)


def test_a_befriender_is_looked_after(post):  # noqa: F811
    """Weekly question, rest, what they take, the way to the team: all of it for those who only write letters."""
    house, staff, room, _, befrienders, seeker = post
    one = befrienders[0]
    page = one.open("/offers").ok().page
    assert page.form("/offers/week") and page.leads_to("/letters") and page.leads_to("/offers/settings")
    assert one.open("/letters").ok().page.leads_to("/offers")
    new = house.member()
    assert new.open("/offers").ok().page.form("/offers/week") is None and not new.open("/letters").page.leads_to("/offers")
    # A letter about a death finds who takes it, once they say so.
    for each in befrienders:
        each.post("/offers/settings", {"per_day": 2, "per_week": 6, "matters": ["death-of-someone"]}).ok()
    first = begin(seeker, room, topics=["grief"]).ok(201).json["id"]
    deliver(staff, first)
    house.jobs()
    holding = [each for each in befrienders if mine(each)]
    assert len(holding) == 1
    # A second pair of eyes, before it goes.
    series, pro = mine(holding[0])["id"], house.professional(duty=600)
    talk = holding[0].post(f"/letters/{series}/second-eyes", {"words": "Would this be all right to say?"}).ok(201).json
    assert talk and "all right to say" in json.dumps([t for t in pro.get("/talk").ok().json["conversations"]]) or talk["conversation"]
    seeker.post(f"/letters/{series}/second-eyes", {"words": "Would this?"}).refused(None, 404)


def test_what_a_reader_keeps_away_waits_behind_a_cover_in_letters_and_reviews(post):  # noqa: F811
    house, staff, room, forum, befrienders, seeker = post
    deliver(staff, begin(seeker, room).ok(201).json["id"])
    house.jobs()
    one = next(each for each in befrienders if mine(each))
    series = mine(one)["id"]
    one.post("/see", {"words": "coat"}).ok()
    letter = mine(one)["letters"][0]
    assert letter["covered"] == ["word"] and "coat that is not mine" in letter["body"], "covered, and never lost"
    page = one.open(f"/letters/{series}").ok()
    assert 'class="covered"' in page.text
    assert all(row["covered"] == [] for row in mine(seeker)["letters"]), "one's own is never covered"
    seeker.post(f"/rooms/{forum}/reviews", {"answer": 4, "body": "I wore a warm coat here, that is how it felt."}).ok(201)
    for case in staff.get("/queue").ok().json["cases"]:
        if case["item"]:
            decide_item(staff, case["item"], "approve")
    said = one.get(f"/rooms/{forum}/reviews").ok().json["reviews"]
    assert [row["covered"] for row in said] == [["word"]]
    assert 'class="covered"' in one.open(f"/rooms/{forum}/reviews").text and 'class="covered"' not in seeker.open(f"/rooms/{forum}/reviews").text


def test_the_self_map_holds_no_diagnosis(house):
    one = house.member()
    one.post("/you/map", {"topics": ["loneliness", "bipolar", "adhd", "diagnosis"]}).ok()
    assert one.get("/you/map").ok().json["topics"] == ["loneliness"]
    page = one.open("/you/map").ok().text
    assert 'value="loneliness"' in page and 'value="bipolar"' not in page and 'value="adhd"' not in page


def test_a_script_in_a_piece_is_words(house):
    """Nothing in it runs, nothing of it is lost, wherever it stands."""
    room, staff, one, reader = stage(house)
    evil = "<script>alert(1)</script>"
    item = send(one, room, evil, title=f"Tea {evil}", reference_kind="song", reference=f"Kettle {evil}").ok(201).json["id"]
    decide_item(staff, item, "approve")
    for face, path in ((reader, f"/items/{item}"), (reader, f"/rooms/{room}"), (one, f"/items/{item}/sent"), (reader, "/search?q=Tea")):
        text = face.open(path).ok().text
        assert evil not in text, path
    assert "&lt;script&gt;" in reader.open(f"/items/{item}").text and evil in see(reader, item)["item"]["body"]


# Leaving


def test_what_went_badly_is_asked_on_leaving_for_good(house):
    """Counted by month and of nobody: no row leads to who said it, and who ticks nothing is counted nowhere."""
    visitor = house.visitor()
    for number in range(20):
        one = house.member()
        ticked = {"moment": ["2"]} if number < 10 else {"moment": ["none"]} if number < 18 else {}
        assert "moment" in one.open("/you/erase").ok().page.form("/you/erase")["fields"]
        one.post("/you/erase", {"words": " ".join(one.words), "pace": "now", **ticked}).ok()
    next_month(house)
    told = visitor.get("/counts").ok().json["badMoments"]
    assert (told[1]["yes"], told[1]["of"]) == ("10", "20"), "ten of eighteen, rounded"
    assert (told[0]["yes"], told[0]["of"]) == ("0", "20")


def test_harm_is_told_on_leaving_a_study_and_seen_by_its_monitor(house):
    researcher, monitor = house.staff("researcher"), house.staff("study-monitor")
    study = opened(researcher, plan("leaving", [house.room("one"), house.room("two")]))
    one, other = house.member(), house.member()
    for face in (one, other):
        begin_study(face, study, 5)
    one.post(f"/studies/{study}/leave", {"how": "remove", "harm": "1"}).ok()
    other.post(f"/studies/{study}/leave", {"how": "keep"}).ok()
    harms = monitor.get(f"/monitor/{study}").ok().json["harms"]
    assert sum(row["events"] for row in harms if row["kind"] == "told") == 1


# What is asked of one person


def test_one_study_at_a_time_and_one_form_a_fortnight(house):
    researcher = house.staff("researcher")
    rooms = [house.room("one"), house.room("two")]
    first, second = opened(researcher, plan("first", rooms)), opened(researcher, plan("second", rooms))
    one, other = house.member(), house.member()
    house.advance(days=8)
    other.post(f"/studies/{first}/no").ok()
    for _ in range(12):
        if "asksForm" in other.get("/today").ok().json and not house.advance(0)[11:13] in ("22", "23", "00", "01", "02", "03", "04", "05", "06", "07"):
            break
        house.advance(minutes=60)
    begin_study(one, first, 5)
    assert me(one, second)["mayJoin"] == "in-another"
    one.post(f"/studies/{second}/join", {"yes": "1", "before": "no"}).refused("study-in-another", 409, 403, 422)
    # Today shows a study before a form: with no study left to show, the form that somebody else is asked is not asked of whoever
    # has just filled in a study's.
    other.post(f"/studies/{second}/no").ok()
    one.post(f"/studies/{first}/leave", {"how": "keep"}).ok()
    one.post(f"/studies/{second}/no").ok()
    assert other.get("/today").ok().json["asksForm"] == "chime" and one.get("/today").ok().json["asksForm"] is None
    house.advance(days=15)
    assert one.get("/today").ok().json["asksForm"] is not None
    third = opened(researcher, plan("third", rooms))
    join(one, third)


def test_how_many_are_in_a_study_is_told_when_it_is_over(house):
    researcher = house.staff("researcher")
    study = opened(researcher, plan("quiet", [house.room("one"), house.room("two")]))
    for _ in range(9):
        begin_study(house.member(), study, 5)
    visitor = house.visitor()
    assert visitor.get(f"/studies/{study}").ok().json["people"] is None, "a number that grows tells of single people"
    researcher.post(f"/researcher/studies/{study}/state", to="closed").ok()
    come_back(house, 80)
    researcher.post(f"/researcher/studies/{study}/state", to="ended").ok()
    assert visitor.get(f"/studies/{study}").ok().json["people"] == "10"


def test_reach_help_and_shame_are_told_of_many_alone(house):
    operator = house.operator()
    for number in range(20):
        one = house.member()
        fill(one, begin_form(one, "before"), [(1, number % 2)])
        fill(one, begin_form(one, "seeking"), [(1, 4)])
        if number < 3:
            fill(one, begin_form(one, "shame"), [(1, 4)])
    next_month(house)
    short = {row["asks"][:9]: row["answers"] for row in operator.get("/operator/experience").ok().json["short"]}
    assert [row["people"] for row in short["Before yo"]] == ["10", "10"]
    assert {row["people"] for row in short["If I felt"]} == {"*"}, "all said the same: that tells of each"
    assert {row["people"] for row in short["I would b"]} == {"*"}, "three are told nothing of"
    assert "asked anyone" in operator.open("/operator/experience").page.words
