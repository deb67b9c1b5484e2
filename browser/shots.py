#!/usr/bin/env python3
"""Takes pictures of every page at phone and desk size, light and dark, and one sheet of them all.

    python3 shots.py OUT
"""
import pathlib
import re
import sys

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import kit  # noqa: E402
import places  # noqa: E402

LOOKS = {f"{size}-{scheme}": (shape, scheme) for size, shape in (("phone", kit.PHONE), ("desk", kit.DESK)) for scheme in ("light", "dark")}
SHEET = """<!DOCTYPE html><meta charset=utf-8><title>Every page</title>
<style>body{display:grid;grid-template-columns:repeat(8,1fr);gap:10px;margin:10px;background:#888;font:11px sans-serif}figure{margin:0}img{width:100%;display:block}</style>"""


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    place = places.Place()
    made, failed = [], 0
    try:
        with sync_playwright() as playwright:
            browser = kit.launch(playwright)
            for look, (shape, scheme) in LOOKS.items():
                for role in dict.fromkeys(role for role, _ in places.PAGES):
                    one = kit.Visit(browser, {**shape, "device_scale_factor": 1}, storage_state=place.state(browser, role), color_scheme=scheme, reduced_motion="reduce")
                    for path in (path for its_role, path in places.PAGES if its_role == role):
                        name = f"{role}{re.sub(r'[^a-z0-9]+', '-', path).rstrip('-') or '-front'}.{look}.png"
                        answer = one.page.goto(place.base + place.path(browser, role, path))
                        if answer.status != (404 if path in places.MISSING else 200):
                            failed += 1
                            print(answer.status, role, path)
                        one.page.screenshot(path=out / name)
                        made.append(name)
                    one.close()
            rows = "".join(f'<figure><img src="{name}" alt=""><figcaption>{name}</figcaption></figure>' for name in made if "phone" in name)
            (out / "sheet.html").write_text(SHEET + rows)
            page = browser.new_page(viewport={"width": 1600, "height": 900})
            page.goto((out / "sheet.html").resolve().as_uri())
            page.screenshot(path=out / "sheet.png", full_page=True)
            browser.close()
    finally:
        place.stop()
    print(f"{len(made)} pictures and sheet.png in {out}; {failed} pages answered wrongly")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
