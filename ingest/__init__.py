"""Turns files, links and feeds into articles and passages of the archive."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.pipeline import Pipeline
    from ingest.report import Report

__all__ = ["Pipeline", "Report"]


def __getattr__(name: str) -> Any:
    """Import an exported name when it is first used: `import ingest` stays instant."""
    if name == "Pipeline":
        from ingest.pipeline import Pipeline

        return Pipeline
    if name == "Report":
        from ingest.report import Report

        return Report
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
