import base64

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import AuditCase

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestLock(AuditCase):
    def _attempts(self, audit):
        """Each way to change a settled audit or what belongs to it."""
        line, member, finding = audit.line_ids[0], audit.member_ids[0], audit.finding_ids[:1]
        yield lambda: audit.write({"name": "Another"})
        yield lambda: audit.write({"conclusion": "Another"})
        yield lambda: audit.write({"line_ids": [Command.update(line.id, {"note": "Another"})]})
        yield lambda: audit.write({"line_ids": [Command.delete(line.id)]})
        yield lambda: audit.write({"member_ids": [Command.clear()]})
        yield lambda: audit.write({"closed_on": "2031-01-01"})
        yield lambda: audit.unlink()
        yield lambda: line.write({"answer": "conform"})
        yield lambda: line.write({"question": "Another?"})
        yield lambda: line.write({"sequence": 99})
        yield lambda: line.unlink()
        yield lambda: line.copy()
        yield lambda: member.write({"role": "observer"})
        yield lambda: member.unlink()
        yield lambda: member.create({"audit_id": audit.id, "employee_id": self.second.id, "role": "observer"})
        yield lambda: line.create({"audit_id": audit.id, "question": "Another?"})
        yield lambda: line.with_context(default_audit_id=audit.id).create({"question": "Another?"})
        yield lambda: self._load(line, ["audit_id/.id", "question"], [str(audit.id), "New?"])
        yield lambda: self._load(line, [".id", "note"], [str(line.id), "Another"])
        yield lambda: audit._load_template(self.template)
        if finding:
            yield lambda: finding.write({"statement": "Another"})
            yield lambda: finding.write({"cause": "Another"})
            yield lambda: finding.write({"review_note": "Another"})
            yield lambda: finding.unlink()
            yield lambda: finding.copy()
        for step in ("start", "report", "close", "resume", "cancel"):
            yield lambda step=step: audit.action_transition(step)

    def _load(self, records, names, row):
        result = records.load(names, [row])
        if not result["ids"]:
            raise UserError(str(result["messages"]))

    def _assert_locked(self, audit, person=None):
        audit = self._as(person, audit) if person else audit.sudo()
        before = audit.line_ids.read(["question", "answer", "note", "sequence"])
        for number, attempt in enumerate(self._attempts(audit)):
            where = {"person": person and person.name, "state": audit.state, "attempt": number}
            with self.subTest(**where), self.assertRaises(UserError):
                attempt()
                audit.env.flush_all()
        self.assertEqual(audit.line_ids.read(["question", "answer", "note", "sequence"]), before)

    def test_closed_audit_is_locked_for_everybody(self):
        audit = self._create_audit("closed")
        for person in (self.lead, self.manager, None):
            self._assert_locked(audit, person)

    def test_cancelled_audit_is_locked_for_everybody(self):
        audit = self._create_audit("cancelled")
        for person in (self.lead, self.manager, None):
            self._assert_locked(audit, person)

    def test_audited_do_not_answer_after_the_end(self):
        audit = self._create_audit("in_progress")
        audit.line_ids[0].write({"answer": "good_practice", "note": "Seen."})
        audit.line_ids[0].action_finding()
        audit.line_ids[1:].answer = "conform"
        audit.action_transition("report")
        audit.conclusion = "All well."
        audit.action_transition("close")
        for person in (self.auditee, self.head):
            with self.assertRaises(UserError):
                self._as(person, audit.finding_ids).write({"correction": "Late."})

    def test_checklist_and_people_rest_during_the_report(self):
        audit = self._create_audit("report")
        line, member = audit.line_ids[0], audit.member_ids[0]
        for attempt in (
            lambda: line.write({"answer": "conform"}),
            lambda: line.unlink(),
            lambda: member.unlink(),
            lambda: audit.finding_ids.write({"statement": "Milder."}),
            lambda: audit.finding_ids.unlink(),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_part_does_not_move_to_another_audit(self):
        closed, running = self._create_audit("closed"), self._create_audit("in_progress")
        with self.assertRaises(UserError):
            running.line_ids[0].write({"audit_id": closed.id})
        with self.assertRaises(UserError):
            closed.line_ids[0].write({"audit_id": running.id})
        with self.assertRaises(UserError):
            running.write({"line_ids": [Command.link(closed.line_ids[0].id)]})
        with self.assertRaises(UserError):
            running.write({"member_ids": [Command.link(closed.member_ids[0].id)]})

    def test_foreign_keys_restrict(self):
        for name in ("sqms.audit", "sqms.audit.line", "sqms.audit.member", "sqms.audit.finding"):
            for field in self.env[name]._fields.values():
                if field.type == "many2one" and field.store and field.name not in ("create_uid", "write_uid"):
                    if field.name == "message_main_attachment_id":
                        continue
                    with self.subTest(field=str(field)):
                        self.assertEqual(field.ondelete, "restrict")

    def test_photos_of_a_settled_audit_stay(self):
        audit = self._create_audit("in_progress")
        line = audit.line_ids[0]
        photo = self._as(self.lead, self.env["ir.attachment"]).create({"name": "notice.png", "raw": PIXEL})
        line.photo_ids = [Command.link(photo.id)]
        self.assertEqual((photo.res_model, photo.res_id), ("sqms.audit.line", line.id))
        photo.name = "counter.png"
        self._answer_all(audit)
        audit.action_transition("report")
        for attempt in (
            lambda own: own.write({"raw": b"x"}),
            lambda own: own.write({"res_id": 0}),
            lambda own: own.unlink(),
        ):
            for person in (self.lead, self.manager):
                with self.subTest(person=person.name), self.assertRaises(AccessError):
                    attempt(self._as(person, photo))
        self.assertEqual(line.photo_ids, photo)
        with self.assertRaises(AccessError):
            self._as(self.lead, self.env["ir.attachment"]).create(
                {"name": "late.png", "raw": PIXEL, "res_model": "sqms.audit.line", "res_id": line.id}
            )

    def test_photos_of_others_are_copied(self):
        audit = self._create_audit("in_progress")
        first, second = audit.line_ids[:2]
        photo = self._as(self.lead, self.env["ir.attachment"]).create({"name": "notice.png", "raw": PIXEL})
        first.photo_ids = [Command.link(photo.id)]
        second.photo_ids = [Command.link(photo.id)]
        self.assertEqual(first.photo_ids, photo)
        self.assertNotEqual(second.photo_ids, photo)
        self.assertEqual((second.photo_ids.res_id, second.photo_ids.raw), (second.id, PIXEL))

    def test_answers_are_stamped_by_the_system(self):
        audit = self._create_audit("in_progress")
        line = audit.line_ids[0]
        line.answer = "conform"
        self.assertEqual(line.answered_by_id, self.lead.user_id)
        self.assertTrue(line.answered_on)
        for values in ({"answered_by_id": self.second.user_id.id}, {"answered_on": "2020-01-01"}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                line.write(values)
        line.answer = False
        self.assertFalse(line.answered_by_id or line.answered_on)
        lines = self._as(self.lead, self.env["sqms.audit.line"]).with_context(
            default_answer="conform", default_answered_by_id=self.second.user_id.id, default_answered_on="2020-01-01"
        )
        new = lines.create({"audit_id": audit.id, "question": "New?"})
        self.assertEqual(new.answered_by_id, self.lead.user_id)
        self.assertGreater(new.answered_on.year, 2020)
        blank = lines.create({"audit_id": audit.id, "question": "Blank?", "answer": False})
        self.assertFalse(blank.answered_by_id or blank.answered_on)

    def test_nothing_is_answered_before_the_start(self):
        audit = self._create_audit()
        for attempt in (
            lambda: audit.line_ids[0].write({"answer": "conform"}),
            lambda: audit.write({"line_ids": [Command.create({"question": "New?", "answer": "conform"})]}),
            lambda: audit.line_ids.with_context(default_answer="conform").create(
                {"audit_id": audit.id, "question": "New?"}
            ),
            lambda: self._create_audit(line_ids=[Command.create({"question": "New?", "answer": "conform"})]),
        ):
            with self.assertRaises(UserError):
                attempt()
