"""What the screening promises beyond single rules: it can be told that it was wrong, proposes and never changes, waits in
other languages, sees where a thread goes, and is measured and kept fresh by the host."""

import json
import os
import pathlib
import re
import shutil
import stat
import subprocess

import pytest

from cast import (
    COMPARING, CONTENT, HIGH, SURNAME, URGENT, answer, case_about, claim, decide_item, flat, need_case, queue, see, threads,
    write)
from house import BINARY, ROOT

# Sentences of these stories, all of them made up.
CALM = "The rain was loud and I stayed in with a book."
NUMBER = "07700 900123"
DETAIL = "My surname is Quenby and my number is " + NUMBER + ", so now you know."

# The past makes it low: shown, and still measuring oneself against somebody.
COMPARES = [
    "When I was younger my cuts were deeper than yours.", "Years ago I was way worse than you.",
    "Last summer I had it worse than everyone.", "Last year yours was nothing compared to mine.",
]
PAIN = [
    "I am sad and anxious and I can not sleep.", "I feel so low and worried lately.", "Everything is too much this week.",
    "I am struggling and stressed about tomorrow.", "I feel upset and exhausted and I can not cope.",
]


def held(me, staff, room, body=SURNAME, **more):
    """A held item and the case about it."""
    made = write(me, room, body.format("Bye."), **more)
    assert made["state"] == "held", made
    return made["id"], need_case(staff, made["id"])["id"]


def concerns(staff, case):
    return staff.get(f"/cases/{case}").ok().json["concerns"]


def wrong(staff, case, source, said=True):
    return staff.post(f"/cases/{case}/wrong", source=source, wrong="yes" if said else "no")


def counted(operator):
    return {one["source"]: one["times"] for one in operator.get("/operator/screening").ok().json["wrong"]}


# "This was wrong"


def test_a_moderator_says_that_the_screen_was_wrong_and_takes_it_back(house):
    """One press marks what a rule said as wrong, however often it is sent; another takes the mark back; other rules stay."""
    room, me, staff, other = house.room("forum", "byRisk"), house.member(), house.moderator(duty=600), house.moderator()
    item, case = held(me, staff, room, DETAIL)
    sources = [c["source"] for c in concerns(staff, case)]
    assert len(sources) >= 2 and not any(c["wrong"] for c in concerns(staff, case))
    before = see(me, item)["item"]
    told = wrong(staff, case, sources[0]).ok().json
    assert told["wrong"] is True and told["source"] == sources[0], told
    for face in (staff, other):
        assert {c["source"]: c["wrong"] for c in concerns(face, case)} == {s: s == sources[0] for s in sources}
    # It is a mark for the measuring, and decides nothing.
    assert see(me, item)["item"] == before and need_case(staff, item)["state"] == "open" and house.chain(case)
    assert wrong(staff, case, sources[0]).ok().json["wrong"] is True, "the same press again changed it"
    assert {c["source"]: c["wrong"] for c in concerns(other, case)}[sources[0]] is True
    assert wrong(staff, case, sources[0], said=False).ok().json["wrong"] is False
    assert not any(c["wrong"] for c in concerns(staff, case))
    # The page has a press of its own beside each, and it works without scripts.
    page = staff.open(f"/cases/{case}").ok(200).page
    presses = [f for f in page.forms if f["action"] == f"/cases/{case}/wrong"]
    assert sorted(f["fields"]["source"] for f in presses) == sorted(sources)
    assert staff.send(f"/cases/{case}/wrong", presses[1]["fields"]).status == 303
    assert {c["source"]: c["wrong"] for c in concerns(staff, case)}[presses[1]["fields"]["source"]] is True
    # After the case is decided and closed it can still be said.
    decide_item(staff, item, "return", reason="finding")
    house.advance(hours=1)
    assert wrong(staff, case, sources[0]).ok().json["wrong"] is True


def test_only_what_the_screen_said_can_be_marked_as_wrong(house):
    """A source that is not among the concerns, none, or a strange one is refused with a sentence, and nothing is counted."""
    room, me, staff, operator = house.room("forum", "byRisk"), house.member(), house.moderator(duty=600), house.operator()
    _, case = held(me, staff, room)
    own = concerns(staff, case)[0]["source"]
    for source in ("en.plan.any", "model.risk", "", own + " ", own.upper(), "x" * 5000, "' OR 1=1 --", own + "\n" + own):
        got = wrong(staff, case, source)
        if source.strip() == own:  # Spaces at the ends are nobody's meaning.
            assert got.status < 500
            if got.status < 300:
                wrong(staff, case, source).ok()
            continue
        got.refused()
    staff.post(f"/cases/{case}/wrong").refused()
    staff.post(f"/cases/{case}/wrong", source=["a", "b"], wrong="yes").refused()
    staff.post(f"/cases/{case}/wrong", source=own, wrong="perhaps").refused()
    staff.post("/cases/2222222222222/wrong", source=own, wrong="yes").refused(None, 404)
    staff.post("/cases/nothing/wrong", source=own, wrong="yes").refused()
    assert counted(operator) == {}, "something was counted"
    # A case about no item has nothing to mark.
    writer = house.member()
    for body in ("I feel so alone and empty tonight.", "I hate myself and I feel hopeless.", "I feel worthless and numb again."):
        write(writer, room, body)
        house.advance(hours=20)
    for case in (c["id"] for c in queue(staff) if not c.get("item")):
        wrong(staff, case, own).refused()


