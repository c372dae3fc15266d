"""The table of measures against their targets, and results.json: report.py OUT

OUT/samples.tsv has a line a sample: measure, number of tenants, value. Figures are medians; the range follows
them. A row whose samples were not taken is left out.
"""

import json
import os
import platform
import statistics
import sys
from collections import defaultdict
from dataclasses import dataclass
from typing import Callable, Optional

import growth


class Samples:
    def __init__(self, path):
        self.values = defaultdict(list)
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                measure, tenants, value = line.rstrip("\n").split("\t")
                self.values[measure, int(tenants)].append(float(value))

    def of(self, measure, tenants):
        """The median; KeyError where it was not measured."""
        if (measure, tenants) not in self.values:
            raise KeyError(measure)
        return statistics.median(self.values[measure, tenants])

    def range(self, measure, tenants):
        return min(self.values[measure, tenants]), max(self.values[measure, tenants])

    def sizes(self):
        return sorted({tenants for _, tenants in self.values})


@dataclass
class Measure:
    """`value` and `baseline` take (samples, tenants); the figure is their quotient, or the value alone."""

    id: str
    what: str
    unit: str
    value: Callable
    target: Optional[Callable]  # None: it explains another measure
    baseline: Optional[Callable] = None
    at_least: bool = False


def median_of(measure, scale=1.0):
    return lambda samples, tenants: samples.of(measure, tenants) * scale


def tenth(measure):
    """The same with a tenth of the tenants."""
    return lambda samples, tenants: samples.of(measure, tenants // 10)


def per_tenant(measure):
    return lambda samples, tenants: samples.of(measure, tenants) / tenants


def bytes_per_legacy_tenant(samples, tenants):
    return (samples.of("legacy_rss_kib", tenants) - samples.of("plan_rss_kib", tenants)) * 1024 / tenants


def no_more_than(figure):
    return lambda tenants: figure


HISTORY_COMMANDS = {
    "undo, the look": "undo_look", "undo, the look as json": "undo_look_json", "undo": "undo", "history": "history",
    **{f"show, as {form}": f"show_{form}" for form in ("text", "json", "jsonl", "csv", "markdown", "html")},
}

MEASURES = [
    Measure("T1", "plan, in sync / reading floor", "s", median_of("plan_s"), no_more_than(1.0),
            median_of("reading_floor_s")),
    Measure("T2", "plan, in sync / diff in SQL", "s", median_of("plan_s"), no_more_than(0.8),
            median_of("sql_diff_s")),
    Measure("T3", "plan, in sync: peak memory", "MiB", median_of("plan_rss_kib", 1 / 1024), no_more_than(24)),
    Measure("T3", "... / with a tenth of the tenants", "KiB", median_of("plan_rss_kib"), no_more_than(1.1),
            tenth("plan_rss_kib")),
    Measure("T4", "apply, all missing / one statement", "s", median_of("apply_s"), no_more_than(1.6),
            median_of("one_statement_s")),
    Measure("T5", "old path / apply, a tenant, over the link", "s", median_of("old_path_link_tenant_s"),
            no_more_than(30), per_tenant("apply_link_s"), at_least=True),
    Measure("T5", "... on a socket", "s", median_of("old_path_tenant_s"), no_more_than(12),
            per_tenant("apply_s"), at_least=True),
    Measure("T6", "apply: longest write transaction", "ms", median_of("apply_longest_transaction_ms"),
            no_more_than(300)),
    Measure("T6", "... creations seen waiting for its locks", "", median_of("apply_lock_waits"), no_more_than(0)),
    Measure("T7", "creation p95 beside apply / one stmt", "ms", median_of("creation_apply_p95_ms"),
            no_more_than(1.1), median_of("creation_one_statement_p95_ms")),
    Measure("T8", "apply, 0.1 % drift / plan, in sync", "s", median_of("nightly_s"),
            lambda tenants: 1.15 if tenants >= 1_000_000 else 1.25, median_of("plan_s")),
    Measure("T8", "... of it, two passes in SQL / plan", "s", median_of("nightly_passes_s"), None,
            median_of("plan_s")),
    Measure("T9", "apply, all legacy / apply, all missing", "s", median_of("legacy_s"), no_more_than(0.7),
            median_of("apply_s")),
    Measure("T9", "... memory a legacy tenant", "B", bytes_per_legacy_tenant, no_more_than(1024)),
    Measure("T10", "plan / with a tenth of the tenants", "s", median_of("plan_s"), no_more_than(10),
            tenth("plan_s")),
    Measure("T11", "plan of 10 tenants / psql select 1", "s", median_of("plan_s"), no_more_than(3),
            median_of("select_1_s")),
    Measure("T12", "plan, in sync: round trips", "", median_of("round_trips"), no_more_than(22)),
    *[Measure("T13", f"memory: {what}", "MiB", median_of(f"{measure}_rss_kib", 1 / 1024), no_more_than(64))
      for what, measure in HISTORY_COMMANDS.items()],
    Measure("T14", "crowd of one name / different names: time", "s", median_of("crowd_s"), no_more_than(1.5),
            median_of("strangers_s")),
    Measure("T14", "... memory", "KiB", median_of("crowd_rss_kib"), no_more_than(1.5),
            median_of("strangers_rss_kib")),
    Measure("T14", "... size of the report", "B", median_of("crowd_report_b"), no_more_than(1.5),
            median_of("strangers_report_b")),
    Measure("T15", "apply, all missing, over the link / on a socket", "s", median_of("apply_link_s"),
            no_more_than(1.3), median_of("apply_s")),
    Measure("T16", "adoptions of 200 kB each: peak memory", "MiB", median_of("bytes_rss_kib", 1 / 1024),
            no_more_than(96)),
    Measure("T16", "... longest transaction", "ms", median_of("bytes_longest_transaction_ms"), no_more_than(1000)),
    Measure("T17", "undo of creates / apply", "s", median_of("undo_s"), no_more_than(2), median_of("made_s")),
    Measure("T17", "... longest transaction", "ms", median_of("undo_longest_transaction_ms"), no_more_than(500)),
    Measure("T17", "undo of repaired contacts / apply", "s", median_of("unrepair_s"), no_more_than(2),
            median_of("repair_s")),
    Measure("T17", "... longest transaction", "ms", median_of("unrepair_longest_transaction_ms"),
            no_more_than(500)),
    Measure("T18", "apply, nothing to do / plan", "s", median_of("idle_s"), no_more_than(1.1),
            median_of("plan_before_idle_s")),
    Measure("T18", "creation p95 beside one every 10 s / alone", "ms", median_of("creation_frequent_p95_ms"),
            no_more_than(1.1), median_of("creation_still_p95_ms")),
    Measure("T18", "... rows in the journal", "", median_of("idle_journal_rows"), no_more_than(0)),
    Measure("empty", "apply, no company anywhere / apply", "s", median_of("empty_s"), no_more_than(1.25),
            median_of("apply_s")),
]


def evaluate(measure, samples, tenants):
    """One row of the table, or None where a sample lacks."""
    try:
        value = measure.value(samples, tenants)
        baseline = measure.baseline(samples, tenants) if measure.baseline else None
    except KeyError:
        return None
    figure = value / baseline if baseline else value
    target = measure.target(tenants) if measure.target else None
    ok = target is None or (figure >= target if measure.at_least else figure <= target)
    return {"id": measure.id, "what": measure.what, "tenants": tenants, "unit": measure.unit, "value": value,
            "baseline": baseline, "figure": figure, "target": target,
            "at_least": measure.at_least, "verdict": "-" if target is None else "ok" if ok else "over"}


def rows_of(samples):
    rows = []
    for measure in MEASURES:
        for tenants in samples.sizes():
            # With 10 tenants all but the start of the process is noise.
            if (measure.id == "T11") == (tenants == 10):
                rows.append(evaluate(measure, samples, tenants))
    return [row for row in rows if row]


def number(value):
    if value is None:
        return "-"
    if value == 0 or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}"


