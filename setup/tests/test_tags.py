"""Every Odoo test runs in at least one of the runs of `setup/test`."""

import ast

from house import paths


def _tagged_classes(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ClassDef):
            tags = {
                argument.value
                for decorator in node.decorator_list
                if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "tagged"
                for argument in decorator.args
            }
            yield f"{path.parent.parent.name}/{path.name}: {node.name}", tags


def test_no_test_is_left_out_of_both_runs():
    """Tours run with all addons together alone, `sqms_alone` runs in the run of its addon alone."""
    classes = dict(
        found
        for addon in paths.ADDONS
        for path in sorted((paths.ROOT / addon / "tests").glob("*.py"))
        for found in _tagged_classes(path)
    )
    assert sum("sqms_alone" in tags for tags in classes.values()) > 10
    assert sum("sqms_tour" in tags for tags in classes.values()) > 5
    assert not [name for name, tags in classes.items() if {"sqms_alone", "sqms_tour"} <= tags]
