# SPDX-License-Identifier: GPL-3.0-or-later
# The whole suite.  `make help` tells people what they can do; pipeline/README.md tells
# programmers how the steps hang together.

plan     ?= henan-2025
topic    ?=
personal ?=
county   ?=
file     ?=
figure   ?=
verbose  ?=
word     ?=
fetch    ?=
media    ?=
live     ?=
SANITIZE ?=
comma    := ,

# One county's trouble, or the report's, keeps nothing else from being made.
MAKEFLAGS += --keep-going
.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := $(if $(topic),report,help)

# ---- building -------------------------------------------------------------------------------
BUILD    ?= build$(if $(SANITIZE),/$(subst $(comma),-,$(SANITIZE)))
PACKAGES := sqlite3 libxml-2.0 gsl libzip libsodium nettle xlsxwriter

# Each program is pipeline/<program>.c over the library, whose layers know only those before them.
PROGRAMS := prepare match form sample simulate ingest clean returns weigh tally aggregate chart table report typeset export \
            audit status verify why docx
LAYERS   := base store formats survey intake review estimate simulate output instrument verify
# Programs that need what the others do not are built where it is installed; where it is not, they
# alone are missing, and asking for one names the packages (pipeline/setup.sh has a list for each).
OPTIONAL      := fetch publish receive enroll
needs.fetch   := libcurl jansson
needs.publish := libcurl jansson
needs.receive := libmicrohttpd
needs.enroll  := libmicrohttpd
layer.fetch   := remote
layer.publish := remote
layer.receive := web
layer.enroll  := web
AVAILABLE := $(foreach p,$(OPTIONAL),$(shell pkg-config --exists $(needs.$(p)) 2>/dev/null && echo $(p)))
MISSING   := $(filter-out $(AVAILABLE),$(OPTIONAL))
PROGRAMS  += $(AVAILABLE)
LAYERS    += $(sort $(foreach p,$(AVAILABLE),$(layer.$(p))))

CC     ?= gcc
CFLAGS ?= -O2 -g
WARN   := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wvla -Wformat=2 \
          -Wno-format-nonliteral
SANITIZER   = $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
ALL_CFLAGS  = -std=c17 -D_GNU_SOURCE -Ipipeline $(WARN) $(CFLAGS) $(SANITIZER) \
              $(shell pkg-config --cflags $(PACKAGES))
ALL_LIBS    = $(shell pkg-config --libs $(PACKAGES)) -lreadstat -lglpk -lm
# What a file of $(BUILD) is made from, whichever way BUILD is written.
depend      = -MMD -MP -MT '$$(BUILD)/$(1)'
libs_of     = $(if $(1),$(shell pkg-config --libs $(1)))

SOURCES := $(foreach l,$(LAYERS),$(wildcard pipeline/$(l)/*.c))
OBJECTS := $(SOURCES:pipeline/%.c=$(BUILD)/obj/%.o)
LIBRARY := $(BUILD)/libsurvey.a
BIN     := $(BUILD)/bin
BINS    := $(patsubst %,$(BIN)/%,$(filter $(PROGRAMS),$(patsubst pipeline/%.c,%,$(wildcard pipeline/*.c))))
UNITS   := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))

# Built anew when the flags change.
FLAGS := $(CC) $(CFLAGS) $(SANITIZE)
$(BUILD)/flags: FORCE
	@mkdir -p $(@D); echo '$(FLAGS)' | cmp -s - $@ || echo '$(FLAGS)' > $@

# What the report's first page calls the program: a digest of its source.
TEXT := $(sort $(wildcard pipeline/*.c pipeline/*/*.[ch]))
$(BUILD)/obj/output/document.o: $(TEXT)
$(BUILD)/obj/output/document.o: WARN += -DPROGRAM_VERSION='"$(shell cat $(TEXT) | sha256sum | cut -c1-12)"'

$(BUILD)/packages: pipeline/setup.sh
	@mkdir -p $(@D); pipeline/setup.sh run && touch $@