def test_only_whoever_reads_the_queue_may_say_that_it_was_wrong(house):
    """A member, the author, a supporter, a moderator of another room and a stranger can not, and it looks like nothing there."""
    room, elsewhere = house.room("forum", "byRisk"), house.room("elsewhere", "byRisk")
    me, staff, operator = house.member(), house.moderator(duty=600), house.operator()
    _, case = held(me, staff, room)
    source = concerns(staff, case)[0]["source"]
    supporter = house.staff("trained-peer-volunteer")
    far, child_room = house.moderator(room=elsewhere), house.room("young", "before", "13-15")
    unchecked = house.staff("trained-paid-staff", checked=False)
    child = house.member("13-15")
    child.post(f"/rooms/{child_room}/join").ok()
    young = write(child, child_room, SURNAME.format("Bye."))["id"]
    young_case = need_case(staff, young)["id"]
    for face in (me, house.member(), house.newcomer(), supporter, house.visitor(), far, operator):
        got = wrong(face, case, source)
        assert got.status in (401, 403, 404), f"{face.name}: {got.status} {got.text[:200]}"
        assert "Quenby" not in got.text
    # Without a check record nothing of a room for children.
    assert wrong(unchecked, young_case, source).status in (403, 404)
    # Nor with a stolen cookie and no form token.
    got = staff.raw("POST", f"/cases/{case}/wrong", body=f"source={source}&wrong=yes".encode(), headers={
        "Content-Type": "application/x-www-form-urlencoded", "Origin": "https://elsewhere.example"})
    assert 400 <= got.status < 500
    assert not any(c["wrong"] for c in concerns(staff, case) + concerns(staff, young_case)) and counted(operator) == {}


def test_a_mark_goes_with_the_words_it_was_made_for(house):
    """The author changes their words: what was said of the old ones counts no more. They leave for good: no page breaks, and
    nothing is left that counts their item."""
    room, staff, operator = house.room("forum", "byRisk"), house.moderator(duty=600), house.operator()
    me, word = house.member(), house.word()
    item, case = held(me, staff, room, "My surname is Quenby and I am new here. " + word)
    source = concerns(staff, case)[0]["source"]
    wrong(staff, case, source).ok()
    me.post(f"/items/{item}/edit", title="One of those days", body=f"I am new here. {word}").ok()
    assert concerns(staff, case) == [] and staff.open(f"/cases/{case}").status == 200
    wrong(staff, case, source).refused()
    assert counted(operator) == {}, "a mark outlives the words it was made for"
    me.post(f"/items/{item}/edit", title="One of those days", body=f"My surname is Quenby. {word}").ok()
    assert [c["wrong"] for c in concerns(staff, case) if c["source"] == source] == [False]
    wrong(staff, case, source).ok()
    assert counted(operator) == {source: 1}
    me.post("/you/erase", words=" ".join(me.words), pace="now").ok()
    for _ in range(3):
        house.jobs()
        for path in (f"/cases/{case}", "/queue", f"/items/{item}"):
            assert staff.get(path).status in (200, 404) and staff.open(path).status in (200, 404), path
        assert staff.get(f"/cases/{case}").json["item"] is None and see(staff, item) is None
        wrong(staff, case, source).refused()
        assert counted(operator) == {} and operator.open("/operator/screening").status == 200
        house.night()
        house.advance(days=1)
    assert house.grep(word) == 0
    assert house.sql("SELECT count(*) AS n FROM verdict")[0]["n"] == 0


