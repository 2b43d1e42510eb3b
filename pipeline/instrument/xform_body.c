/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The body: what the phone shows.
 */
#include "instrument/xform_private.h"

#include "base/text.h"

#include <string.h>

/* ---- labels and hints -------------------------------------------------------------------------
 */

static void write_label(struct xform *x, const struct node *n)
{
    const char *id = itext_id(x, n, "label");
    const char *text = node_text(x->o, n, "label");
    if (!*text && n->question && n->question->other_of)
        text = n->question->label;
    xmlout_begin(&x->xml, "label");
    if (has_itext(x, id))
        xmlout_attribute(&x->xml, "ref", itext_reference(x, id));
    else if (*text)
        put_text(x, text, n);
    xmlout_end(&x->xml);
}

static void write_hint(struct xform *x, const struct node *n)
{
    const char *id = itext_id(x, n, "hint");
    const char *text = node_text(x->o, n, "hint");
    if (!*text && !has_itext(x, id))
        return;
    xmlout_begin(&x->xml, "hint");
    if (has_itext(x, id))
        xmlout_attribute(&x->xml, "ref", itext_reference(x, id));
    else
        put_text(x, text, n);
    xmlout_end(&x->xml);
}

static bool has_label(struct xform *x, const struct node *n)
{
    return *node_text(x->o, n, "label") || (n->question && n->question->other_of && n->row < 0);
}

static bool has_hint(struct xform *x, const struct node *n)
{
    return *node_text(x->o, n, "hint");
}

/* ---- item sets --------------------------------------------------------------------------------
 */

static const char *item_filter(struct xform *x, const struct node *n)
{
    const char *filter = node_cell(x->o, n, "choice_filter");
    return *filter ? arena_printf(&x->arena, "[%s]", expand(x, filter, n, true)) : "";
}

/* randomize(nodeset, seed) when the parameters ask for it. */
static const char *in_random_order(struct xform *x, const struct node *n, const char *nodeset,
                                   const struct parameter *p, int count)
{
    const char *wanted = parameter_get(p, count, "randomize");
    const char *seed = parameter_get(p, count, "seed");
    if (!wanted || strcmp(wanted, "true") != 0)
        return nodeset;
    if (!seed)
        return arena_printf(&x->arena, "randomize(%s)", nodeset);
    return arena_printf(&x->arena, "randomize(%s, %s)", nodeset, expand(x, seed, n, false));
}

static void write_reference(struct xform *x, const char *tag, const char *ref)
{
    xmlout_begin(&x->xml, tag);
    xmlout_attribute(&x->xml, "ref", ref);
    xmlout_end(&x->xml);
}

static void write_itemset(struct xform *x, const struct node *n)
{
    struct parameter p[PARAMETERS_MOST];
    int count = parameters_read(node_cell(x->o, n, "parameters"), p, PARAMETERS_MOST);
    const char *file = choice_file(x, n);
    bool geojson = file && ends_with(file, ".geojson");
    const char *value = file ? parameter_get(p, count, "value") : NULL;
    const char *label = file ? parameter_get(p, count, "label") : NULL;
    const char *nodeset =
        arena_printf(&x->arena, "instance('%s')/root/item%s", instance_id(x, n), item_filter(x, n));
    if (!value)
        value = geojson ? "id" : "name";
    if (!label)
        label = geojson ? "title" : "label";
    if (!file && list_needs_itext(x, n->question->list))
        label = "jr:itext(itextId)";
    xmlout_begin(&x->xml, "itemset");
    xmlout_attribute(&x->xml, "nodeset", in_random_order(x, n, nodeset, p, count));
    write_reference(x, "value", value);
    write_reference(x, "label", label);
    xmlout_end(&x->xml);
}

/* What a scale or a map shows besides: the labels of its ticks, the places of a list. */
static void write_side_items(struct xform *x, const struct node *n, const char *key)
{
    struct parameter p[PARAMETERS_MOST];
    int count = parameters_read(node_cell(x->o, n, "parameters"), p, PARAMETERS_MOST);
    const char *list = parameter_get(p, count, key);
    if (!list)
        return;
    const char *nodeset =
        arena_printf(&x->arena, "instance('%s')/root/item%s", list, item_filter(x, n));
    const struct choice_list *l = NULL;
    for (int i = 0; i < x->form->sheet_list_count && !l; i++)
        if (strcmp(x->form->lists[i].name, list) == 0)
            l = &x->form->lists[i];
    xmlout_begin(&x->xml, "itemset");
    xmlout_attribute(&x->xml, "nodeset", nodeset);
    write_reference(x, "value", "name");
    write_reference(x, "label", l && list_needs_itext(x, l) ? "jr:itext(itextId)" : "label");
    xmlout_end(&x->xml);
}

/* ---- controls ---------------------------------------------------------------------------------
 */

/* Whether the question is on the screen: a calculation is, when it has a text. */
static bool is_shown(struct xform *x, const struct node *n)
{
    if (!control_type(n)->tag)
        return false;
    bool computed = *node_cell(x->o, n, "calculation") || *node_cell(x->o, n, "trigger");
    return !computed || has_label(x, n) || has_hint(x, n);
}

