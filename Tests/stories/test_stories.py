"""Stories, short pieces, the week of a room, the column: two say yes, readers are led on, and what is taken back is gone."""

import csv
import datetime
import io
import zoneinfo

import pytest

from cast import (
    COMPARING, HIGH, METHOD, MINE, URGENT, answer, approved, case_about, decide, decide_item, fill, found, get_paths, matter, need_case, notices, queue,
    see, threads, write)
from test_all import sweep
from test_offers import supporter

TOLD = "I stopped going out for a year, and I began again with the bus to the library. {}"
SAYS = {"since": "year", "now_is": "still-struggling"}
SONG = {"reference_kind": "song", "reference": "Kettle Weather by The Brindle Hats"}


def send(face, room, words="", form="story", title="A year of kettles", **more):
    return face.post(f"/rooms/{room}/pieces", {
        "form": form, "title": title, "body": TOLD.format(words), **(SAYS if form == "story" else {}), **more})


def up(staff, face, room, words="", **more):
    """A piece that is read, approved and up."""
    item = send(face, room, words, **more).ok(201).json["id"]
    decide_item(staff, item, "approve")
    assert see(face, item)["item"]["state"] == "shown"
    return item


def sent(face, item):
    return face.get(f"/items/{item}/sent").ok().json


def today(house):
    """Now, on the clock of the house."""
    return datetime.datetime.fromisoformat(house.advance(0).replace("Z", "+00:00")).astimezone(zoneinfo.ZoneInfo("Europe/London"))


def stage(house, bands="18-25", **more):
    """A room of stories, somebody who reads first, a narrator and a reader."""
    return house.room("tales", "byRisk", bands, format="stories", **more), house.moderator(duty=100_000), house.member(), house.member()


# Stories


def test_STORY_1(house):
    """A story cannot publish without narrator age band, time since, and "where I am now", which may be "still struggling"."""
    room, staff, me, reader = stage(house)
    before = len(me.get("/mine").ok().json["items"])
    for lacking in SAYS:
        send(me, room, **{lacking: ""}).refused("missing", 422)
        send(me, room, **{lacking: "long ago"}).refused(None, 422)
    assert len(me.get("/mine").json["items"]) == before, "kept all the same"
    # Whoever did not say how old they are has no band to publish with.
    open_to_all = house.room("open", "byRisk", format="stories", readable="anyone")
    unknown = house.member("unknown")
    send(unknown, open_to_all).refused(("gate-wrong-age", "not-found"), 403, 404)
    fields = me.open(f"/rooms/{room}/pieces/new?form=story").ok().page.form(f"/rooms/{room}/pieces")["fields"]
    assert {"since", "now_is"} <= set(fields)
    item = send(me, room).ok(201).json
    assert item["state"] == "waiting" and see(reader, item["id"]) is None
    decide_item(staff, item["id"], "approve")
    told = see(reader, item["id"])["piece"]
    assert (told["narratorBand"], told["since"], told["nowIs"]) == ("18-25", "year", "still-struggling")
    for place in (f"/items/{item['id']}", f"/rooms/{room}"):
        words = reader.open(place).ok().page.words
        assert all(said in words for said in ("18 to 25", "About a year ago", "still struggling")), place
    # The other forms may leave it out; the engine itself keeps no story without.
    assert send(me, room, form="poem", title="Rain").ok(201).json["piece"]["nowIs"] is None
    assert house.meddle(f"UPDATE piece SET now_is = NULL WHERE form = 'story'")


def test_STORY_2(house):
    """The language check marks stigma and stereotype terms with alternatives; method detail blocks."""
    room, staff, me, reader = stage(house)
    stigma = "My uncle committed suicide when I was nine. {}"
    stereotype = "People with schizophrenia are dangerous, I thought, and then I met one. {}"
    for words, term, instead in ((stigma, "committed suicide", "died by suicide"), (stereotype, "schizophrenia are dangerous", None)):
        item = send(me, room, title="Nine", body=words.format("")).ok(201).json["id"]
        marked = sent(me, item)["language"]
        assert marked and all(one["words"] in words and one["why"] for one in marked), marked
        page = me.open(f"/items/{item}/sent").ok().page.words
        assert marked[0]["words"] in page and marked[0]["why"] in page
        assert term in marked[0]["words"] or marked[0]["words"] in words
        # An alternative stands in quotation marks beside the term.
        assert instead in marked[0]["why"] if instead else '"' in marked[0]["why"], f"no alternative for {term}: {marked[0]['why']}"
    # It is for the narrator alone, and while typing as well; it stops nothing.
    decide_item(staff, item, "approve")
    assert "language" not in reader.get(f"/items/{item}").text
    assert "stigma" in [hint["kind"] for hint in me.post("/hints", text=stigma).ok().json["hints"]]
    # Method detail blocks, wherever in a piece it stands.
    for more in ({"body": METHOD}, {"title": METHOD.format("")[:110]}, {"note": METHOD.format("")[:110]},
                 {"reference_kind": "picture", "reference": "A pen drawing", "transcript": METHOD}):
        held = send(me, room, **more).ok(201).json
        assert (held["state"], held["reason"]) == ("held", "method"), more
        assert see(reader, held["id"]) is None


def test_method_comes_in_by_no_other_way(house):
    """What an editor writes from a talk, or proposes in a narrator's words, is screened as well."""
    room, staff, me, reader = stage(house)
    fields = {"form": "story", "title": "Nine", "body": METHOD, "narrator": me.name, **SAYS}
    staff.post(f"/rooms/{room}/interviews", fields).refused("piece-method", 422)
    item = send(me, room).ok(201).json["id"]
    staff.post(f"/pieces/{item}/proposal", {"title": "Nine", "body": METHOD})
    me.post(f"/pieces/{item}/take-proposal")
    assert see(reader, item) is None


def test_STORY_3(house):
    """Readers get stories near their age first and can ask for others."""
    room, staff = house.room("tales", "byRisk", "16-17,18-25", format="stories"), house.moderator(duty=10_000)
    young, old, reader, adult = house.member("16-17"), house.member("18-25"), house.member("16-17"), house.member("18-25")
    of_old = [up(staff, old, room, f"old {n}", title=f"Older {n}") for n in range(2)]
    # Nobody near has written yet: then all ages, and nothing pretends otherwise.
    assert threads(reader, room) == list(reversed(of_old)) and not reader.get(f"/rooms/{room}").json["near"]
    of_young = [up(staff, young, room, f"young {n}", title=f"Younger {n}") for n in range(2)]
    assert threads(reader, room) == list(reversed(of_young)) and reader.get(f"/rooms/{room}").json["near"]
    assert threads(adult, room) == list(reversed(of_old))
    page = reader.open(f"/rooms/{room}").ok().page
    assert "near your age" in page.words and f"/rooms/{room}?ages=all" in page.links
    assert threads(reader, room, ages="all") == list(reversed(of_old + of_young))
    assert f"/rooms/{room}?ages=near" in reader.open(f"/rooms/{room}?ages=all").page.links
    assert see(reader, of_old[0])["piece"]["narratorBand"] == "18-25"


