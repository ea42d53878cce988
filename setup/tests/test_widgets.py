"""A view names only widgets that some script of the suite registers."""

import re

from house import paths

CATEGORY = re.compile(r'\bcategory\("(fields|view_widgets)"\)')
ADDED = re.compile(r'\.add\(\s*"(sqms_\w+)"')
AS_FIELD = re.compile(r'\bwidget="(sqms_\w+)"')
AS_WIDGET = re.compile(r'<widget\b[^>]*\bname="(sqms_\w+)"')


def _files(pattern):
    return [path for addon in paths.ADDONS for path in sorted((paths.ROOT / addon).rglob(pattern))]


def test_widgets_of_views_are_registered():
    known = {"fields": set(), "view_widgets": set()}
    for path in _files("static/src/**/*.js"):
        text = path.read_text()
        for kind in CATEGORY.findall(text):
            known[kind].update(ADDED.findall(text))
    assert len(known["fields"]) > 5 and len(known["view_widgets"]) > 1
    wrong = []
    for path in _files("*.xml"):
        if "static" in path.parts:
            continue
        text = path.read_text()
        wrong += [f"{path.name}: field widget {name}" for name in set(AS_FIELD.findall(text)) - known["fields"]]
        wrong += [f"{path.name}: <widget> {name}" for name in set(AS_WIDGET.findall(text)) - known["view_widgets"]]
    assert not wrong
