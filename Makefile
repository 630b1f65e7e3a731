# make run: the app on 127.0.0.1 (PORT=8501).   make test: every check and test.   make bench: the speed, as ratios.
# make soak: the tests of what is never lost with many more points, for an hour or so.
PORT ?= 8501
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check audit bench soak sample clean

run: .venv/run.done
	$(BIN)/python -m sop run --port $(PORT)

test: check
	$(BIN)/python -m pytest -n 3 --dist loadgroup

check: .venv/dev.done
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --disable-progress-bar --processes 2 queries

audit:
	PYTHON=$(PYTHON) .ci/audit

bench: .venv/dev.done
	$(BIN)/python -m bench

soak: .venv/dev.done
	SOAK=1 $(BIN)/python -m pytest -n 2 tests/test_killed.py tests/test_power.py tests/test_readers.py
	SOAK=1 $(BIN)/python -m pytest tests/test_engine.py

sample: .venv/run.done
	$(BIN)/python -m sop sample --out data/sample

.venv/run.done: requirements.txt constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/dev.done: .venv/run.done requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

clean:
	rm -rf .venv .venv-audit .mypy_cache .pytest_cache .ruff_cache
