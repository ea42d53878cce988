from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.sqms_base.lib.local_time import local_day

NEEDED = {"certificate": "skill_id", "clearance": "position_rule_id"}


class SqmsEligibilityRequirement(models.Model):
    """What training gives rules to ask for: a certificate, a competence, a clearance.

    1. A certificate counts if HR has issued it with a number. What people enter of themselves is no certificate.
    2. Levels are compared by their progress, never by their names: types number their levels freely.
    3. A competence without a skill means all that the person's job requires on that day.
    4. A clearance says yes or no. Why somebody is not cleared is for those alone who see clearances.
    """

    _inherit = "sqms.eligibility.requirement"

    kind = fields.Selection(
        selection_add=[
            ("certificate", "Holds a certificate"),
            ("competence", "Has a competence"),
            ("clearance", "Is cleared"),
        ],
        ondelete={"certificate": "cascade", "competence": "cascade", "clearance": "cascade"},
    )
    skill_id = fields.Many2one(
        "hr.skill", "Certificate or Skill", index="btree_not_null", ondelete="restrict",
        help="For a competence it may be left empty: then all is asked for that the person's job requires. "
        "Skills that are no certificates are entered by everybody for himself.",
    )  # fmt: skip
    skill_type_id = fields.Many2one(related="skill_id.skill_type_id", export_string_translation=False)
    skill_level_id = fields.Many2one(
        "hr.skill.level", "Level or Higher", index="btree_not_null", ondelete="restrict",
        domain="[('skill_type_id', '=', skill_type_id)]",
        help="Left empty, each level will do.",
    )  # fmt: skip
    position_rule_id = fields.Many2one(
        "sqms.position.rule", "Sensitive Post", index="btree_not_null", ondelete="restrict", check_company=True
    )

    _ledger_fields = (
        "rule_id", "kind", "document_id", "group_id", "field_path", "skill_id", "skill_level_id", "position_rule_id",
    )  # fmt: skip

    @api.depends("skill_id", "skill_level_id", "position_rule_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        return super()._compute_display_name()

    @api.onchange("kind", "skill_id")
    def _onchange_skill_id(self):
        if self.skill_level_id.skill_type_id != self.skill_id.skill_type_id:
            self.skill_level_id = False

    @api.constrains("kind", "skill_id", "skill_level_id", "position_rule_id", "rule_id")
    def _check_training_complete(self):
        for requirement in self:
            requirement._check_has_what_it_needs()
            requirement._check_skill_level()
            owner = requirement.position_rule_id.sudo().company_id
            if requirement.kind == "clearance" and owner and requirement.rule_id.company_id != owner:
                raise ValidationError(
                    self.env._(
                        "“%(post)s” belongs to %(company)s: a rule that asks for it is a rule of that company.",
                        post=requirement.position_rule_id.sudo().name,
                        company=owner.name,
                    )
                )

    def _check_has_what_it_needs(self):
        needed = NEEDED.get(self.kind)
        if needed and not self[needed]:
            raise ValidationError(
                self.env._(
                    "“%(kind)s” needs %(field)s.",
                    kind=dict(self._fields["kind"]._description_selection(self.env))[self.kind],
                    field=self._fields[needed]._description_string(self.env),
                )
            )
        if self.kind == "certificate" and not self.skill_id.skill_type_id.is_certification:
            raise ValidationError(
                self.env._(
                    "“%(skill)s” is no certificate: everybody enters it for himself. Ask for it as a competence.",
                    skill=self.skill_id.name,
                )
            )

    def _check_skill_level(self):
        if self.skill_level_id and self.skill_level_id.skill_type_id != self.skill_id.skill_type_id:
            raise ValidationError(
                self.env._(
                    "“%(level)s” is no level of “%(skill)s”.",
                    level=self.skill_level_id.name,
                    skill=self.skill_id.name or self.env._("what the job requires"),
                )
            )

    # -- the day that is asked about ----------------------------------------------

    @api.model
    def _local_days(self, companies, instant):
        """`{day: companies}` of an instant: each company counts its days by its own clock."""
        return companies.sudo().grouped(lambda company: local_day(instant, company._sqms_tz()))
