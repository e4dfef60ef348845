# Every target sets up what it needs; `make demo` and `make test` are enough on a fresh machine.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
PORT ?= 7860
HOST ?= 127.0.0.1

.PHONY: setup demo test check bench browser defaults

setup: $(VENV)/.ready

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: requirements.txt | $(VENV)/bin/python
	$(RUN) -m pip install --quiet --requirement requirements.txt
	touch $@

$(VENV)/.ready-tests: tests/requirements.txt requirements-sweep.txt $(VENV)/.ready
	$(RUN) -m pip install --quiet --requirement tests/requirements.txt
	touch $@

demo: setup
	@echo "The lab starts on http://$(HOST):$(PORT)"
	GRADIO_SERVER_NAME=$(HOST) $(RUN) app.py $(PORT)

browser:
	@sh tests/browser/install.sh

# Two tests at a time, each on one core, those of the page file by file; then a class, whose server takes both.
test: $(VENV)/.ready-tests browser
	OMP_NUM_THREADS=1 $(RUN) -m pytest --numprocesses 2 --dist worksteal --ignore tests/browser --ignore tests/load
	OMP_NUM_THREADS=1 $(RUN) -m pytest --numprocesses 2 --dist loadfile tests/browser
	$(RUN) -m pytest tests/load

check: $(VENV)/.ready-tests
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy

bench: $(VENV)/.ready-tests browser
	$(RUN) -m tests.benchmarks

defaults: setup
	$(RUN) -m demos._defaults
