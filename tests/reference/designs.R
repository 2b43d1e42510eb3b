# SPDX-License-Identifier: GPL-3.0-or-later
#
# Reference values of designs and weights from R's survey package on its own example data
# (help(api), help(scd), help(mu284), help(nhanes), help(election), help(hospital) in survey).
#
#     Rscript tests/reference/designs.R tests/reference/designs
#
# For every case a folder with design.csv and margins.csv, the sheets of a topic, and values.csv;
# of the api samples also the sheets tests, models and scales with analyses.csv; beside them the data.  tests/tools/design_cases.py makes a plan of each and compares a run of the
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
# Schools that left a question about the programme empty.
holes <- strat
holes$sch.wide[seq(4, 200, by = 9)] <- NA
# Ten strata of two clusters of ten schools, numbered anew in each.
pairs <- strat[order(strat$stype, strat$cds), ]
pairs$block <- rep(1:10, each = 20); pairs$half <- rep(rep(1:2, each = 10), 10)
# 25 and 33 strata: the matrices of half-samples that R has from tables.
pairs$block25 <- rep(1:25, each = 8); pairs$half25 <- rep(rep(1:2, each = 4), 25)
pairs$block33 <- c(rep(1:33, each = 6), 33, 33); pairs$half33 <- c(rep(rep(1:2, each = 3), 33), 1, 2)
data <- list(strat = strat, clus1 = clus1, clus2 = clus2, lonely = lonely, zero = zero, holes = holes)

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
# Any function of weights and y with its derivative by each case's weight.
smooth <- function(s, y, value, derivative) {
    w <- weights(s, "sampling"); x <- ifelse(w > 0, s$variables[[y]], 1)
    if (inherits(s, "svyrep.design")) {
        m <- withReplicates(s, function(w, data) value(w, data[[y]]))
        return(c(coef(m)[[1]], SE(m)[[1]]))
    }
    s$variables$z_ <- ifelse(w > 0, derivative(w, x), 0)
    c(value(w, x), SE(svytotal(~z_, s))[[1]])
}
half <- function(w, x) colSums(w * abs(outer(x, x, "-"))) # by case, sum of w' |x' - x|
gini <- function(w, x) sum(w * half(w, x)) / (2 * sum(w) * sum(w * x))
theil_t <- function(w, x) { m <- sum(w * x) / sum(w); sum(w * x / m * log(x / m)) / sum(w) }
theil_l <- function(w, x) { m <- sum(w * x) / sum(w); -sum(w * log(x / m)) / sum(w) }
reached <- function(w, x, p) { o <- order(x); x[o][which(cumsum(w[o]) >= p * sum(w) - 1e-9)[1]] }
lorenz <- function(w, x, p) { q <- reached(w, x, p)
    (sum(w * x * (x < q)) + q * (p * sum(w) - sum(w * (x < q)))) / sum(w * x) }
inequalities <- list(
    gini = list(gini, function(w, x) { W <- sum(w); Y <- sum(w * x); g <- gini(w, x)
        half(w, x) / (W * Y) - g / W - g * x / Y }),
    theil_t = list(theil_t, function(w, x) { W <- sum(w); Y <- sum(w * x)
        (x * log(x) - (theil_t(w, x) + 1 + log(Y / W)) * x) / Y + 1 / W }),
    theil_l = list(theil_l, function(w, x) { W <- sum(w); Y <- sum(w * x)
        (log(Y / W) - log(x) - theil_l(w, x) - 1) / W + x / Y }),
    lorenz40 = list(function(w, x) lorenz(w, x, 0.4), function(w, x) {
        q <- reached(w, x, 0.4); (ifelse(x < q, x - q, 0) + 0.4 * q - lorenz(w, x, 0.4) * x) / sum(w * x) }))
