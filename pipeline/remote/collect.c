/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "remote/collect.h"

#include "base/outfile.h"
#include "remote/instance.h"
#include "remote/ledger.h"
#include "remote/servers.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BATCH = 32,
    SUBMISSION_BYTES = 16 << 20,
    FILE_BYTES = 1 << 30,
    MEDIA_BYTES = 256 << 20,
    FAULTS_SHOWN = 20, /* of one source; the rest is counted */
};

struct collector {
    const struct shelf *shelf;
    const struct source *source;
    const struct server *server;
    const struct collecting *how;
    struct collected *done;
    struct link *link;
    struct ledger *ledger;
    struct listing listing;
    int told;
};

static bool tell(struct collector *c)
{
    return ++c->told <= FAULTS_SHOWN;
}

/* ---- what is to be brought ----------------------------------------------------------------- */

static bool is_there(const struct collector *c, const char *path)
{
    char *full = shelf_full(c->shelf, path);
    bool there = access(full, F_OK) == 0;
    free(full);
    return there;
}

/* The version of an item in the ledger: a submission's with the questions that placed it, so that
 * others place it anew. */
static void put_version(const struct collector *c, const struct item *item, struct buf *out)
{
    buf_puts(out, item->version);
    if (!c->server->files)
        buf_printf(out, "|%s", c->source->county);
}

/* Whether the file of an entry is where it belongs. */
static bool is_settled(const struct collector *c, const struct entry *e)
{
    return !shelf_is_unplaced(e->path) && is_there(c, e->path);
}

/* Whether its attachments are here, or not wanted. */
static bool has_media(const struct collector *c, const struct entry *e)
{
    return e->media || !c->how->media || !c->server->media;
}

/* Whether nothing would be done for the entry if the list were the same. */
static bool is_done(const struct collector *c, const struct entry *e)
{
    const char *bar = strrchr(e->version, '|');
    bool takes = c->server->files || source_takes(c->source, e->state);
    if (!*e->path)
        return !takes || !strcmp(e->state, "deleted");
    return takes && is_settled(c, e) && has_media(c, e) &&
           (c->server->files || (bar && !strcmp(bar + 1, c->source->county)));
}

/* The validator to ask the list with: only when everything of that list is still here. */
static const char *known_etag(const struct collector *c)
{
    for (int i = 0; i < ledger_count(c->ledger); i++)
        if (!is_done(c, ledger_entry(c->ledger, i)))
            return "";
    return ledger_etag(c->ledger);
}

/* Take a file, and the folder of its attachments, out of the county's folder. */
static int retire(const struct collector *c, const char *path, const char *why)
{
    struct buf media = {0};
    int code = shelf_retire(c->shelf, path, why);
    buf_puts(&media, path);
    if (ends_with(path, ".xml")) {
        media.text[media.len - strlen(".xml")] = '\0';
        if (code == 0)
            code = shelf_retire(c->shelf, media.text, why);
    }
    buf_free(&media);
    return code;
}

/* An item that does not count by its review state: what was brought of it is taken away. */
static int set_aside(struct collector *c, const struct item *item, const struct entry *e)
{
    c->done->rejected++;
    if (e && *e->path) {
        if (retire(c, e->path, "rejected") < 0)
            return -1;
        c->done->retired++;
    } else if (e && !strcmp(e->state, item->state)) {
        return 0;
    }
    return ledger_put(c->ledger, &(struct entry){.id = item->id,
                                                 .version = item->version,
                                                 .sha256 = "",
                                                 .path = "",
                                                 .state = item->state});
}

/* Whether the item is to be brought.  A file whose version the server does not name always is: it
 * is asked for with the validator of the one that is here. */
static bool is_wanted(const struct collector *c, const struct item *item, const struct entry *e)
{
    struct buf version = {0};
    put_version(c, item, &version);
    bool wanted = !e || !*e->path || !is_settled(c, e) || !has_media(c, e) ||
                  strcmp(e->version, buf_text(&version)) != 0;
    buf_free(&version);
    return wanted;
}

/* The items to bring, in `todo`; marks the others as seen.  How many, or -1. */
static int sort_out(struct collector *c, const struct item **todo)
{
    int count = 0;
    for (int i = 0; i < c->listing.count; i++) {
        const struct item *item = &c->listing.items[i];
        struct entry *e = ledger_find(c->ledger, item->id);
        if (e)
            e->seen = true;
        if (!c->server->files && !source_takes(c->source, item->state)) {
            if (set_aside(c, item, e) < 0)
                return -1;
        } else if (is_wanted(c, item, e)) {
            todo[count++] = item;
        } else {
            c->done->unchanged++;
        }
    }
    return count;
}

/* ---- one batch ----------------------------------------------------------------------------- */

