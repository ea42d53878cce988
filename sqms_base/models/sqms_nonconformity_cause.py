import re

from odoo import api, fields, models

from ..lib.cause_tree import is_filled

SENTENCE = re.compile(r"[.:;!?。：；！？\n]")
LONGEST = 110


class SqmsNonconformity(models.Model):
    """What a nonconformity asks of its causes before anybody decides what to do about them."""

    _inherit = "sqms.nonconformity"

    problem_words = fields.Char(string="Problem", compute="_compute_problem_words")

    @api.depends("name", "description")
    def _compute_problem_words(self):
        """What stands above the tree: the first words of the description if they are short, else the name."""
        for record in self:
            first = " ".join(SENTENCE.split((record.description or "").strip(), maxsplit=1)[0].split())
            record.problem_words = first if 8 <= len(first) <= LONGEST else record.name

    def _cause_refusals(self):
        """What speaks against taking the root cause as found: `{record id: reason}`.

        1. At least one why says something: blanks, tags and signs are no answer.
        2. At least one of them is the root cause, and ends its branch.
        3. Every root cause says how we know, and of which kind of the company's list it is.
        4. What was ruled out says why.

        Two queries, however many they are. Without it a nonconformity neither goes on to the actions nor is closed.
        """
        causes = self.env["sqms.cause"].sudo().search([("nonconformity_id", "in", self.ids)])
        grouped = causes.grouped("nonconformity_id")
        refusals = {}
        for record in self:
            reason = record._cause_refusal(grouped.get(record.sudo(), causes.browse()))
            if reason:
                refusals[record.id] = reason
        return refusals

    def _cause_refusal(self, causes):
        filled = causes.filtered(lambda cause: is_filled(cause.name))
        if not filled:
            return self.env._("nobody has asked why yet: please write down at least one cause")
        roots = filled.filtered(lambda cause: cause.verdict == "root")
        if not roots:
            return self.env._("no why is marked as the root cause yet")
        asked_further = {cause.parent_id.id for cause in causes if cause.verdict != "ruled_out"}
        for root in roots:
            if root.id in asked_further:
                return self.env._("the root cause “%(cause)s” does not end its branch", cause=root.name)
            if not is_filled(root.evidence):
                return self.env._("please say how we know that “%(cause)s” is the root cause", cause=root.name)
            if not root.type_id:
                return self.env._("please choose the kind of the root cause “%(cause)s”", cause=root.name)
        for cause in filled:
            if cause.verdict == "ruled_out" and not is_filled(cause.ruled_out_reason):
                return self.env._("please say why “%(cause)s” was ruled out", cause=cause.name)
        return ""

    def _root_causes(self):
        """The root causes that the person may read."""
        return self.cause_ids.filtered(lambda cause: cause.verdict == "root" and is_filled(cause.name))
