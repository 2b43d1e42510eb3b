# SPDX-License-Identifier: GPL-3.0-or-later
#
# Reference values of designs and weights from R's survey package on its own example data
# (help(api), help(scd), help(mu284), help(nhanes), help(election), help(hospital) in survey).
#
#     Rscript tests/reference/designs.R tests/reference/designs
#
# For every case a folder with design.csv and margins.csv, the sheets of a topic, and values.csv;
# beside them the data.  tests/tools/design_cases.py makes a plan of each and compares a run of the
# pipeline with values.csv.  Nothing of ours takes part, except that the bootstrap's replicate
# weights are given as columns.
suppressMessages(library(survey))
out <- commandArgs(trailingOnly = TRUE)[1]
options(digits = 15, survey.lonely.psu = "fail", warn = 1)
data(api); data(scd); data(mu284); data(nhanes); data(election); data(hospital)

exact <- function(d) {
    for (c in names(d)) if (is.double(d[[c]]))
        d[[c]] <- ifelse(is.infinite(d[[c]]), "Inf",
                         ifelse(is.finite(d[[c]]), sprintf("%.17g", d[[c]]), ""))
    d
}
put <- function(d, path) write.csv(exact(d), path, row.names = FALSE, quote = FALSE, na = "")

# ---- data -----------------------------------------------------------------------------------------
columns <- c("cds", "stype", "dnum", "snum", "api00", "api99", "api.stu", "enroll", "acs.k3",
             "sch.wide", "awards", "pw")
strat <- apistrat[, c(columns, "fpc")]
clus1 <- apiclus1[, c(columns, "fpc")]
clus2 <- apiclus2[, columns]
clus2$fpc1 <- as.vector(apiclus2$fpc1)
clus2$fpc2 <- as.vector(apiclus2$fpc2)
clus2$frac1 <- 40 / clus2$fpc1
clus2$frac2 <- as.vector(ave(clus2$snum, clus2$dnum, FUN = length)) / clus2$fpc2
# Fractions and two schools without a weight, one district that did not answer.
strat$prob <- 1 / strat$pw
strat$answered <- ifelse(seq_len(nrow(strat)) %% 7 == 3, "No", "Yes")
lonely <- strat[strat$stype != "H" | seq_len(nrow(strat)) == which(strat$stype == "H")[1], ]
lonely$fpc <- ifelse(lonely$stype == "H", 755, lonely$fpc)
zero <- strat
zero$pw[seq(5, 200, by = 11)] <- 0
data <- list(strat = strat, clus1 = clus1, clus2 = clus2, lonely = lonely, zero = zero)

scd$ambulance <- as.character(scd$ambulance)
scd$weight <- 1
data$scd <- scd
repweights <- 2 * cbind(c(1,0,1,0,1,0), c(1,0,0,1,0,1), c(0,1,1,0,0,1), c(0,1,0,1,1,0))
for (i in 1:4) { data$scd[[paste0("rw", i)]] <- repweights[, i]
                 data$scd[[paste0("cw", i)]] <- repweights[, i] * data$scd$weight }
data$mu284 <- mu284
nh <- nhanes
nh$sex <- nh$RIAGENDR; nh$race_ <- nh$race; nh$age <- as.character(nh$agecat)
nh$age <- c("(0,19]" = "a1", "(19,39]" = "a2", "(39,59]" = "a3", "(59,Inf]" = "a4")[nh$age]
nh$id <- seq_len(nrow(nh))
nh <- nh[, c("id", "SDMVPSU", "SDMVSTRA", "WTMEC2YR", "HI_CHOL", "race", "age", "sex")]
data$nhanes <- nh[order(nh$SDMVSTRA, nh$SDMVPSU), ]
el <- election_pps[, c("County", "Bush", "Kerry", "Nader", "votes", "p")]
el$id <- seq_len(nrow(el)); el$w <- 1 / el$p
data$election <- el
hospital$id <- seq_len(nrow(hospital))
data$hospital <- hospital[, c("id", "hospno", "oblevel", "weighta", "tothosp", "births")]

