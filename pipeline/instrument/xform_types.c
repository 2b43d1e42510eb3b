/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instrument/xform_private.h"

#include <string.h>

static const struct control_type types[] = {
    {"text", "input", NULL, "string", false, NULL, NULL},
    {"string", "input", NULL, "string", false, NULL, NULL},
    {"integer", "input", NULL, "int", false, NULL, NULL},
    {"int", "input", NULL, "int", false, NULL, NULL},
    {"decimal", "input", NULL, "decimal", false, NULL, NULL},
    {"range", "range", NULL, "int", false, NULL, NULL},
    {"date", "input", NULL, "date", false, NULL, NULL},
    {"time", "input", NULL, "time", false, NULL, NULL},
    {"dateTime", "input", NULL, "dateTime", false, NULL, NULL},
    {"datetime", "input", NULL, "dateTime", false, NULL, NULL},
    {"barcode", "input", NULL, "barcode", false, NULL, NULL},
    {"geopoint", "input", NULL, "geopoint", false, NULL, NULL},
    {"geotrace", "input", NULL, "geotrace", false, NULL, NULL},
    {"geoshape", "input", NULL, "geoshape", false, NULL, NULL},
    {"select_one", "select1", NULL, "string", false, NULL, NULL},
    {"select_one_from_file", "select1", NULL, "string", false, NULL, NULL},
    {"select_multiple", "select", NULL, "string", false, NULL, NULL},
    {"select_multiple_from_file", "select", NULL, "string", false, NULL, NULL},
    {"rank", "odk:rank", NULL, "odk:rank", false, NULL, NULL},
    {"image", "upload", "image/*", "binary", false, NULL, NULL},
    {"photo", "upload", "image/*", "binary", false, NULL, NULL},
    {"audio", "upload", "audio/*", "binary", false, NULL, NULL},
    {"video", "upload", "video/*", "binary", false, NULL, NULL},
    {"file", "upload", "application/*", "binary", false, NULL, NULL},
    {"acknowledge", "trigger", NULL, "string", false, NULL, NULL},
    {"trigger", "trigger", NULL, NULL, false, NULL, NULL},
    {"note", "input", NULL, "string", true, NULL, NULL},
    {"calculate", NULL, NULL, "string", false, NULL, NULL},
    {"hidden", NULL, NULL, "string", false, NULL, NULL},
    {"start", NULL, NULL, "dateTime", false, "timestamp", "start"},
    {"end", NULL, NULL, "dateTime", false, "timestamp", "end"},
    {"today", NULL, NULL, "date", false, "date", "today"},
    {"deviceid", NULL, NULL, "string", false, "property", "deviceid"},
    {"username", NULL, NULL, "string", false, "property", "username"},
    {"email", NULL, NULL, "string", false, "property", "email"},
    {"phonenumber", NULL, NULL, "string", false, "property", "phonenumber"},
    {"simserial", NULL, NULL, "string", false, "property", "simserial"},
    {"subscriberid", NULL, NULL, "string", false, "property", "subscriberid"},
    {"audit", NULL, NULL, "binary", false, NULL, NULL},
    {"start-geopoint", NULL, NULL, "geopoint", false, NULL, NULL},
    {"background-geopoint", "trigger", NULL, "geopoint", false, NULL, NULL},
    {"background-audio", NULL, NULL, "binary", false, NULL, NULL},
    {"csv-external", NULL, NULL, NULL, false, NULL, NULL},
    {"xml-external", NULL, NULL, NULL, false, NULL, NULL},
};

const struct control_type *control_type(const struct node *n)
{
    const char *type = n->question ? n->question->type_text : "calculate";
    size_t length = strcspn(type, " ");
    if (strncmp(type, "select one ", 11) == 0 || strncmp(type, "select multiple ", 16) == 0)
        length += 1 + strcspn(type + length + 1, " ");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        const char *known = types[i].type;
        bool same = strlen(known) == length;
        for (size_t k = 0; same && k < length; k++)
            same = type[k] == known[k] || (type[k] == ' ' && known[k] == '_');
        if (same)
            return &types[i];
    }
    return &types[0]; /* not reached: form_read() knows the types */
}

/* ---- parameters -------------------------------------------------------------------------------
 */

/* Where a parameter of a type goes, and under which name. */
static const struct {
    const char *type, *key;
    bool bind;
    const char *attribute;
} places[] = {
    {"text", "rows", false, "rows"},
    {"image", "max-pixels", true, "orx:max-pixels"},
    {"photo", "max-pixels", true, "orx:max-pixels"},
    {"image", "app", false, "intent"},
    {"photo", "app", false, "intent"},
    {"audio", "quality", true, "odk:quality"},
    {"geopoint", "capture-accuracy", false, "accuracyThreshold"},
    {"geopoint", "warning-accuracy", false, "unacceptableAccuracyThreshold"},
    {"geopoint", "allow-mock-accuracy", true, "odk:allow-mock-accuracy"},
    {"geotrace", "allow-mock-accuracy", true, "odk:allow-mock-accuracy"},
    {"geoshape", "allow-mock-accuracy", true, "odk:allow-mock-accuracy"},
    {"geotrace", "incremental", false, "incremental"},
    {"geoshape", "incremental", false, "incremental"},
    {"audit", "track-changes", true, "odk:track-changes"},
    {"audit", "track-changes-reasons", true, "odk:track-changes-reasons"},
    {"audit", "identify-user", true, "odk:identify-user"},
    {"audit", "location-priority", true, "odk:location-priority"},
    {"audit", "location-min-interval", true, "odk:location-min-interval"},
    {"audit", "location-max-age", true, "odk:location-max-age"},
    {"range", "start", false, "start"},
    {"range", "end", false, "end"},
    {"range", "step", false, "step"},
    {"range", "tick_interval", false, "odk:tick-interval"},
    {"range", "placeholder", false, "odk:placeholder"},
};

static const char *place_of(const struct node *n, const char *key, bool bind)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (places[i].bind == bind && node_has_type(n, places[i].type) &&
            strcmp(places[i].key, key) == 0)
            return places[i].attribute;
    return NULL;
}

static void range_defaults(struct xform *x, const struct parameter *p, int count)
{
    static const char *const defaults[][2] = {{"start", "1"}, {"end", "10"}, {"step", "1"}};
    for (int i = 0; i < 3; i++)
        if (!parameter_get(p, count, defaults[i][0]))
            attribute_set(x, defaults[i][0], defaults[i][1]);
}

void parameter_attributes(struct xform *x, const struct node *n, bool bind)
{
    struct parameter p[PARAMETERS_MOST];
    int count = parameters_read(node_cell(x->o, n, "parameters"), p, PARAMETERS_MOST);
    if (!bind && node_has_type(n, "range"))
        range_defaults(x, p, count);
    for (int i = 0; i < count; i++) {
        const char *attribute = place_of(n, p[i].key, bind);
        const char *appearance = node_cell(x->o, n, "appearance");
        bool camera = !*appearance || strcmp(appearance, "annotate") == 0;
        if (attribute && strcmp(attribute, "intent") == 0 && !camera)
            continue; /* other cameras are not other apps */
        if (attribute && strcmp(attribute, "incremental") == 0)
            attribute_set(x, attribute, "true");
        else if (attribute)
            attribute_set(x, attribute, arena_strdup(&x->arena, p[i].value));
    }
}
