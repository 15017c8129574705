"""Measures the quick figures and prints them as one table.

python -m benchmarks --sets FOLDER

The slow ones, of answers and of embedding, are `benchmarks.quality` and `benchmarks.embedding`.
"""

import argparse
from pathlib import Path

from benchmarks import speed
from benchmarks.table import print_table

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--sets", type=Path, required=True, help="the folder with squad2-train")
print_table(speed.measure(parser.parse_args().sets))