def test_STORY_4(house):
    """After reading: feeling check, grounding tool, talk option; what people said of hope and urge is reported per story."""
    room, staff, me, reader = stage(house)
    item = up(staff, me, room)
    page = reader.open(f"/items/{item}").ok().page
    assert page.form(f"/pieces/{item}/felt") and {"/help/grounding", "/talk", f"/items/{item}/this-is-me"} <= set(page.links)
    for place in ("/help/grounding", "/talk"):
        reader.open(place).ok(200)
    gone = reader.send(f"/pieces/{item}/felt", answer="heavier")
    assert gone.status == 303 and gone.header("Location").startswith(f"/items/{item}/this-is-me")
    after = reader.open(gone.header("Location")).ok(200).page
    assert {"/help/grounding", "/talk", "/help"} <= set(after.links)
    assert reader.send(f"/pieces/{item}/felt", answer="lighter").header("Location").startswith(f"/items/{item}?")
    kept = house.sql("SELECT answer FROM felt")
    assert [row["answer"] for row in kept] == ["lighter"], "one answer a person, the last one"
    # Nobody else meets it, its narrator has none to give, and it belongs to pieces that can be read.
    assert "lighter" not in me.get(f"/items/{item}").text and "felt" not in me.get(f"/items/{item}").text
    assert me.open(f"/items/{item}").page.form(f"/pieces/{item}/felt") is None
    me.post(f"/pieces/{item}/felt", answer="same").refused(None, 404)
    reader.post(f"/pieces/{item}/felt", answer="worse").refused(None, 422)
    house.visitor().post(f"/pieces/{item}/felt", answer="same").refused(None, 401, 403)
    waiting = send(me, room).ok(201).json["id"]
    forum = house.room("forum", "byRisk")
    for other in (waiting, write(me, forum, MINE)["id"]):
        reader.post(f"/pieces/{other}/felt", answer="same").refused(None, 404)

    # Two more for whoever likes: hope, of any piece; the urge, of pieces about it and while somebody is there.
    house.off(staff)
    more = reader.open(f"/pieces/{item}/after").ok(200).page
    assert {"answer", "hope"} <= set(more.form(f"/pieces/{item}/after")["fields"]) and "urge" not in more.form(f"/pieces/{item}/after")["fields"]
    house.duty(staff, 100_000)
    assert reader.get(f"/pieces/{item}/after").ok().json["asksUrge"] is False, "this one is about something else"
    reader.post(f"/pieces/{item}/after", urge="weaker").refused("form-nobody-here", 409)
    reader.post(f"/pieces/{item}/after", hope="more").ok()
    assert house.sql("SELECT answer, hope, urge FROM felt") == [{"answer": "lighter", "hope": "more", "urge": None}]
    hard = send(me, room, title="Two years").ok(201).json["id"]
    decide_item(staff, hard, "approve", topics=["self-harm"])
    welcoming = [house.member() for _ in range(20)]
    for one in welcoming:
        matter(one, self_harm="show")
    first = welcoming[0]
    first.post(f"/pieces/{hard}/after", hope="more").refused("missing", 422)
    assert first.get(f"/pieces/{hard}/after").ok().json["asksUrge"] is True
    house.off(staff)
    assert first.get(f"/pieces/{hard}/after").json["asksUrge"] is False, "nobody is there to read the answer"
    first.post(f"/pieces/{hard}/after", answer="same", urge="weaker").refused("form-nobody-here", 409)
    house.duty(staff, 100_000)
    # Nine are lighter, eight the same, three heavier; hope is up for ten, the same for ten; the urge is weaker for eight, none for nine,
    # the same for two, and stronger for one: a person is called at once.
    rung = len(house.alarms())
    for number, one in enumerate(welcoming):
        said = one.post(
            f"/pieces/{hard}/after", answer="lighter" if number < 9 else "same" if number < 17 else "heavier",
            hope="more" if number < 10 else "same",
            urge="weaker" if number < 8 else "none" if number < 17 else "same" if number < 19 else "stronger").ok().json
        assert said["help"] is (number == 19)
    case = [one for one in queue(staff) if one["kind"] == "risk"]
    assert len(case) == 1 and case[0]["level"] == "high", case
    assert "stronger" not in staff.get(f"/cases/{case[0]['id']}").text, "the answer itself stays with whoever gave it"
    house.jobs()
    assert len(house.alarms()) > rung, "somebody is called"
    for number in range(7):
        one = house.member()
        one.post(f"/pieces/{item}/felt", answer="lighter").ok()
    operator = house.operator()
    assert operator.get("/operator/after-reading").ok().json["pieces"] == [], "whole months alone"
    house.advance(days=32)
    told = {one["item"]: one for one in operator.get("/operator/after-reading").ok().json["pieces"]}
    assert told[hard]["felt"] == {"lighter": "10", "same": "10", "heavier": "*"}
    assert told[hard]["hope"] == {"more": "10", "same": "10", "less": "0"}
    assert told[hard]["urge"] == {"weaker": "10", "same": "*", "stronger": "*", "none": "10"}
    # The other has eight who said how they felt, and one who spoke of hope: too few.
    assert told[item]["felt"] == {"lighter": "10", "same": "0", "heavier": "0"} and told[item]["hope"] is None and told[item]["urge"] is None
    page = operator.open("/operator/after-reading").ok(200).page.words
    assert "not what a piece did" in page and "Two years" not in page and "effect" not in page.lower()
    for nobody in (me, reader, house.moderator()):
        assert nobody.get("/operator/after-reading").status in (401, 403, 404)
    theirs = welcoming[19].post("/you/export", words=" ".join(welcoming[19].words), format="json").ok().text
    assert "stronger" in theirs
    welcoming[19].post("/you/erase", words=" ".join(welcoming[19].words)).ok()
    assert house.sql("SELECT count(*) AS n FROM felt WHERE urge = 'stronger'") == [{"n": 0}]
    # What is taken back is reported no more.
    me.post(f"/items/{hard}/withdraw").ok()
    assert [one["item"] for one in operator.get("/operator/after-reading").json["pieces"]] == [item]


