"""The architecture page has a line for every module of the product, and for no other."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "ingest", "vectorstore")


def test_every_module_has_its_line() -> None:
    page = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    listed = set()
    for folder, table in re.findall(r"^### `([\w/]+)/`\n(.*?)(?=^##)", page, re.M | re.S):
        listed |= {f"{folder}/{name}" for name in re.findall(r"^\| `(\w+\.py)` \|", table, re.M)}
    modules = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if path.name != "__init__.py" and "migrations" not in path.parts
    }
    assert {line for line in listed if line.startswith(PACKAGES)} == modules