def test_the_operator_sees_counts_and_no_words(house):
    """/operator/screening counts what was said to be wrong, shows rules and reviews, and no word of anybody's."""
    room, staff, operator = house.room("forum", "byRisk"), house.moderator(duty=600), house.operator()
    marked = {}
    bodies = []
    for n in range(3):
        word = house.word()
        bodies.append(word)
        item, case = held(house.member(), staff, room, f"My surname is Quenby and the kettle is {word}.")
        source = concerns(staff, case)[0]["source"]
        if n < 2:
            wrong(staff, case, source).ok()
            marked[source] = marked.get(source, 0) + 1
    told = operator.get("/operator/screening").ok()
    assert counted(operator) == marked and sum(marked.values()) == 2
    assert told.json["version"] and told.json["overdue"] == [] and told.json["trial"]["rules"] == [], told.json["trial"]
    languages = {rule["language"] for rule in told.json["rules"]}
    assert languages == {"en", "es", "ko", "id", "af", "zh"}, languages
    page = operator.open("/operator/screening").ok(200)
    assert source in page.page.words and "2" in page.page.words
    for word in [*bodies, "Quenby"]:
        assert word not in told.text and word not in page.text
    assert operator.open("/operator").ok(200).page.leads_to("/operator/screening"), "no way to it from the operator's page"
    for face in (house.member(), house.visitor(), house.staff("trained-peer-volunteer"), staff):
        assert face.get("/operator/screening").status in (401, 403, 404)
        assert face.open("/operator/screening").status in (303, 401, 403, 404)
    assert house.program("counts", called="tally").get("/operator/screening").ok().json["wrong"]
    assert house.program("export", called="other").get("/operator/screening").status in (401, 403, 404)
    # Ninety days later it is old.
    house.advance(days=92)
    operator = house.operator()
    assert counted(operator) == {}


# Masking that the writer accepts


def test_masked_words_are_proposed_and_sent_only_by_the_writer(house):
    """A held post with personal detail has a proposal without it; nothing changes until its writer sends that; then staff
    see the masked words, and the history keeps the earlier ones."""
    room, me, stranger, staff = house.room("forum", "byRisk"), house.member(), house.member(), house.moderator(duty=600)
    word = house.word()
    body = f"{word} is my tea. {DETAIL}"
    made = write(me, room, body)
    assert made["state"] == "held", made
    item = made["id"]
    case = need_case(staff, item)["id"]
    masked = me.get(f"/items/{item}/sent").ok().json["masked"]
    assert "[removed]" in masked["body"] and NUMBER not in flat(masked) and "Quenby" not in flat(masked), masked
    assert masked["body"].startswith(f"{word} is my tea.") and masked["body"].endswith("so now you know."), masked
    # The page offers exactly that, and has changed nothing by being looked at.
    page = me.open(f"/items/{item}/sent").ok(200).page
    forms = [f for f in page.forms if f["action"] == f"/items/{item}/edit" and "body" in f["fields"]]
    assert len(forms) == 1 and forms[0]["method"] == "post" and forms[0]["fields"]["body"] == masked["body"], forms
    for _ in range(2):
        assert see(me, item)["item"]["body"] == body and staff.get(f"/cases/{case}").json["item"]["body"] == body
    events = [e["kind"] for e in staff.get(f"/cases/{case}").json["events"]]
    assert "edited" not in events
    # A stranger sees nothing of it, before and after; nor do staff get the writer's page.

    def unseen():
        for face in (stranger, house.visitor()):
            for path in (f"/items/{item}/sent", f"/items/{item}", f"/items/{item}/edit"):
                got = face.get(path)
                assert got.status in (401, 404) and word not in got.text and "[removed]" not in got.text, path
            assert word not in face.open(f"/rooms/{room}").text
        assert item not in threads(stranger, room)
        assert staff.get(f"/items/{item}/sent").status in (403, 404)
        assert stranger.send(f"/items/{item}/edit", title="x", body=masked["body"]).status in (403, 404)

    unseen()
    assert me.send(f"/items/{item}/edit", forms[0]["fields"]).status == 303
    told = staff.get(f"/cases/{case}").ok().json
    assert told["item"]["body"] == masked["body"] == see(me, item)["item"]["body"]
    assert masked["body"] in told["original"] and NUMBER not in told["original"], told["original"]
    kept = [e["words"] for e in told["events"] if e["kind"] == "edited"]
    assert len(kept) == 1 and body in kept[0], told["events"]
    assert NUMBER in staff.open(f"/cases/{case}").ok(200).text and house.chain(case)
    assert see(me, item)["item"]["state"] in ("waiting", "held")
    unseen()
    # The number and the name are in no open place: only sealed.
    assert house.grep("Quenby") == 0 and house.grep(NUMBER) == 0
    decide_item(staff, item, "approve")
    assert see(stranger, item)["item"]["body"] == masked["body"] and NUMBER not in stranger.open(f"/items/{item}").text