$(BUILD)/obj/%.o: pipeline/%.c $(BUILD)/flags | $(BUILD)/packages
	@mkdir -p $(@D)
	@echo "  cc   $<"; $(CC) $(ALL_CFLAGS) $(call depend,obj/$*.o) -c -o $@ $<
$(LIBRARY): $(OBJECTS)
	@rm -f $@ && ar qcs $@ $^
$(BIN)/%: $(BUILD)/obj/%.o $(LIBRARY)
	@mkdir -p $(@D)
	@echo "  link $@"; $(CC) $(ALL_CFLAGS) -o $@ $< $(LIBRARY) $(ALL_LIBS) $(call libs_of,$(needs.$*))
$(MISSING:%=$(BIN)/%): FORCE
	@pipeline/setup.sh $(@F) && pkg-config --exists $(needs.$(@F)) && $(MAKE) $@
$(BUILD)/unit/%: tests/unit/%.c $(LIBRARY) $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "  cc   $<"; $(CC) $(ALL_CFLAGS) -Itests/unit $(call depend,unit/$*) -o $@ $< $(LIBRARY) $(ALL_LIBS) \
	    $(call libs_of,$(foreach p,$(AVAILABLE),$(needs.$(p)))) -lcmocka
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

.PHONY: programs units FORCE
programs: $(BINS)
units: $(UNITS)
FORCE:

