"""Becoming a supporter: lessons, practice, quiz, a role-play that others rate, and a yes that may be given back."""

import json
import shutil
import subprocess

import pytest

from cast import answer, content, notices, write
from house import BINARY, ROOT

PLAN = "When I read at midnight I close it, walk once around the block, and tell Mo."
REPLY = "I read all of it, and it sounds lonely. I am glad that you wrote. What was the hardest part?"


def pack(course):
    return content(f"courses/{course}.json")


def learn(one, course, upto=None):
    """Every lesson of a course, as somebody who reads, practises and gets the quiz right in the end."""
    for lesson in pack(course)["lessons"][:upto]:
        place = f"/courses/{course}/lessons/{lesson['id']}"
        for number in range(1, len(lesson["pages"]) + 1):
            assert one.get(place, page=number).ok().json["text"] == lesson["pages"][number - 1]["text"]
        one.post(f"{place}/read").ok()
        step = one.get(f"{place}/practice").ok().json
        steps = {s["id"]: s for s in lesson["practice"]["steps"]}
        while not step["end"]:
            good = next(n for n, choice in enumerate(steps[step["at"]]["choices"]) if choice["good"])
            chosen = steps[step["at"]]["choices"][good]
            step = one.get(f"{place}/practice", at=chosen["next"], **{"from": step["at"], "chose": good}).ok().json
            assert step["chosen"]["why"] == chosen["why"] and step["chosen"]["good"]
        one.post(f"{place}/practice", {"at": step["at"]}).ok()
        right = {f"q{n}": next(k for k, a in enumerate(q["answers"]) if a["right"]) for n, q in enumerate(lesson["quiz"], 1)}
        wrong = {**right, "q1": 1 if right["q1"] == 0 else 0}
        said = one.post(f"{place}/quiz", wrong).ok().json
        assert said["passed"] is False and said["questions"][0]["right"] is False and said["questions"][0]["why"]
        assert one.post(f"{place}/quiz", right).ok().json["passed"] is True
    return one


def hand_in(one, course, moment="after", words=REPLY):
    parts = pack(course)["rolePlay"]
    return one.post(f"/courses/{course}/role-play", {"moment": moment, **{f"answer{n}": words for n in range(1, len(parts) + 1)}})


def may_rate(rater, course):
    """Whoever rates has been through the course."""
    if course in rater.get("/ratings").ok().json["learnFirst"]:
        learn(rater, course)
    return rater


def rate(rater, course, score, which=0, words=""):
    may_rate(rater, course)
    waiting = [w for w in rater.get("/ratings").ok().json["waiting"] if w["course"] == course]
    skills = pack(course)["skills"]
    scores = score if isinstance(score, list) else [score] * len(skills)
    seen = rater.get(f"/ratings/{waiting[which]['id']}").ok().json["seen"]
    rater.post(f"/ratings/{waiting[which]['id']}", {**{f"s{n}": s for n, s in enumerate(scores, 1)}, "words": words, "seen": seen}).ok()
    return waiting[which]["id"]


def stage(one, course):
    return one.get(f"/courses/{course}").ok().json["stage"]


def qualified(house, pro, peer, one, course="first-steps"):
    """Somebody who did all of it."""
    learn(one, course)
    hand_in(one, course).ok()
    rate(pro, course, 3)
    rate(peer, course, 2)
    return one


def test_UPLIFT_4(house):
    """Finishing gives supporter standing in chosen spaces with a burnout plan filled in; refusing is as easy as taking."""
    pro, peer = house.professional(duty=100), house.staff("trained-paid-peer", duty=100)
    lamp, porch = house.room("lamp", "byRisk"), house.room("porch", "byRisk")
    pro.post("/courses/first-steps/sign").ok()
    one = qualified(house, pro, peer, house.member())
    assert stage(one, "first-steps") == "open"
    assert [n["kind"] for n in notices(one)].count("rated") == 1
    # Without a plan against wearing out nobody begins, and without a room there is nowhere to begin.
    one.post("/courses/first-steps/take", {"rooms": [lamp]}).refused("plan-first", 422)
    one.post("/courses/first-steps/take", {"plan": PLAN}).refused("choose-a-room", 422)
    assert one.get("/offers").ok().json["rooms"] == []
    one.post("/courses/first-steps/take", {"rooms": [lamp], "plan": PLAN}).ok()
    assert [r["room"] for r in one.get("/offers").ok().json["rooms"]] == [lamp], "only where they said"
    assert one.get("/offers/settings").ok().json["plan"] == PLAN
    assert stage(one, "first-steps") == "taken"
    # One press gives it back, without a question; and another takes it again, in other rooms.
    one.post("/courses/first-steps/refuse").ok()
    assert one.get("/offers").ok().json["rooms"] == [] and stage(one, "first-steps") == "refused"
    one.post("/courses/first-steps/take", {"rooms": [porch, lamp], "plan": PLAN}).ok()
    assert {r["room"] for r in one.get("/offers").ok().json["rooms"]} == {porch, lamp}
    # It ends after a year, and that is said two weeks before; taken again it goes on.
    house.advance(days=352)
    house.night()
    assert "standing-ends" in [n["kind"] for n in notices(one)]
    one.post("/courses/first-steps/take", {"rooms": [porch], "plan": PLAN}).ok()
    house.advance(days=20)
    house.night()
    assert [r["room"] for r in one.get("/offers").ok().json["rooms"]] == [porch]


