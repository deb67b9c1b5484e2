#!/usr/bin/env python3
"""Checks every colour pair in tokens.json against its least contrast ratio.

    python3 contrast.py                 a table, exit 1 when a pair is too weak
    python3 contrast.py --css           also writes the tokens into ../Public/app.css
Only the standard library is used.
"""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
SHEET = HERE.parent / "Public" / "app.css"
START = "/* tokens: made by browser/contrast.py from browser/tokens.json; change the colours there */\n"
END = "/* end of tokens */\n"


def luminance(hex_colour):
    channels = [int(hex_colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def block(selector, theme, scheme):
    rows = "".join(f";--{name}:{value}" for name, value in theme.items())
    return f"{selector}{{color-scheme:{scheme}{rows}}}\n"


def css(tokens):
    t = tokens["themes"]
    return (
        block(":root", t["light"], "light")
        + "@media screen and (prefers-color-scheme: dark) { " + block(":root:not([data-theme])", t["dark"], "dark").rstrip() + " }\n"
        + "@media screen { " + block(':root[data-theme="dark"]', t["dark"], "dark").rstrip() + " }\n"
        + block(':root[data-theme="quiet"]', t["quiet"], "light")
    )


def put_into(sheet, made):
    """Replaces what stands between the two marks; the rest of the sheet is written by hand."""
    before, rest = sheet.split(START)
    return before + START + made + END + rest.split(END)[1]


def main():
    tokens = json.loads((HERE / "tokens.json").read_text())
    weak = 0
    themes = list(tokens["themes"])
    print("| text or part | on | least | " + " | ".join(themes) + " | use |")
    print("|---|---|---|" + "---|" * len(themes) + "---|")
    for front, back, least, use in tokens["pairs"]:
        cells = []
        for name in themes:
            theme = tokens["themes"][name]
            ratio = contrast(theme[front], theme[back])
            bad = ratio < least
            weak += bad
            cells.append(f"{ratio:.1f}{' WEAK' if bad else ''}")
        print(f"| {front} | {back} | {least} | " + " | ".join(cells) + f" | {use} |")
    if "--css" in sys.argv:
        SHEET.write_text(put_into(SHEET.read_text(), css(tokens)))
    elif SHEET.exists() and css(tokens) not in SHEET.read_text():
        print("Public/app.css holds other colours than tokens.json: run contrast.py --css")
        weak += 1
    print(f"\n{len(tokens['pairs']) * len(themes) - weak} passed, {weak} failed")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
