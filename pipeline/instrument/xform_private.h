/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of the XForm writer share: xform_paths.c turns ${name} into paths, xform_texts.c
 * sees to translations and media, xform_types.c knows the types, xform_model.c writes instances
 * and binds, xform_body.c the controls.
 */
#ifndef INSTRUMENT_XFORM_PRIVATE_H
#define INSTRUMENT_XFORM_PRIVATE_H

#include "instrument/outline.h"
#include "instrument/xform.h"
#include "instrument/xmlout.h"

/* A text of the itext block: label, hint, message or media of a node or a choice. */
struct itext {
    const char *id;
    const char *form;   /* value's form: NULL, "guidance", "image" … */
    const char **texts; /* by language; NULL when there is none */
    const struct node *context;
};

struct attribute {
    const char *name, *value;
};
enum { ATTRIBUTES_MOST = 64 };

struct xform {
    const struct form *form;
    struct outline *o;
    struct arena arena;
    struct xmlout xml;
    const char **languages;
    int language_count;
    const char *default_language; /* of plain columns */
    struct itext *itexts;
    int itext_count, itext_room;
    struct map itext_ids;                         /* id -> 1 */
    struct attribute attributes[ATTRIBUTES_MOST]; /* of the element being written */
    int attribute_count;
    const struct node **triggered; /* nodes that have a trigger */
    int triggered_count;
    bool wrong; /* a mistake was reported */
};

/* ---- paths ------------------------------------------------------------------------------------
 */

const char *node_path(struct xform *x, const struct node *n); /* "/data/member/m_sex" */
/* The expression with ${name} as paths, seen from `context` (NULL: absolute ones); within the
 * predicate of an item set they begin at current(). */
const char *expand(struct xform *x, const char *text, const struct node *context, bool predicate);
bool has_reference(const char *text);

/* ---- texts ------------------------------------------------------------------------------------
 */

void collect_texts(struct xform *x);
bool has_itext(const struct xform *x, const char *id);
/* Whether the choices of a list of the choices sheet take their labels from itext. */
bool list_needs_itext(struct xform *x, const struct choice_list *l);
const char *itext_id(struct xform *x, const struct node *n, const char *what);
const char *itext_reference(struct xform *x, const char *id); /* "jr:itext('id')" */
void write_itext(struct xform *x);
/* Text content with an <output> for every ${name}. */
void put_text(struct xform *x, const char *text, const struct node *context);
bool node_has_media(const struct xform *x, const struct node *n);

/* ---- types ------------------------------------------------------------------------------------
 */

struct control_type {
    const char *type;
    const char *tag; /* of the control, NULL when there is none */
    const char *mediatype;
    const char *data; /* type of the bind, NULL: no bind of its own */
    bool readonly;
    const char *preload, *preload_params;
};

/* Of a question's node; never NULL. */
const struct control_type *control_type(const struct node *n);

/* Sets the attributes of the bind or of the control that stand in `parameters`. */
void parameter_attributes(struct xform *x, const struct node *n, bool bind);

/* ---- attributes -------------------------------------------------------------------------------
 */

/* Both strings must stay valid until the attributes are written. */
void attribute_set(struct xform *x, const char *name, const char *value); /* adds or replaces */
/* Sets those of the columns "bind::name", "body::name", "instance::name" of the node's row. */
void attributes_from_columns(struct xform *x, const struct node *n, const char *prefix);
void attributes_write(struct xform *x); /* and forgets them */

/* ---- parts ------------------------------------------------------------------------------------
 */

void write_model(struct xform *x);
void write_body(struct xform *x);
/* An action: setvalue, odk:setgeopoint; value NULL: none. */
void write_action(struct xform *x, const char *tag, const struct node *n, const char *event,
                  const char *value);
bool default_is_computed(const struct xform *x, const struct node *n);
/* Whether the trigger cell of `n` names the question. */
bool is_triggered_by(const struct xform *x, const struct node *n, const struct node *question);
/* "instance('id')/root/item" is that of this id; "villages" of villages.csv. */
const char *instance_id(struct xform *x, const struct node *n);
/* The file of a select_one_from_file, or NULL. */
const char *choice_file(struct xform *x, const struct node *n);
/* A cell of the settings sheet; "" when absent. */
const char *setting(const struct xform *x, const char *head);
/* Reports a mistake of the node's row. */
void node_mistake(struct xform *x, const struct node *n, const char *head, const char *why);

#endif
