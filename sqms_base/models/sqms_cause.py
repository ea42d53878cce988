from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..lib.cause_tree import is_filled, levels
from .sqms_cause_type import CATEGORIES

VERDICTS = [("open", "Not Decided"), ("root", "Root Cause"), ("ruled_out", "Ruled Out")]


class SqmsCause(models.Model):
    """Why it happened: a node of the 5-why tree, and a bone of the fishbone.

    1. The causes of one nonconformity are a tree: no circle, no branch that leads into another nonconformity, and a
       cause stays with the one it was found for.
    2. A root cause ends its branch: every why below it is ruled out, none above it is.
    3. What is ruled out says why.
    4. A cause belongs to the cycle in which it was found. Those of earlier cycles are kept: when the nonconformity
       came back they are ruled out with a reason, not deleted.
    5. It is open and closed with its nonconformity; who takes the last root cause back takes it back to the analysis.
    """

    _name = "sqms.cause"
    _description = "Cause"
    _inherit = ["sqms.staff.mixin", "sqms.workflow.line.mixin", "sqms.ledger.mixin"]
    _order = "nonconformity_id, sequence, id"
    _check_company_auto = True

    _workflow_parent = "nonconformity_id"
    _workflow_parent_lines = "cause_ids"
    _ledger_fields = (
        "nonconformity_id", "parent_id", "name", "category", "type_id", "verdict", "evidence", "ruled_out_reason",
        "cycle",
    )  # fmt: skip

    nonconformity_id = fields.Many2one("sqms.nonconformity", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="nonconformity_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )
    cycle = fields.Integer(
        readonly=True, copy=False, aggregator=None, help="The round of analysis in which it was found."
    )
    parent_id = fields.Many2one(
        "sqms.cause",
        string="Why of",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('nonconformity_id', '=', nonconformity_id)]",
    )
    child_ids = fields.One2many("sqms.cause", "parent_id", string="Whys Below")
    level = fields.Integer(string="Why", compute="_compute_level", recursive=True, store=True, aggregator=None)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Because", required=True)
    category = fields.Selection(CATEGORIES, string="Bone", required=True, default="method")
    type_id = fields.Many2one(
        "sqms.cause.type",
        string="Kind of Cause",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="From the company's list. Causes of the same kind are counted together and show what comes back.",
    )
    verdict = fields.Selection(VERDICTS, required=True, default="open")
    evidence = fields.Text(string="How We Know")
    ruled_out_reason = fields.Text(string="Why Ruled Out")
    # How a tree that is not saved yet holds together: ids exist only afterwards.
    node_key = fields.Char(store=False, default=lambda self: uuid4().hex, export_string_translation=False)
    parent_key = fields.Char(store=False, export_string_translation=False)

    # Recurrence and Pareto ask for the root causes of a kind.
    _root_idx = models.Index("(company_id, type_id, nonconformity_id) WHERE verdict = 'root'")

    @api.depends("parent_id.level")
    def _compute_level(self):
        for cause in self:
            cause.level = cause.parent_id.level + 1

    @api.depends("name", "level")
    def _compute_display_name(self):
        for cause in self:
            cause.display_name = self.env._("Why %(level)s: %(name)s", level=cause.level, name=cause.name or "")

    @api.constrains("name")
    def _check_name(self):
        for cause in self:
            if not is_filled(cause.name):
                raise ValidationError(self.env._("A why says in words what happened; this one is empty."))

    @api.constrains("parent_id", "nonconformity_id")
    def _check_tree(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A cause cannot be the cause of itself."))
        for cause in self:
            if cause.parent_id and cause.parent_id.nonconformity_id != cause.nonconformity_id:
                raise ValidationError(
                    self.env._("“%(cause)s” and the why above it belong to two nonconformities.", cause=cause.name)
                )

    @api.constrains("verdict", "ruled_out_reason")
    def _check_ruled_out(self):
        for cause in self:
            if cause.verdict == "ruled_out" and not is_filled(cause.ruled_out_reason):
                raise ValidationError(self.env._("Please say why “%(cause)s” was ruled out.", cause=cause.name))

    @api.constrains("verdict", "parent_id")
    def _check_root_ends_its_branch(self):
        """A root cause has no further why below it, and none above it was ruled out."""
        # Whoever changes one cause may not be asked for what others of the tree say to him.
        trees = self.sudo().nonconformity_id.cause_ids
        verdict = {cause.id: cause.verdict for cause in trees}
        above = {cause.id: cause.parent_id.id for cause in trees}
        for cause in trees:
            if cause.verdict == "open" and verdict.get(above[cause.id]) == "root":
                raise ValidationError(
                    self.env._(
                        "“%(cause)s” asks further below a root cause, which ends its branch. Please take back that "
                        "“%(root)s” is the root cause first.",
                        cause=cause.name,
                        root=cause.parent_id.name,
                    )
                )
            if cause.verdict == "root":
                self._check_above_root(cause, verdict, above)

    def _check_above_root(self, cause, verdict, above):
        seen, higher = {cause.id}, above[cause.id]
        while higher and higher not in seen:
            seen.add(higher)
            if verdict[higher] == "root":
                raise ValidationError(
                    self.env._(
                        "“%(cause)s” stands below another root cause; only the last why of a branch is one.",
                        cause=cause.name,
                    )
                )
            if verdict[higher] == "ruled_out":
                raise ValidationError(
                    self.env._(
                        "“%(cause)s” is a root cause, but a why above it is ruled out. Please decide one of them anew.",
                        cause=cause.name,
                    )
                )
            higher = above.get(higher)

    # -- writing -----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        keys = [(vals.pop("node_key", None), vals.pop("parent_key", None)) for vals in vals_list]
        causes = super().create(vals_list)
        causes._link_drafts(keys)
        causes.sudo().nonconformity_id._story_moved()
        return causes

    def _create(self, data_list):
        # Defaults from the context are merged below `create`, and the cycle is nobody's to choose.
        ids = {data["stored"].get("nonconformity_id") for data in data_list} - {None, False}
        cycles = {record.id: record.cycle for record in self.env["sqms.nonconformity"].sudo().browse(ids)}
        for data in data_list:
            data["stored"]["cycle"] = cycles.get(data["stored"].get("nonconformity_id"), 1)
        return super()._create(data_list)

    def _link_drafts(self, keys):
        """Whys that were drawn and saved together find the one above them by its key."""
        found = {key: cause for cause, (key, _above) in zip(self, keys, strict=True) if key}
        for cause, (_key, above) in zip(self, keys, strict=True):
            if above in found and not cause.parent_id:
                cause.parent_id = found[above]

    def write(self, vals):
        vals = {name: value for name, value in vals.items() if name not in ("node_key", "parent_key")}
        target = vals.get("nonconformity_id")
        if "nonconformity_id" in vals and any(cause.nonconformity_id.id != target for cause in self):
            raise UserError(self.env._("A cause stays with the nonconformity that it was found for."))
        if "cycle" in vals and any(cause.cycle != vals["cycle"] for cause in self):
            raise UserError(self.env._("The cycle of a cause is that of its nonconformity when it was found."))
        result = super().write(vals)
        if {"verdict", "evidence", "type_id", "name", "ruled_out_reason", "parent_id"} & vals.keys():
            self.sudo().nonconformity_id._story_moved()
        return result

    def unlink(self):
        above = self.sudo().nonconformity_id
        result = super().unlink()
        above._story_moved()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_earlier_cycle(self):
        for cause in self.sudo():
            if cause.cycle < cause.nonconformity_id.cycle:
                raise UserError(
                    self.env._(
                        "“%(cause)s” was found in an earlier cycle and is kept. Please rule it out and say why.",
                        cause=cause.name,
                    )
                )

    # -- drawing -----------------------------------------------------------------

    def _nodes(self):
        """The causes as the drawings take them, in their order."""
        bones = dict(self._fields["category"]._description_selection(self.env))
        known = set(self.ids)
        return [
            {
                "id": cause.id,
                "parent": cause.parent_id.id if cause.parent_id.id in known else None,
                "name": cause.name,
                "category": cause.category,
                "bone": bones[cause.category],
                "verdict": cause.verdict,
            }
            for cause in self
        ]

    def _levels(self):
        """`{id: number of the why}` among these causes alone."""
        return levels(self._nodes())
