import os

import pytest
from fixed_points import SEEDS

for name, value in {
    "HF_HUB_OFFLINE": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "ANONYMIZED_TELEMETRY": "False",
    "TOKENIZERS_PARALLELISM": "false",
}.items():
    os.environ.setdefault(name, value)


@pytest.fixture(scope="session")
def seed_index(tmp_path_factory):
    """An index of the seeds, built by the command that users run."""
    from qa_service.cli import main

    folder = tmp_path_factory.mktemp("seed-index")
    assert main(["index", str(SEEDS), "--index-dir", str(folder)]) == 0
    return folder


@pytest.fixture(scope="session")
def seed_service(seed_index):
    """The real service over the seeds: real model, real store."""
    from qa_service.service import QAService
    from qa_service.settings import load_settings

    return QAService.open(load_settings(index_dir=seed_index))
