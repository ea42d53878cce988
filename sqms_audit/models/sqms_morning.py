from odoo import models
from odoo.fields import Domain

from ..lib.vocabulary import NEED_RESPONSE
from .sqms_audit import MANAGER

AUDITS = "sqms_audit.sqms_audit_action"
FINDINGS = "sqms_audit.sqms_audit_finding_action"


class SqmsMorning(models.AbstractModel):
    """Audits on the start page.

    1. An auditor sees the audits he leads or takes part in, until they are closed.
    2. Who is audited sees the findings that wait for his answer, the auditor the answers that wait for him.
    3. The audit manager sees which audits of others are late.
    """

    _inherit = "sqms.morning"

    def _morning_sections(self):
        return [
            *super()._morning_sections(),
            self._morning_audits(),
            self._morning_findings(),
            self._morning_late_audits(),
        ]

    def _audited_by_me(self):
        """Domain on audits: whose auditor the reader is."""
        uid = self.env.uid
        return Domain("lead_user_id", "=", uid) | Domain(
            "member_ids", "any", [("role", "=", "auditor"), ("user_id", "=", uid)]
        )

    def _morning_audits(self):
        mine = self._audited_by_me()
        running = mine & Domain("state", "in", ("planned", "in_progress"))
        return self._morning_section(
            "audits",
            [
                self._morning_source("sqms.audit", running, self._show_audits, due="date_end"),
                self._morning_source("sqms.audit", mine & Domain("state", "=", "report"), self._show_audits),
            ],
            sequence=50,
            icon="fa-search",
            title=self.env._("My audits"),
            more=self._morning_all(AUDITS, mine & Domain("state", "in", ("planned", "in_progress", "report"))),
        )

    def _show_audits(self, audits):
        buttons = {
            "planned": self.env._("Prepare"),
            "in_progress": self.env._("Carry On"),
            "report": self.env._("Report"),
        }
        return [
            self._morning_item(
                audit,
                audit.display_name,
                {"xmlid": AUDITS},
                due=audit.date_end if audit.state != "report" else None,
                subtitle=" · ".join(
                    filter(None, (audit._workflow_state_label(), audit.department_id.name or audit.partner_id.name))
                ),
                icon="fa-search",
                button=buttons[audit.state],
            )
            for audit in audits
        ]

    def _morning_findings(self):
        uid = self.env.uid
        running = Domain("audit_id.state", "in", ("in_progress", "report"))
        audited = Domain("audit_id.member_ids", "any", [("role", "=", "auditee"), ("user_id", "=", uid)]) | Domain(
            "audit_id.department_id.manager_id.user_id", "=", uid
        )
        to_answer = running & audited & Domain("state", "=", "recorded") & Domain("grade", "in", NEED_RESPONSE)
        to_accept = (
            running
            & Domain("audit_id", "any", self._audited_by_me())
            & Domain("state", "=", "answered")
            & Domain("responded_by_id", "!=", uid)
        )
        return self._morning_section(
            "findings",
            [
                self._morning_source("sqms.audit.finding", to_answer, self._show_to_answer, order="date, id"),
                self._morning_source("sqms.audit.finding", to_accept, self._show_to_accept, order="date, id"),
            ],
            sequence=55,
            icon="fa-flag-o",
            title=self.env._("Findings that wait for me"),
            more=self._morning_all(FINDINGS, to_answer | to_accept),
        )

    def _show_to_answer(self, findings):
        return self._show_findings(findings, self.env._("to answer"), self.env._("Answer"))

    def _show_to_accept(self, findings):
        return self._show_findings(findings, self.env._("answered, to accept"), self.env._("Look at It"))

    def _show_findings(self, findings, words, button):
        grades = dict(findings._fields["grade"]._description_selection(self.env))
        return [
            self._morning_item(
                finding,
                finding.statement.strip().partition("\n")[0],
                {"xmlid": FINDINGS},
                subtitle=" · ".join((finding.number or "", grades[finding.grade], words)),
                icon="fa-flag-o",
                button=button,
            )
            for finding in findings
        ]

    def _morning_late_audits(self):
        if not self.env.user.has_group(MANAGER):
            return None
        day, _end = self._morning_day()
        late = ~self._audited_by_me() & Domain("state", "in", ("planned", "in_progress")) & Domain("date_end", "<", day)
        return self._morning_section(
            "late_audits",
            [self._morning_source("sqms.audit", late, self._show_late_audits, due="date_end")],
            sequence=85,
            icon="fa-hourglass-end",
            title=self.env._("Late audits of others"),
            more=self._morning_all(AUDITS, late),
            waits=False,
        )

    def _show_late_audits(self, audits):
        return [
            self._morning_item(
                audit,
                audit.display_name,
                {"xmlid": AUDITS},
                due=audit.date_end,
                subtitle=" · ".join(filter(None, (audit._workflow_state_label(), audit.lead_id.name))),
                icon="fa-search",
            )
            for audit in audits
        ]