def print_targets(rows):
    form = "{:<6}{:<42}{:>9}{:>10} {:<4}{:>9}{:>9}  {:>7}  {}"
    print(form.format("", "measure", "tenants", "value", "", "baseline", "figure", "target", "verdict"))
    for row in rows:
        bound = (">= " if row["at_least"] else "<= ") + number(row["target"]) if row["verdict"] != "-" else "-"
        print(form.format(row["id"], row["what"], row["tenants"], number(row["value"]), row["unit"],
                          number(row["baseline"]), number(row["figure"]), bound, row["verdict"]))


def print_samples(samples):
    form = "{:<40}{:>9}{:>10}{:>10}{:>10}{:>6}"
    print(form.format("samples", "tenants", "median", "min", "max", "runs"))
    for measure, tenants in sorted(samples.values):
        low, high = samples.range(measure, tenants)
        print(form.format(measure, tenants, number(samples.of(measure, tenants)), number(low), number(high),
                          len(samples.values[measure, tenants])))


def main(out):
    samples = Samples(os.path.join(out, "samples.tsv"))
    rows = rows_of(samples)
    print_samples(samples)
    print()
    print_targets(rows)
    with open(os.path.join(out, "results.json"), "w", encoding="utf-8") as file:
        json.dump({"machine": {"processors": os.cpu_count(), "system": platform.platform()}, "measures": rows,
                   "samples": [{"measure": measure, "tenants": tenants, "values": values}
                               for (measure, tenants), values in sorted(samples.values.items())]},
                  file, indent=2)
    growth.draw(samples, os.path.join(out, "growth.svg"))
    print(f"\n{out}/results.json, {out}/growth.svg")


if __name__ == "__main__":
    main(sys.argv[1])
