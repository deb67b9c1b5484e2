"""The screening is measured and kept fresh by the host: its commands, its review days."""

import json
import os
import pathlib
import re
import shutil
import stat
import subprocess

import pytest

from cast import CONTENT, HIGH, URGENT, decide_item, need_case, write
from house import BINARY, ROOT
from screened import concerns, held, wrong

# At the command line


def command(house, *words, fails=False, content=None, seconds=120):
    """A command against this story's house, as a host runs it beside the service."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("UNDERSTORY_")}
    env |= {
        "UNDERSTORY_DATABASE": house.database, "UNDERSTORY_DATA": str(house.folder / "home"),
        "UNDERSTORY_KEY_FILE": str(house.folder / "data" / "key"), "UNDERSTORY_PORT": "0"}
    if content:
        env["UNDERSTORY_CONTENT"] = str(content)
    done = subprocess.run([str(BINARY), *map(str, words)], cwd=ROOT, env=env, capture_output=True, text=True, timeout=seconds)
    assert (done.returncode != 0) == fails, f"{words} ended with {done.returncode}: {done.stdout[-300:]} {done.stderr[-600:]}"
    return done.stdout + (done.stderr if fails else "")


def copied(house):
    """A content folder of one's own, to be spoilt."""
    place = house.folder / "content"
    shutil.copytree(CONTENT, place)
    return place


def spoil(file, old, new):
    text = file.read_text()
    assert old in text, f"{file} holds no {old}"
    file.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def measured(house):
    """A house with held items, one decided as right, one marked as wrong, one nobody looked at, and words to look for."""
    room, staff = house.room("forum", "byRisk"), house.moderator(duty=900)
    made = []
    for n in range(3):
        word = house.word()
        item, case = held(house.newcomer(), staff, room, "My surname is Quenby and the kettle is " + word + ".")
        made.append((item, case, word))
    source = concerns(staff, made[0][1])[0]["source"]
    wrong(staff, made[0][1], source).ok()
    decide_item(staff, made[1][0], "return", reason="finding")
    return source, made, room, staff


def table(text):
    return {cells[0]: cells[1:] for line in text.splitlines() if line.startswith("| ")
            for cells in [[c.strip() for c in line.strip("|").split("|")]]}


def test_rules_are_read_and_counted_by_a_command(house):
    """`understory screen lint` ends well and says how many rules there are."""
    told = command(house, "screen", "lint")
    count = int(re.match(r"(\d+) rules", told)[1])
    assert count == len(house.operator().get("/operator/screening").json["rules"]) and count > 100, told


def test_rules_on_trial_are_measured_by_a_command(house):
    """`screen trial` is JSON with counts and ids and no words; a rule on trial is counted and nobody is held by it."""
    source, made, room, staff = measured(house)
    told = json.loads(command(house, "screen", "trial", "--last", "50", "--json"))
    assert told["items"] == 3 and told["rules"] == [], told
    place = copied(house)
    file = place / "rules/en/own-detail.json"
    rules = json.loads(file.read_text())
    for rule in rules["rules"]:
        if rule["id"] == source:
            rule["state"] = "shadow"
    file.write_text(json.dumps(rules))
    text = command(house, "screen", "trial", "--last", "50", "--json", content=place)
    told = json.loads(text)
    line = next(one for one in told["rules"] if one["rule"] == source)
    assert line["matched"] == 3 and line["actedOn"] == 1 and set(line["items"]) == {item for item, _, _ in made}, line
    assert json.loads(command(house, "screen", "trial", "--last", "1", "--json", content=place))["items"] == 1
    for text in (text, command(house, "screen", "trial", content=place)):
        assert source in text and "Quenby" not in text and not any(word in text for _, _, word in made)
    for last in ("0", "-1", "many"):
        done = subprocess.run(
            [str(BINARY), "screen", "trial", "--last", last], cwd=ROOT, capture_output=True, text=True, timeout=60,
            env={"UNDERSTORY_DATABASE": house.database, "UNDERSTORY_DATA": str(house.folder / "home"),
                 "UNDERSTORY_KEY_FILE": str(house.folder / "data" / "key")})
        assert done.returncode in (0, 64) and "Fatal" not in done.stderr, (last, done.returncode, done.stderr[-200:])


