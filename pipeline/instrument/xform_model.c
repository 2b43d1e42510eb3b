/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The model: texts, the empty submission, option lists, binds and actions.
 */
#include "instrument/xform_private.h"

#include <string.h>

static bool is_audit(const struct node *n)
{
    return node_has_type(n, "audit");
}

static bool is_external(const struct node *n)
{
    return node_has_type(n, "csv-external") || node_has_type(n, "xml-external");
}

/* ---- the empty submission ---------------------------------------------------------------------
 */

/* What a question holds in a new submission: a default that is no expression. */
static const char *fixed_default(struct xform *x, const struct node *n)
{
    const char *text = node_cell(x->o, n, "default");
    if (!*text || default_is_computed(x, n))
        return "";
    bool image = node_has_type(n, "image") || node_has_type(n, "photo");
    return image && !strstr(text, "jr://images/") ? arena_printf(&x->arena, "jr://images/%s", text)
                                                  : text;
}

/* Repeats within repeats: in the template they are templates too; in the first record they are
 * one plain record; within a group of a template both. */
enum repeat_form { WITH_TEMPLATE, PLAIN, TEMPLATE_ONLY };

static void write_instance_node(struct xform *x, const struct node *n, enum repeat_form form);

static void write_container(struct xform *x, const struct node *n, bool is_template,
                            enum repeat_form form)
{
    xmlout_begin(&x->xml, n->name);
    if (is_template)
        xmlout_attribute(&x->xml, "jr:template", "");
    else
        attributes_from_columns(x, n, "instance::");
    attributes_write(x);
    for (const struct node *child = n->first; child; child = child->next)
        write_instance_node(x, child, form);
    xmlout_end(&x->xml);
}

static void write_instance_node(struct xform *x, const struct node *n, enum repeat_form form)
{
    if (n->kind == NODE_REPEAT) {
        if (form != PLAIN)
            write_container(x, n, true, TEMPLATE_ONLY);
        if (form != TEMPLATE_ONLY)
            write_container(x, n, false, PLAIN);
    } else if (n->kind == NODE_GROUP) {
        write_container(x, n, false, form == PLAIN ? PLAIN : WITH_TEMPLATE);
    } else if (!is_audit(n) && !is_external(n)) {
        xmlout_begin(&x->xml, n->name);
        attributes_from_columns(x, n, "instance::");
        attributes_write(x);
        const char *text = fixed_default(x, n);
        if (*text)
            xmlout_text(&x->xml, text);
        xmlout_end(&x->xml);
    }
}

static void write_meta(struct xform *x)
{
    xmlout_begin(&x->xml, "meta");
    for (int i = 0; i < x->o->count; i++)
        if (is_audit(x->o->nodes[i]))
            xmlout_leaf(&x->xml, "audit", "");
    if (!cell_is_yes(setting(x, "omit_instanceID")))
        xmlout_leaf(&x->xml, "instanceID", "");
    if (*x->form->instance_name)
        xmlout_leaf(&x->xml, "instanceName", "");
    xmlout_end(&x->xml);
}

/* attribute::name columns of the settings. */
static void setting_attributes(struct xform *x)
{
    const struct wsheet *s = workbook_sheet(x->form->book, "settings");
    for (int i = 0; s && s->row_count && i < s->head_count; i++)
        if (starts_with(s->heads[i], "attribute::") && *s->rows[0].cells[i])
            attribute_set(x, s->heads[i] + strlen("attribute::"), s->rows[0].cells[i]);
}

static void write_primary_instance(struct xform *x)
{
    xmlout_begin(&x->xml, "instance");
    xmlout_begin(&x->xml, x->o->root->name);
    setting_attributes(x);
    attribute_set(x, "id", x->form->id);
    if (*setting(x, "instance_xmlns"))
        attribute_set(x, "xmlns", setting(x, "instance_xmlns"));
    if (*x->form->version)
        attribute_set(x, "version", x->form->version);
    attributes_write(x);
    for (const struct node *n = x->o->root->first; n; n = n->next)
        write_instance_node(x, n, WITH_TEMPLATE);
    write_meta(x);
    xmlout_end(&x->xml);
    xmlout_end(&x->xml);
}

/* ---- option lists and files -------------------------------------------------------------------
 */

const char *choice_file(struct xform *x, const struct node *n)
{
    if (!node_has_type(n, "select_one_from_file") && !node_has_type(n, "select_multiple_from_file"))
        return NULL;
    size_t length;
    const char *name = text_trim(strchr(n->question->type_text, ' '), &length);
    return arena_strndup(&x->arena, name, length);
}

const char *instance_id(struct xform *x, const struct node *n)
{
    const char *file = choice_file(x, n);
    if (!file)
        return n->question->list->name;
    return arena_strndup(&x->arena, file, (size_t)(strrchr(file, '.') - file));
}

/* An instance that the phone reads from a file; each id once. */
static void write_file_instance(struct xform *x, struct map *seen, const char *id, const char *src)
{
    if (!map_add(seen, id, 1))
        return;
    xmlout_begin(&x->xml, "instance");
    xmlout_attribute(&x->xml, "id", id);
    xmlout_attribute(&x->xml, "src", src);
    xmlout_end(&x->xml);
}

