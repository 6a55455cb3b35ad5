# Everything a developer or a school's technician types. `make` alone lists it.
#
# Needs make, git, a Python 3.12+ and a package registry; the rest comes into .venv by itself (scripts/bootstrap.sh).
# PYTHON=/path/python3.13 names the interpreter; ARGS="…" goes to the command behind the target.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help ready demo test test-deep lint bench requirements lock clean

ARGS :=
# The plugin that turns a skip into a failure under CI=true, and the req marks, are loaded by pyproject.toml.
# What pytest has made of the tests is stored, whatever the environment says: three workers would make it anew each time.
PYTEST := PYTHONDONTWRITEBYTECODE= .venv/bin/pytest --durations=10 --durations-min=0.5

help: ## этот список | this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { split($$2, said, / \| /); \
	  printf "  make %-14s %s\n  %-19s %s\n", $$1, said[1], "", said[2] }' Makefile

ready: ## подготовить .venv (остальные команды делают это сами) | prepare .venv (every other target does it by itself)
	@sh scripts/bootstrap.sh

demo: ready ## попробовать: целая школа на этой машине; ARGS=--check играет без человека | try it: a whole school on this machine; ARGS=--check plays the scenario without a person
	@.venv/bin/zvonok demo $(ARGS)

test: ready ## все проверки перед сдачей: единичные, связанные, приёмочные, имитация; меньше десяти минут | the gate: unit, integration, acceptance tests and the simulation, under ten minutes
	@.venv/bin/python -m scripts.debian_packages
	@.venv/bin/python -m compileall -q bot core gateway migrations notifiers scripts texts web zvonok tests
	@# What waits most comes first: at the end it would wait alone.
	@$(PYTEST) -n 3 --dist worksteal -m "not deep" $(or $(ARGS),tests/acceptance tests/simulation tests/integration tests/unit)

test-deep: ready ## долгие прогоны: имитации, большие проверки свойств | the long runs: simulations, large property tests
	@$(PYTEST) -n 3 --dist worksteal -m deep $(ARGS) || { code=$$?; \
	  [ $$code -ne 5 ] || echo "make test-deep: no test is marked deep, nothing was run" >&2; exit $$code; }

lint: ready ## ruff, format, mypy, стены между пакетами, ни одного адреса реестра в коде | ruff, format, mypy, the walls between packages, no registry host in the tree
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo
	@.venv/bin/python -m scripts.check_hosts

bench: ready ## измерить; ARGS называет замеры | measure; ARGS names the benches
	@.venv/bin/python -m bench $(ARGS)

requirements: ready ## какие требования проверены; ARGS=ATT — одна область, ARGS=ATT-01 — одно | which requirements tests check; ARGS=ATT lists one area, ARGS=ATT-01 one of them
	@.venv/bin/python -m scripts.requirements $(ARGS)

lock: ready ## пересобрать requirements.lock по pyproject.toml (с хешами, без адресов) | resolve pyproject.toml anew into requirements.lock (hashes, no addresses)
	@sh scripts/lock.sh

clean: ## удалить .venv и кэши; данные в var/ остаются | remove .venv and caches; the data in var/ stay
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