MASKABLE = {
    "phone": ("My number is 07700 900123, so now you know.", "900123"),
    "surname": ("My surname is Quenby and I am new here.", "Quenby"),
    "full name": ("My name is Marlo Trevanion and I am new here.", "Trevanion"),
    "school": ("I go to Larkmoor Academy and I hate mornings.", "Larkmoor"),
    "birthday": ("My birthday is 14th March and nobody remembers.", "14th March"),
    "address": ("I live at 12 Fennel Road and it is cold here.", "Fennel"),
    "link": ("Have a look at https://www.jellytoad.example/page when you can.", "jellytoad"),
    "handle": ("My snap is jellotoad77 if you want to talk.", "jellotoad77"),
    "small place": ("I live in Thistleham, there is one bus.", "Thistleham"),
}


@pytest.mark.parametrize("kind", MASKABLE)
def test_words_masked_as_proposed_are_not_held_again_for_the_mask(house, kind):
    """Whoever sends what the house proposed is not held a second time for "[removed]", and nothing is proposed again."""
    words, gone = MASKABLE[kind]
    room, me, staff = house.room("forum", "byRisk"), house.member(), house.moderator(duty=600)
    made = write(me, room, words)
    assert made["state"] == "held" and made["masked"], made
    masked = made["masked"]
    assert gone not in flat(masked) and masked["body"].count("[removed]") == 1, masked
    after = me.post(f"/items/{made['id']}/edit", title=masked["title"], body=masked["body"]).ok().json
    told = staff.get(f"/cases/{need_case(staff, made['id'])['id']}").json
    assert after["masked"] is None, f"proposed again: {after['masked']}"
    assert after["state"] == "waiting", f"{after['state']} for {after['reason']}: {told['concerns']}"


def test_a_mask_is_proposed_only_where_it_helps(house):
    """Title and note are masked too; a shown item, one held for something else and one that is plain have no proposal."""
    room, me, staff = house.room("forum", "byRisk"), house.member(), house.moderator(duty=600)
    made = write(me, room, CALM, title=f"Ring me on {NUMBER}")
    assert made["state"] == "held" and NUMBER not in flat(made["masked"]) and "[removed]" in made["masked"]["title"]
    form = [f for f in me.open(f"/items/{made['id']}/sent").page.forms if f["fields"].get("title", "").startswith("Ring")]
    assert form and form[0]["fields"]["title"] == made["masked"]["title"]
    noted = write(me, room, CALM, note=f"My number is {NUMBER}.")
    if noted["state"] == "held":
        assert NUMBER not in flat(noted["masked"]) and "[removed]" in noted["masked"]["note"], noted["masked"]
    house.advance(minutes=20)
    base = write(me, room, CALM)
    assert base["state"] == "shown" and base["masked"] is None
    reply = answer(me, base["id"], f"You can ring me on {NUMBER} in the evening.")
    assert reply["state"] == "held" and NUMBER not in flat(reply["masked"])
    compared = write(me, room, COMPARING.format("So."))
    assert compared["state"] == "held" and compared["masked"] is None
    # A person showed it all the same: then it stands as it is.
    house.advance(minutes=20)
    item, _ = held(me, staff, room)
    decide_item(staff, item, "approve")
    told = me.get(f"/items/{item}/sent").ok().json
    assert told["state"] == "shown" and told["masked"] is None
    page = me.open(f"/items/{item}/sent").page
    assert not [f for f in page.forms if "[removed]" in flat(f["fields"])] and "[removed]" not in page.words
    # Taken back: nothing to send any more.
    item, _ = held(me, staff, room)
    me.post(f"/items/{item}/withdraw").ok()
    got = me.get(f"/items/{item}/sent")
    assert got.status in (200, 404) and (got.status == 404 or got.json["masked"] is None)


def proposal(me, item):
    return next(f for f in me.open(f"/items/{item}/sent").page.forms if "[removed]" in flat(f["fields"]))


def test_a_mask_sent_twice_by_one_press_is_one_change(house):
    """The button carries the key of its press: a second arrival of the same press makes nothing new in the history."""
    room, me, staff = house.room("forum", "byRisk"), house.member(), house.moderator(duty=600)
    item, case = held(me, staff, room, "My number is 07700 900123, so now you know.")
    form = proposal(me, item)
    assert form["fields"]["key"]
    for _ in range(2):
        assert me.send(form["action"], form["fields"]).status in (200, 303)
    edited = [e for e in staff.get(f"/cases/{case}").json["events"] if e["kind"] == "edited"]
    assert len(edited) == 1, f"one press, {len(edited)} changes"