def test_STORY_5(house):
    """A narrator can withdraw, and the story goes from every surface."""
    room, staff, me, reader = stage(house, readable="anyone")
    pro = house.professional(duty=100_000)
    helper = supporter(house, room, pro)
    title, body, picture, seen = (house.word() for _ in range(4))
    item = up(
        staff, me, room, f"and {body} was there all along", title=f"Of {title}", reference_kind="picture", reference=f"A postcard of {picture}",
        transcript=f"A hill, and {seen} on it.")
    reply = answer(reader, item, "I took that bus as well.")["id"]
    answer(me, item, "Did you?")
    reader.post(f"/items/{item}/support", word="hear").ok()
    reader.post(f"/items/{item}/evidence", words=f"and {body} was there all along").ok(201)
    staff.post(f"/items/{item}/invite", name=helper.name).ok()
    staff.post(f"/items/{item}/summary", words=f"So far about {body}.").ok()
    ids = {"item": item, "room": room}
    readers = (house.visitor(), reader, helper)

    def meets():
        told = {}
        for face in readers:
            for path, text in sweep(house, face, ids, [
                    f"/rooms/{room}?ages=all", f"/rooms/{room}?ages=near", f"/search?q={title}", f"/search?q={body}", f"/items/{reply}"]).items():
                if path.startswith("/search") and path.endswith((title, body)):
                    text = str(face.get(path).json["items"])
                hits = [word for word in (title, body, picture, seen) if word in text]
                if hits:
                    told[f"{path} as {face.name or 'a visitor'}"] = hits
        for form in ("json", "html"):
            text = reader.post("/you/export", words=" ".join(reader.words), format=form).ok().text
            if title in text or body in text:
                told[f"export {form}"] = True
        return told

    before = meets()
    for path in (f"/rooms/{room}", f"/items/{item}", f"/search?q={title}", "/today"):
        assert f"{path} as {reader.name}" in before, (path, before)
    live = reader.live()
    assert me.post(f"/items/{item}/withdraw").ok()
    house.jobs()
    left = [*meets().items()]
    left += [("live", word) for word in (title, body, item) if word in live.listen(1)]
    live.close()
    left += [("notices", n["kind"]) for face in readers[1:] for n in notices(face) if n["item"] == item]
    left += [(path, body) for path in ("/evidence", "/queue", f"/rooms/{room}/plan") if body in pro.get(path).ok().text]
    assert not left, left
    # One's own, and as what it is; what is taken back, nobody puts up again.
    assert see(me, item)["item"]["state"] == "withdrawn"
    me.post(f"/pieces/{item}/approve").refused(None, 404)
    staff.post(f"/pieces/{item}/proposal", title="Again", body="Again.").refused(None, 404)
    staff.post(f"/pieces/{item}/schedule").refused(None, 404)


def test_a_version_that_is_not_taken_is_no_yes_to_the_first_words(house):
    """An editor who proposes other words has not said yes to those of the narrator: approving puts nothing unread up."""
    room, staff, me, reader = stage(house)
    word = house.word()
    item = send(me, room, word).ok(201).json["id"]
    staff.post(f"/pieces/{item}/proposal", {"title": "A year", "body": "I stopped, and I began again."}).ok()
    me.post(f"/pieces/{item}/approve")
    assert see(reader, item) is None, "words went up that nobody of the staff said yes to"
    assert need_case(staff, item), "and nobody looks at them"


def test_a_version_changes_nothing_that_is_over(house):
    """Taken back, a piece keeps the words it had: an old press on an editor's version does nothing."""
    room, staff, me, _ = stage(house)
    item = send(me, room).ok(201).json["id"]
    staff.post(f"/pieces/{item}/proposal", {"title": "Another", "body": "Other words."}).ok()
    me.post(f"/items/{item}/withdraw").ok()
    me.post(f"/pieces/{item}/take-proposal").refused(None, 404)
    assert see(me, item)["item"]["body"] == TOLD.format("").strip()


def test_what_is_not_up_is_sealed_whole(house):
    """Waiting, given back or taken back, a piece lies sealed in what is kept: its words, and what it hangs on."""
    room, staff, me, _ = stage(house)
    body, picture, seen = (house.word() for _ in range(3))
    item = send(me, room, body, reference_kind="picture", reference=f"A postcard of {picture}", transcript=f"A hill, and {seen}.").ok(201).json["id"]
    assert [house.grep(word) for word in (body, picture, seen)] == [0, 0, 0]
    me.post(f"/items/{item}/withdraw").ok()
    assert [house.grep(word) for word in (body, picture, seen)] == [0, 0, 0]


def test_what_a_reader_hides_is_hidden_whole(house):
    """A piece that is covered, muted or blocked shows neither what it hangs on nor what can be seen in it."""
    room, staff, me, reader = stage(house)
    picture, seen = house.word(), house.word()
    hangs = {"reference_kind": "picture", "reference": f"A postcard of {picture}", "transcript": f"A hill, and {seen}."}
    item = up(staff, me, room, topics=["grief"], **hangs)
    places = (f"/rooms/{room}?ages=all", f"/items/{item}")

    def shows(face):
        return [(place, view.__name__) for place in places for view in (face.get, face.open)
                for text in (view(place).text,) if picture in text or seen in text]

    assert len(shows(reader)) == 4
    muting, blocked = house.member(), house.member()
    matter(muting, death_of_someone="hide")
    muting.post(f"/items/{item}/mute").ok()
    assert shows(muting) == [], "muted, and read all the same"
    mail = write(blocked, house.room("forum", "byRisk"), MINE.format("here"))["id"]
    me.post(f"/items/{mail}/block").ok()
    assert see(blocked, item) is None
    assert shows(blocked) == [], "blocked, and told all the same"


def test_what_is_covered_is_covered_whole(house):
    """Under a note of its author, or where a reader covers a matter, what it hangs on is under the cover too."""
    room, staff, me, reader = stage(house)
    picture, seen = house.word(), house.word()
    item = up(staff, me, room, note="the sea at night", reference_kind="picture", reference=f"A postcard of {picture}", transcript=f"A hill, and {seen}.")
    page = reader.open(f"/items/{item}").ok().page
    covers = [one["text"] for one in page.details if "I stopped going out" in one["text"]]
    assert covers, "the words themselves are not covered"
    assert picture in covers[0] and seen in covers[0], "what can be seen in it stands beside the cover"


def test_a_muted_word_is_muted_in_what_a_piece_hangs_on(house):
    """A reader's own words count in a title, in the words, and in what can be seen in a picture."""
    room, staff, me, reader = stage(house)
    seen = house.word()
    item = up(staff, me, room, reference_kind="picture", reference="A postcard", transcript=f"A hill, and {seen} on it.")
    other = up(staff, me, room, f"with {seen} in it")
    reader.post("/see", words=seen).ok()
    assert see(reader, other)["item"]["sight"] != "show"
    assert see(reader, item)["item"]["sight"] != "show"


def test_nobody_is_told_that_words_are_up_which_are_not(house):
    """Approved by an editor, a draft waits for its narrator: they are told that, and not that it is up."""
    room, staff, me, _ = stage(house)
    item = send(me, room, final="0").ok(201).json["id"]
    decide_item(staff, item, "approve")
    assert see(me, item)["item"]["state"] == "waiting"
    assert [n["kind"] for n in notices(me)] == ["piece"]


def test_everything_of_a_piece_is_exported(house):
    """What one wrote beside the words, how one felt after others', and what one said of rooms and asked is one's own."""
    room, staff, me, reader = stage(house)
    item = up(staff, me, room, **SONG)
    reader.post(f"/pieces/{item}/felt", answer="heavier").ok()
    answer(reader, item, "I know that bus.")
    reader.post(f"/rooms/{room}/reviews", answer=4, body="Plimmish and kind.").ok(201)
    reader.post(f"/rooms/{room}/questions", body="Does the quonder ever end?").ok(201)
    mine = me.post("/you/export", words=" ".join(me.words), format="json").ok().text
    theirs = reader.post("/you/export", words=" ".join(reader.words), format="json").ok().text
    lacking = [said for said in ("Kettle Weather", "still-struggling") if said not in mine]
    lacking += [said for said in ("heavier", "Plimmish", "quonder") if said not in theirs]
    # The same to read.
    page = reader.post("/you/export", words=" ".join(reader.words), format="html").ok().text
    lacking += [said for said in ("How you felt after reading", "Plimmish", "quonder") if said not in page]
    assert not lacking, lacking


