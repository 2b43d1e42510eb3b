/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "remote/json.h"

#include <stdio.h>

json_t *json_of(const struct request *r)
{
    return json_loadb(buf_text(&r->answer), r->answer.len, JSON_REJECT_DUPLICATES, NULL);
}

bool json_is_whole(const struct request *r)
{
    json_t *j = json_of(r);
    bool whole = j != NULL;
    json_decref(j);
    return whole;
}

const char *json_text(const json_t *object, const char *name, char *out)
{
    const json_t *v = json_object_get(object, name);
    if (json_is_string(v))
        return json_string_value(v);
    if (json_is_integer(v))
        snprintf(out, JSON_TEXT, "%lld", (long long)json_integer_value(v));
    else if (json_is_boolean(v))
        snprintf(out, JSON_TEXT, "%s", json_is_true(v) ? "true" : "false");
    else
        out[0] = '\0';
    return out;
}
