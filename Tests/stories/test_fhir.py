"""Forms in the language of clinics: HL7 FHIR R4, read by a library that is not ours, and by what it lets pass."""

import copy
import json

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.questionnaire import Questionnaire

from test_forms import begin, fill

# Required value sets of R4, of the elements we write (hl7.org/fhir/R4, value sets named there).
REQUIRED = {
    ("Bundle", "type"): {
        "document", "message", "transaction", "transaction-response", "batch", "batch-response", "history", "searchset", "collection"},
    ("QuestionnaireResponse", "status"): {"in-progress", "completed", "amended", "entered-in-error", "stopped"},
    ("Observation", "status"): {
        "registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"},
    ("Questionnaire", "status"): {"draft", "active", "retired", "unknown"},
}
TYPES = {"group", "display", "boolean", "decimal", "integer", "date", "dateTime", "time", "string", "text", "url", "choice", "open-choice",
         "attachment", "reference", "quantity"}
# What a reference may lead to.
TARGETS = {
    ("QuestionnaireResponse", "subject"): {"Patient"},
    ("QuestionnaireResponse", "source"): {"Patient", "Practitioner", "PractitionerRole", "RelatedPerson"},
    ("Observation", "subject"): {"Patient", "Group", "Device", "Location"},
    ("Observation", "derivedFrom"): {
        "DocumentReference", "ImagingStudy", "Media", "QuestionnaireResponse", "Observation", "MolecularSequence"},
}
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"


def resources(bundle):
    return [entry["resource"] for entry in bundle["entry"]]


def wrong(bundle, forms):
    """What the library lets pass: codes outside required sets, references to the wrong kind or to nothing, answers not in the form."""
    found = []
    kinds = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in bundle["entry"]}
    for one in [bundle, *resources(bundle), *forms.values()]:
        kind = one["resourceType"]
        for (of, field), codes in REQUIRED.items():
            if of == kind and one.get(field) not in codes:
                found.append(f"{kind}.{field} is {one.get(field)}")
        for (of, field), targets in TARGETS.items():
            for reference in (one[field] if isinstance(one.get(field), list) else [one[field]] if field in one else []) if of == kind else []:
                real = kinds.get(reference["reference"])
                if real not in targets or real != reference["type"]:
                    found.append(f"{kind}.{field} leads to {real}")
        for item in one["item"] if kind == "Questionnaire" else []:
            if item["type"] not in TYPES:
                found.append(f"{item['linkId']} is {item['type']}")
        if kind == "QuestionnaireResponse":
            url, _, version = one["questionnaire"].partition("|")
            form = forms.get(url)
            if not form or form["version"] != version:
                found.append(f"no form {one['questionnaire']}")
                continue
            options = {item["linkId"]: [option["valueCoding"] for option in item["answerOption"]] for item in form["item"]}
            said = [item["linkId"] for item in one.get("item", [])]
            if len(set(said)) != len(said):
                found.append("a question stands twice")
            for item in one.get("item", []):
                offered = [(option["system"], option["code"], option["extension"]) for option in options.get(item["linkId"], [])]
                for given in item["answer"]:
                    coding = given["valueCoding"]
                    if (coding["system"], coding["code"], coding["extension"]) not in offered:
                        found.append(f"{item['linkId']} does not offer {coding['code']}")
    return found


def read(response, form):
    """The answers in the form's order, None where there is none."""
    given = {item["linkId"]: int(item["answer"][0]["valueCoding"]["code"]) for item in response.get("item", [])}
    return [given.get(item["linkId"]) for item in form["item"]]


def leave(me):
    return me.post("/you/export", words=" ".join(me.words), format="fhir")


def taken(house):
    """A person with forms: one whole, one with gaps, one open; the bundle and the forms it speaks of."""
    house.moderator(duty=600)
    me = house.member()
    chime = json.loads(house.visitor().raw("GET", "/measures/chime/fhir").ok(200).body)
    fill(me, begin(me), [(place + 1, place * 2) for place in range(len(chime["item"]))])
    fill(me, begin(me, "experience"), [(place, None if place == 3 else place % 5) for place in range(1, 11)])
    begin(me, "adverse")
    got = leave(me).ok(200)
    assert got.header("Content-Type") == "application/fhir+json" and "attachment" in got.header("Content-Disposition")
    forms = {form["url"]: form for form in (
        json.loads(house.visitor().raw("GET", f"/measures/{measure}/fhir").ok(200).body) for measure in ("chime", "experience", "adverse"))}
    return me, json.loads(got.body), forms


