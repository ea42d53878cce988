"""Tests of the house and of everything that can be told about the addons without a database.

`PYTHONPATH=setup .venv/bin/python -m pytest setup/tests` runs them all, in well under a minute.
"""

import pytest
import suite

from house import paths


@pytest.fixture(params=paths.ADDONS)
def addon(request):
    """Each addon of the suite in turn."""
    return suite.Addon(paths.ROOT / request.param)


@pytest.fixture(scope="session")
def index():
    """Which addon defines which model: Odoo's, the OCA's and ours."""
    import odoo_index

    return odoo_index.here()