def test_calibration_is_shown_first_and_written_only_when_asked(house):
    """The table counts what was wrong and what was right; without --write no file is touched, with it one is written that the
    next start reads, and a spoilt one stops the start by name."""
    source, made, room, staff = measured(house)
    home = house.folder / "home"
    command(house, "screen", "lint")
    before = sorted(p for p in house.folder.rglob("*") if "sqlite" not in p.name)
    told = command(house, "screen", "calibrate")
    rows = table(told)
    assert rows[source][:2] == ["1", "1"], told
    assert "Quenby" not in told and not any(word in told for _, _, word in made)
    after = [p for p in sorted(house.folder.rglob("*")) if "sqlite" not in p.name and p not in before]
    assert all(p in (home, house.folder / "data/.understory-erasures") for p in after), f"it wrote {after}"
    file = home / "content" / "screen-adjustment.json"
    assert not file.exists() and not file.parent.exists()
    told = command(house, "screen", "calibrate", "--write")
    assert table(told)[source][:2] == ["1", "1"] and str(file) in told
    assert set(json.loads(file.read_text())) == {"models", "rules"}
    # Few examples move nothing.
    assert json.loads(file.read_text()) == {"models": {}, "rules": {}}
    command(house, "screen", "trial", "--json")
    # Taken back, it counts as undecided again.
    wrong(staff, made[0][1], source, said=False).ok()
    assert table(command(house, "screen", "calibrate"))[source][:2] == ["1", "0"]
    file.write_text("{ not json")
    assert "screen-adjustment.json" in command(house, "screen", "trial", fails=True)


def test_many_wrong_marks_quieten_a_rule_and_never_one_about_danger(house):
    """Thirty items where people said wrong: a rule about detail may be lowered, a rule about danger is named for a person."""
    room, staff = house.room("forum", "byRisk"), house.moderator(duty=6000)
    marked = {}
    for body in ("My surname is Quenby and I am new here.", HIGH.format("So.")):
        for n in range(31):
            if n % 4 == 0:
                me = house.member()
            item = write(me, room, body)["id"]
            case = need_case(staff, item)["id"]
            for concern in concerns(staff, case):
                wrong(staff, case, concern["source"]).ok()
                marked.setdefault(concern["source"], concern["kind"])
            if n % 4 == 3:
                house.advance(minutes=20)
    told = command(house, "screen", "calibrate", "--write")
    made = json.loads((house.folder / "home/content/screen-adjustment.json").read_text())
    risky = [s for s, kind in marked.items() if kind == "riskToSelf" and not s.startswith("model.")]
    assert made["rules"].get("en.detail.own.surname") == "low", (made, told)
    assert risky, marked
    assert all(source not in made["rules"] and f"{source} is wrong more often" in told for source in risky), (made, told)


