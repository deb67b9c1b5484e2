"""Who has been away for two years is erased, by the night and nobody's hand; a day less is nothing, and so is one who came back."""

import datetime

from cast import MINE, found, see, threads, write
from face import Face

YEARS = 730


def day(house):
    """Whole days since 1970: how the last visit is kept."""
    return (datetime.date.fromisoformat(house.advance(0)[:10]) - datetime.date(1970, 1, 1)).days


def away(house, face, days):
    """As if the last visit lay so many days back: two years of nights are not lived through here."""
    said = house.meddle(
        f"UPDATE account SET seen_day = {day(house) - days} WHERE id = (SELECT account FROM name WHERE shown = '{face.name}')")
    assert said is None, said


def left(house):
    return {one["shown"] for one in house.sql("SELECT shown FROM name WHERE gone_at IS NULL")}


def test_two_years_away_is_the_end_of_an_account(house):
    room = house.room("forum", "byRisk")
    gone, later, back, reader = (house.member() for _ in range(4))
    staff = house.professional()
    words, items, titles = {}, {}, {}
    for face in (gone, later, back):
        words[face], titles[face] = house.word(), house.word()
        items[face] = write(face, room, MINE.format(words[face]), title=f"About {titles[face]}")["id"]
    talk = gone.post("/conversations", words=MINE.format(house.word())).ok(201).json["id"]
    kept = house.word()
    gone.post("/you/second-name").ok()
    gone.post("/see", words=kept).ok()
    house.jobs()
    # Two years tomorrow, the day after tomorrow, and tomorrow for one who looks in today; staff are not counted.
    away(house, gone, YEARS)
    away(house, later, YEARS - 1)
    away(house, back, YEARS)
    away(house, staff, YEARS + 100)
    erased = lambda: {face for face in (gone, later, back) if face.name not in left(house)}  # noqa: E731
    house.night()
    assert erased() == set(), "two years to the day are not more than two years"
    back.get("/today").ok()
    house.jobs()

    # The next night comes by itself.
    house.advance(days=1)
    assert erased() == {gone}
    assert see(reader, items[gone]) is None and items[gone] not in threads(reader, room) and found(reader, words[gone]) == []
    assert see(reader, items[later]) and see(reader, items[back]) and see(reader, items[back])["item"]["name"] == back.name
    house.visitor().post("/sign-in", name=gone.name, words=" ".join(gone.words)).refused("wrong-way-back", 403)
    assert gone.get("/mine").status == 401, "an open session outlived its account"
    assert staff.get(f"/conversations/{talk}").ok().json["messages"] == []
    # The file holds none of it, and a copy put back would be told.
    assert house.grep(words[gone]) == 0 and house.grep(titles[gone]) == 0 and house.grep(gone.name) == 0
    assert house.grep(words[later]) > 0 and house.grep(titles[back]) > 0
    accounts = house.sql("SELECT id FROM account WHERE erased_at IS NOT NULL")
    assert len(accounts) == 1 and len((house.folder / "data" / "erasures").read_text().split()) == 1
    assert house.sql(f"SELECT count(*) AS n FROM reader WHERE account = {accounts[0]['id']}") == [{"n": 0}]

    house.advance(days=1)
    assert erased() == {gone, later} and house.grep(words[later]) == 0
    assert staff.get("/queue").status == 200 and back.get("/mine").status == 200
    again = house._face(Face(house.port, name=back.name, house=house))
    again.post("/sign-in", name=back.name, words=" ".join(back.words)).ok()
    assert items[back] in [one["id"] for one in again.get("/mine").json["items"]]