struct load {
    const struct item *item;
    struct entry *before; /* what was known of it, or NULL */
    struct buf url, header;
    char *part; /* where a file goes first */
};

static bool xml_is_whole(const struct request *r)
{
    return instance_is_whole(buf_text(&r->answer), r->answer.len);
}

/* A zip that is cut has no directory at its end. */
static bool file_is_whole(const struct request *r)
{
    static const char magic[] = "PK\x03\x04";
    char begin[4], tail[65557];
    FILE *in = fopen(r->path, "rb");
    bool whole = in != NULL;
    if (in && fread(begin, 1, 4, in) == 4 && !memcmp(begin, magic, 4)) {
        fseek(in, 0, SEEK_END);
        long size = ftell(in), n = size < (long)sizeof tail ? size : (long)sizeof tail;
        fseek(in, -n, SEEK_END);
        n = (long)fread(tail, 1, (size_t)n, in);
        whole = memmem(tail, (size_t)n, "PK\x05\x06", 4) != NULL;
    }
    if (in)
        fclose(in);
    return whole;
}

/* Ask for a file only if it is another than the one that is here. */
static void set_condition(const struct collector *c, struct load *load)
{
    const struct entry *e = load->before;
    if (*load->item->version || !e || !*e->path || !is_settled(c, e))
        return;
    if (e->version[0] == '"' || starts_with(e->version, "W/"))
        buf_printf(&load->header, "If-None-Match: %s", e->version);
    else if (*e->version)
        buf_printf(&load->header, "If-Modified-Since: %s", e->version);
}

static char *part_path(const struct collector *c, const char *id)
{
    struct buf own = {0}, name = {0};
    char hex[DIGEST_TEXT];
    digest_quick(id, strlen(id), hex);
    buf_printf(&name, "parts/%s", hex);
    shelf_own(c->shelf, name.text, &own);
    char *full = shelf_full(c->shelf, own.text);
    make_parent_folders(full);
    buf_free(&own);
    buf_free(&name);
    return full;
}

static void prepare(struct collector *c, const struct item *item, struct load *load,
                    struct request *r)
{
    *load = (struct load){.item = item, .before = ledger_find(c->ledger, item->id)};
    c->server->address(c->link, c->source, item->id, &load->url);
    *r = (struct request){.url = load->url.text, .limit = SUBMISSION_BYTES, .whole = xml_is_whole};
    if (!c->server->files)
        return;
    set_condition(c, load);
    load->part = part_path(c, item->id);
    r->path = load->part;
    r->limit = FILE_BYTES;
    r->whole = file_is_whole;
    r->may_leave = true;
    if (load->header.len)
        r->headers[0] = load->header.text;
}

static void finish(struct load *load, struct request *r)
{
    request_free(r);
    buf_free(&load->url);
    buf_free(&load->header);
    free(load->part);
}

/* ---- placing ------------------------------------------------------------------------------- */

/* Into the ledger; a file at another place than before is taken away there. */
static int record(struct collector *c, const struct load *load, const char *version,
                  const char *path, const char *sha256)
{
    const struct entry *e = load->before;
    bool new_one = !e || !*e->path;
    bool other = new_one || strcmp(e->sha256, sha256) != 0 || strcmp(e->path, path) != 0;
    if (e && *e->path && strcmp(e->path, path) != 0 && retire(c, e->path, "replaced") < 0)
        return -1;
    if (shelf_is_unplaced(path))
        c->done->unplaced++;
    else if (new_one)
        c->done->added++;
    else if (other)
        c->done->changed++;
    else
        c->done->unchanged++;
    return ledger_put(c->ledger, &(struct entry){.id = load->item->id,
                                                 .version = version,
                                                 .sha256 = sha256,
                                                 .path = path,
                                                 .state = load->item->state,
                                                 .media = !other && e->media});
}

static void tell_unplaced(struct collector *c, const char *id, const char *answer, const char *path)
{
    if (!tell(c))
        return;
    struct place at = {.file = c->source->questionnaire, .column = c->source->county};
    at.text = answer;
    warning_at(at, "不知道 %s 是哪个县的，没有放进县文件夹，存在 %s/%s", id, c->shelf->data, path);
}

