import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import ComplaintCase


@tagged("post_install", "-at_install")
class TestComplaintAccess(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls._create_complaint(user_id=cls.agent_own.id)
        cls.free = cls._create_complaint(user_id=False)
        cls.colleague = cls._create_complaint(user_id=cls.agent.id)
        cls.elsewhere = cls._create_complaint(team_id=cls.other_team.id, user_id=False)
        cls.all = cls.mine | cls.free | cls.colleague | cls.elsewhere

    def _visible(self, person):
        return self.env["helpdesk.ticket"].with_user(person).search([("id", "in", self.all.ids)]).sudo()

    def test_agents_see_what_their_helpdesk_role_lets_them_see(self):
        self.assertEqual(self._visible(self.agent_own), self.mine | self.free)
        self.assertEqual(self._visible(self.agent), self.mine | self.free | self.colleague)
        self.assertEqual(self._visible(self.agent_all), self.all)
        self.assertEqual(self._visible(self.officer), self.all)
        self.assertEqual(self._visible(self.manager), self.all)

    def test_the_certifier_reads_and_changes_nothing(self):
        self.assertEqual(self._visible(self.certifier), self.all)
        complaint = self.mine.with_user(self.certifier)
        self.assertTrue(complaint.complaint_customer)
        with self.assertRaises(AccessError):
            complaint.write({"name": "x"})
        with self.assertRaises(AccessError):
            complaint.unlink()
        with self.assertRaises(AccessError):
            self.env["helpdesk.ticket"].with_user(self.certifier).create(self._prepare_complaint_values())
        with self.assertRaises(AccessError):
            complaint.message_post(body="I was here", message_type="comment")
        with self.assertRaises(AccessError):
            complaint.activity_schedule("mail.mail_activity_data_todo", user_id=self.agent.id)
        ticket = self._create_ticket()
        self.assertFalse(self.env["helpdesk.ticket"].with_user(self.certifier).search([("id", "=", ticket.id)]))

    def test_plain_employees_and_strangers_see_none(self):
        for person in (self.employee, self.portal):
            self.assertFalse(self._visible(person), person.login)
            with self.assertRaises(AccessError):
                self.mine.with_user(person).read(["name"])
        with self.assertRaises(AccessError):
            self.env["helpdesk.ticket"].with_user(self.public).search([])

    def test_a_portal_user_sees_his_own_and_writes_none(self):
        own = self._create_complaint(partner_id=self.portal.partner_id.id)
        self.all |= own
        self.assertEqual(self._visible(self.portal), own)
        for values in ({"name": "x"}, {"complaint_state": "closed"}, {"stage_id": False}):
            with self.assertRaises(UserError):
                own.with_user(self.portal).write(values)
        with self.assertRaises(AccessError):
            self.env["helpdesk.ticket"].with_user(self.portal).create(self._prepare_complaint_values())

    def test_a_confidential_complaint_is_for_a_few(self):
        confidant = self._create_user("sqms_confidant", "sqms_complaint.group_complaint_confidential")
        self.colleague.with_user(self.officer).complaint_is_confidential = True
        self.colleague.message_subscribe(partner_ids=self.employee.partner_id.ids)
        for person in (self.agent_own, self.agent_all, self.officer, self.manager, self.certifier, self.employee):
            self.assertNotIn(self.colleague, self._visible(person), person.login)
            with self.assertRaises(AccessError, msg=person.login):
                self.colleague.with_user(person).read(["description"])
            with self.assertRaises(UserError, msg=person.login):
                self.colleague.with_user(person).write({"complaint_is_confidential": False})
        for person in (self.agent, confidant):
            self.assertIn(self.colleague, self._visible(person), person.login)
        own = self._create_complaint(partner_id=self.portal.partner_id.id, complaint_is_confidential=True)
        self.all |= own
        self.assertEqual(self._visible(self.portal), own, "the customer keeps seeing it")

    def test_counts_leak_no_confidential_complaint(self):
        domain = [("id", "in", self.all.ids)]
        before = self.env["helpdesk.ticket"].with_user(self.agent_all).search_count(domain)
        self.colleague.complaint_is_confidential = True
        tickets = self.env["helpdesk.ticket"].with_user(self.agent_all)
        self.assertEqual(tickets.search_count(domain), before - 1)
        groups = tickets.formatted_read_group(domain, ["complaint_state"], ["__count"])
        self.assertEqual(sum(group["__count"] for group in groups), before - 1)

    def test_plain_tickets_are_as_visible_as_before(self):
        ticket = self._create_ticket()
        for person in (self.agent, self.agent_all, self.officer, self.manager):
            self.assertTrue(
                self.env["helpdesk.ticket"].with_user(person).search([("id", "=", ticket.id)]), person.login
            )


@tagged("post_install", "-at_install")
class TestComplaintCompanies(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.env["res.company"].create({"name": "Second"})
        cls.foreigner = new_test_user(
            cls.env,
            login="sqms_foreigner",
            groups="sqms_complaint.group_complaint_officer",
            company_id=cls.second.id,
            company_ids=[(6, 0, cls.second.ids)],
        )

    def test_the_other_company_sees_no_complaint(self):
        complaint = self._create_complaint()
        tickets = self.env["helpdesk.ticket"].with_user(self.foreigner)
        self.assertFalse(tickets.search([("is_complaint", "=", True)]))
        with self.assertRaises(AccessError):
            tickets.browse(complaint.id).read(["name"])
        with self.assertRaises(AccessError):
            tickets.browse(complaint.id).action_transition("acknowledge")
        hostile = tickets.with_context(allowed_company_ids=(self.company | self.second).ids)
        with self.assertRaises(AccessError):
            hostile.search([("is_complaint", "=", True)])

    def test_categories_of_a_company_stay_in_it(self):
        Category = self.env["sqms.complaint.category"]
        ours = Category.create({"name": "Ours", "company_id": self.company.id})
        theirs = Category.create({"name": "Theirs", "company_id": self.second.id})
        visible = Category.with_user(self.foreigner).search([("id", "in", (ours | theirs | self.category).ids)])
        self.assertEqual(visible, theirs | self.category)
        with self.assertRaises(UserError):
            self._create_complaint(complaint_category_id=theirs.id)
        with self.assertRaises(UserError):
            self._create_complaint().complaint_category_id = theirs
        with self.assertRaises(UserError):
            Category.create({"name": "Mixed", "company_id": self.company.id, "parent_id": theirs.id})


@tagged("post_install", "-at_install")
class TestComplaintCategory(ComplaintCase):
    def test_officers_keep_them_others_read(self):
        for person in (self.agent, self.employee, self.certifier):
            category = self.category.with_user(person)
            self.assertEqual(category.name, "Billing")
            with self.assertRaises(AccessError):
                category.name = "x"
            with self.assertRaises(AccessError):
                category.create({"name": "x"})
        self.category.with_user(self.officer).name = "Charges"
        with self.assertRaises(AccessError):
            self.category.with_user(self.portal).read(["name"])

    def test_names_are_read_in_ones_own_language(self):
        self.category.with_context(lang="zh_CN").name = "收费"
        self.subcategory.with_context(lang="zh_CN").name = "重复扣款"
        self.env.flush_all()
        self.assertEqual(self.subcategory.with_context(lang="zh_CN").display_name, "收费 / 重复扣款")
        self.assertEqual(self.subcategory.with_context(lang="en_US").display_name, "Billing / Double charge")
        self.assertEqual(
            self.subcategory.complete_name, "Billing / Double charge", "order does not depend on who saves"
        )
        found = self.env["sqms.complaint.category"].with_context(lang="zh_CN").name_search("重复")
        self.assertIn(self.subcategory.id, [key for key, _name in found])

    def test_a_category_is_not_part_of_itself(self):
        with self.assertRaises(UserError):
            self.category.parent_id = self.subcategory

    def test_a_category_with_complaints_is_kept(self):
        self._create_complaint(complaint_category_id=self.subcategory.id)
        self.assertEqual(self.subcategory.complaint_count, 1)
        with (
            self.assertRaises(psycopg2.errors.ForeignKeyViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.subcategory.with_user(self.officer).unlink()
            self.env.flush_all()
