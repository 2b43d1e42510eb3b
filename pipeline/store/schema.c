/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tables of every file that a step hands to the next one.  Raise the version when a table
 * changes: older files are then refused and made anew.
 *
 * meta(name, value) is in every file: kind, schema, program, version, plan, topic, county,
 * simulated ("1" when the answers are simulated), and what the program adds.
 */
#include "store/store.h"

/* ingest -> one county's files as received.  Nothing here is interpreted beyond "which column
 * is which question". */
const struct store_schema SCHEMA_RAW = {
    "raw", 2,
    "CREATE TABLE file("
    "  id INTEGER PRIMARY KEY,"
    "  path TEXT NOT NULL,"          /* in the county's folder; inside an archive 包.zip!路径 */
    "  bytes INTEGER NOT NULL,"      /* size */
    "  sha256 TEXT NOT NULL,"        /* of the bytes as received */
    "  format TEXT NOT NULL,"        /* csv, xlsx, xls, html, xmlss, ods, odk, zip, text,
                                     unknown */
    "  encoding TEXT NOT NULL,"      /* utf-8, gb18030, utf-16le, utf-16be, or '' */
    "  correction INTEGER NOT NULL," /* 1: its name says 更正 or 补报; it supersedes the others */
    "  fate TEXT NOT NULL,"          /* read, ignored (note, lock file), refused, duplicate */
    "  reason TEXT NOT NULL"         /* for people: why it was not read; '' when read as data */
    ") STRICT;"
    "CREATE TABLE sheet("
    "  id INTEGER PRIMARY KEY,"
    "  file INTEGER NOT NULL,"
    "  name TEXT NOT NULL," /* '' unless the file is a workbook */
    "  hidden INTEGER NOT NULL"
    ") STRICT;"
    "CREATE TABLE block(" /* a table found in a sheet: one head and the rows below it */
    "  id INTEGER PRIMARY KEY,"
    "  sheet INTEGER,"             /* NULL for ODK instances: one block serves all of a form */
    "  form TEXT NOT NULL,"        /* instrument name in the topic workbook */
    "  repeat TEXT NOT NULL,"      /* '' or the repeat whose rows these are */
    "  parent INTEGER,"            /* block that _parent_index or XML nesting points into */
    "  head_row INTEGER NOT NULL," /* row of the (lower) head; 0 for ODK instances */
    "  layout TEXT NOT NULL,"      /* rows; card (transposed: a record is a column); odk */
    "  village TEXT NOT NULL"      /* sheet name when the sheet stands for one village, or '' */
    ") STRICT;"
    "CREATE TABLE col("
    "  block INTEGER NOT NULL,"
    "  pos INTEGER NOT NULL,"   /* 0.. : index into the cells of a row; cards: formats/cells.h */
    "  head TEXT NOT NULL,"     /* as printed; 组/题名, and repeat[#]/题名 for ODK */
    "  role TEXT NOT NULL,"     /* question, choice, index, parent, instance, deprecated,
                                   version, system (ignored), extra (unknown) */
    "  question TEXT NOT NULL," /* for question and choice */
    "  nth INTEGER NOT NULL,"   /* wide repeats: member of the repeat, from 1; else 0 */
    "  choice TEXT NOT NULL,"   /* for role choice: the code of a 0/1 column */
    "  factor REAL NOT NULL,"   /* received number x factor = questionnaire's unit; 1 */
    "  PRIMARY KEY(block, pos)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE row("
    "  id INTEGER PRIMARY KEY," /* in the order of file path, sheet, row */
    "  sheet INTEGER NOT NULL,"
    "  block INTEGER,"       /* NULL for rows outside any table */
    "  no INTEGER NOT NULL," /* row number seen in a spreadsheet program; for ODK 0, and
                                for a repeat its position from 1; for a card its column */
    "  kind TEXT NOT NULL,"  /* data, truncated, title, head, unit, total, note, hidden,
                                unmapped */
    "  parent INTEGER,"      /* ODK: row of the enclosing record */
    "  cells BLOB NOT NULL"  /* formats/cells.h */
    ") STRICT;"
    "CREATE TABLE problem(" /* of files and heads; the columns of problems.csv */
    "  file TEXT NOT NULL, sheet TEXT NOT NULL, row TEXT NOT NULL, col TEXT NOT NULL,"
    "  field TEXT NOT NULL, kind TEXT NOT NULL, class TEXT NOT NULL,"
    "  original TEXT NOT NULL, corrected TEXT NOT NULL, key TEXT NOT NULL"
    ") STRICT;"
    "CREATE TABLE answer(" /* what the county answered in return workbooks (回填单) */
    "  id INTEGER PRIMARY KEY,"
    "  file TEXT NOT NULL,"  /* of the problem: this and the following as in table problem */
    "  print TEXT NOT NULL," /* first digits of the sha256 that the file had then */
    "  sheet TEXT NOT NULL, row TEXT NOT NULL, col TEXT NOT NULL, field TEXT NOT NULL,"
    "  kind TEXT NOT NULL, original TEXT NOT NULL,"
    "  corrected TEXT NOT NULL,"   /* 改为 */
    "  explanation TEXT NOT NULL," /* 核实说明 */
    "  beside TEXT,"               /* what was written over the cell instead; NULL: nothing */
    "  UNIQUE(file, print, sheet, row, col, field, kind, original, corrected, explanation)"
    ") STRICT;",
    true};