def test_pieces_go_on_from_each_other(house):
    """A series: each part names the ones beside it, for those who see them; a part that is taken back leaves the rest together."""
    room, staff, me, reader = stage(house)
    first = up(staff, me, room, title="The bus")
    assert see(reader, first)["parts"] == []
    form = me.open(f"/rooms/{room}/pieces/new").ok().page
    assert "The bus" in form.words and "goes_on" in form.form(f"/rooms/{room}/pieces")["fields"]
    assert "The bus" not in reader.open(f"/rooms/{room}/pieces/new").page.words, "from one's own alone"
    second = up(staff, me, room, title="The library", goes_on=first)
    third = up(staff, me, room, title="The lake", goes_on=second)
    assert see(reader, second)["parts"] == [first, second, third] == see(me, first)["parts"]
    page = reader.open(f"/items/{second}").ok().page
    assert "Part 2 of 3" in page.words and page.leads_to(f"/items/{first}") and page.leads_to(f"/items/{third}")
    # Not from somebody else's, from nothing, or without a name.
    send(reader, room, "hello", goes_on=first).refused("gate-no-beginning", 403, 409)
    send(me, room, "hello", goes_on=room).refused("gate-no-beginning", 403, 409)
    send(me, room, "hello", goes_on=first, voice="anonymous").refused(None, 403, 409)
    me.post(f"/items/{second}/withdraw").ok()
    assert see(reader, third)["parts"] == [first, third] and "Part 2 of 2" in reader.open(f"/items/{third}").page.words
    # A reader's own choices hold: what they hide is no part for them.
    reader.post("/see", words="the bus").ok()
    assert see(reader, third)["parts"] == []
    assert any(piece["partOf"] == first for piece in me.post("/you/export", words=" ".join(me.words), format="json").ok().json["supporting"]["pieces"].values())


# A room's week


def test_SOVA_1(house):
    """A weekly rhythm of daily pieces can be scheduled; each has a comment thread."""
    room, staff, me, reader = stage(house)
    now = today(house)
    days = [(now + datetime.timedelta(days=n)) for n in range(1, 8)]
    for n, day in enumerate(days):
        staff.post(f"/rooms/{room}/plan", {"weekday": day.isoweekday(), "at": f"{9 + n:02}:30", "theme": f"Theme {n}"}).ok()
    assert [d["weekday"] for d in staff.get(f"/rooms/{room}/plan").json["days"]] == list(range(1, 8))
    items = []
    for n, day in enumerate(days):
        item = send(me, room, f"piece {n}", form="article", title=f"Day {n}").ok(201).json["id"]
        at = staff.post(f"/pieces/{item}/schedule", when=day.date().isoformat()).ok().json["at"]
        assert at.startswith(f"{day.date()}T{9 + n:02}:30"), (at, day)
        decide_item(staff, item, "approve")
        items.append(item)
    planned = staff.get(f"/rooms/{room}/plan").ok().json["planned"]
    assert [p["item"] for p in planned] == items and all(p["ready"] and p["by"] == me.name for p in planned)
    assert threads(reader, room, ages="all") == []
    house.advance((days[0].replace(hour=9, minute=29, second=0) - today(house)).total_seconds())
    assert threads(reader, room, ages="all") == [], "not before its hour"
    house.advance(minutes=2)
    assert threads(reader, room, ages="all") == items[:1]
    for n in range(1, 7):
        house.advance(days=1, hours=1)
        assert threads(reader, room, ages="all") == list(reversed(items[:n + 1])), n
    for n, item in enumerate(items):
        answer(reader, item, f"I read day {n}.")
        assert [r["body"] for r in see(me, item)["replies"]] == [f"I read day {n}."]
    me.get(f"/rooms/{room}/plan").refused(None, 403, 404)
    me.post(f"/rooms/{room}/plan", weekday=1, at="10:00", theme="Mine").refused(None, 403, 404)


def test_scheduling_by_day(house):
    """A day takes the hour of its theme, else four in the afternoon; a moment is taken as it is; the past is refused."""
    room, staff, me, reader = stage(house)
    now = today(house)
    day = (now + datetime.timedelta(days=2)).date()
    item = send(me, room).ok(201).json["id"]
    when = lambda said: staff.post(f"/pieces/{item}/schedule", when=said)  # noqa: E731
    assert when(str(day)).ok().json["at"].startswith(f"{day}T16:00")
    staff.post(f"/rooms/{room}/plan", weekday=day.isoweekday(), at="07:45", theme="Buses").ok()
    assert when(str(day)).ok().json["at"].startswith(f"{day}T07:45")
    assert when(f"{day}T11:15").ok().json["at"].startswith(f"{day}T11:15")
    for wrong in (str(now.date() - datetime.timedelta(days=1)), "2026-13-40", "tomorrow", f"{day}T25:00"):
        when(wrong).refused(None, 422)
    for wrong in ({"at": "25:00"}, {"at": "soon"}, {"weekday": 8}, {"weekday": 0}):
        staff.post(f"/rooms/{room}/plan", {"weekday": 1, "at": "10:00", "theme": "Buses", **wrong}).refused(None, 422)
    me.post(f"/pieces/{item}/schedule", when=str(day)).refused(None, 403, 404)
    house.moderator(room=house.room("other", "byRisk", format="stories")).post(f"/pieces/{item}/schedule", when=str(day)).refused(None, 403, 404)
    # The day alone puts nothing up: nobody has said yes yet.
    house.advance(days=3)
    assert see(reader, item) is None
    decide_item(staff, item, "approve")
    assert see(reader, item)["item"]["state"] == "shown", "its day is over: at once"
    # Ready and waiting for its day, and the day is taken away: up at once. An empty theme takes a day out.
    second = send(me, room, "second").ok(201).json["id"]
    staff.post(f"/pieces/{second}/schedule", when=str(today(house).date() + datetime.timedelta(days=5))).ok()
    decide_item(staff, second, "approve")
    assert see(reader, second) is None and sent(me, second)["reason"] == "day"
    staff.post(f"/pieces/{second}/schedule").ok()
    assert see(reader, second)
    staff.post(f"/rooms/{room}/plan", weekday=day.isoweekday(), at="07:45", theme="").ok()
    assert staff.get(f"/rooms/{room}/plan").json["days"] == []
    # Changed while it waits for its day, it is read anew, and the day alone does not put it up.
    third = send(me, room, "third").ok(201).json["id"]
    staff.post(f"/pieces/{third}/schedule", when=str(today(house).date() + datetime.timedelta(days=1))).ok()
    decide_item(staff, third, "approve")
    me.post(f"/items/{third}/edit", title="Third", body="Quite other words by now.").ok()
    house.advance(days=2)
    assert see(reader, third) is None and need_case(staff, third)


