"""Studies: arms by chance, consent, asking over weeks, a watch for harm, a report that says what it can not say."""

import base64
import json
import os
import pathlib
import subprocess

import pytest
from house import BINARY, ROOT
from studying import answer, begin, come_back, join, me, opened, pack_of, plan


@pytest.fixture
def researcher(house):
    return house.staff("researcher")


def invited(house, key, bands="18-25", **more):
    """A room that nobody finds by themselves: members alone read it, and chance lets them in."""
    return house.room(key, more.pop("moderation", "byRisk"), bands=bands, readable="members", invited="1", **more)


def ended(researcher, study):
    researcher.post(f"/researcher/studies/{study}/state", to="ended").ok()
    return researcher.get(f"/researcher/studies/{study}/report").ok().json


def test_CMH_5(house, researcher):
    """Immediate and delayed starts are allocated at random and compared."""
    room = invited(house, "peers")
    study = opened(researcher, plan(
        "now-or-later", [room], design="wait-list", arms=[
            {"id": "later", "name": "Four weeks later", "gives": "waiting", "rooms": [room], "waits": 28},
            {"id": "now", "name": "Now", "rooms": [room]}], primary={"measure": "chime", "days": [0, 21]}))
    people = [house.member() for _ in range(20)]
    arms = {}
    for number, face in enumerate(people):
        arms[face.name] = begin(face, study, 4 + number % 3)
    # Blocks of four: after twenty people both arms have ten, in no order that anybody could see.
    assert sorted(arms.values()) == ["later"] * 10 + ["now"] * 10
    order = [arms[face.name] for face in people]
    assert order != ["later", "now"] * 10 and order != ["now", "later"] * 10
    for face in people:
        inside = face.get(f"/rooms/{room}").status == 200
        assert inside == (arms[face.name] == "now"), f"{face.name} is in {arms[face.name]}"
        assert face.get("/help").status == 200 and face.get("/talk").status == 200, "help is no part of an arm"
    come_back(house, 22)
    for number, face in enumerate(people):
        assert me(face, study)["step"] == "asked"
        value = 4 + number % 3 + (2 if arms[face.name] == "now" else 0)
        # Two say a little more: where everybody follows the plan to the point there is no interval to be inside of.
        answer(face, study, [value + (number < 2)] + [value] * 4)
    # Leaving costs nobody their rooms, the last two of those who wait neither.
    waits = [face for face in people if arms[face.name] == "later"]
    for face in waits[-2:]:
        face.post(f"/studies/{study}/leave", how="keep").ok()
    come_back(house, 8)
    assert all(face.get(f"/rooms/{room}").status == 200 for face in people), "those who waited are in"
    report = ended(researcher, study)
    effect = report["main"][0]
    assert effect["effectOf"] == "now – later" and abs(effect["points"] - 10) < 0.5, effect
    assert effect["interval"][0] < effect["points"] < effect["interval"][1]
    assert [(a["arm"], a["started"], a["answered"]) for a in report["flow"]] == [("later", 10, [10, 10]), ("now", 10, [10, 10])]
    assert "unvalidated" in report["gaps"] and report["comparator"] == "later"