static void set_control_attributes(struct xform *x, const struct node *n)
{
    static const char *const heads[] = {"appearance", "autoplay"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (*node_cell(x->o, n, heads[i]))
            attribute_set(x, heads[i], expand(x, node_cell(x->o, n, heads[i]), n, false));
    if (strstr(node_cell(x->o, n, "appearance"), "search("))
        node_mistake(x, n, "appearance", "不支持 search()，请改用 select_one_from_file 题型");
    attributes_from_columns(x, n, "body::");
}

static void write_triggered(struct xform *x, const struct node *n)
{
    for (int i = 0; i < x->triggered_count; i++) {
        const struct node *to = x->triggered[i];
        if (!is_triggered_by(x, to, n))
            continue;
        const char *tag = node_has_type(to, "background-geopoint") ? "odk:setgeopoint" : "setvalue";
        const char *value = expand(x, node_cell(x->o, to, "calculation"), n, false);
        write_action(x, tag, to, "xforms-value-changed",
                     strcmp(tag, "setvalue") == 0 ? value : NULL);
    }
}

static void check_shown(struct xform *x, const struct node *n)
{
    const char *appearance = node_cell(x->o, n, "appearance");
    if (!has_label(x, n) && !has_hint(x, n) && !node_has_media(x, n) &&
        strcmp(appearance, "label") != 0)
        node_mistake(x, n, "label", "这道题没有文字（label），手机上无法显示");
}

/* A hidden question never changes on the screen, so nothing can wait for it. */
static void check_hidden(struct xform *x, const struct node *n)
{
    for (int i = 0; i < x->triggered_count; i++)
        if (is_triggered_by(x, x->triggered[i], n))
            node_mistake(x, x->triggered[i], "trigger",
                         "这里写的题在手机上不显示，不能用作 trigger");
}

static void write_question(struct xform *x, const struct node *n)
{
    if (!is_shown(x, n)) {
        check_hidden(x, n);
        return;
    }
    const struct control_type *t = control_type(n);
    check_shown(x, n);
    xmlout_begin(&x->xml, t->tag);
    xmlout_attribute(&x->xml, "ref", node_path(x, n));
    if (t->mediatype)
        attribute_set(x, "mediatype", t->mediatype);
    parameter_attributes(x, n, false);
    set_control_attributes(x, n);
    attributes_write(x);
    write_label(x, n);
    write_hint(x, n);
    if (n->question && (n->question->list || choice_file(x, n)))
        write_itemset(x, n);
    if (node_has_type(n, "range"))
        write_side_items(x, n, "tick_labelset");
    if (t->data && starts_with(t->data, "geo"))
        write_side_items(x, n, "reference-geometry");
    write_triggered(x, n);
    xmlout_end(&x->xml);
}

/* ---- groups -----------------------------------------------------------------------------------
 */

static void write_children(struct xform *x, const struct node *n);

static void write_group(struct xform *x, const struct node *n)
{
    xmlout_begin(&x->xml, "group");
    set_control_attributes(x, n);
    attribute_set(x, "ref", node_path(x, n));
    attributes_write(x);
    if (has_label(x, n))
        write_label(x, n);
    write_children(x, n);
    xmlout_end(&x->xml);
}

/* Computed defaults of the questions of this repeat, not of those within it. */
static void write_new_record(struct xform *x, const struct node *n)
{
    for (const struct node *child = n->first; child; child = child->next)
        if (child->kind == NODE_GROUP)
            write_new_record(x, child);
        else if (child->kind == NODE_QUESTION && default_is_computed(x, child))
            write_action(x, "setvalue", child, "odk-new-repeat",
                         expand(x, node_cell(x->o, child, "default"), child, false));
}

/* The expression of repeat_count, or the question that calculates it. */
static const char *count_of(struct xform *x, const struct node *n)
{
    const char *text = node_cell(x->o, n, "repeat_count");
    if (!*text)
        return NULL;
    bool plain = n->repeat->count_question != NULL;
    if (!plain)
        text = arena_printf(&x->arena, "${%s_count}", n->name);
    return expand(x, text, n, false);
}

static void write_repeat(struct xform *x, const struct node *n)
{
    xmlout_begin(&x->xml, "group");
    xmlout_attribute(&x->xml, "ref", node_path(x, n));
    write_label(x, n);
    xmlout_begin(&x->xml, "repeat");
    attribute_set(x, "nodeset", node_path(x, n));
    const char *count = count_of(x, n);
    if (count)
        attribute_set(x, "jr:count", count);
    set_control_attributes(x, n);
    attributes_write(x);
    write_children(x, n);
    write_new_record(x, n);
    xmlout_end(&x->xml);
    xmlout_end(&x->xml);
}

static void write_children(struct xform *x, const struct node *n)
{
    for (const struct node *child = n->first; child; child = child->next)
        if (child->kind == NODE_REPEAT)
            write_repeat(x, child);
        else if (child->kind == NODE_GROUP)
            write_group(x, child);
        else
            write_question(x, child);
}

void write_body(struct xform *x)
{
    write_children(x, x->o->root);
}