def test_a_mask_that_was_overtaken_does_no_harm(house):
    """Sent after the writer changed it otherwise, or after a decision: nothing breaks, and a decision stays."""
    room, me, staff, reader = house.room("forum", "byRisk"), house.member(), house.moderator(duty=600), house.member()
    item, case = held(me, staff, room, "You can ring me on 07700 900123 in the evening.")
    form = proposal(me, item)
    me.post(f"/items/{item}/edit", title="One of those days", body=CALM).ok()
    assert me.send(form["action"], form["fields"]).status in (200, 303) and NUMBER not in flat(see(me, item))
    assert house.chain(case)
    decide_item(staff, item, "remove", reason="encourages")
    got = me.send(form["action"], form["fields"])
    assert got.status in (303, 403, 404, 409, 410) and see(reader, item) is None
    assert me.get(f"/items/{item}/sent").json["state"] == "removed"


# Hints while writing


def test_hints_on_an_answer_are_for_its_writer_and_are_not_kept(house):
    """An over-promise is answered with a gentle hint, only in an answer; nothing of it is kept, and the log holds no word."""
    room, me, staff = house.room("forum", "byRisk"), house.member(), house.moderator(duty=600)
    promise = "I promise everything will be okay"
    for text in (promise, promise.upper(), f"{promise}, and the sun comes up."):
        told = me.post("/hints", text=text, reply="on").ok().json["hints"]
        assert "replyHint" in [h["kind"] for h in told] and all(h["why"] for h in told), told
        told = me.post("/hints", text=text).ok().json["hints"]
        assert not [h for h in told if h["kind"].startswith("reply")], f"it is no answer: {told}"
    assert "replyHint" in [h["kind"] for h in me.send("/hints", text=promise, reply="on").ok().json["hints"]], "as a form"
    for text in (CALM, "My bus was late and I read my book.", "", "   "):
        got = me.post("/hints", text=text, reply="on")
        assert got.status < 500 and [h for h in got.json.get("hints", []) if h["kind"] == "replyHint"] == [], text
    assert house.visitor().post("/hints", text=promise, reply="on").status in (401, 403, 404)
    # Asking for hints makes nothing.
    assert queue(staff) == [] and house.sql("SELECT count(*) AS n FROM assessment")[0]["n"] == 0
    # Sent all the same: shown like any answer, and nothing is kept about how it was worded.
    asker, word = house.member(), house.word()
    thread = write(asker, room, CALM)["id"]
    sent = answer(me, thread, f"{promise}, {word}")
    assert sent["state"] == "shown" and "replyHint" not in flat(sent), sent
    for face in (me, asker, staff):
        assert "replyHint" not in face.get(f"/items/{thread}").text + face.get(f"/items/{sent['id']}").text
    assert case_about(staff, sent["id"]) is None
    assert house.sql("SELECT count(*) AS n FROM assessment")[0]["n"] == 0, "an assessment of its wording was kept"
    # Also when it is held for something else, and when it is reported.
    other = answer(me, thread, f"{promise}, ring me on {NUMBER}.")
    assert other["state"] == "held"
    case = need_case(staff, other["id"])["id"]
    assert {c["kind"] for c in concerns(staff, case)}.isdisjoint({"replyHint", "replyStrength"}), concerns(staff, case)
    asker.post(f"/items/{sent['id']}/reports", kind="unkind").ok(201)
    case = need_case(staff, sent["id"])["id"]
    assert concerns(staff, case) == [] and "replyHint" not in staff.get(f"/cases/{case}").text
    me.post(f"/items/{sent['id']}/edit", title="", body=f"{promise}, once more {word}").ok()
    assert "replyHint" not in staff.get(f"/cases/{case}").text
    assert "promise" not in house.logged() and NUMBER not in house.logged()


# Other languages

ORDINARY = {
    "es": ("Una tarde tranquila", "Hoy llovió toda la tarde y me quedé en casa leyendo un libro viejo con mi gato."),
    "ko": ("조용한 하루", "오늘은 비가 많이 와서 하루 종일 집에서 고양이랑 책을 읽었는데 정말 조용하고 좋았어요."),
    "id": ("Hari yang tenang", "Hari ini hujan terus dari pagi jadi aku cuma di rumah baca buku sambil minum teh hangat."),
    "af": ("Vandag by die huis", "Gister het ek saam met my ouma sop gekook en daarna het ons 'n lang film gekyk."),
    "zh": ("安静的一天", "今天下了一整天的雨，我就待在家里看书，和小猫一起喝了热茶，觉得很安静。"),
}
WISHES = {
    "es": ["quiero morir", "me quiero morir", "ya no quiero vivir", "QUIERO MORIRME"],
    "ko": ["죽고 싶어", "진짜 죽고 싶어", "살기 싫어", "자살하고 싶어"],
    "id": ["ingin mati", "pengen mati", "mau bunuh diri"],
    "af": ["ek wil doodgaan", "ek wil sterf", "Ek wil nie meer lewe nie"],
    "zh": ["想死", "我不想活了", "想自杀", "我 想 死"],
}


