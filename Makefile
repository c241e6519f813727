# `make demo` makes the environment and simulates the flagship; `make test` runs every check.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out

.PHONY: demo bank test static kernel verify mutants benchmark docs clean

demo: $(VENV)/.installed
	$(BIN)/ccsim run scenarios/global_support.yaml --out $(OUT)/global_support --force
	@echo
	@echo "The report is $(OUT)/global_support/report.html: open it in a browser."
	@echo "'make bank' simulates a real bank's call centre of 1999 beside what it recorded."

bank: $(VENV)/.installed
	$(BIN)/python experiments/bank_1999/make_page.py --out $(OUT)/bank_1999
	@echo
	@echo "The page is $(OUT)/bank_1999/index.html: open it in a browser."

test: $(VENV)/.installed-dev
	$(MAKE) --no-print-directory --jobs 2 static kernel
	$(BIN)/pytest -m "not verify" -n 2 --dist loadfile

static: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/lint-imports --config tests/import_circles.ini
	$(BIN)/mypy

# Compiles the kernel, which takes minutes, once for all the processes of the tests: they take it from the disk.
kernel: $(VENV)/.installed
	@$(BIN)/ccsim run scenarios/erlang_a.yaml --replications 1 --no-report --quiet --force --out $(OUT)/kernel >/dev/null

verify: $(VENV)/.installed-dev
	$(BIN)/python -m tests.verify
	$(BIN)/pytest -m verify tests/experiments tests/engine tests/cli

mutants: $(VENV)/.installed-dev
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[mutation]"
	$(BIN)/python -m experiments.mutants --out $(OUT)/mutants

benchmark: $(VENV)/.installed-dev
	$(BIN)/python -m experiments.benchmark

docs: $(VENV)/.installed
	$(BIN)/python -m docs.generate

clean:
	rm -rf $(VENV) build out .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 14) else "ccsim needs Python 3.11, 3.12 or 3.13 (make PYTHON=python3.12 ...)")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@
