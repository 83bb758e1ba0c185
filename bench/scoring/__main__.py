"""Amber's engines beside zen-engine and openfisca-core: CPU time a child, and ratios in one run.

Run by `bench/scoring/run`, which makes an environment of its own from the lock beside it.
"""

import platform
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version

from bench.scoring import openfisca, ours, zen
from bench.scoring.weights import NAMES, children

ROUNDS, FEW, SOME, MANY = 7, 20, 300, 20_000

Run = Callable[[], object]


def main() -> None:
    few, some, many = children(FEW), children(SOME), children(MANY)
    check_alike(few)
    one = {
        "Amber: total, band, floors": (ours.headlines_one_by_one(some), SOME),
        "Amber: total, band, floors, reasons": (ours.one_by_one(some), SOME),
        "Amber: the same, as the stored document": (ours.documents(some), SOME),
        "Amber: forecast, ask-next, nearest change": (ours.outlook(some), SOME),
        "Amber: why it changed": (ours.changes(some), SOME),
        "zen-engine: total, band, floors, days ready": (zen.one_by_one(some), SOME),
        "zen-engine: total, band, floors, from the same evidence": (zen.from_evidence(some), SOME),
        "zen-engine: the same, with its trace": (zen.traced(some), SOME),
        "openfisca-core: total and band": (openfisca.one_by_one(few), FEW),
    }
    bulk = {
        "NumPy int32 matrix times vector": (ours.bare_product(many), MANY),
        "Amber in columns: total, band, floors": (ours.headlines_in_bulk(many), MANY),
        "Amber in columns: interval, range, floors, status too": (ours.in_bulk(many), MANY),
        "zen-engine: total, band, floors, days ready": (zen.in_bulk(many), MANY),
        "openfisca-core: total and band": (openfisca.in_bulk(many), MANY),
    }
    show(f"{platform.machine()}, Python {platform.python_version()}, {len(NAMES)} indicators; ")
    packages = ("numpy", "zen-engine", "openfisca-core")
    show(", ".join(f"{name} {version(name)}" for name in packages) + "\n")
    table("One by one", one)
    table(f"A population of {MANY:,}", bulk)


def check_alike(few: list[ours.Child]) -> None:
    """They compute the same before they are timed."""
    answers = ours.one_by_one(few)()
    others = {
        "Amber, without reasons": ours.headlines_one_by_one(few)(),
        "Amber in columns, totals and bands": ours.listed(ours.headlines_in_bulk(few)()),
        "Amber in columns": ours.listed(ours.in_bulk(few)()),
        "zen-engine": zen.one_by_one(few)(),
        "zen-engine from the evidence": zen.from_evidence(few)(),
        "zen-engine, traced": zen.traced(few)(),
        "openfisca-core": openfisca.one_by_one(few)(),
        "openfisca-core in bulk": ours.listed(openfisca.in_bulk(few)()),
    }
    for name, other in others.items():
        if other != answers:
            raise SystemExit(f"{name} computes something else")


def table(title: str, runs: dict[str, tuple[Run, int]]) -> None:
    """Timed in turns, so that the machine's moods hit all alike; the first is the measure."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, (run, number) in runs.items():
            times[name].append(cpu(run) / number * 1e6)
    first = statistics.median(next(iter(times.values())))
    head = f"{title}, microseconds a child | median | lowest to highest | times the first"
    show(f"\n| {head} |\n|---|---|---|---|\n")
    for name, found in times.items():
        median = statistics.median(found)
        spread = f"{min(found):.3g} to {max(found):.3g}"
        show(f"| {name} | {median:.3g} | {spread} | {median / first:.3g} |\n")


def cpu(run: Run) -> float:
    run()  # once unmeasured: caches and memory are warm for everyone
    start = time.process_time()
    run()
    return time.process_time() - start


def show(text: str) -> None:
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