static int place_submission(struct collector *c, const struct load *load, const struct request *r)
{
    struct instance in;
    struct buf folder = {0}, path = {0}, version = {0};
    char sha256[DIGEST_TEXT];
    put_version(c, load->item, &version);
    int code = instance_take(&in, r->answer.text, r->answer.len, c->source->form->id,
                             c->source->form_id, c->source->county);
    if (code == 0) {
        bool placed = shelf_county(c->shelf, buf_text(&in.county), &folder);
        shelf_submission(c->shelf, placed ? folder.text : "", load->item->id, &path);
        digest_bytes(in.xml.text, in.xml.len, sha256);
        code = shelf_put(c->shelf, path.text, in.xml.text, in.xml.len);
        if (code == 0)
            code = record(c, load, version.text, path.text, sha256);
        if (code == 0 && !placed)
            tell_unplaced(c, load->item->id, buf_text(&in.county), path.text);
    } else {
        c->done->failed++;
        if (tell(c))
            error("%s 不是问卷 %s（表单号 %s）的，请核对来源表 form 栏", load->item->id,
                  c->source->questionnaire, c->source->form->id);
        code = 0;
    }
    buf_free(&version);
    buf_free(&path);
    buf_free(&folder);
    instance_free(&in);
    return code;
}

/* Where a file of a folder goes: below its county, which its first segment names; a single file
 * named with the county's code or name goes there too. */
static bool place_of_file(const struct collector *c, const char *id, struct buf *path)
{
    struct buf folder = {0};
    size_t n = strcspn(id, "/");
    char *first = must_alloc(n + 1);
    memcpy(first, id, n);
    bool placed = shelf_county(c->shelf, first, &folder);
    shelf_file(c->shelf, placed ? folder.text : "", placed && id[n] ? id + n + 1 : id, path);
    free(first);
    buf_free(&folder);
    return placed;
}

static int place_file(struct collector *c, const struct load *load, const struct request *r)
{
    struct buf path = {0};
    char sha256[DIGEST_TEXT];
    const char *version = *load->item->version ? load->item->version
                          : *r->etag           ? r->etag
                                               : r->modified;
    bool placed = place_of_file(c, load->item->id, &path);
    int code = digest_file(load->part, sha256);
    if (code == 0)
        code = shelf_move(c->shelf, path.text, load->part);
    if (code == 0)
        code = record(c, load, version, path.text, sha256);
    if (code == 0 && !placed)
        tell_unplaced(c, load->item->id, "", path.text);
    buf_free(&path);
    return code;
}

/* ---- attachments --------------------------------------------------------------------------- */

/* Beside the submission, in a folder of its name. */
static void media_path(const char *submission, const char *name, struct buf *path)
{
    buf_printf(path, "%.*s/", (int)(strlen(submission) - strlen(".xml")), submission);
    safe_name(path, name, strlen(name));
}

static int bring_attachment(struct collector *c, const char *submission, const struct attachment *a)
{
    struct buf path = {0};
    int code = 0;
    media_path(submission, a->name, &path);
    if (!is_there(c, path.text)) {
        char *part = part_path(c, a->url);
        struct request r = {.url = a->url, .path = part, .limit = MEDIA_BYTES, .may_leave = true};
        link_run(c->link, &r, 1);
        if (request_good(&r))
            code = shelf_move(c->shelf, path.text, part);
        else
            code = error("附件 %s 没有取到：%s", path.text, request_fault(&r));
        c->done->media += code == 0;
        request_free(&r);
        free(part);
    }
    buf_free(&path);
    return code;
}

static int bring_media(struct collector *c, const char *id, const struct request *r)
{
    struct attachments all = {0};
    const struct entry *e = ledger_find(c->ledger, id);
    if (!c->how->media || !c->server->media || !e || !*e->path || shelf_is_unplaced(e->path))
        return 0;
    int code = c->server->media(c->link, c->source, id, buf_text(&r->answer), r->answer.len, &all);
    for (int i = 0; i < all.count; i++)
        if (bring_attachment(c, e->path, &all.items[i]) < 0)
            code = -1;
    free(all.items);
    arena_free(&all.arena);
    if (code < 0)
        return -1;
    struct entry with = *e;
    with.media = true;
    return ledger_put(c->ledger, &with);
}

/* ---- all of it ----------------------------------------------------------------------------- */

static int take(struct collector *c, const struct load *load, const struct request *r)
{
    if (r->status == 304 && load->before) {
        c->done->unchanged++;
        return 0;
    }
    if (!request_good(r)) {
        c->done->failed++;
        if (tell(c))
            error("%s 的 %s 没有取到：%s", c->source->questionnaire, load->item->id,
                  request_fault(r));
        return 0;
    }
    int code = c->server->files ? place_file(c, load, r) : place_submission(c, load, r);
    if (code == 0 && bring_media(c, load->item->id, r) < 0)
        c->done->failed++;
    return code;
}

static int bring_batch(struct collector *c, const struct item **items, int count)
{
    struct load loads[BATCH];
    struct request requests[BATCH];
    int code = 0;
    for (int i = 0; i < count; i++)
        prepare(c, items[i], &loads[i], &requests[i]);
    link_run(c->link, requests, count);
    for (int i = 0; i < count; i++) {
        if (code == 0)
            code = take(c, &loads[i], &requests[i]);
        finish(&loads[i], &requests[i]);
    }
    return code;
}

