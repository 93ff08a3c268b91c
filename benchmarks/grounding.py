"""Time and accuracy of the vocabulary index and of grounding, beside other tools on the same terms in one run.

    python benchmarks/grounding.py FILE_OR_FOLDER... [--names 60000] [--slow 300]

The files are vocabularies that ``monograph vocab add`` takes. The names that are looked up are made from the labels of
the index by the rules in :func:`variants`: other case, plural, hyphens, British and American spelling. A name counts as
found where the term that it was made of is the answer; an answer of that vocabulary that is another term is wrong.
Names that two terms of one vocabulary share are left out. Each tool is asked on one core; ``monograph x 2`` shares the
names out to two processes. Tools that are not installed are named and left out: pip install gilda rapidfuzz
drug-named-entity-recognition pyahocorasick.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from monograph.errors import MonographError
from monograph.grounding import Name, ground_all
from monograph.vocabularies.index import Index
from monograph.vocabularies.reading import read_vocabulary

#: British -> American, for words that labels hold
SPELLINGS = (
    ("haem", "hem"), ("oedema", "edema"), ("anaem", "anem"), ("tumour", "tumor"), ("oesoph", "esoph"),
    ("diarrhoea", "diarrhea"), ("leucocyt", "leukocyt"), ("colour ", "color "), ("fibre", "fiber"), ("foet", "fet"),
    ("sulphate", "sulfate"), ("orthopaed", "orthoped"), ("caesar", "cesar"), ("faec", "fec"), ("dyspnoea", "dyspnea"),
)  # fmt: skip

Asked = list[tuple[str, str, str]]  # kind of variant, name, the term that it was made of
Tool = Callable[[Sequence[str]], list[set[str]]]


def variants(label: str) -> Iterator[tuple[str, str]]:
    """Kind and text of each other way to write a label."""
    yield "as it is", label
    yield "case", label.upper() if label != label.upper() else label.lower()
    yield "case", label.title() if label != label.title() else label.lower()
    if (many := plural(label)) is not None:
        yield "plural", many
        yield "lower case plural", many.lower()
    if "-" in label:
        yield "hyphen", label.replace("-", " ")
    elif " " in label and "," not in label:
        yield "hyphen", label.replace(" ", "-", 1)
    low = label.lower()
    for british, american in SPELLINGS:
        for one, other in ((british, american), (american, british)):
            if one in low and other not in low:
                yield "spelling", low.replace(one, other)


def plural(label: str) -> str | None:
    """The plural of an English label; None for numbers and letters of types, Latin names, and what has no plural."""
    last = label.split()[-1].lower()
    if (
        len(last) < 4
        or not last.isalpha()
        or not last.isascii()
        or last.endswith(("um", "us", "is", "ing", "men", "ae"))
    ):
        return None
    if last.endswith("y") and last[-2] not in "aeiou":
        return label[:-1] + "ies"
    if last.endswith(("ss", "ch", "sh", "x")):
        return label + "es"
    return None if last[-1] in "aiosuyz" else label + "s"


def names(path: Path, number: int) -> Asked:
    """Names made of labels of the index, distinct, in a random but fixed order."""
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    terms: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for curie, label in db.execute(
        "SELECT curie, label FROM term WHERE label <> '' AND obsolete = 0 AND kind <> 'product'"
    ):
        terms[curie.partition(":")[0], label.lower()].add(curie)
    alone = sorted((label, curie) for curie, label in db.execute(
        "SELECT DISTINCT curie, label FROM term WHERE label <> '' AND obsolete = 0 AND kind <> 'product'"
    ) if len(terms[curie.partition(":")[0], label.lower()]) == 1)  # fmt: skip
    random.Random(1).shuffle(alone)
    seen: set[str] = set()
    out: Asked = []
    for label, curie in alone:
        for kind, text in variants(label):
            if text not in seen:
                seen.add(text)
                out.append((kind, text, curie))
        if len(out) >= number:
            break
    return out[:number]


def monograph_exact(path: Path) -> Tool:
    def ask(texts: Sequence[str]) -> list[set[str]]:
        with Index(path, read_only=True) as index:
            return [{c.curie for c in g.exact} for g in ground_all(index, (Name(text) for text in texts))]

    return ask


def _part(job: tuple[Path, Sequence[str]]) -> list[set[str]]:
    return monograph_exact(job[0])(job[1])


def monograph_twice(path: Path) -> Tool:
    def ask(texts: Sequence[str]) -> list[set[str]]:
        half = len(texts) // 2
        with multiprocessing.get_context("fork").Pool(2) as pool:
            one, other = pool.map(_part, [(path, texts[:half]), (path, texts[half:])])
        return [*one, *other]

    return ask


def plain_dictionary(path: Path) -> Tool:
    """The floor: every name of the index folded, in a dictionary."""
    table: defaultdict[str, set[str]] = defaultdict(set)
    for text, curie in _all_names(path):
        table[text.lower()].add(curie)
    return lambda texts: [table.get(text.lower(), set()) for text in texts]


def gilda(path: Path) -> Tool:
    """Gilda's grounder over the same names; of the matches of a vocabulary, those with its best score."""
    from gilda import Grounder
    from gilda.process import normalize
    from gilda.term import Term

    status = {0: "name", 1: "synonym"}
    terms = defaultdict(list)
    for text, curie in _all_names(path):
        prefix, _, local = curie.partition(":")
        terms[normalize(text)].append(Term(normalize(text), text, prefix, local, text, status[1], prefix))
    grounder = Grounder(dict(terms))

    def ask(texts: Sequence[str]) -> list[set[str]]:
        out = []
        for text in texts:
            best: dict[str, float] = {}
            matches = grounder.ground(text)
            for m in matches:
                best[m.term.db] = max(best.get(m.term.db, 0.0), m.score)
            out.append({f"{m.term.db}:{m.term.id}" for m in matches if m.score == best[m.term.db]})
        return out

    return ask