estimate <- function(a, level, domain, s) {
    rep <- inherits(s, "svyrep.design")
    if (rep) s <- s[rep(TRUE, nrow(s$variables)), ] # degf() of a calibrated one is that before
    if (a$stat %in% names(inequalities)) {
        f <- inequalities[[a$stat]]
        m <- smooth(s, a$y, f[[1]], f[[2]])
        return(one(a$name, a$stat, level, domain, s, m[1], m[2], NA, n = count(s)))
    }
    if (a$stat == "counts") {
        m <- svytotal(as.formula(paste0("~I(1 * (", a$y, " == '", a$answer, "'))")), s, deff = "replace")
        return(one(paste0(a$name, ".", a$answer), "counts", level, domain, s, coef(m)[[1]], SE(m)[[1]],
                   NA, n = count(s)))
    }
    if (a$stat %in% c("fgt0", "fgt1", "fgt2")) {
        line <- as.numeric(a$x); g <- as.numeric(substr(a$stat, 4, 4)); y <- s$variables[[a$y]]
        s$variables$z_ <- ifelse(y <= line, ((line - y) / line)^g, 0)
        m <- svymean(~z_, s, deff = "replace")
        return(one(a$name, a$stat, level, domain, s, coef(m)[[1]], SE(m)[[1]], deff(m)[[1]], n = count(s)))
    }
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
    p <- if (a$stat == "median") 0.5 else as.numeric(substring(a$stat, 2)) / 100
    m <- svyquantile(f, used, p, qrule = "math", interval.type = "mean")[[1]]
    one(a$name, a$stat, level, domain, used, m[1, 1], m[1, 4], NA, m[1, 2:3], n = n)
}
asked <- function(...) do.call(rbind, lapply(list(...), function(v)
    data.frame(name = v[1], stat = v[2], y = v[3], x = v[4], answer = v[5])))
school <- asked(c("enroll_total", "total", "enroll", "", ""), c("api00_mean", "mean", "api00", "", ""),
                c("acs_mean", "mean", "acs.k3", "", ""), c("wide", "prop", "sch.wide", "", "Yes"),
                c("tested", "ratio", "api.stu", "enroll", ""),
                c("api00_variance", "variance", "api00", "", ""),
                c("api00_median", "median", "api00", "", ""), c("api00_p25", "p25", "api00", "", ""),
                c("api00_p91", "p91", "api00", "", ""),
                c("types", "counts", "stype", "", "E"), c("types", "counts", "stype", "", "H"),
                c("types", "counts", "stype", "", "M"),
                c("gini", "gini", "api.stu", "", ""), c("theil_t", "theil_t", "api.stu", "", ""),
                c("theil_l", "theil_l", "api.stu", "", ""), c("lorenz", "lorenz40", "api.stu", "", ""),
                c("fgt0", "fgt0", "api00", "650", ""), c("fgt1", "fgt1", "api00", "650", ""),
                c("fgt2", "fgt2", "api00", "650", ""))
plain <- school[!school$stat %in% c("median", "p25", "p91"), ]
service <- asked(c("arrests", "total", "arrests", "", ""), c("alive", "total", "alive", "", ""),
                 c("survival", "ratio", "alive", "arrests", ""), c("mean_arrests", "mean", "arrests", "", ""))

# ---- tests, models, scales, differences -------------------------------------------------------------
line <- function(table, name, s, term = "", value = "", est = NA, se = NA, stat = NA, ndf = NA, ddf = NA,
                 p = NA, chisq = rep(NA, 3))
    data.frame(table = table, name = name, term = term, value = value, n = count(s), df = degf(s),
               estimate = est, se = se, statistic = stat, ndf = ndf, ddf = ddf, p = p,
               chisq = chisq[1], chisq_df = chisq[2], chisq_p = chisq[3])
