"""Studies: who reads sees no arm, one data set for all time, cost per QALY by a host's own values, danger in a host's own form."""

import base64
import json
import os
import re
import subprocess

import pytest
from cast import answer as reply
from cast import approved, queue, write
from house import BINARY, ROOT
from studying import answer, begin, come_back, me, opened, pack_of, plan
from test_courses import hand_in, learn, may_rate, rate
from test_forms import begin as begin_form
from test_forms import fill
from test_studies import ended, invited

# Invented for these tests: no published form and no published value is in it.
MADE_UP = {
    "id": "madeup", "name": "Made-up states", "version": "1", "items": [{"code": "madeup-1"}, {"code": "madeup-2"}],
    "lowest": 1, "highest": 3, "total": {"kind": "sum", "lowest": 2, "highest": 6}, "higherIs": "worse", "cutoffs": [], "bands": [],
    "risks": [], "errors": [], "ages": {"from": 11}, "licence": {"terms": "Invented", "wording": "pack", "source": "Invented"},
    "source": "Invented for a test",
    "utility": {
        "name": "Invented values", "country": "Nowhere", "source": "Invented for a test", "ages": {"from": 18},
        "licence": {"holder": "Nobody", "terms": "Invented", "date": "2026-01-01", "evidence": "None"},
        "losses": [[0, 0.1, 0.3], [0, 0.2, 0.4]], "once": [{"above": 2, "loss": 0.1}]}}


def command(house, *arguments):
    env = {k: v for k, v in os.environ.items() if not k.startswith("UNDERSTORY_")} | {"UNDERSTORY_DATA": str(house.folder / "data")}
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=60, cwd=ROOT, env=env)


def imported(house, facts, tmp_path, own=False):
    """By the command that a host uses; with `own` the form itself comes from the host as well."""
    house.stop()
    if own:
        folder = house.folder / "data" / "content" / "measures"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{facts['id']}.json").write_text(json.dumps(facts))
    file = tmp_path / f"{facts['id']}.en.json"
    file.write_text(json.dumps(pack_of(facts)))
    done = command(house, "measures", "import", str(file))
    assert done.returncode == 0 and "Taken in: 1" in done.stdout, done.stdout + done.stderr
    house.start()
    house.morning()


def walk(face, starts):
    """Every page and JSON that can be reached below these addresses."""
    seen, open_ = {}, list(starts)
    while open_:
        path = open_.pop()
        if path in seen:
            continue
        page = face.open(path).ok(200)
        seen[path] = page.text + face.get(path).ok().text
        for link in re.findall(r'href="([^"#]+)"', page.text):
            if any(link == start or link.startswith(start + "/") for start in starts):
                open_.append(link)
    return seen


def test_raters_and_coders_see_no_arm(house):
    """Whoever codes words or rates a role-play learns nothing of a study: not that there is one, nor who is in which arm."""
    researcher = house.staff("researcher")
    rooms = [invited(house, "heronry", "18-25"), invited(house, "kestrels", "18-25")]
    secrets = ["arm-heron", "arm-kestrel", "Grey heron group", "Red kestrel group", "Does a bird help?", "bird-study", "waiting-arm"]
    study = opened(researcher, plan(
        "bird-study", rooms, title="Does a bird help?", design="wait-list", arms=[
            {"id": "arm-heron", "name": "Grey heron group", "gives": "waiting", "rooms": [rooms[0]], "waits": 28},
            {"id": "arm-kestrel", "name": "Red kestrel group", "rooms": [rooms[1]]}], primary={"measure": "chime", "days": [0, 21]}))
    open_room = house.room("everybody", "onReport")
    people = [house.member() for _ in range(4)]
    arms = {face.name: begin(face, study, 5) for face in people}
    assert set(arms.values()) == {"arm-heron", "arm-kestrel"}
    shared = []
    for number, face in enumerate(people):
        shared.append(write(face, open_room, f"A walk today, and soup {number}.")["id"])
        if arms[face.name] == "arm-kestrel":
            write(face, rooms[1], f"Only our group reads this {number}.")
    for face in people:
        reply(face, shared[1] if face is people[0] else shared[0], "That sounds good.")
    learn(people[0], "first-steps")
    hand_in(people[0], "first-steps").ok()
    coder, rater = house.professional(duty=600), house.staff("trained-paid-peer", duty=600)
    for face in (coder, rater):
        may_rate(face, "first-steps")
    read = 0
    for face in (coder, rater):
        while True:
            pages = walk(face, ["/coding", "/ratings"])
            assert len(pages) > 3, pages.keys()
            read += len(pages)
            for path, text in pages.items():
                told = [secret for secret in secrets + rooms + [face.name for face in people] if secret in text]
                assert not told, (path, told)
            # On to the next words, until nothing is left in any book.
            books = [b for b in face.get("/coding").ok().json["books"]]
            left = [(b, face.get(f"/coding/{b['id']}").ok().json) for b in books]
            left = [(b, item) for b, item in left if item["item"]]
            if not left:
                break
            for book, item in left:
                given = face.post(f"/coding/{book['id']}/items/{item['item']}", code=book["codes"][0]).ok()
                assert not [secret for secret in secrets if secret in given.text]
    assert read > 20
    rate(rater, "first-steps", 2)
    rate(coder, "first-steps", 2)
    for face in (coder, rater):
        for path, text in walk(face, ["/coding", "/ratings"]).items():
            assert not [secret for secret in secrets + rooms if secret in text], path
        # What the people who run it see is shut to them.
        for shut in (f"/researcher/studies/{study}", f"/researcher/studies/{study}/report", f"/researcher/studies/{study}/data", f"/monitor/{study}"):
            assert face.get(shut).status == 403, shut


