from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..lib.process_graph import circle

FEW = 20  # edges for which the database is asked; of more, the whole map is read at once


class SqmsProcessFlow(models.Model):
    """What one process hands over to the next.

    1. Both belong to one company, and they are two.
    2. The order has no circle, archived processes included: nothing is closed when one of them comes back.
    3. Two people who draw at the same time never close a circle together: the second waits for the first.
    """

    _name = "sqms.process.flow"
    _description = "Handover between Processes"
    _inherit = ["sqms.keep.mixin", "sqms.ledger.mixin"]
    _order = "source_id, target_id, id"
    _check_company_auto = True

    source_id = fields.Many2one(
        "sqms.process", string="From", required=True, index=True, check_company=True, ondelete="restrict"
    )
    target_id = fields.Many2one(
        "sqms.process", string="To", required=True, index=True, check_company=True, ondelete="restrict"
    )
    name = fields.Char(string="What Is Handed Over", required=True, translate=True)
    company_id = fields.Many2one(
        related="source_id.company_id", store=True, index=True, precompute=True, ondelete="restrict"
    )

    _pair_unique = models.UniqueIndex(
        "(source_id, target_id)", "These two processes are already linked: please add to what is handed over there."
    )
    _two_processes = models.Constraint("CHECK(source_id <> target_id)", "A process hands nothing over to itself.")

    _ledger_fields = ("source_id", "target_id", "name", "company_id")

    @api.depends("source_id", "target_id", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for flow in self:
            flow.display_name = f"{flow.source_id.name} → {flow.target_id.name}: {flow.name}"

    @api.model_create_multi
    def create(self, vals_list):
        ends = {vals.get(name) for vals in vals_list for name in ("source_id", "target_id")} - {None, False}
        processes = self.env["sqms.process"].browse(ends)
        processes._wait_for_map(processes)
        return super().create(vals_list)

    def write(self, vals):
        if {"source_id", "target_id"}.intersection(vals):
            processes = self.sudo().source_id | self.env["sqms.process"].browse(filter(None, [vals.get("source_id")]))
            processes._wait_for_map(processes)
        return super().write(vals)

    @api.constrains("source_id", "target_id")
    def _check_ends(self):
        for flow in self.sudo():
            if flow.source_id == flow.target_id:
                raise ValidationError(self.env._("%s hands nothing over to itself.", flow.source_id.display_name))
            if flow.source_id.company_id != flow.target_id.company_id:
                raise ValidationError(
                    self.env._(
                        "%(giver)s and %(taker)s belong to different companies.",
                        giver=flow.source_id.display_name,
                        taker=flow.target_id.display_name,
                    )
                )
        self._refuse_circle()

    def _refuse_circle(self):
        self.flush_model(["source_id", "target_id"])
        if len(self) <= FEW and not self._closes_circle():
            return
        companies = tuple(self.sudo().company_id.ids)
        pairs = self.env.execute_query(
            SQL("SELECT source_id, target_id FROM sqms_process_flow WHERE company_id IN %s ORDER BY id", companies)
        )
        found = circle(pairs)
        if found:
            names = [process.name for process in self.env["sqms.process"].sudo().browse(found)]
            raise ValidationError(
                self.env._("The order of processes would go round in a circle: %s.", " → ".join(names))
            )

    def _closes_circle(self):
        """Whether one of these few flows leads back to where it starts, asked of the database in one go."""
        return bool(
            self.env.execute_query(
                SQL(
                    """
                    WITH RECURSIVE reached(origin, node) AS (
                        SELECT source_id, target_id FROM sqms_process_flow WHERE id IN %s
                         UNION
                        SELECT reached.origin, flow.target_id
                          FROM reached
                          JOIN sqms_process_flow flow ON flow.source_id = reached.node
                    )
                    SELECT 1 FROM reached WHERE origin = node LIMIT 1
                    """,
                    tuple(self.ids),
                )
            )
        )
