# SPDX-License-Identifier: Apache-2.0
# dtlsshim: `make` builds everything under build/, `make check` runs the tests.
#
#   V=1                 show the commands
#   WERROR=1            warnings are errors
#   SANITIZE=address,undefined | thread
#                       a variant of everything, in build/asan or build/tsan
#   BUILD=DIR           build there instead of in build/
#   IPSECMB=0           do without Intel IPsec-MB although it is installed
#   MBEDTLS_TARBALL=F   take the Mbed TLS release from this file
#   PYTEST_ARGS=...     for `make integration`

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

VERSION := 0.1.0

AR ?= ar
OBJCOPY ?= objcopy
INSTALL ?= install
PYTHON ?= /usr/bin/python3
CFLAGS ?= -O3 -g
BUILD ?= build
VENDOR ?= build/vendor
prefix ?= /usr/local
bindir ?= $(prefix)/bin
libdir ?= $(prefix)/lib
includedir ?= $(prefix)/include
mandir ?= $(prefix)/share/man

ifneq ($(V),1)
Q := @
endif
say = @printf '  %-7s %s\n' '$(1)' '$(patsubst $(BUILD)/%,%,$(2))'

# ---- variants --------------------------------------------------------------------------------

ifeq ($(SANITIZE),)
OUT := $(BUILD)
VARIANT_LDFLAGS := -Wl,-z,defs
else
VARIANT := $(strip $(if $(findstring thread,$(SANITIZE)),tsan,asan))
OUT := $(BUILD)/$(VARIANT)
VARIANT_CFLAGS := -O1 -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
OBJ := $(OUT)/obj

# ---- sources and libraries -------------------------------------------------------------------

src = $(sort $(wildcard $(1)))
obj = $(patsubst %.c,$(OBJ)/%.o,$(1))