def test_forms_leave_as_fhir(house):
    me, bundle, forms = taken(house)
    for form in forms.values():
        read_by_others = Questionnaire.model_validate(form)
        assert len(read_by_others.item) == len(form["item"]) and all(item["text"] for item in form["item"])
    said = Bundle.model_validate(bundle)
    assert [entry.resource.__class__.__name__ for entry in said.entry] == [
        "Patient", *["QuestionnaireResponse", "Observation"] * 2], "the open form stays"
    assert wrong(bundle, forms) == []
    # Answers and totals are those of the face for programs, and each answer says what it adds.
    mine = {row["measure"]: row for row in me.get("/forms").ok().json["mine"]}
    patient, whole_form, score, gaps, prorated = resources(bundle)
    for response, measure in ((whole_form, "chime"), (gaps, "experience")):
        form = forms[f"urn:understory:questionnaire:{measure}"]
        assert response["questionnaire"] == f"{form['url']}|{mine[measure]['wording']}"
        assert read(response, form) == mine[measure]["answers"] and response["authored"] == mine[measure]["finished"]
    weights = [extension["valueDecimal"] for item in whole_form["item"] for extension in item["answer"][0]["valueCoding"]["extension"]
               if extension["url"] == ORDINAL]
    assert score["valueQuantity"]["value"] == mine["chime"]["total"] == sum(weights) and score["valueQuantity"]["unit"] == "{score}"
    assert prorated["valueQuantity"]["value"] == pytest.approx(mine["experience"]["total"]) and prorated["note"], "a gap is told"
    assert "note" not in score and len(gaps["item"]) == 9
    assert score["category"][0]["coding"][0]["code"] == "survey" and score["effectiveDateTime"] == whole_form["authored"]
    # A number and nothing else of the person; neither their bird nor an id that the house uses.
    assert set(patient) == {"resourceType", "id", "identifier"} and len(patient["identifier"]) == 1
    text = json.dumps(bundle)
    for known in (me.name, mine["chime"]["id"], mine["experience"]["id"]):
        assert known not in text
    ids = house.sql("SELECT account FROM name")
    assert not [row for row in ids if str(row["account"]) in text]
    # The same person has the same number the next time; somebody else another.
    assert resources(json.loads(leave(me).body))[0] == patient
    other = json.loads(leave(house.member()).ok(200).body)
    assert len(other["entry"]) == 1 and resources(other)[0]["id"] != patient["id"]
    # The page leads there; nobody gets a form that nobody brought the words of, and nothing without signing in.
    assert "/you/export" in me.open("/forms").ok(200).page.links
    assert me.get("/measures/csq8/fhir").status == 404
    me.post("/you/export", words="bee bee bee bee bee bee", format="fhir").refused(None, 403, 422)


def test_what_the_library_lets_pass_is_found(house):
    """The checks of ours find what they are for."""
    me, bundle, forms = taken(house)

    def broken(change):
        made = copy.deepcopy(bundle)
        change(*resources(made))
        Bundle.model_validate(made)  # the library has nothing against it
        return wrong(made, forms)

    assert broken(lambda *all: None) == []
    assert broken(lambda patient, response, score, *more: score.update(status="live")) == ["Observation.status is live"]
    assert broken(lambda patient, response, score, *more: score.update(subject=dict(score["derivedFrom"][0]))) == [
        "Observation.subject leads to QuestionnaireResponse"]
    assert broken(lambda patient, response, score, *more: response["item"][0].update(linkId="chime-77")) == ["chime-77 does not offer 0"]
    assert broken(lambda patient, response, score, *more: response["item"][0]["answer"][0]["valueCoding"].update(code="42")) == [
        "chime-1 does not offer 42"]
    assert broken(lambda patient, response, score, *more: response.update(questionnaire="urn:understory:questionnaire:chime|9")) == [
        "no form urn:understory:questionnaire:chime|9"]
    # And the library finds what is its own.
    made = copy.deepcopy(bundle)
    resources(made)[1].pop("status")
    with pytest.raises(ValueError):
        Bundle.model_validate(made)