def test_SOVA_2(house):
    """The same day's theme appears on a parents' space; no parent can see any young person's space, and a test proves it."""
    room = house.told("room hollowbeck stories 13-15 before")
    forum = house.told("room fernhatch forum 13-15 before")
    staff, pro = house.moderator(duty=100_000), house.professional(duty=100_000)
    child, friend = house.member("13-15"), house.member("13-15")
    weekday, word = today(house).isoweekday(), house.word
    ours, theirs, later = word(), word(), word()
    staff.post(f"/rooms/{room}/plan", {"weekday": weekday, "at": "16:00", "theme": f"About {ours}", "parents": f"Ask, and wait: {theirs}."}).ok()
    staff.post(f"/rooms/{room}/plan", {"weekday": weekday % 7 + 1, "at": "16:00", "theme": "Tomorrow", "parents": f"Then {later}."}).ok()
    # A young space full of words.
    w = {key: word() for key in ("title", "body", "picture", "seen", "reply", "thread", "note", "summary", "asked", "review")}
    item = up(staff, child, room, w["body"], title=w["title"], reference_kind="picture", reference=w["picture"], transcript=w["seen"])
    reply = answer(friend, item, MINE.format(w["reply"]))["id"]
    decide_item(staff, reply, "approve")
    thread = approved(staff, friend, forum, MINE.format(w["thread"]))
    staff.post(f"/items/{item}/standing-note", words=w["note"], host="1").ok()
    staff.post(f"/items/{item}/summary", words=w["summary"]).ok()
    question = child.post(f"/rooms/{room}/questions", body=MINE.format(w["asked"])).ok(201).json["id"]
    review = friend.post(f"/rooms/{forum}/reviews", {"answer": 4, "body": MINE.format(w["review"])}).ok(201).json["id"]
    decide_item(staff, review, "approve")
    talk = child.post("/conversations", words="Is somebody there?").ok(201).json["id"]
    held = write(child, forum, COMPARING)["id"]
    case = need_case(staff, held)["id"]
    secret = [*w.values(), child.name, friend.name, item, reply, thread, question, review, talk, case]
    assert w["body"] in friend.get(f"/items/{item}").text and w["review"] in friend.get(f"/rooms/{forum}/reviews").text
    parent, signed = house.visitor(), house.member("26+")
    for face in (parent, signed):
        told = face.get("/parents").ok().json["today"]
        assert told == [{"theme": f"About {ours}", "words": f"Ask, and wait: {theirs}."}]
        page = face.open("/parents").ok(200).page
        assert ours in page.words and theirs in page.words and later not in page.words
        assert not any("/rooms/" in link or "/items/" in link for link in page.links)
    ids = [{"room": r, "item": i, "conversation": talk, "case": case, "course": "letters", "evidence": i}
           for r in (room, forum) for i in (item, reply, thread, question, review, held)]
    asked, leaks = 0, []
    for face in (parent, signed):
        for path in {fill(path, one) for path in get_paths(house) for one in ids} - {None, "/live", "/sign-out"} | {
                f"/search?q={w['title']}", f"/search?q={w['thread']}", f"/rooms/{room}?ages=all", f"/rooms/{room}?ages=near"}:
            for got in (face.open(path), face.get(path)):
                asked += 1
                # What was asked for comes back in the form of a search; nothing else does.
                own = path.split("/") + path.split("=")
                leaks += [(path, got.status, one) for one in secret if one in got.text and one not in own]
                # A card says what kind of room it is before anybody joins (ALL-3); everything else says nothing of it.
                if path not in ("/rooms", f"/rooms/{room}/card", f"/rooms/{forum}/card", f"/rooms/{room}", f"/rooms/{forum}"):
                    leaks += [(path, got.status, one) for one in ("hollowbeck", "fernhatch") if one in got.text]
    assert asked > 300 and not leaks, leaks[:10]
    for face in (parent, signed):
        assert face.get(f"/rooms/{room}").status in (401, 404) and face.get(f"/items/{item}").status in (401, 404)
        for path, fields in ((f"/rooms/{room}/pieces", {"form": "poem", "title": "Hm", "body": "Hm."}), (f"/rooms/{room}/questions", {"body": "Hm."}),
                             (f"/items/{item}/replies", {"body": "Hm."}), (f"/pieces/{item}/felt", {"answer": "same"})):
            face.post(path, fields).refused(None, 401, 403, 404)
    house.advance(days=1)
    assert [one["theme"] for one in parent.get("/parents").json["today"]] == ["Tomorrow"]


def test_SOVA_3(house):
    """An ambassador drafts, an editor comments, the ambassador approves the final text; an interview-based piece needs the
    ambassador's approval too."""
    room, staff, me, reader = stage(house)
    staff.post(f"/rooms/{room}/ambassadors", name=me.name, quota=2, pays="20 GBP").ok(201)
    draft = send(me, room, final="0").ok(201).json
    item = draft["id"]
    assert draft["piece"]["narratorSaidYes"] is False
    # Sent back with a suggestion; changed; read again.
    decide_item(staff, item, "return", reason="unclear", suggestion="Which library was it to you?")
    told = sent(me, item)
    assert told["state"] == "returned" and "Which library" in told["statement"]["suggestion"]
    me.post(f"/items/{item}/edit", title="A year of kettles", body="It was the one with the green door.").ok()
    # The editor proposes a version; only its narrator reads it, and nothing is up.
    staff.post(f"/pieces/{item}/proposal", {"title": "The green door", "body": "The library had a green door, and I went in."}).ok()
    assert "piece" in [n["kind"] for n in notices(me)]
    assert sent(me, item)["proposal"] == {"title": "The green door", "body": "The library had a green door, and I went in."}
    page = me.open(f"/items/{item}/sent").ok().page
    assert page.form(f"/pieces/{item}/take-proposal") and "green door, and I went in" in page.words
    assert see(reader, item) is None and house.grep("and I went in") == 0
    for face in (reader, staff):
        face.post(f"/pieces/{item}/take-proposal").refused(None, 404)
        face.post(f"/pieces/{item}/approve").refused(None, 404)
    reader.post(f"/pieces/{item}/proposal", {"title": "Mine", "body": "Mine."}).refused(None, 403, 404)
    assert me.post(f"/pieces/{item}/take-proposal").ok().json["state"] == "shown"
    assert see(reader, item)["item"]["title"] == "The green door"
    # Left as it was, an editor's yes alone is not enough.
    second = send(me, room, "second", final="0").ok(201).json["id"]
    decide_item(staff, second, "approve")
    assert see(reader, second) is None and sent(me, second)["reason"] == "narrator"
    assert me.open(f"/items/{second}/sent").page.form(f"/pieces/{second}/approve")
    assert me.post(f"/pieces/{second}/approve").ok().json["state"] == "shown" and see(reader, second)
    # From a talk: in the narrator's name, up with their yes alone.
    staff.post(f"/rooms/{room}/interviews", {
        "form": "story", "title": "A talk", "body": "She told me of the tram.", "narrator": "Nobody Here", **SAYS}).refused("no-such-name", 422)
    talk = staff.post(f"/rooms/{room}/interviews", {
        "form": "story", "title": "A talk", "body": "I told them of the tram.", "narrator": me.name, **SAYS}).ok(201).json["id"]
    assert see(reader, talk) is None and see(staff, talk) is None
    page = me.open(f"/items/{talk}/sent").ok().page
    assert "from your talk" in page.words and page.form(f"/pieces/{talk}/approve")
    me.post(f"/pieces/{talk}/approve").ok()
    told = see(reader, talk)
    assert told["item"]["name"] == me.name and told["piece"]["interview"] and told["piece"]["narratorBand"] == "18-25"
    # Or not: taken back, it never was.
    other = staff.post(f"/rooms/{room}/interviews", {
        "form": "article", "title": "Another", "body": "I told them of the ferry.", "narrator": me.name}).ok(201).json["id"]
    me.post(f"/items/{other}/withdraw").ok()
    me.post(f"/pieces/{other}/approve").refused(None, 404)
    assert see(reader, other) is None
    reader.post(f"/rooms/{room}/interviews", {
        "form": "article", "title": "Hm", "body": "Hm.", "narrator": me.name}).refused(None, 403, 404)


