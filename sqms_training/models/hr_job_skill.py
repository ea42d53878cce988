from odoo import api, fields, models


class HrJobSkill(models.Model):
    """What a job requires.

    Another level for a required certification holds from today on; what was required until yesterday stays on record.
    hr_skills gives the new row the first day of the old one and then refuses it, because the two overlap.
    """

    _inherit = "hr.job.skill"

    # The day on which the server was started is hr_skills' default.
    valid_from = fields.Date(default=fields.Date.context_today)

    holder_count = fields.Integer("People in the Job", compute="_compute_met")
    met_count = fields.Integer("Meet It", compute="_compute_met")
    missing_names = fields.Char("Who Does Not", compute="_compute_met")

    @api.depends("job_id", "skill_id", "skill_level_id")
    @api.depends_context("as_of", "uid", "allowed_company_ids", "tz")
    def _compute_met(self):
        """Among the holders whom the reader may see; one read for all jobs."""
        found = {}
        for job, skill, met, count, people in self.env["sqms.competence.standing"]._read_group(
            [("job_id", "in", self.job_id.ids), ("skill_id", "in", self.skill_id.ids)],
            ["job_id", "skill_id", "is_met"],
            ["__count", "employee_id:array_agg"],
        ):
            found[job.id, skill.id, met] = (count, people)
        missing = {id_ for key, (_count, people) in found.items() if not key[2] for id_ in people}
        names = {person.id: person.name for person in self.env["hr.employee"].sudo().browse(missing)}
        for row in self:
            met, _people = found.get((row.job_id.id, row.skill_id.id, True), (0, ()))
            rest, people = found.get((row.job_id.id, row.skill_id.id, False), (0, ()))
            row.holder_count, row.met_count = met + rest, met
            row.missing_names = ", ".join(sorted(names[id_] for id_ in people)) or False

    def _write_individual_skills(self, commands):
        core = {"skill_type_id", "skill_id", "skill_level_id", self._linked_field_name()}
        today = fields.Date.today()  # the day by which hr_skills ends the old row
        return super()._write_individual_skills(
            [
                (command[0], command[1], {"valid_from": today, **command[2]}) if core & command[2].keys() else command
                for command in commands
            ]
        )
