"""Where an adult must say yes first, each country's own age decides: as the data says it, for whoever joins and whoever says their age later."""

from cast import content

CONSENT = content("consent.json")
YOUNGEST = {"11-12": 11, "13-15": 13, "16-17": 16, "18-25": 18}


def rule(operator, parents, lowest="11-12"):
    operator.post("/operator/organisation", lowest_band=lowest, parents_rule=parents).ok()


def age_in(country):
    return CONSENT["countries"].get(country, {"age": CONSENT["default"]})["age"]


def asked(house, band, country, step="age"):
    return house.visitor().post("/join", step=step, band=band, country=country, **({"agree": True} if step == "done" else {}))


def test_each_country_has_its_own_age(house):
    """Every band in every country of the data, and in one that it does not know: let in, or an adult is asked first."""
    operator = house.operator()
    ages = {one["age"] for one in CONSENT["countries"].values()}
    assert {13, 16} <= ages and "JP" not in CONSENT["countries"] and CONSENT["default"] == 16
    rule(operator, "required")
    for country in (*CONSENT["countries"], "JP", "ZZ"):
        for band, youngest in YOUNGEST.items():
            got = asked(house, band, country)
            # Nobody asks for more than a band: an adult is asked where its youngest would be too young.
            if youngest < age_in(country):
                told = got.refused("adult-must-confirm", 422).json
                assert told["field"] == "band" and "/help/worried" in told["open"] and f"/help?country={country}" in told["open"], told
            else:
                assert got.ok(200).json["step"] == "bird", (band, country)
    # Only where the house asks parents at all.
    for parents in ("none", "may_know"):
        rule(operator, parents)
        for band in YOUNGEST:
            assert asked(house, band, "DE").ok(200).json["step"] == "bird", (parents, band)


def test_fourteen_in_two_countries(house):
    """The same young person, where the age is thirteen and where it is sixteen: one joins, the other is sent on kindly, and no account is made."""
    operator = house.operator()
    young = next(c for c, one in CONSENT["countries"].items() if one["age"] == 13)
    old = next(c for c, one in CONSENT["countries"].items() if one["age"] == 16)
    rule(operator, "required")
    before = house.sql("SELECT count(*) AS n FROM account")
    for step in ("age", "bird", "see", "rules", "done"):
        asked(house, "13-15", old, step).refused("adult-must-confirm", 422)
    page = house.visitor().send("/join", step="age", band="13-15", country=old)
    assert page.status == 422 and "16" in page.page.words and page.page.leads_to("/help") and page.page.leads_to("/parents")
    assert house.sql("SELECT count(*) AS n FROM account") == before, "an account was made before an adult was asked"
    assert len(asked(house, "13-15", young, "done").ok(201).json["wayBack"]) == 6
    assert asked(house, "16-17", old, "done").ok(201).json["name"]
    # Small letters are the same country.
    asked(house, "13-15", old.lower()).refused("adult-must-confirm", 422)


def test_an_age_said_later_opens_no_more(house):
    """Who joined without an age says it later: it opens what joining with it would have opened in their country."""
    operator, band = house.operator(), "13-15"
    faces = {}
    for country in ("BE", "DE"):
        faces[country] = house.visitor()
        faces[country].post("/join", step="done", band="unknown", country=country, agree=True).ok(201)
    assert (age_in("BE"), age_in("DE")) == (13, 16)
    rule(operator, "required")
    faces["DE"].post("/you/age", band=band).refused("age-adult-must-confirm", 409)
    assert faces["DE"].get("/you").json["band"] is None
    faces["DE"].post("/you/age", band="16-17").ok()
    faces["BE"].post("/you/age", band=band).ok()
    assert (faces["BE"].get("/you").json["band"], faces["DE"].get("/you").json["band"]) == (band, "16-17")