def test_LOVES_1(house, researcher):
    """A community for the young opens for a study with consent and assent, and a look-alike of resources for the other arm."""
    for key in ("professional", "safeguarding-lead"):
        house.staff(key)
    room = invited(house, "young", bands="16-17", moderation="before")
    arms = [
        {"id": "resources", "name": "Pages to read", "gives": "resources"}, {"id": "community", "name": "A community", "rooms": [room]}]
    draft = plan("lovely", [room], design="resource-only", arms=arms, bands=["16-17"], guardian="under-18")
    # Without an ethics reference, its end, and a monitor from outside it does not open.
    researcher.post("/researcher/studies", protocol=json.dumps(draft)).ok(201)
    told = researcher.get("/researcher/studies/lovely").ok().json
    assert set(told["faults"]) == {"no-ethics", "no-monitor"}
    researcher.post("/researcher/studies/lovely/state", to="open").refused("study-faults")
    house.staff("study-monitor")
    draft |= {"ethics": {"reference": "Board 12/26", "until": "2031-01-01"}, "monitor": "A paediatrician from elsewhere"}
    study = opened(researcher, draft)
    # Once it is open nothing in it changes.
    researcher.post("/researcher/studies", protocol=json.dumps(draft | {"wanted": 4})).refused("study-fixed", 409)
    faces = [house.member(band="16-17") for _ in range(8)]
    first = faces[0]
    # Assent alone is not enough at this age: an adult says yes with a code, and learns nothing of who it is.
    lost = join(first, study)["adultCode"]
    # The answer with the code was lost on the way: pressed again, there is a new one, and the old one is good for nothing.
    code = join(first, study)["adultCode"]
    assert code != lost
    house.visitor().post("/studies/adult", code=lost, yes="1").refused("study-adult-code")
    assert me(first, study)["step"] == "adult-first"
    first.post(f"/studies/{study}/ask").refused("study-nothing-open", 409)
    adult = house.visitor()
    adult.post("/studies/adult", code="WRONGWRONG").refused("study-adult-code")
    page = adult.post("/studies/adult", code=code).ok().json
    assert page["title"] == draft["title"] and first.name not in json.dumps(page) and me(first, study)["step"] == "adult-first"
    for _ in range(2):  # and so can the adult's answer be
        adult.post("/studies/adult", code=code, yes="1").ok()
    assert me(first, study)["step"] == "baseline"
    # Who can not ask an adult is not enrolled and not asked again; nothing else changes.
    quiet = faces.pop()
    assert quiet.get("/today").ok().json["study"] == study
    quiet.post(f"/studies/{study}/no", unmasks="1").ok()
    assert quiet.get("/today").ok().json["study"] is None
    quiet.post(f"/studies/{study}/join", yes="1", before="no").refused("study-said-no", 409)
    arms = {}
    for face in faces:
        if face is not first:
            adult.post("/studies/adult", code=join(face, study)["adultCode"], yes="1").ok()
        answer(face, study, 5)
        arms[face.name] = face.post(f"/studies/{study}/start").ok().json["arm"]
    assert set(arms.values()) == {"resources", "community"}
    for face in faces:
        place = face.get(f"/studies/{study}/here")
        assert place.ok().json["rooms"] == ([room] if arms[face.name] == "community" else [])
        assert 'href="/help"' in face.open(f"/studies/{study}/here").ok(200).text
    # Another age, and somebody the study does not know.
    house.member(band="18-25").post(f"/studies/{study}/join", yes="1", before="no").refused("study-other-ages", 409)


def test_LOVES_2(house, researcher):
    """Fortnightly questions for six months and one at twelve are sent, answered in two minutes, and missingness is reported."""
    rooms = [invited(house, "one"), invited(house, "two")]
    days = [0] + [14 * n for n in range(1, 14)] + [365]
    study = opened(researcher, plan("fortnights", rooms, primary={"measure": "chime", "days": days}))
    keen, sometimes, gone = [house.member() for _ in range(3)]
    for face in (keen, sometimes, gone):
        begin(face, study, 5)
    for number, day in enumerate(days[1:], 1):
        come_back(house, day - days[number - 1] + (1 if number == 1 else 0))
        house.night()
        # Sent: a notice that leads to it, once for each point.
        news = [n for n in keen.get("/notices").ok().json["notices"] if n["kind"] == "study" and not n["seen"]]
        assert len(news) == 1, (day, news)
        keen.post("/notices/seen").ok()
        now = me(keen, study)
        assert (now["step"], now["day"]) == ("asked", day)
        answer(keen, study, 6)
        if number % 2:
            form = sometimes.post(f"/studies/{study}/ask").ok(201).json["form"]
            for place in range(1, 6):  # two of five answered: no total
                sent = {"answer": "4"} if place < 3 else {"skip": "1"}
                sometimes.post(f"/forms/{form}/answers", {"place": str(place), **sent}).ok()
        if number == 3:
            gone.post(f"/studies/{study}/leave", how="keep").ok()
    live = {(a["measure"], a["day"]): a for a in researcher.get(f"/researcher/studies/{study}").ok().json["asked"]}
    assert live["chime", 14] == {"measure": "chime", "day": 14, "due": 3, "whole": 1, "partly": 1, "missing": 1}
    assert live["chime", 28] == {"measure": "chime", "day": 28, "due": 3, "whole": 1, "partly": 0, "missing": 2}
    # Who left was asked nothing more, and is missing: leaving hides nothing.
    assert live["chime", 182] == {"measure": "chime", "day": 182, "due": 3, "whole": 1, "partly": 1, "missing": 1}
    assert live["chime", 365] == {"measure": "chime", "day": 365, "due": 3, "whole": 1, "partly": 0, "missing": 2}
    # Five questions a screen each: two minutes.
    assert len(keen.get("/forms").ok().json["mine"][0]["answers"]) == 5