/* Those that the list no longer has. */
static int follow_deletions(struct collector *c)
{
    for (int i = 0; i < ledger_count(c->ledger); i++) {
        struct entry *e = ledger_entry(c->ledger, i);
        if (e->seen || !*e->path)
            continue;
        struct entry gone = {
            .id = e->id, .version = e->version, .sha256 = "", .path = "", .state = "deleted"};
        if (retire(c, e->path, "deleted") < 0 || ledger_put(c->ledger, &gone) < 0)
            return -1;
        c->done->retired++;
    }
    return 0;
}

static int in_place(const struct ledger *g)
{
    int n = 0;
    for (int i = 0; i < ledger_count(g); i++)
        n += *ledger_entry(g, i)->path != '\0';
    return n;
}

/* The list is that of the last run. */
static void count_unchanged(struct collector *c)
{
    for (int i = 0; i < ledger_count(c->ledger); i++) {
        const struct entry *e = ledger_entry(c->ledger, i);
        c->done->rejected += !*e->path && strcmp(e->state, "deleted") != 0;
    }
    c->done->unchanged = in_place(c->ledger);
    c->done->listed = c->done->unchanged + c->done->rejected;
}

/* Batch after batch; a server of which a whole batch could not be had is not asked further. */
static int bring_all(struct collector *c, const struct item **todo, int count)
{
    char what[128];
    int code = 0;
    snprintf(what, sizeof what, "%s：取回（共%d份）", c->source->questionnaire, count);
    for (int i = 0; code == 0 && i < count; i += BATCH) {
        int n = count - i < BATCH ? count - i : BATCH, before = c->done->failed;
        progress(what, i);
        code = bring_batch(c, todo + i, n);
        if (code == 0 && c->done->failed - before == n && i + n < count) {
            c->done->failed += count - i - n;
            code = error_at(c->source->place, "服务器一直不能正常回应，先停下。再运行就接着取");
        }
    }
    progress_end();
    return code;
}

static int bring_listed(struct collector *c)
{
    const struct item **todo = must_alloc((size_t)(c->listing.count + 1) * sizeof *todo);
    int code = ledger_set_etag(c->ledger, ""); /* until all is done */
    int count = code == 0 ? sort_out(c, todo) : -1;
    code = count < 0 ? -1 : bring_all(c, todo, count);
    free(todo);
    if (code == 0 && c->done->failed == 0)
        code = follow_deletions(c);
    if (code == 0 && c->done->failed == 0)
        code = ledger_set_etag(c->ledger, c->listing.etag);
    return code;
}

static int collect_list(struct collector *c)
{
    if (c->server->list(c->link, c->source, known_etag(c), &c->listing) < 0)
        return -1;
    c->done->listed = c->listing.count;
    if (c->listing.unchanged) {
        count_unchanged(c);
        return 0;
    }
    if (c->listing.count == 0 && in_place(c->ledger) > 0)
        return error_at(
            c->source->place,
            "服务器上一份也没有了，而以前取回过%d份。没有改动资料。如果服务器确实清空了，"
            "请删去 %s/.fetched/%s/ledger.csv 和县文件夹里的“手机”文件夹",
            in_place(c->ledger), c->shelf->data, c->source->name);
    return bring_listed(c);
}

static int collect_signed_in(struct collector *c)
{
    char *secret = source_secret(c->source);
    int code = secret ? c->server->enter(c->link, c->source, secret) : -1;
    if (secret)
        sodium_memzero(secret, strlen(secret));
    free(secret);
    if (code < 0)
        return -1;
    code = collect_list(c);
    if (c->server->leave)
        c->server->leave(c->link, c->source);
    return code;
}

int collect(const struct shelf *shelf, const struct collecting *how, struct collected *out)
{
    struct collector c = {.shelf = shelf,
                          .source = shelf->source,
                          .server = server_of(shelf->source),
                          .how = how,
                          .done = out};
    struct buf own = {0};
    shelf_own(shelf, "ledger.csv", &own);
    char *path = shelf_full(shelf, own.text);
    int code = -1;
    c.link = link_open(c.source->address, c.source->certificate, how->stall, how->tries);
    c.ledger = c.link ? ledger_open(path) : NULL;
    if (c.ledger) {
        code = collect_signed_in(&c);
        if (ledger_close(c.ledger) < 0)
            code = -1;
    }
    if (c.told > FAULTS_SHOWN)
        note("……还有%d份同样的情况", c.told - FAULTS_SHOWN);
    listing_free(&c.listing);
    link_close(c.link);
    free(path);
    buf_free(&own);
    return code < 0 || out->failed ? -1 : 0;
}
