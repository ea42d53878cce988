from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from .sqms_document_version import MANAGER, OFFICER, TOP
from .sqms_morning import SHOWN

CERTIFIER = "sqms_base.group_sqms_certifier"
NEWS_DAYS = 30


class SqmsMorningBase(models.AbstractModel):
    """The sections of the base: to read, to sign, actions; for officers and above what waits for others."""

    _inherit = "sqms.morning"

    def _morning_sections(self):
        return [
            *super()._morning_sections(),
            self._morning_to_read(),
            self._morning_to_sign(),
            self._morning_actions(),
            self._morning_in_review(),
            self._morning_late_readings(),
            self._morning_news(),
        ]

    def _morning_offers(self):
        return [
            *super()._morning_offers(),
            {
                "icon": "fa-book",
                "title": self.env._("Read the documents in force"),
                "action": {"xmlid": "sqms_base.sqms_document_action"},
            },
        ]

    # -- everybody -----------------------------------------------------------------

    def _morning_to_read(self):
        domain = (
            Domain("employee_id.user_id", "=", self.env.uid)
            & Domain("employee_id.active", "=", True)
            & Domain("state", "=", "open")
            & Domain("is_in_force", "=", True)
        )
        return self._morning_section(
            "to_read",
            [self._morning_source("sqms.acknowledgement", domain, self._show_readings, due="date_due")],
            column="right",
            sequence=20,
            icon="fa-book",
            title=self.env._("To read"),
            more={"xmlid": "sqms_base.sqms_acknowledgement_action_mine"},
        )

    def _show_readings(self, readings):
        types = dict(self.env["sqms.document"]._fields["document_type"]._description_selection(self.env))
        return [
            self._morning_item(
                reading,
                reading.version_id.display_name,
                {"xmlid": "sqms_base.sqms_acknowledgement_action_mine"},
                due=reading.date_due,
                subtitle=(reading.change_summary or "").partition("\n")[0] or types.get(reading.document_type, ""),
                icon="fa-file-text-o",
                button=self.env._("Read It"),
                headline=self.env._("Read %s", reading.version_id.display_name),
            )
            for reading in readings
        ]

    def _morning_to_sign(self):
        waiting = {
            name: domain
            for name, model in sorted(self.env.items())
            if "workflow_steps" in model._fields and model._auto and not model._abstract
            for domain in [Domain(model._morning_sign_domain())]
            if not domain.optimize(model).is_false()
        }
        more = None
        if len(waiting) == 1:
            ((name, domain),) = waiting.items()
            action = self.env[name]._morning_sign_action
            more = action and self._morning_all(action, domain)
        return self._morning_section(
            "to_sign",
            [
                self._morning_source(name, domain, self._show_signatures, due=self.env[name]._morning_sign_due)
                for name, domain in waiting.items()
            ],
            column="right",
            sequence=30,
            icon="fa-pencil",
            title=self.env._("To sign"),
            more=more,
        )

    def _show_signatures(self, records):
        due, action = records._morning_sign_due, records._morning_sign_action
        return [
            self._morning_item(
                record,
                record.display_name,
                action and {"xmlid": action},
                due=due and record[due],
                subtitle=record._morning_sign_words(),
                icon="fa-pencil-square-o",
                button=self.env._("Decide"),
            )
            for record in records
        ]

    def _morning_actions(self):
        domain = Domain("user_id", "=", self.env.uid) & Domain("is_quality_action", "=", True)
        return self._morning_section(
            "actions",
            [self._morning_source("mail.activity", domain, self._show_actions, due="date_deadline")],
            sequence=40,
            icon="fa-check-square-o",
            title=self.env._("My actions"),
            more={"xmlid": "sqms_base.mail_activity_action_mine"},
        )

    def _show_actions(self, activities):
        items = []
        for activity in activities:
            record = self.env[activity.res_model].browse(activity.res_id)
            item = self._morning_item(
                activity,
                activity.summary or activity.activity_type_id.name,
                None,
                due=activity.date_deadline,
                subtitle=activity.res_name,
                icon=activity.icon or "fa-tasks",
                button=self.env._("Open"),
            )
            items.append({**item, "action": {"res_model": record._name, "res_id": record.id}})
        return items

    # -- officers, managers, top management, certifiers --------------------------------

    def _has_group(self, *groups):
        return any(self.env.user.has_group(group) for group in groups)

    def _morning_in_review(self):
        if not self._has_group(OFFICER, MANAGER, TOP):
            return None
        versions = self.env["sqms.document.version"]
        domain = Domain("state", "=", "review") & ~versions._morning_sign_domain()
        return self._morning_section(
            "in_review",
            [self._morning_source("sqms.document.version", domain, self._show_in_review, due="date_effective")],
            sequence=80,
            icon="fa-hourglass-half",
            title=self.env._("Waiting for others"),
            more=self._morning_all("sqms_base.sqms_document_version_action", domain),
            waits=False,
        )

    def _show_in_review(self, versions):
        items = []
        for version in versions:
            whom = version.reviewer_id if version.reviewer_id and not version.reviewed_at else version.approver_id
            items.append(
                self._morning_item(
                    version,
                    version.display_name,
                    {"xmlid": "sqms_base.sqms_document_version_action"},
                    due=version.date_effective,
                    subtitle=self.env._("waits for %s", whom.name)
                    if whom
                    else self.env._("waits for anybody who may approve it"),
                    icon="fa-file-text-o",
                )
            )
        return items

    def _morning_late_readings(self):
        """How many people are late, edition by edition, the worst first."""
        readings = self.env["sqms.acknowledgement"]
        if not self._has_group(OFFICER, MANAGER, TOP) or not readings.has_access("read"):
            return None
        day, _end = self._morning_day()
        late = (
            Domain("state", "=", "open")
            & Domain("is_in_force", "=", True)
            & Domain("date_due", "<", day)
            & Domain("employee_id.active", "=", True)
        )
        rows = readings._read_group(
            late, ["version_id"], ["__count"], order="__count DESC, version_id DESC", limit=SHOWN
        )
        section = self._morning_section(
            "late_readings",
            [],
            sequence=90,
            icon="fa-users",
            title=self.env._("Late readings"),
            more={
                "xmlid": "sqms_base.sqms_acknowledgement_action",
                "context": {"search_default_late": 1, "search_default_to_read": 0},
            },
            waits=False,
        )
        section["count"] = readings.search_count(late)
        section["items"] = [self._show_late(version, number) for version, number in rows]
        return section

    def _show_late(self, version, number):
        return self._morning_item(
            version,
            version.display_name,
            {"xmlid": "sqms_base.sqms_document_version_action"},
            icon="fa-file-text-o",
            subtitle=self.env._("read by %s", version.read_label),
            badge={
                "text": self.env._("%s people late", number),
                "tone": "danger",
                "icon": "fa-exclamation-circle",
            },
        )

    def _morning_news(self):
        if not self._has_group(TOP, CERTIFIER):
            return None
        now = fields.Datetime.now()
        domain = Domain("is_in_force", "=", True) & Domain("effective_from", ">", now - timedelta(days=NEWS_DAYS))
        return self._morning_section(
            "news",
            [
                self._morning_source(
                    "sqms.document.version", domain, self._show_news, order="effective_from DESC, id DESC"
                )
            ],
            column="right",
            sequence=100,
            icon="fa-bullhorn",
            title=self.env._("New in force"),
            more=self._morning_all("sqms_base.sqms_document_version_action", domain),
            waits=False,
        )

    def _show_news(self, versions):
        day, _end = self._morning_day()
        return [
            self._morning_item(
                version,
                version.display_name,
                {"xmlid": "sqms_base.sqms_document_version_action"},
                subtitle=self.env._("read by %s", version.read_label) if version.read_label else "",
                icon="fa-file-text-o",
                badge={
                    "text": self.env._("%s d in force", (day - version.date_effective).days)
                    if version.date_effective and version.date_effective < day
                    else self.env._("since today"),
                    "tone": "success",
                    "icon": "fa-check",
                },
            )
            for version in versions
        ]