def test_a_coder_without_a_check_reads_no_young_words(house):
    """Words of people under 18 are read by those with a background check alone, also for coding."""
    young, grown = house.room("young", "before", bands="16-17"), house.room("grown", "onReport")
    checked, unchecked = house.professional(duty=600), house.professional(checked=False)
    item = approved(checked, house.member(band="16-17"), young, "Maths was long today.")
    assert checked.get("/coding/post-type").ok().json["item"] == item
    assert unchecked.get("/coding/post-type").ok().json["item"] is None
    assert unchecked.post(f"/coding/post-type/items/{item}", code="question").status == 404
    assert house.sql("SELECT count(*) AS n FROM item_code") == [{"n": 0}]
    # In a room of grown people both read.
    other = write(house.member(), grown, "Soup again.")["id"]
    assert unchecked.get("/coding/post-type").ok().json["item"] == other
    unchecked.post(f"/coding/post-type/items/{other}", code="question").ok()


def test_danger_in_a_form_of_the_host(house, tmp_path):
    """A form whose risk answer means danger: a case at once, help shown; with nobody on duty the item is not asked."""
    facts = json.loads((ROOT / "Content/measures/phq9.json").read_text())
    (risk,) = facts["risks"]
    imported(house, facts, tmp_path)
    # Nobody is here: the item is not asked, and an answer to it is not taken.
    alone = house.member()
    form = begin_form(alone, "phq9")
    assert alone.get(f"/forms/{form}").ok().json["form"]["notAsked"] == [risk["item"]]
    alone.post(f"/forms/{form}/answers", place=str(risk["item"]), answer="2").refused()
    staff = house.professional(duty=600)
    assert queue(staff) == []
    person, well = house.member(), house.member()
    form = begin_form(person, "phq9")
    page = person.open(f"/forms/{form}", at=risk["item"]).ok(200).page
    assert f"Made-up question {risk['item']}?" in page.words
    # The one answer is enough, with all others left out.
    said = fill(person, form, [(risk["item"], risk["above"] + 1)])
    assert said["help"] is True
    cases = [c for c in queue(staff) if c["kind"] == "risk"]
    assert len(cases) == 1 and cases[0]["level"] in ("high", "urgent"), cases
    sent = person.send(f"/forms/{form}/answers", {"place": str(risk["item"]), "answer": str(risk["above"] + 1)}, follow=True)
    assert 'href="/help"' in sent.ok(200).text and "help" in sent.page.words.lower()
    # The case says which form, and neither the answer nor the words of the question.
    words = staff.open(f"/cases/{cases[0]['id']}").ok(200).page.words
    assert "Made-up question" not in words and f"Answer {risk['above'] + 1}" not in words
    # The same answer sent again, since the reply was lost, opens no second one.
    assert len([c for c in queue(staff) if c["kind"] == "risk"]) == 1
    # An answer that is no danger makes none.
    fill(well, begin_form(well, "phq9"), [(risk["item"], risk["above"])])
    assert len([c for c in queue(staff) if c["kind"] == "risk"]) == 1
    # Who goes on when everybody has gone home is not asked it any more.
    later = house.member()
    form = begin_form(later, "phq9")
    house.off(staff)
    later.post(f"/forms/{form}/answers", place=str(risk["item"]), answer="3").refused("form-nobody-here", 409)


