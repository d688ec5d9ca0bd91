# `make demo` and `make test` are the whole set-up: they need python3 (with venv), git and make.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
UV := $(shell command -v uv || echo .venv/bin/uv)
BIN := .venv/bin

.PHONY: help demo test lint format bench figures lock clean

help: ## say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: .venv/run-time ## install and start the demo on http://localhost:8000/ (PORT=8765 moves it)
	@DEMO=1 exec $(BIN)/python manage.py serve

test: .venv/everything ## the whole suite, on SQLite and on PostgreSQL when one answers
	@$(BIN)/python -m tests.run

lint: .venv/everything ## every check that needs no test
	@$(BIN)/python -m tests.lint

format: .venv/everything ## put the code in order
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

bench: .venv/everything ## time the hot pages beside bare views, on PostgreSQL
	@$(BIN)/python -m bench

figures: .venv/everything ## draw the figures that poses changed
	@$(BIN)/python -m exercises.figures build

lock: .venv/everything ## resolve the dependencies again
	@$(UV) lock && $(UV) export --quiet --no-dev --no-emit-project --format requirements-txt -o requirements.txt

clean: ## forget the demo's data
	@rm -rf var

# A second try with the machine's own certificates: behind a proxy that brings its own, uv's bundle knows nothing of it.
define sync
$(UV) sync --frozen --inexact --quiet $(1) || UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1 $(UV) sync --frozen --inexact --quiet $(1)
endef

# uv comes through pip when the machine has none; `--inexact` keeps it.
.venv/bin/python:
	@$(PYTHON) -m venv .venv
	@command -v uv >/dev/null || .venv/bin/python -m pip install --quiet --disable-pip-version-check uv

.venv/run-time: uv.lock | .venv/bin/python
	@{ $(call sync,); } && touch $@

.venv/everything: uv.lock | .venv/bin/python
	@{ $(call sync,--all-groups); } && touch $@ .venv/run-time
