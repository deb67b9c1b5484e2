"""What is sent: one post a line, with a mark of its own, so that nobody ever needs to print a word of it."""
import dataclasses
import json
import pathlib
import random
import re
import secrets
import threading

from throwaway import Trouble

LONGEST = 10_000
ROOM_FOR_MARK = 40
# Consonants alone: no word of any language, nothing a rule could take for a handle, a number or an insult.
LETTERS = "bcdfghjlmnpqrvwz"
MARK = re.compile(r"zq[%s]{8}" % LETTERS)


@dataclasses.dataclass
class Post:
    number: int
    source: str  # the set: the stem of its file
    text: str  # never printed
    mark: str
    part: int = 0  # of a line that was too long for one post

    # What became of it. `answer` is what the server said when it took the words.
    key: str = ""
    author: object = None
    room: object = None
    thread: str | None = None
    anonymous: bool = False
    id: str | None = None
    state: str | None = None
    reason: str | None = None
    help: str | None = None
    refusal: str | None = None
    milliseconds: float = 0.0
    body: str = ""
    now: str | None = None  # its state when its author last asked
    unsure: bool = False  # a decision's answer was lost
    decisions: list = dataclasses.field(default_factory=list)  # [act, when, acknowledged] by staff, or by its author

    @property
    def is_kept(self):
        return self.id is not None

    @property
    def was_let_out(self):
        """Did a person's decision, or the gate itself, ever show it?"""
        return self.state == "shown" or any(act in ("approve", "restore") for act, *_ in self.decisions)

    @property
    def was_taken_away(self):
        return any(act in ("return", "hide", "remove", "withdraw") for act, *_ in self.decisions)


class Marks:
    """Unique in a run, and known again: a mark that was never given out is not ours."""

    def __init__(self):
        self.salt = "".join(secrets.choice(LETTERS) for _ in range(3))
        self.count = 0
        self.lock = threading.Lock()

    def next(self):
        with self.lock:
            number, letters = self.count, ""
            self.count += 1
        for _ in range(5):
            letters += LETTERS[number % 16]
            number //= 16
        return "zq" + self.salt + letters


def pieces(text):
    """Text of more than 10,000 characters, cut at spaces."""
    longest, found = LONGEST - ROOM_FOR_MARK, []
    while len(text) > longest:
        cut = max(text.rfind(mark, longest // 2, longest) for mark in (" ", "\n"))
        cut = cut if cut > 0 else longest
        found.append(text[:cut].strip())
        text = text[cut:].strip()
    return found + [text]


@dataclasses.dataclass
class Reading:
    posts: list
    lines: int = 0
    split: int = 0
    unreadable: list = dataclasses.field(default_factory=list)  # file stem and line number


def read(files, wanted, least):
    """Every line's `text`, mixed over the sets in an order that is the same each time."""
    reading, marks = Reading([]), Marks()
    for name in files:
        path = pathlib.Path(name)
        if not path.is_file():
            raise Trouble(f"There is no file {path.name}.")
        stem = path.name.removesuffix(".jsonl")
        with open(path, encoding="utf-8", errors="replace") as lines:
            for place, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                reading.lines += 1
                try:
                    text = json.loads(line)["text"]
                    # A half of a surrogate pair is no character and fits in no request.
                    text = text.encode("utf-8", "replace").decode()
                except (ValueError, KeyError, TypeError, AttributeError):
                    reading.unreadable.append(f"{stem}:{place}")
                    continue
                parts = pieces(text)
                reading.split += len(parts) > 1
                for part, piece in enumerate(parts):
                    reading.posts.append(Post(0, stem, piece, marks.next(), part))
    random.Random(20_26).shuffle(reading.posts)
    if wanted is not None:
        if len(reading.posts) < wanted:
            raise Trouble(f"{wanted} posts were asked for; these files hold {len(reading.posts)}. Give more files, or ask for fewer.")
        reading.posts = reading.posts[:wanted]
    elif len(reading.posts) < least:
        raise Trouble(
            f"These files hold {len(reading.posts)} posts; a full replay sends {least} or more. "
            "Give more files, or ask for fewer with --posts.")
    for number, post in enumerate(reading.posts):
        post.number = number
    return reading
