import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import browsing
from live_server import fake_server


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    with fake_server(tmp_path_factory.mktemp("site"), poisoned=True) as url:
        yield url


@pytest.fixture(scope="session")
def chromium():
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        pytest.skip("chromium and chromedriver are not installed: .ci/run installs them")
    driver = browsing.start()
    yield driver
    driver.quit()