# Several groups with replicate weights stop svyranktest(): Wald's test of its scores, which for two
# groups is the same.
rank_test <- function(name, y, g, s, test, score) {
    w <- weights(s, "sampling"); x <- s$variables[[y]]
    r <- numeric(length(x)); o <- order(x)
    r[o] <- ave(cumsum(w[o]) - w[o] / 2, x[o])
    s$variables$score_ <- score(r / sum(w))
    m <- lm(as.formula(paste0("score_ ~ factor(", g, ")")), s$variables, weights = w)
    V <- vcov(svytotal((model.matrix(m) * residuals(m)) %*% summary(m)$cov.unscaled, s))
    b <- coef(m)[-1]; V <- V[-1, -1, drop = FALSE]; k <- length(b); df <- degf(s)
    known <- if (k == 1 || !inherits(s, "svyrep.design")) svyranktest(as.formula(paste(y, "~", g)), s, test)
    if (k == 1) { t <- b / sqrt(V[1, 1])
        stopifnot(abs(c(known$estimate / b, known$statistic / t) - 1) < 1e-9)
        line("tests", name, s, est = b, se = sqrt(V[1, 1]), stat = t, ndf = 1, ddf = known$parameter, p = known$p.value)
    } else { F <- (b %*% solve(V, b))[1] / k
        if (!is.null(known)) stopifnot(abs(known$parameter / k / F - 1) < 1e-9)
        line("tests", name, s, stat = F, ndf = k, ddf = df - k, p = pf(F, k, df - k, lower.tail = FALSE)) }
}
# The same schools in two years; by hand too, as a second witness of the covariance.
paired <- function(s) {
    s$variables$change_ <- s$variables$api00 - s$variables$api99
    t <- svyttest(change_ ~ 0, s)
    V <- vcov(svymean(~api00 + api99, s))
    stopifnot(abs((V[1, 1] + V[2, 2] - 2 * V[1, 2]) / (t$estimate / t$statistic)^2 - 1) < 1e-9)
    line("tests", "paired", s, est = t$estimate, se = t$estimate / t$statistic, stat = t$statistic, ndf = 1,
         ddf = t$parameter, p = t$p.value)
}
model <- function(name, f, s, family) {
    tight <<- glm.control(epsilon = 1e-15, maxit = 100) # svyglm looks for both among the globals
    g <- suppressWarnings(svyglm(f, s, family = family, control = tight))
    # R's covariance has the weights of the step before the last; start where it ended.
    for (again in 1:3) {
        begin <<- coef(g)
        g <- suppressWarnings(svyglm(f, s, family = family, control = tight, start = begin))
    }
    b <- coef(g); se <- SE(g); t <- b / se; names <- names(b)
    if (family$family == "quasibinomial") { # a column whose answers determine the outcome
        X <- model.matrix(g)^2 * weights(g, "prior"); mu <- fitted(g)
        if (any(colSums(X * mu * (1 - mu)) < 1e-9 * colSums(X))) b[] <- se[] <- t[] <- NA
    }
    factor <- grepl("factor", names)
    line("models", name, s, term = ifelse(factor, "stype", ifelse(names == "(Intercept)", "1", names)),
         value = ifelse(factor, substring(names, nchar(names)), ""), est = b, se = se, stat = t, ndf = NA,
         ddf = g$df.residual, p = 2 * pt(-abs(t), g$df.residual))
}
alpha <- function(w, y) { v <- function(x) { m <- sum(w * x) / sum(w); sum(w * (x - m)^2) }
    1.5 * (1 - (v(y$api00) + v(y$api99) + v(y$api.stu)) / v(y$api00 + y$api99 + y$api.stu)) }