@pytest.mark.parametrize("language", ORDINARY)
def test_ordinary_words_of_another_language_wait_for_a_person(house, language):
    """A thread and an answer in a language nobody here reads wait, with that as the reason, and are seen by nobody else."""
    room, me, reader, staff = house.room("forum", "byRisk"), house.member(), house.member(), house.moderator(duty=600)
    base = write(reader, room, CALM)["id"]
    title, words = ORDINARY[language]
    for made in (write(me, room, words, title=title), answer(me, base, words)):
        assert (made["state"], made["reason"]) == ("waiting", "language"), made
        assert see(me, made["id"])["item"]["body"] == words
        for face in (reader, house.visitor()):
            assert see(face, made["id"]) is None
            assert words not in face.get(f"/items/{base}").text + face.open(f"/rooms/{room}").text
        assert made["id"] not in threads(reader, room)
        assert need_case(staff, made["id"])["level"] in ("low", "medium")
        assert "language" in me.open(f"/items/{made['id']}/sent").ok(200).page.words.lower(), "the reason is not said"
    # A person who reads it may show it.
    decide_item(staff, made["id"], "approve")
    assert words in reader.get(f"/items/{base}").text


@pytest.mark.parametrize("language", ORDINARY)
def test_an_english_title_does_not_carry_another_language_along(house, language):
    """Four English words above a text of ten or more in another language: the text waits all the same."""
    room, me, reader = house.room("forum", "byRisk"), house.member(), house.member()
    others = {
        "es": ["Hoy llovió toda la tarde y me quedé en casa con mi gato.",
               "Me gusta mucho cantar en el coro y los domingos jugamos a las cartas con mi abuelo."],
        "af": ["Ek is baie moeg ná skool, maar môre gaan ek saam met my vriende park toe."],
        "id": ["Kemarin gue masak mie bareng kakak terus nonton film sampai malam, seru banget deh pokoknya."],
    }
    shown = []
    for words in [ORDINARY[language][1], *others.get(language, [])]:
        made = write(me, room, words, title="One of those days")
        if (made["state"], made["reason"]) != ("waiting", "language"):
            shown.append((made["state"], made["reason"], words))
    assert not shown, shown


@pytest.mark.parametrize("language", WISHES)
def test_a_wish_to_die_in_another_language_is_found_in_two_or_three_words(house, language):
    """However short, and in the language of a pack: nobody else sees it, and the case is high or urgent."""
    room, me, reader, staff = house.room("forum", "byRisk"), house.member(), house.member(), house.moderator(duty=900)
    base = write(reader, room, CALM)["id"]
    missed = []
    for words in WISHES[language]:
        for made in (write(me, room, words, title=words), answer(me, base, words)):
            case = case_about(staff, made["id"])
            if made["state"] not in ("waiting", "held") or not case or case["level"] not in ("high", "urgent"):
                missed.append((words, made["state"], made["reason"], case and case["level"]))
            assert made["state"] == "shown" or see(reader, made["id"]) is None
            # Help is offered at once, in the same breath.
            if case:
                assert made["help"] == "atOnce", (words, made["help"])
        house.advance(minutes=20)
    assert not missed, missed


@pytest.mark.parametrize("words", [
    "The bus was late. Quiero morirme.",
    "School was fine today and we had pizza with my friends but 죽고 싶어 and I am tired.",
    "I had lunch with my sister, aku ingin bunuh diri, and then home.", "I am tired and quiero morirme tonight.",
    "quiero morirme, but I will go to bed now.", "I had pizza with friends and ek wil doodgaan, that is all.",
    "I had pizza with friends 我想死 that is all.",
], ids=["es-sentence", "ko", "id", "es-within", "es-first", "af", "zh"])
def test_a_wish_to_die_among_english_words_is_found(house, words):
    """People who speak two languages mix them: the pack finds the words inside an English sentence too."""
    room, me, staff = house.room("forum", "byRisk"), house.member(), house.moderator(duty=600)
    made = write(me, room, words)
    case = case_about(staff, made["id"])
    assert made["state"] in ("waiting", "held"), (made["state"], made["reason"], case)
    assert case and case["level"] in ("high", "urgent"), case


