import re
from datetime import date

import polib
import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import file_path, mute_logger

from .common import DocumentCase

ISO = {  # standard -> its clauses, by chapter
    "iso9001": {"4": 4, "5": 7, "6": 3, "7": 14, "8": 26, "9": 9, "10": 3},
    "iso10001": {"4": 0, "5": 3, "6": 8, "7": 0, "8": 5},
    "iso10002": {"4": 15, "5": 4, "6": 4, "7": 9, "8": 7},
    "iso10003": {"4": 0, "5": 4, "6": 4, "7": 7, "8": 4},
    "iso10004": {"4": 0, "5": 0, "6": 4, "7": 6, "8": 0},
    "iso10015": {"4": 3, "5": 3, "6": 0, "7": 0},
    "iso10018": {"4": 0, "5": 0, "6": 0, "7": 0, "8": 0, "9": 0},
    "iso19011": {"4": 0, "5": 7, "6": 7, "7": 6, "A": 1},
}
# The register as it was given: sure rows ship verified, doubtful and mixed ones do not.
SURE = [
    "CPL-17", "CPL-19", "CPL-23", "CPL-24", "CPL-25", "CPL-29", "CPL-39", "CPL-46", "CPL-48/56", "CPL-55",
    "SAMR20", "PQL-3", "PQL-22", "PQL-26/33", "PQL-40", "PQL-41–45", "CC", "EC-17/39", "EC-31", "EC-59/60",
    "FSL-148", "TEL-AP10", "TEL-AP11", "TEL-PI12", "MIN-62", "MIN-OP", "CR-37", "FOOD-45", "FOOD-135",
    "TAXI-14", "SPEC", "TEA-14", "CTL-33", "COM-178", "LAB-8/9", "EMP-30", "CREDIT", "PIPL-6/19", "PIPL-13",
    "PIPL-17/18", "PIPL-24", "PIPL-28–31", "PIPL-44–50", "PIPL-51/54", "PIPL-55/56", "PIPL-57", "AUCL-9",
    "DB22/T 2294—2015", "DB4401/T 63—2020", "SB/T 10959—2013", "SB/T 10400—2006", "RB/T 130—2022",
    "GB/T 27922—2011",
]  # fmt: skip
DOUBTFUL = [
    "CPLR", "CPLR-60", "SAMR20-R", "SAMR121", "PUB", "PEN15", "GUAR", "NR7", "TEL-FIX", "TEL-15", "TEL-AP14",
    "TEL-AP-R", "TEL-MOB", "PROMO", "PREPAID", "MIN-98/126", "PUBH-7", "SEC-16/17", "BUS-23", "SEAL", "QRY",
    "AUCL-TS", "SB/T 10636—2025", "GB/T 19001/19010/19012/19013/19014/19025/19011",
]  # fmt: skip
PERIODS = {
    "CPL-24": ("at_least", 7, "days"), "CPL-25": ("at_least", 7, "days"), "CPL-25-REFUND": ("at_most", 7, "days"),
    "CPL-46": ("at_most", 7, "work_days"), "CPLR-60": ("at_most", 60, "days"),
    "SAMR20-14": ("at_most", 7, "work_days"), "SAMR20-21": ("at_most", 45, "work_days"),
    "PEN15": ("at_most", 15, "days"), "EC-31": ("at_least", 3, "years"), "TEL-15": ("at_most", 15, "days"),
    "TEL-FIX-URBAN": ("at_most", 48, "hours"), "TEL-FIX-RURAL": ("at_most", 72, "hours"),
    "TEL-AP14": ("at_most", 5, "work_days"), "TEL-PI12": ("at_most", 15, "days"), "MIN-62": ("at_most", 1, "years"),
}  # fmt: skip