def test_CMH_4(house):
    """A competence rating by trained raters unlocks "may support others"; finishing the course alone does not."""
    pro, peer = house.professional(duty=100), house.staff("trained-paid-peer", duty=100)
    room = house.room("lamp", "byRisk")
    one = learn(house.member(), "first-steps")
    take = lambda: one.post("/courses/first-steps/take", {"rooms": [room], "plan": PLAN})  # noqa: E731
    assert stage(one, "first-steps") == "role-play"
    take().refused("course-not-open", 409)
    hand_in(one, "first-steps").ok()
    take().refused("course-not-open", 409)
    # Nobody rates what they have not been through themselves.
    new = peer.get("/ratings").ok().json
    assert new["waiting"] == [] and new["learnFirst"] == ["first-steps"] and "/courses/first-steps" in peer.open("/ratings").ok().text
    may_rate(peer, "first-steps")
    # Raters are not told whose it is, and each says it without seeing the other.
    play = peer.get("/ratings").ok().json["waiting"][0]["id"]
    page = peer.open(f"/ratings/{play}").ok().text
    assert one.name not in page and REPLY in page
    rate(peer, "first-steps", 3)
    assert peer.get("/ratings").ok().json["waiting"] == [], "one view a rater"
    take().refused("course-not-open", 409)
    pro.get(f"/ratings/{play}").refused("rate-learn-first", 403)
    pro.post(f"/ratings/{play}", {"s1": 3, "seen": "0"}).refused("rate-learn-first", 403)
    may_rate(pro, "first-steps")
    assert pro.get(f"/ratings/{play}").ok().json["mine"] is None
    assert "3" not in json.dumps(pro.get(f"/ratings/{play}").json["mine"])
    rate(pro, "first-steps", [1, 1, 1, 1, 2, 1], words="Slow down, and ask one thing at a time.")
    # They are far apart: a third looks, and the middle one counts.
    assert stage(one, "first-steps") == "rating"
    rate(house.professional(), "first-steps", 1)
    assert stage(one, "first-steps") == "not-yet"
    assert "Slow down" in one.open("/courses/first-steps").ok().text
    take().refused("course-not-open", 409)
    # Written anew it is rated anew.
    hand_in(one, "first-steps", words=REPLY + " I am not in a hurry.").ok()
    rate(pro, "first-steps", 2)
    rate(peer, "first-steps", 3)
    assert stage(one, "first-steps") == "unsigned", "a professional of the host signs the course first"
    take().refused("course-not-open", 409)
    peer.post("/courses/first-steps/sign").refused(None, 403)
    pro.post("/courses/first-steps/sign").ok()
    assert one.get("/courses/first-steps").json["signedBy"] == pro.name
    take().ok()
    # How near raters are to each other is shown, with how many pairs it rests on.
    told = next(c for c in pro.get("/ratings").json["courses"] if c["course"] == "first-steps")["agreement"]
    assert told == {"compared": 6, "same": 0, "near": 6}, told
    # Nobody rates themselves, no member rates, and nobody's own try is on any page of others.
    one.get("/ratings").refused(None, 404)
    one.post(f"/ratings/{play}", {"s1": 3, "seen": "0"}).refused(None, 404)


