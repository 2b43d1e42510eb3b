/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Functions of XLSForm for places.  A geopoint is "latitude longitude altitude accuracy" in
 * degrees and metres, a geotrace or geoshape such points with ; between.  The formulas are those
 * of JavaRosa (org.javarosa.core.util.GeoUtils), on a sphere of Earth's equatorial radius.
 */
#include "survey/expr_call.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double RADIUS = 6378100; /* metres */

struct point {
    double latitude, longitude; /* radians */
};
struct points {
    struct point *list;
    int count, room;
    bool wrong; /* a text was no place */
};

static void add_point(struct points *all, const char *text)
{
    char *end;
    struct point p;
    p.latitude = strtod(text, &end) * M_PI / 180;
    bool right = end != text;
    text = end;
    p.longitude = strtod(text, &end) * M_PI / 180;
    if (!right || end == text) {
        all->wrong = true;
        return;
    }
    GROW(all->list, all->count, all->room);
    all->list[all->count++] = p;
}

static void visit_text(void *user, const char *text)
{
    char *copy = must_strdup(text), *rest = copy;
    for (char *part; (part = strsep(&rest, ";"));)
        if (part[strspn(part, " ")])
            add_point(user, part);
    free(copy);
}

static void visit_value(void *user, const struct value *v)
{
    visit_text(user, value_text(v));
}

/* The points of the last n arguments; the caller frees the list. */
static struct points take_points(call c, int n)
{
    struct points all = {0};
    xmlXPathObjectPtr *arguments = take_all(c, n);
    for (int i = 0; i < n; i++) {
        struct taken t = {arguments[i], ""};
        if (arguments[i] && arguments[i]->type == XPATH_USERS)
            ref_each(arguments[i]->user, visit_value, &all);
        else if (arguments[i] && arguments[i]->type == XPATH_NODESET)
            nodes_each(arguments[i], visit_text, &all);
        else
            visit_text(&all, taken_text(&t));
    }
    free_taken(arguments, n);
    return all;
}

/* Spherical law of cosines.  Where rounding takes the cosine beyond 1 the points are one: 0, where
 * JavaRosa has no number. */
static double between(struct point a, struct point b)
{
    double cosine = sin(a.latitude) * sin(b.latitude) +
                    cos(a.latitude) * cos(b.latitude) * cos(a.longitude - b.longitude);
    return acos(fmin(1, cosine)) * RADIUS;
}

static void f_distance(call c, int n)
{
    struct points all = take_points(c, n);
    double sum = 0;
    for (int i = 1; i < all.count; i++)
        sum += between(all.list[i - 1], all.list[i]);
    give_number(c, all.wrong || !all.count ? NAN : sum);
    free(all.list);
}

/* Of the polygon in a plane around its first point, in square metres. */
static void f_area(call c, int n)
{
    struct points all = take_points(c, n);
    double sum = 0, x0 = 0, y0 = 0;
    for (int i = 1; i < all.count; i++) {
        double y = (all.list[i].latitude - all.list[0].latitude) * RADIUS;
        double x =
            (all.list[i].longitude - all.list[0].longitude) * RADIUS * cos(all.list[i].latitude);
        sum += (y0 * x - x0 * y) / 2;
        x0 = x;
        y0 = y;
    }
    give_number(c, all.wrong || !all.count ? NAN : fabs(sum));
    free(all.list);
}

/* Whether the point lies within the shape: a ray from it crosses the border an odd number of times
 * (W. R. Franklin, PNPOLY). */
static void f_geofence(call c, int n)
{
    struct points shape = take_points(c, 1), one = take_points(c, n - 1);
    bool inside = false;
    for (int i = 1; i < shape.count && one.count; i++) {
        struct point p = one.list[0], a = shape.list[i - 1], b = shape.list[i];
        if ((b.latitude > p.latitude) != (a.latitude > p.latitude) &&
            p.longitude < (a.longitude - b.longitude) * (p.latitude - b.latitude) /
                                  (a.latitude - b.latitude) +
                              b.longitude)
            inside = !inside;
    }
    give_truth(c, inside);
    free(shape.list);
    free(one.list);
}

const struct function PLACE_FUNCTIONS[] = {
    {"area", 1, 1, "T", 'n', f_area, NULL},
    {"distance", 1, -1, "T", 'n', f_distance, NULL},
    {"enclosed-area", 1, 1, "T", 'n', f_area, NULL},
    {"geofence", 2, 2, "tt", 'b', f_geofence, NULL},
    {0},
};
