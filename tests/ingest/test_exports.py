import subprocess
import sys

import ingest
from ingest.pipeline import Pipeline
from ingest.report import Report


def test_package_exports_the_names_people_need() -> None:
    assert (ingest.Pipeline, ingest.Report) == (Pipeline, Report)


def test_importing_the_package_imports_nothing_else() -> None:
    code = "import ingest, sys; print([name for name in sys.modules if name.startswith('ingest.')])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