def body(token):
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))


def test_a_data_set_is_made_once(house):
    """Two downloads are the same bytes: nobody learns from a second one who took a yes back in between."""
    researcher = house.staff("researcher")
    rooms = [house.room("one"), house.room("two")]
    study = opened(researcher, plan("once", rooms, primary={"measure": "chime", "days": [0, 14]}))
    people = [house.member() for _ in range(40)]
    for number, face in enumerate(people):
        begin(face, study, 3 + number % 5, share="1")
    come_back(house, 14.1)
    for number, face in enumerate(people):
        answer(face, study, 3 + number % 4)
    place = f"/researcher/studies/{study}/data"
    researcher.post(place).refused("study-not-ended", 409)
    people[0].post(f"/studies/{study}/leave", how="keep").ok()
    ended(researcher, study)
    assert researcher.get(f"/researcher/studies/{study}").ok().json["dataSet"] is None
    # Until it is made a yes can be taken back, also by whoever left, and then it is not in it.
    assert "share" in me(people[0], study)["purposes"]
    for face in people[:2]:
        face.post(f"/studies/{study}/consents").ok()
        assert me(face, study)["purposes"] in (["take-part"], [])
    people[0].post(f"/studies/{study}/consents", share="1").refused(None, 404)
    for _ in range(2):
        researcher.post(place).ok()
    assert house.sql("SELECT count(*) AS n FROM study_set")[0]["n"] == 1
    first = researcher.get(place).ok().text
    assert len(body(first)["rows"]) == 38
    assert me(people[0], study)["givenOut"] is None and me(people[1], study)["givenOut"] is None
    # Afterwards one takes it back, one takes all answers out, one erases everything.
    assert "can not be fetched back" in people[2].open(f"/studies/{study}").ok(200).page.words
    assert me(people[2], study)["givenOut"] is not None
    people[2].post(f"/studies/{study}/consents").ok()
    people[3].post("/you/erase", words=" ".join(people[3].words), pace="now").ok()
    told = researcher.get(f"/researcher/studies/{study}/report").ok().json["dataSet"]
    assert told["made"] and told["gone"] == "*", "that some did is told, and small numbers are not"
    for face in people[4:12]:
        face.post(f"/studies/{study}/consents").ok()
    # A new yes after it was made changes nothing of what was given out.
    people[1].post(f"/studies/{study}/consents", share="1").ok()
    house.advance(days=2)
    researcher.post(place).ok()
    assert researcher.get(place).ok().text == first
    assert researcher.get(f"/researcher/studies/{study}/report").ok().json["dataSet"]["gone"] == "10"
    assert "stays as it is" in researcher.open(f"/researcher/studies/{study}/report").ok(200).page.words
    assert me(people[2], study)["givenOut"] is not None and me(people[1], study)["givenOut"] is None
    # It still fits what is public, and nothing of it lies open in the database.
    tally = {a["arm"]: a["people"] for a in house.visitor().get(f"/studies/{study}").ok().json["tally"]}
    assert {c["arm"]: c["started"] for c in body(first)["counts"]} == tally
    assert first.split(".")[1][:60] not in str(house.sql("SELECT sealed FROM study_set")[0]["sealed"])
    log = [e["what"] for e in researcher.get(f"/researcher/studies/{study}").ok().json["events"]]
    assert log == ["drafted", "opened", "ended", "set-made"]


