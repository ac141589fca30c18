# One file for everything.
# make            build/plain: bin/portalctl, lib/, share/ as they are installed
# make demo       the main job on real input    make check    all tests of every day
# make torture    the long ones                 make bench    measures
# make deps       what is missing of Debian's packages (demo and check do it first)
# make install uninstall unit clean
# Knobs: V=1 (show commands)  SAN=1 (ASan+UBSan)  SHARED=1 (dynamic sqlite and crypto)
#        CC=clang  WERROR=  DESTDIR=  PREFIX=  JOBS=  PIE=1 (a fifth of a start is relocating)
VERSION := 0.1.0
PREFIX  ?= /usr/local
JOBS    ?= $(shell nproc)
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += --jobs=$(JOBS)
endif
CC      ?= cc
WERROR  ?= -Werror
CFLAGS  ?= $(if $(SAN),-Og -g1,-O2 -g)
Q       := $(if $(V),,@)
B       := build/$(if $(SAN),san,$(if $(filter 1,$(SHARED)),shared,plain))$(if $(filter clang%,$(CC)),-$(CC))

, := ,
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wvla -Wnull-dereference -Wwrite-strings \
	-Wpointer-arith -Wcast-qual -Wundef -Wswitch-enum -Wfloat-equal \
	-Wno-missing-field-initializers -Wno-gnu-zero-variadic-macro-arguments -Wno-format-nonliteral $(WERROR)
HARDEN := -fPIC -fno-strict-overflow $(if $(SAN),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 \
	-fstack-protector-strong -fstack-clash-protection -fcf-protection=full)