/* The files named by pulldata('file', …) in an expression. */
static void write_pulldata_instances(struct xform *x, struct map *seen, const char *text)
{
    while ((text = strstr(text, "pulldata("))) {
        text += strlen("pulldata(");
        text += strspn(text, " '\"");
        size_t n = strcspn(text, "'\",");
        const char *id = arena_strndup(&x->arena, text, n);
        write_file_instance(x, seen, id, arena_printf(&x->arena, "jr://file-csv/%s.csv", id));
    }
}

static void write_node_instances(struct xform *x, struct map *seen, const struct node *n)
{
    static const char *const heads[] = {"calculation", "constraint",    "read_only", "readonly",
                                        "required",    "choice_filter", "relevant",  "default"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        write_pulldata_instances(x, seen, node_cell(x->o, n, heads[i]));
    const char *file = n->question ? choice_file(x, n) : NULL;
    if (file) {
        const char *folder = ends_with(file, ".csv") ? "file-csv" : "file";
        write_file_instance(x, seen, instance_id(x, n),
                            arena_printf(&x->arena, "jr://%s/%s", folder, file));
    }
    if (is_external(n)) {
        bool csv = node_has_type(n, "csv-external");
        write_file_instance(x, seen, n->name,
                            arena_printf(&x->arena, "jr://file%s/%s.%s", csv ? "-csv" : "", n->name,
                                         csv ? "csv" : "xml"));
    }
}

static bool uses_last_saved(const struct xform *x)
{
    for (int i = 0; i < x->o->count; i++)
        for (int h = 0; x->o->nodes[i]->row >= 0 && h < x->o->survey->head_count; h++)
            if (strstr(x->o->survey->rows[x->o->nodes[i]->row].cells[h], "${last-saved#"))
                return true;
    return false;
}

static void write_item(struct xform *x, const struct choice_list *l, int i, bool itext)
{
    const struct choice *c = &l->choices[i];
    xmlout_begin(&x->xml, "item");
    if (itext)
        xmlout_leaf(&x->xml, "itextId", arena_printf(&x->arena, "%s-%d", l->name, i));
    xmlout_leaf(&x->xml, "name", c->name);
    if (!itext)
        xmlout_leaf(&x->xml, "label", c->label);
    for (int k = 0; k < l->filter_count; k++)
        if (*c->filters[k] && is_xml_name(l->filter_heads[k]))
            xmlout_leaf(&x->xml, l->filter_heads[k], c->filters[k]);
    xmlout_end(&x->xml);
}

static void write_list(struct xform *x, const struct choice_list *l)
{
    xmlout_begin(&x->xml, "instance");
    xmlout_attribute(&x->xml, "id", l->name);
    xmlout_begin(&x->xml, "root");
    bool itext = list_needs_itext(x, l);
    for (int i = 0; i < l->count; i++)
        write_item(x, l, i, itext);
    xmlout_end(&x->xml);
    xmlout_end(&x->xml);
}

static void write_instances(struct xform *x)
{
    struct map seen = {0};
    for (int i = 0; i < x->o->count; i++)
        write_node_instances(x, &seen, x->o->nodes[i]);
    if (uses_last_saved(x))
        write_file_instance(x, &seen, "__last-saved", "jr://instance/last-saved");
    for (int i = 0; i < x->form->sheet_list_count; i++)
        if (map_add(&seen, x->form->lists[i].name, 1))
            write_list(x, &x->form->lists[i]);
    map_free(&seen);
}

/* ---- binds ------------------------------------------------------------------------------------
 */

static void set_expression(struct xform *x, const struct node *n, const char *head,
                           const char *attribute)
{
    const char *text = node_cell(x->o, n, head);
    if (cell_is_yes(text))
        text = "true()";
    else if (cell_is_no(text))
        text = "false()";
    if (*text)
        attribute_set(x, attribute, expand(x, text, n, false));
}

static void set_message(struct xform *x, const struct node *n, const char *head,
                        const char *attribute)
{
    const char *id = itext_id(x, n, attribute);
    const char *text = node_text(x->o, n, head);
    if (has_itext(x, id))
        attribute_set(x, attribute, itext_reference(x, id));
    else if (*text)
        attribute_set(x, attribute, text);
}

/* What the type alone says. */
static void set_type(struct xform *x, const struct node *n)
{
    const struct control_type *t = control_type(n);
    bool decimal = node_has_type(n, "range") && n->question->type == Q_DECIMAL;
    if (t->data)
        attribute_set(x, "type", decimal ? "decimal" : t->data);
    if (t->readonly || n->calculation)
        attribute_set(x, "readonly", "true()");
    if (t->preload) {
        attribute_set(x, "jr:preload", t->preload);
        attribute_set(x, "jr:preloadParams", t->preload_params);
    }
}

static void set_bind(struct xform *x, const struct node *n)
{
    if (n->kind == NODE_QUESTION)
        set_type(x, n);
    if (n->calculation)
        attribute_set(x, "calculate", expand(x, n->calculation, n, false));
    if (n->question && n->question->other_of && n->row < 0)
        attribute_set(
            x, "relevant",
            arena_printf(&x->arena, "selected(../%s, 'other')", n->question->other_of->name));
    set_expression(x, n, "read_only", "readonly");
    set_expression(x, n, "readonly", "readonly");
    set_expression(x, n, "required", "required");
    set_expression(x, n, "relevant", "relevant");
    set_expression(x, n, "constraint", "constraint");
    if (!*node_cell(x->o, n, "trigger"))
        set_expression(x, n, "calculation", "calculate");
    set_message(x, n, "constraint_message", "jr:constraintMsg");
    set_message(x, n, "required_message", "jr:requiredMsg");
    if (n->kind == NODE_QUESTION)
        parameter_attributes(x, n, true);
    attributes_from_columns(x, n, "bind::");
}

static void write_bind(struct xform *x, const struct node *n)
{
    set_bind(x, n);
    if (!x->attribute_count)
        return;
    const char *path =
        is_audit(n) ? arena_printf(&x->arena, "/%s/meta/audit", x->o->root->name) : node_path(x, n);
    xmlout_begin(&x->xml, "bind");
    xmlout_attribute(&x->xml, "nodeset", path);
    attributes_write(x);
    xmlout_end(&x->xml);
}

static void write_recording(struct xform *x, const struct node *n)
{
    struct parameter p[PARAMETERS_MOST];
    int count = parameters_read(node_cell(x->o, n, "parameters"), p, PARAMETERS_MOST);
    const char *quality = count > 0 ? parameter_get(p, count, "quality") : NULL;
    xmlout_begin(&x->xml, "odk:recordaudio");
    xmlout_attribute(&x->xml, "ref", node_path(x, n));
    xmlout_attribute(&x->xml, "event", "odk-instance-load");
    if (quality)
        xmlout_attribute(&x->xml, "odk:quality", quality);
    xmlout_end(&x->xml);
}

static void write_actions(struct xform *x, const struct node *n)
{
    if (default_is_computed(x, n))
        write_action(x, "setvalue", n, "odk-instance-first-load",
                     expand(x, node_cell(x->o, n, "default"), n, false));
    if (node_has_type(n, "start-geopoint"))
        write_action(x, "odk:setgeopoint", n, "odk-instance-first-load", NULL);
    if (node_has_type(n, "background-audio"))
        write_recording(x, n);
}

static void write_meta_bind(struct xform *x, const char *name)
{
    xmlout_begin(&x->xml, "bind");
    xmlout_attribute(&x->xml, "nodeset",
                     arena_printf(&x->arena, "/%s/meta/%s", x->o->root->name, name));
    xmlout_attribute(&x->xml, "type", "string");
    if (strcmp(name, "instanceID") == 0) {
        xmlout_attribute(&x->xml, "readonly", "true()");
        xmlout_attribute(&x->xml, "jr:preload", "uid");
    } else {
        xmlout_attribute(&x->xml, "calculate", expand(x, x->form->instance_name, NULL, false));
    }
    xmlout_end(&x->xml);
}

/* The audit's bind stands with those of the meta block. */
static void write_binds(struct xform *x)
{
    for (int meta = 0; meta < 2; meta++)
        for (int i = 0; i < x->o->count; i++) {
            const struct node *n = x->o->nodes[i];
            if (is_audit(n) != (meta == 1) || is_external(n))
                continue;
            write_bind(x, n);
            write_actions(x, n);
        }
    if (!cell_is_yes(setting(x, "omit_instanceID")))
        write_meta_bind(x, "instanceID");
    if (*x->form->instance_name)
        write_meta_bind(x, "instanceName");
}

/* ---- the model --------------------------------------------------------------------------------
 */

static void write_submission(struct xform *x)
{
    static const char *const attributes[][2] = {{"public_key", "base64RsaPublicKey"},
                                                {"auto_send", "orx:auto-send"},
                                                {"auto_delete", "orx:auto-delete"}};
    if (*setting(x, "submission_url")) {
        attribute_set(x, "action", setting(x, "submission_url"));
        attribute_set(x, "method", "post");
    }
    for (int i = 0; i < 3; i++)
        if (*setting(x, attributes[i][0]))
            attribute_set(x, attributes[i][1], setting(x, attributes[i][0]));
    if (cell_is_yes(setting(x, "client_editable")))
        attribute_set(x, "odk:client-editable", "true");
    if (!x->attribute_count)
        return;
    xmlout_begin(&x->xml, "submission");
    attributes_write(x);
    xmlout_end(&x->xml);
}

void write_model(struct xform *x)
{
    xmlout_begin(&x->xml, "model");
    xmlout_attribute(&x->xml, "odk:xforms-version", "1.0.0");
    write_submission(x);
    write_itext(x);
    write_primary_instance(x);
    write_instances(x);
    write_binds(x);
    xmlout_end(&x->xml);
}