/* clean -> typed records.  The record tables are made from the questionnaires, one a level
 * (form or repeat), named as the level:
 *   "_id" INTEGER PRIMARY KEY, "_parent" (row _id one level up, or NULL), "_key" TEXT,
 *   "_no" (position in the parent, from 1), "_row" (row.id in the raw file),
 *   "_psu" TEXT ('' or code in the frame), then one column a question, INTEGER/REAL for
 *   integer/decimal, TEXT for all others (dates YYYY-MM-DD, codes, codes joined by one blank),
 *   NULL when missing, and "_missing" TEXT: one letter a question, in order (survey/value.h).
 * Personal values are hashes (survey/privacy.h), in TEXT columns, unless meta personal is 1. */
const struct store_schema SCHEMA_CLEAN = {
    "clean", 2,
    "CREATE TABLE level("
    "  pos INTEGER PRIMARY KEY,"
    "  name TEXT NOT NULL," /* level and table name, from the topic's instruments */
    "  form TEXT NOT NULL,"
    "  repeat TEXT NOT NULL"
    ") STRICT;"
    "CREATE TABLE question("
    "  level TEXT NOT NULL, pos INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,"
    "  personal INTEGER NOT NULL, PRIMARY KEY(level, pos)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE source(" /* where the raw row stands, so that later steps need no raw */
    "  row INTEGER PRIMARY KEY, file TEXT NOT NULL, sheet TEXT NOT NULL, no TEXT NOT NULL"
    ") STRICT;"
    "CREATE TABLE fate(" /* every data row received, once per level it feeds: all rows in their
                            order, then again those that feed levels below their own */
    "  row INTEGER NOT NULL, level TEXT NOT NULL,"
    "  n INTEGER NOT NULL," /* records of this level in the row (wide repeats: several) */
    "  fate TEXT NOT NULL," /* accepted, or a kind of class held or dropped */
    "  key TEXT NOT NULL,"
    "  listed INTEGER NOT NULL" /* 0: turned away with its record, which is in the list */
    ") STRICT;"
    "CREATE TABLE problem(" /* the columns of problems.csv, in its order */
    "  id INTEGER PRIMARY KEY,"
    "  file TEXT NOT NULL, sheet TEXT NOT NULL, row TEXT NOT NULL, col TEXT NOT NULL,"
    "  field TEXT NOT NULL, kind TEXT NOT NULL, class TEXT NOT NULL,"
    "  original TEXT NOT NULL, corrected TEXT NOT NULL, key TEXT NOT NULL,"
    "  personal INTEGER NOT NULL," /* 1: original and corrected are personal data: '' here */
    "  raw_row INTEGER NOT NULL DEFAULT 0" /* row.id in the raw store, 0: none */
    ") STRICT;",
    true};

