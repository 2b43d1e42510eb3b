# SPDX-License-Identifier: GPL-3.0-or-later
#
# Reference values for tests/e2e/estimates.sh, beyond those of tests/field/henan-2025-07: finite
# population correction by the number of PSUs and by their probabilities (Brewer), percentiles, variances, differences between domains and village-level
# estimates, from the answers' records of topic 7 with R's survey package.
#
#     Rscript tests/reference/topic7.R tests/field/henan-2025-07 \
#         topics/henan-2025/07/frame/villages.csv tests/reference
suppressMessages(library(survey))
args <- commandArgs(trailingOnly = TRUE)
options(digits = 15, survey.lonely.psu = "fail")
read <- function(path) read.csv(path, fileEncoding = "UTF-8-BOM", colClasses = "character")
number <- function(x) as.numeric(x)

frame <- read(args[2])
villages_in <- table(frame$county_code)
frame$n_selected <- ave(number(frame$selected), frame$county_code, FUN = sum)
frame$size <- number(frame$households)
frame$p1 <- frame$n_selected * frame$size / ave(frame$size, frame$county_code, FUN = sum)
row.names(frame) <- frame$village_code

households <- read(file.path(args[1], "households.csv"))
members <- read(file.path(args[1], "members.csv"))
villages <- read(file.path(args[1], "villages.csv"))
members$village_code <- substr(members$key, 1, 12)
members$hh_type <- households$hh_type[match(members$key, households$key)]
accepted <- table(households$village_code)
complete <- function(d, weight) {
    d$county <- substr(d$village_code, 1, 6)
    d$w <- weight(d$village_code)
    d$population <- as.numeric(villages_in[d$county])
    d$p1 <- frame[d$village_code, "p1"]
    d$zone <- frame[d$village_code, "stratum"]
    d
}
household_weight <- function(v) {
    p2 <- 20 / frame[v, "size"]
    1 / (frame[v, "p1"] * p2) * 20 / as.numeric(accepted[v])
}
households <- complete(households, household_weight)
members <- complete(members, household_weight)
villages <- complete(villages, function(v) 1 / frame[v, "p1"])
for (v in c("inc_total", "hh_size")) households[[v]] <- number(households[[v]])
households$know <- ifelse(households$know_brand == "", NA, as.numeric(households$know_brand == "1"))
members$m_age <- number(members$m_age)
members$wage <- ifelse(members$m_status == "1", number(members$m_wage), NA)
villages$v_labour <- number(villages$v_labour)
villages$v_train_p <- number(villages$v_train_p)

design <- function(d, fpc) {
    if (fpc == "brewer")
        svydesign(ids = ~village_code, strata = ~county, weights = ~w, fpc = ~p1, pps = "brewer", data = d)
    else if (fpc == "fpc") svydesign(ids = ~village_code, strata = ~county, weights = ~w, fpc = ~population, data = d)
    else svydesign(ids = ~village_code, strata = ~county, weights = ~w, data = d)
}
domains <- list(c("all", "all"), c("zone", "大别山片区"), c("county", "411523"), c("hh_type", "1"),
                c("hh_type", "2"))
inside <- function(d, domain) if (domain[1] == "all") d else
    d[d$variables[[domain[1]]] %in% domain[2], ]