alpha_line <- function(s) {
    w <- weights(s, "sampling"); y <- s$variables; W <- sum(w)
    u <- sapply(list(y$api00, y$api99, y$api.stu, y$api00 + y$api99 + y$api.stu),
                function(x) (x - sum(w * x) / W)^2)
    V <- colSums(w * u) / W
    s$variables$z_ <- (-1.5 * (rowSums(u[, 1:3]) / V[4] - sum(V[1:3]) * u[, 4] / V[4]^2)) / W
    se <- if (inherits(s, "svyrep.design")) SE(withReplicates(s, alpha)) else SE(svytotal(~z_, s))
    a <- svycralpha(~api00 + api99 + api.stu, s)[[1]]
    stopifnot(abs(a / alpha(w, y) - 1) < 1e-12)
    line("scales", "alpha", s, est = a, se = se[[1]])
}
# Means, totals and ratios of elementary less high schools.
difference <- function(name, s, value, derivative) {
    w <- weights(s, "sampling"); t <- as.character(s$variables$stype)
    here <- s[t %in% c("E", "H"), ]
    if (any(table(t[t %in% c("E", "H")]) < 3)) return(NULL) # withheld, n_withhold
    y <- s$variables
    y$here <- s$variables$here <- w > 0
    by <- function(w, y) { e <- as.character(y$stype) == "E"; h <- as.character(y$stype) == "H"
                           value(w[e], y[e, ]) - value(w[h], y[h, ]) }
    s$variables$z_ <- 0
    for (v in c("E", "H")) { i <- t == v & w > 0
        s$variables$z_[i] <- (if (v == "E") 1 else -1) * derivative(w[i], y[i, ]) }
    est <- by(w, y)
    se <- if (inherits(s, "svyrep.design")) SE(withReplicates(s, by))[[1]] else SE(svytotal(~z_, s))[[1]]
    df <- degf(here)
    line("contrasts", name, here, term = "E", value = "H", est = est, se = se, stat = est / se, ddf = df,
         p = 2 * pt(-abs(est / se), df))
}
# Elementary schools less the mean of the others; svycontrast() where svyby() has covariances (that of
# a calibrated design stops when domains leave records out).
contrast <- function(s) {
    k <- c(E = 1, H = -0.5, M = -0.5); w <- weights(s, "sampling"); t <- as.character(s$variables$stype)
    if (!all(names(k) %in% t[w > 0])) return(NULL)
    value <- function(w, y) sum(sapply(names(k), function(g) { i <- as.character(y$stype) == g
                                                               k[[g]] * sum(w[i] * y$api00[i]) / sum(w[i]) }))
    s$variables$z_ <- 0
    for (g in names(k)) { i <- t == g & w > 0; y <- s$variables$api00[i]
        s$variables$z_[i] <- k[[g]] * (y - sum(w[i] * y) / sum(w[i])) / sum(w[i]) }
    est <- value(w, s$variables)
    se <- if (inherits(s, "svyrep.design")) SE(withReplicates(s, value))[[1]] else SE(svytotal(~z_, s))[[1]]
    known <- try(svycontrast(svyby(~api00, ~stype, s, svymean, covmat = TRUE), k), silent = TRUE)
    if (!inherits(known, "try-error")) stopifnot(abs(c(coef(known) / est, SE(known) / se) - 1) < 1e-9)
    line("tests", "contrast", s, est = est, se = se, stat = est / se, ndf = 1, ddf = degf(s),
         p = 2 * pt(-abs(est / se), degf(s)))
}
analyses <- function(s) {
    if (inherits(s, "svyrep.design")) s <- s[rep(TRUE, nrow(s$variables)), ]
    s$variables$stype <- factor(as.character(s$variables$stype))
    for (v in c("sch.wide", "awards")) s$variables[[v]] <- factor(as.character(s$variables[[v]]))
    told <- if (anyNA(s$variables$sch.wide)) s[!is.na(s$variables$sch.wide), ] else s # by na.omit in R too
    F <- svychisq(~sch.wide + stype, told, statistic = "F"); X <- svychisq(~sch.wide + stype, told, statistic = "Chisq")
    # svychisq() counts records and PSUs without weight.
    X$statistic <- X$statistic * count(told) / nrow(told$variables)
    F$p.value <- pf(F$statistic, F$parameter[[1]], F$parameter[[1]] * degf(told), lower.tail = FALSE)
    if (F$statistic > 1e20) { # a table that calibration has fixed
        F$statistic <- F$parameter[] <- F$p.value <- X$statistic <- X$parameter <- X$p.value <- NA }
    t <- svyttest(api00 ~ awards, s)
    k <- svykappa(~sch.wide + awards, told)
    rbind(line("tests", "chisq", told, stat = F$statistic, ndf = F$parameter[[1]], ddf = F$parameter[[1]] * degf(told),
               p = F$p.value[[1]], chisq = c(X$statistic, X$parameter, X$p.value)),
          line("tests", "ttest", s, est = t$estimate, se = t$estimate / t$statistic, stat = t$statistic,
               ndf = 1, ddf = t$parameter, p = t$p.value),
          paired(s),
          rank_test("wilcoxon", "api00", "awards", s, "wilcoxon", identity),
          rank_test("vanderwaerden", "api00", "awards", s, "vanderWaerden", qnorm),
          rank_test("median", "api00", "awards", s, "median", function(r) as.numeric(r > 0.5)),
          rank_test("kruskal", "api00", "stype", s, "KruskalWallis", identity),
          contrast(s),
          model("gaussian", api00 ~ api99 + factor(stype) + api.stu, s, gaussian()),
          model("binomial", I(sch.wide == "Yes") ~ api99 + factor(stype) + api.stu, told, quasibinomial()),
          alpha_line(s),
          line("scales", "kappa", told, est = coef(k), se = SE(k)),
          difference("api00_mean", s, function(w, y) sum(w * y$api00) / sum(w),
                     function(w, y) (y$api00 - sum(w * y$api00) / sum(w)) / sum(w)),
          difference("api00_variance", s,
                     function(w, y) { m <- sum(w * y$api00) / sum(w); n <- sum(y$here)
                                      n / (n - 1) * sum(w * (y$api00 - m)^2) / sum(w) },
                     function(w, y) { m <- sum(w * y$api00) / sum(w); n <- nrow(y); u <- (y$api00 - m)^2
                                      n / (n - 1) * (u - sum(w * u) / sum(w)) / sum(w) }),
          do.call(rbind, lapply(c("gini", "theil_t", "theil_l"), function(name)
              difference(name, s, function(w, y) inequalities[[name]][[1]](w, y$api.stu),
                         function(w, y) inequalities[[name]][[2]](w, y$api.stu)))),
          difference("lorenz", s, function(w, y) inequalities$lorenz40[[1]](w, y$api.stu),
                     function(w, y) inequalities$lorenz40[[2]](w, y$api.stu)))
}

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
    if (any(indicators$stat == "gini"))
        put(analyses(design), file.path(folder, "analyses.csv"))
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
case("unanswered", "holes", svydesign(id = ~1, strata = ~stype, weights = ~pw, data = holes, fpc = ~fpc),
     c(strata = "stype", weight = "pw", fpc = "fpc"))