def test_nobody_stands_alone_by_when_they_answered(house):
    """Who stopped coming may be known: rows are alike in that too, and say nothing of who left."""
    researcher = house.staff("researcher")
    rooms = [house.room("alike-a", "onReport"), house.room("alike-b", "onReport")]
    study = opened(researcher, plan("alike", rooms, blocks=[2], primary={"measure": "chime", "days": [0, 14]}))
    people = [house.member() for _ in range(24)]
    arms = {face.name: begin(face, study, 4, share="1") for face in people}
    people[0].post(f"/studies/{study}/leave", how="keep").ok()
    # A second thought counts: who let their answers stay may still take them out.
    people[1].post(f"/studies/{study}/leave", how="keep").ok()
    assert "Take my answers out" in people[1].open(f"/studies/{study}").ok().page.words
    people[1].post(f"/studies/{study}/leave", how="remove").ok()
    assert "Take my answers out" not in people[1].open(f"/studies/{study}").ok().page.words
    assert house.sql("SELECT left_how, count(*) AS n FROM participant WHERE left_at IS NOT NULL GROUP BY left_how ORDER BY left_how") == [
        {"left_how": "keep", "n": 1}, {"left_how": "remove", "n": 1}]
    come_back(house, 14.1)
    silent = [face for face in people[2:] if arms[face.name] == "usual"][-3:]
    for number, face in enumerate(people[2:]):
        if face not in silent:
            answer(face, study, 4 + number % 3)
    ended(researcher, study)
    researcher.post(f"/researcher/studies/{study}/data").ok()
    text = researcher.get(f"/researcher/studies/{study}/data").ok().text
    told = json.loads(base64.urlsafe_b64decode(text.split(".")[1] + "==").decode())
    kinds = {}
    for row in told["rows"]:
        assert "left" not in row
        kind = (row["arm"], row["band"], tuple(sorted(at for at, total in row["totals"].items() if total is not None)))
        kinds[kind] = kinds.get(kind, 0) + 1
    assert kinds and min(kinds.values()) >= 8, kinds
    counts = {count["arm"]: count for count in told["counts"]}
    assert counts["usual"]["alone"] == "*" and counts["usual"]["rows"] <= 9, "the three who did not answer are in no row"


