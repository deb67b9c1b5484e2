"""`understory review`: flow numbers from decisions, duplicates in search results. Every record is made up."""

import csv
import json
import pathlib
import subprocess
import time

import pytest

from cast import content
from house import BINARY, ROOT

pytestmark = pytest.mark.only("sqlite")


def run(*words, ends=0):
    done = subprocess.run([str(BINARY), "review", *map(str, words)], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == ends, f"{words} ended with {done.returncode}: {done.stderr[-600:]}"
    return done.stdout, done.stderr


class Decisions:
    """Rows in the order of time. The review published its numbers and no decisions: these records are made up to fit them."""

    def __init__(self, path):
        self.rows, self.count, self.path = [["record", "search", "stage", "reader", "decision", "reason"]], 0, path

    def add(self, *row):
        self.rows.append([str(part) for part in row])

    def search(self, name, identified, duplicates, full_text, included, kind="database"):
        records = [f"made-up-{self.count + number}" for number in range(identified)]
        self.count += identified
        for record in records:
            self.add(record, name, "found", "", kind, "")
        left = iter(records)
        for by, count in duplicates.items():
            for _ in range(count):
                self.add(next(left), name, "duplicate", "", "removed", by)
        read = list(left)
        for place, record in enumerate(read):
            # One reader read all, two others a half each; every twentieth is seen otherwise and settled by the third.
            second, third = ("GD", "PB") if place % 2 == 0 else ("PB", "GD")
            keep = place < full_text
            self.add(record, name, "titles", "SY", "in" if keep else "out", "")
            if place % 20 == 7:
                self.add(record, name, "titles", second, "out" if keep else "unsure", "")
                self.add(record, name, "titles", third, "in" if keep else "out", "")
            else:
                self.add(record, name, "titles", second, "in" if keep else "out", "")
        for place, record in enumerate(read[:full_text]):
            decision = ("in", "") if place < included else ("out", "wrong-people")
            for reader in ("SY", "GD"):
                self.add(record, name, "full-text", reader, *decision)

    def write(self):
        with open(self.path, "w", newline="") as file:
            csv.writer(file).writerows(self.rows)
        return self.path


def this_review(path):
    prisma = content("evidence/review.json")["prisma"]
    first, second = prisma["first_search"], prisma["second_search"]
    made = Decisions(path)
    made.search(
        first["date"], first["identified"],
        {"EndNote": first["identified"] - first["after_endnote_deduplication"],
         "Covidence": first["after_endnote_deduplication"] - first["after_covidence_deduplication"]},
        first["full_text_assessed"], first["included"])
    made.search(
        second["date"], second["identified"], {"EndNote": second["duplicates_endnote"], "Covidence": second["duplicates_covidence"]},
        second["full_text_assessed"], second["included"])
    made.search("reference lists", prisma["hand_search_included"], {}, 1, prisma["hand_search_included"], kind="by-hand")
    return prisma, made


def test_the_reviews_own_numbers_are_rebuilt_from_decisions(engine, tmp_path):
    prisma, made = this_review(tmp_path / "decisions.csv")
    flow = json.loads(run("replay", made.write(), "--json")[0])
    assert flow["rows"] == len(made.rows) - 1
    first, second, hand = flow["searches"]
    said = prisma["first_search"]
    assert (first["search"], first["identified"], first["screened"]) == (said["date"], said["identified"], said["titles_abstracts_screened"])
    assert first["identified"] - first["duplicates"]["EndNote"] == said["after_endnote_deduplication"]
    assert first["screened"] == said["after_covidence_deduplication"]
    said = prisma["second_search"]
    assert second["duplicates"] == {"EndNote": said["duplicates_endnote"], "Covidence": said["duplicates_covidence"]}
    assert second["titlesExcluded"] == said["excluded_title_abstract"]
    for told, said in ((first, prisma["first_search"]), (second, prisma["second_search"])):
        assert told["screened"] == said["titles_abstracts_screened"]
        assert (told["fullText"], told["fullTextExcluded"]) == (said["full_text_assessed"], said["full_text_excluded"])
        assert told["included"] == said["included"] and told["titlesOpen"] == told["fullTextOpen"] == 0
        assert told["reasons"] == {"wrong-people": said["full_text_excluded"]}
    assert hand["byHand"] and flow["includedByHand"] == prisma["hand_search_included"]
    assert (flow["identified"], flow["included"]) == (prisma["total_identified"], prisma["total_included"])
    assert flow["settledByThird"] > 200 and flow["conflicts"] == 0
    titles = flow["agreement"]["titles"]
    assert titles["records"] == 4883 + 350 + 1 and 0.94 < titles["agreement"] < 0.96 and titles["kappa"] < titles["ac1"]
    plain = run("replay", tmp_path / "decisions.csv")[0]
    assert "identified in databases 8327, by hand 1; included 38" in plain

    # One decision less, and the numbers say so: nothing is filled in.
    made.rows.pop()
    flow = json.loads(run("replay", made.write(), "--json")[0])
    assert flow["included"] == prisma["total_included"] - 1 and flow["searches"][2]["fullTextOpen"] == 1


def test_a_broken_row_of_decisions_stops_with_its_line(engine, tmp_path):
    _, made = this_review(tmp_path / "decisions.csv")
    made.rows[9_000] = ["made-up-3", "2024-01"]
    said, why = run("replay", made.write(), ends=1)
    assert said == "" and "line 9001: 2 columns where the first line names 6" in why
    assert "nothing was changed or lost" in why
    path = tmp_path / "decisions.csv"
    path.write_bytes(path.read_bytes().replace(b"made-up-70,", b"made-up-\xe9,", 1))
    _, why = run("replay", tmp_path / "decisions.csv", ends=1)
    assert "line 72: bytes that are no UTF-8" in why
    _, why = run("replay", tmp_path / "nowhere.csv", ends=64)
    assert "can not be read" in why


def test_a_csv_of_200_000_results_with_bad_bytes_loses_nothing(engine, tmp_path):
    """A clear error with its line for each row that can not be read; every other row is kept, and counted."""
    path, count, broken, odd = tmp_path / "results.csv", 200_000, [], []
    with open(path, "wb") as file:
        file.write(b"Title,Authors,Year,DOI\n")
        for number in range(count):
            line = number + 2
            title = f"Made-up study {number} of caf\u00e9s and people {number * 7919 % 1_000_003}"
            row = f'"{title}","Marley, Ada; Tolsten, Bo",{2000 + number % 25},10.9999/made.{number}\n'
            if number % 50_000 == 17:
                broken.append((line, "stray-quote"))
                file.write(f'"{title},never closed,2001,\n'.encode())
            elif number % 50_000 == 1_234:
                broken.append((line, "columns"))
                file.write(f'"{title}",Marley\n'.encode())
            elif number % 1_000 == 3:
                odd.append(line)
                file.write(row.encode("cp1252"))
            else:
                file.write(row.encode())
    said, _ = run("duplicates", path, "--json", ends=1)
    told = json.loads(said)
    (file,) = told["files"]
    assert [(one["line"], one["why"]) for one in file["refused"]] == broken and len(broken) == 8
    assert file["records"] == told["records"] == count - len(broken)
    assert (file["oddLines"], file["firstOddLine"]) == (len(odd), odd[0]) and len(odd) == 200
    assert told["pairs"] == [] and told["publications"] == told["records"]
    # In words: each broken row with its line.
    short = tmp_path / "short.csv"
    short.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:1_500]))
    said, _ = run("duplicates", short, ends=1)
    for line, _ in broken[:2]:
        assert f"short.csv, line {line}: " in said
    assert "2 lines were no UTF-8 and read as Windows-1252 (the first is line 5)" in said


