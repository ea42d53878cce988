from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ..lib.effect import has_helped, wanted_value
from .sqms_action import LASTING

EFFECT = {"effect_value", "effect_n", "effect_result"}


class SqmsActionEffect(models.Model):
    """Whether it helped: laid down before it starts, judged afterwards.

    1. By an indicator: from which value, by how much at least, which way, how many days after it was done. Or by
       words that another person can check, and the same days.
    2. When it is verified the check waits for its day. Earlier than that it may be found not to have helped, not the
       contrary.
    3. With an indicator the figure decides, with the number of cases behind it. Nobody finds it effective when it
       falls short.
    """

    _inherit = "sqms.action"

    criterion_kind = fields.Selection(
        [("indicator", "A Figure"), ("text", "In Words")], string="Judged By", tracking=True
    )
    criterion_text = fields.Text(
        string="Effective If", help="Something that another person can see or count, e.g. no repeat in 30 days."
    )
    indicator_id = fields.Many2one(
        "sqms.indicator", check_company=True, index="btree_not_null", ondelete="restrict",
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
    )  # fmt: skip
    effect_direction = fields.Selection(
        [("lower", "Lower"), ("higher", "Higher")], string="Better If", compute="_compute_effect_direction",
        store=True, readonly=False, precompute=True,
    )  # fmt: skip
    baseline_value = fields.Float(string="Value Before", digits=(16, 4), aggregator=None)
    min_effect = fields.Float(
        string="Change at Least", digits=(16, 4), aggregator=None,
        help="By how much the figure must move the right way. Less than that has not helped.",
    )  # fmt: skip
    check_days = fields.Integer(
        string="Checked After", default=30, aggregator=None, help="Days from done to the check of its effect."
    )
    criterion_label = fields.Char(string="Criterion", compute="_compute_criterion_label")
    date_check = fields.Date(string="Check Due", readonly=True, copy=False, index="btree_not_null")
    effect_value = fields.Float(string="Value After", digits=(16, 4), aggregator=None, copy=False)
    effect_n = fields.Integer(
        string="Number of Cases", aggregator=None, copy=False, help="How many cases stand behind the value."
    )
    effect_result = fields.Text(string="What the Check Found", copy=False)
    checked_at = fields.Datetime(string="Checked On", readonly=True, copy=False, index="btree_not_null")
    checked_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")

    _check_days_positive = models.Constraint("CHECK(check_days >= 0)", "The days until the check cannot be negative.")
    _min_effect_positive = models.Constraint("CHECK(min_effect >= 0)", "The least change is a positive number.")
    _n_positive = models.Constraint("CHECK(effect_n >= 0)", "The number of cases cannot be negative.")
    _to_check_idx = models.Index("(company_id, date_check) WHERE state = 'verified' AND date_check IS NOT NULL")

    @api.depends("indicator_id")
    def _compute_effect_direction(self):
        for action in self:
            if action.indicator_id.direction in ("lower", "higher"):
                action.effect_direction = action.indicator_id.direction

    @api.depends("criterion_kind", "criterion_text", "indicator_id", "effect_direction", "baseline_value", "min_effect")
    @api.depends_context("lang")
    def _compute_criterion_label(self):
        for action in self:
            if action.criterion_kind == "indicator" and action.indicator_id:
                words = {
                    "indicator": action.indicator_id.sudo().display_name,
                    "goal": action._in_unit(
                        wanted_value(action.effect_direction, action.baseline_value, action.min_effect)
                    ),
                    "before": action._in_unit(action.baseline_value),
                }
                action.criterion_label = (
                    self.env._("%(indicator)s: at most %(goal)s (was %(before)s)", **words)
                    if action.effect_direction == "lower"
                    else self.env._("%(indicator)s: at least %(goal)s (was %(before)s)", **words)
                )
            else:
                text = action.criterion_text if action.criterion_kind == "text" else ""
                action.criterion_label = (text or "").strip().partition("\n")[0]

    def _in_unit(self, value):
        indicator = self.indicator_id.sudo()
        fraction = f"{value:.4f}".rstrip("0").partition(".")[2]
        number = formatLang(self.env, value, digits=max(indicator.decimals, len(fraction)))
        unit = {"percent": " %", "per_thousand": " ‰", "hours": f" {self.env._('h')}"}.get(indicator.unit, "")
        return f"{number}{unit}"

    # -- what speaks against a step ------------------------------------------------

    def _criterion_refusals(self):
        """`{action id: what is missing}` to judge later whether it has helped."""
        refusals = {}
        for action in self.filtered(lambda action: action.kind in LASTING):
            if action.criterion_kind == "indicator":
                if not action.indicator_id or not action.effect_direction:
                    reason = self.env._("please say by which figure its effect is judged, and which way is better")
                elif action.indicator_id.sudo().direction in ("lower", "higher") and (
                    action.indicator_id.sudo().direction != action.effect_direction
                ):
                    reason = self.env._("%s is better the other way round", action.indicator_id.display_name)
                elif not action.indicator_id.sudo().active:
                    reason = self.env._(
                        "%s is archived and measures nothing any more", action.indicator_id.display_name
                    )
                elif not action.min_effect:
                    reason = self.env._("please say by how much the figure must change at least")
                else:
                    continue
            elif action.criterion_kind == "text" and (action.criterion_text or "").strip():
                continue
            else:
                reason = self.env._("please lay down how its effect will be judged")
            refusals[action.id] = reason
        return refusals

    def _measured_effects(self):
        """`{action id: (value, n)}` of the actions whose figure is computed; it then counts instead of what was typed.

        Nothing here measures; an addon that computes indicators adds its figures.
        """
        return {}

    def _effects(self):
        measured = self.sudo()._measured_effects()
        return {action.id: measured.get(action.id, (action.effect_value, action.effect_n)) for action in self}

    def _check_effective(self):
        refusals, effects = {}, self._effects()
        for action in self:
            value, number = effects[action.id]
            today = action.company_id.sudo()._sqms_today()
            if not action.date_check:
                refusals[action.id] = self.env._("a %s is not checked for its effect", action._kind_word())
            elif today < action.date_check:
                refusals[action.id] = self.env._("the check is due on %s", format_date(self.env, action.date_check))
            elif action.criterion_kind == "text":
                if not (action.effect_result or "").strip():
                    refusals[action.id] = self.env._("please say what the check found")
            elif not number:
                refusals[action.id] = self.env._("please fill in the value after and the number of cases behind it")
            elif not has_helped(action.effect_direction, action.baseline_value, action.min_effect, value):
                refusals[action.id] = self.env._(
                    "%(value)s falls short of %(criterion)s",
                    value=action._in_unit(value),
                    criterion=action.criterion_label,
                )
        return {**refusals, **self._judge_refusals()}

    def _check_ineffective(self):
        refusals = {
            action.id: self.env._("a %s is not checked for its effect", action._kind_word())
            for action in self
            if not action.date_check
        }
        return {**refusals, **self._judge_refusals()}

    def _kind_word(self):
        return dict(self._fields["kind"]._description_selection(self.env)).get(self.kind, "")

    def _prepare_check_values(self):
        values = {"checked_at": fields.Datetime.now(), "checked_by_id": self.env.uid}
        return {
            id_: {**values, "effect_value": value, "effect_n": number}
            for id_, (value, number) in self._effects().items()
        }

    def _prepare_effective_values(self):
        return self._prepare_check_values()

    def _prepare_ineffective_values(self):
        return self._prepare_check_values()

    def _offers_effective(self):
        return bool(self.date_check) and self._offers_judging()

    def _offers_ineffective(self):
        return bool(self.date_check) and self._offers_judging()

    # -- what follows -----------------------------------------------------------------

    def action_follow_up(self):
        """Another action in the place of the one that did not help, for the present cycle of what it answers."""
        self.ensure_one()
        self.check_access("read")
        following = self.following_ids.filtered(lambda action: action.state != "cancelled")[:1]
        if not following and self.state == "ineffective":
            following = self.create(self._prepare_follow_up_values())
        return (following or self)._get_records_action()

    def _prepare_follow_up_values(self):
        return {
            "name": self.name,
            "kind": self.kind,
            "company_id": self.company_id.id,
            "owner_id": self.owner_id.id,
            "previous_id": self.id,
            **{
                name: self[name].id if hasattr(self[name], "_ids") else self[name]
                for name in ("nonconformity_id", "risk_id", "improvement_id", "decision_id", "res_model", "res_id")
                if self[name]
            },
            **{
                name: self[name].id if name == "indicator_id" else self[name]
                for name in ("criterion_kind", "criterion_text", "indicator_id", "effect_direction", "check_days")
                if self[name]
            },
        }
