"""bin/replay must find what it says it finds: each fault of a pretended server, and nothing in a sound one.

Runs with `python3 -m unittest discover Tests/replay`; needs no build.
"""
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(HERE), str(ROOT / "bench")]

import invariants  # noqa: E402
import posts  # noqa: E402

PARTS = ("the rain stopped", "we baked bread", "my bus was late", "I read a page", "the cat slept", "a long lesson ended")


def made_up(folder, count):
    """Invented lines; nobody's words."""
    chance, path = random.Random(3), pathlib.Path(folder) / "made-up.jsonl"
    with open(path, "w") as file:
        for number in range(count):
            text = ", ".join(chance.choice(PARTS) for _ in range(4)) + f", and it was day {number}."
            file.write(json.dumps({"id": number, "text": text}) + "\n")
    return path


def replay(folder, fault="", count=160, *more):
    done = subprocess.run(
        [ROOT / "bin" / "replay", made_up(folder, 200), "--engine", "sqlite", "--posts", str(count), "--members", "30",
         "--json", "--program", HERE / "pretend.py", *more],
        env={**os.environ, "PRETEND_FAULT": fault, "TMPDIR": str(folder)}, capture_output=True, text=True, timeout=300)
    return done, json.loads(done.stdout)["engines"]["sqlite"] if done.stdout else None


class Replay(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def left_behind(self):
        return [path.name for path in pathlib.Path(self.folder.name).iterdir() if path.name.startswith("understory-")]

    def test_a_sound_server_holds(self):
        done, said = replay(self.folder.name)
        self.assertEqual(done.returncode, 0, said and (said["failures"], said["faults"], said["serverErrors"]))
        self.assertEqual(sum(row["posts"] for row in said["sets"].values()), 160)
        self.assertGreater(said["crash"]["acknowledged"], 0)
        self.assertEqual(said["crash"]["missing"], 0)
        self.assertEqual(self.left_behind(), [])

    def test_each_fault_is_found(self):
        for fault, what in {
            "by-id": invariants.HIDDEN, "in-thread": invariants.HIDDEN, "search": invariants.HIDDEN,
            "lose": f"{invariants.LOST} after the crash", "no-case": invariants.CASES, "not-due": invariants.URGENT,
            "let-out": invariants.RELEASED, "changed": invariants.WORDS, "clear": invariants.SEALED, "log": invariants.LOGS,
            "undone": invariants.UNDONE, "voice": invariants.VOICES,
        }.items():
            with self.subTest(fault):
                done, said = replay(self.folder.name, fault)
                self.assertEqual(done.returncode, 1)
                self.assertIn(what, said["failures"])
                for ids in said["failures"].values():
                    self.assertRegex(" ".join(ids), r"^[-0-9A-Za-z :/?=&()*]+$")

    def test_a_server_error_fails(self):
        done, said = replay(self.folder.name, "fault")
        self.assertEqual(done.returncode, 1)
        self.assertTrue(said["serverErrors"])

    def test_no_words_in_any_output(self):
        for fault in ("", "search", "log"):
            done, _ = replay(self.folder.name, fault)
            for part in PARTS:
                self.assertNotIn(part, done.stdout + done.stderr)
            self.assertNotRegex(done.stdout + done.stderr, posts.MARK)

    def test_too_few_posts_is_said_kindly(self):
        done, said = replay(self.folder.name, "", 900)
        self.assertEqual((done.returncode, said), (2, None))
        self.assertIn("200", done.stderr)

    def test_ctrl_c_leaves_nothing(self):
        started = subprocess.Popen(
            [ROOT / "bin" / "replay", made_up(self.folder.name, 4000), "--engine", "sqlite", "--posts", "4000",
             "--members", "30", "--program", HERE / "pretend.py"],
            env={**os.environ, "TMPDIR": self.folder.name}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for line in started.stderr:
            if "posts go out" in line:
                break
        time.sleep(1)
        self.assertNotEqual(self.left_behind(), [])
        started.send_signal(signal.SIGINT)
        started.stderr.read()
        started.stderr.close()
        self.assertEqual(started.wait(60), 130)
        self.assertEqual(self.left_behind(), [])


class Pieces(unittest.TestCase):
    def test_long_text_is_cut_at_spaces_and_loses_no_word(self):
        text = "a few words that go on and on " * 1500
        parts = posts.pieces(text)
        self.assertTrue(all(len(part) <= posts.LONGEST - posts.ROOM_FOR_MARK for part in parts))
        self.assertEqual(" ".join(parts).split(), text.split())

    def test_text_without_spaces_is_cut_all_the_same(self):
        self.assertEqual("".join(posts.pieces("a" * 25_000)), "a" * 25_000)

    def test_marks_are_unique_and_known_again(self):
        marks = posts.Marks()
        made = {marks.next() for _ in range(5000)}
        self.assertEqual(len(made), 5000)
        self.assertTrue(all(posts.MARK.fullmatch(mark) for mark in made))


if __name__ == "__main__":
    unittest.main()
