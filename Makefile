# Every task a person or a machine runs here. `make` alone lists them.
SWIFT_FLAGS = -c release --explicit-target-dependency-import-check error
ALAMBIC = .build/release/alambic

# What a person names reaches the shell through the environment, not as a part of a command.
export IMAGE PROMPT STORIES HELD_OUT PREFIX DESTDIR DATA TEXT OTHERS

.PHONY: plain-path help demo build install man completions install-check test check-host check-arm64 lint format docs docs-check reference-docs picture notebooks boards prove clients cluster-test cluster-kills sweep-test dataset signed sbom attack benchmark-training benchmark-curation benchmark-cost benchmark-inference students presets commands soft-labels wakeword mutants core-tables kills hostile faults bundle-changes fuzz fuzz-swift clean first-token release

help: ## list the tasks
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: ## from a list of prompts to a student proven on an emulated Cortex-M3
	@scripts/install-packages all
	@$(MAKE) --no-print-directory build
	@$(ALAMBIC) make thermostat

build: ## build the alambic command
	@scripts/install-packages build
	swift build $(SWIFT_FLAGS) --product alambic

# Where `make install` puts things. DESTDIR is put before every path, for packages.
PREFIX ?= /usr/local
DESTDIR ?=
SHARED = .build/share

install: build man completions ## copy the program, engines' sources, teachers' profiles, man pages and completions below PREFIX (/usr/local)
	@case "$$PREFIX" in /*) ;; *) echo "error: PREFIX is not an absolute path: $$PREFIX" >&2; exit 64 ;; esac
	@root="$$DESTDIR$$PREFIX" && \
	install -d "$$root/bin" "$$root/share/man/man1" "$$root/share/bash-completion/completions" \
	  "$$root/share/zsh/site-functions" "$$root/share/fish/vendor_completions.d" "$$root/share/alambic" && \
	rm -rf "$$root/share/alambic/firmware" "$$root/share/alambic/teachers" && cp -R firmware teachers LICENSE "$$root/share/alambic" && \
	install -m 755 $(ALAMBIC) "$$root/bin/alambic" && \
	install -m 644 $(SHARED)/man/*.1 "$$root/share/man/man1" && \
	install -m 644 $(SHARED)/alambic.bash "$$root/share/bash-completion/completions/alambic" && \
	install -m 644 $(SHARED)/_alambic "$$root/share/zsh/site-functions/_alambic" && \
	install -m 644 $(SHARED)/alambic.fish "$$root/share/fish/vendor_completions.d/alambic.fish" && \
	echo "installed $$root/bin/alambic; a folder with Corpora/ and teachers/ is a project" >&2

man: build ## a manual page for each command, in .build/share/man
	@rm -rf $(SHARED)/man
	@$(ALAMBIC) --experimental-dump-help | scripts/man-pages $(SHARED)/man --version "$$($(ALAMBIC) --version)" \
	  --date "$$(git log -1 --format=%cs 2>/dev/null || date -u +%F)"

completions: build ## completions for bash, zsh and fish, in .build/share
	@mkdir -p $(SHARED)
	@$(ALAMBIC) --generate-completion-script bash > $(SHARED)/alambic.bash
	@$(ALAMBIC) --generate-completion-script zsh > $(SHARED)/_alambic
	@$(ALAMBIC) --generate-completion-script fish > $(SHARED)/alambic.fish

install-check: build ## install into a folder that is then removed; look at the pages, and let three shells complete
	@scripts/install-packages install
	@scripts/test-install

test: lint check-host ## install what the tests need, build once, run every test
	@scripts/install-packages all
	-@scripts/run-board --prepare
	swift build $(SWIFT_FLAGS) --build-tests
	@$(MAKE) --no-print-directory docs-check install-check
	@scripts/run-tests $(SWIFT_FLAGS)

# Make and its shells cannot take every name. The product can; the tasks here that name the checkout itself are refused.
plain-path:
	@case "$$PWD" in *[!A-Za-z0-9/._+@,-]*) \
	  echo "error: make cannot take this checkout's path: name its folders with letters, digits and ._+@,- only" >&2; \
	  exit 64 ;; esac

check-host: plain-path ## the C engine alone: every warning, both compilers, sanitizers, a short fuzzing
	@scripts/install-packages all
	$(MAKE) --no-print-directory -C firmware check-host OUT=$(CURDIR)/.build/check-host
	@$(MAKE) --no-print-directory check-arm64
	$(MAKE) --no-print-directory -C firmware check-builds OUT=$(CURDIR)/.build/check-builds
	$(MAKE) --no-print-directory -C firmware check-static
	$(MAKE) --no-print-directory -C firmware check-gpt OUT=$(CURDIR)/.build/check-host
	$(MAKE) --no-print-directory -C firmware fuzz-smoke OUT=$(CURDIR)/.build/fuzz-smoke
	$(MAKE) --no-print-directory -C firmware fuzz-prove OUT=$(CURDIR)/.build/fuzz-prove

ARM64 = $(CURDIR)/.build/arm64

check-arm64: plain-path ## engines and training kernels by Arm's 64-bit instructions, emulated, against this machine's
	@scripts/install-packages all
	$(MAKE) --no-print-directory -C firmware check-arm64 OUT=$(ARM64)
	clang -O2 -Werror -Wall -Wextra -ISources/CKernels/include Sources/CKernels/kernels.c firmware/tests/arm64/kernels.c -lm \
	  -fuse-ld=lld -o $(ARM64)/kernels
	clang --target=aarch64-linux-gnu -static -O2 -Werror -Wall -Wextra -ISources/CKernels/include \
	  Sources/CKernels/kernels.c firmware/tests/arm64/kernels.c -lm -fuse-ld=lld -o $(ARM64)/kernels-arm64
	$(ARM64)/kernels write $(ARM64)/kernels.golden
	qemu-aarch64 $(ARM64)/kernels-arm64 compare $(ARM64)/kernels.golden

KILLS ?= 200

kills: ## kill two processes with one ledger, one that asks by batches, curation and sharding at KILLS random moments: nothing lost, all that was paid known (minutes)
	swift build $(SWIFT_FLAGS) --build-tests
	ALAMBIC_KILLS=$(KILLS) swift test $(SWIFT_FLAGS) --skip-build --disable-xctest --no-parallel --filter "(SharedLedgerTests|BatchCommandTests|CurateFilesTests|ShardFilesTests)/kills"

DISKS ?= 10
INPUTS ?= 1000

hostile: ## KILLS kills, DISKS full disks and INPUTS damaged files of each format: nothing lost, nothing crashed; a table of counts (minutes)
	swift build $(SWIFT_FLAGS) --build-tests
	@scripts/hostile $(KILLS) $(DISKS) $(INPUTS) $(SWIFT_FLAGS)

FAULTS ?= 10000

faults: ## ask a server of which every fifth answer is a fault FAULTS prompts, 64 in flight: each answered once, the bill to the cent (minutes)
	swift build $(SWIFT_FLAGS) --build-tests
	ALAMBIC_FAULTS=$(FAULTS) swift test $(SWIFT_FLAGS) --skip-build --disable-xctest --no-parallel --filter FaultyServerTests

CHANGES ?= 1000

bundle-changes: ## change CHANGES bytes of a bundle's files, one at a time: each is refused with its file named (a minute)
	swift build $(SWIFT_FLAGS) --build-tests
	ALAMBIC_BUNDLE_CHANGES=$(CHANGES) swift test $(SWIFT_FLAGS) --skip-build --disable-xctest --no-parallel --filter BundleCheckerTests/changes

# Mutants to try, by a part of their names or files: all of them unless some are.
ONLY_MUTANTS ?=

mutants: plain-path ## change one place of a copy of the tree at a time: the share that tests notice, for docs/reference (half an hour)
	@scripts/install-packages all
	@scripts/mutants --report docs/reference/mutants.md $(addprefix --only ,$(ONLY_MUTANTS))

SECONDS ?= 600

fuzz: plain-path ## look for crashes of the C loaders and engines for SECONDS each
	@scripts/install-packages all
	$(MAKE) --no-print-directory -C firmware fuzz OUT=$(CURDIR)/.build/fuzz SECONDS=$(SECONDS)

# Formats to look at, as folders in .build/fuzz-swift/seeds are named; all of them unless some are.
FORMATS ?=

fuzz-swift: plain-path ## look for crashes of the Swift readers for SECONDS in all
	@scripts/install-packages build
	@scripts/fuzz-readers $(CURDIR)/.build/fuzz-swift $(SECONDS) $(FORMATS)

# All C but what has places like @name@ for names.
C_FILES = $(shell git ls-files '*.c' '*.h' ':!firmware/library')

lint: ## the formatters' rules, strictly; and that every mutant finds its place
	@scripts/install-packages format
	@scripts/mutants --dry-run > /dev/null
	clang-format --dry-run --Werror $(C_FILES)
	swift format lint --strict --recursive Package.swift Sources Tests

format: ## rewrite the sources as the formatter wants them
	clang-format -i $(C_FILES)
	swift format format --in-place --recursive Package.swift Sources Tests

docs: build ## generate docs/reference from the code
	$(ALAMBIC) reference docs/reference

docs-check: ## fail when docs/reference is not what the code says
	$(ALAMBIC) reference docs/reference --check
	@scripts/terminal-picture --check
	@scripts/man-pages --check

reference-docs: plain-path build ## pages of the C headers (Doxygen) and the public modules (DocC) in .build/reference-docs
	@scripts/install-packages reference
	@scripts/reference-docs .build/reference-docs
	@echo "Swift's pages want a server: python3 -m http.server -d .build/reference-docs/swift, then /Engine/documentation/engine" >&2

picture: plain-path build ## record the demo anew as docs/terminal.svg (minutes)
	@folder=$$(mktemp -d) && cd "$$folder" && ALAMBIC_PROJECT=$(CURDIR) PATH="$(CURDIR)/.build/release:$$PATH" \
	  $(CURDIR)/scripts/terminal-picture $(CURDIR)/docs/terminal.svg 'alambic make thermostat > thermostat.txt' \
	  'echo "how warm is the living room?" | alambic talk .alambic/images/thermostat.atome --dialogue'; \
	status=$$?; rm -rf "$$folder"; exit $$status

notebooks: build ## execute the notebooks headless, on the demo's workspace
	scripts/run-notebooks

BOARDS = nucleo-f411re rpi-pico rpi-pico2
IMAGE ?= .alambic/images/thermostat.atome
PROMPT ?= > how warm is the living room?

boards: build ## let IMAGE (the demo's) talk on real boards' firmware, emulated
	@scripts/run-board --prepare
	@for board in $(BOARDS); do \
	  $(ALAMBIC) firmware "$$IMAGE" --board $$board --prompt "$$PROMPT" --out .alambic/boards/$$board --quiet && \
	  scripts/run-board $$board .alambic/boards/$$board || exit 1; \
	done

# Images that are proven beside the odd shapes: any of PATH or PATH:PRESET. ONLY names parts: given, ternary, compact.
PROVEN ?=
ONLY ?=
# How many verifications, or trainings of presets, run at a time.
JOBS ?= 1

prove: ## prove every engine on every emulated core: odd shapes, compact presets, and PROVEN (20 minutes)
	@$(MAKE) --no-print-directory build >&2
	@OBJECTS=$(CURDIR)/.build/firmware-objects scripts/prove-engines.py $(ALAMBIC) .build/prove $(addprefix --only ,$(ONLY)) \
	  --jobs $(JOBS) $(PROVEN)

# The folder of the published images, and a text to choose integer images' units on.
DATA ?=
TEXT ?=

core-tables: plain-path build ## the pages of what engines cost on cores, and of their bits: DATA, TEXT (half an hour)
	@scripts/install-packages all
	@test -n "$$DATA" && test -n "$$TEXT" || { echo "error: DATA and TEXT are not set; see the Makefile" >&2; exit 64; }
	@set -e; make="make --no-print-directory -s -C firmware"; out=$(CURDIR)/.build/core-tables; mkdir -p "$$out"; \
	write() { page=$$1; shift; "$$@" > "$$out/$$page"; mv "$$out/$$page" "docs/reference/$$page"; }; \
	write engine-cost.md $$make cost DATA="$$DATA" OUT="$$out/float"; \
	write integer-cost.md $$make integer-cost DATA="$$DATA" TEXT="$$TEXT" ALAMBIC=$(CURDIR)/$(ALAMBIC) OUT="$$out/integer"; \
	write gpt-cost.md $$make gpt-cost OUT="$$out/gpt"; \
	write core-bits.md $$make core-bits OUT="$$out/bits"

clients: build ## ask our servers with the openai and llm clients, which this installs into .venv-clients
	@scripts/test-clients $(ALAMBIC)

cluster-test: build ## ask a small corpus on a Slurm cluster of two virtual nodes, killing parts and a node; needs root (a minute)
	@scripts/install-packages cluster
	@scripts/test-cluster $(ALAMBIC)

cluster-kills: KILLS = 200
cluster-kills: PARTS = 500
cluster-kills: build ## ask a corpus in PARTS parts on such a cluster, within a budget, killing KILLS steps and nodes; needs root (half an hour)
	@scripts/install-packages cluster
	@scripts/test-cluster-kills $(ALAMBIC) --kills $(KILLS) --parts $(PARTS)

TRAININGS ?= 100
PARTS ?= 16
SWEEP_STEPS ?= 300
# How many of them one machine trains, too: all, unless said.
ALONE ?=

sweep-test: build ## TRAININGS short trainings of SWEEP_STEPS steps, alone and in PARTS parts: the same hashes, and what parts cost; SLURM=1 on two virtual nodes
	@$(if $(SLURM),scripts/install-packages cluster,true)
	@scripts/test-sweep $(ALAMBIC) --trainings $(TRAININGS) --parts $(PARTS) --steps $(SWEEP_STEPS) \
	  $(if $(ALONE),--alone $(ALONE)) $(if $(SLURM),--slurm)

dataset: build ## export a corpus and read it back with datasets and mlcroissant, which this installs into .venv-dataset
	@scripts/test-dataset $(ALAMBIC)

sbom: build ## what the program is made of, as CycloneDX: .build/sbom.cdx.json
	@scripts/sbom.py .build/sbom.cdx.json

release: build ## the files of a release: the demo's student for boards, page, bundle, hashes, notes: .build/release-files
	@scripts/release $(ALAMBIC)

first-token: build ## milliseconds from the load of a page that talks to its first token, in Chromium
	@$(ALAMBIC) export thermostat --playground .build/first-token.html --quiet
	@Benchmarks/first_token.py .build/first-token.html

signed: build ## let model_signing, which this installs into .venv-signing, judge a signed bundle (minutes)
	@scripts/test-signing $(ALAMBIC)

attack: build ## let thousands of slow and rude clients at our server (two minutes)
	@scripts/attack-server $(ALAMBIC)

benchmark-training: build ## a training step against PyTorch's, which this installs into Benchmarks/.venv (minutes)
	@scripts/benchmark-training $(ALAMBIC) docs/reference/training-speed.md

benchmark-cost: build ## what a byte of training costs over windows and batches (minutes)
	$(ALAMBIC) bench --training atome-60k --training atome-944k --training gpt-60k --sweep \
	  --page docs/reference/training-cost.md

benchmark-inference: build ## bytes a second of both engines on this machine (minutes)
	@scripts/benchmark-inference $(ALAMBIC) docs/reference/inference-speed.md

# The plain text that students are trained on beside the thermostat's, a text to measure them on (its last tenth unless
# given), and seeds of training.
STORIES ?=
HELD_OUT ?=
SEEDS ?= 0 1 2

students: build ## what students reach beside the goals, with SEEDS and on STORIES (minutes)
	@scripts/install-packages all
	@scripts/measure-students $(ALAMBIC) docs/reference/students.md --seeds "$(SEEDS)" \
	  $${STORIES:+--stories "$$STORIES"} $${HELD_OUT:+--held-out "$$HELD_OUT"}

# Presets to measure and steps to train them for, where not all of them, or not the usual ones.
PRESETS ?=
STORY_STEPS ?=
THERMOSTAT_STEPS ?=

presets: build ## a row for each compact preset, with SEEDS and on STORIES: bits, score, flash, RAM, instructions (hours)
	@scripts/install-packages all
	@scripts/measure-presets $(ALAMBIC) docs/reference/presets.md --seeds "$(SEEDS)" --jobs $(JOBS) \
	  --stories "$$STORIES" $${HELD_OUT:+--held-out "$$HELD_OUT"} $(if $(PRESETS),--presets "$(PRESETS)") \
	  $(if $(STORY_STEPS),--story-steps "$(STORY_STEPS)") \
	  $(if $(THERMOSTAT_STEPS),--thermostat-steps "$(THERMOSTAT_STEPS)")

# Texts that people wrote for another purpose, a label and a text a line, such as SNIPS': the right answer to each is none.
OTHERS ?=

commands: build ## students that say a command's intent and slots, with SEEDS, beside hashed n-grams; on OTHERS (15 minutes)
	@scripts/install-packages all
	@scripts/measure-commands $(ALAMBIC) docs/reference/commands.md --seeds "$(SEEDS)" $${OTHERS:+--others "$$OTHERS"}

wakeword: build ## students that listen for a word, with SEEDS, beside a CNN (half an hour)
	@scripts/install-packages wakeword
	@scripts/measure-wakeword $(ALAMBIC) docs/reference/wake-word.md --seeds "$(SEEDS)"

benchmark-curation: build ## how fast files are curated, and shards written and read, on made-up texts (10 minutes, 10 GB of disk)
	@python3 Benchmarks/curate_speed.py $(ALAMBIC) --megabytes "20 200 500 2000"
	@python3 Benchmarks/shard_speed.py $(ALAMBIC) --megabytes "20 200 500" --runs 5

SOFT_STEPS ?= 10000

soft-labels: build ## what a teacher's distribution brings beside its text, with SEEDS and on STORIES (20 minutes)
	@scripts/measure-soft-labels $(ALAMBIC) docs/reference/soft-labels.md --seeds "$(SEEDS)" --steps $(SOFT_STEPS) \
	  $${STORIES:+--stories "$$STORIES"} $${HELD_OUT:+--held-out "$$HELD_OUT"}

clean: ## remove build products (the workspace .alambic stays)
	rm -rf .build firmware/build
