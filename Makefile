# iso4: make, make test, make install. Everything CI runs is a target here.
PREFIX ?= /usr/local
B ?= build
CC = gcc
CXX = g++
CFLAGS ?= -O2 -g
CXXFLAGS ?= $(CFLAGS)
# Warnings are errors with WERROR=1, and stay that in a build folder until WERROR= is said.
WERROR ?= $(if $(wildcard $(B)/.werror),1)

ARCH := $(subst aarch64,arm64,$(subst x86_64,x64,$(shell uname -m)))
# Folders of npm packages: the sources are left as they are, and builds in several folders can share one of these.
MODULES ?= $(B)/modules
V8_PACKAGE := $(MODULES)/v8/node_modules/node-linux-$(ARCH)
# NODE=/path/to/bin/node takes V8 and its headers from another Node.js, of which V8 must be 14.x.
NODE ?= $(V8_PACKAGE)/bin/node
V8_HEADERS := $(dir $(NODE))../include/node
# For a build for another processor, as scripts/test-arm64 makes one: the Node.js that runs the build's scripts, and what
# runs the build's programs.
BUILD_NODE ?= $(NODE)
EMULATE ?=

# Asked once, by the first recipe that links: pkg-config may not be there before `make deps`.
LIBS = $(eval LIBS := $$(shell scripts/link-libs '$(CC)' libuv libsodium libpcre2-8))$(LIBS)
WARN := -Wall -Wextra -Wshadow -Wvla -Wformat=2 -Wno-format-nonliteral $(if $(WERROR),-Werror)
HARDEN := -D_FORTIFY_SOURCE=2 -fstack-protector-strong
ALL := -I. -D_GNU_SOURCE -MMD -MP $(WARN) $(if $(SANITIZE),$(SANITIZE),$(HARDEN))
C_FLAGS = -std=gnu17 -Wmissing-prototypes $(ALL) $(CFLAGS)
# V8 is built without RTTI and exceptions; its headers are not ours to warn about.
CXX_FLAGS = -std=c++20 -fno-rtti -fno-exceptions -include worker/old_clang.h -isystem $(V8_HEADERS) $(ALL) $(CXXFLAGS)
# The worker is preloaded into another program: only what worker/process/exports.h names is visible. A sanitizer runtime
# cannot be part of it, because it would own the malloc that the memory budget is kept with.
WORKER_FLAGS = -fPIC -fvisibility=hidden -I$(B)/gen
HOST_LINK := $(if $(SANITIZE),$(SANITIZE),-pie -Wl,-z,relro,-z,now)

