#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""mistakes.py > mistakes.json      (with pyxform on PYTHONPATH, in a folder with villages.csv)

Small questionnaires, most with one mistake, and what pyxform says of each: its message, or "" where
it takes the questionnaire."""
import csv
import io
import json
import sys

from pyxform.xls2xform import convert

HEADS = 'type,name,label,hint,relevant,required,constraint,calculation,choice_filter,appearance,default,parameters,repeat_count,trigger,media::image,save_to,bind::type'.split(',')



def row(**k):
    return [k.get(h.replace('::', '__'), '') for h in HEADS]


def T(n, **k):
    return row(type='text', name=n, label=k.pop('label', 'L'), **k)


C = [['list_name', 'name', 'label'], ['c', '1', '一'], ['c', '2', '二']]
S = [['form_id', 'form_title'], ['f', 't']]
cases = {}



def case(name, rows, choices=C, settings=S, heads=HEADS):
    cases[name] = (heads, rows, choices, settings)


case('dup_name', [T('a'), T('a')])
case('dup_case', [T('a'), T('A')])
case('repeat_same_as_survey', [row(type='begin_repeat', name='data', label='L'), T('a'), row(type='end_repeat')])
case('dup_repeat', [row(type='begin_group', name='g', label='L'), row(type='begin_repeat', name='r', label='L'), T('a'), row(type='end_repeat'), row(type='end_group'), row(type='begin_repeat', name='r', label='L'), T('b'), row(type='end_repeat')])
case('meta_name', [T('meta')])
case('name_instanceID', [T('instanceID')])
case('choice_missing_name', [row(type='select_one c', name='a', label='L')], [['list_name', 'name', 'label'], ['c', '1', '一'], ['c', '', '二']])
case('choice_missing_label', [row(type='select_one c', name='a', label='L')], [['list_name', 'name', 'label'], ['c', '1', '一'], ['c', '2', '']])
case('choice_dup', [row(type='select_one c', name='a', label='L')], [['list_name', 'name', 'label'], ['c', '1', '一'], ['c', '1', '二']])
case('choice_space_multi', [row(type='select_multiple c', name='a', label='L')], [['list_name', 'name', 'label'], ['c', 'a b', '一'], ['c', '1', '二']])
case('name_space', [T('a b')])
case('name_digit', [T('1a')])
case('name_empty', [T('')])
case('label_empty_text', [T('a', label='')])
case('type_empty', [row(name='a', label='L')])
case('type_unknown', [row(type='txet', name='a', label='L')])
case('list_missing', [row(type='select_one d', name='a', label='L')])
case('ref_missing', [T('a', relevant='${z} = 1')])
case('ref_bad_syntax', [T('a', relevant='${z = 1'), T('z')])
case('ref_space', [T('a', relevant='${ z } = 1'), T('z')])
case('ref_label_missing', [T('a', label='x ${z}')])
case('ref_choice_label_missing', [row(type='select_one c', name='a', label='L')], [['list_name', 'name', 'label'], ['c', '1', '${zz}']])
case('ref_ambiguous', [row(type='begin_group', name='g', label='L'), T('a'), row(type='end_group'), row(type='begin_group', name='h', label='L'), T('a'), row(type='end_group'), T('b', relevant="${a} = '1'")])
case('unmatched_begin', [row(type='begin_group', name='g', label='L'), T('a')])
case('unmatched_end', [T('a'), row(type='end_group')])
case('wrong_end', [row(type='begin_group', name='g', label='L'), T('a'), row(type='end_repeat')])
case('empty_group', [row(type='begin_group', name='g', label='L'), row(type='end_group'), T('b')])
case('empty_repeat', [row(type='begin_repeat', name='g', label='L'), row(type='end_repeat'), T('b')])
case('group_no_name', [row(type='begin_group', label='L'), T('a'), row(type='end_group')])
case('calc_missing', [row(type='calculate', name='a')])
case('calc_label_no_calc', [row(type='calculate', name='a', label='L')])
case('range_nonnumber', [row(type='range', name='a', label='L', parameters='start=x end=10 step=1')])
case('range_step_zero', [row(type='range', name='a', label='L', parameters='start=1 end=10 step=0')])
case('range_step_large', [row(type='range', name='a', label='L', parameters='start=1 end=10 step=20')])
case('range_tick_bad', [row(type='range', name='a', label='L', parameters='start=1 end=10 step=1 tick_interval=x')])
case('range_tick_zero', [row(type='range', name='a', label='L', parameters='start=1 end=10 step=2 tick_interval=3')])
case('range_placeholder_out', [row(type='range', name='a', label='L', parameters='start=1 end=10 step=1 placeholder=20')])
case('range_labelset_missing', [row(type='range', name='a', label='L', parameters='start=1 end=10 step=1 tick_labelset=zz')])
case('range_ticklabel_not_number', [row(type='range', name='a', label='L', parameters='start=0 end=7 step=1 tick_labelset=c')], [['list_name', 'name', 'label'], ['c', 'x', '一']])
case('params_syntax', [row(type='range', name='a', label='L', parameters='start 1')])
case('params_unknown', [row(type='range', name='a', label='L', parameters='start=1 stop=4')])
case('params_unknown_text', [T('a', parameters='foo=1')])
case('text_rows_bad', [T('a', parameters='rows=x')])
case('image_pixels_bad', [row(type='image', name='a', label='L', parameters='max-pixels=x')])
case('image_app_bad', [row(type='image', name='a', label='L', parameters='app=foo bar')])
case('audio_quality_bad', [row(type='audio', name='a', label='L', parameters='quality=best')])
case('geo_accuracy_bad', [row(type='geopoint', name='a', label='L', parameters='capture-accuracy=x')])
case('geo_mock_bad', [row(type='geopoint', name='a', label='L', parameters='allow-mock-accuracy=x')])
case('geotrace_incremental_bad', [row(type='geotrace', name='a', label='L', parameters='incremental=x')])
case('randomize_bad', [row(type='select_one c', name='a', label='L', parameters='randomize=maybe')])
case('seed_without_randomize', [row(type='select_one c', name='a', label='L', parameters='seed=3')])
case('seed_bad', [row(type='select_one c', name='a', label='L', parameters='randomize=true seed=x')])
case('audit_name', [row(type='audit', name='x')])
case('audit_location_partial', [row(type='audit', name='audit', parameters='location-priority=balanced')])
case('audit_location_bad', [row(type='audit', name='audit', parameters='location-priority=foo location-min-interval=60 location-max-age=120')])
case('audit_age_lt_interval', [row(type='audit', name='audit', parameters='location-priority=balanced location-min-interval=60 location-max-age=10')])
case('audit_interval_neg', [row(type='audit', name='audit', parameters='location-priority=balanced location-min-interval=-1 location-max-age=10')])
case('audit_track_bad', [row(type='audit', name='audit', parameters='track-changes=foo')])
case('audit_reasons_bad', [row(type='audit', name='audit', parameters='track-changes-reasons=foo')])
case('audit_identify_bad', [row(type='audit', name='audit', parameters='identify-user=foo')])
case('bggeo_no_trigger', [row(type='background-geopoint', name='a')])
case('bggeo_calc', [T('b'), row(type='background-geopoint', name='a', trigger='${b}', calculation='1')])
case('bg_audio_quality_bad', [row(type='background-audio', name='a', parameters='quality=foo')])
case('trigger_missing_q', [row(type='calculate', name='a', calculation='1', trigger='${zz}')])
case('trigger_no_ref', [T('b'), row(type='calculate', name='a', calculation='1', trigger='b')])
case('repeat_count_missing', [row(type='begin_repeat', name='r', label='L', repeat_count='${zz}'), T('a'), row(type='end_repeat')])
case('or_other_filter', [T('b'), row(type='select_one c or_other', name='a', label='L', choice_filter='f=${b}')], [['list_name', 'name', 'label', 'f'], ['c', '1', '一', 'x']])
case('or_other_translations', [row(type='select_one c or_other', name='a', label='L')], [['list_name', 'name', 'label::zh'], ['c', '1', '一']])
case('file_ext_bad', [row(type='select_one_from_file x.txt', name='a', label='L')])
case('file_no_name', [row(type='select_one_from_file', name='a', label='L')])
case('select_no_list', [row(type='select_one', name='a', label='L')])
case('select_from_repeat_missing', [row(type='select_one ${zz}', name='a', label='L')])
case('external_no_filter', [row(type='select_one_external c', name='a', label='L')])
case('bad_xpath', [T('a', relevant='1 +')])
case('bad_xpath2', [T('a', constraint='. > (1')])
case('unknown_function', [T('a', relevant='foo(1)')])
case('required_bad_ref', [T('a', required='${q} = 1')])
case('default_bad_ref', [T('a', default='${q}')])
case('cycle_calc', [row(type='calculate', name='a', calculation='${b}'), row(type='calculate', name='b', calculation='${a}')])
case('self_ref_relevant', [T('a', relevant="${a} = '1'")])
case('big_image', [T('a')], heads=HEADS)
case('save_to_no_entities', [T('a', save_to='x')])
case('settings_id_space', [T('a')], settings=[['form_id', 'form_title'], ['a b', 't']])
case('settings_id_bad', [T('a')], settings=[['form_id', 'form_title', 'name'], ['f', 't', '1 x']])
case('no_questions', [])
case('note_required', [row(type='note', name='n', label='L', required='yes')])
case('dup_header', [T('a') + ['x']], heads=HEADS + ['label'])
case('dup_header_alias', [T('a') + ['x']], heads=HEADS + ['relevance'])
case('choices_header_space', [row(type='select_one c', name='a', label='L')], [['list_name', 'name', 'label', 'my col'], ['c', '1', '一', 'x']])
case('choices_header_digit', [row(type='select_one c', name='a', label='L')], [['list_name', 'name', 'label', '1col'], ['c', '1', '一', 'x']])
case('bind_type_bad', [T('a', bind__type='foo bar')])
case('csv_external_dup', [row(type='csv-external', name='v'), row(type='csv-external', name='v')])
case('csv_external_vs_file', [row(type='csv-external', name='villages'), row(type='select_one_from_file villages.csv', name='a', label='L')])
case('xml_external_vs_csv', [row(type='csv-external', name='v'), row(type='xml-external', name='v')])
case('loop_no_list', [row(type='begin_loop', name='l', label='L'), T('a'), row(type='end_loop')])
case('osm', [row(type='osm', name='a', label='L')])
case('last_saved_missing', [T('a', default='${last-saved#zz}')])
case('last_saved_in_label', [T('b'), T('a', label='${last-saved#b}')])
case('indexed_repeat_missing', [T('a', relevant='indexed-repeat(${z}, ${r}, 1) = 1')])
case('allow_choice_dup_off', [row(type='select_one c', name='a', label='L')], [['list_name', 'name', 'label'], ['c', '1', '一'], ['c', '1', '二']], [['form_id', 'allow_choice_duplicates'], ['f', 'no']])
case('missing_translation', [row(type='select_one c', name='a', label='L')], [['list_name', 'name', 'label::en', 'label::zh'], ['c', '1', 'one', '']])

def text_of(name):
    heads, rows, choices, settings = cases[name]
    out = io.StringIO()
    w = csv.writer(out, lineterminator='\n')
    for sheet, lines in (('survey', [heads] + rows), ('choices', choices), ('settings', settings)):
        w.writerow([sheet])
        w.writerows([''] + line for line in lines)
    return out.getvalue()


found = []
for name in cases:
    path = f'{name}.csv'
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text_of(name))
    try:
        convert(path, validate=False, enketo=False)
        message = ''
    except Exception as why:
        message = str(why)
    found.append({'name': name, 'workbook': text_of(name), 'pyxform': message})
json.dump(found, sys.stdout, ensure_ascii=False, indent=0)
