from odoo import api, fields, models
from odoo.fields import Domain

READABLE = ("review", "approved")  # what waits for the decision, and what was just decided


class SqmsDocumentVersionDelegation(models.Model):
    """What a delegate may do with an edition: review, approve and return it for whom he stands in.

    He reads the editions that he may be asked to decide on, also when his own role would show him none.
    """

    _inherit = "sqms.document.version"

    _workflow_delegated = ("confirm_review", "approve", "return_to_author")

    is_open_to_delegate = fields.Boolean(
        compute="_compute_is_open_to_delegate", search="_search_is_open_to_delegate", export_string_translation=False
    )

    @api.depends("state", "company_id")
    @api.depends_context("uid")
    def _compute_is_open_to_delegate(self):
        standing = self._standing_readers()
        for version in self.sudo():
            version.is_open_to_delegate = version.state in READABLE and any(
                delegation._covers(version) for delegation in standing
            )

    def _search_is_open_to_delegate(self, operator, value):
        if operator != "in":
            return NotImplemented
        own = Domain.OR(delegation._domain_of_versions() for delegation in self._standing_readers())
        own &= Domain("state", "in", READABLE)
        return Domain.OR([own if wanted else ~own for wanted in value])

    @api.model
    def _standing_readers(self):
        """The delegations of people who decide on editions themselves."""
        standing = self.env["sqms.delegation"]._standing(self.env.user)
        return standing.filtered(lambda delegation: not delegation._why_not_stand_in())

    def _delegation_processes(self):
        return self.env["sqms.process"].sudo().search([("document_ids", "in", self.document_id.ids)])

    def _ask(self, user):
        # A delegate may have no right to plan what comes next; the step itself asks for it.
        return super(SqmsDocumentVersionDelegation, self._workflow_writer())._ask(user)

    def _done_asking(self):
        # Back in draft, the edition is closed to the delegate.
        return super(SqmsDocumentVersionDelegation, self._workflow_writer())._done_asking()

    def message_post(self, **kwargs):
        # What the step says stands in the chatter, under the name of who took it.
        return super(SqmsDocumentVersionDelegation, self._workflow_writer()).message_post(**kwargs)

    # -- my morning --------------------------------------------------------------

    @api.model
    def _morning_sign_domain(self):
        """What waits for the people for whom the user stands in waits for him as well, but not what he wrote."""
        domain = super()._morning_sign_domain()
        standing = self.env["sqms.delegation"]._standing(self.env.user)
        if not standing or self.env.su:
            return domain
        theirs = Domain.OR(
            super(SqmsDocumentVersionDelegation, self.with_user(delegation.delegator_id))._morning_sign_domain()
            & delegation._domain_of_versions()
            for delegation in standing
        )
        me = self.env.user
        return domain | (theirs & Domain("author_id", "!=", me.id) & ~Domain("contributor_ids", "in", me.ids))

    def _morning_sign_words(self):
        words = super()._morning_sign_words()
        step = "confirm_review" if self.reviewer_id and not self.reviewed_at else "approve"
        delegation = self._workflow_delegation(step)
        if not delegation:
            return words
        return self.env._("%(words)s · for %(name)s", words=words, name=delegation.delegator_id.name)