# ---- one topic: from the counties' files to the report --------------------------------------
TOPICS := $(sort $(notdir $(patsubst %/,%,$(dir $(wildcard topics/$(plan)/[0-9][0-9]/topic.*)))))
# prepare writes $(W)/topic.mk: COUNTIES, LEVELS, TABLES, CHARTS, ANALYSES, INPUTS, DATA,
# folder.<code>.
ifneq ($(topic),)
NN := $(firstword $(filter $(topic) 0$(topic),$(TOPICS)))
ifneq ($(words $(topic)).$(if $(NN),found),1.found)
$(error $(if $(TOPICS),计划 $(plan) 没有课题“$(topic)”，有的是：$(TOPICS),没有计划“$(plan)”，有的是：$(notdir $(patsubst %/,%,$(wildcard topics/*/)))))
endif
T  := $(firstword $(wildcard topics/$(plan)/$(NN)/topic.csv topics/$(plan)/$(NN)/topic.xlsx))
R  := reports/$(plan)/$(NN)
W  := $(R)/work

# Villages are drawn once, into the frame that the topic names.
.PHONY: draw
draw: $(BIN)/sample
	@$(BIN)/sample -t $(T)

# What the units said in an earlier round (sheet `panel`), beside the questionnaires that look it
# up: made before those can be read, with the earlier round's records where there are none yet;
# `make panel` brings those up to date too.
earlier = $(BIN)/match -l -t $(T) | while read -r records earlier number made; do \
              [ "$$made" = '$(1)' ] || $(MAKE) --no-print-directory plan="$$earlier" \
                  topic="$$number" "$$records" </dev/null || exit 1; done && $(BIN)/match -t $(T)
.PHONY: panel
panel: $(BIN)/match
	@$(call earlier,)

# What goes out before anything comes in.  form writes $(F)/forms.mk: FORMS, form.<name>,
# FORM_COUNTIES.
F := $(R)/forms
.PHONY: forms publish
ifneq ($(filter forms publish,$(MAKECMDGOALS)),)
$(F)/forms.mk: FORCE $(BIN)/form $(BIN)/match $(T)
	@$(call earlier,yes)
	@$(BIN)/form -l $@ -t $(T)
include $(F)/forms.mk
.SECONDEXPANSION:
# With the lists that the phone must have beside the form.
$(F)/phone/%.xml: $$(form.$$*) $(BIN)/form
	@$(BIN)/form -x $@ $<
	@sed -n 's#.*jr://file-csv/\([^"/]*\)".*#\1#p' $@ | while read -r list; do \
	     cp '$(<D)'/"$$list" $(@D)/ || exit 3; done
$(F)/paper/%.tex: $$(form.$$*) $(T) $(BIN)/form
	@$(BIN)/form -p $@ -t $(T) $<
$(F)/paper/%.pdf: $(F)/paper/%.tex $(BIN)/typeset
	@$(BIN)/typeset -o $@ $<
$(F)/codebook/%.xml: $$(form.$$*) $(T) $(BIN)/form
	@$(BIN)/form -d $@ -t $(T) $<
$(F)/codebook/%.csv: $$(form.$$*) $(T) $(BIN)/form
	@$(BIN)/form -d $@ -t $(T) $<
$(F)/codebook/%.tex: $$(form.$$*) $(T) $(BIN)/form
	@$(BIN)/form -d $@ -t $(T) $<
$(F)/codebook/%.pdf: $(F)/codebook/%.tex $(BIN)/typeset
	@$(BIN)/typeset -o $@ $<
# For a county that the topic does not name.
$(F)/county/blank.xlsx: $(foreach f,$(FORMS),$(form.$(f))) $(T) $(BIN)/form
	@$(BIN)/form -w $@ -t $(T)
$(F)/county/%.xlsx: $(foreach f,$(FORMS),$(form.$(f))) $(T) $(BIN)/form
	@$(BIN)/form -w $@ -t $(T) -c $*
# Which households are visited.
$(F)/sampling/%.xlsx: $(T) $(wildcard topics/$(plan)/$(NN)/frame/* topics/$(plan)/frame/*) $(BIN)/sample
	@$(BIN)/sample -t $(T) -c $* -o $@
forms: $(sort $(SAMPLE_COUNTIES:%=$(F)/sampling/%.xlsx))
forms: $(FORMS:%=$(F)/phone/%.xml) $(FORMS:%=$(F)/paper/%.pdf) $(patsubst %,$(F)/county/%.xlsx,blank $(FORM_COUNTIES)) \
       $(FORMS:%=$(F)/codebook/%.xml) $(FORMS:%=$(F)/codebook/%.csv) \
       $(FORMS:%=$(F)/codebook/%.pdf)
	@echo '手机问卷：$(F)/phone/　纸质问卷：$(F)/paper/　县填报表：$(F)/county/　编码手册：$(F)/codebook/$(if $(SAMPLE_COUNTIES),　抽样名单：$(F)/sampling/)'
# The phone forms as drafts on the server of data/sources.csv; live=yes: for use in the field.
publish: $(FORMS:%=$(F)/phone/%.xml) $(BIN)/publish
	@$(BIN)/publish $(if $(live),-p) -t $(T) -s data/sources.csv -f $(F)/phone
endif

# Exit 1: the county's data failed a check; what could be read was written, the rest is on its
# return list, and the run goes on.
GO_ON = || [ $$? -eq 1 ]

# What was sent from phones, by itself (make fetch) or before all else (fetch=yes): make reads its
# Makefiles again when topic.mk changes, and fetches only the first time.
.PHONY: fetch
fetch: $(BIN)/fetch
	@$(BIN)/fetch $(if $(media),-m) -t $(T) -s data/sources.csv -d data/$(plan)/$(NN) $(GO_ON)
FETCHED := $(if $(fetch),$(if $(MAKE_RESTARTS),,fetch))

# A topic for which nothing was sent yet and that has no rehearsal is rehearsed with simulated
# counties, anew when what they are drawn from has changed: INPUTS as prepare wrote them last.
SENT = data/$(plan)/$(NN)/*/ topics/$(plan)/$(NN)/rehearsal $(W)/rehearsal
$(W)/topic.mk: FORCE $(BIN)/prepare $(BIN)/match $(BIN)/simulate $(FETCHED)
	@mkdir -p $(W)
	@$(call earlier,yes)
	@for input in $(INPUTS); do \
	     if [ "$$input" -nt $(W)/rehearsal/SIMULATED ]; then rm -rf $(W)/rehearsal; fi; done
	@for sent in $(SENT); do find -L "$$sent" -type f ! -name '.*' 2>/dev/null | grep -q . && exit 0; done; rm -rf $(W)/simulated $(W)/planted && \
	    $(BIN)/simulate -t $(T) -c all -o $(W)/simulated -a $(W)/planted && \
	    mv $(W)/simulated $(W)/rehearsal || :
	@$(BIN)/prepare -d data/$(plan)/$(NN) -w $(W) $(T)
ifneq ($(filter-out forms panel draw serve county,$(or $(MAKECMDGOALS),report)),)
include $(W)/topic.mk
endif

RAW     := $(COUNTIES:%=$(W)/%.raw.db)
CLEAN   := $(COUNTIES:%=$(W)/%.clean.db)
WEIGHTS := $(COUNTIES:%=$(W)/%.weights.db)
TALLY   := $(COUNTIES:%=$(W)/%.tally.db)
# Where exports come from: the clean stores, whose personal values are hashes, or others made for
# the purpose, which keep them.
EXPORTED := $(if $(personal),personal,clean)
pair     = $(foreach c,$(COUNTIES),$(W)/$(c).$(1).db $(W)/$(c).$(2).db)
ALL_TABLES := $(TABLES:%=$(R)/tables/%.tex) $(TABLES:%=$(R)/tables/%.csv)
ALL_CHARTS := $(CHARTS:%=$(R)/charts/%.pdf)
RECORDS    := $(LEVELS:%=$(R)/records/%.csv)
ANALYSED   := $(ANALYSES:%=$(R)/%.csv)
RETURNS    := $(COUNTIES:%=$(R)/returns/%.xlsx)
NARRATIVE  := $(wildcard topics/$(plan)/$(NN)/report.tex)

$(W)/%.raw.db: $(W)/%.files $(INPUTS) $(BIN)/ingest
	@$(BIN)/ingest -t $(T) -c $* -o $@ '$(folder.$*)' $(GO_ON)
$(W)/%.clean.db: $(W)/%.raw.db $(BIN)/clean $(wildcard data/.key)
	@$(BIN)/clean -t $(T) -o $@ $<
$(W)/%.personal.db: $(W)/%.raw.db $(BIN)/clean
	@$(BIN)/clean -t $(T) -p -o $@ $<
$(W)/%.weights.db: $(W)/%.clean.db $(BIN)/weigh
	@$(BIN)/weigh -t $(T) -o $@ $<
$(W)/%.tally.db: $(W)/%.clean.db $(W)/%.weights.db $(BIN)/tally
	@$(BIN)/tally -t $(T) -w $(W)/$*.weights.db -o $@ $<
# A topic with mistakes has no topic.mk; nothing is made without.
$(W)/results.db $(R)/audit.csv $(R)/problems.csv $(RECORDS): | $(W)/topic.mk
$(W)/results.db: $(TALLY) $(BIN)/aggregate
	@$(BIN)/aggregate -t $(T) -o $@ $(TALLY)
$(R)/audit.csv: $(RAW) $(CLEAN) $(BIN)/audit
	@$(BIN)/audit -o $@ $(call pair,raw,clean)
$(R)/charts/%.pdf: $(W)/results.db $(BIN)/chart
	@$(BIN)/chart -t $(T) -f $* -o $@ $<
$(R)/tables/%.tex: $(W)/results.db $(BIN)/table
	@$(BIN)/table -t $(T) -f $* -o $@ $<
$(R)/tables/%.csv: $(W)/results.db $(BIN)/table
	@$(BIN)/table -t $(T) -f $* -o $@ $<
$(R)/report.tex: $(W)/results.db $(NARRATIVE) $(BIN)/report
	@$(BIN)/report -t $(T) -o $@ $<
$(R)/report.pdf: $(R)/report.tex $(ALL_CHARTS) $(R)/audit.csv $(BIN)/typeset
	@$(BIN)/typeset -k $(W)/typeset -o $@ $<
# word=yes: for offices that edit in Word and WPS.
PICTURES := $(CHARTS:%=$(W)/word/%.png)
WORD     := $(if $(word),$(R)/report.docx $(R)/tables.xlsx)
$(W)/word/%.png: $(W)/results.db $(BIN)/chart
	@$(BIN)/chart -t $(T) -f $* -o $@ $<
$(R)/report.docx: $(W)/results.db $(NARRATIVE) $(PICTURES) $(BIN)/docx
	@$(BIN)/docx -t $(T) -d $(W)/word -o $@ $<
$(R)/tables.xlsx: $(W)/results.db $(NARRATIVE) $(BIN)/table
	@$(BIN)/table -t $(T) -o $@ $<
$(R)/results.csv: $(W)/results.db $(BIN)/export
	@$(BIN)/export -t $(T) -k results -o $@ $<
# Tests, models, scales, indices, rankings, differences, and what may be given away.
$(ANALYSED): $(R)/%.csv: $(W)/results.db $(BIN)/export
	@$(BIN)/export -t $(T) -k $* -o $@ $<
$(R)/problems.csv: $(COUNTIES:%=$(W)/%.$(EXPORTED).db) $(BIN)/export $(W)/personal
	@$(BIN)/export -t $(T) -k problems $(if $(personal),-p) -o $@ $(filter %.db,$^)
$(R)/records/%.csv: $(COUNTIES:%=$(W)/%.$(EXPORTED).db) $(WEIGHTS) $(BIN)/export $(W)/personal
	@$(BIN)/export -t $(T) -k $* $(if $(personal),-p) -o $@ $(call pair,$(EXPORTED),weights)
$(R)/returns/%.xlsx: $(W)/%.clean.db $(W)/%.raw.db $(BIN)/returns
	@$(BIN)/returns -t $(T) -d '$(folder.$*)' -o $@ $(W)/$*.raw.db $<
# For researchers' own programs: labelled, never with personal questions.
$(R)/records/%.sav: $(CLEAN) $(WEIGHTS) $(BIN)/export
	@$(BIN)/export -t $(T) -k $* -o $@ $(call pair,clean,weights)
$(R)/records/%.dta: $(CLEAN) $(WEIGHTS) $(BIN)/export
	@$(BIN)/export -t $(T) -k $* -o $@ $(call pair,clean,weights)
# Written out anew when personal= changes.
$(W)/personal: FORCE
	@$(if $(personal),,rm -f $(W)/*.personal.db;) \
	 echo '$(personal)' | cmp -s - $@ || echo '$(personal)' > $@

# For those who compute themselves: records and codebooks.
.PHONY: data
data: $(RECORDS) $(RECORDS:.csv=.sav) $(RECORDS:.csv=.dta)
	@echo '记录：$(R)/records/（.csv；.sav 用 SPSS 打开，.dta 用 Stata、R 打开）　编码手册：make forms topic=$(topic)'
# A topic without a narrative has figures only.
WRITTEN := $(if $(NARRATIVE),$(R)/report.pdf,$(ALL_CHARTS) $(R)/audit.csv)
.PHONY: report status estimates check why
report: $(WRITTEN) $(R)/results.csv $(ANALYSED) $(R)/problems.csv $(RECORDS) $(ALL_TABLES) $(RETURNS) $(WORD)
	@$(if $(wildcard $(DATA)/SIMULATED),echo '注意：本报告用模拟资料生成，仅供演练。各县资料请放进 data/$(plan)/$(NN)/县代码-县名/';) \
	 echo '$(if $(NARRATIVE),报告：$(R)/report.pdf,没有报告正文 topics/$(plan)/$(NN)/report.tex，只有结果：$(R)/results.csv)'
estimates: $(W)/results.db
# One county, or one file that was not handed in yet: what would be returned, at once.
ifneq ($(file),)
check: $(BIN)/ingest $(BIN)/clean $(BIN)/returns $(BIN)/status
	@$(if $(county),,echo '请写明县代码，如：make check topic=$(topic) county=411525 file=表.xlsx' >&2; exit 2)
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	 { $(BIN)/ingest -t $(T) -c '$(county)' -o "$$folder/raw.db" '$(file)' $(GO_ON); } && \
	 $(BIN)/clean -t $(T) -o "$$folder/clean.db" "$$folder/raw.db" && \
	 $(BIN)/returns -t $(T) -o '$(R)/returns/试查-$(county).xlsx' "$$folder/raw.db" "$$folder/clean.db" && \
	 $(BIN)/status -t $(T) -b "$$folder/raw.db" "$$folder/clean.db" && \
	 echo '回填单：$(R)/returns/试查-$(county).xlsx'
else ifneq ($(county),)
CHECKED := $(filter $(county),$(COUNTIES))
check: $(CHECKED:%=$(R)/returns/%.xlsx) $(BIN)/status
	@$(if $(CHECKED),,echo '没有县 $(county) 的资料，有的是：$(COUNTIES)。请放进 data/$(plan)/$(NN)/$(county)-县名/' >&2; exit 2)
	@$(BIN)/status -t $(T) -b $(W)/$(county).raw.db $(W)/$(county).clean.db
	@echo '回填单：$(R)/returns/$(county).xlsx'
else
check:
	@echo '请写明县代码，如：make check topic=$(topic) county=411525' >&2; exit 2
endif
# Where a number of the report comes from.
why: $(W)/results.db $(RAW) $(CLEAN) $(WEIGHTS) $(BIN)/why
	@$(if $(figure),,echo '请写明哪个数，如：make why topic=$(topic) figure=表3.B4' >&2; exit 2)
	@$(BIN)/why -t $(T) $(if $(verbose),-v) -f '$(figure)' $< \
	   $(foreach c,$(COUNTIES),$(W)/$(c).raw.db $(W)/$(c).clean.db $(W)/$(c).weights.db)
status: $(RAW) $(CLEAN) $(BIN)/status
	@$(BIN)/status -t $(T) $(call pair,raw,clean)
AGAINST  := -t $(T) -r $(W)/results.db
verify: $(W)/results.db
else
.PHONY: report status check why forms data draw panel
report status check why forms data draw panel fetch publish:
	@echo '请写明课题，如：make $@ topic=7' >&2; exit 2
endif

# All topics of a plan; with -j side by side.
.PHONY: topics $(TOPICS:%=topic-%)
topics: $(TOPICS:%=topic-%)
	@[ '$(TOPICS)' ] || { echo '没有计划“$(plan)”' >&2; exit 2; }
$(TOPICS:%=topic-%): topic-%: $(BINS)
	@$(MAKE) --no-print-directory plan=$(plan) topic=$*

# The numbers of a draft: against the topic's results, or without topic= against themselves.
.PHONY: verify
verify: $(BIN)/verify
	@if [ -z '$(file)' ]; then echo '请写明文稿，如：make verify topic=7 file=讲话稿.docx' >&2; exit 2; fi
	@$(BIN)/verify $(if $(all),-a) $(AGAINST) '$(file)' || [ $$? -eq 1 ]

# ---- the upload page ------------------------------------------------------------------------
# All topics of the plan, or one; options="-x" and the like go to receive.
port    ?= 8080
options ?=
SERVED  := $(or $(T),$(wildcard topics/$(plan)/*/topic.csv topics/$(plan)/*/topic.xlsx))
.PHONY: serve county
serve: $(BIN)/receive $(BIN)/ingest $(BIN)/clean $(BIN)/returns $(BIN)/status
	@$(BIN)/receive -p '$(port)' $(options) $(SERVED)
# An account for a county (county=411525) or the staff (county=office), or a new passphrase.
county: $(BIN)/enroll
	@$(if $(county),,echo '请写明县代码，如：make county county=411525（办公室写 county=office）' >&2; exit 2)
	@$(BIN)/enroll '$(county)'

# ---- people ---------------------------------------------------------------------------------
.DEFAULT:
	@echo '没有“$@”，能做什么见 make help' >&2; exit 2
.PHONY: help setup test test-browser fuzz bench bench-estimates bench-report clean
help:
	@cat pipeline/help.txt
setup:
	@pipeline/setup.sh run
test:
	@tests/run
test-browser:
	@tests/browser/run
fuzz:
	@tests/fuzz/run
bench-estimates:
	@tests/bench/estimates
bench-report:
	@tests/bench/report
bench:
	@tests/bench/run
	@tests/bench/estimates
clean:
	rm -rf build reports/*/