CORE := $(wildcard core/*.c)
PROTOCOL := $(wildcard protocol/*.c)
SANDBOX := $(wildcard sandbox/*.c)
# The fetch helper and iso4 read the rules of definitions with the same code; only the helper links libcurl.
RULES := $(wildcard rules/*.c)
FETCH := $(wildcard fetch/*.c) $(RULES) $(filter-out core/digest.c,$(CORE)) sandbox/landlock.c
HOST := $(CORE) $(PROTOCOL) $(RULES) sandbox/layers.c $(wildcard snapshots/*.c host/*/*.c serve/*.c mcp/*.c)
WORKER_C := $(filter-out core/digest.c core/file.c core/file_new.c core/place.c,$(CORE)) $(PROTOCOL) $(SANDBOX) snapshots/snapshot.c \
    $(wildcard worker/*.c worker/process/*.c)
WORKER_CC := $(wildcard worker/*.cc worker/web/*.cc)
CLI := $(wildcard cli/*.c)
UNIT := $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/t-*.c))
FUZZ := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/fuzz-*.c))

HOST_O := $(HOST:%=$(B)/host-o/%.o)
CLI_O := $(CLI:%=$(B)/host-o/%.o)
WORKER_O := $(WORKER_C:%=$(B)/worker-o/%.o) $(WORKER_CC:%=$(B)/worker-o/%.o)
PROBE_O := $(patsubst %,$(B)/worker-o/%.o,$(wildcard probe/*.c) $(SANDBOX) worker/process/zygote.c core/error.c protocol/pass.c)
FETCH_O := $(FETCH:%=$(B)/fetch-o/%.o)
PARTS := $(B)/lib/iso4/worker.so $(B)/lib/iso4/v8-host $(B)/lib/iso4/base.snap $(B)/lib/iso4/ts.snap $(B)/lib/iso4/probe $(B)/lib/iso4/fetch

# Paths for programs, from wherever they are started. The path of the sources may have spaces in it, of which make knows
# nothing; one that is given may not.
absolute = $(if $(filter /%,$(1)),,"$$PWD"/)$(1)
HERE = $(call absolute,$(B))
$(foreach v,B MODULES NODE,$(if $(word 2,$($v)),$(error iso4: $v must be a path without spaces, not '$($v)')))

# make V=1 shows the commands.
Q := $(if $(V),,@)
say = @$(if $(V),:,printf '  %-8s %s\n') $(1) $(2)

.DELETE_ON_ERROR:
.PHONY: FORCE all deps test test-libraries test-mcp check hostile soak soak-serve unit helpers bench bench-plot lint format asan fuzz records install uninstall dist deb test-deb test-bare test-arm64 clean demo
all: $(B)/bin/iso4 $(PARTS)

# ---- what has to be there first

# The only target that installs packages of the system; a machine without make runs the script itself.
deps:
	scripts/install-deps build test

# All compiled files depend on this one: with other flags than the last time they are compiled again.
FLAGS := $(filter-out ccache,$(CC) $(CXX)) $(C_FLAGS) $(CXX_FLAGS) $(WORKER_FLAGS) $(HOST_LINK)
$(B)/.flags: FORCE | $(B)/.deps
	$(file >$@.new,$(FLAGS))
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
	@$(if $(WERROR),touch,rm -f) $(B)/.werror
FORCE:

# Checks tools and libraries before anything is compiled, and prints the command that installs missing ones.
$(B)/.deps: scripts/install-deps
	@scripts/install-deps --check build
	@mkdir -p $(@D) && touch $@

# The npm packages that a package-lock.json pins; NPM_... is one of their files that the build needs.
NPM_v8 := node-linux-$(ARCH)/bin/node
NPM_prelude := .bin/esbuild
NPM_typescript := @babel/parser/lib/index.js
NPM_libraries := .bin/tsc
NPM_conformance := whatwg-url
NPM_many := lodash
NPM_sources := rxjs
NPM_biome := .bin/biome
NPM_mcp := @modelcontextprotocol/conformance
NPM_mcp-schemas := @playwright/mcp
$(MODULES)/v8/.done: worker/v8/package-lock.json
$(MODULES)/prelude/.done: worker/prelude/package-lock.json
$(MODULES)/typescript/.done: worker/typescript/package-lock.json
$(MODULES)/libraries/.done: tests/libraries/package-lock.json
$(MODULES)/conformance/.done: tests/conformance/package-lock.json
$(MODULES)/many/.done: tests/libraries/many/package-lock.json
$(MODULES)/sources/.done: tests/typescript/package-lock.json
$(MODULES)/biome/.done: tools/biome/package-lock.json
$(MODULES)/mcp/.done: tests/mcp/package-lock.json
$(MODULES)/mcp-schemas/.done: tests/mcp/schemas/package-lock.json
$(MODULES)/%/.done: | $(B)/.deps
	$(call say,NPM,$(@D))
	$(Q)scripts/npm-ci $(<D) $(@D) $(NPM_$*)
	@touch $@

$(V8_PACKAGE)/bin/node: $(MODULES)/v8/.done
	@touch $@

# Fails when npm has a newer Node.js of the major version whose V8 this is.
.PHONY: check-v8-update
check-v8-update:
	@scripts/check-v8-update worker/v8/package.json

$(B)/.v8: $(NODE) | $(B)/.deps
	@scripts/check-v8 $(V8_HEADERS) $(NODE)
	@touch $@

# ---- objects and programs

$(B)/host-o/%.c.o: %.c $(B)/.flags
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(C_FLAGS) -fPIE -c -o $@ $<

$(B)/fetch-o/%.c.o: %.c $(B)/.flags
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(filter-out -fsanitize=% -fno-sanitize%,$(C_FLAGS)) $(HARDEN) -I$(B)/gen -fPIE -c -o $@ $<

$(B)/worker-o/%.c.o: %.c $(B)/.flags
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(filter-out -fsanitize=%,$(C_FLAGS)) $(WORKER_FLAGS) -c -o $@ $<

$(B)/worker-o/%.cc.o: %.cc $(B)/.v8 $(B)/.flags
	@mkdir -p $(@D)
	$(call say,CXX,$@)
	$(Q)$(CXX) $(filter-out -fsanitize=%,$(CXX_FLAGS)) $(WORKER_FLAGS) -c -o $@ $<

# iso4, and the programs of the build and the tests that have parts of it. Their own files are named beside each.
LINKED := $(B)/bin/iso4 $(B)/mkbase $(UNIT) $(B)/helpers/sandbox $(B)/helpers/schema
$(LINKED): $(HOST_O)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(HOST_LINK) -o $@ $^ $(LIBS)
$(B)/bin/iso4: $(CLI_O)
$(B)/mkbase: $(B)/host-o/tools/mkbase.c.o
$(UNIT): $(B)/tests/%: $(B)/host-o/tests/unit/%.c.o
# Printed results are read by another library than iso4's own reader.
$(B)/tests/t-result: LIBS += -lcjson
$(B)/helpers/sandbox: $(patsubst %,$(B)/host-o/%.o,$(wildcard tests/probe/*.c))
$(B)/helpers/schema: $(B)/host-o/tests/helpers/schema.c.o

$(B)/mkfilter: tools/mkfilter.c worker/process/hugeheap.h protocol/worker.h protocol/zygote.h $(B)/.flags
	$(call say,CC,$@)
	$(Q)$(CC) -std=gnu17 -I. -D_GNU_SOURCE $(WARN) -O1 -o $@ $< -lseccomp

$(B)/gen/filters.h: $(B)/mkfilter
	@mkdir -p $(@D)
	$(call say,FILTER,$@)
	$(Q)$(EMULATE) $(B)/mkfilter worker >$@

$(B)/gen/fetch_filter.h: $(B)/mkfilter
	@mkdir -p $(@D)
	$(call say,FILTER,$@)
	$(Q)$(EMULATE) $(B)/mkfilter fetch >$@

$(B)/fetch-o/fetch/confine.c.o: $(B)/gen/fetch_filter.h

$(B)/worker-o/sandbox/lockdown.c.o: $(B)/gen/filters.h

# The decoders' tables, read out of a package.
$(B)/gen/encodings.h: worker/prelude/encodings.mjs tools/packages.mjs $(MODULES)/prelude/.done $(BUILD_NODE)
	@mkdir -p $(@D)
	$(call say,TABLES,$@)
	$(Q)MODULES=$(MODULES) $(BUILD_NODE) worker/prelude/encodings.mjs $@

$(B)/worker-o/worker/web/decoder.cc.o $(B)/worker-o/worker/web/text.cc.o: $(B)/gen/encodings.h

$(B)/mkhost: tools/mkhost.c tools/elf_image.c tools/elf_image.h worker/process/exports.h worker/process/hugehost.h core/build_id.h $(B)/.flags
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) -std=gnu17 -I. -D_GNU_SOURCE $(WARN) -O1 -o $@ $(filter %.c,$^)

# Symbols that v8-host expects of the worker and of the compiler's libraries: as a version script for ld, as
# an input file, and those that must not be bound within the worker.
HOST_NEEDS := $(addprefix $(B)/gen/host.,needs wants copied)
$(HOST_NEEDS): $(B)/gen/host.%: $(B)/mkhost $(B)/.v8
	@mkdir -p $(@D)
	$(call say,SYMBOLS,$@)
	$(Q)$(EMULATE) $(B)/mkhost $* $(NODE) >$@

# Symbols are bound at start (-z now): nothing is resolved lazily once the sandbox is closed. libstdc++ and libatomic
# become parts of it, bound within, and what is called of V8 is bound to its place: see tools/mkhost.c.
$(B)/worker-o/worker.so: $(WORKER_O) $(HOST_NEEDS)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CXX) -shared -static-libstdc++ -Wl,-z,relro,-z,now -Wl,--version-script=$(B)/gen/host.needs \
	    -Wl,--dynamic-list=$(B)/gen/host.copied -o $@ $(WORKER_O) $(B)/gen/host.wants -Wl,-Bstatic -latomic -Wl,-Bdynamic

$(B)/lib/iso4/worker.so: $(B)/worker-o/worker.so
	@mkdir -p $(@D)
	$(call say,BIND,$@)
	$(Q)rm -f $@
	$(Q)$(EMULATE) $(B)/mkhost bind $(NODE) $< $@

$(B)/gen/host.h: $(B)/mkhost $(B)/.v8
	@mkdir -p $(@D)
	$(call say,SYMBOLS,$@)
	$(Q)$(EMULATE) $(B)/mkhost describe $(NODE) >$@

$(B)/worker-o/worker/engine.cc.o $(B)/worker-o/worker/process/hugehost.c.o: $(B)/gen/host.h

# A snapshot is good for the text that its functions were compiled from, and will be.
$(B)/gen/prelude_digest.h: $(B)/prelude.js
	@mkdir -p $(@D)
	$(Q)printf '#define PRELUDE_DIGEST "%s"\n' "$$(sha256sum <$< | cut -c1-64)" >$@

$(B)/worker-o/worker/natives.cc.o: $(B)/gen/prelude_digest.h
$(B)/worker-o/worker/prelude_text.c.o: WORKER_FLAGS += -DPRELUDE_FILE='"$(B)/prelude.js"'
$(B)/worker-o/worker/prelude_text.c.o: $(B)/prelude.js

# Static: it is started a hundred times by iso4 doctor, and finds no libraries behind an empty root.
$(B)/lib/iso4/probe: $(PROBE_O)
	@mkdir -p $(@D)
	$(CC) -static -o $@ $^

# Without a sanitizer, whose runtime needs more than the filter allows: its parts are tested with one.
$(B)/lib/iso4/fetch: $(FETCH_O)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie -Wl,-z,relro,-z,now -o $@ $^ $$(pkg-config --libs libcurl)

$(B)/lib/iso4/v8-host: $(NODE) $(B)/mkhost
	@mkdir -p $(@D)
	$(call say,HOST,$@)
	$(Q)rm -f $@
	$(Q)$(EMULATE) $(B)/mkhost make $(NODE) $@

$(B)/prelude.js $(B)/licenses.txt &: $(wildcard worker/prelude/*.js worker/prelude/*.mjs worker/prelude/web/*.js worker/prelude/web/late/*.js) core/version.h tools/packages.mjs $(MODULES)/prelude/.done $(BUILD_NODE)
	@mkdir -p $(@D)
	$(call say,BUNDLE,$(B)/prelude.js)
	$(Q)MODULES=$(MODULES) $(BUILD_NODE) worker/prelude/build.mjs $(B)/prelude.js $(B)/licenses.txt

$(B)/lib/iso4/base.snap: $(B)/mkbase $(B)/prelude.js $(B)/lib/iso4/worker.so $(B)/lib/iso4/v8-host
	$(call say,SNAPSHOT,$@)
	$(Q)$(B)/mkbase $(HERE)/lib/iso4/v8-host $(HERE)/lib/iso4/worker.so $(B)/prelude.js $@

# The stripper of types: a prefix like any other, made by the program itself.
$(B)/ts.js $(B)/licenses-ts.txt &: $(wildcard worker/typescript/*.js worker/typescript/*.mjs) tools/packages.mjs $(MODULES)/prelude/.done $(MODULES)/typescript/.done $(BUILD_NODE)
	@mkdir -p $(@D)
	$(call say,BUNDLE,$(B)/ts.js)
	$(Q)MODULES=$(MODULES) $(BUILD_NODE) worker/typescript/build.mjs $(B)/ts.js $(B)/licenses-ts.txt

$(B)/lib/iso4/ts.snap: $(B)/ts.js $(B)/bin/iso4 $(B)/lib/iso4/base.snap
	$(call say,SNAPSHOT,$@)
	$(Q)$(B)/bin/iso4 precompile $(B)/ts.js -o $@ --quiet --language js

# ---- the main job, on an example

demo: all
	$(B)/bin/iso4 precompile examples/quickstart/prefix.js -o $(B)/demo.snap --quiet
	$(B)/bin/iso4 run --pretty --snapshot $(B)/demo.snap examples/quickstart/agent.js

# ---- tests

# Parts of the worker that nothing of the host needs.
$(B)/host-o/tests/unit/t-filters.c.o: C_FLAGS += -I$(B)/gen
$(B)/host-o/tests/unit/t-filters.c.o: $(B)/gen/filters.h
$(B)/tests/t-hugeheap: $(B)/host-o/worker/process/hugeheap.c.o

# Parts of the program that fetches that do not need libcurl, and that nothing of the host needs.
FETCH_PARTS := $(addprefix fetch/,refusal.c request.c response.c)
$(B)/tests/t-fetch-response: $(FETCH_PARTS:%=$(B)/host-o/%.o)
$(B)/fuzz/fuzz-fetch: $(FETCH_PARTS:%=$(B)/fuzz-o/%.o)

# Fuzzers need clang's coverage in every object, whatever CC is.
FUZZ_CC ?= clang
FUZZ_SANITIZE := address,undefined -fno-sanitize-recover=all
$(B)/fuzz-o/%.c.o: %.c $(B)/.flags
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(FUZZ_CC) -std=gnu17 -I. -D_GNU_SOURCE -MMD -MP $(WARN) -g -O1 -fsanitize=fuzzer-no-link,$(FUZZ_SANITIZE) -c -o $@ $<

$(FUZZ): $(B)/fuzz/%: $(B)/fuzz-o/tests/fuzz/%.c.o $(HOST:%=$(B)/fuzz-o/%.o)
	@mkdir -p $(@D)
	$(call say,FUZZ,$@)
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer,$(FUZZ_SANITIZE) -o $@ $(filter %.o,$^) $(LIBS)

# Programs that tests start: one from one file, but for those that test a part of iso4 itself.
HELPERS := $(patsubst tests/helpers/%.c,$(B)/helpers/%,$(filter-out %intruder.c,$(wildcard tests/helpers/*.c))) \
    $(B)/helpers/sandbox $(B)/helpers/launch $(B)/helpers/intruder.so $(B)/helpers/fetchintruder.so
$(B)/helpers/%: tests/helpers/%.c $(B)/.flags
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP -fsanitize=%,$(C_FLAGS)) -o $@ $< -lseccomp

$(B)/helpers/launch: bench/launch.c $(B)/.flags
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP -fsanitize=%,$(C_FLAGS)) -o $@ $<

$(B)/helpers/%.so: tests/helpers/%.c $(B)/.flags
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP -fsanitize=%,$(C_FLAGS)) -shared -fPIC -o $@ $<

# Bundles of real libraries, pinned, that tests and benchmarks use as prefixes.
$(B)/libraries/.done: tests/libraries/build.sh $(wildcard tests/libraries/*.mjs) tests/libraries/small.js \
    $(MODULES)/libraries/.done $(MODULES)/prelude/.done
	$(call say,BUNDLE,$@)
	$(Q)MODULES=$(MODULES) tests/libraries/build.sh $(B)/libraries
	@touch $@

TEST_ENV = ISO4=$(HERE)/bin/iso4 B=$(HERE) NODE=$(call absolute,$(NODE)) MODULES=$(call absolute,$(MODULES)) \
    LIBRARIES=$(HERE)/libraries PRELUDE=$(HERE)/prelude.js SANITIZE='$(SANITIZE)'
HOSTILE := $(sort $(wildcard tests/t-hostile-*.sh))
TESTS ?= $(filter-out $(HOSTILE),$(sort $(wildcard tests/t-*.sh))) $(UNIT) $(sort $(wildcard tests/prelude/t-*.mjs tests/forms/t-*.mjs tests/schema/t-*.mjs tests/fetch/t-*.mjs tests/serve/t-*.mjs tests/mcp/t-*.mjs tests/record/t-*.mjs tests/typescript/t-*.mjs))
test: all $(UNIT) $(HELPERS) $(B)/libraries/.done $(MODULES)/conformance/.done $(MODULES)/sources/.done
	@scripts/install-deps --check test
	$(TEST_ENV) prove -j 2 --timer --failures --comments --exec tests/exec $(TESTS)
check: test

# The attacks that take minutes: memory and CPU programs, hostile results, lying workers, mutated snapshots.
hostile: all $(HELPERS)
	@scripts/install-deps --check test
	$(TEST_ENV) prove --timer --failures --comments --exec tests/exec $(HOSTILE)

# Two hundred libraries of npm, in the versions of a lock file: 300 MB to install, then two minutes.
test-libraries: all $(MODULES)/many/.done $(MODULES)/prelude/.done
	@scripts/install-deps --check test
	$(TEST_ENV) prove --timer --failures --comments --exec tests/exec tests/libraries/many/t-many.mjs

# So many mixed and small runs, with what the processes take meanwhile: about a thousand runs a second.
SOAK ?= 200000
SOAK_SMALL ?= 1000000
soak: all
	SOAK=$(SOAK) SOAK_SMALL=$(SOAK_SMALL) $(TEST_ENV) prove --verbose --timer --exec tests/exec tests/t-batch-soak.sh

# Runs of serve with a tool call each, by one server whose memory must not grow.
SERVE_SOAK ?= 100000
soak-serve: all
	SERVE_SOAK=$(SERVE_SOAK) $(TEST_ENV) prove --verbose --timer --exec tests/exec tests/serve/t-serve.mjs

# MCP both ways against the official packages, and the schemas of well-known servers; both are installed for it.
test-mcp: all $(MODULES)/mcp/.done $(MODULES)/mcp-schemas/.done
	$(TEST_ENV) $(NODE) tests/mcp/packages.mjs
	$(TEST_ENV) $(NODE) tests/mcp/schemas.mjs

# So many recorded runs, replayed; and three records cut at every byte.
RECORDS ?= 1000
records: all $(HELPERS)
	@scripts/install-deps --check test
	RECORDS=$(RECORDS) CUT_STEP=1 $(TEST_ENV) prove --verbose --timer --exec tests/exec tests/record/t-exact.mjs tests/record/t-cut.mjs

unit: $(UNIT)
helpers: $(HELPERS)

# Parent, formats and unit tests under AddressSanitizer and UndefinedBehaviorSanitizer; the worker as it is.
ASAN_TESTS := $(patsubst %,tests/t-%.sh,run errors slips values input snapshot hostile-results batch) $(UNIT:$(B)/%=$(B)-asan/%)
asan:
	$(MAKE) test B=$(B)-asan MODULES=$(MODULES) TESTS='$(ASAN_TESTS)' CFLAGS='-O1 -g' SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all'

FUZZ_SECONDS ?= 30
fuzz: $(FUZZ)
	for f in $(FUZZ); do $$f -max_total_time=$(FUZZ_SECONDS) -max_len=8192 -print_final_stats=0 -verbosity=0 || exit 1; done

# Installs what iso4 is measured beside, then takes minutes. BENCH=--quick, or others of bench/bench.mjs --help;
# BENCH_OUT=bench writes the figures and the plot that are committed.
BENCH_OUT ?= $(B)/bench
bench: all $(B)/libraries/.done $(B)/helpers/service $(B)/helpers/launch
	@mkdir -p $(B)/bench
	@cmp -s $(NODE) $(B)/bench/node || dd if=$(NODE) of=$(B)/bench/node bs=128k status=none && chmod 755 $(B)/bench/node
	$(TEST_ENV) NODE=$(HERE)/bench/node $(NODE) bench/bench.mjs --output $(BENCH_OUT) $(BENCH)

# The committed tables and plot once more, from the committed figures.
bench-plot: $(NODE)
	$(NODE) bench/bench.mjs --from bench/results.json --output bench

SOURCES = $(shell git ls-files '*.c' '*.h' '*.cc' 2>/dev/null)
SCRIPTS = $(shell git ls-files '*.js' '*.mjs' 2>/dev/null)
BIOME = $(MODULES)/biome/node_modules/.bin/biome
lint: $(MODULES)/biome/.done | $(B)/.deps
	@scripts/install-deps --check lint
	clang-format --dry-run -Werror $(SOURCES)
	$(BIOME) check --config-path tools/biome --error-on-warnings $(SCRIPTS)
	shellcheck -x scripts/* .ci/run tests/exec tests/*.sh examples/fan-out/*.sh tests/libraries/*.sh
	mandoc -T lint -W warning man/*.[157]
	scripts/check-rooms
	scripts/check-words

# Fixes the layout that lint checks.
format: $(MODULES)/biome/.done
	@scripts/install-deps --check lint
	clang-format -i $(SOURCES)
	$(BIOME) format --write --config-path tools/biome $(SCRIPTS)

# ---- installing

# Completions for shells, printed by iso4 itself.
COMPLETIONS := $(addprefix $(B)/completion.,bash zsh fish)
$(COMPLETIONS): $(B)/completion.%: $(B)/bin/iso4
	$(call say,COMPLETE,$@)
	$(Q)$(EMULATE) $(B)/bin/iso4 completion $* >$@

# Debian's packages have their own place for what zsh reads.
ZSH_FUNCTIONS ?= zsh/site-functions
COMPLETED := bash-completion/completions/iso4 $(ZSH_FUNCTIONS)/_iso4 fish/vendor_completions.d/iso4.fish

# The licence of Node.js; its package has it beside bin/, other installations elsewhere or nowhere.
NODE_LICENSE = $(firstword $(wildcard $(dir $(NODE))../LICENSE $(dir $(NODE))../share/doc/node*/LICENSE) LICENSE)

