from odoo.fields import Command
from odoo.tests import tagged

from .common import AuditCase

# The ORM inserts a hundred rows with one statement.
INSERTS_OF_100, INSERTS_OF_500 = 1, 5


@tagged("post_install", "-at_install")
class TestPerformance(AuditCase):
    """Query counts; none of them grows with the checklist."""

    def setUp(self):
        super().setUp()
        self._warm()

    def _create_long(self, count, state="in_progress"):
        return self._create_audit(
            state, line_ids=[Command.create({"question": f"Question {number}?"}) for number in range(count)]
        )

    def _count(self, records, function):
        records.env.flush_all()
        records.env.invalidate_all()
        before = self.cr.sql_log_count
        function()
        records.env.flush_all()
        return self.cr.sql_log_count - before

    def _warm(self):
        """Let the caches of the process know rules, groups and defaults; they are no part of the job."""
        audits = self._as(self.lead, self.env["sqms.audit"])
        audit = audits.create(self._prepare_audit())
        audit.web_search_read([("id", "=", audit.id)], {"display_name": {}, "progress": {}, "waiting_for": {}})
        audit.action_transition("start")
        audit.line_ids[0].answer = "conform"
        audits.create(self._prepare_audit())._load_template(self.template)
        self.env.flush_all()

    def test_creating_with_500_lines(self):
        audits = self._as(self.lead, self.env["sqms.audit"])
        counts = []
        for count in (100, 500):
            values = self._prepare_audit(
                line_ids=[Command.create({"question": f"Question {number}?"}) for number in range(count)]
            )
            counts.append(self._count(audits, lambda values=values: audits.create(values)))
        self.assertEqual(counts[1] - counts[0], INSERTS_OF_500 - INSERTS_OF_100)
        self.assertLessEqual(counts[1], 22)

    def test_loading_a_template_of_500_questions(self):
        counts = []
        for count in (100, 500):
            template = self.env["sqms.audit.template"].create(
                {
                    "name": "Long",
                    "line_ids": [Command.create({"question": f"Is point {number} kept?"}) for number in range(count)],
                }
            )
            audit = self._create_audit(line_ids=[])
            counts.append(self._count(audit, lambda audit=audit, own=template: audit._load_template(own)))
        self.assertEqual(counts[1] - counts[0], INSERTS_OF_500 - INSERTS_OF_100)

    def test_answering_one_question(self):
        counts = []
        for count in (5, 500):
            line = self._create_long(count).line_ids[2]
            line.answer = "conform"
            counts.append(self._count(line, lambda line=line: line.write({"answer": "minor", "note": "Seen."})))
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 12)

    def test_opening_the_form(self):
        audits = self._as(self.lead, self.env["sqms.audit"])
        view = audits.get_view(view_type="form")
        specification = {name: {} for name in view["models"]["sqms.audit"]}
        specification["line_ids"] = {"fields": {name: {} for name in view["models"]["sqms.audit.line"]}, "limit": 40}
        counts = []
        for count in (50, 500):
            audit = self._create_long(count)
            audit.web_read(specification)
            counts.append(self._count(audit, lambda audit=audit: audit.web_read(specification)))
        self.assertEqual(counts[0], counts[1])
        # Six of them are for the button “Trace”: what hangs on the audit, and one for each kind of record that names
        # records of any kind (broken promises, nonconformities and their further sources, actions, risks).
        self.assertLessEqual(counts[1], 20)

    def test_listing_many_audits(self):
        specification = {"display_name": {}, "progress": {}, "waiting_for": {}, "nonconformity_count": {}, "state": {}}
        counts = []
        for count in (2, 20):
            audits = self.env["sqms.audit"].create([self._prepare_audit() for _number in range(count)])
            audits = self._as(self.lead, audits)
            counts.append(
                self._count(
                    audits, lambda audits=audits: audits.web_search_read([("id", "in", audits.ids)], specification)
                )
            )
        self.assertEqual(counts[0], counts[1])

    def test_taking_many_audits_a_step_further(self):
        counts = []
        for count in (2, 20):
            audits = self._as(self.lead, self.env["sqms.audit"].create([self._prepare_audit() for _n in range(count)]))
            counts.append(self._count(audits, lambda audits=audits: audits.action_transition("start")))
        self.assertEqual(counts[0], counts[1])