def test_LETTER_3(house):
    """A befriender's reply can be scored on each ingredient before and after training."""
    pro, peer = house.professional(duty=100), house.staff("trained-paid-peer", duty=100)
    pro.post("/courses/letters/sign").ok()
    ingredients = [skill["id"] for skill in pack("letters")["skills"]]
    assert ingredients == ["mattering", "selfhood", "compassion", "mindfulness"]
    one = house.member()
    hand_in(one, "letters", "before", "You should get out more.").ok()
    hand_in(one, "letters", "before", "Another go.").refused("role-play-not-now", 409)
    rate(pro, "letters", [1, 0, 0, 0])
    rate(peer, "letters", [1, 1, 0, 0])
    learn(one, "letters")
    hand_in(one, "letters").ok()
    rate(pro, "letters", [3, 2, 3, 2])
    rate(peer, "letters", [2, 2, 3, 2])
    mine = one.get("/courses/letters").ok().json
    assert mine["before"] == {"mattering": 1, "selfhood": 0.5, "compassion": 0, "mindfulness": 0}
    assert mine["after"] == {"mattering": 2.5, "selfhood": 2, "compassion": 3, "mindfulness": 2}
    told = next(c for c in pro.get("/ratings").json["courses"] if c["course"] == "letters")
    assert told["before"]["mattering"] == 1 and told["after"]["compassion"] == 3 and told["plays"] == {"before": 1, "after": 1}
    assert stage(one, "letters") == "open"


def test_courses_are_for_those_who_may_support(house):
    young = house.member("13-15")
    assert young.get("/courses").ok().json["courses"], "what there is may be known"
    young.get("/courses/first-steps").refused("course-age", 403)
    young.post("/courses/first-steps/lessons/listening/read").refused("course-age", 403)
    house.member("16-17").get("/courses/letters").refused("course-age", 403)
    one = house.member("16-17")
    one.get("/courses/first-steps").ok()
    one.get("/courses/nothing").refused(None, 404)
    one.get("/courses/first-steps/lessons/nothing").refused(None, 404)
    # An answer that is not there, an end that is none, a hand-in before its time: refused, nothing kept.
    one.post("/courses/first-steps/lessons/listening/quiz", {"q1": 0}).refused(None, 422)
    one.post("/courses/first-steps/lessons/listening/quiz", {"q1": 9, "q2": 0, "q3": 0, "q4": 0}).refused(None, 422)
    one.post("/courses/first-steps/lessons/listening/practice", {"at": "a"}).refused(None, 422)
    hand_in(one, "first-steps").refused("role-play-not-now", 409)
    assert stage(one, "first-steps") == "lessons" and not one.get("/courses/first-steps").json["begun"]


def test_what_one_wrote_to_learn_is_private_exported_and_erased(house):
    pro = house.professional(duty=100)
    one = house.member()
    words = "Quartzberry, I read this twice and I am glad that you wrote."
    hand_in(one, "first-steps", "before", words).ok()
    assert house.grep("Quartzberry") == 0, "sealed"
    for form in ("json", "html"):
        assert "Quartzberry" in one.post("/you/export", words=" ".join(one.words), format=form).ok().text
    one.post("/you/erase", words=" ".join(one.words), pace="now").ok()
    assert house.sql("SELECT count(*) AS n FROM role_play")[0]["n"] == 0
    danger = hand_in(house.member(), "first-steps", "before", "I am going to kill myself tonight.").ok().json
    assert danger["help"] is True
    assert any(case["level"] == "urgent" for case in pro.get("/queue").json["cases"])


@pytest.mark.parametrize(
    "spoil, place",
    [
        (lambda c: c["lessons"][0]["practice"]["steps"][0]["choices"][0].update(next="nowhere"), "lesson listening, practice, a: nowhere"),
        (lambda c: [a.update(right=False) for a in c["lessons"][1]["quiz"][0]["answers"]], "lesson validating, "),
        (lambda c: c["lessons"][2].pop("quiz"), "quiz is missing"),
        (lambda c: c.update(lowestAge=12), "lowestAge"),
        (lambda c: c.update(rolePlay=[]), "rolePlay"),
    ])
def test_a_spoilt_course_is_named_by_its_place(tmp_path, spoil, place):
    course = pack("first-steps")
    spoil(course)
    file = tmp_path / "spoilt.json"
    file.write_text(json.dumps(course))
    said = subprocess.run([BINARY, "courses", file], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert said.returncode == 1 and place in said.stdout, said.stdout + said.stderr
    # And the service does not start on it.
    shutil.copytree(ROOT / "Content", tmp_path / "content")
    (tmp_path / "content/courses/first-steps.json").write_text(json.dumps(course))
    start = subprocess.run(
        [BINARY, "rehearse", "--database", f"sqlite:{tmp_path}/x.sqlite", "--data", tmp_path / "data", "--content", tmp_path / "content",
         "--port", "0"], capture_output=True, text=True, cwd=ROOT, timeout=60, stdin=subprocess.DEVNULL)
    assert start.returncode != 0 and place in start.stdout + start.stderr, start.stdout + start.stderr


def test_shipped_courses_are_whole():
    files = [str(file) for file in sorted((ROOT / "Content/courses").glob("*.json"))]
    assert len(files) == 3
    said = subprocess.run([BINARY, "courses", *files], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert said.returncode == 0, said.stdout