def test_SOVA_4(house):
    """Monthly quota and payment ledger for ambassadors can be exported without real names in the community."""
    room, staff, me, reader = stage(house)
    operator = house.operator()
    month = today(house).strftime("%Y-%m")
    staff.post(f"/rooms/{room}/ambassadors", name=me.name, quota=3, pays="=20, each").ok(201)
    staff.post(f"/rooms/{room}/ambassadors", name="Nobody Here", quota=3, pays="20").refused("no-such-name", 422)
    staff.post(f"/rooms/{room}/ambassadors", name=me.name, quota=0, pays="20").refused(None, 422)
    for n in range(2):
        up(staff, me, room, f"{n}")
    send(me, room, "waits").ok(201)
    up(staff, reader, room, "by another")
    gone = up(staff, me, room, "gone")
    me.post(f"/items/{gone}/withdraw").ok()

    def ledger(of):
        got = operator.get(f"/operator/ambassadors.csv?month={of}").ok()
        assert "text/csv" in got.header("Content-Type")
        return list(csv.DictReader(io.StringIO(got.text)))

    (row,) = ledger(month)
    assert (row["name"], row["room"], row["month"], row["quota"]) == (me.name, "tales", month, "3")
    assert (row["published"], row["left"]) == ("3", "0"), "what was up counts, also when it was taken back later"
    assert row["pays_each"] == "'=20, each", "no cell is a formula"
    assert ledger("2020-01") == []
    for face in (me, staff, house.visitor()):
        face.get("/operator/ambassadors.csv").refused(None, 401, 403, 404)
    operator.get("/operator/ambassadors.csv?month=soon").refused(None, 422)
    # In the community nothing tells who is paid.
    for path in (f"/rooms/{room}?ages=all", f"/items/{gone}", "/today"):
        assert "20, each" not in reader.open(path).text + reader.get(path).text
    staff.post(f"/rooms/{room}/ambassadors/end", name=me.name).ok()
    assert staff.get(f"/rooms/{room}/plan").json["ambassadors"] == [] and ledger(month) == [row], "the month stays whole"


# Read first


def test_KOOTH_1(house):
    """A member's board post, comment, article and poem each wait; no other member sees them; a moderator approves one, and only
    it appears."""
    board = house.room("board", "before", "16-17")
    tales = house.room("tales", "before", "16-17", format="stories")
    me, reader, staff = house.member("16-17"), house.member("16-17"), house.moderator(duty=10_000)
    base = approved(staff, me, board, "What do you do on a grey Sunday?")
    w = {kind: house.word() for kind in ("post", "comment", "article", "poem")}
    items = {
        "post": write(me, board, MINE.format(w["post"])), "comment": answer(me, base, MINE.format(w["comment"])),
        "article": send(me, tales, w["article"], form="article").ok(201).json, "poem": send(me, tales, w["poem"], form="poem").ok(201).json}
    assert {one["state"] for one in items.values()} == {"waiting"}

    def visible():
        text = "".join(
            view(path).text for face in (reader, house.visitor()) for view in (face.get, face.open)
            for path in (f"/rooms/{board}", f"/rooms/{tales}", f"/rooms/{tales}?ages=all", f"/items/{base}", "/today", "/notices",
                         *(f"/items/{one['id']}" for one in items.values())))
        return {kind for kind, word in w.items() if word in text or found(reader, word)}

    assert visible() == set()
    for kind in ("poem", "article", "comment", "post"):
        before = visible()
        decide_item(staff, items[kind]["id"], "approve")
        assert visible() == before | {kind}


# Short pieces


def test_SHORT_1(house):
    """Short personal pieces (text with picture; video where the operator allows) can be shared, with transcript and content note."""
    room, staff, me, reader = stage(house)
    videos = house.room("reels", "byRisk", format="stories", videos=1)
    seen = house.word()
    piece = {"form": "piece", "title": "The postcard", "reference_kind": "picture", "reference": "A postcard of a pier"}
    send(me, room, **piece).refused("missing", 422)
    send(me, room, **{**piece, "reference": ""}, transcript="A pier.").refused("missing", 422)
    send(me, room, **{**piece, "reference_kind": ""}).refused("missing", 422)
    send(me, room, **{**piece, "reference_kind": "video"}, transcript="Somebody waves.").refused("no-videos", 422)
    send(me, videos, **{**piece, "reference_kind": "video"}).refused("missing", 422)
    for place, there in ((room, False), (videos, True)):
        assert ("video" in me.open(f"/rooms/{place}/pieces/new?form=piece").ok().page.options) is there
    clip = up(staff, me, videos, **{**piece, "reference_kind": "video"}, transcript=f"Somebody waves at {seen}.")
    card = up(staff, me, room, **piece, transcript=f"A pier, and {seen}.", note="the sea at night")
    for item, kind in ((clip, "video"), (card, "picture")):
        told = see(reader, item)["piece"]
        assert told["form"] == "piece" and told["reference"]["kind"] == kind and seen in told["reference"]["transcript"]
        page = reader.open(f"/items/{item}").ok().page
        assert "A postcard of a pier" in page.words and any(seen in one["text"] for one in page.details)
    # The content note comes before the words.
    assert see(reader, card)["item"]["note"] == "the sea at night"
    page = reader.open(f"/items/{card}").ok().page
    assert page.words.index("the sea at night") < page.words.index("I stopped going out")


