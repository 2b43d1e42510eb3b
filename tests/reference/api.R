# SPDX-License-Identifier: GPL-3.0-or-later
#
# Reference values for tests/unit/test_estimate.c and test_quantile.c from R's survey package
# and its example data: the California Academic Performance Index samples apistrat, apiclus1 and
# apiclus2 (help(api) in survey).
#
#     Rscript tests/reference/api.R tests/reference
#
# writes apistrat.csv, apiclus1.csv, apiclus2.csv, apilonely.csv (the records), api-values.csv,
# api-differences.csv and api-versions.txt.  Nothing of ours takes part.
suppressMessages(library(survey))
out <- commandArgs(trailingOnly = TRUE)[1]
options(digits = 15, survey.lonely.psu = "fail")
data(api)

columns <- c("psu", "stratum", "pw", "fpc", "api00", "enroll", "api.stu", "acs.k3", "sch.wide",
             "awards", "stype", "big")
prepare <- function(d, psu, stratum) {
    d$psu <- paste0("p", psu)
    d$stratum <- paste0("s", stratum)
    d$big <- ifelse(d$enroll > 1500, "Yes", "No")
    d[order(d$psu), columns]
}
apiclus2$fpc <- apiclus2$fpc1
samples <- list(
    apistrat = prepare(apistrat, sprintf("%04d", apistrat$snum), apistrat$stype),
    apiclus1 = prepare(apiclus1, sprintf("%04d", apiclus1$dnum), 1),
    apiclus2 = prepare(apiclus2, sprintf("%04d", apiclus2$dnum), apiclus2$dnum %% 3))
# A stratum with one school, whatever its weight.
lonely <- samples$apistrat
first <- which(lonely$stratum == "sH")[1]
samples$apilonely <- lonely[lonely$stratum != "sH" | seq_len(nrow(lonely)) == first, ]
for (name in names(samples))
    write.csv(samples[[name]], file.path(out, paste0(name, ".csv")), row.names = FALSE,
              quote = FALSE, na = "")

design_of <- function(d, fpc) {
    if (fpc) svydesign(ids = ~psu, strata = ~stratum, weights = ~pw, fpc = ~fpc, data = d)
    else svydesign(ids = ~psu, strata = ~stratum, weights = ~pw, data = d)
}

blank <- function() list(low = NA, high = NA, deff = NA, logit_low = NA, logit_high = NA,
                         beta_low = NA, beta_high = NA)
estimate <- function(s, stat, y, x, p) {
    v <- s$variables
    df <- degf(s)
    r <- blank()
    f <- as.formula(paste0("~", y))
    if (stat == "total") m <- svytotal(f, s, deff = "replace")
    if (stat == "mean") m <- svymean(f, s, deff = "replace")
    if (stat == "prop") {
        s <- update(s, flag = as.numeric(get(y) == "Yes"))
        m <- svymean(~flag, s, deff = "replace")
        if (coef(m) > 0 && coef(m) < 1 && df > 0 && is.finite(SE(m))) {
            # xlogit is the delta method; "logit" is the same through svyglm's iteration.
            ci <- attr(svyciprop(~flag, s, method = "xlogit"), "ci")
            glm <- attr(svyciprop(~flag, s, method = "logit"), "ci")
            stopifnot(all(abs(ci - glm) < 1e-6))
            r$logit_low <- ci[1]; r$logit_high <- ci[2]
            ci <- attr(svyciprop(~flag, s, method = "beta"), "ci")
            r$beta_low <- ci[1]; r$beta_high <- ci[2]
        }
    }
    if (stat == "ratio") {
        m <- svyratio(f, as.formula(paste0("~", x)), s, deff = "replace")
        r$deff <- attr(m, "deff")[1, 1]
        est <- coef(m)[[1]]; se <- sqrt(m$var[1, 1])
    } else if (stat == "variance") {
        m <- svyvar(f, s)
        est <- coef(m)[[1]]; se <- sqrt(vcov(m)[1, 1])
    } else if (stat == "quantile") {
        m <- svyquantile(f, s, p, qrule = "math", interval.type = "mean")[[1]]
        est <- m[1, 1]; se <- m[1, 4]; r$low <- m[1, 2]; r$high <- m[1, 3]
    } else {
        est <- coef(m)[[1]]; se <- SE(m)[[1]]; r$deff <- deff(m)[[1]]
    }
    if (stat != "quantile" && df > 0) {
        r$low <- est - qt(0.975, df) * se
        r$high <- est + qt(0.975, df) * se
    }
    list(n = nrow(v), n_psu = length(unique(v$psu)), n_strata = length(unique(v$stratum)),
         df = df, estimate = est, se = se, low = r$low, high = r$high, deff = r$deff,
         logit_low = r$logit_low, logit_high = r$logit_high, beta_low = r$beta_low,
         beta_high = r$beta_high)
}

asked <- rbind(data.frame(stat = "total", y = c("enroll", "acs.k3"), x = "", p = 0),
               data.frame(stat = "mean", y = c("api00", "acs.k3"), x = "", p = 0),
               data.frame(stat = "prop", y = c("sch.wide", "awards"), x = "", p = 0),
               data.frame(stat = "ratio", y = "api.stu", x = "enroll", p = 0),
               data.frame(stat = "variance", y = c("api00", "enroll"), x = "", p = 0),
               data.frame(stat = "quantile", y = c("api00", "api00", "api00", "enroll"), x = "",
                          p = c(0.5, 0.25, 0.9, 0.5)))
