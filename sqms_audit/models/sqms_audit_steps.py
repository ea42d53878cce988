from odoo import fields, models

from ..lib.vocabulary import NONCONFORMITIES


class SqmsAuditSteps(models.Model):
    """What each step of an audit asks for, and what it sets going.

    1. It starts with a lead auditor, auditees and questions.
    2. It is reported when every question is answered, or set aside with a reason.
    3. It is closed when the auditees have answered every finding and the auditors accepted the answers.
    """

    _inherit = "sqms.audit"

    def _workflow_user_may(self, step):
        return super()._workflow_user_may(step) and all(audit.user_may_audit for audit in self)

    def _check_start(self):
        refusals = {audit.id: reason for audit in self for reason in [audit._missing_people()] if reason}
        for audit in self:
            if not audit.line_count:
                refusals.setdefault(audit.id, self.env._("the checklist has no questions yet"))
        return refusals

    def _check_report(self):
        refusals = {}
        for audit in self:
            reason = audit._missing_answers() or audit._missing_people()
            if reason:
                refusals[audit.id] = reason
        return refusals

    def _check_close(self):
        refusals = {}
        for audit in self:
            asked = audit.finding_ids.filtered("needs_response")
            waiting = asked.filtered(lambda finding: finding.state == "recorded")
            unread = asked.filtered(lambda finding: finding.state == "answered")
            if waiting:
                refusals[audit.id] = self.env._(
                    "the auditee has not answered %(findings)s", findings=", ".join(waiting.mapped("number"))
                )
            elif unread:
                refusals[audit.id] = self.env._(
                    "the answers to %(findings)s are not accepted", findings=", ".join(unread.mapped("number"))
                )
        return refusals

    def _missing_people(self):
        conflicts = self._get_conflicts().get(self.id)
        if conflicts:
            return conflicts[0].rstrip(".")
        if self.audit_type in ("supplier", "external") and not self.partner_id:
            return self.env._("please name the outside party")
        if not self.auditee_ids and self.audit_type != "supplier":
            return self.env._("nobody is named as auditee")
        return None

    def _missing_answers(self):
        lines = self.line_ids
        if not lines:
            return self.env._("the checklist has no questions yet")
        open_lines = lines.filtered(lambda line: not line.answer)
        if open_lines:
            return self.env._("questions without an answer: %(count)s", count=len(open_lines))
        unexplained = lines.filtered(lambda line: line.answer == "not_applicable" and not (line.note or "").strip())
        if unexplained:
            return self.env._(
                "please note why “%(question)s” does not apply", question=unexplained[0].question.splitlines()[0]
            )
        unwritten = lines.filtered(lambda line: line.answer in NONCONFORMITIES) - self.finding_ids.line_id
        if unwritten:
            return self.env._(
                "“%(question)s” is a nonconformity without a finding", question=unwritten[0].question.splitlines()[0]
            )
        return None

    def _prepare_close_values(self):
        now = fields.Datetime.now()
        return {audit.id: {"closed_on": now} for audit in self}

    def _on_report(self):
        for audit in self:
            waiting = audit.finding_ids.filtered(lambda finding: finding.needs_response and finding.state == "recorded")
            if waiting:
                audit.message_post(
                    body=audit.env._(
                        "Findings that wait for an answer: %(findings)s", findings=", ".join(waiting.mapped("number"))
                    ),
                    partner_ids=audit._get_audited_partners().ids,
                    subtype_xmlid="mail.mt_comment",
                )

    def _get_audited_partners(self):
        people = self.sudo()
        return (people._get_users("auditee") | people.department_id.manager_id.user_id).partner_id

    def _on_cancel(self):
        self.event_ids.sudo().unlink()
