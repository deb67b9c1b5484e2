"""A review of studies through its pages: two readers, a third, charts, and numbers that can be made again. All records are made up."""

import csv
import io
import json
import subprocess
from urllib.parse import urlencode

import pytest

from cast import content
from house import BINARY, ROOT

CSV = (
    "Title,Authors,Year,DOI\n"
    + "".join(f'"Made-up study {letter} of walks and {letter * 4} gardens","Marley, Ada; Tolsten, Bo",2020,10.9999/{letter}\n' for letter in "abcdef"))
RIS = (
    "TY  - JOUR\nTI  - Made-up study b of walks and bbbb gardens.\nAU  - Marley A\nPY  - 2021\nER  -\n"
    "TY  - JOUR\nTI  - Something else that nobody else has found\nAU  - Venley, Cleo\nPY  - 2018\nER  -\n")


def start(face, name="Walks and gardens"):
    return face.post("/reviews", name=name).ok(201).json["id"]


def bring(face, review, results, search="2026-01", source="Scopus", **more):
    return face.post(f"/reviews/{review}/sources", {"results": results, "search": search, "source": source, **more})


def say(face, review, record, verdict, stage="titles", **more):
    return face.post(f"/reviews/{review}/records/{record}/readings", {"stage": stage, "verdict": verdict, **more})


def following(face, review, stage="titles"):
    return face.get(f"/reviews/{review}/read?stage={stage}").ok().json["record"]


def read_all(face, review, choose, stage="titles", most=50):
    """Reads until nothing waits; `choose` gives verdict (and reason) from the title."""
    said = {}
    for _ in range(most):
        record = following(face, review, stage)
        if record is None:
            return said
        verdict, *reason = choose(record["title"])
        say(face, review, record["id"], verdict, stage, **({"reason": reason[0]} if reason else {})).ok()
        said[record["id"]] = verdict
    raise AssertionError("there is always another")


def flow(face, review):
    return face.get(f"/reviews/{review}/flow").ok().json["flow"]