CORE := $(call src,core/*.c)
HOST := $(call src,host/*.c)
SHIM := $(call src,shim/*/*.c)
PROXY := $(call src,proxy/*.c)
TOOLS := $(call src,tools/*.c)
PRODUCT := $(CORE) $(HOST) $(SHIM) $(PROXY) $(TOOLS)
UNIT := $(call src,tests/unit/test_*.c tests/sim/test_*.c)
SUPPORT := $(filter-out $(UNIT),$(call src,tests/unit/*.c tests/sim/*.c))
SERVERS := $(call src,tests/servers/*.c)
PEERS := $(call src,tests/peers/*.c)
BENCH := $(call src,tests/bench/*.c)
# The others are built against the installed library, by a test.
EXAMPLES := examples/proxy_v2_server.c

MBEDTLS := $(VENDOR)/mbedtls-$(shell sed -n 's/^version=//p' scripts/fetch-mbedtls)
MBEDTLS_LIB := $(OUT)/mbedtls/libmbedtls.a

# Static, so that a preloaded libdtlsshim.so brings no library into the program.  The compiler
# prints the bare name of what it does not find.
found = $(filter /%,$(shell $(CC) -print-file-name=$(1)))
LIBCSV := $(or $(call found,libcsv.a),-lcsv)
ifneq ($(IPSECMB),0)
IPSECMB_LIB := $(if $(wildcard /usr/include/intel-ipsec-mb.h),$(call found,libIPSec_MB.a))
endif

# ---- flags -----------------------------------------------------------------------------------

# -Wno-array-bounds: gcc 12 reports branches of xxhash.h that are for longer inputs than ours.
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wformat=2 -Wno-array-bounds -Werror=implicit
SHAPE := -fPIC -fvisibility=hidden -ffunction-sections -fdata-sections -fstack-protector-strong \
	$(VARIANT_CFLAGS)
# No _FORTIFY_SOURCE, whatever the compiler's default: its checked calls are hooks of ours.
DS_CFLAGS = $(CFLAGS) -std=c11 -D_GNU_SOURCE -U_FORTIFY_SOURCE -Iinclude -I. -I$(OBJ) \
	-isystem $(MBEDTLS)/include -DMBEDTLS_CONFIG_FILE=\"core/mbedtls_config.h\" \
	-DDS_VERSION=\"$(VERSION)\" $(if $(IPSECMB_LIB),-DDS_HAVE_IPSECMB) $(WARNINGS) \
	$(if $(WERROR),-Werror) $(SHAPE) -ftls-model=initial-exec -pthread
DS_LDFLAGS = $(LDFLAGS) $(VARIANT_CFLAGS) $(VARIANT_LDFLAGS) -Wl,-z,relro -Wl,-z,now \
	-Wl,-z,noexecstack -Wl,--gc-sections -pthread
LIBS := $(MBEDTLS_LIB) $(IPSECMB_LIB) $(LIBCSV)

# ---- products --------------------------------------------------------------------------------

ALL := $(if $(CORE),$(OUT)/libdtlscore.a) $(if $(SHIM),$(OUT)/libdtlsshim.so) \
	$(if $(PROXY),$(OUT)/dtlsproxy $(OUT)/dtls_proxy) $(if $(TOOLS),$(OUT)/dtlsshim)

.PHONY: all
all: $(ALL)

define LINK
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) $(LINK_KIND) -o $@ $(filter %.o,$^) $(LINK_LIBS) \
		$(LIBS) $(DS_LDFLAGS)
endef

$(OUT)/dtlsproxy: $(call obj,$(PROXY) $(HOST) $(CORE)) $(MBEDTLS_LIB)
	$(LINK)

# EUB's name, under which it has EUB's defaults.
$(OUT)/dtls_proxy: $(OUT)/dtlsproxy
	$(Q)ln -sf dtlsproxy $@

$(OUT)/dtlsshim: $(call obj,$(TOOLS) $(HOST) $(CORE)) $(MBEDTLS_LIB)
	$(LINK)

# Bound to itself, never unloaded, exporting what the map says and nothing else.
$(OUT)/libdtlsshim.so: LINK_KIND = -shared -Wl,--version-script=$(OUT)/shim.map -Wl,-Bsymbolic \
	-Wl,-z,nodelete -Wl,--exclude-libs,ALL
$(OUT)/libdtlsshim.so: $(call obj,$(SHIM) $(HOST) $(CORE)) $(MBEDTLS_LIB) $(OUT)/shim.map
	$(LINK)

$(OUT)/shim.map: $(wildcard shim/hooks.txt shim/api.txt)
	$(call say,GEN,$@)
	$(Q)awk 'BEGIN { print "{ global:" } $$1 !~ /^(#|$$)/ { print "\t" $$1 ";" } \
		END { print "local: *; };" }' $^ >$@

# The names the shim knows, for `dtlsshim check`.
$(OBJ)/hooked_names.h: shim/hooks.txt
	$(Q)mkdir -p $(@D) && awk '$$1 !~ /^(#|$$)/ { print "\"" $$1 "\"," }' $< >$@
$(OBJ)/passed_names.h: shim/passes.txt
	$(Q)mkdir -p $(@D) && awk '/^\t/ { for (i = 1; i <= NF; i++) print "\"" $$i "\"," }' $< >$@
NAMES := $(OBJ)/hooked_names.h $(OBJ)/passed_names.h
$(OBJ)/tools/elf.o $(OBJ)/tests/unit/test_elf.o: $(NAMES)

# Where the installed `dtlsshim` finds libdtlsshim.so, seen from its own folder: so the tree can be moved
# as a whole.  `make install` with another libdir than `make` had links the command again.
$(OBJ)/shim_place.h: TEXT = \#define SHIM_PLACE "$(shell realpath -ms --relative-to='$(bindir)' '$(libdir)/dtlsshim')"
$(OBJ)/shim_place.h: FORCE
	@mkdir -p $(@D); printf '%s\n' '$(TEXT)' | cmp -s - $@ || printf '%s\n' '$(TEXT)' >$@
$(OBJ)/tools/check.o: $(OBJ)/shim_place.h

# One object with everything a program needs, in which only ds_* is visible: the program may link
# an Mbed TLS of its own.
$(OUT)/libdtlscore.a: $(call obj,$(CORE)) $(MBEDTLS_LIB)
	$(call say,AR,$@)
	$(Q)$(CC) $(CFLAGS) -r -nostdlib -o $(OBJ)/libdtlscore.o $(filter %.o,$^) $(MBEDTLS_LIB) \
		$(IPSECMB_LIB)
	$(Q)$(OBJCOPY) --wildcard --keep-global-symbol='ds_*' $(OBJ)/libdtlscore.o
	$(Q)rm -f $@ && $(AR) rcsD $@ $(OBJ)/libdtlscore.o

# ---- compiling -------------------------------------------------------------------------------

$(OBJ)/%.o: %.c $(OUT)/flags | $(MBEDTLS)/LICENSE
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) $(DS_CFLAGS) -MMD -MP -c -o $@ $<

-include $(patsubst %.o,%.d,$(call obj,$(PRODUCT) $(UNIT) $(SUPPORT) $(PEERS) $(BENCH)))

# Files that change when their text does: what was built with other flags is built again.
$(OUT)/flags: TEXT = $(CC) $(filter-out -Werror,$(DS_CFLAGS)) $(DS_LDFLAGS) $(LIBS)
$(OUT)/mbedtls/flags: TEXT = $(CC) $(CFLAGS) $(SHAPE) $(MBEDTLS)
$(OUT)/flags $(OUT)/mbedtls/flags: FORCE
	@mkdir -p $(@D); echo '$(TEXT)' | cmp -s - $@ || echo '$(TEXT)' >$@
.PHONY: FORCE
FORCE:

$(MBEDTLS)/LICENSE:
	$(call say,FETCH,$(@D))
	$(Q)MBEDTLS_TARBALL='$(MBEDTLS_TARBALL)' scripts/fetch-mbedtls $(VENDOR)

$(MBEDTLS_LIB): $(OUT)/mbedtls/flags core/mbedtls_config.h scripts/build-mbedtls | $(MBEDTLS)/LICENSE
	$(call say,MBEDTLS,$@)
	$(Q)CC='$(CC)' AR='$(AR)' CFLAGS='$(CFLAGS) $(SHAPE)' scripts/build-mbedtls $(MBEDTLS) $(@D)

# ---- tests -----------------------------------------------------------------------------------

UNIT_BIN := $(patsubst tests/%.c,$(OUT)/%,$(UNIT))
SERVER_BIN := $(patsubst tests/servers/%.c,$(OUT)/servers/%,$(SERVERS))
SMOKE_BIN := $(addprefix $(OUT)/smoke/,plain fortified large_files)
PEER_BIN := $(patsubst tests/peers/%.c,$(OUT)/peers/%,$(PEERS))
EXAMPLE_BIN := $(patsubst %.c,$(OUT)/%,$(EXAMPLES))

.PHONY: check unit integration servers peers
check: unit integration
servers: $(SERVER_BIN) $(SMOKE_BIN) $(EXAMPLE_BIN) $(OUT)/servers/plugin.so
peers: $(PEER_BIN)

$(UNIT_BIN): LINK_LIBS = -lcmocka
# Engines in simulations get the nonce oracle of tests/unit/support.h in front of their ciphers.
$(filter $(OUT)/sim/%,$(UNIT_BIN)): LINK_LIBS += -Wl,--wrap=ds_aead_setup -Wl,--wrap=ds_aead_setup_portable
# Another machine and another day, for a state file.
$(OUT)/unit/test_host_state: LINK_LIBS += -Wl,--wrap=host_state_machine_id -Wl,--wrap=host_state_wall \
	-Wl,--wrap=host_state_wall_offset -Wl,--wrap=host_state_sleep -Wl,--wrap=fstat \
	-Wl,--wrap=host_restore_until
$(OUT)/unit/test_make_wire: $(call obj,shim/socket/make_wire.c shim/socket/filter.c)
$(OUT)/unit/test_proxy_backends: $(call obj,proxy/backends.c proxy/names.c proxy/net.c proxy/probe.c)
$(OUT)/unit/test_retired: $(call obj,shim/socket/retired.c shim/base/rights.c)
$(OUT)/unit/test_gateway: $(call obj,proxy/allow.c proxy/hold.c proxy/links.c)
$(UNIT_BIN): $(OUT)/%: $(OBJ)/tests/%.o $(call obj,$(SUPPORT) $(HOST) $(CORE)) $(MBEDTLS_LIB)
	$(LINK)

$(PEER_BIN): $(OUT)/%: $(OBJ)/tests/%.o $(MBEDTLS_LIB)
	$(LINK)

# Servers stand for programs that know nothing of us: plain flags, in every variant.
$(SERVER_BIN): $(OUT)/servers/%: tests/servers/%.c $(wildcard tests/servers/*.h)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) -O2 -g -Wall -Wextra $(if $(WERROR),-Werror) -Iinclude -D_GNU_SOURCE \
		-U_FORTIFY_SOURCE $(if $(findstring fortified,$@),-D_FORTIFY_SOURCE=2) -pthread \
		-o $@ $<

# As their users compile them: no library of ours, installed headers only.
$(EXAMPLE_BIN): $(OUT)/%: %.c $(wildcard include/dtlsshim/*.h)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) -O2 -g -Wall -Wextra $(if $(WERROR),-Werror) $(VARIANT_CFLAGS) \
		-Iinclude -o $@ $<

# One program that calls every hooked name, three times: each flavour calls others behind its back.
$(SMOKE_BIN): SMOKE_FLAGS = $(if $(findstring fortified,$@),-D_FORTIFY_SOURCE=3) \
	$(if $(findstring large,$@),-D_FILE_OFFSET_BITS=64)
$(SMOKE_BIN): tests/smoke/smoke.c tests/servers/victim.h $(OUT)/smoke/calls.h
	$(call say,CC,$@)
	$(Q)$(CC) -O2 -g -Wall -Wextra -Wno-deprecated-declarations $(if $(WERROR),-Werror) \
		-D_GNU_SOURCE -U_FORTIFY_SOURCE $(SMOKE_FLAGS) -I. \
		-DSMOKE_CALLS='"$(OUT)/smoke/calls.h"' -pthread \
		-Wl,-rpath,'$$ORIGIN/../servers' -o $@ $<

$(OUT)/servers/plugin.so: tests/plugin/plugin.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) -O2 -g -Wall -Wextra $(if $(WERROR),-Werror) -D_GNU_SOURCE \
		-fPIC -shared -o $@ $<

$(OUT)/smoke/calls.h: scripts/gen-smoke shim/hooks.txt tests/smoke/calls.txt
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D) && scripts/gen-smoke >$@

unit: $(UNIT_BIN)
	@printf '%s\n' $^ | xargs -P $$(nproc) -I@ sh -c \
		'if timeout 300 @ >@.log 2>&1; then echo "  PASS    @"; \
		else cat @.log; echo "  FAIL    @"; exit 1; fi'

# Fuzz targets (clang): each runs FUZZ_SECONDS, from the seeds that engines of this source wrote, the
# corpus in tests/fuzz/corpus, and what it left in build/fuzz, with random numbers of FUZZ_SEED (0: others
# each time).  What they reach is in build/fuzz, too:
# scripts/fuzz-coverage reads it.
FUZZ_SECONDS ?= 5
FUZZ_SEED ?= 1
FUZZ := engine pair record store
FUZZ_FLAGS = -g -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
	-fprofile-instr-generate -fcoverage-mapping
FUZZ_CC = clang $(filter-out -O3,$(patsubst -Wno-array-bounds,,$(DS_CFLAGS))) -UDS_HAVE_IPSECMB \
	-Wno-everything $(FUZZ_FLAGS)
fuzz_obj = $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,$(1) tests/fuzz/fuzz.c $(CORE))
.PHONY: fuzz
fuzz: $(addprefix $(BUILD)/fuzz/,$(FUZZ)) $(BUILD)/fuzz/seeds
	@rm -rf $(BUILD)/fuzz/seeds.d && LLVM_PROFILE_FILE=/dev/null $(BUILD)/fuzz/seeds $(BUILD)/fuzz/seeds.d
	@for t in $(FUZZ:%=$(BUILD)/fuzz/%); do n=$${t##*/}; echo "  FUZZ    $$t"; \
		mkdir -p $$t.corpus $(BUILD)/fuzz/seeds.d/$$n; \
		LLVM_PROFILE_FILE=$$t.profraw $$t -max_total_time=$(FUZZ_SECONDS) -seed=$(strip $(FUZZ_SEED)) -max_len=4096 \
			-artifact_prefix=$$t- $$t.corpus $(BUILD)/fuzz/seeds.d/$$n \
			$$(ls -d tests/fuzz/corpus/$$n 2>/dev/null) >$$t.log 2>&1 || \
			{ tail -40 $$t.log; exit 1; }; done