def test_cost_per_qaly_by_the_values_of_a_host(house, tmp_path):
    """With a host's own form and value set a report tells QALYs, costs, net benefit and the curve, and says of how many."""
    imported(house, MADE_UP, tmp_path, own=True)
    # A form of which it is known how much it moves by chance, in invented words.
    imported(house, json.loads((ROOT / "Content/measures/gad7.json").read_text()), tmp_path)
    researcher, staff = house.staff("researcher"), house.moderator(duty=600)
    rooms = [house.room("pages-room", "onReport"), house.room("talk-room", "onReport")]
    study = opened(researcher, plan(
        "worth", rooms, design="resource-only", arms=[
            {"id": "pages", "name": "Pages to read", "gives": "resources"}, {"id": "room", "name": "A room", "rooms": [rooms[1]]}],
        primary={"measure": "gad7", "days": [0, 100]}, also=[{"measure": "madeup", "days": [0, 50, 100]}]))
    people = [house.member() for _ in range(22)]
    arms = {}
    for number, face in enumerate(people):
        # The one goes from 0 to 3, the made-up states from 1 to 3: an answer of both.
        arms[face.name] = begin(face, study, 2 + number % 2)
    # Somebody of the team does something in the room, and so its shifts belong there.
    item = write(next(f for f in people if arms[f.name] == "room"), rooms[1], "A walk, and soup.")["id"]
    staff.post(f"/items/{item}/hide", reason="being-looked-at").ok()
    for days in (50.1, 50):
        come_back(house, days)
        for number, face in enumerate(people):
            while me(face, study)["step"] == "asked":
                better = arms[face.name] == "room"
                skipped = number == 0 and me(face, study)["day"] == 50
                if me(face, study)["measure"] == "madeup":
                    answer(face, study, [1 if better else 2, None if skipped else 2 + number % 2])
                else:
                    answer(face, study, 0 if better else 2 + number % 2)
    plain = ended(researcher, study)
    # Nobody's hour has a cost yet, and so nobody who is better has a price.
    assert [(a["cost"], a["costPerImproved"], a["costPerMoreImproved"]) for a in plain["costByArm"]] == [(0, None, None)] * 2
    assert "no-utility" not in plain["gaps"] and plain["economics"] == {"untold": "what an hour costs is not given"}
    place = f"/researcher/studies/{study}/report"
    report = researcher.get(place, hourly=30).ok().json
    told, costs = report["economics"], {a["arm"]: a for a in report["costByArm"]}
    # Everybody in the room got much better and nobody with pages did: the room has a price for each, and for each more.
    assert costs["pages"]["improved"] == 0 and costs["pages"]["costPerImproved"] is None, costs["pages"]
    room = costs["room"]
    assert room["improved"] == room["started"] >= 10 and room["cost"] > 0, room
    assert costs["pages"]["minutesByRole"] == [] and [part["role"] for part in room["minutesByRole"]] == ["administrative-moderator"], costs
    assert abs(room["minutesByRole"][0]["minutes"] - room["minutes"]) < 1e-6
    for price, each in (("costPerImproved", room["cost"] / room["improved"]), ("costPerMoreImproved", room["cost"] / room["started"])):
        low, high = room[f"{price}Interval"]
        assert abs(room[price] - each) < 0.1 and low - 1e-6 <= room[price] < high, (price, room)
    assert (told["valueSet"], told["country"], told["currency"], told["days"]) == ("Invented values", "Nowhere", "GBP", 100)
    by_arm = {a["arm"]: a for a in told["arms"]}
    assert {a["whole"] for a in by_arm.values()} == {"10"} and {a["bridged"] for a in by_arm.values()} == {"*", "0"}
    assert by_arm["pages"]["cost"] == 0 and abs(by_arm["room"]["cost"] * 11 - 300) < 30, by_arm
    (row,) = told["comparisons"]
    assert row["of"] == "room – pages" and row["cost"] > 0 and row["costInterval"][0] <= row["cost"] <= row["costInterval"][1]
    assert row["qalyInterval"][0] <= row["qalys"] <= row["qalyInterval"][1] and row["qalys"] > 0
    shares = {w["willingness"]: w["acceptable"] for w in row["worth"]}
    assert {20000, 25000, 30000, 35000, 50000} <= set(shares) and shares[0] == 0 and all(0 <= s <= 1 for s in shares.values())
    assert [(s["from"], s["to"]) for s in told["spans"]] == [(20000, 30000), (25000, 35000)]
    own = researcher.get(place, **{"hourly": 30, "worth_from": 1000, "worth_to": 2000}).ok().json["economics"]
    assert {1000, 2000} <= {w["willingness"] for w in own["comparisons"][0]["worth"]}
    for wrong in ({"worth_from": 5}, {"worth_from": 9, "worth_to": 9}, {"worth_from": "x", "worth_to": 9}, {"worth_from": 0, "worth_to": 10**9}):
        researcher.get(place, hourly=30, **wrong).refused(None, 422)
    page = researcher.open(place, hourly=30).ok(200)
    assert "Hours of each role, by group" in page.page.words
    assert "How likely it is worth its cost" in page.page.words and page.text.count("<svg") >= 3
    assert "Invented values" in page.page.words and 'role="img" aria-label="How likely it is worth its cost"' in page.text
    # Values of grown people are none for the young: the report says so.
    assert "madeup" in [m["id"] for m in house.visitor().get("/measures").ok().json["measures"]]


@pytest.mark.parametrize("spoil, said", [
    (lambda u: u["losses"].pop(), "utility, losses: 1 rows for 2 items"),
    (lambda u: u["losses"][1].__setitem__(2, 9), "utility, item madeup-2, answer 3"),
    (lambda u: u["licence"].__setitem__("terms", " "), "utility, licence, terms: is empty"),
])
def test_a_bad_value_set_is_refused_with_its_place(tmp_path, spoil, said):
    """The start and every command name the file, the item and the answer."""
    facts = json.loads(json.dumps(MADE_UP))
    spoil(facts["utility"])
    folder = tmp_path / "content" / "measures"
    folder.mkdir(parents=True)
    (folder / "madeup.json").write_text(json.dumps(facts))
    (tmp_path / "pack.json").write_text(json.dumps(pack_of(MADE_UP)))
    env = {k: v for k, v in os.environ.items() if not k.startswith("UNDERSTORY_")} | {"UNDERSTORY_DATA": str(tmp_path)}
    done = subprocess.run(
        [BINARY, "measures", "import", "--dry-run", str(tmp_path / "pack.json")], capture_output=True, text=True, timeout=60, cwd=ROOT, env=env)
    assert done.returncode != 0 and "madeup.json" in done.stderr + done.stdout and said in done.stderr + done.stdout, done.stderr + done.stdout