def test_duplicates_across_files_are_explained(engine, tmp_path):
    (tmp_path / "a.ris").write_text(
        "TY  - JOUR\nTI  - Letters between strangers in villages\nAU  - Marley, Ada\nPY  - 2019\nDO  - 10.9999/one\nER  -\n"
        "TY  - JOUR\nTI  - Erratum: letters between strangers in villages\nAU  - Marley, Ada\nPY  - 2019\nER  -\n")
    (tmp_path / "b.bib").write_text('@article{x, title={Letters between strangers in {Villages}}, author={Ada Marley}, year=2020}\n')
    (tmp_path / "c.nbib").write_text("PMID- 90000001\nTI  - Another study of nothing\nLID - 10.9999/ONE [doi]\n\n")
    names = [tmp_path / name for name in ("a.ris", "b.bib", "c.nbib")]
    told = json.loads(run("duplicates", *names, "--json")[0])
    assert [file["format"] for file in told["files"]] == ["ris", "bibtex", "nbib"]
    assert sorted(pair["rule"] for pair in told["pairs"]) == ["doi", "title"] and told["publications"] == 2
    assert [pathlib.Path(one["file"]).name for one in told["groups"][0]].count("a.ris") == 1
    said = run("duplicates", *names)[0]
    assert "title: " in said and "a.ris:1 and " in said and "4 records, 2 publications, 2 pairs joined" in said


def test_the_bench_of_duplicates_counts_what_it_finds(engine):
    told = json.loads(run("duplicates", "--bench", "--json")[0])
    assert told["records"] == 20_000 and told["truePairs"] > 5_000 and told["traps"] > 1_000
    assert told["foundShare"] > 0.94 and told["foundPairs"] == round(told["foundShare"] * told["truePairs"])
    assert told["falsePairs"] <= 3
    assert told["seconds"] > 0
    assert sum(told["byRule"].values()) > 5_000
    other = json.loads(run("duplicates", "--bench", "--json", "--seed", "9", "--records", "2000")[0])
    assert other["truePairs"] != told["truePairs"]
