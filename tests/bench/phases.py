"""Prints the phases of a text report of the job, one "phase seconds" a line: phases.py REPORT"""

import re
import sys

with open(sys.argv[1], encoding="utf-8") as report:
    took = re.search(r"took [\d.]+\s+s\s+\(([^)]*)\)", report.read())
for phase in took.group(1).split(",") if took else []:
    print(" ".join(phase.split()))  # the report breaks its lines