# ---- estimates ------------------------------------------------------------------------------------
one <- function(indicator, stat, level, domain, s, est, se, deff, ci = NULL, share = NULL, n) {
    df <- degf(s)
    low <- high <- NA
    if (!is.null(ci)) { low <- ci[1]; high <- ci[2] }
    else if (df > 0) { low <- est - qt(0.975, df) * se; high <- est + qt(0.975, df) * se }
    data.frame(scope = "visible8", strata_var = "county", indicator = indicator, stat = stat,
               level = level, domain = domain, n = n, n_psu = NA, n_strata = NA, df = df,
               estimate = est, se = se, ci_low = low, ci_high = high, deff = deff,
               logit_low = if (is.null(share)) NA else share[1],
               logit_high = if (is.null(share)) NA else share[2])
}
present <- function(s, names) {
    ok <- rep(TRUE, nrow(s$variables))
    for (n in names) ok <- ok & !is.na(s$variables[[n]])
    used <- s[ok, ]
    # Calibrated designs keep all records, with weight 0.
    if (nrow(used$variables) == nrow(s$variables))
        for (n in names) used$variables[[n]][!ok] <- if (is.numeric(used$variables[[n]])) 0 else NA
    used
}
count <- function(s) sum(weights(s, "sampling") != 0)
estimate <- function(a, level, domain, s) {
    rep <- inherits(s, "svyrep.design")
    used <- present(s, c(a$y, if (a$x != "") a$x))
    n <- count(used)
    if (n < 2) return(NULL)
    f <- as.formula(paste0("~", a$y))
    if (a$stat == "prop") {
        used <- update(used, flag = as.numeric(get(a$y) %in% a$answer))
        m <- svymean(~flag, used, deff = "replace")
        share <- NULL
        p <- coef(m)[[1]]; se <- SE(m)[[1]]; df <- degf(used)
        if (p > 0 && p < 1 && df > 0) {
            h <- qt(0.975, df) * se / (p * (1 - p))
            share <- plogis(qlogis(p) + c(-h, h))
        }
        d <- if (se > 1e-12) deff(m)[[1]] else NA
        return(one(a$name, "prop", level, domain, used, p, if (se < 1e-13) 0 else se, d, NULL, share, n))
    }
    if (a$stat == "total") m <- svytotal(f, used, deff = "replace")
    if (a$stat == "mean") m <- svymean(f, used, deff = "replace")
    if (a$stat %in% c("total", "mean"))
        return(one(a$name, a$stat, level, domain, used, coef(m)[[1]], SE(m)[[1]], deff(m)[[1]], n = n))
    if (a$stat == "ratio") {
        m <- svyratio(f, as.formula(paste0("~", a$x)), used, deff = if (rep) FALSE else "replace")
        d <- if (rep) {
            r <- coef(m)[[1]]
            used <- update(used, rest = get(a$y) - r * get(a$x))
            deff(svytotal(~rest, used, deff = "replace"))[[1]]
        } else attr(m, "deff")[1, 1]
        return(one(a$name, "ratio", level, domain, used, coef(m)[[1]], sqrt(as.vector(m$var)), d, n = n))
    }
    if (a$stat == "variance") {
        m <- svyvar(f, used)
        return(one(a$name, "variance", level, domain, used, coef(m)[[1]], sqrt(as.vector(vcov(m)))[1], NA, n = n))
    }
    m <- svyquantile(f, used, 0.5, qrule = "math", interval.type = "mean")[[1]]
    one(a$name, "median", level, domain, used, m[1, 1], m[1, 4], NA, m[1, 2:3], n = n)
}
asked <- function(...) do.call(rbind, lapply(list(...), function(v)
    data.frame(name = v[1], stat = v[2], y = v[3], x = v[4], answer = v[5])))
