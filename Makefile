# demarc. `make run` starts it, `make test` tests it, and each sets up what it
# needs; `make help` lists the rest. Every target is a line or two that you could
# type yourself.

SHELL := bash
.DEFAULT_GOAL := help

LISTEN   ?= 127.0.0.1:8080
FUZZTIME ?= 1000000x
GOTESTS  ?= ./...
COUNT    ?= 1000000
COUNTS   ?= 10000,1000000

staticcheck := honnef.co/go/tools/cmd/staticcheck@v0.8.2
gotestsum   := gotest.tools/gotestsum@v1.13.0

web_sources := $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' -not -name '*.go')

##@ Run

.PHONY: run
run: build ## build the map and the program, and serve them (LISTEN=127.0.0.1:8080)
	@echo "demarc: look at http://$(LISTEN)/ (Ctrl-C ends it)"
	bin/demarc serve --listen $(LISTEN)

.PHONY: build
build: web ## build the program into bin/demarc
	go build -trimpath -o bin/demarc ./cmd/demarc

.PHONY: web
web: web/dist/index.html ## build the map into web/dist, if its sources changed

web/dist/index.html: web/node_modules/.package-lock.json $(web_sources)
	cd web && npm run build
	@touch $@

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && ../.ci/retry npm ci --no-audit --no-fund
	@touch $@

##@ Test

.PHONY: test
test: setup ## install what the tests need, then lint and run them all
	@.ci/timed "lint"           $(MAKE) --no-print-directory lint
	@.ci/timed "map"            $(MAKE) --no-print-directory test-web
	@.ci/timed "go tests"       $(MAKE) --no-print-directory test-go
	@.ci/timed "map in Chromium" $(MAKE) --no-print-directory test-e2e

.PHONY: setup
setup: ## install the Debian packages that the tests need, or name them; fetch the rest
	@.ci/setup $(staticcheck) $(gotestsum)

.PHONY: test-go
test-go: web ## the Go tests, with the race detector where goroutines meet; the conformance suites and the GIS clients among them
	@mkdir -p bin
	@GOTESTSUM=$(gotestsum) .ci/gotests $(GOTESTS)
	@.ci/tables bin/tests.json

.PHONY: test-web
test-web: web ## the map's own tests
	cd web && npm test

.PHONY: test-e2e
test-e2e: build ## the map in a real browser
	cd web && npm run e2e

.PHONY: torture
torture: ## a thousand kills, ten thousand losses of power, two thousand damaged stores (half an hour)
	DEMARC_TORTURE_KILLS=1000 go test -count=1 -v -timeout 60m -run KilledService ./cmd/demarc
	DEMARC_TORTURE_STATES=10000 DEMARC_TORTURE_DAMAGE=2000 go test -count=1 -v -timeout 60m -run 'PowerLoss|Damaged' ./data/store/gpkg

.PHONY: conformance
conformance: ## the OGC conformance checks (URL=https://... asks a running service)
	DEMARC_TEST_URL=$(URL) go test -v -count=1 -run Conformance ./cmd/demarc

.PHONY: schemathesis
schemathesis: ## schemathesis asks all operations of the API definition, 10,000 cases
	DEMARC_SCHEMATHESIS_CASES=10000 go test -v -count=1 -timeout 30m -run ConformanceSchemathesis ./cmd/demarc

.PHONY: clients
clients: ## GDAL and QGIS as clients and PostGIS as an oracle (URL=https://... asks a running service)
	@mkdir -p bin
	DEMARC_TEST_URL=$(URL) go run $(gotestsum) --format testname --jsonfile bin/clients.json -- -count=1 -run 'GDAL|QGIS|PostGIS|ATS|OGCExamples' ./cmd/demarc ./geo/cql2
	@.ci/tables bin/clients.json

.PHONY: lint
lint: web/node_modules/.package-lock.json ## gofmt, vet, staticcheck, govulncheck, tsc, biome
	@files=$$(gofmt -l cmd data geo server web/*.go); test -z "$$files" || { echo "gofmt these:"; echo "$$files"; exit 1; }
	go vet ./...
	go run $(staticcheck) ./...
	.ci/vulncheck
	cd web && npm run check
	cd web && npm run lint

.PHONY: fuzz
fuzz: ## every fuzz test, 1,000,000 executions each (FUZZTIME=1m: a minute each)
	.ci/fuzz $(FUZZTIME)

.PHONY: bench
bench: ## the benchmarks, into bin/bench.txt as benchstat reads it
	@mkdir -p bin
	set -o pipefail; go test -run '^$$' -bench . -benchmem -count 6 ./... | tee bin/bench.txt

.PHONY: bench-peers
bench-peers: build ## demarc beside PostGIS and a ceiling on COUNT (1000000) incidents, into docs/bench/peers.md
	go run ./cmd/bench -count $(COUNT) -o docs/bench/peers.md

.PHONY: bench-writes
bench-writes: build ## durable changes by demarc beside PostgreSQL, into docs/bench/writes.md
	go run ./cmd/bench writes -o docs/bench/writes.md

.PHONY: bench-web
bench-web: build ## the map with COUNT (1000000) incidents in Chromium, and Lighthouse, into docs/bench/web.md
	cd web && node bench/run.mjs --count $(COUNT) -o docs/bench/web.md

.PHONY: bench-sizes
bench-sizes: build ## demarc with COUNTS (10000,1000000) incidents, into docs/bench/size.md; STORES=DIR keeps the stores
	go run ./cmd/bench sizes -counts $(COUNTS) -dir "$(STORES)" -o docs/bench/size.md

##@ Make again

.PHONY: bless
bless: ## write the golden answers again; review the diff
	DEMARC_BLESS=1 go test -count=1 ./server/... ./cmd/demarc

.PHONY: data
data: ## make the border lines, areas and basemap again from their packages
	node data/curated/recipe/build.mjs

.PHONY: screenshots
screenshots: build ## pictures of the map for the documentation
	cd web && npm run screenshots

.PHONY: help
help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^##@ / {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