def test_everyday_english_is_shown_however_it_is_spelled(house):
    """Slang, dialect, text speak and stretched letters are English: nothing waits for its language."""
    room, staff = house.room("forum", "byRisk"), house.moderator(duty=600)
    base = write(house.member(), room, CALM)["id"]
    waits = []
    for n, words in enumerate([
        "ngl this week was mid, my bestie ghosted me and im lowkey done w school lol",
        "bruh fr no cap the exam slapped, we ate that",
        "idk man tbh im just vibing rn, kinda tired innit",
        "yeet, that boss fight was sus af but gg",
        "wagwan man's been ghosted innit, mandem moving mad still peak times fam", "aint nobody got time 4 dat lmao smh fr fr",
        "finna dip cuz dis class boutta be deadass boring ngl", "hiiiii sooooo boreddddd anyoneee wanna chatttt",
        "am gonnae greet if that bus is late again, pure scunnered so ah am",
        "omg slay queen, that fit ate and left no crumbs periodt",
        "tbh idgaf bout the mocks rn, wanna sleep n play fortnite w da boys", "gg wp ez clap lol",
        "We had tacos and sushi, c'est la vie.",
        "my abuela makes the best pozole and I miss her kitchen so much", "I said konnichiwa to the sushi man and he laughed",
    ]):
        if n % 4 == 0:
            me = house.member()
        for made in (write(me, room, words), answer(me, base, words)):
            if made["state"] != "shown":
                waits.append((words, made["state"], made["reason"]))
    assert not waits, waits


# Small places

PLACES = [
    "I live in Thistleham, there is one bus.", "I grew up in a small village called Oxterby.",
    "I am originally from Little Marrow.", "We moved to Fennelby last year."]
ANYWHERE = [
    "I live in London.", "I am from South Africa.", "I live in Manchester with my mum.", "We moved to Spain last year.",
    "I grew up in Scotland.", "I live in a small village.", "I live in Year 10 hell.", "I live in New York."]


def test_a_small_place_named_as_a_home_is_held_and_a_large_one_is_not(house):
    """Where one lives is held when it is small, on a board of children and in a forum of adults; cities and countries are not."""
    board, forum = house.room("board", "before", "13-15"), house.room("forum", "byRisk")
    staff, reader = house.moderator(duty=900), house.member()
    for n, words in enumerate(PLACES):
        child, adult = house.member("13-15"), house.member()
        child.post(f"/rooms/{board}/join").ok()
        for face, room in ((child, board), (adult, forum)):
            made = write(face, room, words)
            assert (made["state"], made["reason"]) == ("held", "place"), (words, made["state"], made["reason"])
            assert see(reader, made["id"]) is None and "[removed]" in made["masked"]["body"]
            said = concerns(staff, need_case(staff, made["id"])["id"])
            assert [s for c in said if c["kind"] == "smallPlace" for s in c["spans"]], words
    for n, words in enumerate(ANYWHERE):
        if n % 4 == 0:
            adult, child = house.member(), house.member("13-15")
            child.post(f"/rooms/{board}/join").ok()
        made = write(adult, forum, words)
        assert made["state"] == "shown", (words, made["state"], made["reason"])
        made = write(child, board, words)
        assert (made["state"], made["reason"]) == ("waiting", "read-first"), (words, made["state"], made["reason"])


@pytest.mark.parametrize("words", [
    "We live in Little Marrow, population 300.",
    "I come from Thistleham and everyone knows everyone.", "Living in Thistleham is lonely.",
    "I LIVE IN THISTLEHAM, THERE IS ONE BUS.",
], ids=["we", "come from", "living in", "capitals"])
def test_a_small_place_is_held_however_it_is_said(house, words):
    """Children say we, shout, or say it another way round. Without a capital letter nothing tells a place from a word."""
    room, me = house.room("forum", "byRisk"), house.member()
    made = write(me, room, words)
    assert (made["state"], made["reason"]) == ("held", "place"), (made["state"], made["reason"])


# Pain is no offence


@pytest.mark.parametrize("words", [
    "Nobody cares about me.", "Nobody asked if I was okay.", "I was crying and nobody asked.",
    "I feel like nobody cares if I am here.",
    "No one cares about me at school.", "I had it way worse when I was younger, and nobody asked.",
])
def test_whoever_feels_that_nobody_cares_is_not_told_off(house, words):
    """Loneliness in plain words is no bullying: it is not held for being unkind, and no hint while writing says so."""
    room, me = house.room("forum", "byRisk"), house.member()
    made = write(me, room, words)
    assert made["reason"] != "bullying", f"{made['state']}: {made['reason']}"
    assert "bullying" not in [h["kind"] for h in me.post("/hints", text=words).ok().json["hints"]]


# Where a thread goes


def course(staff, thread):
    """The codes of courses that a case about this thread holds."""
    case = case_about(staff, thread)
    if not case:
        return []
    return [e["code"] for e in staff.get(f"/cases/{case['id']}").json["events"] if e["code"].startswith("course-")]