$(BUILD)/fuzz/obj/%.o: %.c $(OUT)/flags | $(MBEDTLS)/LICENSE
	$(call say,FUZZ,$<)
	$(Q)mkdir -p $(@D) && $(FUZZ_CC) -MMD -MP -c -o $@ $<

-include $(patsubst %.o,%.d,$(call fuzz_obj,tests/unit/support.c tests/fuzz/pair_world.c $(FUZZ:%=tests/fuzz/%.c) tests/fuzz/seeds.c))

# Engines of the pair target have the nonce oracle, as those of the simulations do.
$(BUILD)/fuzz/pair: $(patsubst %,$(BUILD)/fuzz/obj/%.o,tests/fuzz/pair_world tests/unit/support)
$(BUILD)/fuzz/pair: LINK_LIBS = -lcmocka -Wl,--wrap=ds_aead_setup -Wl,--wrap=ds_aead_setup_portable
$(BUILD)/fuzz/seeds: FUZZ_MAIN = -fsanitize=address,undefined
$(FUZZ:%=$(BUILD)/fuzz/%) $(BUILD)/fuzz/seeds: $(BUILD)/fuzz/%: $(call fuzz_obj,tests/fuzz/%.c) $(MBEDTLS_LIB)
	$(call say,LD,$@)
	$(Q)clang $(FUZZ_FLAGS) $(or $(FUZZ_MAIN),-fsanitize=fuzzer) -o $@ $(filter %.o,$^) \
		$(MBEDTLS_LIB) -pthread $(LINK_LIBS)

