import doctest
import random
from datetime import date, datetime, timedelta
from functools import partial

import pytz

from odoo.tests import BaseCase, tagged

from odoo.addons.sqms_base.lib.local_time import local_midnight

from ..lib import figures, months, workbook

ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "America/Sao_Paulo")


@tagged("post_install", "-at_install")
class TestLib(BaseCase):
    def test_examples_in_the_documentation_hold(self):
        for module in (figures, months, workbook):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted and not result.failed, module.__name__)

    def test_an_instant_lies_between_the_borders_of_its_local_month(self):
        chance = random.Random(19)
        for _trial in range(500):
            zone = chance.choice(ZONES)
            instant = datetime(2009, 1, 1) + timedelta(seconds=chance.randrange(20 * 365 * 86400))
            local = pytz.utc.localize(instant).astimezone(pytz.timezone(zone)).date()
            start, end = months.borders([months.month_of(local)], partial(local_midnight, zone=zone))
            self.assertTrue(start <= instant < end, f"{instant} in {zone}")

    def test_months_follow_each_other(self):
        row = months.months_between(date(2024, 11, 30), date(2026, 3, 1))
        self.assertEqual(len(row), 17)
        self.assertEqual(row, sorted(set(row)))
        self.assertEqual(months.months_between(date(2026, 3, 1), date(2026, 2, 1)), [])
        for zone in ZONES:
            edges = months.borders(row, partial(local_midnight, zone=zone))
            self.assertEqual(edges, sorted(set(edges)))
            self.assertEqual(len(edges), len(row) + 1)