def test_SHORT_2(house):
    """A claim about a condition carries an evidence mark: none, checked, corrected; a check by a professional updates every copy."""
    room, staff, me, reader = stage(house)
    forum, pro = house.room("forum", "byRisk"), house.professional(duty=100_000)
    sentence = "Plumtree tea stops a panic attack in a minute"
    body = f"My cousin told me: {sentence}. I do not know."
    older = write(house.member(), forum, f"Somebody wrote that {sentence.upper()}!")["id"]
    base = write(house.member(), forum, "Anything new?")["id"]
    reply = answer(house.member(), base, f"I read it as well, {sentence.replace(' a panic', chr(10) + 'a  panic')}, they said.")["id"]
    piece = up(staff, me, room, body=body)
    waiting = send(house.member(), room, body=body, title="Waits").ok(201).json["id"]
    no_copy = write(me, forum, "Plumtree tea is nice.")["id"]

    def marks(item, thread=None):
        return [(c["mark"], c["note"]) for c in reader.get(f"/items/{thread or item}").ok().json["evidence"] if item in c["items"]]

    asked = reader.post(f"/items/{piece}/evidence", words=sentence).ok(201).json["evidence"]
    assert marks(piece) == [("none", None)] and "Not looked at yet" in reader.open(f"/items/{piece}").page.words
    assert asked in [c["id"] for c in pro.get("/evidence").ok().json["evidence"]]
    # The same words asked about anywhere are the same claim.
    assert house.member().post(f"/items/{older}/evidence", words=sentence.lower()).ok(201).json["evidence"] == asked
    staff.post(f"/evidence/{asked}", mark="corrected", note="No.").refused(None, 403, 404)
    said = "Tea is a comfort. It does not end a panic attack; breathing out slowly helps more people."
    pro.post(f"/evidence/{asked}", mark="corrected", note=said).ok()
    # Older copies, a reply, and what was not asked about.
    assert marks(piece) == marks(older) == marks(reply, base) == [("corrected", said)] and marks(no_copy) == []
    for item in (piece, older, base):
        page = reader.open(f"/items/{item}").ok().page.words
        assert said in page and pro.name in page and "Not quite so" in page, item
    # Copies that come later: written, put up, edited in.
    decide_item(staff, waiting, "approve")
    later = write(house.member(), forum, body)["id"]
    author = house.member()
    edited = write(author, forum, "Nothing yet.", title="Hm")["id"]
    assert marks(edited) == []
    author.post(f"/items/{edited}/edit", title="Hm", body=body).ok()
    late_reply = answer(author, base, body)["id"]
    copies = [(piece, None), (older, None), (reply, base), (waiting, None), (later, None), (edited, None), (late_reply, base)]
    assert [marks(*one) for one in copies] == [[("corrected", said)]] * 7
    # A second look changes every one of them; edited out, the note goes.
    pro.post(f"/evidence/{asked}", mark="checked", note="Now it is so.").ok()
    assert [marks(*one) for one in copies] == [[("checked", "Now it is so.")]] * 7
    pro.post(f"/evidence/{asked}", mark="none").ok()
    assert [marks(*one) for one in copies] == [[("none", None)]] * 7
    author.post(f"/items/{edited}/edit", title="Hm", body="Nothing any more.").ok()
    assert marks(edited) == []


def test_SHORT_4(house):
    """A reader who feels "this is me" is led to talk, skills or care, not to a label."""
    room, staff, me, reader = stage(house)
    item = up(staff, me, room, form="piece", topics=["anxiety"])
    assert "This is me" in reader.open(f"/items/{item}").page.words
    told = reader.get(f"/items/{item}/this-is-me").ok().json
    assert set(told) == {"talk", "skills", "care"} and all(told.values())
    page = reader.open(f"/items/{item}/this-is-me").ok(200).page
    for place in [place for places in told.values() for place in places]:
        assert place in page.links and reader.open(place).status == 200, place
    # No name of a condition, no test, no score.
    assert "anxiety" not in page.words.lower() and not page.form(f"/pieces/{item}/felt")
    assert not any("topic=" in link for link in page.links)
    assert "not a test" in page.words
    waiting = send(me, room).ok(201).json["id"]
    for hidden in (waiting, room):
        reader.get(f"/items/{hidden}/this-is-me").refused(None, 404)
    house.visitor().get(f"/items/{item}/this-is-me").refused(None, 401, 404)


# Things that pieces hang on


def test_MUSIC_1(house):
    """A discussion can hang on a song, a picture or a line, as a reference and not a copy."""
    room, staff, me, reader = stage(house)
    hangs = [SONG, {"reference_kind": "picture", "reference": "The pier at night, a photo", "transcript": "Lamps on water."},
             {"reference_kind": "line", "reference": "All the kettles are singing"}]
    for one in hangs:
        item = up(staff, me, room, one["reference_kind"], form="piece", **one)
        told = see(reader, item)["piece"]["reference"]
        assert (told["kind"], told["words"]) == (one["reference_kind"], one["reference"])
        answer(reader, item, "I know it, and it does the same to me.")
        answer(me, item, "Since when?")
        assert len(see(reader, item)["replies"]) == 2
        page = reader.open(f"/items/{item}").ok().page
        assert one["reference"] in page.words
        media = [at for tag, at in page.tags if tag in ("audio", "video", "iframe", "embed", "object", "img") and "jellytoad" in str(at)]
        assert not media and not any(tag in ("audio", "video", "iframe", "embed", "object") for tag, _ in page.tags)
    # No copy: no upload, no lyrics, no way out to one.
    form = me.open(f"/rooms/{room}/pieces/new?form=piece").ok().page
    assert not any(at.get("type") == "file" for tag, at in form.tags if tag == "input")
    send(me, room, form="piece", reference_kind="line", reference="la " * 80).refused(None, 422)
    send(me, room, form="piece", reference_kind="painting", reference="A pier").refused(None, 422)
    held = send(me, room, form="piece", reference_kind="song", reference="https://www.jellytoad.example/kettle.mp3").ok(201).json
    assert (held["state"], held["reason"]) == ("held", "link")


def test_MUSIC_2(house):
    """A comment of distress under it is treated by the same risk rules as any post."""
    room, staff, me, reader = stage(house)
    forum = house.room("forum", "byRisk")
    song = up(staff, me, room, form="piece", **SONG)
    thread = write(me, forum, MINE.format("today"))["id"]
    words = {"calm": "It rains in it, and I like that.", "low": "I feel so low and I can not cope.", "high": HIGH, "urgent": URGENT,
             "method": METHOD, "comparing": COMPARING}
    for kind, said in words.items():
        one = house.member()
        told = []
        for place in (thread, song):
            made = answer(one, place, said)
            case = case_about(staff, made["id"])
            told.append((made["state"], made["reason"], made["help"], case and (case["kind"], case["level"], case["urgent"])))
        assert told[0] == told[1], kind
        if kind in ("urgent", "method", "comparing"):
            assert told[1][0] == "held" and told[1][3], kind
    assert answer(house.member(), song, URGENT)["help"] == "atOnce"


