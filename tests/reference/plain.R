# SPDX-License-Identifier: GPL-3.0-or-later
#
# The values of the example in topics/README.md (tests/e2e/plain_design.sh): apiclus2 of R's survey
# package, two stages without replacement.
#
#     Rscript tests/reference/plain.R tests/reference
suppressMessages(library(survey))
out <- commandArgs(trailingOnly = TRUE)[1]
options(digits = 15)
data(api)
for (v in c("fpc1", "fpc2")) apiclus2[[v]] <- as.vector(apiclus2[[v]])
d <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2)
d <- update(d, wide = as.numeric(sch.wide == "Yes"))
values <- NULL
add <- function(indicator, stat, level, domain, est, se, df, ci = est + c(-1, 1) * qt(0.975, df) * se)
    values <<- rbind(values, data.frame(scope = "visible8", strata_var = "county",
        indicator = indicator, stat = stat, level = level, domain = domain, n = NA, n_psu = NA,
        n_strata = NA, df = df, estimate = est, se = se, ci_low = ci[1], ci_high = ci[2]))
known <- function(s, v) s[!is.na(s$variables[[v]]), ]
simple <- function(indicator, stat, f, v, level, domain, s) {
    s <- known(s, v)
    if (nrow(s$variables) == 0) return(NULL) # acs.k3 is missing in middle and high schools
    m <- switch(stat, total = svytotal(f, s), svymean(f, s))
    add(indicator, stat, level, domain, coef(m)[[1]], SE(m)[[1]], degf(s))
}
all <- function(level, domain, s) {
    simple("enroll_total", "total", ~enroll, "enroll", level, domain, s)
    simple("api00_mean", "mean", ~api00, "api00", level, domain, s)
    simple("acs_mean", "mean", ~acs.k3, "acs.k3", level, domain, s)
    simple("wide", "prop", ~wide, "wide", level, domain, s)
    r <- svyratio(~api.stu, ~enroll, known(s, "enroll"))
    add("tested", "ratio", level, domain, coef(r)[[1]], SE(r)[[1]], degf(known(s, "enroll")))
    v <- svyvar(~api00, s)
    add("api00_var", "variance", level, domain, coef(v)[[1]], SE(v)[[1]], degf(s))
    q <- svyquantile(~api00, s, 0.5, qrule = "math", interval.type = "mean")[[1]]
    add("api00_median", "median", level, domain, q[1, 1], q[1, 4], degf(s), q[1, 2:3])
}
all("all", "all", d)
for (t in c("E", "H", "M")) all("stype", t, subset(d, stype == t))
for (a in c("No", "Yes")) all("awards", a, subset(d, awards == a))
for (t in c("E", "H", "M")) {
    d <- update(d, here = as.numeric(stype == t))
    m <- svytotal(~here, d)
    add(paste0("stype_n.", t), "total", "all", "all", coef(m)[[1]], SE(m)[[1]], degf(d))
}
# svyby gives the same, one domain at a time.
by <- svyby(~api00, ~stype, d, svymean)
stopifnot(all.equal(by$api00, values$estimate[values$indicator == "api00_mean" & values$level == "stype"]))
for (c in names(values)) if (is.double(values[[c]]))
    values[[c]] <- ifelse(is.finite(values[[c]]), sprintf("%.17g", values[[c]]), "")
write.csv(values, file.path(out, "plain-values.csv"), row.names = FALSE, quote = FALSE, na = "")