def test_TALK_5(house, researcher):
    """An arm asks for three posts or comments a week for eight weeks; weekly questions on frequency and urge, follow-ups at one and
    two months."""
    staff = house.moderator(duty=600_000)
    rooms = [house.room("read-only"), house.room("writing")]
    study = opened(researcher, plan(
        "three-a-week", rooms, arms=[
            {"id": "as-usual", "name": "As usual", "rooms": [rooms[0]]},
            {"id": "write", "name": "Three a week", "rooms": [rooms[1]], "posts": 3, "weeks": 8}],
        primary={"measure": "chime", "days": [0, 30, 60]},
        also=[{"measure": "urges", "days": [0] + [7 * n for n in range(1, 9)]}]))
    people = [house.member() for _ in range(16)]
    arms = {face.name: begin(face, study, 0, link="1") for face in people}
    writers = [face for face in people if arms[face.name] == "write"]
    assert len(writers) == 8
    assert "3" in writers[0].open(f"/studies/{study}/here").ok(200).text
    for week in range(1, 9):
        # The first writer keeps to it for five weeks, the others for none.
        if week <= 5:
            for number in range(3):
                writers[0].post(
                    f"/rooms/{rooms[1]}/items", title=f"Week {week} number {number}", body=f"A small thing, week {week}, {number}.",
                    wants="listen", voice="name").ok(201)
        come_back(house, 7)
        for face in people:
            now = me(face, study)
            assert now["step"] == "asked", (week, now)
            while me(face, study)["step"] == "asked":
                measure = me(face, study)["measure"]
                # Danger is asked only while somebody is there; the first answer of 1 tells the team.
                answer(face, study, 1 if measure == "urges" and week == 2 and face is writers[1] else 0)
    come_back(house, 5)
    for face in people:
        while me(face, study)["step"] == "asked":
            answer(face, study, 5)
    cases = [c for c in staff.get("/queue").ok().json["cases"]]
    assert cases, "an answer above 0 about hurting oneself reaches a person"
    report = ended(researcher, study)
    asked = {(a["measure"], a["day"]): a for a in report["asked"]}
    assert all(asked["urges", 7 * week]["due"] == 16 for week in range(1, 9))
    assert asked["chime", 30]["due"] == 16 and asked["chime", 60]["due"] == 16
    use = {u["arm"]: u for u in report["use"]}
    assert use["write"]["adherence"] == {"kept": 5, "of": 64}, use["write"]
    assert use["as-usual"]["adherence"] is None


