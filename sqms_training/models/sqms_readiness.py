from odoo import models


class SqmsReadiness(models.AbstractModel):
    """Training is ready when its register is kept, somebody keeps it, and nobody lacks what his post needs."""

    _inherit = "sqms.readiness"

    def _check_training(self, company):
        manual = self.env["sqms.manual"]._manual_certificates({"company": company})
        valid = sum(row["valid"] + row["expiring"] for row in manual["rows"])
        over = sum(row["over"] for row in manual["rows"])
        officers = self.env.ref("sqms_training.group_training_officer").sudo().all_user_ids.filtered(
            lambda user: user.active and company in user.company_ids
        )  # fmt: skip
        if not valid:
            return False, self.env._("No valid certificate is on record.")
        if not officers:
            return False, self.env._("Nobody keeps the register of certificates.")
        lacking = {
            row["employee_id"]
            for row in self.env["sqms.competence"].sudo()._gaps(company=company, on=company._certificate_today())
            if row["is_certification"]
        }
        if lacking:
            return False, self.env._(
                "%(people)s people hold posts without a certificate that the post needs.", people=len(lacking)
            )
        if over:
            return True, self.env._(
                "%(valid)s valid certificates, kept by %(people)s people; %(over)s have expired and are to be renewed.",
                valid=valid, people=len(officers), over=over,
            )  # fmt: skip
        return True, self.env._(
            "%(valid)s valid certificates, kept by %(people)s people.", valid=valid, people=len(officers)
        )

    def _open_training(self, company, is_met):
        if not self.env["hr.employee.skill"].has_access("read"):
            return None
        return self.env["ir.actions.actions"]._for_xml_id("sqms_training.hr_employee_skill_action_certificates")