school <- asked(c("enroll_total", "total", "enroll", "", ""), c("api00_mean", "mean", "api00", "", ""),
                c("acs_mean", "mean", "acs.k3", "", ""), c("wide", "prop", "sch.wide", "", "Yes"),
                c("tested", "ratio", "api.stu", "enroll", ""),
                c("api00_variance", "variance", "api00", "", ""),
                c("api00_median", "median", "api00", "", ""))
plain <- school[school$stat != "median", ]
service <- asked(c("arrests", "total", "arrests", "", ""), c("alive", "total", "alive", "", ""),
                 c("survival", "ratio", "alive", "arrests", ""), c("mean_arrests", "mean", "arrests", "", ""))

case <- function(name, file, design, rows, indicators = school, by = c("stype", "awards"),
                 margins = NULL) {
    folder <- file.path(out, name)
    dir.create(folder, showWarnings = FALSE)
    values <- NULL
    for (i in seq_len(nrow(indicators))) {
        a <- indicators[i, ]
        values <- rbind(values, estimate(a, "all", "all", design))
        for (b in by) for (v in sort(unique(as.character(design$variables[[b]])))) {
            s <- design[design$variables[[b]] %in% v, ]
            e <- try(suppressWarnings(estimate(a, b, v, s)), silent = TRUE)
            if (!inherits(e, "try-error")) values <- rbind(values, e)
            else message(name, " ", a$name, " ", v, ": ", attr(e, "condition")$message)
        }
    }
    values$deff[!is.finite(values$deff)] <- NA
    put(values, file.path(folder, "values.csv"))
    rows <- c(data = file, rows)
    writeLines(c("name,value", paste0(names(rows), ",", rows)), file.path(folder, "design.csv"))
    if (!is.null(margins))
        put(margins, file.path(folder, "margins.csv"))
    spec <- indicators
    spec$by <- paste(by, collapse = " ")
    put(spec, file.path(folder, "indicators.csv"))
}

# ---- stages, populations, probabilities -----------------------------------------------------------
case("stratified", "strat", svydesign(id = ~1, strata = ~stype, weights = ~pw, data = strat),
     c(strata = "stype", weight = "pw"))
dstrat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = strat, fpc = ~fpc)
case("stratified-fpc", "strat", dstrat, c(strata = "stype", weight = "pw", fpc = "fpc"))
case("stratified-fpc-only", "strat", svydesign(id = ~1, strata = ~stype, data = strat, fpc = ~fpc),
     c(strata = "stype", fpc = "fpc"))
case("probabilities", "strat", svydesign(id = ~1, strata = ~stype, probs = ~prob, data = strat),
     c(strata = "stype", probability = "prob", cluster = "1"))
dclus1 <- svydesign(id = ~dnum, weights = ~pw, data = clus1, fpc = ~fpc)
case("cluster-fpc", "clus1", dclus1, c(cluster = "dnum", weight = "pw", fpc = "fpc"))
case("two-stage", "clus2", svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = clus2),
     c(cluster = "dnum snum", fpc = "fpc1 fpc2"))
case("two-stage-weights", "clus2",
     svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, weights = ~pw, data = clus2),
     c(cluster = "dnum snum", fpc = "fpc1 fpc2", weight = "pw"))
case("two-stage-fractions", "clus2",
     svydesign(id = ~dnum + snum, fpc = ~frac1 + frac2, weights = ~pw, data = clus2),
     c(cluster = "dnum snum", fpc = "frac1 frac2", weight = "pw"))
case("two-stage-replacement", "clus2", svydesign(id = ~dnum + snum, weights = ~pw, data = clus2),
     c(cluster = "dnum snum", weight = "pw"))
case("two-stage-mu284", "mu284",
     svydesign(id = ~id1 + id2, fpc = ~n1 + n2, data = mu284), c(cluster = "id1 id2", fpc = "n1 n2"),
     asked(c("y1", "mean", "y1", "", ""), c("y1_total", "total", "y1", "", "")), by = character())