@tagged("post_install", "-at_install", "sqms_alone")
class TestStandard(DocumentCase):
    """Standards and clauses: what ships, the tree, what is verified and what is not, who may do what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Standard, cls.Clause = cls.env["sqms.standard"], cls.env["sqms.clause"]
        cls.standard = cls.Standard.create({"code": "T 1", "name": "Test rules", "kind": "law"})
        cls.clause = cls.Clause.create(
            {"standard_id": cls.standard.id, "number": "1", "name": "Answer", "duty": "Answer in time."}
        )

    def _verify(self, rows):
        rows.with_user(self.manager).action_verify()
        return rows

    # -- what ships ------------------------------------------------------------

    def test_clauses_of_the_iso_standards_are_complete(self):
        for key, chapters in ISO.items():
            standard = self.env.ref(f"sqms_base.sqms_standard_{key}")
            clauses = self.Clause.search([("standard_id", "=", standard.id)])
            found = dict.fromkeys(chapters, 0)
            for clause in clauses:
                above, dot, _last = clause.number.rpartition(".")
                self.assertEqual(clause.parent_id.number or "", above, f"{clause.display_name} hangs elsewhere")
                self.assertEqual(clause.depth, clause.number.count("."))
                if dot:
                    found[clause.number.partition(".")[0]] += 1
                xml_id = f"sqms_base.sqms_clause_{key}_{clause.number.replace('.', '_').lower()}"
                self.assertEqual(self.env.ref(xml_id), clause)
                self.assertTrue(clause.duty)
                self.assertEqual(clause.verification_state, "to_verify", "nobody has compared the summaries yet")
            self.assertEqual({number for number in clauses.mapped("number") if "." not in number}, set(chapters))
            self.assertEqual(found, chapters, key)

    def test_clauses_sort_as_people_count(self):
        for key in ISO:
            standard = self.env.ref(f"sqms_base.sqms_standard_{key}")
            numbers = self.Clause.search([("standard_id", "=", standard.id)]).mapped("number")
            counted = [[(1, 0) if part == "A" else (0, int(part)) for part in number.split(".")] for number in numbers]
            self.assertEqual(counted, sorted(counted))

    def test_register_of_law_is_complete_and_says_what_is_doubtful(self):
        for numbers, state in ((SURE, "verified"), (DOUBTFUL, "to_verify")):
            for number in numbers:
                xml_id = f"sqms_base.sqms_clause_{re.sub('[^a-z0-9]+', '_', number.lower()).strip('_')}"
                clause = self.env.ref(xml_id)
                self.assertEqual((clause.number, clause.verification_state), (number, state))
                self.assertTrue(clause.duty and clause.bound)
                self.assertIn(clause.kind, ("law", "sector"))
        verified = self.Clause.search([("kind", "!=", "iso"), ("verification_state", "=", "verified")])
        self.assertFalse(verified.filtered(lambda clause: clause.standard_id.verification_state != "verified"))
        self.assertFalse(verified.filtered(lambda clause: clause.confidence != "sure"))
        for number, period in PERIODS.items():
            clause = self.Clause.search([("number", "=", number)])
            self.assertEqual((clause.deadline_kind, clause.deadline_number, clause.deadline_unit), period, number)
            self.assertTrue(clause.deadline_start, number)

    def test_one_law_follows_another(self):
        before, after = (self.env.ref(f"sqms_base.sqms_standard_samr{number}") for number in (20, 121))
        self.assertEqual(before.superseded_by_id, after)
        for day, expected in (
            (date(2019, 12, 31), ("upcoming", "upcoming")),
            (date(2020, 1, 1), ("in_force", "upcoming")),
            (date(2026, 4, 14), ("in_force", "upcoming")),
            (date(2026, 4, 15), ("superseded", "in_force")),
        ):
            self.assertEqual((before._status_on(day), after._status_on(day)), expected, day)
        # The search says what the field says, for each of them.
        for status in ("upcoming", "in_force", "superseded", "ended"):
            found = self.Standard.search([("status", "=", status)])
            self.assertEqual(found, self.Standard.search([]).filtered(lambda row: row.status == status))  # noqa: B023
        self.assertEqual(self.Standard.search([("status", "!=", "in_force")]) & (before | after), before)

    def test_every_text_of_the_data_has_chinese_of_its_own(self):
        po = polib.pofile(file_path("sqms_base/i18n/zh_CN.po"))
        chinese = {entry.msgid: entry.msgstr for entry in po}
        data = self.env["ir.model.data"].search(
            [("module", "=", "sqms_base"), ("model", "in", ("sqms.standard", "sqms.clause"))]
        )
        for model in ("sqms.standard", "sqms.clause"):
            rows = self.env[model].browse(data.filtered(lambda row: row.model == model).mapped("res_id"))  # noqa: B023
            self.assertGreater(len(rows), 30)
            translated = [name for name, field in rows._fields.items() if field.translate and field.store]
            for row in rows.with_context(lang="en_US"):
                for name in translated:
                    if row[name]:
                        text = chinese.get(row[name])
                        self.assertTrue(text and text != row[name], f"{row.display_name} {name}: {row[name]}")
                        self.assertRegex(text, "[\u4e00-\u9fff]")

    def test_sector_packs_concern_the_companies_of_the_sector(self):
        telecom = self.env.ref("sqms_base.sqms_standard_tel_15")
        retail = self.env.ref("sqms_base.sqms_standard_db22_t_2294_2015")
        for_all = self.env.ref("sqms_base.sqms_standard_cpl")
        both, Standard = telecom | retail | for_all, self.Standard.with_company(self.company)
        relevant = Standard.search([("is_relevant", "=", True), ("id", "in", both.ids)])
        self.assertEqual(relevant, for_all)
        self.company.sqms_sector_telecom = True
        self.assertEqual(self.company._sqms_sectors(), ["telecom"])
        self.env.invalidate_all()
        self.assertEqual(Standard.search([("is_relevant", "=", True), ("id", "in", both.ids)]), for_all | telecom)
        self.assertEqual(Standard.search([("is_relevant", "=", False), ("id", "in", both.ids)]), retail)
        self.assertEqual(both.with_company(self.company).filtered("is_relevant"), for_all | telecom)

    # -- the tree ------------------------------------------------------------

    def test_tree_has_no_cycles_and_stays_within_its_standard(self):
        part = self.Clause.create({"standard_id": self.standard.id, "number": "1.1", "name": "By letter"})
        self.assertEqual(part.parent_id, self.clause, "1.1 is part of 1")
        deeper = self.Clause.create({"standard_id": self.standard.id, "number": "1.1.1", "name": "Registered"})
        self.assertEqual((part.depth, deeper.depth), (1, 2))
        for wrong in (self.clause, part, deeper):
            with self.assertRaises(UserError), self.cr.savepoint():
                self.clause.parent_id = wrong
        other = self.Standard.create({"code": "T 2", "name": "Other", "kind": "law"})
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.Clause.create({"standard_id": other.id, "number": "1", "name": "x", "parent_id": self.clause.id})
        with self.assertRaises(ValidationError), self.cr.savepoint():
            part.standard_id = other
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.clause.standard_id = other  # its parts would stay behind
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.Clause.create({"standard_id": self.standard.id, "number": "1", "name": "Twice"})
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.clause.deadline_number = 5  # of what?
        with self.assertRaises(ValidationError), self.cr.savepoint():
            other.superseded_by_id = self.standard
            self.standard.superseded_by_id = other

    # -- what is vouched for ------------------------------------------------------

    def test_only_a_manager_verifies_and_the_system_notes_who_and_when(self):
        for rows in (self.standard, self.clause):
            for user in (self.officer, self.top, self.certifier, self.plain):
                with self.assertRaises(UserError), self.cr.savepoint():
                    rows.with_user(user).action_transition("verify")
                with self.assertRaises(UserError), self.cr.savepoint():
                    rows.with_user(user).write({"verification_state": "verified"})
            with self.assertRaises(UserError), self.cr.savepoint():
                rows.with_user(self.manager).verification_state = "verified"
            for name, value in (("verified_by_id", self.manager.id), ("verified_at", "2026-01-01 00:00:00")):
                with self.assertRaises(UserError), self.cr.savepoint():
                    rows.with_user(self.manager).write({name: value})
            self._verify(rows)
            self.assertEqual((rows.verification_state, rows.verified_by_id), ("verified", self.manager))
            self.assertTrue(rows.verified_at)
            copy = rows.copy({"number": "9"} if rows == self.clause else {"code": "T 9"})
            self.assertEqual((copy.verification_state, copy.verified_by_id.ids), ("to_verify", []))

    def test_nothing_arrives_verified(self):
        values = {"standard_id": self.standard.id, "number": "2", "name": "x"}
        with self.assertRaises(UserError), self.cr.savepoint():
            self.Clause.with_user(self.manager).create({**values, "verification_state": "verified"})
        with self.assertRaises(UserError), self.cr.savepoint():
            self.Clause.with_context(default_verification_state="verified").create(values)
        result = self.Clause.with_user(self.officer).load(
            ["standard_id/.id", "number", "name", "verification_state"],
            [[str(self.standard.id), "3", "x", "verified"]],
        )
        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])

    def test_changing_what_was_vouched_for_unverifies(self):
        rows = {
            self.clause: {
                "duty": "Answer at once.", "name": "Reply", "number": "1a", "deadline_number": 5, "bound": "Everybody",
                "article": "Article 1", "active": False,
            },
            self.standard: {"name": "Other rules", "date_to": "2026-12-31", "edition": "2026", "sector": "retail"},
        }  # fmt: skip
        self.clause.write({"deadline_number": 7, "deadline_unit": "days"})
        for row, changes in rows.items():
            for name, value in changes.items():
                self._verify(row)
                row.with_user(self.officer).write({name: row[name]})
                self.assertEqual(row.verification_state, "verified", f"{name}: nothing has changed")
                row.with_user(self.officer).write({name: value})
                self.assertEqual(row.verification_state, "to_verify", name)
                self.assertFalse(row.verified_by_id or row.verified_at)
        entry = self.clause.sudo().sqms_history().filtered(lambda entry: entry.event == "transition")[:1]
        self.assertEqual(entry.user_id, self.officer.id, "who made the change stands for it")
        # What is not vouched for leaves it alone, a translation does not.
        self.env["res.lang"]._activate_lang("zh_CN")
        self._verify(self.clause)
        self.clause.with_user(self.officer).confidence = "sure"
        self.assertEqual(self.clause.verification_state, "verified")
        self.clause.with_user(self.officer).update_field_translations("name", {"zh_CN": "答复"})
        self.assertEqual(self.clause.verification_state, "to_verify")
        self._verify(self.clause)
        self.clause.with_user(self.manager).action_transition("doubt")
        self.assertEqual(self.clause.verification_state, "to_verify")

    # -- roles and companies ------------------------------------------------------

    def test_roles_and_companies(self):
        own = self.Standard.create({"code": "OWN", "name": "Own rules", "company_id": self.company.id})
        clause = self.Clause.create({"standard_id": own.id, "number": "1", "name": "Be kind"})
        stranger = self._create_user("stranger", "sqms_base.group_sqms_manager", self.other_company)
        values = {"standard_id": self.standard.id, "number": "8", "name": "x"}
        for user in (self.plain, self.top, self.certifier, self.hr):
            self.assertTrue((self.clause | clause).with_user(user).mapped("name"))
            for act in (
                lambda user=user: self.Clause.with_user(user).create(values),
                lambda user=user: clause.with_user(user).write({"name": "x"}),
                lambda user=user: clause.with_user(user).write({"owner_id": user.id}),
                lambda user=user: clause.with_user(user).unlink(),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    act()
        for user in (self.portal, self.public):
            with self.assertRaises(AccessError):
                self.clause.with_user(user).read(["name"])
        with self.assertRaises(AccessError):
            clause.with_user(stranger).read(["name"])
        self.assertNotIn(own, self.Standard.with_user(stranger).search([]))
        self.Clause.with_user(self.officer).create(values)
        own_action = self.Standard.with_user(stranger).action_open_own_rules()
        made = self.Standard.browse(own_action["res_id"])
        self.assertEqual((made.company_id, made.kind), (self.other_company, "enterprise"))
        self.assertEqual(self.Standard.with_user(stranger).action_open_own_rules()["res_id"], made.id)
        self.assertEqual(self.Standard.with_user(self.plain).action_open_own_rules()["res_id"], own.id)