SANFL := $(if $(SAN),-fsanitize=address$(,)undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
ALL_CF = -std=gnu11 -D_GNU_SOURCE -DPORTAL_VERSION='"$(VERSION)"' -Iinclude -Ilib -I$(B) \
	-fno-semantic-interposition $(WARN) $(HARDEN) $(SANFL) -MMD -MP $(CFLAGS)
ALL_LD = $(if $(PIE)$(SAN),-pie,-no-pie) -Wl,-z,relro,-z,now -Wl,--as-needed -Wl,--gc-sections $(SANFL) $(LDFLAGS)
BUILD_PACKAGES := gcc libc6-dev libsqlite3-dev libssl-dev libcjson-dev libyaml-dev \
	libcurl4-openssl-dev libsmartcols-dev gettext jq tzdata
CHECK_PACKAGES := bats parallel sqlite3 python3-jsonschema universal-ctags clang-format \
	shellcheck mandoc zsh fish python3 strace openssl postfix lighttpd nginx-light fcgiwrap

STATIC  := $(if $(filter 1,$(SHARED)),,-Wl$(,)-Bstatic)
LIBS    := $(STATIC) -lsqlite3 -lcrypto -lyaml -Wl,-Bdynamic -lm -lpthread -ldl

LIB_C := $(wildcard lib/*.c lib/*/*.c)
CMD_C := $(wildcard cmd/*.c cmd/*/*.c)
LIB_O := $(LIB_C:%.c=$(B)/%.o)
CMD_O := $(CMD_C:%.c=$(B)/%.o)
UNIT  := $(patsubst tests/%.c,$(B)/%,$(wildcard tests/unit/*.c))
PUBLIC := $(wildcard include/portal/*.h)
MO    := $(patsubst lib/text/po/%.po,$(B)/share/locale/%/LC_MESSAGES/portalctl.mo,\
	$(wildcard lib/text/po/*.po))

PAGES := $(foreach p,$(patsubst %.in,%,$(wildcard man/*.in)),\
	$(B)/share/man/man$(subst .,,$(suffix $p))/$(notdir $p))

all: $(B)/bin/portalctl $(MO) $(PAGES)

SQL  := $(wildcard lib/store/queries/*.sql)
DDL  := $(sort $(wildcard lib/store/schema/*.sql))
$(B)/queries.inc: lib/store/embed-sql $(SQL)
	@mkdir -p $(@D)
	$(Q)$< enum $(SQL) > $@
$(B)/statements.inc: lib/store/embed-sql $(SQL)
	@mkdir -p $(@D)
	$(Q)$< table $(SQL) > $@
$(B)/schema.inc: lib/store/embed-sql $(DDL)
	@mkdir -p $(@D)
	$(Q)$< schema $(DDL) > $@
$(B)/templates.inc: lib/text/embed-templates $(wildcard lib/text/templates/*)
	@mkdir -p $(@D)
	$(Q)$< $(filter-out $<,$^) > $@
$(B)/completions.inc: completions/embed $(wildcard completions/*portalctl*)
	@mkdir -p $(@D)
	$(Q)$< $(filter-out $<,$^) > $@
MADE := $(addprefix $(B)/,queries.inc statements.inc schema.inc templates.inc completions.inc)

$(B)/%.o: %.c Makefile | $(MADE)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CF) -c -o $@ $<
$(B)/libportal.a: $(LIB_O)
	$(Q)rm -f $@ && $(AR) rcs $@ $^
$(B)/exports.map: lib/embed-exports $(PUBLIC)
	@mkdir -p $(@D)
	$(Q)$< $(PUBLIC) > $@
$(B)/libportal.so.0: $(B)/exports.map $(LIB_O)
	$(Q)$(CC) $(ALL_CF) $(filter-out -pie -no-pie,$(ALL_LD)) -shared -Wl,-soname,$(@F) \
		-Wl,--version-script=$< -o $@ $(LIB_O) $(filter-out $(STATIC),$(LIBS))
$(B)/bin/portalctl: $(CMD_O) $(B)/libportal.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CF) $(ALL_LD) -o $@ $^ $(LIBS)
$(B)/%: tests/%.c tests/unit/check.h $(B)/libportal.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CF) $(ALL_LD) -o $@ $< $(B)/libportal.a $(LIBS)
$(B)/share/locale/%/LC_MESSAGES/portalctl.mo: lib/text/po/%.po
	@mkdir -p $(@D)
	$(Q)msgfmt --check-format -o $@ $<
$(PAGES): man/gen $(B)/bin/portalctl $(wildcard man/*.in) $(PUBLIC)
	@mkdir -p $(@D)
	$(Q)man/gen $(B)/bin/portalctl man/$(@F).in > $@

# What `install` copies and `uninstall` takes away, laid out below one folder.
S = $(B)/stage
stage: all $(B)/libportal.so.0
	$(Q)rm -rf $S && mkdir -p $S/bin $S/lib/pkgconfig $S/include/portal
	$(Q)install -m 755 $(B)/bin/portalctl $S/bin
	$(Q)install -m 644 $(B)/libportal.a $(B)/libportal.so.0 $S/lib
	$(Q)ln -s libportal.so.0 $S/lib/libportal.so
	$(Q)install -m 644 $(PUBLIC) $S/include/portal
	$(Q)printf '%s\n' 'Name: libportal' 'Version: $(VERSION)' \
		'Description: the rules of the client portal, without its commands' \
		'Requires.private: sqlite3 libcrypto yaml-0.1' \
		'Libs: -L$(PREFIX)/lib -lportal' 'Cflags: -I$(PREFIX)/include' \
		> $S/lib/pkgconfig/libportal.pc
	$(Q)cp -R $(B)/share $S
	$(Q)for c in $(wildcard completions/*portalctl*); do case $$c in \
		*.bash) to=bash-completion/completions/portalctl ;; \
		*.fish) to=fish/vendor_completions.d/portalctl.fish ;; \
		*) to=zsh/site-functions/_portalctl ;; esac; \
		install -D -m 644 $$c $S/share/$$to || exit; done
install: stage
	mkdir -p $(DESTDIR)$(PREFIX) && cp -RP $S/. $(DESTDIR)$(PREFIX)
uninstall: stage
	cd $S && find . ! -type d -exec rm -f $(DESTDIR)$(PREFIX)/{} \;
	rmdir $(DESTDIR)$(PREFIX)/include/portal 2>/dev/null || :

# One question to dpkg; apt-get only where something is missing and we may.
deps check-deps:
	@tests/deps $(BUILD_PACKAGES) $(CHECK_PACKAGES)
demo-deps:
	@tests/deps $(BUILD_PACKAGES)
print-packages:
	@echo $(BUILD_PACKAGES) $(CHECK_PACKAGES)
demo: demo-deps
	$(Q)$(MAKE) all
	$(Q)examples/demo $(B)/bin/portalctl
units: $(UNIT) $(B)/net/whatsapp
unit: $(UNIT)
	$(Q)tests/run $(UNIT)
check: check-deps
	$(Q)$(MAKE) all units $(B)/libportal.so.0
	$(Q)$(MAKE) SAN=1 units
	$(Q)B=$(B) tests/run $(UNIT) $(UNIT:$(B)/%=build/san/%) tests/fault tests/lint tests/doc tests/cmd
torture: check-deps
	$(Q)$(MAKE) all units
	$(Q)tests/run tests/cloud && tests/fault/run --all && tests/fault/memcheck $(B) && tests/fuzz/run
bench: check-deps
	$(Q)$(MAKE) all
	$(Q)tests/bench/run
clean:
	rm -rf build
.PHONY: all stage install uninstall deps demo-deps check-deps print-packages demo units unit \
	check torture bench clean
.DELETE_ON_ERROR:
-include $(LIB_O:.o=.d) $(CMD_O:.o=.d) $(UNIT:=.d) $(B)/net/whatsapp.d
