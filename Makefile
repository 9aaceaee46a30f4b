# Two commands do all the set-up: `make verify` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
BOOKS := $(wildcard workbooks/*/*.xlsx)
MODELS := $(patsubst %/model/settings.csv,%,$(wildcard workbooks/*/model/settings.csv))
REPORT := build/verification

.PHONY: verify model test test-full lint format docs workbook bench clean help

help:
	@echo "make verify     recalculate and verify the published workbooks"
	@echo "make model      run the demand model of the published workbooks"
	@echo "make test       run the tests"
	@echo "make test-full  run the tests over whole corpora too (long)"
	@echo "make lint       style, types and import directions"
	@echo "make docs       write docs/functions.md and the generated parts of other pages"
	@echo "make workbook   build the published workbooks from their tables"
	@echo "make bench      side-by-side measurements against other tools"

$(VENV)/ready: pyproject.toml
	@echo "Setting up Python in $(VENV) (once; a minute or two) ..."
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed; there is no program $(PYTHON) here. Try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is %s. Try: make PYTHON=python3.12" % sys.version.split()[0])'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) lacks the parts that make virtual environments. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready
	@echo "Installing what the tests need (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(VENV)/ready-model: $(VENV)/ready
	@echo "Installing what the demand model needs (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[model]'
	@touch $@

verify: $(VENV)/ready
	@echo "Recalculating and verifying $(BOOKS) ..."
	@$(BIN)/xlmodel verify $(BOOKS) --report $(REPORT)

model: $(VENV)/ready-model
	@for p in $(MODELS); do echo "Running the demand model of $$p ..."; $(BIN)/xlmodel model run $$p || exit 1; done

test: $(VENV)/ready-dev
	@echo "Running the tests (about twelve minutes on two cores) ..."
	@$(BIN)/python -m pytest -q -n auto -m "not full" --hypothesis-profile=seeded

test-full: $(VENV)/ready-dev
	@echo "Running the tests over whole corpora ..."
	@$(BIN)/python -m pytest -q -s -m "full or not full"

lint: $(VENV)/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/ready-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/ready-dev
	$(BIN)/python docs/generate.py
	$(BIN)/python -m xlmodel.inputs.reference docs/inputs.md

workbook: $(VENV)/ready-dev
	@for p in $(MODELS); do $(BIN)/xlmodel build $$p || exit 1; done

bench: $(VENV)/ready-dev
	@for b in reading calling functions_by_column scenarios simulation ssda903 engines; do echo "== $$b"; $(BIN)/python -m benchmarks.$$b || exit 1; done

clean:
	rm -rf build dist $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
