"""What people do here, in the words of the glossary: write, answer, report, claim, decide."""

import json
import pathlib

CONTENT = pathlib.Path(__file__).resolve().parents[2] / "Content"

MINE = "A long day, and the tea went cold again, {}."

# Sentences the simple rules know. All of them invented.
URGENT = "I have decided. I am going to kill myself tonight. {}"
HIGH = "I keep thinking about wanting to die, most evenings. I really want to die. {}"
METHOD = "Some nights I ask myself what is the easiest way to die. {}"
COMPARING = "My cuts are deeper than yours, so do not tell me how it is. {}"
CONTACT = "Add me on insta marlo_quill so we can talk there. {}"
LINK = "I found it all on https://www.jellytoad.example/page, have a look. {}"
SURNAME = "My name is Jola Quenby and I am new here. {}"
UNKIND = "Nobody likes you, everyone hates you, freak. {}"


def write(face, room, body, title="One of those days", **more):
    """A new thread, as JSON; what the server says of it."""
    fields = {"title": title, "body": body, "wants": "listen", "voice": "name", **more}
    return face.post(f"/rooms/{room}/items", fields).ok(201).json


def answer(face, item, body, **more):
    return face.post(f"/items/{item}/replies", {"body": body, "voice": "name", **more}).ok(201).json


def see(face, item):
    """The thread or item as this person sees it; None when for them it is not there."""
    got = face.get(f"/items/{item}")
    if got.status in (401, 404):
        return None
    return got.ok().json


def threads(face, room, **query):
    """Ids of the threads this person's room page lists, hidden ones included."""
    got = face.get(f"/rooms/{room}", **query)
    return [item["id"] for item in got.ok().json["items"]]


def queue(staff, **query):
    """The whole queue, page by page."""
    found, place = [], 0
    while place is not None:
        page = staff.get("/queue", **{"from": place}, **query).ok().json
        found += [case for case in page["cases"] if case["id"] not in {c["id"] for c in found}]
        place = page["next"]
    return found


def case_about(staff, item, kind=None):
    """The open case about this item in the staff's queue; None when there is none."""
    for case in queue(staff):
        if case.get("item") == item and kind in (None, case["kind"]):
            return case
    return None


def need_case(staff, item, kind=None):
    found = case_about(staff, item, kind)
    assert found, f"no case {kind or ''} about {item} in the queue of {staff.name}: {queue(staff)}"
    return found


def claim(staff, case):
    staff.post(f"/cases/{case}/claim").ok()


def decide(staff, case, act, **fields):
    """Claims and decides; what the server says of it."""
    claim(staff, case)
    return staff.post(f"/cases/{case}/decisions", {"act": act, **fields}).ok().json


def decide_item(staff, item, act, **fields):
    return decide(staff, need_case(staff, item)["id"], act, **fields)


def approved(staff, face, room, body, **more):
    """A thread in a room that is read first, shown by a moderator."""
    made = write(face, room, body, **more)
    decide_item(staff, made["id"], "approve")
    return made["id"]


def report(face, item, kind="unkind", **more):
    return face.post(f"/items/{item}/reports", {"kind": kind, **more}).ok(201).json


def notices(face):
    return face.get("/notices").ok().json["notices"]


def choose(face, **fields):
    """Changes what this reader sees: matters as self_harm='hide' or by `matter` pairs."""
    sent = {}
    for key, value in fields.items():
        sent[key] = value
    face.post("/see", sent).ok(200, 201, 303)


def matter(face, **choices):
    """matter(reader, self_harm="hide")"""
    face.post("/see", {f"matter.{key.replace('_', '-')}": value for key, value in choices.items()}).ok()


def found(face, text):
    """Ids that a search answers with, over all its pages."""
    ids, before = [], None
    while True:
        got = face.get("/search", q=text, **({"before": before} if before else {})).ok().json
        ids += [item["id"] for item in got["items"]]
        before = got.get("next")
        if not before:
            return ids


def content(name):
    """A file of the host's content, as shipped."""
    return json.loads((CONTENT / name).read_text())


def reason_words(code):
    """What the author is told for this reason: in the host's list of reasons, else among the gate's own words."""
    said = {r["id"]: r["author"] for r in content("reasons.json")["reasons"]}
    return said.get(code) or content("words/en/why.json")[code]


def flat(value):
    """Everything a JSON answer says, as one string."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def get_paths(house):
    """Every GET of the product, as its own OpenAPI page names them."""
    document = house.visitor().get("/openapi.json").ok().json
    return sorted(path for path, methods in document["paths"].items() if "get" in methods)


def fill(path, ids):
    """`/items/{item}` with a real id; None when the story has nothing of that kind."""
    out = []
    for part in path.split("/"):
        if part.startswith("{") or part.startswith(":"):
            key = part.strip("{}:")
            if key not in ids:
                return None
            part = ids[key]
        out.append(part)
    return "/".join(out)
