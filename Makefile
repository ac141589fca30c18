# One file for everything. Targets: all check torture bench demo install lint clean.
# Knobs: V=1 (show commands)  SAN=1 (ASan+UBSan)  SHARED=1 (dynamic sqlite and crypto)
#        CC=clang  WERROR=  DESTDIR=  PREFIX=
VERSION := 0.1.0
PREFIX  ?= /usr/local
CC      ?= cc
WERROR  ?= -Werror
CFLAGS  ?= -O2 -g
Q       := $(if $(V),,@)
B       := build/$(if $(SAN),san,$(if $(SHARED),shared,plain))$(if $(filter clang%,$(CC)),-$(CC))

, := ,
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wvla -Wnull-dereference -Wwrite-strings \
	-Wpointer-arith -Wcast-qual -Wundef -Wswitch-enum -Wfloat-equal \
	-Wno-missing-field-initializers -Wno-gnu-zero-variadic-macro-arguments -Wno-format-nonliteral $(WERROR)
HARDEN := -fPIC -fno-strict-overflow $(if $(SAN),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 \
	-fstack-protector-strong -fstack-clash-protection -fcf-protection=full)
SANFL := $(if $(SAN),-fsanitize=address$(,)undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
ALL_CF = -std=gnu11 -D_GNU_SOURCE -DPORTAL_VERSION='"$(VERSION)"' -Iinclude -Ilib -I$(B) \
	-fvisibility=hidden $(WARN) $(HARDEN) $(SANFL) -MMD -MP $(CFLAGS)
ALL_LD = -pie -Wl,-z,relro,-z,now -Wl,--as-needed -Wl,--gc-sections $(SANFL) $(LDFLAGS)
STATIC  := $(if $(SHARED),,-Wl$(,)-Bstatic)
LIBS    := $(STATIC) -lsqlite3 -lcrypto -Wl,-Bdynamic -lcjson -lyaml -lsmartcols -lm -lpthread -ldl

LIB_C := $(wildcard lib/*.c lib/*/*.c)
CMD_C := $(wildcard cmd/*.c cmd/*/*.c)
LIB_O := $(LIB_C:%.c=$(B)/%.o)
CMD_O := $(CMD_C:%.c=$(B)/%.o)
UNIT  := $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/*.c))

all: $(if $(CMD_C),$(B)/bin/portalctl) human

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
$(B)/templates.inc: lib/text/embed-templates $(wildcard lib/text/templates/*.txt)
	@mkdir -p $(@D)
	$(Q)$< $(filter %.txt,$^) > $@
MADE := $(addprefix $(B)/,queries.inc statements.inc schema.inc templates.inc completions.inc)

$(B)/libportal.a: $(LIB_O)
	$(Q)rm -f $@ && $(AR) rcs $@ $^
$(B)/bin/portalctl: $(CMD_O) $(B)/libportal.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CF) $(ALL_LD) -o $@ $(CMD_O) $(B)/libportal.a $(LIBS)
$(B)/%.o: %.c | $(MADE)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CF) -c -o $@ $<
$(B)/unit/%: tests/unit/%.c tests/unit/check.h $(B)/libportal.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CF) $(ALL_LD) -o $@ $< $(B)/libportal.a $(LIBS)
# What people read: messages in Portuguese, manual pages. Also the scripts of the shells.
MO    := $(B)/share/locale/pt_BR/LC_MESSAGES/portalctl.mo
PAGES := $(foreach p,$(wildcard man/*.in),$(B)/share/man/man$(subst .,,$(suffix $(p:.in=)))/$(notdir $(p:.in=)))
human: $(MO) $(PAGES)
$(MO): lib/text/po/pt_BR.po
	@mkdir -p $(@D)
	$(Q)msgfmt --check-format -o $@ $<
$(PAGES): man/gen $(B)/bin/portalctl $(wildcard man/*.in include/portal/*.h)
	@mkdir -p $(@D)
	$(Q)man/gen $(B)/bin/portalctl man/$(@F).in > $@
$(B)/completions.inc: completions/embed $(wildcard completions/*portalctl*)
	@mkdir -p $(@D)
	$(Q)$< $(filter-out $<,$^) > $@
install-human: human
	install -Dm644 $(MO) $(DESTDIR)$(PREFIX)/share/locale/pt_BR/LC_MESSAGES/portalctl.mo
	for p in $(PAGES:$(B)/%=%); do install -Dm644 $(B)/$$p $(DESTDIR)$(PREFIX)/$$p || exit 1; done
	install -Dm644 completions/portalctl.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/portalctl
	install -Dm644 completions/_portalctl $(DESTDIR)$(PREFIX)/share/zsh/vendor-completions/_portalctl
	install -Dm644 completions/portalctl.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/portalctl.fish

unit: $(UNIT)
	$(Q)for t in $(UNIT); do echo "# $$t"; $$t || exit 1; done

clean:
	rm -rf build
.PHONY: all human install-human check unit clean
.DELETE_ON_ERROR:
-include $(LIB_O:.o=.d) $(CMD_O:.o=.d) $(UNIT:=.d)
