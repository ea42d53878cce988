from odoo import api, fields, models


class HrJob(models.Model):
    """Who holds a post, who could, and what is missing."""

    _inherit = "hr.job"

    is_key_post = fields.Boolean(
        "Key Post", help="Nobody of the house can do without it: fewer than two possible successors are a risk."
    )
    standing_ids = fields.One2many("sqms.competence.standing", "job_id", "Requirements of the Holders", readonly=True)
    requirement_ids = fields.One2many("hr.job.skill", compute="_compute_requirement_ids", string="Who Meets Them")

    @api.depends("job_skill_ids", "job_skill_ids.valid_from", "job_skill_ids.valid_to")
    @api.depends_context("as_of", "tz")
    def _compute_requirement_ids(self):
        """What is required on the day, the highest level of each skill."""
        day, _named = self.env["sqms.competence"]._competence_day()
        for job in self:
            rows = job.job_skill_ids.filtered(
                lambda row: (not row.valid_from or row.valid_from <= day) and (not row.valid_to or row.valid_to >= day)
            ).sorted(lambda row: (-row.level_progress, row.id))
            highest = {row.skill_id: row.id for row in reversed(rows)}
            job.requirement_ids = rows.filtered(lambda row, ids=set(highest.values()): row.id in ids)

    def action_open_standings(self):
        """Who of the holders does not meet what."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("sqms_training.sqms_competence_standing_action")
        action["domain"] = [("job_id", "=", self.id)]
        action["context"] = {"search_default_not_met": 1, "search_default_group_skill": 1}
        return action

    def action_open_succession(self):
        """Who could take the post."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("sqms_training.sqms_succession_action")
        action["params"] = {"job": self.id}
        return action