def test_two_people_comparing_are_told_before_the_fifth_answer(house):
    """Two answers that measure who had it worse, each too small to be held, make one case about the thread; people read on."""
    room, staff, reader = house.room("forum", "byRisk"), house.moderator(duty=900), house.member()
    asker, one, two = house.member(), house.member(), house.member()
    thread = write(asker, room, CALM)["id"]
    answer(asker, thread, "The tea went cold again.")
    assert answer(one, thread, COMPARES[0])["state"] == "shown"
    assert course(staff, thread) == [], "one voice is no competition"
    assert answer(two, thread, COMPARES[1])["state"] == "shown"
    assert course(staff, thread) == ["course-comparing"], queue(staff)
    case = need_case(staff, thread, "pattern")
    assert case["level"] == "medium" and not case["urgent"] and house.alarms() == []
    page = staff.open(f"/cases/{case['id']}").ok(200).page.words
    assert "course-comparing" not in page, "a code instead of words"
    # More of the same makes no second case and no second line.
    for n, face in enumerate((one, two, asker)):
        answer(face, thread, COMPARES[n % len(COMPARES)])
    assert course(staff, thread) == ["course-comparing"]
    assert [c["id"] for c in queue(staff) if c["kind"] == "pattern"] == [case["id"]]
    # Nobody in the room is told, and nothing is hidden.
    assert see(reader, thread)["item"]["state"] == "shown" and len(see(reader, thread)["replies"]) == 6
    for face in (one, asker, reader):
        assert "course" not in face.get(f"/items/{thread}").text and face.get(f"/cases/{case['id']}").status in (401, 403, 404)
    # Closed by a person: it is not opened again the same day by one more word.
    claim(staff, case["id"])
    staff.post(f"/cases/{case['id']}/decisions", act="close").ok()
    answer(house.member(), thread, COMPARES[2])
    assert case_about(staff, thread) is None


def test_a_course_is_told_also_when_words_are_changed_later(house):
    """An answer that is shown and then changed into comparing counts as what it is now."""
    room, staff = house.room("forum", "byRisk"), house.moderator(duty=900)
    one, two = house.member(), house.member()
    thread = write(house.member(), room, CALM)["id"]
    answer(one, thread, COMPARES[0])
    later = answer(two, thread, CALM)["id"]
    assert course(staff, thread) == []
    assert two.post(f"/items/{later}/edit", title="", body=COMPARES[1]).ok().json["state"] == "shown"
    assert course(staff, thread) == ["course-comparing"]


def test_one_person_alone_and_ordinary_talk_make_no_course(house):
    """Two comparing answers of one person under one account, six ordinary answers, and two threads side by side: no case."""
    room, staff = house.room("forum", "byRisk"), house.moderator(duty=900)
    one, two = house.member(), house.member()
    first, second, third = (write(house.member(), room, CALM)["id"] for _ in range(3))
    answer(one, first, COMPARES[0])
    answer(one, first, COMPARES[1])
    answer(two, second, COMPARES[2])
    for n in range(6):
        answer((one, two)[n % 2], third, f"I hear you. The bus was late here too, {n} minutes.")
    # What is held is not in the thread, whoever wrote it: it has cases of its own.
    for face in (one, two):
        other = answer(face, third, COMPARING.format("So."))
        assert other["state"] == "held" and need_case(staff, other["id"])["kind"] == "review"
    assert all(course(staff, thread) == [] for thread in (first, second, third)), queue(staff)
    # A third by the same person is told: it goes on.
    answer(one, first, COMPARES[3])
    assert course(staff, first) == ["course-comparing"]


def test_the_same_pain_told_by_several_is_seen(house):
    """Six items, five of them pain, by two: the thread goes round, and a person is told; an answer of staff ends that."""
    room, staff = house.room("forum", "byRisk"), house.moderator(duty=900)
    for helped in (False, True):
        one, two = house.member(), house.member()
        thread = write(house.member(), room, CALM)["id"]
        if helped:
            assert answer(staff, thread, "I hear you both. What would help tonight?")["item"]["voice"] == "staff"
        for n, words in enumerate(PAIN):
            assert course(staff, thread) == []
            assert answer((one, two)[n % 2], thread, words)["state"] == "shown"
        assert course(staff, thread) == ([] if helped else ["course-goingRound"]), (helped, queue(staff))
    # One person alone with their pain is cared for otherwise.
    me = house.member()
    thread = write(me, room, CALM)["id"]
    for words in PAIN:
        answer(me, thread, words)
    assert course(staff, thread) == []


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
    told = command(house, "screen", "lint", fails=True, content=place)
    assert "en.compare.most" in told and "the tea is cold" in told
    assert "comparison.json" in told, told


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
