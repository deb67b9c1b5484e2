"""What people do in a study: take a plan in, say yes, answer, start, come back."""

import json

from house import DAY


def plan(code, rooms, **more):
    """A protocol as a file holds it: two arms with a room each, unless told otherwise."""
    arms = more.pop("arms", None) or [
        {"id": "usual", "name": "One room", "rooms": [rooms[0]]}, {"id": "other", "name": "Another room", "rooms": [rooms[1]]}]
    return {
        "id": code, "version": 1, "title": "Does this room help?", "about": "We ask whether talking here helps. Made up for a test.",
        "design": "two-arms", "arms": arms, "bands": ["18-25"], "blocks": [4], "primary": {"measure": "chime", "days": [0, 42]},
        "wanted": 40, "runner": "outside", "consentDays": 430, "harm": {"usual": 0.01, "raised": 0.05, "h": 4, "points": 10}, **more}


def opened(researcher, protocol):
    """Taken in and opened; the study's code."""
    researcher.post("/researcher/studies", protocol=json.dumps(protocol)).ok(201)
    researcher.post(f"/researcher/studies/{protocol['id']}/state", to="open").ok()
    return protocol["id"]


def me(face, study):
    return face.get(f"/studies/{study}").ok().json["me"]


def join(face, study, **more):
    return face.post(f"/studies/{study}/join", {"yes": "1", "before": "no", **more}).ok(201).json


def answer(face, study, answers):
    """Every question of the form that is open: one answer for all, or one for each place."""
    form = face.post(f"/studies/{study}/ask").ok(201).json["form"]
    at = face.get(f"/forms/{form}").ok().json
    said = {"next": at["place"]}
    while said.get("next"):
        place = said["next"]
        value = answers if isinstance(answers, int) else answers[place - 1]
        sent = {"skip": "1"} if value is None else {"answer": str(value)}
        said = face.post(f"/forms/{form}/answers", {"place": str(place), **sent}).ok().json
    assert said["finished"]
    return form


def begin(face, study, answers, **more):
    """Says yes, answers what is asked first, starts; the arm."""
    join(face, study, **more)
    while me(face, study)["step"] == "baseline":
        answer(face, study, answers)
    return face.post(f"/studies/{study}/start").ok().json["arm"]


def come_back(house, days):
    house.advance(days * DAY)


def pack_of(facts):
    """Made-up words for a form, whoever its own words belong to."""
    return {
        "measure": facts["id"],
        "licence": {"holder": "A host", "terms": "Made up for a test", "date": "2026-01-01", "evidence": "None", "languages": ["en"]},
        "questionnaire": {
            "resourceType": "Questionnaire", "id": facts["id"], "version": "1", "status": "active", "title": "A made-up form", "language": "en",
            "item": [{
                "linkId": item["code"], "text": f"Made-up question {place}?", "type": "choice",
                "answerOption": [
                    {"valueCoding": {"code": str(code), "display": f"Answer {code}"}}
                    for code in range(facts["lowest"], facts["highest"] + 1)],
            } for place, item in enumerate(facts["items"], 1)]}}
