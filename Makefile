# SPDX-License-Identifier: GPL-3.0-or-later
# The whole suite.  `make help` tells people what they can do; pipeline/README.md tells
# programmers how the steps hang together.

plan  ?= henan-2025
topic ?=
SANITIZE ?=

.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := $(if $(topic),report,help)

# ---- building ------------------------------------------------------------------------------
BUILD    := build$(if $(SANITIZE),/$(subst $(comma),-,$(SANITIZE)))
PACKAGES := sqlite3 libxml-2.0 gsl libzip libsodium
comma    := ,

PROGRAMS := prepare form ingest clean weigh tally aggregate chart table report typeset export audit status
LAYERS   := base store formats survey output

CC      ?= gcc
CFLAGS  ?= -O2 -g
WARN    := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wvla -Wformat=2 \
           -Wno-format-nonliteral
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -Ipipeline $(WARN) $(CFLAGS) $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer) $(shell pkg-config --cflags $(PACKAGES))
ALL_LIBS   = $(shell pkg-config --libs $(PACKAGES)) -lfreexl -lm

SOURCES := $(foreach l,$(LAYERS),$(wildcard pipeline/$(l)/*.c))
OBJECTS := $(SOURCES:pipeline/%.c=$(BUILD)/obj/%.o)
LIBRARY := $(BUILD)/libsurvey.a
BINS    := $(patsubst %,$(BUILD)/bin/%,$(filter $(basename $(notdir $(wildcard pipeline/*.c))),$(PROGRAMS)))

$(BUILD)/obj/%.o: pipeline/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(LIBRARY): $(OBJECTS)
	rm -f $@ && ar rcs $@ $^
$(BUILD)/bin/%: $(BUILD)/obj/%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -o $@ $< $(LIBRARY) $(ALL_LIBS)
.PHONY: programs
programs: $(BINS)
-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
