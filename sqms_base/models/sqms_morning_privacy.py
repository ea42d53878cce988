from odoo import models
from odoo.fields import Domain

from .sqms_legal_hold import PRIVACY


class SqmsMorningPrivacy(models.AbstractModel):
    """For the person responsible for personal data: requests that wait, and what the next weeks will erase."""

    _inherit = "sqms.morning"

    def _morning_sections(self):
        return [*super()._morning_sections(), self._morning_privacy(), self._morning_retention()]

    def _morning_privacy(self):
        if not self._has_group(PRIVACY):
            return None
        waiting = Domain("state", "in", ("draft", "found")) | (
            Domain("state", "=", "approved") & Domain("approved_by_id", "!=", self.env.uid)
        )
        return self._morning_section(
            "privacy",
            [self._morning_source("sqms.erasure", waiting, self._show_requests, due="date_due")],
            sequence=46,
            icon="fa-user-secret",
            title=self.env._("Requests about personal data"),
            more=self._morning_all("sqms_base.sqms_erasure_action", waiting),
        )

    def _show_requests(self, requests):
        kinds = dict(requests._fields["kind"]._description_selection(self.env))
        states = dict(requests._fields["state"]._description_selection(self.env))
        return [
            self._morning_item(
                request,
                self.env._("%(number)s: %(kind)s", number=request.number, kind=kinds[request.kind]),
                {"xmlid": "sqms_base.sqms_erasure_action"},
                due=request.date_due,
                subtitle=states[request.state],
                icon="fa-user-secret",
                button=self.env._("Open"),
                headline=self.env._("Answer %s", request.number),
            )
            for request in requests
        ]

    def _morning_retention(self):
        """Told in advance: one line for each kind of record whose time ends within the next weeks."""
        if not self._has_group(PRIVACY):
            return None
        rules = self.env["sqms.retention.rule"].search([("verification_state", "=", "verified")])
        first = [some[0] for some in rules.grouped("res_model").values() if some[0].due_count]
        return self._morning_section(
            "privacy_due",
            [self._morning_source("sqms.retention.rule", [("id", "in", [rule.id for rule in first])], self._show_due)],
            sequence=47,
            icon="fa-hourglass-end",
            title=self.env._("Kept long enough"),
            column="right",
            waits=False,
        )

    def _show_due(self, rules):
        kinds = dict(rules._get_kinds())
        return [
            self._morning_item(
                rule,
                self.env._(
                    "%(kind)s: %(count)s lose the identity within 30 days",
                    kind=kinds[rule.res_model],
                    count=rule.due_count,
                ),
                {"xmlid": "sqms_base.sqms_retention_rule_action"},
                icon="fa-hourglass-end",
            )
            for rule in rules
        ]
