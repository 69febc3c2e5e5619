# What a developer types: make run · make test · make check · make bench.
# Needs Python 3.11 or later, git and make; sets up everything else itself, in .venv.

PORT ?= 8501
VEBS_DATA ?= data
export PORT VEBS_DATA
export PYTHONUTF8 := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

PY := .venv/bin/python
# The whole set of versions, so that two machines a year apart run the same thing.
PIP_INSTALL := $(PY) -m pip install -qq --constraint config/constraints.txt
RUN_READY := .venv/.ready-to-run
TEST_READY := .venv/.ready-to-test
PYTEST_ARGS ?=
# One worker more than there are processors: some tests wait for a browser or for a reading to come due.
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)

.DEFAULT_GOAL := help
.PHONY: help setup setup-test tools run test test-fast check bench soak audit pins screenshots clean

help:
	@echo "make run        open the app on the demo register, on port $(PORT), with the workbook in $(VEBS_DATA)/"
	@echo "make test       everything: check, then all tests, the ones in a browser included"
	@echo "make test-fast  the tests that need no browser, no LibreOffice and no server"
	@echo "make check      ruff, mypy, import-linter and the gate of every page"
	@echo "make bench      print the performance table"
	@echo "make soak       the tests with the full numbers of rounds (an hour or more)"
	@echo "make setup      only set up .venv;  make clean  take it away again (data/ stays)"

# --- Setting up --------------------------------------------------------------------------------------

# The first Python that is new enough and can make environments. Tried by running it: a name on the
# path may be a stand-in for a version that is not installed.
$(PY):
	@found=; old=; \
	for python in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    old=; found="$$python"; \
	    if "$$python" -c 'import venv, ensurepip' 2>/dev/null; then break; fi; \
	    old="$$python"; found=; \
	  fi; \
	done; \
	if [ -n "$$found" ]; then \
	  echo "Making .venv with $$("$$found" --version)"; "$$found" -m venv .venv; \
	elif [ -n "$$old" ]; then \
	  echo "$$old lacks the module venv: install it (Debian and Ubuntu: sudo apt-get install python3-venv)." >&2; exit 1; \
	else \
	  echo "No Python 3.11 or later was found: install one (Debian and Ubuntu: sudo apt-get install python3 python3-venv)." >&2; exit 1; \
	fi

$(RUN_READY): requirements.txt config/constraints.txt | $(PY)
	@echo "Installing what the app needs"
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(TEST_READY): tests/requirements.txt $(RUN_READY)
	@echo "Installing what the tests need"
	@$(PIP_INSTALL) -r tests/requirements.txt
	@touch $@

setup: $(RUN_READY)

setup-test: $(TEST_READY)

# A browser is a must, LibreOffice is not: without it the tests that open our files in it are skipped.
tools: $(TEST_READY)
	@$(PY) -m tests.browser.find --install

# --- Running -----------------------------------------------------------------------------------------

run: $(RUN_READY)
	@$(PY) -m services demo --data "$(VEBS_DATA)" --if-empty
	@$(PY) -m streamlit run app.py --server.port $(PORT)

# --- Testing -----------------------------------------------------------------------------------------

test: tools check
	@$(PY) -m pytest -q -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

test-fast: $(TEST_READY)
	@$(PY) -m pytest -q -n auto -m "not slow" $(PYTEST_ARGS)

check: $(TEST_READY)
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --quiet --check . || { echo "Not formatted: $(PY) -m ruff format ." >&2; exit 1; }
	@$(PY) -m mypy --no-error-summary
	@PYTHONPATH=. .venv/bin/lint-imports --no-cache > .venv/lint-imports.log || { cat .venv/lint-imports.log; exit 1; }
	@$(PY) -m pytest -q --no-header tests/test_pages_gate.py

soak: tools
	@VEBS_SOAK=1 $(PY) -m pytest -q -n auto --dist worksteal $(PYTEST_ARGS)

bench: $(TEST_READY)
	@$(PY) -m tests.benchmarks

audit: $(TEST_READY)
	@$(PY) -m pip_audit --requirement config/constraints.txt --no-deps --disable-pip

screenshots: tools
	@$(PY) -m tests.browser.screenshots .state/screenshots

# --- Keeping house -----------------------------------------------------------------------------------

# After a change of requirements.txt or tests/requirements.txt: choose the newest of what they leave open.
pins: $(PY)
	@rm -rf .state/pins && mkdir -p .state
	@$(PY) -m venv .state/pins
	@.state/pins/bin/python -m pip install -qq -r tests/requirements.txt
	@{ sed -n '/^#/p' config/constraints.txt; .state/pins/bin/python -m pip freeze; } > .state/pins.txt
	@mv .state/pins.txt config/constraints.txt
	@rm -rf .state/pins

clean:
	@rm -rf .venv .state/pins .state/screenshots .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