# The symbols and debug data of a build, 40 MB of them, are of use to the build only.
STRIP ?= strip
INSTALL_PROGRAM = install -m 755 -s --strip-program='$(STRIP)'

$(B)/SKILL.md: $(B)/bin/iso4
	$(Q)$(EMULATE) $(B)/bin/iso4 help --agent >$@

install: all $(COMPLETIONS) $(B)/SKILL.md $(B)/licenses.txt $(B)/licenses-ts.txt
	install -d $(addprefix $(DESTDIR)$(PREFIX)/,bin lib/iso4 share/iso4 share/doc/iso4 share/man/man1 share/man/man5 share/man/man7 $(dir $(COMPLETED:%=share/%)))
	$(INSTALL_PROGRAM) $(B)/bin/iso4 $(DESTDIR)$(PREFIX)/bin/iso4
	$(INSTALL_PROGRAM) $(addprefix $(B)/lib/iso4/,v8-host probe fetch) $(DESTDIR)$(PREFIX)/lib/iso4/
	$(INSTALL_PROGRAM) -m 644 $(B)/lib/iso4/worker.so $(DESTDIR)$(PREFIX)/lib/iso4/
	install -m 644 $(B)/lib/iso4/base.snap $(B)/lib/iso4/ts.snap $(DESTDIR)$(PREFIX)/lib/iso4/
	install -m 644 share/*.schema.json $(B)/SKILL.md $(DESTDIR)$(PREFIX)/share/iso4/
	install -m 644 man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 man/*.5 $(DESTDIR)$(PREFIX)/share/man/man5/
	install -m 644 man/*.7 $(DESTDIR)$(PREFIX)/share/man/man7/
	install -m 644 $(B)/completion.bash $(DESTDIR)$(PREFIX)/share/$(word 1,$(COMPLETED))
	install -m 644 $(B)/completion.zsh $(DESTDIR)$(PREFIX)/share/$(word 2,$(COMPLETED))
	install -m 644 $(B)/completion.fish $(DESTDIR)$(PREFIX)/share/$(word 3,$(COMPLETED))
	install -m 644 LICENSE $(B)/licenses.txt $(B)/licenses-ts.txt $(DESTDIR)$(PREFIX)/share/doc/iso4/
	install -m 644 $(NODE_LICENSE) $(DESTDIR)$(PREFIX)/share/doc/iso4/LICENSE.node

uninstall:
	rm -rf $(addprefix $(DESTDIR)$(PREFIX)/,bin/iso4 lib/iso4 share/iso4 share/doc/iso4)
	rm -f $(COMPLETED:%=$(DESTDIR)$(PREFIX)/share/%)
	rm -f $(foreach n,1 5 7,$(patsubst man/%,$(DESTDIR)$(PREFIX)/share/man/man$(n)/%,$(wildcard man/*.$(n))))

# ---- packing

VERSION := $(shell sed -n 's/^.define ISO4_VERSION "\(.*\)"/\1/p' core/version.h)
DIST := $(B)/iso4-$(VERSION).tar.xz
DEB := $(B)/deb/iso4_$(VERSION)_$(subst x64,amd64,$(ARCH)).deb

# The committed files, with the time of the commit: the same commit gives the same bytes.
dist: | $(B)/.deps
	git archive --prefix=iso4-$(VERSION)/ -o $(DIST:.xz=) HEAD
	xz -f -6 -T1 $(DIST:.xz=)

deb: dist $(NODE) $(MODULES)/prelude/.done
	@scripts/install-deps --check deb
	MODULES=$(call absolute,$(MODULES)) scripts/make-deb $(DIST) $(B)/deb

# ---- carriers: the installed tree as a tarball, as npm packages, as a wheel. See carriers/README.md

CARRIERS := $(B)/carriers
TREE := $(CARRIERS)/iso4-$(VERSION)-linux-$(ARCH)
WHEEL := $(CARRIERS)/iso4-$(VERSION)-py3-none-manylinux_2_34_$(patsubst x64,x86_64,$(ARCH:arm64=aarch64)).whl
# The time of all packed files: the same commit gives the same bytes.
WHEN = $(shell git log -1 --format=%ct 2>/dev/null || echo 0)

.PHONY: tree tarball npm wheel carriers test-carriers
carriers: tarball npm wheel
tree: all $(COMPLETIONS) $(B)/licenses.txt $(B)/licenses-ts.txt tools/sbom.mjs
	@scripts/install-deps --check carriers
	rm -rf $(TREE)
	$(MAKE) --no-print-directory install DESTDIR=$(TREE) PREFIX= >/dev/null
	$(NODE) tools/sbom.mjs $(VERSION) $(B)/licenses.txt $(B)/licenses-ts.txt >$(TREE)/sbom.cdx.json
	scripts/make-tree $(TREE)

tarball: tree
	tar -C $(CARRIERS) --sort=name --owner=0 --group=0 --numeric-owner --mtime=@$(WHEN) -cf $(TREE).tar $(notdir $(TREE))
	xz -f -9 -T1 $(TREE).tar
	cd $(CARRIERS) && sha256sum $(notdir $(TREE)).tar.xz >$(notdir $(TREE)).tar.xz.sha256
	@stat -c '%n: %s bytes' $(TREE).tar.xz

npm: tree $(MODULES)/prelude/.done
	MODULES=$(call absolute,$(MODULES)) scripts/make-npm $(TREE) $(VERSION) $(ARCH) $(CARRIERS)

wheel: tree
	tools/make_wheel.py $(TREE) $(VERSION) $(ARCH) $(WHEN) $(WHEEL)
	@stat -c '%n: %s bytes' $(WHEEL)

# In a root with nothing but Debian's essential packages and what the package depends on. Needs root.
test-deb: deb
	@scripts/install-deps --check test-deb
	scripts/test-deb $(DEB)

# Each carrier used in a bare Debian without a network. Needs root.
test-carriers: carriers
	@$(MAKE) --no-print-directory test-bare CASES='tarball npm wheel'

# README's first commands in a bare Debian: SUITE=trixie is Debian 13, CASES a choice, FULL=1 the whole of the tests; see
# the script. Needs root.
SUITE ?= bookworm
CASES ?=
test-bare: $(MODULES)/v8/.done
	@scripts/install-deps --check test-bare
	MODULES=$(call absolute,$(MODULES)) CARRIERS=$(call absolute,$(CARRIERS)) scripts/test-bare $(SUITE) $(B)/bare $(CASES)

# For arm64 on an x86-64 machine: a cross-build, and the tests of ARM64_TESTS in an emulator; see the script. Needs root,
# and hours.
ARM64_TESTS ?=
test-arm64: $(MODULES)/prelude/.done $(MODULES)/typescript/.done
	@scripts/install-deps --check test-bare
	MODULES=$(call absolute,$(MODULES)) scripts/test-arm64 $(B)/arm64 $(ARM64_TESTS)

# Removes the build folder B and that of asan, if they are build folders.
clean:
	for folder in $(B) $(B)-asan; do [ ! -e $$folder/.deps ] || rm -rf $$folder; done

-include $(shell find $(B)/host-o $(B)/worker-o $(B)/fetch-o $(B)/fuzz-o -name '*.d' 2>/dev/null)
