# Each target sets up what it needs (scripts/setup.sh says what it does) and works as root and as an ordinary user.
PYTEST_FLAGS ?= -n 2 --dist loadfile
SOAK_ROUNDS ?= 20
BIN := .venv/bin

.PHONY: help run test check soak bench format clean

help:
	@echo 'make run      the bot with the demo community, in the browser'
	@echo 'make test     all tests'
	@echo 'make check    lint, format, types, import rules'
	@echo 'make soak     kill and restart, $(SOAK_ROUNDS) times on each database (minutes)'
	@echo 'make bench    the figures of benchmarks/README.md (minutes)'
	@echo 'make format   let ruff format and sort'
	@echo 'make clean    remove the environment and caches; data stays'

run:
	@scripts/setup.sh run
	@$(BIN)/python -m bot run

test:
	@scripts/setup.sh test
	@scripts/test.sh $(PYTEST_FLAGS)

check:
	@scripts/setup.sh check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

soak:
	@scripts/setup.sh check
	LOUQUN_SOAK_ROUNDS=$(SOAK_ROUNDS) $(BIN)/python -m pytest tests/soak --timeout 3600

bench:
	@scripts/setup.sh bench
	@scripts/bench.sh

format:
	@scripts/setup.sh check
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

clean:
	rm -rf .venv tests/puppet/node_modules .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .hypothesis
