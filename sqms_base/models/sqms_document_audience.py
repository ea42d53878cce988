from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .sqms_document import SEES_COVERAGE

AUDIENCE_FIELDS = {"audience", "department_ids", "job_ids", "category_ids", "employee_ids", "company_id"}


class SqmsDocument(models.Model):
    """Who reads a document, and who is asked to.

    1. “All Employees”: everybody in the company may read it, every employee is asked to.
    2. “Chosen Groups”: the members of the groups may read it and are asked to, nobody else.
    3. “Nobody in Particular”: everybody in the company may read it, nobody is asked to.
    4. Its owner may read what is in force in any case. Officers, top management and certifiers read all of it.
    """

    _inherit = "sqms.document"

    audience_ids = fields.Many2many(
        "sqms.audience", string="Target Groups", readonly=True, copy=False,
        help="What was chosen, as groups whose members are kept up to date.",
    )  # fmt: skip
    is_for_me = fields.Boolean(
        string="For Me", compute="_compute_is_for_me", search="_search_is_for_me",
        help="The user at hand is among those who may read it.",
    )  # fmt: skip

    member_count = fields.Integer(
        string="People in the Target Group", compute="_compute_member_count", groups=SEES_COVERAGE
    )

    @api.depends("audience_ids")
    def _compute_member_count(self):
        """Each person once, in however many of the groups."""
        self.env["sqms.document"].flush_model(["audience_ids"])
        counts = dict(
            self.env.execute_query(
                SQL(
                    """SELECT link.sqms_document_id, count(DISTINCT member.employee_id)
                         FROM %s link
                         JOIN sqms_audience_member member ON member.audience_id = link.sqms_audience_id
                        WHERE link.sqms_document_id = ANY(%s)
                     GROUP BY link.sqms_document_id""",
                    SQL.identifier(self._fields["audience_ids"].relation),
                    self._origin.ids,
                )
            )
        )
        for document in self:
            document.member_count = counts.get(document._origin.id, 0)

    @api.depends("audience", "owner_id", "audience_ids")
    @api.depends_context("uid")
    def _compute_is_for_me(self):
        # In one question to the database: the members of a group may be twenty thousand.
        mine = (
            self.sudo()
            .with_context(active_test=False)
            ._search(Domain("id", "in", self._origin.ids) & self._for_user_domain())
        )
        ids = set(mine.get_result_ids())
        for document in self:
            document.is_for_me = document._origin.id in ids

    def _search_is_for_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = self._for_user_domain()
        return Domain.OR([mine if wanted else ~mine for wanted in value])

    @api.model
    def _for_user_domain(self):
        member = Domain("user_id", "=", self.env.uid)
        return (
            Domain("audience", "!=", "chosen")
            | Domain("owner_id", "=", self.env.uid)
            | Domain("audience_ids", "any!", Domain("member_ids", "any!", member))
        )

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        documents._link_audiences()
        return documents

    def write(self, vals):
        result = super().write(vals)
        if AUDIENCE_FIELDS.intersection(vals):
            self._link_audiences()
            self.sudo().current_version_id._ask_readers()
        return result

    def _link_audiences(self):
        """Tie the documents to the groups that their choice means."""
        wanted = {document.id: document._audience_definitions() for document in self.sudo()}
        groups = self.env["sqms.audience"].sudo()._of(set().union(*wanted.values()))
        for document in self.sudo():
            ids = sorted(groups[definition] for definition in wanted[document.id])
            if sorted(document.audience_ids.ids) != ids:
                document.audience_ids = [fields.Command.set(ids)]

    def _audience_definitions(self):
        """`{(company id, kind, id of what the kind names)}` of what was chosen."""
        company = self.company_id.id
        if self.audience == "all":
            return {(company, "all", 0)}
        if self.audience == "nobody":
            return set()
        chosen = {
            "department": self.department_ids, "job": self.job_ids, "category": self.category_ids,
            "employee": self.with_context(active_test=False).employee_ids,
        }  # fmt: skip
        return {(company, kind, target) for kind, records in chosen.items() for target in records.ids}

    def action_open_members(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sqms_base.sqms_audience_member_action"),
            "domain": [("audience_id", "in", self.audience_ids.ids)],
            "context": {"search_default_group_audience": 1} if len(self.audience_ids) > 1 else {},
        }