def test_MOST_4(house, researcher):
    """A four-question scale at 0, 6 and 12 weeks; effect with interval, days, minutes and share active come out without hand work."""
    words_for(house, "phq4")
    researcher = house.staff("researcher")
    rooms = [house.room("plain"), house.room("guided")]
    study = opened(researcher, plan("twelve-weeks", rooms, primary={"measure": "phq4", "days": [0, 42, 84]}))
    people = [house.member() for _ in range(24)]
    arms = {face.name: begin(face, study, [2, 2, 2, 1 + n % 3], link="1") for n, face in enumerate(people)}
    house.jobs()
    # Everybody is here at first; in the sixth and the twelfth week every second one is.
    for who, days in ((1, 37), (2, 6), (0, 36), (2, 6)):
        house.jobs()
        for number, face in enumerate(people):
            if who and number % who == 0:
                face.get("/today").ok()
                face.get("/rooms").ok()
        house.jobs()
        come_back(house, days)
        for face in people:
            if me(face, study)["step"] == "asked":
                better = 1 if arms[face.name] == "other" else 0
                answer(face, study, [2 - better, 2 - better, 2 - people.index(face) % 5 // 4, 1 + people.index(face) % 3])
    report = ended(researcher, study)
    assert isinstance(report["main"], list), report["main"]
    effect = report["main"][0]
    assert effect["measure"] == "phq4" and effect["day"] == 84 and effect["people"] == 24
    assert abs(effect["points"] + 2) < 0.5 and effect["standardised"] < -1
    middle = [o[0] for o in report["others"] if o[0]["day"] == 42][0]
    assert abs(middle["points"] + 2) < 0.5
    use = {u["arm"]: u for u in report["use"]}
    assert all(u["people"] == 12 and u["minutes"] >= 1 and u["days"] >= 1 for u in use.values())
    assert sum(a["of"] for u in use.values() for a in u["active"] if a["week"] == 12) == 24
    assert 0 < sum(a["here"] for u in use.values() for a in u["active"] if a["week"] == 12) <= 24


def words_for(house, measure):
    """A host's own wording of a validated form: made up here, since the real words belong to others."""
    facts = json.loads((pathlib.Path(__file__).resolve().parents[2] / f"Content/measures/{measure}.json").read_text())
    house.stop()
    folder = house.folder / "data" / "content" / "packs"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{measure}.en.json").write_text(json.dumps(pack_of(facts)))
    house.start()
    house.morning()


def test_LETTER_4(house, researcher):
    """Seekers and befrienders are both measured at 0, 3, 6 and 9 weeks; a waiting arm is held and let in later."""
    room = house.room("letters", "before", format="letters")
    study = opened(researcher, plan(
        "letters", [room], design="wait-list", sides=["seeker", "supporter"],
        arms=[
            {"id": "later", "name": "Nine weeks later", "gives": "waiting", "rooms": [room], "waits": 63},
            {"id": "now", "name": "Now", "rooms": [room]}], primary={"measure": "chime", "days": [0, 21, 42, 63]},
        also=[{"measure": "helping", "days": [0, 21, 42, 63], "of": ["supporter"]}]))
    seekers = [house.member() for _ in range(4)]
    befriender = house.member()
    befriender.post(f"/studies/{study}/join", yes="1", before="no", side="supporter").refused("study-no-standing", 409)
    house.professional(duty=600).post(f"/rooms/{room}/supporters", name=befriender.name, trained="Twelve evenings at the helpline").ok()
    for face in seekers:
        begin(face, study, 5)
    assert begin(befriender, study, 6, side="supporter") is None, "befrienders are asked, and in no arm"
    for week in (3, 6, 9):
        come_back(house, 21 if week > 3 else 21.1)
        for face in seekers + [befriender]:
            seen = set()
            while me(face, study)["step"] == "asked":
                seen.add(me(face, study)["measure"])
                answer(face, study, 5)
            assert seen == ({"chime", "helping"} if face is befriender else {"chime"}), (week, seen)
    come_back(house, 1)
    report = ended(researcher, study)
    assert {a["arm"]: (a["started"], a["letIn"]) for a in report["flow"]} == {"later": (2, 2), "now": (2, 2)}
    assert report["supporters"] == 1 and report["enrolled"] == 4


def test_UPLIFT_3(house, researcher):
    """Support skill, frequency, compassion, connectedness, motivation at 0, 1 and 4 weeks for trained and waiting groups."""
    room = house.room("training")
    study = opened(researcher, plan(
        "uplift", [room], design="wait-list", arms=[
            {"id": "waiting", "name": "Training later", "gives": "waiting", "rooms": [room], "waits": 28},
            {"id": "trained", "name": "Training now", "rooms": [room]}], primary={"measure": "helping", "days": [0, 7, 28]}))
    people = [house.member() for _ in range(16)]
    arms = {face.name: begin(face, study, 3 + n % 4) for n, face in enumerate(people)}
    assert len(people[0].get("/forms").ok().json["mine"][0]["answers"]) == 5
    for days in (7.1, 21):
        come_back(house, days)
        for number, face in enumerate(people):
            here = 3 + number % 4 + (3 if arms[face.name] == "trained" else 0)
            answer(face, study, [here + number % 3 % 2, here, here, here, here])
    report = ended(researcher, study)
    points = {c["measure"]: {a["arm"]: [p["n"] for p in a["points"]] for a in c["arms"]} for c in report["courses"]}
    assert points["helping"] == {"waiting": [8, 8, 8], "trained": [8, 8, 8]}
    assert abs(report["main"][0]["points"] - 15) < 1 and abs(report["others"][0][0]["points"] - 15) < 1
    low, high = report["main"][0]["robust"]
    assert low < report["main"][0]["points"] < high


def test_PANOPLY_6(house, researcher):
    """Members practise on others' posts; their repeated use, reappraisal and mood can be set against each other."""
    staff = house.moderator(duty=600)
    room = house.room("practice", "onReport")
    asker = house.member()
    thread = asker.post(f"/rooms/{room}/items", title="A hard day", body="It rained on my sandwich.", wants="ideas", voice="name").ok(201).json["id"]
    study = opened(researcher, plan(
        "practice", [room], design="uncontrolled", arms=[{"id": "all", "name": "All", "rooms": [room]}],
        primary={"measure": "outlook", "days": [0, 14]}))
    people = [house.member() for _ in range(25)]
    times = [0] * 9 + [1] * 8 + [3] * 8
    for number, (face, often) in enumerate(zip(people, times)):
        begin(face, study, 3 + number % 2, **({"link": "1"} if number else {}))
        for time in range(often):
            face.post(f"/items/{thread}/replies", body=f"Maybe it watered the bread, {number} {time}.", voice="name").ok(201)
    come_back(house, 14.1)
    house.duty(staff)
    for face, often in zip(people, times):
        answer(face, study, 4 + often)
    report = ended(researcher, study)
    # One did not say yes to being counted: of them nothing stands beside their answers. Bands of eight, since replies can be counted.
    bands = {p["times"]: p for p in report["practice"]}
    assert {times: p["people"] for times, p in bands.items()} == {"0": "10", "1 – 2": "10", "3 – 5": "10", "6 +": "0"}
    assert [bands[t]["totals"]["outlook"]["mean"] for t in ("0", "1 – 2", "3 – 5")] == [8, 10, 14]
    # Nobody compares: what is told is a change, and nowhere an effect.
    assert "change" in report["main"][0] and "effectOf" not in json.dumps(report)
    html = researcher.open(f"/researcher/studies/{study}/report").ok(200).text
    assert "<circle" in html and "Effect:" not in html and "<h2>Effects" not in html


def test_UNI_2(house, researcher):
    """A depression scale before and after, without a link between score and posts unless consented."""
    words_for(house, "phq9")
    researcher = house.staff("researcher")
    house.moderator(duty=600_000)
    room = house.room("campus", "onReport")
    study = opened(researcher, plan(
        "campus", [room], design="uncontrolled", arms=[{"id": "all", "name": "All", "rooms": [room]}],
        primary={"measure": "phq9", "days": [0, 28]}))
    people = [house.member() for _ in range(18)]
    for number, face in enumerate(people):
        begin(face, study, [1] * 7 + [number % 3, 0], **({"link": "1"} if number < 9 else {}))
        face.post(f"/rooms/{room}/items", title=f"Hello {number}", body=f"Tea and rain, {number}.", wants="listen", voice="name").ok(201)
    come_back(house, 28.1)
    for number, face in enumerate(people):
        answer(face, study, [number % 2] * 8 + [0])
    if house.engine == "sqlite":
        kept = house.sql("SELECT count(*) AS n FROM study_day d JOIN participant p ON p.id = d.participant JOIN consent c "
                         "ON c.account = p.account AND c.purpose = 'study:campus:link'")[0]["n"]
        assert kept == house.sql("SELECT count(*) AS n FROM study_day")[0]["n"]
    # Who takes it back is counted no more.
    people[0].post(f"/studies/{study}/consents").ok()
    report = ended(researcher, study)
    posts = {s["style"]: s["change"]["n"] for s in report["styles"]}
    assert posts["posts"] == 8 and posts["replies"] == "0" and posts["reads"] == "0"
    assert report["main"][0]["people"] == 18 and "change" in report["main"][0]
    assert report["flow"][0]["answered"] == [18, 18]


def test_all_6_with_study_data(house, researcher):
    """Everything about one's part can be taken along, and goes: what stays is that somebody started and left."""
    rooms = [house.room("one"), house.room("two")]
    study = opened(researcher, plan("whole", rooms))
    people = [house.member() for _ in range(4)]
    for face in people:
        begin(face, study, 5, link="1", share="1")
    words = " ".join(people[0].words)
    record = people[0].post("/you/export", words=words, format="json").ok().json
    assert [(s["study"], s["answered"]) for s in record["studies"]] == [("whole", ["chime@0"])]
    assert {c["purpose"] for c in record["consents"]} == {"study:whole:link", "study:whole:share", "study:whole:take-part"}
    people[0].post("/you/erase", words=words, pace="now").ok()
    assert house.sql("SELECT count(*) AS n FROM participant WHERE account IS NULL AND left_how = 'erased'")[0]["n"] == 1
    assert house.sql("SELECT count(*) AS n FROM study_form")[0]["n"] == 3
    assert house.sql("SELECT count(*) AS n FROM consent WHERE account NOT IN (SELECT account FROM participant WHERE account IS NOT NULL)")[0]["n"] == 0
    come_back(house, 42.1)
    for face in people[1:]:
        answer(face, study, 6)
    report = ended(researcher, study)
    assert sum(a["started"] for a in report["flow"]) == 4 and sum(a["left"]["erased"] for a in report["flow"]) == 1
    assert sum(sum(a["answered"]) for a in report["flow"]) == 6


def test_who_gets_worse_is_looked_after_and_counted(house):
    """Whoever got worse by more than chance on the main outcome comes before the team, whatever their arm; the monitor sees it by arm."""
    words_for(house, "phq9")
    researcher, monitor = house.staff("researcher"), house.staff("study-monitor")
    staff = house.moderator(duty=600_000)
    rooms = [house.room("one"), house.room("two")]
    study = opened(researcher, plan("worse", rooms, primary={"measure": "phq9", "days": [0, 28]}))
    person, other = house.member(), house.member()
    for face in (person, other):
        begin(face, study, [0, 1, 0, 1, 0, 0, 1, 0, 0])
    come_back(house, 28.1)
    before = len(staff.get("/queue").ok().json["cases"])
    answer(person, study, [3, 3, 2, 3, 2, 2, 3, 2, 0])
    answer(other, study, [0, 1, 0, 1, 1, 0, 1, 0, 0])
    assert len(staff.get("/queue").ok().json["cases"]) == before + 1
    seen = monitor.get(f"/monitor/{study}").ok().json
    assert sum(h["events"] for h in seen["harms"] if h["kind"] == "worse") == 1
    # Whoever it went badly for leaves with all answers, and it stays counted: a watch must not fall asleep over that.
    person.post(f"/studies/{study}/leave", how="remove").ok()
    assert sum(h["events"] for h in monitor.get(f"/monitor/{study}").ok().json["harms"] if h["kind"] == "worse") == 1
    # The monitor sees harms and no outcome; the researcher sees no arms while it runs; the report opens at the end.
    assert "points" not in json.dumps(seen)
    live = researcher.get(f"/researcher/studies/{study}").ok().json
    assert "harms" not in live and "flow" not in live
    researcher.get(f"/researcher/studies/{study}/report").refused("study-not-ended", 409)
    monitor.get(f"/researcher/studies/{study}").refused(None, 403)
    researcher.get(f"/monitor/{study}").refused(None, 403)
    # Danger about somebody: they are not asked to take part while somebody looks at it.
    late = house.member()
    late.post(f"/rooms/{rooms[0]}/items", title="Tonight", body="I have decided. I am going to kill myself tonight.", wants="listen", voice="name").ok()
    late.post(f"/studies/{study}/join", yes="1", before="no").refused("study-in-danger", 409)
    assert late.get("/today").ok().json["study"] is None


def test_the_watch_for_harm_stops_a_study(house):
    """Harms above what was planned for: nobody new comes in, a person is called, those who are in keep everything; the monitor alone
    lets it go on, and may end it."""
    words_for(house, "phq9")
    researcher, monitor = house.staff("researcher"), house.staff("study-monitor")
    house.moderator(duty=600_000)
    rooms = [house.room("one"), house.room("two")]
    study = opened(researcher, plan(
        "watched", rooms, primary={"measure": "phq9", "days": [0, 7]}, harm={"usual": 0.001, "raised": 0.01, "h": 2.5, "points": 6}))
    people = [house.member() for _ in range(4)]
    for number, face in enumerate(people):
        begin(face, study, [0, 1, 0, number % 2, 0, 0, 1, 0, 0])
    come_back(house, 7.1)
    rung = len(house.alarms())
    for face in people[:3]:
        answer(face, study, [3, 3, 2, 3, 2, 2, 3, 2, 0])
    come_back(house, 8)
    house.night()
    house.jobs()
    assert researcher.get(f"/researcher/studies/{study}").ok().json["state"] == "paused"
    assert len(house.alarms()) > rung, "a person was called"
    seen = monitor.get(f"/monitor/{study}").ok().json
    assert seen["weeks"][-1]["sum"] > seen["h"] or max(w["sum"] for w in seen["weeks"]) > seen["h"]
    assert [e["what"] for e in seen["log"]] == ["drafted", "opened", "rang"]
    house.member().post(f"/studies/{study}/join", yes="1", before="no").refused("study-not-open", 409)
    assert people[3].get(f"/studies/{study}/here").status == 200
    # Who runs it can not wave it on.
    researcher.post(f"/researcher/studies/{study}/state", to="open").refused("study-state", 409)
    monitor.post(f"/monitor/{study}/state", to="open").ok()
    assert me(house.member(), study)["mayJoin"] == "ask"
    house.night()
    assert researcher.get(f"/researcher/studies/{study}").ok().json["state"] == "open", "looked at is looked at, for this week"
    monitor.post(f"/monitor/{study}/state", to="ended").ok()
    assert researcher.get(f"/researcher/studies/{study}").ok().json["events"][-1]["what"] == "ended"


def test_presses_and_replies_that_get_lost(house, researcher):
    """Twice the same press makes one: one part, one place, one form; leaving twice is leaving."""
    rooms = [house.room("one"), house.room("two")]
    study = opened(researcher, plan("twice", rooms))
    face = house.member()
    face.post(f"/studies/{study}/start").refused(None, 404)
    face.post(f"/studies/{study}/join", before="no").refused("study-no-yes")
    face.post(f"/studies/{study}/join", yes="1", before="perhaps").refused(None, 422)
    join(face, study)
    join(face, study)
    face.post(f"/studies/{study}/start").refused("study-first-questions", 409)
    first = face.post(f"/studies/{study}/ask").ok(201).json["form"]
    assert face.post(f"/studies/{study}/ask").ok(201).json["form"] == first
    answer(face, study, 5)
    arm = face.post(f"/studies/{study}/start").ok().json["arm"]
    assert face.post(f"/studies/{study}/start").ok().json["arm"] == arm
    face.post(f"/studies/{study}/ask").refused("study-nothing-open", 409)
    assert house.sql("SELECT count(*) AS n FROM study_place WHERE participant IS NOT NULL")[0]["n"] == 1
    for _ in range(2):
        face.post(f"/studies/{study}/leave", how="remove").ok()
    assert house.sql("SELECT count(*) AS n FROM study_form")[0]["n"] == 0
    assert len(face.get("/forms").ok().json["mine"]) == 1, "their answers stay their own"
    face.post(f"/studies/{study}/join", yes="1", before="no").refused("study-already-in", 409)
    # Somebody else's study is nobody's: a stranger learns what is public.
    assert "me" not in house.visitor().get(f"/studies/{study}").ok().json
    house.visitor().get("/studies/nothing").refused(None, 404)
    researcher.post("/researcher/studies", protocol="{ this is no plan").refused("study-protocol")
    wrong = plan("wrong", rooms) | {"primery": 1}
    assert "primery" in researcher.post("/researcher/studies", protocol=json.dumps(wrong)).refused("study-protocol").json["says"]


def test_minimisation(house, researcher):
    """Arms kept alike without a list: after every person they differ by little, and the seed lies sealed."""
    rooms = [house.room("one"), house.room("two")]
    study = opened(researcher, plan("alike", rooms, allocation="minimisation"))
    arms = []
    for number in range(12):
        arms.append(begin(house.member(), study, 5, before="yes" if number % 3 else "no"))
    assert abs(arms.count("usual") - arms.count("other")) <= 4 and set(arms) == {"usual", "other"}
    assert house.sql("SELECT count(*) AS n FROM study_place")[0]["n"] == 0


def test_a_yes_that_is_over_ends(house, researcher):
    """A yes has an end: after it nobody is asked, and what was said yes to besides ends with it."""
    rooms = [house.room("one"), house.room("two")]
    study = opened(researcher, plan("short", rooms, consentDays=71, primary={"measure": "chime", "days": [0, 14]}))
    face, waits, late = house.member(), house.member(), house.member()
    begin(face, study, 5, share="1")
    # Whoever began so late that the yes would end before the last question is put into no group.
    for one in (waits, late):
        join(one, study)
        answer(one, study, 5)
    come_back(house, 28)
    assert waits.post(f"/studies/{study}/start").ok().json["arm"]
    assert "You can start until" in late.open(f"/studies/{study}").ok(200).page.words
    come_back(house, 1.1)
    late.post(f"/studies/{study}/start").refused("study-yes-too-old", 409)
    late.post(f"/studies/{study}/join", yes="1", before="no").refused("study-yes-too-old", 409)
    assert "Your yes to this study has ended" in late.open(f"/studies/{study}").ok(200).page.words
    house.night()
    assert (me(late, study)["in"], me(waits, study)["in"]) == (False, True)
    assert "Your yes to this study has ended" in late.open(f"/studies/{study}").ok(200).page.words
    late.post(f"/studies/{study}/no").refused("study-already-in", 409)
    come_back(house, 14)
    assert me(waits, study)["step"] == "asked"
    come_back(house, 28)
    house.night()
    for one in (face, waits):
        now = me(one, study)
        assert (now["in"], now["step"], now["purposes"]) == (False, "over", [])
    report = ended(researcher, study)
    assert sum(a["left"]["lapsed"] for a in report["flow"]) == 2 and report["notStarted"] == 1


def test_the_data_set_for_evaluators_and_pooling(house, researcher, tmp_path):
    """Outside, the data set is held against what is public; a changed byte is seen. Summaries of two hosts are joined."""
    rooms = [house.room("one"), house.room("two", "before")]
    study = opened(researcher, plan("data", rooms, primary={"measure": "chime", "days": [0, 14]}))
    people = [house.member() for _ in range(24)]
    arms = {}
    for number, face in enumerate(people):
        arms[face.name] = begin(face, study, [3 + number % 5] * 5, **({"share": "1"} if number < 22 else {}))
    come_back(house, 14.1)
    for number, face in enumerate(people):
        answer(face, study, [3 + number % 5, 4, 3 + number % 3, 5, 5 + (1 if arms[face.name] == "other" else 0)])
    researcher.get(f"/researcher/studies/{study}/data").refused("study-not-ended", 409)
    report = ended(researcher, study)
    # The rooms of the arms differ in when somebody reads, and in nothing else: who stays is told by that.
    stay = {(row["axis"], row["form"]): row for row in report["retentionByForm"]}
    assert set(stay) == {("moderation", "before"), ("moderation", "byRisk")}, stay
    assert stay["moderation", "before"]["people"] == list(arms.values()).count("other") and stay["moderation", "before"]["byChance"]
    assert "Who is still there, by the form of the rooms" in researcher.open(f"/researcher/studies/{study}/report").ok(200).page.words
    researcher.get(f"/researcher/studies/{study}/data").refused("study-set-not-made", 409)
    researcher.post(f"/researcher/studies/{study}/data").ok()
    token = researcher.get(f"/researcher/studies/{study}/data").ok().text
    files = {
        "set.jwt": token, "keys.json": house.visitor().get("/record/keys").ok().text,
        "page.json": house.visitor().get(f"/studies/{study}").ok().text}
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    def verify(name):
        return subprocess.run(
            [BINARY, "study", "verify", tmp_path / name, "--keys", tmp_path / "keys.json", "--page", tmp_path / "page.json"],
            capture_output=True, text=True, timeout=60, cwd=ROOT)

    good = verify("set.jwt")
    assert good.returncode == 0 and "22 rows" in good.stdout, good.stdout + good.stderr
    names = [face.name for face in people]
    body = base64.urlsafe_b64decode(token.split(".")[1] + "==").decode()
    assert not any(name in body for name in names)
    assert json.loads(body)["counts"][0]["notShared"] == "*" or json.loads(body)["counts"][1]["notShared"] == "*"
    head, claims, signature = token.split(".")
    changed = base64.urlsafe_b64encode(body.replace('"band":"18-25"', '"band":"16-17"', 1).encode()).decode().rstrip("=")
    (tmp_path / "changed.jwt").write_text(f"{head}.{changed}.{signature}")
    bad = verify("changed.jwt")
    assert bad.returncode == 1 and "signature" in bad.stdout
    # The report and the summary by command, from the same data.
    if house.engine == "sqlite":
        house.stop()
        data = house.folder / "data"
        env = {k: v for k, v in os.environ.items() if not k.startswith("UNDERSTORY_")}
        env |= {"UNDERSTORY_DATA": str(tmp_path / "elsewhere"), "UNDERSTORY_DATABASE": str(house.file), "UNDERSTORY_KEY_FILE": str(data / "key")}

        def run(*arguments):
            return subprocess.run([BINARY, "study", *arguments], capture_output=True, text=True, timeout=120, cwd=ROOT, env=env)

        html, told = tmp_path / "report.html", tmp_path / "report.json"
        done = run("analyse", study, "--html", html, "--json", told, "--hourly", "30")
        assert done.returncode == 0, done.stderr
        page = html.read_text()
        assert page.startswith("<!doctype html>") and "<svg" in page and "http://" not in page.replace("http://www.w3.org", "")
        assert json.loads(told.read_text())["study"] == study
        summary = run("summary", study)
        assert summary.returncode == 0, summary.stderr
        one = json.loads(summary.stdout)
        assert one["effects"][0]["of"] == "other – usual" and one["effects"][0]["variance"] > 0
        two = one | {"effects": [one["effects"][0] | {"points": one["effects"][0]["points"] + 1}]}
        (tmp_path / "one.json").write_text(json.dumps(one))
        (tmp_path / "two.json").write_text(json.dumps(two))
        pooled = run("pool", tmp_path / "one.json", tmp_path / "two.json", "--json")
        assert pooled.returncode == 0, pooled.stderr
        joined = json.loads(pooled.stdout)[0]
        assert joined["hosts"] == 2 and one["effects"][0]["points"] < joined["points"] < one["effects"][0]["points"] + 1
        other = one | {"day": 28}
        (tmp_path / "other.json").write_text(json.dumps(other))
        refused = run("pool", tmp_path / "one.json", tmp_path / "other.json")
        assert refused.returncode != 0 and "day 28" in refused.stderr
