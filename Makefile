# Every target makes .venv first when it is missing. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SEEDS ?= 2000
DAYS ?= 8

.DEFAULT_GOAL := help
.PHONY: help install run test soak check bench kills duo evaluate fix

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

install: $(STAMP) ## make .venv with the product and its test extras

$(STAMP): pyproject.toml .ci/constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint .ci/constraints.txt --editable '.[test]'
	@touch $@

run: $(STAMP) ## DAYS=8 working days in the sandbox, in about a minute: no key, no network
	@INGAGENTS_SANDBOX__DAYS=$(DAYS) $(BIN)/ingagents run

test: $(STAMP) ## the whole test suite
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

soak: $(STAMP) ## many seeds of the simulation: SEEDS=10000
	$(BIN)/python -m tests.simulation --seeds $(SEEDS)

check: $(STAMP) ## format, lint, import rules, types, tests: what CI runs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

bench: $(STAMP) ## the benchmarks: a table, and bench.json; LARGE=1: a million leads too
	$(BIN)/python -m tests.benchmarks $(if $(LARGE),--large)

kills: $(STAMP) ## a department dies at every boundary of its day, on both databases: half an hour
	$(BIN)/python -m tests.kills

duo: $(STAMP) ## processes that share a PostgreSQL, all killed at random for MINUTES=5
	$(BIN)/python -m tests.kills.duo --minutes $(or $(MINUTES),5)

evaluate: $(STAMP) ## how good the rules are, measured on labelled data (DATA=folder)
	$(BIN)/ingagents evaluate --task classify $(if $(DATA),--data $(DATA))
	$(BIN)/ingagents evaluate --task replies $(if $(DATA),--data $(DATA))
	$(BIN)/ingagents evaluate --task messages $(if $(DATA),--data $(DATA))

fix: $(STAMP) ## format, and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