domains <- list(c("all", "all"), c("sch.wide", "Yes"), c("sch.wide", "No"), c("awards", "No"),
                c("stype", "H"), c("stype", "M"), c("big", "Yes"))

values <- NULL
collect <- function(name, fpc, policy) {
    options(survey.lonely.psu = policy)
    d <- design_of(samples[[name]], fpc)
    for (dom in domains) {
        s <- if (dom[1] == "all") d else d[d$variables[[dom[1]]] %in% dom[2], ]
        for (i in seq_len(nrow(asked))) {
            a <- asked[i, ]
            used <- s[!is.na(s$variables[[a$y]]), ]
            if (a$x != "")
                used <- used[!is.na(used$variables[[a$x]]), ]
            if (nrow(used) < 2)
                next
            e <- suppressWarnings(try(estimate(used, a$stat, a$y, a$x, a$p), silent = TRUE))
            if (inherits(e, "try-error")) {
                message(name, " ", dom[2], " ", a$stat, ": ", attr(e, "condition")$message)
                next
            }
            values <<- rbind(values, data.frame(sample = name, fpc = as.integer(fpc),
                lonely = policy, domain = dom[1], value = dom[2], stat = a$stat, y = a$y,
                x = a$x, p = a$p, e))
        }
    }
}
for (name in c("apistrat", "apiclus1", "apiclus2")) for (fpc in c(FALSE, TRUE))
    collect(name, fpc, "fail")
for (policy in c("remove", "certainty", "adjust", "average")) for (fpc in c(FALSE, TRUE))
    collect("apilonely", fpc, policy)

differences <- NULL
contrast <- function(name, fpc, stat, y, x, by, a, b) {
    options(survey.lonely.psu = "fail")
    d <- design_of(samples[[name]], fpc)
    d <- update(d, one = 1, flag = as.numeric(sch.wide == "Yes"))
    # Influence functions of both domains in one total: their covariance is that of the sums.
    known <- !is.na(d$variables[[y]]) & (x == "" | !is.na(d$variables[[if (x == "") y else x]]))
    ina <- known & d$variables[[by]] %in% a; inb <- if (b == "all") known else
        known & d$variables[[by]] %in% b
    lin <- function(inside) {
        v <- d$variables; w <- weights(d)
        if (stat == "ratio") {
            r <- sum((w * v[[y]])[inside]) / sum((w * v[[x]])[inside])
            list(r, ifelse(inside, (v[[y]] - r * v[[x]]) / sum((w * v[[x]])[inside]), 0))
        } else if (stat == "total") {
            list(sum((w * v[[y]])[inside]), ifelse(inside, v[[y]], 0))
        } else {
            m <- sum((w * v[[y]])[inside]) / sum(w[inside])
            list(m, ifelse(inside, (v[[y]] - m) / sum(w[inside]), 0))
        }
    }
    la <- lin(ina); lb <- lin(inb)
    d <- update(d, z = la[[2]] - lb[[2]])
    se <- SE(svytotal(~z, d))[[1]]
    diff <- la[[1]] - lb[[1]]
    df <- degf(subset(d, ina | inb))
    # A second way where R has one: a regression on the domain (Binder's sandwich).
    if (stat == "mean" && b != "all") {
        s <- subset(d, ina | inb)
        s <- update(s, g = as.numeric(get(by) == a))
        g <- svyglm(as.formula(paste(y, "~ g")), s)
        stopifnot(abs(coef(g)[[2]] / diff - 1) < 1e-9, abs(SE(g)[[2]] / se - 1) < 1e-6)
    }
    data.frame(sample = name, fpc = as.integer(fpc), stat = stat, y = y, x = x, domain = by,
               a = a, b = b, difference = diff, se = se, df = df, t = diff / se,
               p = 2 * pt(-abs(diff / se), df))
}
for (name in c("apistrat", "apiclus1", "apiclus2")) for (fpc in c(FALSE, TRUE))
    differences <- rbind(differences,
        contrast(name, fpc, "mean", "api00", "", "sch.wide", "Yes", "No"),
        contrast(name, fpc, "mean", "api00", "", "stype", "E", "M"),
        contrast(name, fpc, "mean", "api00", "", "stype", "H", "all"),
        contrast(name, fpc, "total", "enroll", "", "sch.wide", "Yes", "No"),
        contrast(name, fpc, "ratio", "api.stu", "enroll", "stype", "E", "H"),
        contrast(name, fpc, "ratio", "api.stu", "enroll", "big", "Yes", "all"))

exact <- function(d) {
    for (c in names(d)) if (is.double(d[[c]]))
        d[[c]] <- ifelse(is.finite(d[[c]]), sprintf("%.17g", d[[c]]), "")
    d
}
write.csv(exact(values), file.path(out, "api-values.csv"), row.names = FALSE, quote = FALSE, na = "")
write.csv(exact(differences), file.path(out, "api-differences.csv"), row.names = FALSE,
          quote = FALSE, na = "")
writeLines(c(R.version.string, paste("survey", packageVersion("survey"))),
           file.path(out, "api-versions.txt"))