for (policy in c("remove", "certainty", "adjust", "average")) {
    options(survey.lonely.psu = policy)
    case(paste0("lonely-", policy), "lonely",
         svydesign(id = ~1, strata = ~stype, weights = ~pw, data = lonely, fpc = ~fpc),
         c(strata = "stype", weight = "pw", fpc = "fpc", lonely_psu = policy), plain)
}
options(survey.lonely.psu = "fail")

# ---- on the api samples too, for every statistic ---------------------------------------------------
dpairs <- svydesign(id = ~half, strata = ~block, weights = ~pw, nest = TRUE, data = pairs)
nested <- c(cluster = "half", strata = "block", nest = "yes", weight = "pw")
case("pairs", "pairs", dpairs, nested)
case("pairs-brr", "pairs", as.svrepdesign(dpairs, type = "BRR"), c(nested, replicates = "BRR"))
case("pairs-fay", "pairs", as.svrepdesign(dpairs, type = "Fay", fay.rho = 0.3),
     c(nested, replicates = "Fay", fay_rho = "0.3"))
case("pairs-25-brr", "pairs",
     as.svrepdesign(svydesign(id = ~half25, strata = ~block25, weights = ~pw, nest = TRUE, data = pairs),
                    type = "BRR"),
     c(cluster = "half25", strata = "block25", nest = "yes", weight = "pw", replicates = "BRR"))
case("pairs-33-fay", "pairs",
     as.svrepdesign(svydesign(id = ~half33, strata = ~block33, weights = ~pw, nest = TRUE, data = pairs),
                    type = "Fay", fay.rho = 0.5),
     c(cluster = "half33", strata = "block33", nest = "yes", weight = "pw", replicates = "Fay",
       fay_rho = "0.5"))
brr <- as.svrepdesign(dpairs, type = "BRR")
for (i in 1:ncol(weights(brr, "analysis"))) pairs[[paste0("rw", i)]] <- weights(brr, "analysis")[, i]
pairs$cluster <- 2 * (pairs$block - 1) + pairs$half
data$pairs <- pairs
case("pairs-numbered", "pairs",
     as.svrepdesign(svydesign(id = ~cluster, strata = ~block, weights = ~pw, data = pairs), type = "BRR"),
     c(cluster = "cluster", strata = "block", weight = "pw", replicates = "BRR"))
case("pairs-given", "pairs", svrepdesign(data = pairs, type = "BRR", repweights = "rw[0-9]+", weights = ~pw,
                                         combined.weights = TRUE),
     c(weight = "pw", replicates = "BRR", replicate_weights = "rw*"))
case("brewer", "strat", svydesign(id = ~1, fpc = ~prob, pps = "brewer", data = strat),
     c(fpc = "prob", pps = "brewer"))
case("probabilities-replacement", "strat", svydesign(id = ~1, probs = ~prob, data = strat), c(probability = "prob"))

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