case("nested", "nhanes",
     svydesign(id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE, data = data$nhanes),
     c(cluster = "SDMVPSU", strata = "SDMVSTRA", weight = "WTMEC2YR", nest = "yes"),
     asked(c("chol", "mean", "HI_CHOL", "", ""), c("chol_total", "total", "HI_CHOL", "", "")),
     by = c("race", "age", "sex"))
votes <- asked(c("bush", "total", "Bush", "", ""), c("kerry", "total", "Kerry", "", ""),
               c("share", "ratio", "Bush", "votes", ""))
case("pps-replacement", "election", svydesign(id = ~1, weights = ~w, data = el),
     c(weight = "w"), votes, by = character())
case("pps-brewer", "election", svydesign(id = ~1, fpc = ~p, data = el, pps = "brewer"),
     c(fpc = "p", pps = "brewer"), votes, by = character())
case("hospital", "hospital",
     svydesign(id = ~hospno, strata = ~oblevel, weights = ~weighta, fpc = ~tothosp, data = hospital),
     c(cluster = "hospno", strata = "oblevel", weight = "weighta", fpc = "tothosp"),
     asked(c("births", "total", "births", "", ""), c("mean_births", "mean", "births", "", "")),
     by = "oblevel")
case("zero-weights", "zero", svydesign(id = ~1, strata = ~stype, weights = ~pw, data = zero),
     c(strata = "stype", weight = "pw"))
for (policy in c("remove", "certainty", "adjust", "average")) {
    options(survey.lonely.psu = policy)
    case(paste0("lonely-", policy), "lonely",
         svydesign(id = ~1, strata = ~stype, weights = ~pw, data = lonely, fpc = ~fpc),
         c(strata = "stype", weight = "pw", fpc = "fpc", lonely_psu = policy), plain, by = "awards")
}
options(survey.lonely.psu = "fail")

# ---- replicate weights ----------------------------------------------------------------------------
case("jk1", "clus1", as.svrepdesign(dclus1, type = "JK1"),
     c(cluster = "dnum", weight = "pw", fpc = "fpc", replicates = "JK1"))
case("jkn", "strat", as.svrepdesign(dstrat, type = "JKn"),
     c(strata = "stype", weight = "pw", fpc = "fpc", replicates = "JKn"))
case("jkn-mse", "strat", as.svrepdesign(dstrat, type = "JKn", mse = TRUE),
     c(strata = "stype", weight = "pw", fpc = "fpc", replicates = "JKn", replicate_mse = "yes"))
dscd <- svydesign(data = scd, prob = ~1, id = ~ambulance, strata = ~ESA, nest = TRUE)
case("brr", "scd", as.svrepdesign(dscd, type = "BRR"),
     c(cluster = "ambulance", strata = "ESA", nest = "yes", weight = "weight", replicates = "BRR"),
     service, by = character())
case("fay", "scd", as.svrepdesign(dscd, type = "Fay", fay.rho = 0.3),
     c(cluster = "ambulance", strata = "ESA", nest = "yes", weight = "weight", replicates = "Fay",
       fay_rho = "0.3"), service, by = character())
case("given-brr", "scd", svrepdesign(data = data$scd, type = "BRR", repweights = "rw[1-4]",
                                     weights = ~weight, combined.weights = FALSE),
     c(weight = "weight", replicates = "BRR", replicate_weights = "rw*", replicate_combined = "no"),
     service, by = character())
case("given-combined", "scd", svrepdesign(data = data$scd, type = "BRR", repweights = "cw[1-4]",
                                          weights = ~weight, combined.weights = TRUE),
     c(weight = "weight", replicates = "BRR", replicate_weights = "cw*"), service, by = character())