/* weigh -> one row a PSU of the sample. */
const struct store_schema SCHEMA_WEIGHTS = {
    "weights", 2,
    "CREATE TABLE psu("
    "  code TEXT PRIMARY KEY," /* as in the clean records' _psu */
    "  name TEXT NOT NULL,"
    "  county TEXT NOT NULL,"
    "  stratum TEXT NOT NULL,"
    "  size REAL NOT NULL,"        /* second-stage units in the frame (households) */
    "  p1 REAL NOT NULL,"          /* first-stage inclusion probability */
    "  n_sample INTEGER NOT NULL," /* second-stage units drawn */
    "  n_accepted INTEGER NOT NULL,"
    "  weight REAL NOT NULL," /* of each accepted unit; 0 when none was accepted */
    "  stratum_psus REAL"     /* PSUs of the stratum in the frame; NULL: with replacement */
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE attribute(" /* domains of PSUs: from the frame (片区, 市, 县 …), or what the
                                 record of the PSU itself says */
    "  psu TEXT NOT NULL,"    /* or a county, whose units all have this value */
    "  name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(psu, name)"
    ") STRICT, WITHOUT ROWID;",
    false};

/* tally -> a county's records as estimates need them: of every indicator a column of values, and
 * which cells (a group of records in a unit of the sample, estimate/sample.h) they belong to.
 * Records come in parts, which add.  Numbers stand in the byte order of the machine: these files
 * do not travel.  Domains of the frame are made from those of all records and the PSUs'
 * attributes. */
const struct store_schema SCHEMA_TALLY = {
    "tally", 9,
    "CREATE TABLE part("
    "  level TEXT NOT NULL, part INTEGER NOT NULL,"
    "  weights BLOB NOT NULL," /* double a record */
    "  firsts BLOB NOT NULL,"  /* int a record, and one: it is in cells[firsts[i]] up to */
    "  cells BLOB NOT NULL,"   /* cells[firsts[i + 1]]; int each, index in the following */
    "  units BLOB NOT NULL,"   /* int a cell: unit.id */
    "  groups BLOB NOT NULL,"  /* int a cell: records_of.id */
    "  PRIMARY KEY(level, part)"
    ") STRICT;"
    "CREATE TABLE figure(" /* the records of a part as cases of an indicator */
    "  indicator TEXT NOT NULL, part INTEGER NOT NULL,"
    "  y BLOB NOT NULL," /* double a record; NaN: not a case */
    "  x BLOB,"          /* its denominator; NULL: 1 */
    "  PRIMARY KEY(indicator, part)"
    ") STRICT;"
    "CREATE TABLE records_of(" /* groups of records: all, or those with a value of a domain */
    "  id INTEGER PRIMARY KEY, domain TEXT NOT NULL, value TEXT NOT NULL"
    ") STRICT;"
    "CREATE TABLE vector(" /* cases of a test, model or scale (estimate/vectors.h) */
    "  analysis TEXT NOT NULL, unit INTEGER NOT NULL, part INTEGER NOT NULL,"
    "  rows BLOB NOT NULL," /* doubles: weight, cases, variables; weight, cases … */
    "  PRIMARY KEY(analysis, unit, part)"
    ") STRICT;"
    "CREATE TABLE unit(" /* accepted records, whether they have values or not */
    "  id INTEGER PRIMARY KEY,"
    "  level TEXT NOT NULL,"         /* at the top of its form; those below share its units */
    "  respondent INTEGER NOT NULL," /* 0: counts in its response class only */
    /* What the design says of them; several joined by U+001F. */
    "  code TEXT NOT NULL,"       /* clusters by stage; the county in levels without a sample */
    "  strata TEXT NOT NULL,"     /* by stage */
    "  fpc TEXT NOT NULL,"        /* population size or inclusion probability, by stage */
    "  classes TEXT NOT NULL,"    /* answers that margins and response classes are about */
    "  numbers TEXT NOT NULL,"    /* numbers that margins are about */
    "  replicates TEXT NOT NULL," /* given replicate weights */
    "  weight TEXT NOT NULL,"     /* weight, where units must not mix them */
    "  n INTEGER NOT NULL,"       /* records at the top level */
    "  w REAL NOT NULL, w_lost REAL NOT NULL" /* sum of their weights, and its rounding error */
    ") STRICT;"
    /* Copies from the weights. */
    "CREATE TABLE psu("
    "  code TEXT PRIMARY KEY, name TEXT NOT NULL, county TEXT NOT NULL, stratum TEXT NOT NULL,"
    "  n_sample INTEGER NOT NULL, n_accepted INTEGER NOT NULL, weight REAL NOT NULL,"
    "  stratum_psus REAL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE attribute("
    "  psu TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(psu, name)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE text(" /* of checks similar_texts; a long text of a record (estimate/alike.h) */
    "  name TEXT NOT NULL, key TEXT NOT NULL," /* of the check and the record */
    "  pairs BLOB NOT NULL"                    /* uint64 each: its pairs of characters, in order */
    ") STRICT;"
    "CREATE TABLE count("      /* for the data-quality annex */
    "  what TEXT PRIMARY KEY," /* accepted:<level>, <class>, <class>:<kind>, rows … */
    "  n INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;",
    true};

/* aggregate -> estimates. */
const struct store_schema SCHEMA_RESULTS = {
    "results", 8,
    "CREATE TABLE estimate("
    "  indicator TEXT NOT NULL, stat TEXT NOT NULL,"
    "  level TEXT NOT NULL,"  /* all, or a domain variable of the topic */
    "  domain TEXT NOT NULL," /* all, or its value */
    "  n INTEGER NOT NULL, n_psu INTEGER, n_strata INTEGER, df INTEGER," /* NULL: census */
    "  estimate REAL, se REAL, ci_low REAL, ci_high REAL, deff REAL,"    /* NULL: not estimable */
    "  logit_low REAL, logit_high REAL," /* of shares, by the design's share_interval */
    "  class TEXT NOT NULL,"             /* 抽样, 普查, 部门, 典型 */
    "  mark TEXT NOT NULL," /* '' print; 'b' print in brackets; 'x' withhold; 's' withhold, or an
                               'x' could be worked out; '-' none */
    "  n_hidden INTEGER NOT NULL DEFAULT 0," /* 1: nor its number of cases */
    "  PRIMARY KEY(indicator, level, domain)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE contrast(" /* differences between two domains, design-based t test */
    "  indicator TEXT NOT NULL, level TEXT NOT NULL,"
    "  domain_a TEXT NOT NULL, domain_b TEXT NOT NULL," /* b = all: against the whole */
    "  difference REAL NOT NULL,"                       /* a - b */
    "  se REAL, df INTEGER NOT NULL, t REAL, p REAL,"   /* NULL: not estimable */
    "  PRIMARY KEY(indicator, level, domain_a, domain_b)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE test(" /* sheet tests; NULL: not estimable, or not of this kind of test */
    "  name TEXT PRIMARY KEY, kind TEXT NOT NULL,"
    "  n INTEGER NOT NULL, n_psu INTEGER NOT NULL, df INTEGER NOT NULL,"
    "  row_groups INTEGER NOT NULL, column_groups INTEGER NOT NULL,"
    "  estimate REAL, se REAL, ci_low REAL, ci_high REAL," /* two groups: second minus first */
    "  statistic REAL, ndf REAL, ddf REAL, p REAL,"        /* F, or t of two groups */
    "  chisq REAL, chisq_df REAL, chisq_p REAL,"           /* two-way tables: first order */
    "  class TEXT NOT NULL, mark TEXT NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE coefficient(" /* sheet models */
    "  model TEXT NOT NULL, pos INTEGER NOT NULL, family TEXT NOT NULL,"
    "  term TEXT NOT NULL, value TEXT NOT NULL, label TEXT NOT NULL," /* value: of a question */
    "  n INTEGER NOT NULL, n_psu INTEGER NOT NULL, df INTEGER NOT NULL,"
    "  estimate REAL, se REAL, ci_low REAL, ci_high REAL, t REAL, p REAL,"
    "  class TEXT NOT NULL, mark TEXT NOT NULL, PRIMARY KEY(model, pos)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE scale(" /* sheet scales */
    "  name TEXT PRIMARY KEY, kind TEXT NOT NULL, items INTEGER NOT NULL,"
    "  n INTEGER NOT NULL, n_psu INTEGER NOT NULL, df INTEGER NOT NULL,"
    "  estimate REAL, se REAL, ci_low REAL, ci_high REAL,"
    "  class TEXT NOT NULL, mark TEXT NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE ranking(" /* sheet indices: one row a unit of a ranked index */
    "  name TEXT NOT NULL, domain TEXT NOT NULL, kind TEXT NOT NULL,"
    "  score REAL, rank INTEGER,"
    "  rank_low INTEGER, rank_high INTEGER,"     /* places in the bootstrap; NULL: no sample */
    "  drop_low INTEGER, drop_high INTEGER,"     /* places without one of the indicators */
    "  next TEXT NOT NULL,"                      /* the unit one place down */
    "  reversed REAL, same_as_next INTEGER,"     /* share of bootstrap samples; 1: not told apart */
    "  other REAL, other_rank INTEGER,"          /* TOPSIS beside a score and the other way round */
    "  class TEXT NOT NULL, mark TEXT NOT NULL," /* 'x': an estimate is absent or withheld */
    "  drop_turned INTEGER," /* 1: without one of the indicators not above the next */
    "  PRIMARY KEY(name, domain)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE index_part(" /* weights, entropies, C, T, D, quadrants, within and between … */
    "  name TEXT NOT NULL, domain TEXT NOT NULL, part TEXT NOT NULL, value REAL,"
    "  text TEXT NOT NULL, PRIMARY KEY(name, domain, part)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE dropped(" /* cases without a value: incomes <= 0 in Theil's measures */
    "  indicator TEXT NOT NULL, level TEXT NOT NULL, domain TEXT NOT NULL, n INTEGER NOT NULL,"
    "  PRIMARY KEY(indicator, level, domain)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE alike("   /* texts that are nearly those of another record (estimate/alike.h) */
    "  name TEXT NOT NULL," /* of the check */
    "  text_group INTEGER NOT NULL, texts INTEGER NOT NULL, counties INTEGER NOT NULL,"
    "  county TEXT NOT NULL, key TEXT NOT NULL,"
    "  likeness REAL NOT NULL," /* to the likest one of the group that it was compared with */
    "  PRIMARY KEY(name, county, key)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE county_count(" /* copy of tally counts, by county, and those of alike.h */
    "  county TEXT NOT NULL, what TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY(county, what)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE psu(" /* copy of weights.psu */
    "  code TEXT PRIMARY KEY, name TEXT NOT NULL, county TEXT NOT NULL, stratum TEXT NOT NULL,"
    "  n_sample INTEGER NOT NULL, n_accepted INTEGER NOT NULL, weight REAL NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE unit_factor(" /* of the weights of a unit of a level's sample, where not 1 */
    "  level TEXT NOT NULL, key TEXT NOT NULL, factor REAL NOT NULL, PRIMARY KEY(level, key)"
    ") STRICT, WITHOUT ROWID;",
    false};
