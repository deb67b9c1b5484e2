"""What a host runs at the command line beside the server: the screening measured on files of their own."""

import json
import subprocess

import pytest

from house import BINARY, ROOT


def run(*words, fails=False):
    done = subprocess.run([str(BINARY), *map(str, words)], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode != 0) == fails, f"{words} ended with {done.returncode}: {done.stderr[-400:]}"
    return done.stdout + done.stderr


@pytest.mark.only("sqlite")
def test_a_file_of_ones_own_is_measured(engine, tmp_path):
    """Each set gets one line of figures, parted by task; families are named; no text of the file is printed."""
    lines = [
        {"id": "a", "text": "I am going to kill myself tonight. jellytoad", "label": 1, "task": "risk", "sub": "plan"},
        {"id": "b", "text": "The tea went cold again. jellytoad", "label": 0, "task": "risk", "sub": "neg_calm"},
        {"id": "c", "text": "My number is 07700 900123, call me. jellytoad", "label": 1, "task": "pii", "sub": "phone"},
        {"id": "d", "text": "Soup and bread. jellytoad", "label": 1, "task": "pii", "sub": "phone"},
    ]
    file = tmp_path / "own.dev.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    told = run("screen", "evaluate", file, "--json", "--wrong")
    assert "jellytoad" not in told
    figures = {one["set"]: one for one in map(json.loads, told.splitlines()[:2])}
    assert set(figures) == {"own/risk", "own/pii"}, figures
    assert figures["own/risk"]["found"] == 1 and figures["own/risk"]["leftAlone"] == 1 and figures["own/risk"]["auroc"] == 1
    assert figures["own/pii"]["functionalities"] == {"phone": {"n": 2, "right": 1}}, figures["own/pii"]
    assert "own/pii: d" in told, "the id of a wrong answer"
    assert "| phone | own/pii | 1 | 2 |" in run("screen", "evaluate", file)
    file.write_text('{"id": "a", "label": 1}\n')
    assert "line 1" in run("screen", "evaluate", file, fails=True)


@pytest.mark.only("sqlite")
def test_a_shadow_week(engine, tmp_path):
    """Another service's past queue is read once and compared: by age band, with what would have been missed; nothing is kept."""
    table = tmp_path / "week.csv"
    table.write_text(
        'text,decision,band\n"I am going to kill myself tonight, ""really"".",held,13-15\n"Tea,\nand toast.",approved,13-15\n'
        "A long day.,escalated,16-17\n")
    before = sorted(tmp_path.iterdir())
    told = run("screen", "shadow", table)
    assert "| all | 3 |" in told and "| 13-15 | 2 |" in told and "| 16-17 | 1 |" in told, told
    assert "| 16-17 | 1 | 0 %" in told, "what people acted on and the screen did not see"
    assert "toast" not in told and "kill" not in told
    assert sorted(tmp_path.iterdir()) == before
    lines = tmp_path / "week.jsonl"
    lines.write_text(json.dumps({"text": "The rain was loud.", "decision": "approved"}) + "\n")
    assert "| not said | 1 | 100 %" in run("screen", "shadow", lines)
    assert "Taken for let be: approved (1)." in run("screen", "shadow", lines)
    table.write_text("text,decision\na,b,c\n")
    assert "line 2" in run("screen", "shadow", table, fails=True)
    # As some programs write tables: a mark in front, other line ends, an empty line; and what joins a sign hides no comma.
    table.write_bytes('\ufefftext,decision\r\n"Tea.",approved\r\n\r\nToast.\u0301,held\r\n'.encode())
    assert "| all | 2 |" in run("screen", "shadow", table)
    lines.write_bytes(b'{"text": "Rain.", "decision": "approved"}\r\n{oh\r\n')
    assert "line 2: it is not JSON" in run("screen", "shadow", lines, fails=True)
    assert "can not be read" in run("screen", "shadow", tmp_path / "nothing.csv", fails=True)
    # What a word means is not guessed; a line end inside a cell counts as a line of the file.
    table.write_text('text,decision\n"Two\nlines.",deleted\nTea.,put by\n')
    told = run("screen", "shadow", table, fails=True)
    assert "line 4" in told and "put by" in told and "--acted" in told, told
    told = run("screen", "shadow", "--acted", "Put by, removed", table)
    assert "Taken for acted on: put by (1). Taken for let be: deleted (1)." in told, told


@pytest.mark.only("sqlite")
def test_models_are_made_again_from_sets(engine, tmp_path):
    """The same sets give the same bytes, and a set that is left out is not in the card."""
    recipes = tmp_path / "recipes"
    recipes.mkdir()
    (recipes / "recipes.json").write_text(json.dumps([{
        "id": "rain", "kind": "distress", "why": "It speaks of rain.", "repliesOnly": False, "leastWords": 1, "strength": 4,
        "positiveWeight": 1, "levels": {"low": 0.5}, "limits": "Made up.",
        "sets": [{"set": name, "license": "own", "label": "label", "atLeast": 1} for name in ("one", "two")]}]))
    for name in ("one", "two"):
        (tmp_path / f"{name}.train.jsonl").write_text("\n".join(
            json.dumps({"id": str(n), "text": f"{'rain on the roof' if n % 2 else 'tea and toast'} {name} {n}", "label": n % 2})
            for n in range(30)))
    made = []
    for place in ("first", "second"):
        run("screen", "train", tmp_path, "--models", recipes, "--to", tmp_path / place)
        made.append((tmp_path / place / "rain.weights").read_bytes() + (tmp_path / place / "rain.json").read_bytes())
    assert made[0] == made[1] and len(made[0]) > 65_536
    run("screen", "train", tmp_path, "--models", recipes, "--to", tmp_path / "third", "--without", "two")
    card = json.loads((tmp_path / "third" / "rain.json").read_text())
    assert [one["set"] for one in card["trained"]] == ["one"] and card["trained"][0]["items"] == 30