def test_two_readers_and_a_third_make_a_review(house, tmp_path):
    ada, bo, cleo = (house.staff("researcher") for _ in range(3))
    review = start(ada)
    brought = bring(ada, review, CSV).ok().json
    assert (brought["records"], brought["refused"], brought["duplicates"], brought["format"]) == (6, [], 0, "csv")
    brought = bring(ada, review, RIS, source="PsycINFO").ok().json
    assert (brought["records"], brought["duplicates"], brought["format"]) == (2, 1, "ris")
    bring(bo, review, "title,year\nFound in lists of a made-up paper,2015\n", search="reference lists", source="by hand", by_hand=True).ok()
    # The duplicate is explained, and a person may say that it is none.
    (duplicate,) = ada.get(f"/reviews/{review}/duplicates").ok().json["duplicates"]
    assert duplicate["rule"] == "title"
    assert "Same title, author and year" in ada.open(f"/reviews/{review}/duplicates").ok(200).page.words
    say(ada, review, duplicate["id"], "in").refused("review-duplicate")

    # Nobody sees what the other said while the second has not read.
    first = following(ada, review)
    say(ada, review, first["id"], "in").ok()
    say(ada, review, first["id"], "in").ok()  # pressed twice
    assert house.sql("SELECT count(*) AS n FROM review_reading") == [{"n": 1}]
    seen = bo.get(f"/reviews/{review}/records/{first['id']}").ok().json
    assert seen["others"] == [] and seen["state"] == "undecided" and following(bo, review)["id"] == first["id"]
    assert following(ada, review)["id"] != first["id"]
    say(ada, review, first["id"], "in", "full-text").refused("review-not-here")

    outs = {"c", "d"}
    letter = lambda title: title.split(" ")[2]
    read_all(ada, review, lambda title: ("out" if letter(title) in outs else "in",))
    read_all(bo, review, lambda title: ("unsure" if letter(title) == "a" else "out" if letter(title) in outs | {"e"} else "in",))
    waiting = {face: face.get(f"/reviews/{review}").ok().json["waiting"] for face in (ada, bo, cleo)}
    assert all(one["titles"] == 0 for one in waiting.values())
    assert (waiting[ada]["talk"], waiting[ada]["settle"], waiting[cleo]["settle"]) == (2, 0, 2)
    conflicts = {letter(one["title"]): one for one in cleo.get(f"/reviews/{review}/conflicts").ok().json["conflicts"]}
    assert set(conflicts) == {"a", "e"} and not conflicts["a"]["mine"]
    assert {one["mine"] for one in ada.get(f"/reviews/{review}/conflicts").json["conflicts"]} == {True}
    # A third reader settles, in or out; whoever read it does not count as the third.
    say(cleo, review, conflicts["e"]["id"], "unsure").refused("review-third-settles")
    page = cleo.open(f"/reviews/{review}/records/{conflicts['e']['id']}").ok(200).page.words
    assert "What you say settles it" in page and "Another reader: Out" in page
    say(ada, review, conflicts["e"]["id"], "unsure").ok()
    assert cleo.get(f"/reviews/{review}/records/{conflicts['e']['id']}").json["state"] == "conflict"
    say(ada, review, conflicts["e"]["id"], "in").ok()
    say(cleo, review, conflicts["e"]["id"], "in").ok()
    say(bo, review, conflicts["e"]["id"], "in").refused("review-decided", 409)
    # Or the two talk it over.
    say(bo, review, conflicts["a"]["id"], "in").ok()
    assert cleo.get(f"/reviews/{review}/conflicts").json["conflicts"] == []

    # What was decided is found again, and who decided may think again; then a third settles, and may too.
    found = lambda face, **query: face.get(f"/reviews/{review}/records?{urlencode(query)}").ok().json["records"]
    slipped = next(one for one in found(ada, standing="out-title") if letter(one["title"]) == "c")
    assert [one["id"] for one in found(cleo, title=slipped["title"].upper()[:14])][:1] and found(bo, title="100%_!") == []
    assert "You may think again" in ada.open(f"/reviews/{review}/records/{slipped['id']}").ok(200).page.words
    assert "You may think again" not in cleo.open(f"/reviews/{review}/records/{slipped['id']}").ok(200).page.words
    say(cleo, review, slipped["id"], "in").refused("review-decided", 409)
    say(ada, review, slipped["id"], "in").ok()
    assert slipped["id"] in {one["id"] for one in found(bo, standing="open")}
    say(cleo, review, slipped["id"], "in").ok()
    say(bo, review, slipped["id"], "out").ok()  # the same word as before: nothing is added
    say(cleo, review, slipped["id"], "out").ok()
    assert slipped["id"] in {one["id"] for one in found(bo, standing="out-title")}

    # So may who kept one by its title, as long as nobody has read the text.
    kept = found(ada, standing="open")[-1]
    assert "Its title should not be in" in bo.open(f"/reviews/{review}/records/{kept['id']}").ok(200).page.words
    assert ada.get(f"/reviews/{review}/records/{kept['id']}").json["mayRethinkTitle"]
    assert not cleo.get(f"/reviews/{review}/records/{kept['id']}").json["mayRethinkTitle"]

    # A full text that is out needs a reason of the list; two reasons are a difference.
    record = following(ada, review, "full-text")
    say(ada, review, record["id"], "out", "full-text").refused("review-needs-reason")
    say(ada, review, record["id"], "out", "full-text", reason="too long").refused("review-unknown-reason")
    full = lambda title: ("out", "not-online") if letter(title) in {"b", "e"} else ("in",)
    read_all(ada, review, full, "full-text")
    read_all(bo, review, lambda title: ("out", "wrong-people") if letter(title) == "e" else full(title), "full-text")
    (conflict,) = cleo.get(f"/reviews/{review}/conflicts").json["conflicts"]
    assert conflict["stage"] == "full-text"
    say(cleo, review, conflict["id"], "out", "full-text", reason="wrong-people").ok()

    told = flow(ada, review)
    database, hand = told["searches"]
    assert (database["identified"], database["sources"], database["duplicates"]) == (8, {"Scopus": 6, "PsycINFO": 2}, {"title": 1})
    assert (database["screened"], database["titlesExcluded"], database["fullText"]) == (7, 2, 5)
    assert database["reasons"] == {"not-online": 1, "wrong-people": 1} and database["included"] == 3
    assert (hand["identified"], hand["included"], told["included"], told["includedByHand"]) == (1, 1, 4, 1)
    agreement = ada.get(f"/reviews/{review}/flow").json["agreement"]
    assert agreement["titles"]["records"] == 8 and agreement["titles"]["agreement"] == 6 / 8
    page = ada.open(f"/reviews/{review}/flow").ok(200).page.words
    assert "Search of 2026-01" in page and "Not online" in page and "Kappa" in page

    # The decisions alone make the same numbers again.
    path = tmp_path / "decisions.csv"
    path.write_bytes(bo.get(f"/reviews/{review}/decisions.csv").ok().body)
    done = subprocess.run([str(BINARY), "review", "replay", str(path), "--json"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    again = json.loads(done.stdout)
    assert again["searches"] == told["searches"] and again["agreement"] == agreement
    assert (again["included"], again["settledByThird"]) == (4, 3)  # two, and the slip
    text = path.read_text()
    assert not any(face.name in text for face in (ada, bo, cleo)) and "reader-1" in text

    # Every page opens for who may, and leads on by plain links and forms.
    assert any(link == "/reviews" for link in ada.open("/research").ok(200).page.links)
    assert any(link == "/reviews" for link in ada.open("/operator").ok(200).page.links)
    for path in ("", "/read", "/read?stage=full-text", "/conflicts", "/duplicates", "/flow", "/charts", f"/records/{first['id']}",
                 f"/records/{duplicate['id']}", f"/records/{conflict['id']}"):
        page = ada.open(f"/reviews/{review}{path}").ok(200).page
        assert page.headings and len([tag for tag, _ in page.tags if tag == "h1"]) == 1, path
    assert "Walks and gardens" in ada.open("/reviews").ok(200).page.words
    table = list(csv.DictReader(io.StringIO(ada.get(f"/reviews/{review}/flow.csv").ok().body.decode())))
    assert [row["records"] for row in table if row["step"] == "included"] == ["3", "1"]

    # Taken apart, the duplicate is read like any other, and is not joined again.
    ada.post(f"/reviews/{review}/records/{duplicate['id']}/apart").ok()
    assert ada.post(f"/reviews/{review}/duplicates").ok().json["found"] == 0
    assert ada.get(f"/reviews/{review}").json["waiting"]["titles"] == 1 and flow(ada, review)["searches"][0]["titlesOpen"] == 1


def test_charting_what_is_included(house):
    ada, bo = house.staff("researcher"), house.staff("researcher")
    review = start(ada)
    bring(ada, review, CSV).ok()
    for face in (ada, bo):
        read_all(face, review, lambda title: ("in" if " a " in title else "out",))
    record = following(ada, review, "full-text")["id"]
    assert ada.get(f"/reviews/{review}/records/{record}/chart").refused("review-not-included").status == 409
    assert ada.post(f"/reviews/{review}/records/{record}/chart", c1="x").status == 409
    for face in (ada, bo):
        say(face, review, record, "in", "full-text").ok()
    assert ada.get(f"/reviews/{review}").json["waiting"]["chart"] == 1
    fields = content("evidence/charting.json")["fields"]
    place = {field["id"]: number + 1 for number, field in enumerate(fields)}
    ada.post(f"/reviews/{review}/records/{record}/chart", {f"c{place['design']}": "by guessing"}).refused("bad-choice")
    sent = {
        f"c{place['author-year']}": "Marley (2020)", f"c{place['design']}": "qualitative", f"m{place['moderation']}": ["professional", "consumer"],
        f"c{place['challenges']}": "=1+1"}
    bo.post(f"/reviews/{review}/records/{record}/chart", sent).ok()
    page = ada.open(f"/reviews/{review}/records/{record}/chart").ok(200).page
    assert page.fields[f"c{place['author-year']}"] == "Marley (2020)"
    (study,) = ada.get(f"/reviews/{review}/charts").ok().json["studies"]
    assert study["chart"]["design"] == "qualitative" and ada.get(f"/reviews/{review}").json["waiting"]["chart"] == 0
    (row,) = csv.DictReader(io.StringIO(ada.get(f"/reviews/{review}/charts.csv").ok().body.decode()))
    assert row["moderation"] == "professional; consumer" and row["challenges"] == "'=1+1" and row["doi"] == "10.9999/a"
    # What is emptied is gone.
    ada.post(f"/reviews/{review}/records/{record}/chart", {f"c{place['author-year']}": ""}).ok()
    assert ada.get(f"/reviews/{review}/charts").json["studies"][0]["chart"] == {}


def test_broken_rows_are_told_and_the_others_kept(house):
    ada = house.staff("researcher")
    review = start(ada)
    broken = 'title,year\n"One",2001\n"Open,2002\n"Three",2003\n'
    key = "made-up-press"
    said = bring(ada, review, broken, key=key).ok().json
    assert said["records"] == 2 and said["refused"] == [{"line": 3, "why": "stray-quote"}]
    again = bring(ada, review, broken, key=key).ok().json
    assert again["new"] is False and ada.get(f"/reviews/{review}").json["flow"]["identified"] == 2
    page = ada.open(f"/reviews/{review}").ok(200).page
    assert "RIS, NBIB" in page.words and page.fields["key"]
    assert bring(ada, review, "nothing that is a table\nof anything\n").status == 422
    assert bring(ada, review, " ").refused("missing")
    assert bring(ada, review, "x" * 1_600_000).refused("too-long")
    assert len(ada.get(f"/reviews/{review}").json["sources"]) == 1


def test_only_those_who_research_and_only_their_own(house):
    ada = house.staff("researcher")
    review = start(ada)
    key = "one-press"
    made = {ada.post("/reviews", name="Twice", key=key).ok().json["id"] for _ in range(2)}
    assert len(made) == 1
    bring(ada, review, CSV).ok()
    record = following(ada, review)["id"]
    page = ada.open(f"/reviews/{review}/read").ok(200).page
    (form,) = [form for form in page.forms if form["action"].endswith("/readings")]
    assert form["fields"]["verdict"] == "in" and form["fields"]["stage"] == "titles" and form["method"] == "post"
    for nobody in (house.visitor(), house.member(), house.operator(), house.moderator(), house.professional()):
        for path in ("/reviews", f"/reviews/{review}", f"/reviews/{review}/read", f"/reviews/{review}/decisions.csv"):
            assert nobody.get(path).status in (401, 403, 404), path
        assert say(nobody, review, record, "in").status in (401, 403, 404)
    other = start(ada, "Another")
    assert say(ada, other, record, "in").status == 404 and ada.get(f"/reviews/{other}/records/{record}").status == 404
    assert ada.post(f"/reviews/{other}/records/{record}/apart").status == 404
    assert ada.get("/reviews/0000000000000").status == 404
    assert say(ada, review, record, "perhaps").refused("bad-choice")
    # A researcher reads no words and no names.
    assert ada.get("/queue").status == 403 and ada.get("/coding").status == 403


@pytest.mark.only("sqlite")
def test_a_big_file_by_the_command_line(house, tmp_path):
    ada = house.staff("researcher")
    review = start(ada)
    path = tmp_path / "results.csv"
    path.write_text("title,year\n" + "".join(f"Made-up study of {number * 7919} walks,2001\n" for number in range(3_000)) + "one column\n")
    environment = {
        "UNDERSTORY_DATABASE": str(house.file), "UNDERSTORY_KEY_FILE": str(house.folder / "data" / "key"), "UNDERSTORY_DATA": str(tmp_path / "data"),
        "PATH": "/usr/bin:/bin"}
    command = [str(BINARY), "review", "import", review, str(path), "--search", "2026-01", "--source", "Scopus"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and "line 3002: 1 columns where the first line names 2" in done.stdout, done.stderr
    assert "3000 records (csv), 1 rows not taken" in done.stdout
    assert flow(ada, review)["identified"] == 3_000
    assert ada.get(f"/reviews/{review}").json["sources"][0]["refused"] == 1
