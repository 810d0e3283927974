"""`qa-service doctor`."""

from __future__ import annotations

import argparse

from qa_service.cli.common import settings_of
from qa_service.cli.index_command import pipeline_for
from qa_service.indexing.doctor import Finding, diagnose, repair


def run(options: argparse.Namespace) -> int:
    """Says what is wrong, and mends it with `--repair`; 1 where something is wrong and stays so."""
    settings = settings_of(options)
    pipeline = pipeline_for(settings)
    if options.repair:
        for line in repair(settings.index_dir, pipeline=pipeline):
            print(line)
    findings = diagnose(settings.index_dir, pipeline=pipeline)
    for finding in findings:
        print(_as_text(finding))
    wrong = [finding for finding in findings if not finding.harmless]
    if not wrong:
        print("The index is sound.")
    return 1 if wrong else 0


def _as_text(finding: Finding) -> str:
    remedy = f" Run `{finding.remedy}`." if finding.remedy else ""
    return f"{finding.subject}: {finding.problem}{remedy}"