# What scripts/bench measures with; server and overhead are programs like those of tests/servers.
.PHONY: bench-tools
bench-tools: $(addprefix $(OUT)/bench/,echo_server flood overhead load fleet ping crowd session_size session_cost)

$(OUT)/bench/flood: tests/bench/hello.c
$(addprefix $(OUT)/bench/,echo_server flood overhead): $(OUT)/bench/%: tests/bench/%.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(CC) -O2 -g -Wall -Wextra $(if $(WERROR),-Werror) -D_GNU_SOURCE -I. -o $@ \
		$(filter %.c,$^)

$(OUT)/bench/crowd: $(call obj,tests/bench/cheap.c tests/bench/hello.c)
$(addprefix $(OUT)/bench/,load fleet crowd): $(call obj,tests/bench/wire.c)
$(OUT)/bench/session_cost: $(call obj,host/arena.c host/sys.c)
$(addprefix $(OUT)/bench/,load fleet ping crowd session_size session_cost): $(OUT)/bench/%: $(OBJ)/tests/bench/%.o \
		$(call obj,tests/bench/peer.c $(CORE)) $(MBEDTLS_LIB)
	$(LINK)

# DS_BUILD and DS_SANITIZE tell the tests what to run.
integration: all servers peers
	DS_BUILD='$(abspath $(OUT))' DS_SANITIZE='$(SANITIZE)' PYTHONDONTWRITEBYTECODE=1 \
		$(PYTHON) -m pytest -p no:cacheprovider $(if $(SANITIZE),,tests/peers) tests/integration $(PYTEST_ARGS)

