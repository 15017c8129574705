"""A table of measured figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured number, and the bound it was to reach."""

    name: str
    value: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def bound(self) -> str:
        if self.at_least is not None:
            return f"at least {self.at_least:g}"
        return f"at most {self.at_most:g}" if self.at_most is not None else ""

    @property
    def reached(self) -> bool:
        above = self.at_least is None or self.value >= self.at_least
        return above and (self.at_most is None or self.value <= self.at_most)


def print_table(figures: Sequence[Figure]) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("figure")
    table.add_column("measured", justify="right")
    table.add_column("wanted")
    for figure in figures:
        mark = "" if figure.reached else "  (not reached)"
        table.add_row(figure.name, f"{figure.value:.3f}", figure.bound + mark)
    Console().print(table)