def test_examples_are_for_their_owner_alone(house):
    """`screen examples` writes labelled lines of what anybody in a room for adults can read into a new file that only its owner may
    read, and writes over none; what is held or given back is not among them, nor who has left for good."""
    source, made, room, staff = measured(house)
    decide_item(staff, made[0][0], "approve")
    gone, gone_word = house.member(), house.word()
    item, case = held(gone, staff, room, "My surname is Quenby and the kettle is " + gone_word + ".")
    wrong(staff, case, source).ok()
    gone.post("/you/erase", words=" ".join(gone.words), pace="now").ok()
    house.jobs()
    file = house.folder / "own.examples.jsonl"
    told = command(house, "screen", "examples", file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600, oct(file.stat().st_mode)
    assert "Quenby" not in told and not any(word in told for _, _, word in made)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    labels = {(next(w for _, _, w in made if w in line["text"]), line["sub"]): line["label"] for line in lines}
    assert labels == {(made[0][2], source): 0}, lines
    assert all(word not in file.read_text() for word in (gone_word, made[1][2], made[2][2]))
    before = file.read_bytes()
    assert str(file) in command(house, "screen", "examples", file, fails=True) and file.read_bytes() == before
    assert "own" in command(house, "screen", "evaluate", file), "the measuring does not read them"
    # A link that leads elsewhere is not followed into somebody else's file.
    link, elsewhere = house.folder / "link.jsonl", house.folder / "elsewhere.jsonl"
    link.symlink_to(elsewhere)
    env = {"UNDERSTORY_DATABASE": house.database, "UNDERSTORY_DATA": str(house.folder / "home"),
           "UNDERSTORY_KEY_FILE": str(house.folder / "data" / "key")}
    subprocess.run([str(BINARY), "screen", "examples", str(link)], cwd=ROOT, env=env, capture_output=True, timeout=60)
    for path in (link, elsewhere):
        if path.exists():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, f"{path.name} is open to others"
    file.unlink()


BROKEN = {
    "gap": ("en/comparison.json", "how many _0-4_ cuts", "how many _0-4 cuts", "en.compare.most"),
    "level": ("en/comparison.json", '"level": "medium"', '"level": "huge"', "en.compare.gate"),
    "class": ("es/urgent.json", "quitarme|quitar|quito la vida", "quitarme {nosuch} la vida", "es.risk.die"),
    "day": ("en/small-places.json", '"review": "2027-06-30"', '"review": "next year"', "en.place.home"),
    "twice": ("en/comparison.json", '"id": "en.compare.gate"', '"id": "en.compare.most"', "en.compare.most"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_bad_rule_stops_the_start_and_is_named_with_its_line(house, kind):
    """File, line and rule are named by the check, and the service refuses to start on it."""
    name, old, new, rule = BROKEN[kind]
    place = copied(house)
    spoil(place / "rules" / name, old, new)
    for words in (("screen", "lint"), ("serve",)):
        told = command(house, *words, fails=True, content=place, seconds=30)
        found = re.search(re.escape(pathlib.Path(name).name) + r":(\d+): " + re.escape(rule), told)
        assert found, f"{words}: {told[-400:]}"
        lines = (place / "rules" / name).read_text().splitlines()
        assert rule in lines[int(found[1]) - 1], f"line {found[1]} is {lines[int(found[1]) - 1]}"
    with pytest.raises(AssertionError):
        command(house, "screen", "trial", content=place)


def test_a_file_that_is_no_json_is_named_with_its_line(house):
    """A comma too many: the check says in which file and on which line."""
    place = copied(house)
    line = spoil(place / "rules/en/comparison.json", '"rules": [', '"rules": [,')
    told = command(house, "screen", "lint", fails=True, content=place)
    command(house, "serve", fails=True, content=place, seconds=30)
    assert "comparison.json" in told
    assert re.search(rf"comparison\.json:{line}\b|line {line}\b", told), told


def test_a_rule_that_misses_its_own_example_is_named_with_its_file(house):
    """What `screen lint` promises: the file and the rule of a bad one, also when the rule does not do what its sentences say."""
    place = copied(house)
    spoil(place / "rules/en/comparison.json", '"how many scars do you have"', '"the tea is cold"')
    lines = (place / "rules/en/comparison.json").read_text().splitlines()
    line = next(number for number, text in enumerate(lines, 1) if '"en.compare.most"' in text)
    for words in (("screen", "lint"), ("serve",)):
        told = command(house, *words, fails=True, content=place, seconds=30)
        assert f"comparison.json:{line}: en.compare.most" in told and "the tea is cold" in told, (words, told)


def test_a_slip_in_a_rule_or_a_model_is_named(house):
    """A state that is none is told with its line; a card that says what no model can do, and a file beside the languages, stop the start."""
    place = copied(house)
    line = spoil(place / "rules/en/comparison.json", '"state": "live"', '"state": "alive"')
    told = command(house, "screen", "lint", fails=True, content=place)
    found = re.search(r"comparison\.json:(\d+): (en\.\S+):", told)
    assert found and int(found[1]) <= line, told
    spoil(place / "rules/en/comparison.json", '"state": "alive"', '"state": "live"')
    spoil(place / "models/en/quiet.json", '"mostWords" : 25', '"mostWords" : -1')
    for words in (("screen", "lint"), ("serve",)):
        told = command(house, *words, fails=True, content=place, seconds=30)
        assert "quiet" in told and "mostWords" in told, told
    spoil(place / "models/en/quiet.json", '"mostWords" : -1', '"mostWords" : 25')
    assert "models can be used" in command(house, "screen", "lint", content=place)
    (place / "rules/stray.json").write_text("{}")
    told = command(house, "screen", "lint", fails=True, content=place)
    assert "stray.json" in told and "beside the folder en" in told, told


# Rules that nobody has looked at


def test_rules_past_their_review_day_raise_an_alarm_once(house):
    """The night after the day, somebody is called, without words; not again the next night, and the operator sees which rules."""
    # Half a year in one go: nobody is there, nothing waits, and nobody need be called.
    while house.advance(0) < "2027-06-30T00:00":
        left = (30 - int(house.advance(0)[8:10])) if house.advance(0)[:7] == "2027-06" else 14
        house.advance(days=max(1, min(14, left)))
    assert house.advance(0)[:10] == "2027-06-30", house.advance(0)
    house.night()
    house.jobs()
    assert house.alarms() == [] and house.operator().get("/operator/screening").json["overdue"] == [], "the day itself is in time"
    while house.advance(0) < "2027-07-01T10:00":
        house.advance(hours=6)
    house.jobs()
    staff, operator = house.moderator(duty=600), house.operator()
    first = house.alarms()
    assert len(first) >= 1 and not any(one["drill"] for one in first), "nobody was called"
    assert all(set(one) == {"code", "tier", "drill"} and re.fullmatch(r"[0-9A-Z]{6}", one["code"]) for one in first), first
    # Somebody has it; then it is quiet.
    alerts = staff.get("/duty").ok().json["alerts"]
    assert alerts and all(one["case"] is None for one in alerts), alerts
    assert len([one for one in alerts if one["tier"] == "moderator"]) == 1, alerts
    for one in alerts:
        staff.post(f"/alerts/{one['id']}/acknowledge").ok()
    assert staff.open("/duty").status == 200 and staff.get("/duty").json["alerts"] == []
    calls = len(house.alarms())
    for _ in range(3):
        house.night()
        house.jobs()
        house.advance(days=1)
        assert len(house.alarms()) == calls, "called again the next night"
    # The rules are named to the operator, and go on working.
    told = operator.get("/operator/screening").ok().json
    due = {rule["id"] for rule in told["rules"] if rule["review"] == "2027-06-30" and rule["state"] != "off"}
    assert due and set(told["overdue"]) >= due, sorted(due - set(told["overdue"]))[:5]
    page = operator.open("/operator/screening").ok(200).page.words
    assert "en.risk" in page and "past their review day" in page
    room, me = house.room("forum", "byRisk"), house.member()
    assert write(me, room, URGENT.format("So."))["state"] == "held"
    house.jobs()
    assert len(house.alarms()) > calls, "nobody was called for a person"
    # Nobody looked at the rules within a week: one call more.
    for _ in range(6):
        house.advance(days=1)
    again = house.sql("SELECT made_at FROM alert WHERE case_id IS NULL AND tier = 0 ORDER BY made_at")
    assert len(again) == 2, again
