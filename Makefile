# Everything here can be typed by hand; CI calls `make test` and nothing else.

GO    ?= go
SHELL := /bin/bash
DEMO  ?= demo-data

.PHONY: run build assets generate need test check unit browser fuzz bench soak docs release hooks clean

run: build ## build all and show the demonstration at http://127.0.0.1:8080
	bin/liandong demo --dir $(DEMO)

build: assets ## the one binary
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/liandong ./cmd/liandong

assets: ## style sheet, script and icons from npm packages
	$(GO) run ./web/assets/build

generate: ## the committed Go of the page templates
	$(GO) tool templ generate -log-level warn

need: ## what the tests need from the system: PostgreSQL, Chromium, a Chinese font
	scripts/need

test: need assets check unit ## everything, under five minutes once installed
	@echo "all checks and tests passed"

check: ## formatting, vet, linters, generated code up to date
	scripts/check

unit: ## unit, property, both stores, CLI scripts, browser, short fuzz
	$(GO) test -vet=off -timeout 20m ./... # check vets; one package alone takes seven minutes on a machine that does other things as well
	cd peer && $(GO) test -timeout 3m ./...
	scripts/fuzz 1s plain

fuzz: ## every fuzz target for a minute
	scripts/fuzz 60s

bench: ## ratios to a limit or a peer in the same run
	scripts/bench

soak: build ## a thousand kills under load, thousands of simulated histories of several members
	LIANDONG_SOAK=1000 $(GO) test ./node -run Kill -count 1 -timeout 2h -v
	$(GO) test ./exchange -run Simulation -simulations 3000 -count 1 -timeout 4h
	$(GO) test ./plan/plantest -run NodesAgree -rapid.checks 300 -count 1 -timeout 4h

docs: assets ## the reference pages and the pictures of the documentation, as this version has them
	$(GO) test ./cmd/liandong -run 'Documented|Pictures' -count 1 -update

release: build ## stripped binaries for Linux
	for arch in amd64 arm64; do \
	  CGO_ENABLED=0 GOOS=linux GOARCH=$$arch $(GO) build -trimpath -ldflags '-s -w' -o bin/liandong-linux-$$arch ./cmd/liandong; \
	done

hooks: ## a check before each commit, under ten seconds
	ln -sf ../../scripts/pre-commit .git/hooks/pre-commit

clean:
	rm -rf bin $(DEMO) web/assets/node_modules
	find web/assets/dist -type f ! -name .keep -delete