# ---- analysis --------------------------------------------------------------------------------

.PHONY: lint check-source cppcheck clang-tidy format format-check compile_commands.json
lint: check-source cppcheck clang-tidy

check-source: $(call obj,$(PRODUCT)) $(if $(SHIM),$(OUT)/libdtlsshim.so $(OUT)/dtlsshim $(SMOKE_BIN))
	$(Q)scripts/check-sizes
	$(Q)scripts/mutate --check
	$(Q)scripts/check-core-purity $(call obj,$(CORE))
	$(Q)scripts/check-layers $(call obj,$(PRODUCT))
	$(if $(SHIM),$(Q)scripts/check-exports $(OUT)/libdtlsshim.so)
	$(if $(SHIM),$(Q)scripts/check-names $(OUT)/smoke/fortified $(OUT)/smoke/large_files)
	$(if $(SHIM),$(Q)scripts/gen-docs --check $(OUT)/dtlsshim)

# cppcheck reads no system headers; but loops by <sys/queue.h> it must know.
cppcheck:
	$(call say,CHECK,$@)
	$(Q)cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
		--error-exitcode=1 --suppress=missingIncludeSystem -j $$(nproc) -D_GNU_SOURCE \
		-D__x86_64__ -D__linux__ -DDS_HAVE_IPSECMB -Iinclude -I. $(PRODUCT) \
		$(addprefix --include=,$(wildcard /usr/include/sys/queue.h /usr/include/*/sys/queue.h))

# clang-tidy counts warnings it does not show on its standard error.
clang-tidy: compile_commands.json $(NAMES) $(OBJ)/shim_place.h | $(MBEDTLS)/LICENSE
	$(call say,CHECK,$@)
	$(Q)printf '%s\n' $(PRODUCT) | xargs -P $$(nproc) -n 4 clang-tidy -p $(BUILD) --quiet \
		2>$(BUILD)/clang-tidy.log || { cat $(BUILD)/clang-tidy.log; false; }

JSON_CC = $(subst ",\",$(subst \,\\,$(CC) $(DS_CFLAGS)))
compile_commands.json:
	@mkdir -p $(BUILD); sep='['; for f in $(PRODUCT) $(UNIT) $(SUPPORT) $(PEERS); do \
		printf '%s{"directory":"%s","file":"%s","command":"%s -c %s"}\n' "$$sep" \
			'$(CURDIR)' $$f '$(JSON_CC)' $$f; sep=,; \
	done >$(BUILD)/$@; echo ']' >>$(BUILD)/$@

C_FILES = $(shell find include core host shim proxy tools examples tests -name '*.[ch]')
format:
	clang-format -i $(C_FILES)

format-check:
	@bad=0; for f in $(C_FILES); do \
		clang-format $$f | diff -u --label $$f --label formatted $$f - || bad=1; \
	done; exit $$bad

# ---- installing ------------------------------------------------------------------------------

MAN1 := $(call src,docs/*.1)
MAN7 := $(call src,docs/*.7)
PC = $(libdir)/pkgconfig/libdtlscore.pc

.PHONY: install uninstall clean
install: all
	$(INSTALL) -d $(addprefix $(DESTDIR),$(bindir) $(libdir)/dtlsshim $(includedir)/dtlsshim \
		$(libdir)/pkgconfig $(mandir)/man1 $(mandir)/man7)
	$(INSTALL) $(wildcard $(OUT)/dtlsproxy $(OUT)/dtlsshim) $(DESTDIR)$(bindir)
	ln -sf dtlsproxy $(DESTDIR)$(bindir)/dtls_proxy
	$(INSTALL) -m 644 $(OUT)/libdtlsshim.so $(DESTDIR)$(libdir)/dtlsshim
	$(INSTALL) -m 644 $(OUT)/libdtlscore.a $(DESTDIR)$(libdir)
	$(INSTALL) -m 644 include/dtlsshim/*.h $(DESTDIR)$(includedir)/dtlsshim
	sed -e 's|@prefix@|$(prefix)|' -e 's|@libdir@|$(libdir)|' -e 's|@includedir@|$(includedir)|' \
		-e 's|@version@|$(VERSION)|' core/libdtlscore.pc.in >$(DESTDIR)$(PC)
	chmod 644 $(DESTDIR)$(PC)
	$(if $(MAN1),$(INSTALL) -m 644 $(MAN1) $(DESTDIR)$(mandir)/man1)
	$(if $(MAN7),$(INSTALL) -m 644 $(MAN7) $(DESTDIR)$(mandir)/man7)

uninstall:
	rm -f $(addprefix $(DESTDIR)$(bindir)/,dtlsproxy dtls_proxy dtlsshim) $(DESTDIR)$(libdir)/libdtlscore.a $(DESTDIR)$(PC) \
		$(addprefix $(DESTDIR)$(mandir)/man1/,$(notdir $(MAN1))) \
		$(addprefix $(DESTDIR)$(mandir)/man7/,$(notdir $(MAN7)))
	rm -rf $(DESTDIR)$(libdir)/dtlsshim $(DESTDIR)$(includedir)/dtlsshim

# The fetched source stays, so that building again needs no network.
clean:
	[ ! -d $(BUILD) ] || find $(BUILD) -mindepth 1 -maxdepth 1 ! -name vendor -exec rm -rf {} +