values <- NULL
add <- function(variant, name, stat, s, domain, m, deff = NA, ci = NULL) {
    df <- degf(s)
    cases <- s$variables[is.finite(s$prob), ] # a subset of a pps design keeps its other rows
    se <- as.numeric(if (stat %in% c("p25", "p90")) SE(m) else SE(m)[1])
    est <- coef(m)[[1]]
    if (is.null(ci)) ci <- est + c(-1, 1) * qt(0.975, df) * se
    values <<- rbind(values, data.frame(scope = "visible8", strata_var = variant, indicator = name,
        stat = stat, level = domain[1], domain = domain[2], n = nrow(cases),
        n_psu = length(unique(cases$village_code)),
        n_strata = length(unique(cases$county)), df = df, estimate = est, se = se,
        ci_low = ci[1], ci_high = ci[2], deff = deff, logit_low = NA, logit_high = NA))
}
known <- function(s, y) s[!is.na(s$variables[[y]]), ]
for (variant in c("county", "fpc", "brewer")) {
    h <- design(households, variant); m <- design(members, variant); v <- design(villages, variant)
    for (domain in domains) {
        s <- known(inside(h, domain), "inc_total")
        x <- svymean(~inc_total, s, deff = "replace")
        add(variant, "inc_total_mean", "mean", s, domain, x, deff(x)[[1]])
        for (p in c(0.25, 0.9)) {
            q <- svyquantile(~inc_total, s, p, qrule = "math", interval.type = "mean")
            add(variant, paste0("inc_p", 100 * p), paste0("p", 100 * p), s, domain, q,
                ci = q[[1]][1, 2:3])
        }
        add(variant, "inc_variance", "variance", s, domain, svyvar(~inc_total, s))
        s <- known(inside(h, domain), "know")
        x <- svymean(~know, s, deff = "replace")
        add(variant, "know_brand", "prop", s, domain, x, deff(x)[[1]])
        s <- known(inside(m, domain), "wage")
        x <- svymean(~wage, s, deff = "replace")
        add(variant, "wage_mean", "mean", s, domain, x, deff(x)[[1]])
        # A subset of a pps design that lacks a village has another variance in the package than the
        # same total with a 0 for it.
        if (domain[1] == "hh_type" || variant == "brewer") next
        s <- known(inside(v, domain), "v_labour")
        x <- svytotal(~v_labour, s, deff = "replace")
        add(variant, "village_labour", "total", s, domain, x, deff(x)[[1]])
    }
}

# Differences: linearised values of both domains in one total, so that their covariance counts.
differences <- NULL
contrast <- function(d, name, y, x, by, a, b) {
    v <- d$variables; w <- weights(d)
    ok <- !is.na(v[[y]]) & (x == "" | !is.na(v[[if (x == "") y else x]]))
    lin <- function(into) {
        if (x == "") {
            m <- sum((w * v[[y]])[into]) / sum(w[into])
            list(m, ifelse(into, (v[[y]] - m) / sum(w[into]), 0))
        } else {
            m <- sum((w * v[[y]])[into]) / sum((w * v[[x]])[into])
            list(m, ifelse(into, (v[[y]] - m * v[[x]]) / sum((w * v[[x]])[into]), 0))
        }
    }
    ina <- ok & v[[by]] %in% a
    inb <- if (b == "all") ok else ok & v[[by]] %in% b
    la <- lin(ina); lb <- lin(inb)
    d$variables$z <- la[[2]] - lb[[2]]
    se <- SE(svytotal(~z, d))[[1]]
    diff <- la[[1]] - lb[[1]]
    df <- degf(d[ina | inb, ])
    differences <<- rbind(differences, data.frame(indicator = name, level = by, domain_a = a,
        domain_b = b, difference = diff, se = se, df = df, t = diff / se,
        p = 2 * pt(-abs(diff / se), df)))
}
h <- design(households, FALSE); m <- design(members, FALSE)
for (pair in list(c("1", "2"), c("1", "3"), c("2", "3"))) {
    contrast(h, "inc_total_mean", "inc_total", "", "hh_type", pair[1], pair[2])
    contrast(h, "know_brand", "know", "", "hh_type", pair[1], pair[2])
    contrast(h, "inc_pc_ratio", "inc_total", "hh_size", "hh_type", pair[1], pair[2])
    contrast(m, "wage_mean", "wage", "", "hh_type", pair[1], pair[2])
}
for (county in sort(unique(households$county))) {
    contrast(h, "inc_total_mean", "inc_total", "", "county", county, "all")
    contrast(h, "inc_pc_ratio", "inc_total", "hh_size", "county", county, "all")
    contrast(m, "wage_mean", "wage", "", "county", county, "all")
}
for (zone in sort(unique(households$zone))) contrast(h, "know_brand", "know", "", "zone", zone, "all")

exact <- function(d) {
    for (c in names(d)) if (is.double(d[[c]]))
        d[[c]] <- ifelse(is.finite(d[[c]]), sprintf("%.17g", d[[c]]), "")
    d
}
save <- function(d, name) write.csv(exact(d), file.path(args[3], name), row.names = FALSE,
                                    quote = FALSE, na = "", fileEncoding = "UTF-8")
save(values, "topic7-values.csv")
save(differences, "topic7-differences.csv")