dnh <- svydesign(id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE, data = data$nhanes)
chol <- asked(c("chol", "mean", "HI_CHOL", "", ""), c("chol_total", "total", "HI_CHOL", "", ""))
# Bootstrap: another program's replicates as columns, with scale and rscales.
set.seed(7)
bclus1 <- as.svrepdesign(dclus1, type = "subbootstrap", replicates = 40)
rw <- weights(bclus1, "analysis")
boot <- clus1
for (i in seq_len(ncol(rw))) boot[[paste0("boot", i)]] <- rw[, i]
data$boot <- boot
case("given-bootstrap", "boot",
     svrepdesign(data = boot, repweights = rw, weights = ~pw, type = "bootstrap",
                 combined.weights = TRUE),
     c(weight = "pw", replicates = "bootstrap", replicate_weights = "boot*"))
case("given-other", "boot",
     svrepdesign(data = boot, repweights = rw, weights = ~pw, type = "other", scale = 0.03,
                 rscales = rep(c(1, 0.5), 20), combined.weights = TRUE, mse = TRUE),
     c(weight = "pw", replicates = "other", replicate_weights = "boot*", replicate_scale = "0.03",
       replicate_rscales = paste(rep(c("1", "0.5"), 20), collapse = " "), replicate_mse = "yes"))
dhosp <- svydesign(id = ~hospno, strata = ~oblevel, weights = ~weighta, fpc = ~tothosp, data = hospital)
jk <- as.svrepdesign(dhosp, type = "JKn")
jw <- weights(jk, "analysis")
jdata <- data$hospital
for (i in seq_len(ncol(jw))) jdata[[paste0("jk_", i)]] <- jw[, i]
data$jdata <- jdata
case("given-jkn", "jdata",
     svrepdesign(data = jdata, repweights = jw, weights = ~weighta, type = "JKn", scale = 1,
                 rscales = jk$rscales, combined.weights = TRUE),
     c(weight = "weighta", replicates = "JKn", replicate_weights = "jk_*",
       replicate_rscales = paste(sprintf("%.17g", jk$rscales), collapse = " ")),
     asked(c("births", "total", "births", "", ""), c("mean_births", "mean", "births", "", "")),
     by = character())

# ---- weights --------------------------------------------------------------------------------------
frame <- function(...) data.frame(..., stringsAsFactors = FALSE)
types <- frame(variable = "stype", value = c("E", "H", "M"), total = c(4421, 755, 1018))
wide <- frame(variable = "sch.wide", value = c("No", "Yes"), total = c(1072, 5122))
pop.types <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
pop.wide <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
rows1 <- c(cluster = "dnum", weight = "pw", fpc = "fpc")
case("poststratified", "clus1", postStratify(dclus1, ~stype, pop.types),
     c(rows1, calibration = "poststratify"), margins = types)
cross <- as.data.frame(xtabs(~stype + sch.wide, apipop))
cross <- cross[order(cross$stype, cross$sch.wide), ]
case("poststratified-crossed", "strat", postStratify(dstrat, ~stype + sch.wide, cross),
     c(strata = "stype", weight = "pw", fpc = "fpc", calibration = "poststratify"),
     margins = frame(variable = "stype sch.wide", value = paste(cross$stype, cross$sch.wide),
                     total = cross$Freq))
both <- rbind(types, wide)
case("rake", "clus1", rake(dclus1, list(~stype, ~sch.wide), list(pop.types, pop.wide),
                           control = list(maxit = 200, epsilon = 1e-12, verbose = FALSE)),
     c(rows1, calibration = "rake", calibration_epsilon = "1e-12"), margins = both)
totals <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, sch.wideYes = 5122)
case("raking", "clus1", calibrate(dclus1, ~stype + sch.wide, totals, calfun = "raking",
                                  epsilon = 1e-12),
     c(rows1, calibration = "raking", calibration_epsilon = "1e-12"), margins = both)
