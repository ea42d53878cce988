from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

NOON = datetime(2026, 11, 23, 4, 0)  # twelve o'clock in Shanghai
SHANGHAI, NEW_YORK = "Asia/Shanghai", "America/New_York"


class KpiCase(TransactionCase):
    """Two companies in two time zones, people of all roles, a clock that stands on 23 November 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, lang="en_US"))
        cls.startClassPatcher(freeze_time(NOON))
        cls._declare_more_sources()
        cls.Indicator, cls.Measure = cls.env["sqms.indicator"], cls.env["sqms.measure"]
        # What else is installed counts for itself.
        cls.Indicator.search([]).active = False
        cls.company = cls._create_company("Qinghe", SHANGHAI)
        cls.other_company = cls._create_company("Elsewhere", NEW_YORK)
        cls.companies = cls.company | cls.other_company
        cls.done = cls.env["maintenance.stage"].search([("done", "=", True)], limit=1)
        cls.open = cls.env["maintenance.stage"].search([("done", "=", False)], limit=1)
        cls.team = cls.env["maintenance.team"].create({"name": "Upkeep", "company_id": False})
        cls.kpi_officer = cls._create_user("kpi", "sqms_kpi.group_kpi_officer")
        cls.officer = cls._create_user("officer", "sqms_base.group_sqms_officer")
        cls.manager = cls._create_user("manager", "sqms_base.group_sqms_manager")
        cls.top = cls._create_user("top", "sqms_base.group_sqms_top")
        cls.certifier = cls._create_user("certifier", "sqms_base.group_sqms_certifier")
        cls.plain = cls._create_user("plain", "base.group_user")
        cls.portal = new_test_user(cls.env, login="kpi_portal", groups="base.group_portal")
        cls.public = cls.env.ref("base.public_user")
        cls.readers = (cls.kpi_officer, cls.officer, cls.manager, cls.top, cls.certifier)
        cls.strangers = (cls.plain, cls.portal, cls.public)

    @classmethod
    def _declare_more_sources(cls):
        """A date with time, and a model whose records are archived."""
        model = cls.registry["sqms.indicator"]
        declared = model._get_indicator_sources

        def more(self):
            sources = declared(self)
            request = sources["maintenance.request"]
            request = {**request, "dates": (*request["dates"], "schedule_date")}
            equipment = {
                "dates": ("effective_date",),
                "filters": ("category_id", "color"),
                "dimensions": ("category_id",),
                "company": "company_id",
            }
            return {**sources, "maintenance.request": request, "maintenance.equipment": equipment}

        cls.startClassPatcher(patch.object(model, "_get_indicator_sources", more))

    @classmethod
    def _create_company(cls, name, zone):
        company = cls.env["res.company"].create({"name": name})
        company.resource_calendar_id.tz = zone
        return company

    @classmethod
    def _create_user(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env, login=f"kpi_{login}", groups=groups, tz="Pacific/Auckland", company_id=company[0].id,
            company_ids=[Command.set(company.ids)],
        )  # fmt: skip

    @classmethod
    def _create_indicator(cls, code="K-1", user=None, **values):
        return cls.Indicator.with_user(user or cls.env.user).create(
            {
                "code": code,
                "name": f"Indicator {code}",
                "source": "maintenance.request:request_date",
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def _create_ratio(cls, code="R-1", **values):
        done = "[('stage_id.done', '=', True)]"
        return cls._create_indicator(code, kind="ratio", unit="percent", decimals=1, numerator_domain=done, **values)

    @classmethod
    def _create_requests(cls, *days, done=False, company=None, **values):
        return cls.env["maintenance.request"].create(
            [
                {
                    "name": "Leak",
                    "company_id": (company or cls.company).id,
                    "maintenance_team_id": cls.team.id,
                    "request_date": day,
                    "stage_id": (cls.done if done else cls.open).id,
                    **values,
                }
                for day in days
            ]
        )

    def _figures(self, indicator, company=None):
        """`{month: value}` as stored, `None` for no value."""
        measures = self.Measure.search(
            [("indicator_id", "=", indicator.id), ("company_id", "=", (company or self.company).id)], order="period"
        )
        return {f"{measure.period:%Y-%m}": None if measure.value is False else measure.value for measure in measures}

    @contextmanager
    def _counting_queries(self):
        self.env.flush_all()
        before, found = self.env.cr.sql_log_count, []
        yield found
        self.env.flush_all()
        found.append(self.env.cr.sql_log_count - before)