def rapidfuzz(path: Path) -> Tool:
    """The nearest name of all by rapidfuzz's ratio, 90 at least."""
    from rapidfuzz import fuzz, process

    known: defaultdict[str, set[str]] = defaultdict(set)
    for text, curie in _all_names(path):
        known[text.lower()].add(curie)
    keys = list(known)

    def ask(texts: Sequence[str]) -> list[set[str]]:
        found = (process.extractOne(text.lower(), keys, scorer=fuzz.ratio, score_cutoff=90) for text in texts)
        return [known[hit[0]] if hit else set() for hit in found]

    return ask


def drug_ner(path: Path) -> Tool:
    """drug-named-entity-recognition, which brings its own list of drugs and finds DrugBank numbers."""
    from drug_named_entity_recognition import find_drugs

    def ask(texts: Sequence[str]) -> list[set[str]]:
        found = (find_drugs(text.split(" "), is_ignore_case=True) for text in texts)
        return [{f"drugbank:{drug['drugbank_id']}" for drug, *_ in hits if drug.get("drugbank_id")} for hits in found]

    return ask


def _all_names(path: Path) -> Iterable[tuple[str, str]]:
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    return db.execute(
        "SELECT DISTINCT n.text, t.curie FROM name n JOIN term t ON t.id = n.term WHERE t.obsolete = 0 AND n.scope <= 1"
    )


def scored(asked: Asked, answers: Sequence[set[str]]) -> dict[str, tuple[float, float, int]]:
    """Kind of variant -> recall, precision, how many."""
    hit: defaultdict[str, int] = defaultdict(int)
    wrong: defaultdict[str, int] = defaultdict(int)
    number: defaultdict[str, int] = defaultdict(int)
    for (kind, _, curie), found in zip(asked, answers, strict=True):
        prefix = curie.partition(":")[0] + ":"
        own = {c for c in found if c.startswith(prefix)}
        for key in (kind, "all"):
            number[key] += 1
            hit[key] += curie in own
            wrong[key] += bool(own - {curie})
    return {k: (hit[k] / number[k], hit[k] / max(1, hit[k] + wrong[k]), number[k]) for k in number}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--names", type=int, default=60_000, help="how many names are looked up")
    parser.add_argument("--slow", type=int, default=300, help="how many of them by tools that compare with every name")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.db"
        begun = time.perf_counter()
        with Index(path) as index:
            for file in sorted(f for p in given.paths for f in ([p] if p.is_file() else p.rglob("*")) if f.is_file()):
                try:
                    index.add(read_vocabulary(file))
                except MonographError as error:
                    print(f"left out: {error}")
            total = sum(info.names for info in index.vocabularies())
        spent = time.perf_counter() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"index: {total:,} names in {spent:.1f} s, {path.stat().st_size / 1e6:.0f} MB on disk, {peak:.0f} MB memory"
        )
        begun = time.perf_counter()
        Index(path, read_only=True).close()
        print(f"opened in {(time.perf_counter() - begun) * 1000:.1f} ms")
        asked = names(path, given.names)
        tools: list[tuple[str, Callable[[Path], Tool], int]] = [
            ("monograph", monograph_exact, len(asked)),
            ("monograph x 2", monograph_twice, len(asked)),
            ("plain dictionary", plain_dictionary, len(asked)),
            ("gilda", gilda, len(asked)),
            ("rapidfuzz", rapidfuzz, given.slow),
            ("drug-named-entity-recognition", drug_ner, len(asked)),
        ]
        base = 0.0
        print(f"{'tool':31}{'names/s':>10}{'ratio':>8}{'recall':>9}{'precision':>11}")
        kinds: dict[str, tuple[float, float, int]] = {}
        for name, make, size in tools:
            try:
                ask = make(path)
            except ImportError as error:
                print(f"{name:31}not installed ({error.name})")
                continue
            some = asked[:size]
            if make is drug_ner:
                some = [row for row in asked if row[2].startswith("drugbank:")]
            begun = time.perf_counter()
            answers = ask([text for _, text, _ in some])
            rate = len(some) / (time.perf_counter() - begun)
            base = base or rate
            result = scored(some, answers)
            kinds = kinds or result
            recall, precision, _ = result["all"]
            print(f"{name:31}{rate:10,.0f}{rate / base:8.2f}{recall:9.3f}{precision:11.3f}")
        print("monograph by kind of variant:")
        for kind, (recall, precision, number) in sorted(kinds.items()):
            print(f"  {kind:20}{number:8,}{recall:9.3f}{precision:11.3f}")


if __name__ == "__main__":
    main()
