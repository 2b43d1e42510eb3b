# SPDX-License-Identifier: GPL-3.0-or-later
#
# Reference values for tests/e2e/statistics.sh: tests, models, scales and crossed domains over the
# answers' households of topic 7 (tests/field/henan-2025-07), counties as strata.
#
#     Rscript tests/reference/topic7-analyses.R tests/field/henan-2025-07 tests/reference
suppressMessages(library(survey))
args <- commandArgs(trailingOnly = TRUE)
options(digits = 15, survey.lonely.psu = "fail")
h <- read.csv(file.path(args[1], "households.csv"), fileEncoding = "UTF-8-BOM",
              colClasses = "character", na.strings = "")
for (v in c("inc_total", "hh_size", "labour_cnt", "weight", "sat_info", "sat_train", "sat_match",
            "sat_rights")) h[[v]] <- as.numeric(h[[v]])
h$county <- substr(h$village_code, 1, 6)
h$know <- as.numeric(h$know_brand == "1")
d <- svydesign(ids = ~village_code, strata = ~county, weights = ~weight, data = h)
values <- NULL
put <- function(.table, .key, ...) { # dots: t = is no table
    v <- c(...)
    values <<- rbind(values, data.frame(table = .table, key = .key, column = names(v), value = sprintf("%.17g", v)))
}
known <- function(s, ...) s[complete.cases(s$variables[c(...)]), ]

s <- known(d, "hh_type", "know_brand")
F <- svychisq(~hh_type + know_brand, s); X <- svychisq(~hh_type + know_brand, s, statistic = "Chisq")
put("tests", "know_by_type", n = nrow(s), df = degf(s), statistic = F$statistic[[1]],
    ndf = F$parameter[[1]], ddf = F$parameter[[2]], p = F$p.value[[1]],
    chisq = X$statistic[[1]], chisq_df = X$parameter[[1]], chisq_p = X$p.value[[1]])
s <- known(d, "inc_total", "know_brand")
t <- svyttest(inc_total ~ know_brand, s) # groups 1 (yes), 2 (no): second minus first
put("tests", "income_by_know", n = nrow(s), estimate = t$estimate[[1]], statistic = t$statistic[[1]],
    ddf = t$parameter[[1]], p = t$p.value[[1]], ci_low = t$conf.int[[1]], ci_high = t$conf.int[[2]])
model <- function(name, f, s, family, terms) {
    g <- suppressWarnings(svyglm(f, s, family = family, control = glm.control(epsilon = 1e-15)))
    for (again in 1:3) {
        begin <<- coef(g)
        g <- suppressWarnings(svyglm(f, s, family = family, start = begin))
    }
    b <- summary(g)$coefficients; ci <- confint(g)
    for (i in seq_along(terms))
        put("models", paste0(name, "/", terms[i]), n = nrow(s), df = g$df.residual,
            estimate = b[i, 1], se = b[i, 2], t = b[i, 3], p = b[i, 4], ci_low = ci[i, 1],
            ci_high = ci[i, 2])
}
s <- known(d, "inc_total", "hh_type", "hh_size")
model("income", inc_total ~ hh_type + hh_size, s, gaussian(),
      c("1/", "hh_type/2", "hh_type/3", "hh_size/"))
s <- known(d, "know_brand", "hh_type", "labour_cnt")
model("knows", know ~ hh_type + labour_cnt, s, quasibinomial(),
      c("1/", "hh_type/2", "hh_type/3", "labour_cnt/"))
s <- known(d, "sat_info", "sat_train", "sat_match", "sat_rights")
put("scales", "satisfaction", n = nrow(s), estimate = svycralpha(~sat_info + sat_train + sat_match +
    sat_rights, s)[[1]])
s <- known(d, "svc_used", "know_brand")
k <- svykappa(~svc_used + know_brand, s)
put("scales", "same_answers", n = nrow(s), estimate = coef(k)[[1]], se = SE(k)[[1]])
for (cross in list(c("410325", "1"), c("410325", "2"), c("411523", "3"))) {
    s <- known(d, "inc_total")
    s <- s[s$variables$county == cross[1] & s$variables$hh_type %in% cross[2], ]
    m <- svymean(~inc_total, s)
    put("results", paste0("inc_total_mean/county_type/", cross[1], " ", cross[2]), n = nrow(s),
        df = degf(s), estimate = coef(m)[[1]], se = SE(m)[[1]])
}
for (cross in list(c("1", "1"), c("3", "2"))) {
    s <- known(d, "inc_total", "know_brand")
    s <- s[s$variables$know_brand == cross[2] & s$variables$hh_type %in% cross[1], ]
    m <- svymean(~inc_total, s)
    put("results", paste0("inc_total_mean/type_know/", cross[1], " ", cross[2]), n = nrow(s),
        df = degf(s), estimate = coef(m)[[1]], se = SE(m)[[1]])
}
write.csv(values, file.path(args[2], "topic7-analyses.csv"), row.names = FALSE, quote = FALSE)
