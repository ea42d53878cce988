from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_satisfaction import SatisfactionCase


@tagged("post_install", "-at_install")
class TestSatisfactionPartner(SatisfactionCase):
    """A customer at one glance: counts equal `search_count`, contacts included."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer.group_ids += cls.env.ref("sqms_base.group_sqms_officer")
        cls.firm = cls.env["res.partner"].create({"name": "Firm", "is_company": True, "email": "firm@example.com"})
        cls.contacts = cls.env["res.partner"].create(
            [{"name": f"Contact {n}", "parent_id": cls.firm.id, "email": f"k{n}@example.com"} for n in range(2)]
        )
        cls.below = cls.env["res.partner"].create({"name": "Below", "parent_id": cls.contacts[0].id})
        cls.everybody = cls.firm | cls.contacts | cls.below
        for partner in (cls.firm, cls.contacts[0], cls.contacts[0], cls.below):
            cls._closed(partner_id=partner.id, partner_email="x@example.com")

    def test_counts_equal_what_the_buttons_open(self):
        main = self.env["helpdesk.ticket"].search([("partner_id", "=", self.below.id)], limit=1)
        self._merged(main, partner_id=self.firm.id)
        self._create_ticket(partner_id=self.firm.id)
        for complaint in self.env["helpdesk.ticket"].search([("partner_id", "child_of", self.firm.id)]):
            answer = self._invite(complaint)
            if answer.state == "invited":
                self._answer(answer, csat=4)
        for partner in self.everybody:
            partner = partner.with_user(self.officer)
            for count, action in (
                ("sqms_complaint_count", partner.action_open_sqms_complaints()),
                ("sqms_satisfaction_count", partner.action_open_sqms_satisfaction()),
            ):
                found = self.env[action["res_model"]].with_user(self.officer).search_count(action["domain"])
                self.assertEqual(partner[count], found, f"{partner.name} {count}")
        firm = self.firm.with_user(self.officer)
        self.assertEqual((firm.sqms_complaint_count, firm.sqms_satisfaction_count), (4, 4))
        self.assertEqual(firm.sqms_satisfaction_label, "4.0/5 (n = 4)")
        nobody = self.env["res.partner"].create({"name": "Nobody"}).with_user(self.officer)
        self.assertEqual(nobody.sqms_satisfaction_label, "–", "no answer is no mark")

    def test_promises_broken_on_complaints(self):
        complaint = self.env["helpdesk.ticket"].search([("partner_id", "=", self.below.id)], limit=1)
        breach = self.env["sqms.commitment.breach"]
        domain = breach._fields and self.firm._breach_domain(complaint)
        self.assertEqual(self.firm.with_user(self.officer).sqms_commitment_count, breach.search_count(domain))
        action = self.firm.with_user(self.officer).action_open_sqms_commitments()
        self.assertEqual(breach.search_count(action["domain"]), 0)

    def test_one_question_for_each_kind_however_many_partners(self):
        names = ("sqms_complaint_count", "sqms_satisfaction_count", "sqms_commitment_count")
        used = []
        for partners in (self.firm, self.everybody):
            self.env.invalidate_all()
            self.env.flush_all()
            partners = partners.with_user(self.officer)
            partners.mapped("name")
            start = self.cr.sql_log_count
            for name in names:
                partners.mapped(name)
            used.append(self.cr.sql_log_count - start)
        self.assertLessEqual(used[1], used[0] + 1, used)

    def test_who_may_not_see_complaints_sees_no_count(self):
        firm = self.firm.with_user(self.employee)
        for name in ("sqms_complaint_count", "sqms_satisfaction_label", "sqms_commitment_count"):
            with self.assertRaises(AccessError):
                firm.read([name])
        self.assertNotIn("sqms_complaint_count", firm.fields_get())
        outsider = self._create_user("sqms_own3", "helpdesk_mgmt.group_helpdesk_user_own")
        self.assertEqual(self.firm.with_user(outsider).sqms_complaint_count, 0, "only what he may open")
