# Two commands matter: `make run` and `make test`. The rest is here for those who build Propolis.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: help run test build ui fuzz attack score bench format lint package screens openapi clean

LISTEN ?= 127.0.0.1:8080
DATA ?= build/data$(if $(DEMO),-demo)

help: ## what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

run: build ## build, start the desk on embedded storage, print its address (DEMO=1: with a living demo; LISTEN=host:port; DATA=folder)
	@scripts/run $(DATA) $(LISTEN) $(DEMO)

test: ## install, build, run every test
	@scripts/test

build: ## the program with its interface: build/propolis
	@scripts/install build run
	@mkdir -p build
	@scripts/web
	@scripts/build build propolis -DCMAKE_BUILD_TYPE=Release

ui: build ## the interface with hot reload, in front of a running desk (make run in another terminal)
	@cd web && PROPOLIS_DESK=http://$(LISTEN) ../scripts/node npm run dev

openapi: build ## write api/openapi.json from the program
	@build/propolis openapi > api/openapi.json

fuzz: ## every parser under libFuzzer (SECONDS=60 each)
	@scripts/install build test
	@scripts/fuzz $(or $(SECONDS_EACH),60)

attack: build ## attack a running desk in every way we know, for MINUTES=30 (SEED=n: the same attacks; ONLY=sql,csrf)
	@scripts/install build test
	@MINUTES=$(or $(MINUTES),30) SEED=$(SEED) ONLY=$(ONLY) tests/attack/run

score: build ## score every corpus in a folder (CORPORA=dir, VERBOSE=1)
	@scripts/build build propolis_score -DCMAKE_BUILD_TYPE=Release >/dev/null
	@build/propolis_score $(CORPORA)

bench: build ## what the desk does in a second, beside its ceilings (SIZE=1m: a million tickets; ONLY=create,open; CORPORA=dir)
	@CORPORA=$(CORPORA) scripts/bench $(or $(SIZE),100k) $(ONLY)

format: ## bring all sources into form
	@scripts/install build test
	@git ls-files '*.cpp' '*.h' | xargs clang-format-19 -i
	@cd web && ../scripts/node npm run --silent format

lint: ## floors, formatting, the interface's checks, clang-tidy
	@scripts/install build test lint
	@scripts/lint

screens: build ## screenshots of every screen into docs/screens
	@scripts/install test
	@scripts/screens

package: build ## a Debian package: build/propolis_*.deb
	@scripts/install package
	@scripts/package

clean: ## remove everything built
	rm -rf build build-* web/dist web/node_modules