case("linear", "clus1", calibrate(dclus1, ~stype + sch.wide, totals),
     c(rows1, calibration = "linear"), margins = both)
with99 <- c(totals, api99 = 3914069)
numbers <- rbind(both, frame(variable = "api99", value = "", total = 3914069))
case("linear-number", "clus1", calibrate(dclus1, ~stype + sch.wide + api99, with99),
     c(rows1, calibration = "linear"), margins = numbers)
case("raking-number", "clus1",
     calibrate(dclus1, ~stype + api99, c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018,
               api99 = 3914069), calfun = "raking", epsilon = 1e-12),
     c(rows1, calibration = "raking", calibration_epsilon = "1e-12"),
     margins = rbind(types, frame(variable = "api99", value = "", total = 3914069)))
case("linear-all-only", "clus1", calibrate(dclus1, ~1, c(`(Intercept)` = 6194)),
     c(rows1, calibration = "linear"), margins = frame(variable = "all", value = "", total = 6194))
case("linear-bounds", "clus1", calibrate(dclus1, ~stype + sch.wide, totals, bounds = c(0.8, 1.8),
                                         epsilon = 1e-11),
     c(rows1, calibration = "linear", calibration_bounds = "0.8 1.8", calibration_epsilon = "1e-11"),
     margins = both)
case("logit", "clus1", calibrate(dclus1, ~stype + sch.wide, totals, calfun = "logit",
                                 bounds = c(0.5, 2.5), epsilon = 1e-12),
     c(rows1, calibration = "logit", calibration_bounds = "0.5 2.5", calibration_epsilon = "1e-12"),
     margins = both)
case("two-stage-calibrated", "clus2",
     calibrate(svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = clus2), ~stype,
               c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018)),
     c(cluster = "dnum snum", fpc = "fpc1 fpc2", calibration = "linear"), margins = types)
case("trimmed", "strat", trimWeights(dstrat, upper = 40, lower = 16),
     c(strata = "stype", weight = "pw", fpc = "fpc", trim = "16 40"))
case("trimmed-strict", "strat", trimWeights(dstrat, upper = 35, strict = TRUE),
     c(strata = "stype", weight = "pw", fpc = "fpc", trim = "- 35", trim_strict = "yes"))
case("calibrated-trimmed", "clus1",
     trimWeights(calibrate(dclus1, ~stype + sch.wide, totals, calfun = "raking", epsilon = 1e-12),
                 upper = 45, lower = 30),
     c(rows1, calibration = "raking", calibration_epsilon = "1e-12", trim = "30 45"), margins = both)
case("jk1-calibrated", "clus1",
     calibrate(as.svrepdesign(dclus1, type = "JK1"), ~stype, c(`(Intercept)` = 6194, stypeH = 755,
               stypeM = 1018)),
     c(rows1, replicates = "JK1", calibration = "linear"), margins = types)
case("jkn-raked", "strat",
     calibrate(as.svrepdesign(dstrat, type = "JKn"), ~stype + sch.wide, totals, calfun = "raking",
               epsilon = 1e-12),
     c(strata = "stype", weight = "pw", fpc = "fpc", replicates = "JKn", calibration = "raking",
       calibration_epsilon = "1e-12"), margins = both)
answered <- strat[strat$answered == "Yes", ]
up <- sapply(c("E", "H", "M"), function(t) sum(strat$pw[strat$stype == t]) /
             sum(answered$pw[answered$stype == t]))
answered$pw <- answered$pw * up[as.character(answered$stype)]
case("response-classes", "strat", svydesign(id = ~1, strata = ~stype, weights = ~pw, data = answered),
     c(strata = "stype", weight = "pw", respondent = "${answered} = 'Yes'", response_class = "stype"))

for (name in names(data)) put(data[[name]], file.path(out, paste0(name, ".csv")))
writeLines(c(R.version.string, paste("survey", packageVersion("survey"))),
           file.path(out, "versions.txt"))