def test_MUSIC_4(house):
    """An object known to draw distress can be given a standing note and host."""
    room, staff, me, reader = stage(house)
    song = up(staff, me, room, form="piece", **SONG)
    reply = answer(reader, song, "It makes me sad.")["id"]
    note = "This song is about a goodbye. Many cry here. Nobody has to."
    staff.post(f"/items/{song}/standing-note", words=note, host="1").ok()
    for face in (reader, me):
        told = see(face, song)["care"]
        assert (told["note"], told["host"]) == (note, staff.name)
        page = face.open(f"/items/{song}").ok().page.words
        assert page.index(note) < page.index("I stopped going out") < page.index("It makes me sad")
        assert f"{staff.name} from our team looks after this" in page
    # Words of the staff and of nobody else, on the object and not on an answer.
    for face in (me, reader):
        assert face.open(f"/items/{song}").page.form(f"/items/{song}/standing-note") is None
        face.post(f"/items/{song}/standing-note", words="Mine now.").refused(None, 403, 404)
    staff.post(f"/items/{reply}/standing-note", words=note).refused(None, 404)
    staff.post(f"/items/{song}/standing-note", words="x" * 1001).refused(None, 422)
    staff.post(f"/items/{song}/standing-note", words=note).ok()
    assert see(reader, song)["care"]["host"] is None and see(reader, song)["care"]["note"] == note
    staff.post(f"/items/{song}/standing-note").ok()
    assert note not in reader.open(f"/items/{song}").text


# The column


def test_CHILD_5(house):
    """A question can be sent to a published advice column, anonymised, and the asker told when it is out."""
    room, staff, narrator, reader = stage(house)
    pro, asker = house.professional(duty=100_000), house.member()
    word = house.word()
    page = asker.open(f"/rooms/{room}").ok().page
    assert page.form(f"/rooms/{room}/questions")
    question = asker.post(f"/rooms/{room}/questions", body=f"I am the only one at home who likes {word}. Is that odd?").ok(201).json
    assert question["state"] == "waiting"
    listed = pro.get(f"/rooms/{room}/questions").ok().json["questions"]
    assert [one["id"] for one in listed] == [question["id"]] and word in listed[0]["body"] and asker.name not in str(listed)
    for face in (reader, narrator, asker):
        face.get(f"/rooms/{room}/questions").refused(None, 403, 404)
        face.post(f"/questions/{question['id']}/publish", title="Hm", question="Hm", answer="Hm").refused(None, 403, 404)
    fields = {"title": "The odd one out", "question": "Somebody likes what nobody else at home does.", "answer": "It is not odd. Plumtree."}
    pro.post(f"/questions/{question['id']}/publish", {**fields, "answer": ""}).refused(None, 422)
    out = pro.post(f"/questions/{question['id']}/publish", fields).ok(201).json["id"]
    pro.post(f"/questions/{question['id']}/publish", fields).refused(None, 404)
    # Out, in other words, by staff; nothing leads to the asker.
    told = see(reader, out)
    assert told["item"]["title"] == "The odd one out" and told["item"]["voice"] == "staff" and "Plumtree" in told["replies"][0]["body"]
    for view in (reader.get, reader.open, house.visitor().get):
        text = view(f"/items/{out}").text + view(f"/rooms/{room}?ages=all").text
        assert word not in text and asker.name not in text and question["id"] not in text
    assert see(reader, question["id"]) is None and found(reader, word) == [] and house.grep(word) == 0
    assert out in found(reader, "odd")
    # The asker is told, and led there.
    news = next(n for n in notices(asker) if n["kind"] == "published")
    assert news["href"] == f"/items/{out}" and "published" not in [n["kind"] for n in notices(reader)]
    assert sent(asker, question["id"])["published"] == out
    assert asker.open(f"/items/{question['id']}/sent").ok().page.leads_to(f"/items/{out}")
    assert "shown" not in [n["kind"] for n in notices(asker)], "their own words are not up"
    assert case_about(staff, question["id"]) is None
    assert out in threads(reader, room, ages="all")
    # Danger in a question is danger.
    urgent = asker.post(f"/rooms/{room}/questions", body=URGENT).ok(201).json
    assert urgent["help"] == "atOnce" and need_case(pro, urgent["id"])["level"] == "urgent"


@pytest.mark.parametrize("words", ["My name is Jola Quenby. Is it odd to like rain?", "Is it odd to like rain?"], ids=["held", "waiting"])
def test_a_question_that_was_read_still_waits_for_its_answer(house, words):
    """A moderator who says yes to a question publishes nothing and loses nothing: it is with those who answer."""
    room, staff, asker, _ = stage(house)
    pro = house.professional(duty=100_000)
    question = asker.post(f"/rooms/{room}/questions", body=words).ok(201).json["id"]
    # The yes can be taken back like any other, until the answer is out.
    first = decide_item(staff, question, "approve")["decision"]
    staff.post(f"/decisions/{first}/undo").ok()
    again = decide_item(staff, question, "approve")["decision"]
    assert see(house.member(), question) is None
    assert question in [one["id"] for one in pro.get(f"/rooms/{room}/questions").ok().json["questions"]], sent(asker, question)["state"]
    assert "shown" not in [n["kind"] for n in notices(asker)], "told that the words are up, and they are not"
    pro.post(f"/questions/{question}/publish", title="Rain", question="Somebody likes rain.", answer="It is not odd.").ok(201)
    staff.post(f"/decisions/{again}/undo").refused("too-late-to-undo", 409)


def test_a_question_for_the_column_never_waits_for_good(house):
    """A week after it was let in somebody owns it, again after a case that was only closed, until it is answered."""
    room, staff, asker, _ = stage(house)
    pro = house.professional(duty=100_000)
    question = asker.post(f"/rooms/{room}/questions", body="Is it odd to like rain?").ok(201).json["id"]
    decide_item(staff, question, "approve")
    house.advance(days=6)
    assert case_about(staff, question) is None
    house.advance(days=2)
    case = case_about(staff, question)
    assert case, "it waits, and nobody owns that"
    decide(staff, case["id"], "close")
    house.advance(days=1)
    assert case_about(staff, question), "closed without an answer"
    pro.post(f"/questions/{question}/publish", title="Rain", question="Somebody likes rain.", answer="It is not odd.").ok(201)
    house.advance(days=2)
    assert case_about(staff, question) is None


def test_the_column_is_for_every_age(house):
    """It has no narrator whose age could be near: it is in the room, also for whoever sees stories near their age first."""
    room, staff, me, reader = stage(house)
    pro = house.professional(duty=100_000)
    question = me.post(f"/rooms/{room}/questions", body="Is it odd to like rain?").ok(201).json["id"]
    # Staff's own words would pass unread, and are none for the column.
    for one in (pro, staff):
        assert one.post(f"/rooms/{room}/questions", body="Is it odd to like snow?").status == 404
    assert "snow" not in reader.open(f"/rooms/{room}?ages=all").ok(200).page.words
    fields = {"title": "Rain", "question": "Somebody likes rain.", "answer": "It is not odd."}
    out = pro.post(f"/questions/{question}/publish", fields).ok(201).json["id"]
    assert out in threads(reader, room)
    story = up(staff, me, room)
    assert threads(reader, room) == [story, out]
