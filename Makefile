# Nearmade. `make` alone lists the commands.

PYTHON ?= python3
BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header \
	--no-annotate --python-version 3.11

# Two tests at a time, those of one file by one process: they share what they start.
TWO := -n 2 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help setup run test check format bench oracles lock clean

help: ## list the commands
	@echo "Nearmade: made near where it is needed. Commands:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: ## set up what running needs, into .venv/
	@$(PYTHON) tools/set_up.py --only run

run: setup ## start the platform with a demo network and print its address
	@$(BIN)/nearmade up --demo

test: ## set up the tests' programs too, then run the whole suite
	@$(PYTHON) tools/set_up.py --only test
	@# Journeys are impatient, as people are: they run one after another.
	@$(BIN)/python -m pytest -m journey; alone=$$?; \
	$(BIN)/python -m pytest $(TWO) -m "not journey" && exit $$alone

check: ## format, lint, types, floors, sizes, docs and all quick tests
	@$(PYTHON) tools/set_up.py --only check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest $(TWO) -m "not outside and not journey and not database"

format: ## format and mend what ruff can
	@$(PYTHON) tools/set_up.py --only check
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: ## measure against published instances and stated budgets
	@$(PYTHON) tools/set_up.py --only test
	$(BIN)/python -m pytest benchmarks

oracles: ## check our figures against pvlib, PySAM and Brightway themselves (700 MB)
	@$(PYTHON) tools/set_up.py --only test
	@$(PYTHON) tools/set_up.py --only oracles
	$(BIN)/python -m pytest -m oracle -rs

lock: ## compile the hash-pinned requirements files again
	@$(PYTHON) tools/set_up.py --only check
	$(COMPILE) pyproject.toml --group dev -o requirements/test.txt
	$(COMPILE) pyproject.toml -c requirements/test.txt -o requirements/run.txt
	$(COMPILE) requirements/build.in -c requirements/test.txt -o requirements/build.txt
	$(COMPILE) requirements/uv.in -o requirements/uv.txt
	$(COMPILE) requirements/octoprint.in \
		--override requirements/octoprint-overrides.in -o requirements/octoprint.txt
	$(COMPILE) requirements/step.in -o requirements/step.txt
	$(COMPILE) --group oracles -o requirements/oracles.txt

clean: ## remove what set-up and builds made
	rm -rf .venv .octoprint-venv .step-venv .oracles-venv build dist web/node_modules \
		src/nearmade/cloud/pages/static/built
