"""How well the rules classify and read titles, measured on labelled data outside the project.

    python -m tests.evaluation.classification [FOLDER]

FOLDER holds `event_roles/dev.csv` (headline, company, label) and `job_titles/dev.csv` (title,
function, seniority); by default it is `shared/data` beside the project. Without it this says so
and ends well: there is nothing to measure, and nothing is wrong.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from ingagents.core.lead_classifier import Classified, classify
from ingagents.core.quality_scorer import calculate_score
from ingagents.core.titles import Seniority, Title, read_title
from ingagents.model import Classification, Profile, SearchCriteria

DEFAULT_FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data"
LABELS = tuple(label.value for label in Classification)
LEVELS: dict[Seniority, str] = {
    "founder": "C-Suite",
    "c_suite": "C-Suite",
    "vp": "VP",
    "director": "Director",
    "manager": "Manager",
}
CRITERIA = SearchCriteria(
    industries=("Technology", "Software"),
    positions=("CTO", "Founder", "VP Engineering"),
    company_size="51-200",
)


class Judged(msgspec.Struct, frozen=True):
    """One row with what the rules made of it."""

    truth: str
    profile: Profile
    classified: Classified
    score: float

    @property
    def right(self) -> bool:
        return self.truth == self.classified.label.value


def main(arguments: Sequence[str]) -> int:
    """Print all tables; 0 also when the data is not there."""
    folder = Path(arguments[0]) if arguments else DEFAULT_FOLDER
    roles, titles = folder / "event_roles" / "dev.csv", folder / "job_titles" / "dev.csv"
    if roles.is_file():
        _print_roles(_rows(roles))
    else:
        print(f"skipped: {roles} is not there, so classification was not measured")
    if titles.is_file():
        _print_titles(_rows(titles))
    else:
        print(f"skipped: {titles} is not there, so title reading was not measured")
    return 0


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _print_roles(rows: Sequence[dict[str, str]]) -> None:
    judged: list[Judged] = []
    for name, with_company in (("headline only", False), ("headline and company", True)):
        started = time.perf_counter()
        judged = [_judge(row, with_company=with_company) for row in rows]
        each = (time.perf_counter() - started) / max(1, len(rows)) * 1000
        print(f"\n== Speaker / Sponsor / Other, {name}: {len(rows)} rows, {each:.3f} ms each")
        _print_classes(judged)
    _print_confusion(judged)
    _print_calibration(judged)
    _print_scores(judged)
    wrong = sorted((one for one in judged if not one.right), key=_boldness)
    print(f"\n-- disagreements, the most confident first ({len(wrong)}, at most 20 shown)")
    for one in wrong[:20]:
        words = ", ".join(reason.evidence for reason in one.classified.reasons if reason.evidence)
        print(
            f"{one.truth:8} read as {one.classified.label.value:8}"
            f" {one.classified.confidence:.2f}  {one.profile.position!r}  [{words}]"
        )


def _judge(row: dict[str, str], *, with_company: bool) -> Judged:
    profile = Profile(
        name="Some Body",
        position=row["headline"],
        company=row["company"] if with_company else "",
        linkedin_url="https://www.linkedin.com/in/some-body",
    )
    classified = classify(profile, criteria=CRITERIA)
    scored = calculate_score(profile, classified, CRITERIA)
    return Judged(row["label"], profile, classified, scored.score)


def _boldness(one: Judged) -> float:
    return -one.classified.confidence


def _print_classes(judged: Sequence[Judged]) -> None:
    scores = []
    for label in LABELS:
        said = [one for one in judged if one.classified.label.value == label]
        meant = [one for one in judged if one.truth == label]
        hits = sum(one.right for one in said)
        precision, recall = hits / max(1, len(said)), hits / max(1, len(meant))
        f1 = 2 * hits / max(1, len(said) + len(meant))
        scores.append(f1)
        print(f"{label:8} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}")
    print(f"macro-F1 {sum(scores) / len(scores):.3f}")


def _print_confusion(judged: Sequence[Judged]) -> None:
    counts = Counter((one.truth, one.classified.label.value) for one in judged)
    print("\n-- confusion: rows are the truth\n" + " " * 9 + "".join(f"{x:>9}" for x in LABELS))
    for truth in LABELS:
        print(f"{truth:9}" + "".join(f"{counts[truth, said]:9}" for said in LABELS))


def _print_calibration(judged: Sequence[Judged]) -> None:
    print("\n-- calibration: stated confidence against how often it was right")
    for low in range(0, 100, 10):
        inside = [
            one
            for one in judged
            if low <= min(99, round(one.classified.confidence * 100)) < low + 10
        ]
        if inside:
            stated = sum(one.classified.confidence for one in inside) / len(inside)
            right = sum(one.right for one in inside) / len(inside)
            print(f"0.{low // 10}+  n {len(inside):4}  stated {stated:.2f}  right {right:.2f}")


def _print_scores(judged: Sequence[Judged]) -> None:
    print("\n-- quality score by true label, with the default criteria")
    for label in LABELS:
        scores = sorted(one.score for one in judged if one.truth == label)
        if scores:
            passing = sum(score >= 6 for score in scores) / len(scores)
            middle = scores[len(scores) // 2]
            print(
                f"{label:8} lowest {scores[0]:4}  median {middle:4}  highest {scores[-1]:4}"
                f"  6.0 or more: {passing:.0%}"
            )


def _print_titles(rows: Sequence[dict[str, str]]) -> None:
    read = [(row, read_title(row["title"])) for row in rows]
    print(f"\n== titles: {len(rows)} rows")
    for name, answer in (("seniority", _level), ("function", _function)):
        known = [
            (row[name], answer(title)) for row, title in read if row[name] not in {"", "(none)"}
        ]
        right = sum(truth == said for truth, said in known)
        print(f"{name:9} accuracy {right / max(1, len(known)):.3f} of {len(known)}")
        misses = Counter(pair for pair in known if pair[0] != pair[1])
        for (truth, said), count in misses.most_common(6):
            print(f"    {count:3} x {truth} read as {said}")


def _level(title: Title) -> str:
    return LEVELS.get(title.seniority, "Other")


def _function(title: Title) -> str:
    """The data's four functions: there, who leads without a trade of his own is Business."""
    first = title.functions[0] if title.functions else None
    if first == "sales_marketing":
        return "Sales-Marketing"
    if title.seniority in {"founder", "vp"} or first == "leadership":
        return "Business"
    if first in {"technical", "research", "product"}:
        return "Technical"
    return "Business" if title.seniority in {"c_suite", "director"} else "Other"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
