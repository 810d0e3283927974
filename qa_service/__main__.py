"""`python -m qa_service`."""

import sys

from qa_service.cli import main

sys.exit(main())
