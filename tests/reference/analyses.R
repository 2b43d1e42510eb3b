# SPDX-License-Identifier: GPL-3.0-or-later
#
# Reference values for tests/unit/test_analyses.c on R's api samples: Rao-Scott, t and rank tests,
# linear and logistic regression, Cronbach's alpha, kappa; and R's own Longley data.
#
#     Rscript tests/reference/analyses.R tests/reference
suppressMessages(library(survey))
out <- commandArgs(trailingOnly = TRUE)[1]
options(digits = 15, survey.lonely.psu = "adjust")
values <- NULL
put <- function(...) values <<- rbind(values, data.frame(...))

rank_test <- function(f, s, test) {
    m <- svyranktest(f, s, c(wilcoxon = "wilcoxon", vanderwaerden = "vanderWaerden",
                             median = "median", kruskal = "KruskalWallis")[test])
    if (is.null(m$ddf)) # two groups
        return(c(m$estimate, m$estimate / m$statistic, m$statistic, 1, m$parameter, m$p.value))
    c(NA, NA, m$parameter / m$statistic, m$statistic, m$ddf, m$p.value) # named the other way round
}

for (name in c("apistrat", "apiclus1", "apiclus2")) for (fpc in 0:1) {
    d <- read.csv(file.path(out, paste0(name, ".csv")), na.strings = "")
    full <- if (fpc) svydesign(ids = ~psu, strata = ~stratum, weights = ~pw, fpc = ~fpc, data = d)
            else svydesign(ids = ~psu, strata = ~stratum, weights = ~pw, data = d)
    one <- function(domain, kind, y, x, s, v, chisq = rep(NA, 3))
        put(sample = name, fpc = fpc, domain = domain, kind = kind, y = y, x = x,
            n = nrow(s), df = degf(s), estimate = v[1], se = v[2], statistic = v[3], ndf = v[4],
            ddf = v[5], p = v[6], chisq = chisq[1], chisq_df = chisq[2], chisq_p = chisq[3])
    for (domain in c("all", "E")) {
        base <- if (domain == "all") full else subset(full, stype == "E")
        for (pair in list(c("sch.wide", "stype"), c("awards", "big"), c("sch.wide", "awards"))) {
            f <- as.formula(paste0("~", pair[1], "+", pair[2]))
            # Missing answers are outside; R counts their PSUs in the degrees of freedom.
            s <- base[complete.cases(base$variables[pair]), ]
            if (any(sapply(pair, function(x) length(unique(s$variables[[x]]))) < 2)) next
            F <- svychisq(f, s, statistic = "F"); X <- svychisq(f, s, statistic = "Chisq")
            one(domain, "chisq", pair[1], pair[2], s,
                c(NA, NA, F$statistic, F$parameter, F$p.value),
                c(X$statistic, X$parameter, X$p.value))
        }
        for (pair in list(c("api00", "sch.wide"), c("enroll", "awards"), c("api00", "stype"))) {
            s <- base[!is.na(base$variables[[pair[1]]]), ]
            f <- as.formula(paste0(pair[1], "~", pair[2]))
            groups <- length(unique(s$variables[[pair[2]]]))
            if (groups < 2) next
            if (groups == 2) {
                t <- svyttest(f, s)
                one(domain, "ttest", pair[1], pair[2], s,
                    c(t$estimate, t$estimate / t$statistic, t$statistic, 1, t$parameter, t$p.value))
            }
            for (test in c("wilcoxon", "vanderwaerden", "median", "kruskal"))
                one(domain, test, pair[1], pair[2], s, rank_test(f, s, test))
        }
        s <- base[!is.na(base$variables$enroll), ]
        s$variables$change <- s$variables$enroll - s$variables$api.stu
        t <- svyttest(change ~ 0, s)
        one(domain, "paired", "api.stu", "enroll", s,
            c(t$estimate, t$estimate / t$statistic, t$statistic, 1, t$parameter, t$p.value))
        total <- with(s$variables, api00 + enroll + api.stu)
        s$variables$total <- total
        alpha <- svycralpha(~api00 + enroll + api.stu, s)
        m <- svymean(~api00 + enroll + api.stu + total, s)
        w <- weights(s); n <- nrow(s)
        u <- sapply(1:4, function(k) (s$variables[[names(m)[k]]] - coef(m)[k])^2 * n / (n - 1))
        V <- colSums(w * u) / sum(w)
        influence <- -1.5 * (rowSums(u[, 1:3]) / V[4] - sum(V[1:3]) * u[, 4] / V[4]^2)
        s$variables$influence <- influence
        one(domain, "alpha", "", "", s, c(alpha, SE(svymean(~influence, s)), NA, NA, NA, NA))
        k <- svykappa(~sch.wide + awards, base)
        one(domain, "kappa", "sch.wide", "awards", base, c(coef(k), SE(k), NA, NA, NA, NA))
    }
    tight <- glm.control(epsilon = 1e-15, maxit = 100)
    model <- function(kind, f, s) {
        family <- if (kind == "gaussian") gaussian() else quasibinomial()
        g <- suppressWarnings(svyglm(f, s, family = family, control = tight))
        # R's covariance has the weights of the step before the last; start where it ended.
        for (again in 1:3) {
            begin <<- coef(g) # svyglm looks it up among the globals
            g <- suppressWarnings(svyglm(f, s, family = family, control = tight, start = begin))
        }
        table <- summary(g)$coefficients
        for (i in seq_len(nrow(table)))
            one("all", kind, "", rownames(table)[i], s,
                c(table[i, 1:3], 1, g$df.residual, table[i, 4]))
    }
    s <- full[!is.na(d$enroll), ]
    model("gaussian", api00 ~ enroll + factor(stype) + api.stu, s)
    model("binomial", I(sch.wide == "Yes") ~ enroll + factor(stype) + api00, s)
}
exact <- function(v) if (is.numeric(v)) ifelse(is.na(v), "", sprintf("%.15g", v)) else v
write.csv(lapply(values, exact), file.path(out, "analyses-values.csv"), row.names = FALSE, quote = FALSE)
