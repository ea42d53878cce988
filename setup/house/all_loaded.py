"""Odoo with the tests of each module put off until all modules are loaded.

At the installation of a peer our addons are not loaded yet: its tests would never meet them.
"""

import odoo.cli
from odoo.tests import loader
from odoo.tests.suite import OdooSuite

make_suite = loader.make_suite


def put_off(module_names, position="at_install"):
    if position == "at_install":
        return OdooSuite([])
    names = list(module_names)
    return OdooSuite([*make_suite(names, "at_install"), *make_suite(names, "post_install")])


loader.make_suite = put_off
odoo.cli.main()
