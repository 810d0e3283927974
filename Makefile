# The commands of the project; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 7860
STAMP := $(VENV)/.installed
export HF_HUB_OFFLINE ?= 1
export GRADIO_ANALYTICS_ENABLED ?= False
export ANONYMIZED_TELEMETRY ?= False

.DEFAULT_GOAL := help
.PHONY: help setup serve test test-faults load-test check eval llm-smoke bench-retrieval bench-answers bench-scale fit clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

setup: $(STAMP)  ## create .venv and install what is pinned in .ci/constraints.txt
$(STAMP): pyproject.toml .ci/constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check -q -c .ci/constraints.txt torch
	$(BIN)/python -m pip install --disable-pip-version-check -q -c .ci/constraints.txt -e '.[dev]'
	@touch $@

serve: setup  ## index seeds/ and serve the chat on loopback
	$(BIN)/qa-service index
	$(BIN)/qa-service serve --host $(HOST) --port $(PORT)

test: setup  ## run all tests (browser tests are skipped without a browser)
	$(BIN)/python -m pytest

test-faults: setup  ## kill indexing 60 times at random points, fill the disk, damage files
	FAULT_KILLS=60 $(BIN)/python -m pytest tests/store tests/indexing/test_doctor.py

load-test: setup  ## ask from 16 clients for 2 x 5 minutes, then during 20 switches of the index
	$(BIN)/python tests/web/load_runner.py $(ARGS)

check: setup  ## lint, types, spelling
	$(BIN)/ruff check qa_service tests
	$(BIN)/mypy
	$(BIN)/typos

eval: setup  ## measure the service on the project's own question sets, with thresholds
	$(BIN)/python -m qa_service.evaluation.own_sets $(ARGS)

llm-smoke: setup  ## ask a small real LLM behind a real server (skips without its packages)
	$(BIN)/python -m pytest -q -rs --log-cli-level=INFO tests/answering/smoke_llm.py

bench-retrieval: setup  ## measure retrieval variants on DATA=folder (see README)
	$(BIN)/python -m qa_service.evaluation.bench_retrieval $(DATA) $(ARGS)

bench-answers: setup  ## measure answers on DATA=folder (see README)
	$(BIN)/python -m qa_service.evaluation.bench_answers $(DATA) $(ARGS)

bench-scale: setup  ## measure search at 100,000 passages
	$(BIN)/python -m qa_service.evaluation.bench_scale $(ARGS)

fit: setup  ## fit the kinds of answer and the scorer again; DATA=folder of the public sets (see README)
	$(BIN)/python -m qa_service.answering.fit_kinds $(DATA) qa_service/reading/corpus/*.jsonl.gz
	$(BIN)/python -m qa_service.answering.fit $(or $(WORK),/tmp/qa-service-fit) --share 0.25

clean:  ## remove the environment
	rm -rf $(VENV)
